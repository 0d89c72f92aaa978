"""What an action asks beside its event's guards: said of a step before it is tried, so that 'can' is never untrue."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.grading import Judgement
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.independence import conflicts
from audit_engine.engine.machine import possible
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason
from audit_engine.queries.at_hand import AtHand, workflow_of
from audit_engine.queries.deciding import moderation_facts, unescalated
from audit_engine.queries.kept_out import AUDITOR, MODERATOR, kept_out
from audit_engine.queries.standing import barred
from audit_engine.queries.steps import waits_for
from audit_engine.work_views import MachineView, StepView

NOT_LOCKED = "The blind grades are not locked yet. Lock them first; then the auditor's grades are shown."
_OF_AUDIT = {"submit": AUDITOR, "take": MODERATOR, "finalise": MODERATOR, "return": MODERATOR}
"""Events of an audit -> the place in which they are done, where their action asks who stands there."""
_Reasons = Callable[[StepView], tuple[str, ...]]


def of_audit(
    session: Session, hand: AtHand, actor: Actor, made: MachineView, hidden: str | None, day: date
) -> MachineView:
    """The audit's steps, with what submitting and moderating ask.

    Args:
        hidden: Why how far its moderation is withheld from the actor, when it is.
    """
    mine = hand.moderator == actor.person

    def more(step: StepView) -> tuple[str, ...]:
        if step.event not in ("finalise", "return") or hand.moderation is None or hand.moderator is None:
            return ()
        if (not_now := not_compared(session, hand)) is not None:
            return (not_now,)
        if step.event == "return":
            return ()
        if hidden is not None and not mine:
            return (untold(hidden),)
        return (*_undecided(session, hand, actor, day), *_not_independent(session, hand, day))

    made = _with(made, more, _OF_AUDIT, lambda place: kept_out(session, hand, actor, place, day))
    if hidden is None:
        return made
    # Of what the reader is told, and of nothing else: so it tells nothing more.
    told = (replace(one, withheld=True) if one.reasons == (untold(hidden),) else one for one in made.steps)
    return replace(made, steps=tuple(told))


def untold(because: str) -> str:
    """In place of the reasons that the reader may not see: `because` says why not."""
    return f"What is still missing is {because}."


def not_compared(session: Session, hand: AtHand) -> str | None:
    """Why nothing is decided now of what auditor and moderator gave; None when it can be."""
    assert hand.moderation is not None  # noqa: S101 - its caller asked
    stage = hand.moderation["stage"]
    if stage == "compared":
        return None
    if not hand.past_the_lock:
        return NOT_LOCKED
    workflow = workflow_of(session, hand.moderation["workflow_digest"])
    who = waits_for(workflow, stage, hand.people, hand.names)
    return f"Its moderation is '{workflow.stage(stage).title}', and goes on from there first. Ask {who or 'for help'}."


def of_moderation(session: Session, hand: AtHand, actor: Actor, made: MachineView, day: date) -> MachineView:
    """The moderation's steps, with what locking and deciding ask of the blind grades and of people."""

    def more(step: StepView) -> tuple[str, ...]:
        if step.event == "lock":
            return tuple(reason.text for reason in lacking(hand, hand.judged_blind()))
        return _not_independent(session, hand, day) if step.event == "decide" else ()

    places = {step.event: MODERATOR for step in made.steps if step.event != "withdraw"}
    return _with(made, more, places, lambda place: kept_out(session, hand, actor, place, day))


def asking_to_escalate(hand: AtHand, made: MachineView) -> MachineView:
    """The moderation's steps: whoever locks may be asked to raise what the reader knows nobody to have raised."""
    missing = unescalated(hand, hand.judged_blind())
    if not missing:
        return made
    asks = f"an escalation, where nobody has raised one yet: {', '.join(missing)}"
    return replace(
        made, steps=tuple(replace(one, asks=(*one.asks, asks)) if one.event == "lock" else one for one in made.steps)
    )


def lacking(hand: AtHand, judged: Judgement) -> list[Reason]:
    """The notes and the pointers into the record that grades demand and that are missing."""
    titles = {name: criterion.title for name, criterion in hand.rubric.criteria.items()}
    facts = MoveFacts(
        without_note=tuple(titles[name] for name in judged.without_note),
        without_evidence=tuple(titles[name] for name in judged.without_evidence),
    )
    said = [(name, GUARDS[name](facts)) for name in ("notes_where_demanded", "evidence_where_demanded")]
    return [Reason(name, text) for name, text in said if text is not None]


def _with(
    made: MachineView, more: _Reasons, places: Mapping[str, str], against: Callable[[str], list[Reason]]
) -> MachineView:
    known = {place: against(place) for place in {places[one.event] for one in made.steps if one.event in places}}
    return replace(
        made, steps=tuple(_step(one, more(one), known.get(places.get(one.event, ""), [])) for one in made.steps)
    )


def _step(step: StepView, more: tuple[str, ...], against: list[Reason]) -> StepView:
    step = replace(step, reasons=(*step.reasons, *(text for text in more if text not in step.reasons)))
    if not step.mine or not against:
        return step
    return replace(step, mine=False, against_me=tuple(reason.text for reason in against))


def _undecided(session: Session, hand: AtHand, actor: Actor, day: date) -> tuple[str, ...]:
    assert hand.moderation is not None  # noqa: S101 - its caller asked
    workflow: ReadWorkflow = workflow_of(session, hand.moderation["workflow_digest"])
    # The overall grade is asked for on the way, so it does not stand in the way.
    asked = {"decided_overall": hand.audit["overall"]} if hand.audit["overall"] else {}
    facts = moderation_facts(hand, actor.person, asked, today=day)
    ways = possible(workflow, hand.moderation["stage"], facts)
    # Which end it leads to follows from what is decided, so that is no reason either.
    deciding = (reason for one in ways if one.event == "decide" for reason in one.reasons)
    return tuple(reason.text for reason in deciding if reason.rule != "ends")


def _not_independent(session: Session, hand: AtHand, day: date) -> tuple[str, ...]:
    against = barred(session, hand, day)
    return tuple(reason.text for reason in conflicts(hand.people, against.everywhere, hand.names, against.moderating))
