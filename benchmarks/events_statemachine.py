"""python-statemachine in bench_events.py. Importing it fails where the library is not installed."""

from typing import Any

from events_walk import FIRST, asking, finals, stages, ways
from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed


def machine_class() -> Any:
    """The workflow as a class of the library, as if somebody had written its states and events out."""
    final, events = finals(), dict[str, Any]()
    states = {stage: State(stage, value=stage, initial=stage == FIRST, final=stage in final) for stage in stages()}
    for way in ways():
        led = states[way.source].to(states[way.target], cond=[asking(guard) for guard in way.guards])
        events[way.event] = events[way.event] | led if way.event in events else led
    return type(StateMachine)("CaseAudit", (StateMachine,), {**states, **events})


class Statemachine:
    """One machine for a walk; starting again makes another, outside the time."""

    refuses, asks = (TransitionNotAllowed,), True

    def __init__(self) -> None:
        self._class = machine_class()
        self.restart()

    @property
    def stage(self) -> str:
        return str(self._machine.current_state_value)

    def restart(self) -> None:
        self._machine = self._class()

    def fire(self, event: str) -> None:
        self._machine.send(event)
