"""What can happen to an audit now, for whom, where it leads, and every reason for what cannot happen yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from audit_engine.calendars import day_in_words, day_of, now
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, Row, at_hand, workflow_of
from audit_engine.queries.audits import audit_key
from audit_engine.queries.blindness import MODERATED, Withheld, withheld
from audit_engine.queries.deciding import audit_facts, escalation_facts, moderation_facts
from audit_engine.queries.escalations_told import grading_blind, told_of
from audit_engine.queries.feared import may_still_moderate, not_told
from audit_engine.queries.matter_view import machine_of
from audit_engine.queries.matters import matters_of
from audit_engine.queries.notices import notice_words
from audit_engine.queries.step_reasons import asking_to_escalate, of_audit, of_moderation, untold
from audit_engine.queries.steps import steps, waits_for
from audit_engine.queries.track import is_of_link, stands_still, track_of
from audit_engine.records.ledger import moment
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.tables import Audit
from audit_engine.work_views import MachineView, StepView, WhyView

IN_A_QUESTION = 400
"""Characters of an answer that stand in the question whether to end its audit."""


def why(session: Session, actor: Actor, reference: str) -> WhyView:
    """What can happen to an audit, its moderation and its open escalations.

    Whoever may not see the grades is not told reasons that are made of them, nor of every escalation, see
    `escalations_told`.

    Raises:
        Refused: there is none of this reference, or it is not theirs to see; or it was imported and is finished.
    """
    key = audit_key(session, actor, reference)
    if session.connection().execute(select(col(Audit.imported)).where(col(Audit.key) == key)).scalar_one():
        text = "It was imported: it came finished, and nothing can happen to it any more."
        raise Refused("cannot say what can happen", [Reason("imported", text)])
    hidden = withheld(session, actor, key)
    hand = at_hand(session, key, ratings=hidden.grades is None)
    today = day_of(now())
    told = [one["key"] for one in told_of(session, actor, [one for one in hand.escalations if one["open"]], today)]
    known = replace(hand, escalations=[one for one in hand.escalations if not one["open"] or one["key"] in told])
    # Whoever is told of one knows that it stands in the way; whoever is told of none must not find out by that.
    silent = not told and bool(grading_blind(session, actor, {key}, today))
    made = _silently if silent else _plainly
    machines = [made(_audit, session, known, actor, hidden)]
    if hand.moderation is not None and hand.moderation["workflow_digest"] is not None:
        moderation = made(_moderation, session, known, actor, hidden)
        if hand.moderator == actor.person:
            moderation = asking_to_escalate(known, moderation)
        machines += [moderation] if moderation.waits_for is not None else []
    # An escalation is for those who keep a child safe, and never for the one whose work it may be about.
    theirs = hand.audit["practitioner"] != actor.person
    open_ones = [place for place, one in enumerate(hand.escalations) if theirs and one["key"] in told]
    blind = may_still_moderate(session, hand, actor, hidden, today)
    machines += [_escalation(session, hand, actor, place, may_moderate=blind) for place in open_ones]
    track = track_of(
        session, hand, actor, machines, today, no_grades=hidden.grades is not None, no_escalation=silent
    )  # fmt: skip
    machines += [machine_of(session, one, actor, today) for one in matters_of(session, actor, key)]
    return WhyView(
        reference=reference, case=hand.case_reference, practitioner=hand.names.get(hand.audit["practitioner"]),
        auditor=hand.names.get(hand.audit["auditor"]), reader=actor.reference, machines=tuple(machines),
        turn=hand.audit["turn"], track=track,
    )  # fmt: skip


_Making = Callable[[Session, AtHand, Actor, Withheld], MachineView]


def _plainly(made: _Making, session: Session, hand: AtHand, actor: Actor, hidden: Withheld) -> MachineView:
    return made(session, hand, actor, hidden)


def _silently(made: _Making, session: Session, hand: AtHand, actor: Actor, hidden: Withheld) -> MachineView:
    """A machine that is the same whether an escalation is open or not."""
    none = made(session, replace(hand, escalations=()), actor, hidden)
    one = made(session, replace(hand, escalations=({"open": True, "criterion": None},)), actor, hidden)
    pairs = zip(none.steps, one.steps, strict=True)
    return replace(none, steps=tuple(a if a == b else _kept(a, {a.event}, MODERATED) for a, b in pairs))


def _audit(session: Session, hand: AtHand, actor: Actor, hidden: Withheld) -> MachineView:
    audit, today = hand.audit, day_of(now())
    facts = audit_facts(hand, actor.person, today=today)
    made = _machine(session, hand, actor, "audit", hand.workflow, (audit["stage"], hand.key), facts)
    if hidden.grades is not None:
        locking = {name for name, event in hand.workflow.events.items() if event.written.locks is not None}
        made = replace(made, steps=tuple(_kept(one, locking, hidden.grades) for one in made.steps))
        hanging = {name for name, event in hand.workflow.events.items() if _tells(hand.workflow, event)}
        made = replace(made, steps=tuple(_untold(one, hand, hanging, hidden.grades) for one in made.steps))
    made = of_audit(session, hand, actor, made, hidden.moderation, today)
    answered = _answered(hand) if hidden.grades is None else ""
    if answered:
        made = replace(made, says=(answered,), steps=tuple(_with_answer(one, answered) for one in made.steps))
    return replace(made, due=audit["due"], stands_still=stands_still(audit))


def _answered(hand: AtHand) -> str:
    """What the practitioner answered, in their words; empty while they have not."""
    audit = hand.audit
    if not audit["answer"]:
        return ""
    who = hand.names.get(audit["practitioner"], "The practitioner")
    on = f" on {day_in_words(audit['answered_on'])}" if audit["answered_on"] else ""
    words = f": {audit['answer_text']}" if audit["answer_text"] else ", without further words."
    return f"{who} {audit['answer']} what was found{on}{words}"


def _with_answer(step: StepView, answered: str) -> StepView:
    """Whoever ends an audit that was answered has the answer before them when they are asked."""
    if not step.lasting:
        return step
    shown = (
        answered
        if len(answered) <= IN_A_QUESTION
        else f"{answered[:IN_A_QUESTION].rstrip()} .. (the rest stands above the steps)"
    )
    return replace(step, lasting=f"{shown}\n{step.lasting}")


def _kept(step: StepView, telling: set[str], because: str) -> StepView:
    """A step without the reasons that are made of what the reader may not see."""
    if step.event not in telling:
        return step
    return replace(step, reasons=(untold(because),), withheld=True)


def _tells(workflow: ReadWorkflow, event: ReadEvent) -> bool:
    """Whether what an event is decided on tells what was recorded, or what hangs on the audit."""
    asked = [name for condition, _ in event.conditions for name in condition.names]
    asked += [name for end in event.ends if end.when is not None for name in end.when.names]
    asked += [str(demand.closed or demand.opened) for demand in event.demands if demand.closed or demand.opened]
    return any(name.startswith("record.") or is_of_link(workflow, name) for name in asked)


def _untold(step: StepView, hand: AtHand, telling: set[str], because: str) -> StepView:
    """As `_kept`, of what is not the reader's to do: whoever is to do something is told why they cannot."""
    if step.mine or step.event not in telling:
        return step
    workflow = hand.workflow
    ends = (workflow.workflow.arrives(end, hand.audit["stage"]) for end in workflow.event(step.event).ends)
    titles = dict.fromkeys(workflow.stage(end).title for end in ends)
    return replace(step, reasons=(f"Whether it can be done is {because}.",), to=" or ".join(titles), withheld=True)


def _moderation(session: Session, hand: AtHand, actor: Actor, hidden: Withheld) -> MachineView:
    assert hand.moderation is not None  # noqa: S101 - its caller asked
    moderation = hand.moderation
    workflow = workflow_of(session, moderation["workflow_digest"])
    mine = moderation["moderator"] == actor.person
    # The overall grade is asked for on the way, so it does not stand in the way.
    asked = {"decided_overall": hand.audit["overall"]} if hand.audit["overall"] else {}
    facts = moderation_facts(hand, actor.person, asked, today=day_of(now()))
    made = _machine(session, hand, actor, "moderation", workflow, (moderation["stage"], moderation["key"]), facts)
    made = of_moderation(session, hand, actor, made, day_of(now()))
    if not mine and hidden.moderation is not None:
        every = set(workflow.events)
        made = replace(made, steps=tuple(_kept(one, every, hidden.moderation) for one in made.steps))
    return replace(made, due=moderation["due"], stands_still=stands_still(moderation))


def _escalation(session: Session, hand: AtHand, actor: Actor, place: int, *, may_moderate: bool) -> MachineView:
    one = hand.escalations[place]
    workflow = workflow_of(session, one["workflow_digest"])
    facts = escalation_facts(hand, one, actor.person, today=day_of(now()))
    made = _machine(session, hand, actor, f"escalation {place + 1}", workflow, (one["stage"], one["key"]), facts)
    made = replace(made, due=one["due"], number=place + 1, stands_still=stands_still(one))
    because = not_told(hand, one, actor, may_moderate=may_moderate)
    return replace(made, says=(because,), withheld=True) if because else replace(made, says=_says(hand, one))


def _says(hand: AtHand, one: Row) -> tuple[str, ...]:
    """What whoever acts on it must know."""
    criterion = hand.rubric.criteria.get(one["criterion"] or "")
    at = f" at {criterion.title}" if criterion else ""
    said = (f"Raised by {hand.names[one['raised_by']]}{at}: {one['concern']}",)
    return (*said, f"Done by {hand.names[one['acted_by']]}: {one['action_taken']}") if one["acted_by"] else said


def _machine(
    session: Session, hand: AtHand, actor: Actor, what: str, workflow: ReadWorkflow, at: tuple[str, UUID],
    facts: MoveFacts,
) -> MachineView:  # fmt: skip
    stage, chain = at
    return MachineView(
        what=what,
        stage=workflow.stage(stage).title,
        waits_for=waits_for(workflow, stage, hand.people, hand.names),
        since=_since(session, chain),
        due=None,
        steps=steps(workflow, stage, facts, actor, hand.names),
        notices=notice_words(session, chain, workflow, hand.people, hand.names),
    )


def _since(session: Session, chain: UUID) -> datetime | None:
    """When it came to the stage it is at: with its newest move, or when it began."""
    came = ("drawn", "opened", "assigned", "moved", "raised")
    newest = select(func.max(col(Entry.ts_utc))).where(col(Entry.chain) == chain, col(Entry.kind).in_(came))
    found = session.connection().execute(newest).scalar_one_or_none()
    return None if found is None else moment(int(found))
