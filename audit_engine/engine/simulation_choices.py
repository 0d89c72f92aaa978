"""What can be done in a simulation now, and by whom; or why nobody can."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from uuid import UUID

from audit_engine.definitions.workflow import ReadEvent
from audit_engine.definitions.workflow_names import THE_CLOCK
from audit_engine.definitions.workflow_parts import DAY
from audit_engine.engine.machine import possible
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do
from audit_engine.engine.simulated_people import ANOTHER, cast
from audit_engine.engine.simulating import Said, Simulation, facts_of, somebody

MOST_TRIED = 200
"""Ways to say what an event asks for that are tried, to find out whether it is possible."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An event that leaves the stage, for whoever asks what can be done."""

    event: str
    title: str
    who: tuple[str, ...]
    """Those of the cast who may do it, as `as` knows them; empty when nobody can."""
    to: str | None
    """Where it leads; None when that depends on what is not known."""
    reasons: tuple[str, ...]
    """Why not now; empty when it is possible."""


def choices(simulation: Simulation) -> list[Choice]:
    """Every event that leaves the stage, with who can do it, or why nobody can."""
    return [_choice(simulation, event) for event in simulation.read.events_from(simulation.stage)]


def _choice(simulation: Simulation, event: ReadEvent) -> Choice:
    read, written = simulation.read, event.written
    names = list(dict.fromkeys(name for name in (*written.by, *cast(read)) if name != THE_CLOCK))
    able = [name for name in names if not _may_not(simulation, written.id, name)]
    able = [name for n, name in enumerate(able) if somebody(simulation, name) not in _these(simulation, able[:n])]
    able = [name for name in able if not name.startswith(ANOTHER) or name.removeprefix(ANOTHER) not in able]
    actor = somebody(simulation, able[0]).person if able else None
    found = min(_tried(simulation, event, actor), key=lambda one: len(one[1]))
    to, reasons = found
    if not able:
        first = next((name for name in names), None)
        reasons = [*(_may_not(simulation, written.id, first) if first is not None else ()), *reasons]
        if written.by == (THE_CLOCK,):
            reasons = ["It happens by itself when it is late; nobody does it by hand.", *found[1]]
    return Choice(written.id, written.title, tuple(able), to, tuple(reasons))


def _these(simulation: Simulation, names: Iterable[str]) -> list[Actor]:
    return [somebody(simulation, name) for name in names]


def _may_not(simulation: Simulation, event: str, name: str) -> list[str]:
    actor = somebody(simulation, name)
    reasons = may_do(simulation.read, event, actor, simulation.people, stage=simulation.stage)
    return [reason.text for reason in reasons]


def _tried(simulation: Simulation, event: ReadEvent, actor: UUID | None) -> Iterator[tuple[str | None, list[str]]]:
    """Where it leads and why not, for each way to say what it asks for."""
    records = simulation.read.workflow.records
    words = [_could_say(records[name].one_of, records[name].kinds[0], simulation.today) for name in event.written.asks]
    for combination in islice(product(*words), MOST_TRIED):
        said = Said(recorded=dict(zip(event.written.asks, combination, strict=True)))
        facts = facts_of(simulation, event, actor, said)
        for one in possible(simulation.read, simulation.stage, facts):
            if one.event == event.written.id:
                yield one.to, [reason.text for reason in one.reasons]


def _could_say(words: tuple[str, ...] | None, kind: str, today: date) -> tuple[str, ...]:
    return words or ((today.isoformat(),) if kind == DAY else ("said",))
