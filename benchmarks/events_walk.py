"""The walk of events that bench_events.py measures, and the shipped workflow in plain pieces, to build peers from.

A peer is given every event of case_audit with all its stages, and asks one function for each guard and condition the
file and the program name there. That function only looks an answer up: what a guard costs is ours alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import UUID

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts_checks import words_of_records
from audit_engine.engine.move_facts import Linked, MoveFacts, kept_values

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
    choice: str | None = None
    """The name among them that chooses between ends; None of the last end."""


@cache
def workflow() -> ReadWorkflow:
    """The shipped workflow of an audit."""
    return load().workflows["case_audit"]


@cache
def ways() -> tuple[Way, ...]:
    """Everything the shipped workflow allows, in its order."""
    read, found = workflow(), list[Way]()
    for name, event in read.events.items():
        asked = [*event.guards, *(f"{name}_when_{number}" for number in range(len(event.conditions)))]
        asked += [f"{name}_{demand.forms[0]}_{number}" for number, demand in enumerate(event.demands)]
        for source in event.leaves:
            for number, end in enumerate(event.ends):
                choice = None if end.when is None else f"{name}_end_{number}"
                if end.when is not None and SELECTED in end.when.names:
                    choice = SELECTED
                guards = tuple(dict.fromkeys((*([choice] if choice else ()), *asked, *end.guards)))
                found.append(Way(name, source, read.workflow.arrives(end, source), guards, choice))
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
_RECORDED: dict[str, str] = {}
_LINKS = {name: Linked() for name in workflow().workflow.links}
FACTS = MoveFacts(
    values={SELECTED: True, "feedback": "given", "overall": "good", "answer": "accepted"}
    | kept_values(_RECORDED, _LINKS, words_of_records(workflow().workflow), _LINKS),
    overall="good", permitted=("requires_improvement", "good"), people=_PEOPLE, actor=_PEOPLE["auditor"],
    links=_LINKS, recorded=_RECORDED, entered=dict.fromkeys(stages(), "2024-01-08"), today=date(2024, 1, 9),
)  # fmt: skip
"""Facts under which every guard of ours holds."""
CONCERNED = replace(FACTS, open_escalations=1)
"""The same, with an escalation open."""
