"""The walk of events that bench_events.py measures, and the shipped workflow in plain pieces, to build peers from.

A peer is given every event of case_audit with all its stages, and asks one function for each guard and condition the
file and the program name there. That function only looks an answer up: what a guard costs is ours alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.move_facts import MoveFacts

WALK = ("allocate", "begin", "submit", "take", "finalise", "share", "answer", "close")
FIRST, BEFORE_LAST, LAST = "drawn", "answered", "closed"
SELECTED = "selected_for_moderation"
ESCALATION = "no_open_escalation"
"""The guard that is answered no once, to see that it is asked."""


class Impossible(Exception):  # noqa: N818 - an answer, not a fault
    """What contestants raise whose library only says nothing when it refuses."""


class Answers:
    """What the peers' guards are answered: yes, but for those named here."""

    def __init__(self) -> None:
        self.no: set[str] = set()

    def holds(self, guard: str) -> bool:
        return guard not in self.no


ANSWERS = Answers()


@dataclass(frozen=True)
class Way:
    """One event from one stage to one other."""

    event: str
    source: str
    target: str
    guards: tuple[str, ...]
    """Names to ask. Of two ways with one event and one source, the first whose names all hold is taken."""


@cache
def workflow() -> ReadWorkflow:
    """The shipped workflow of an audit."""
    return load().workflows["case_audit"]


@cache
def ways() -> tuple[Way, ...]:
    """Everything the shipped workflow allows, in its order."""
    found = []
    for name, event in workflow().events.items():
        for source in event.leaves:
            for end in event.ends:
                lot = (SELECTED,) if end.when is not None else ()
                guards = tuple(dict.fromkeys((*lot, *event.guards, *end.guards)))
                found.append(Way(name, source, end.to, guards))
    return tuple(found)


def stages() -> tuple[str, ...]:
    """Every stage, the first one first."""
    return workflow().workflow.stage_ids


def finals() -> frozenset[str]:
    """Stages that nothing leaves."""
    return frozenset(stage.id for stage in workflow().workflow.stages if stage.final)


@cache
def asking(guard: str) -> Callable[[], bool]:
    """A function without arguments that answers this guard."""

    def asked() -> bool:
        return ANSWERS.holds(guard)

    asked.__name__ = guard
    return asked


_PEOPLE: dict[str, UUID | None] = {
    name: UUID(int=n) for n, name in enumerate(("practitioner", "manager", "auditor", "moderator"), 1)
}
FACTS = MoveFacts(
    values={SELECTED: True, "feedback": "given"}, overall="good", permitted=("requires_improvement", "good"),
    people=_PEOPLE, actor=_PEOPLE["auditor"],
)  # fmt: skip
"""Facts under which every guard of ours holds."""
CONCERNED = replace(FACTS, open_escalations=1)
"""The same, with an escalation open."""
