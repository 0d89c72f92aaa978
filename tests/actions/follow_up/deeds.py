"""Every writing action on matters once: what is so beforehand, and the deed. For exactly once, and for faults."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.actions.live.at_work import ADA, CARA, LEAD, MAX

from .conftest import Following


@dataclass(frozen=True, slots=True)
class Deed:
    """One action, ready to be done."""

    prepare: Callable[[Following, str], object]
    act: Callable[[Following, str], object]


def _only(live: Following) -> str:
    return str(live.rows("matters")[0]["reference"])


def _answered(live: Following, audit: str) -> None:
    live.shared(audit)
    live.answer(audit, ADA, "accepted")


DEEDS: dict[str, Deed] = {
    "open": Deed(
        lambda live, audit: live.shared(audit), lambda live, audit: live.open(LEAD, "action", hangs_on=audit)
    ),
    "open_alone": Deed(
        lambda _live, _audit: None, lambda live, _audit: live.open("P-7", "learning", subject="North Heron")
    ),
    "open_another_audit": Deed(_answered, lambda live, audit: live.open(LEAD, "re_audit", hangs_on=audit)),
    "open_by_the_answer": Deed(
        lambda live, audit: live.shared(audit), lambda live, audit: live.answer(audit, ADA, "challenged", "No.")
    ),
    "move": Deed(
        lambda live, audit: live.evidenced(audit), lambda live, _audit: live.event(_only(live), MAX, "verify")
    ),
    "name": Deed(
        lambda live, audit: live.acting(audit),
        lambda live, _audit: live.event(_only(live), CARA, "hand_over", reason="Leave.", named={"owner": MAX}),
    ),
    "move_and_open": Deed(
        lambda live, audit: live.challenged(audit),
        lambda live, _audit: live.event(
            _only(live), LEAD, "decide", reason="facts_were_wrong", said={"outcome": "upheld"}
        ),
    ),
}  # fmt: skip
