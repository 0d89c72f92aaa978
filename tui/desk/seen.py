"""What happened when a deed was done and its picture could not be read. Imports nothing heavy."""

from collections.abc import Callable
from typing import TypeVar

from audit_engine.problems import Refused, Unusable

V = TypeVar("V")


class Unseen(Exception):  # noqa: N818 - it is read as a word: it is saved, and unseen
    """It is saved, and what stands now cannot be shown. Carries why."""


def after(look: Callable[[], V]) -> V:
    """What stands after a deed that is committed.

    Raises:
        Unseen: it cannot be read any more, which must not look as if nothing had been saved.
    """
    try:
        return look()
    except Refused as refused:
        raise Unseen(" ".join(reason.text for reason in refused.reasons)) from None
    except Unusable as error:
        raise Unseen(" ".join(problem.message for problem in error.problems)) from None
