"""sismic in bench_events.py. Importing it fails where the library is not installed."""

from events_walk import ANSWERS, FIRST, Impossible, finals, stages, ways
from sismic.interpreter import Interpreter
from sismic.model import BasicState, CompoundState, FinalState, Statechart, Transition

START = "start"


def statechart() -> Statechart:
    """The workflow. It starts at whatever stage the context names: the library has no way to put a stage back."""
    chart, final = Statechart("case_audit"), finals()
    chart.add_state(CompoundState("audit", initial=START), None)
    chart.add_state(BasicState(START), "audit")
    for stage in stages():
        chart.add_state((FinalState if stage in final else BasicState)(stage), "audit")
        chart.add_transition(Transition(START, stage, guard=f"stage == '{stage}'"))
    asked: dict[tuple[str, str], list[str]] = {}
    for way in ways():
        mine = " and ".join(f"holds('{guard}')" for guard in way.guards) or "True"
        earlier = asked.setdefault((way.event, way.source), [])
        guard = " and ".join([f"({mine})", *(f"not ({one})" for one in earlier)])
        chart.add_transition(Transition(way.source, way.target, way.event, guard=guard))
        earlier.append(mine)
    return chart


def at(chart: Statechart, stage: str) -> Interpreter:
    """An interpreter that stands at a stage."""
    made = Interpreter(chart, initial_context={"holds": ANSWERS.holds, "stage": stage})
    made.execute()
    return made


def decided(interpreter: Interpreter, event: str) -> str:
    """The stage an event leads to. An event that leads nowhere is swallowed in silence, so it is looked for."""
    step = interpreter.queue(event).execute_once()
    if step is None or not step.transitions:
        raise Impossible(event)
    return str(step.transitions[-1].target)


class Sismic:
    """One interpreter for a walk; starting again makes another, outside the time."""

    refuses, asks = (Impossible,), True

    def __init__(self) -> None:
        self._chart = statechart()
        self.restart()

    def restart(self) -> None:
        self.stage, self._interpreter = FIRST, at(self._chart, FIRST)

    def fire(self, event: str) -> None:
        self.stage = decided(self._interpreter, event)
