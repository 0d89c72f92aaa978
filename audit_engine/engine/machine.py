"""Decides where an event leads. The only module that imports `transitions`, and the only one that moves anything.

One `Machine` per workflow, shared by everything that runs under it: it would bind dozens of methods to each model
it owned (https://github.com/pytransitions/transitions/issues/146), so nothing is ever added to it, and a `_Token`
stands in while one event is decided. It is given our own functions only: `transitions` imports and runs whatever a
text names (`conditions: builtins.eval`), so no text of a file ever reaches it but names of stages and events.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import cast

from transitions import EventData, Machine, MachineError

from audit_engine.definitions.conditions import Condition, Value
from audit_engine.definitions.workflow import ReadEnd, ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import in_words
from audit_engine.engine.demands import against_demands
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.problems import Reason, Refused

MACHINES = 64
"""Workflows kept ready to run: those in force, and those that open audits are pinned to."""


@dataclass(frozen=True, slots=True)
class Possible:
    """An event that leaves a stage, for people who ask what can be done next, or why it cannot."""

    event: str
    title: str
    by: tuple[str, ...]
    """People of the audit and roles; see `engine.relations` for who that is."""
    to: str | None
    """Where it leads, or would lead were the reasons not there; None when that depends on what is not known."""
    reasons: tuple[Reason, ...]
    """Why not now; empty when it is possible."""


@dataclass(slots=True)
class _Token:
    """Stands in for the audit while one event is decided. `stage` belongs to `transitions`."""

    stage: str
    facts: MoveFacts
    values: dict[str, Value]
    settled: bool = False
    """An end was chosen: those after it are not for us, whatever the guards say."""
    to: str | None = None
    reasons: list[Reason] = field(default_factory=list)
    asked: frozenset[str] = frozenset()
    """Names of conditions that wait for what whoever does it is asked and has not said."""


def next_stage(workflow: ReadWorkflow, stage: str, event: str, facts: MoveFacts, *, unsaid: Iterable[str] = ()) -> str:
    """Where `event` takes what is in `stage`.

    Who may do it is not asked here (`engine.relations.may_do`), nor whether its reason was given (`reason_missing`).

    Args:
        unsaid: Records that are asked for and that `facts` leaves out, of which the caller says itself that they are
            missing: what depends on them is then no reason of its own.

    Raises:
        Refused: the event does not leave this stage, or guards and conditions say no. Carries every reason.
    """
    token = _decided(workflow, stage, event, facts, frozenset(f"record.{name}" for name in unsaid))
    if token.reasons:
        raise Refused(f"cannot {_plain(event)} from {_plain(stage)}", token.reasons)
    return token.stage


def possible(workflow: ReadWorkflow, stage: str, facts: MoveFacts) -> list[Possible]:
    """Every event that leaves `stage`, in the workflow's order; those that are refused carry why.

    Records are looked at as each event leaves them: what it sets is set, and what it asks for is not said yet, which
    stands in nobody's way.

    Args:
        stage: One that the workflow does not have, or a final one, gives an empty list.
    """
    found = []
    for event in workflow.events_from(stage):
        asked = frozenset(f"record.{name}" for name in event.written.asks)
        token = _decided(workflow, stage, event.written.id, _not_said_yet(event, facts), asked)
        found.append(Possible(event.written.id, event.written.title, event.written.by, token.to, tuple(token.reasons)))
    return found


def _not_said_yet(event: ReadEvent, facts: MoveFacts) -> MoveFacts:
    """What an event is decided on before anybody was asked anything."""
    asks, sets = event.written.asks, event.written.sets
    if not asks and not sets:
        return facts
    recorded = {name: said for name, said in facts.recorded.items() if name not in asks} | dict(sets)
    values = {name: value for name, value in facts.values.items() if name.removeprefix("record.") not in asks}
    return replace(facts, recorded=recorded, values=values | {f"record.{name}": word for name, word in sets.items()})


def reason_missing(workflow: ReadWorkflow, event: str, given: str | None) -> Reason | None:
    """Why `given` is not the reason an event asks for; None when it is, or when none is asked for.

    Args:
        given: What the person wrote, or the id of the reason they chose.
    """
    asked = workflow.event(event).written
    if asked.reason_from is not None:
        choices = workflow.workflow.reasons[asked.reason_from]
        if given in {reason.id for reason in choices}:
            return None
        labels = "; ".join(f"{reason.id} ({reason.label})" for reason in choices)
        return Reason("reason", f"'{asked.title}' needs one of the listed reasons. Choose one: {labels}.")
    if asked.reason == "required" and not (given or "").strip():
        return Reason("reason", f"'{asked.title}' needs a reason. Say in a sentence why, or what was done.")
    return None


def _decided(
    workflow: ReadWorkflow, stage: str, event: str, facts: MoveFacts, asked: frozenset[str] = frozenset()
) -> _Token:
    token = _Token(stage, facts, {**facts.values, "stage": stage}, asked=asked)
    try:
        moved = _machine(workflow).events[event].trigger(token)
    except (MachineError, KeyError, ValueError):  # it does not leave this stage; there is no such event; no such stage
        token.reasons = [Reason("stage", _not_from_here(workflow, stage, event))]
        return token
    if not moved and not token.reasons:  # cannot be while the last end has no condition; if ever, it is a no
        token.reasons = [Reason("stage", "Nothing says where this leads as it stands. Ask whoever keeps the workflow.")]
    return token


def _not_from_here(workflow: ReadWorkflow, stage: str, event: str) -> str:
    if stage not in workflow.workflow.stage_ids:
        return f"It is at '{stage}', which its workflow does not know. Ask whoever keeps the workflow to move it."
    title = workflow.stage(stage).title
    by_people = (one.written for one in workflow.events_from(stage) if not one.written.by_itself)
    here = ", ".join(f"{one.id} ({one.title})" for one in by_people)
    if event not in workflow.events:
        return f"Nothing called '{event}' can be done here. Possible at '{title}': {here or 'nothing'}."
    return f"'{workflow.event(event).written.title}' is not possible at '{title}'. Possible there: {here or 'nothing'}."


@lru_cache(maxsize=MACHINES)
def _machine(workflow: ReadWorkflow) -> Machine:
    machine = Machine(
        model=None, states=list(workflow.workflow.stage_ids), initial=workflow.first.id, auto_transitions=False,
        send_event=True, model_attribute="stage",
    )  # fmt: skip
    for name, event in workflow.events.items():
        for source in event.leaves:
            for end in event.ends:
                to = workflow.workflow.arrives(end, source)
                machine.add_transition(name, source, to, conditions=[partial(_holds, workflow, event, end)])
    return machine


def _holds(workflow: ReadWorkflow, event: ReadEvent, end: ReadEnd, event_data: EventData) -> bool:
    """Whether the event leads to this end. Every reason against it is kept on the token, not the first."""
    token = cast(_Token, event_data.model)
    if token.settled:
        return False
    outcome = end.when.outcome(token.values) if end.when is not None else None
    if outcome is not None and outcome.held is False:
        return False
    token.settled = True
    if outcome is None or outcome.held:
        token.to = workflow.workflow.arrives(end, token.stage)
    elif not token.asked.intersection(outcome.unknown):
        token.reasons.append(Reason("ends", _unknown_end(outcome.unknown)))
    token.reasons += _against(workflow, event, end if token.to else None, token)
    return not token.reasons


def _against(workflow: ReadWorkflow, event: ReadEvent, end: ReadEnd | None, token: _Token) -> list[Reason]:
    guards = dict.fromkeys((*event.guards, *(end.guards if end else ())))
    said = [(name, GUARDS[name](token.facts)) for name in guards]
    reasons = [Reason(name, text) for name, text in said if text is not None]
    reasons += [Reason("only_if", text) for text in map(_saying(token), event.conditions) if text is not None]
    demands = (one for one in event.demands if f"record.{one.not_before}" not in token.asked)
    return reasons + list(against_demands(workflow, demands, token.stage, token.facts))


def _saying(token: _Token) -> Callable[[tuple[Condition, str]], str | None]:
    def sentence(demand: tuple[Condition, str]) -> str | None:
        condition, otherwise = demand
        outcome = condition.outcome(token.values)
        if outcome.held:
            return None
        if outcome.held is False:
            return otherwise
        if token.asked.intersection(outcome.unknown):
            return None
        return f"{otherwise} It is not known {_and(outcome.unknown)}."

    return sentence


def _unknown_end(unknown: tuple[str, ...]) -> str:
    return f"Where this leads depends on what is not known: {_and(unknown)}. Record it first."


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(map(in_words, names))


def _plain(name: str) -> str:
    return name.replace("_", " ")
