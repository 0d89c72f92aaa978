"""What can be done in a simulation now, and by whom; or why nobody can."""

from collections.abc import Iterable
from dataclasses import dataclass

from audit_engine.definitions.workflow import ReadEvent
from audit_engine.definitions.workflow_names import THE_CLOCK
from audit_engine.engine.machine import possible
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do
from audit_engine.engine.simulated_people import ANOTHER, cast
from audit_engine.engine.simulating import NOTHING_SAID, Simulation, facts_of, somebody


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
    facts = facts_of(simulation, event, actor, NOTHING_SAID)
    found = next(one for one in possible(read, simulation.stage, facts) if one.event == written.id)
    reasons = [reason.text for reason in found.reasons]
    if not able:
        first = next((name for name in names), None)
        reasons = [*(_may_not(simulation, written.id, first) if first is not None else ()), *reasons]
        if written.by == (THE_CLOCK,):
            reasons = ["It happens by itself when it is late; nobody does it by hand.", *reasons]
    return Choice(written.id, written.title, tuple(able), found.to, tuple(reasons))


def _these(simulation: Simulation, names: Iterable[str]) -> list[Actor]:
    return [somebody(simulation, name) for name in names]


def _may_not(simulation: Simulation, event: str, name: str) -> list[str]:
    actor = somebody(simulation, name)
    reasons = may_do(simulation.read, event, actor, simulation.people, stage=simulation.stage)
    return [reason.text for reason in reasons]
