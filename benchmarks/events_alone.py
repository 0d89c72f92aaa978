"""Contestants of bench_events.py that need no library but ours: a dictionary, transitions, and the product's engine.

A contestant has a stage, starts again, and does an event; `refuses` is what it raises when it does not.
"""

from typing import Protocol

from events_walk import ANSWERS, CONCERNED, FACTS, FIRST, Impossible, asking, stages, ways, workflow
from transitions import Machine, MachineError

from audit_engine.engine.machine import next_stage
from audit_engine.problems import Refused


class Contestant(Protocol):
    """One way of deciding events."""

    refuses: tuple[type[Exception], ...]
    asks: bool
    """Whether it asks guards at all."""

    @property
    def stage(self) -> str: ...

    def restart(self) -> None: ...

    def fire(self, event: str) -> None: ...


class Bare:
    """The limit: one look into a dictionary by stage and event, nothing asked."""

    refuses, asks = (KeyError,), False

    def __init__(self) -> None:
        self._table = {(way.source, way.event): way.target for way in reversed(ways())}
        self.restart()

    def restart(self) -> None:
        self.stage = FIRST

    def fire(self, event: str) -> None:
        self.stage = self._table[self.stage, event]


class Row:
    """What stands for a row of a table."""

    __slots__ = ("stage",)

    def __init__(self, stage: str) -> None:
        self.stage = stage


def machine(*, guarded: bool) -> Machine:
    """One machine of transitions for everybody, driven on rows that it does not own."""
    made = Machine(
        model=None, states=list(stages()), initial=FIRST, auto_transitions=False, model_attribute="stage"
    )  # fmt: skip
    for way in ways():
        conditions = [asking(guard) for guard in way.guards] if guarded else []
        made.add_transition(way.event, way.source, way.target, conditions=conditions)
    return made


class Transitions:
    """One shared machine, one row used again. A refused guard is told by False, a wrong stage by an exception."""

    refuses = (MachineError, Impossible)

    def __init__(self, *, guarded: bool) -> None:
        self.asks = guarded
        self._events, self._row = machine(guarded=guarded).events, Row(FIRST)

    @property
    def stage(self) -> str:
        return self._row.stage

    def restart(self) -> None:
        self._row.stage = FIRST

    def fire(self, event: str) -> None:
        if not self._events[event].trigger(self._row):
            raise Impossible(event)


class Ours:
    """The engine as actions call it: every guard and condition on real facts, every reason kept."""

    refuses, asks = (Refused,), True

    def __init__(self) -> None:
        self._workflow = workflow()
        self.restart()

    def restart(self) -> None:
        self.stage = FIRST

    def fire(self, event: str) -> None:
        self.stage = next_stage(self._workflow, self.stage, event, CONCERNED if ANSWERS.no else FACTS)
