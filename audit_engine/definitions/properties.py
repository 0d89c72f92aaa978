"""Properties: what a workflow promises never, always or in the end, whatever people do. Proved by `proofs`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.reading import Definition, Sentence
from audit_engine.definitions.sources import Source
from audit_engine.problems import Problem

KINDS = ("never", "always", "eventually", "once")
"""What a property promises of its condition; `once` goes with `then_never`, and `until` may go with `never`."""
UNTIL = "until"
"""The kind of a property that says `never` and `until`."""


class Property(Definition):
    """One promise: the sentence people read, and exactly one of never, always, eventually or once."""

    says: Sentence
    never: str | None = None
    """In no situation this holds; with `until`, in none before that has held."""
    always: str | None = None
    """In no situation this fails to hold."""
    eventually: str | None = None
    """From every situation one can still be reached in which this holds."""
    once: str | None = None
    """After a situation in which this held ..."""
    then_never: str | None = None
    """... this holds in none."""
    until: str | None = None
    """With `never`: from the first situation on in which this holds, nothing is promised any more."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of never, always, eventually and once are written: one, in a sound file."""
        return tuple(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def second(self) -> str | None:
        """The key of its other condition, where it has one."""
        return next((key for key in ("then_never", UNTIL) if getattr(self, key) is not None), None)


@dataclass(frozen=True)
class ReadProperty:
    """A property with its conditions checked."""

    says: str
    kind: str
    """One of KINDS, or UNTIL."""
    condition: Condition
    then: Condition | None
    """Of `once`: what never holds afterwards. Of UNTIL: what has to have held before."""

    @property
    def names(self) -> frozenset[str]:
        """Every name it speaks of."""
        return frozenset((*self.condition.names, *(self.then.names if self.then else ())))


def property_problems(source: Source, properties: Sequence[Property]) -> Iterator[Problem]:
    """Properties that promise nothing, or several things at once."""
    hint = "Write one of 'never', 'always' and 'eventually', 'never' with 'until', or 'once' with 'then_never'."
    for n, one in enumerate(properties):
        if len(one.kinds) != 1:
            what = "nothing" if not one.kinds else f"several things at once: {', '.join(one.kinds)}"
            yield source.problem(("properties", n), "D070", f"this property promises {what}", hint)
        elif (one.once is None) != (one.then_never is None):
            yield source.problem(("properties", n), "D070", "'once' and 'then_never' belong together", hint)
        elif one.until is not None and one.never is None:
            yield source.problem(("properties", n, UNTIL), "D070", "'until' belongs to 'never'", hint, key=True)
