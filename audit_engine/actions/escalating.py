"""A child may be at risk: raised at any stage, never refused for its turn, closed by somebody else."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlmodel import Session, col

from audit_engine.actions.changing import clean_text, in_this_very_moment
from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.drafting import drop_words_of_escalation
from audit_engine.actions.imports.writing import author_of
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.arriving import arrived, begun, stays
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.permission import Actor, who_may
from audit_engine.engine.relations import may_do
from audit_engine.problems import Reason, Refused, nearest
from audit_engine.queries.at_hand import AtHand, Row, at_hand, workflow_of
from audit_engine.queries.deciding import escalation_facts
from audit_engine.queries.escalations_told import grading_blind, told_of
from audit_engine.queries.in_places import reached_by_place
from audit_engine.queries.visible import visible
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.live_tables import Escalation
from audit_engine.records.pins import pin
from audit_engine.records.tables import Audit
from audit_engine.safe_text import quoted

WORKFLOW = "escalation"


def raise_concern(
    db: Database, actor: Actor, command: Command, reference: str, concern: str, catalogue: Catalogue, *,
    at: datetime, criterion: str | None = None,
) -> None:  # fmt: skip
    """Raise an escalation on an audit, whatever its stage. It has a chain of its own, so nobody's grading waits.

    Args:
        concern: What is feared for the child, in words that name nobody.
        catalogue: As `definitions.catalogue.load_sound` gives it: a concern is raised whatever is wrong in a file.
        criterion: What it was seen at, if at one.

    Raises:
        Refused: no words, no such audit, or not theirs to see.
    """
    what = "escalate"

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        hand = _hand(session, actor, reference, what)
        words = _concern(hand, concern, criterion, what)
        workflow = catalogue.workflows[WORKFLOW]
        digest, key = pin(session, catalogue.pins["workflow", WORKFLOW]), uuid4()
        row: dict[str, Any] = {
            "audit": hand.key, "open": True, "workflow_digest": digest, "criterion": criterion,
            "concern": words, "raised_by": actor.person, "raised_at": at, **begun(workflow, day_of(at)),
            "acknowledged_by": None, "acted_by": None, "action_taken": None, "closed_by": None, "outcome": None,
        }  # fmt: skip
        happening = Happening(key, "escalation", "raised", {"row": row}, digest)
        turns = append(session, db.workspace, author_of(actor), [happening], at)
        session.add(Escalation(key=key, turn=turns[key], **row))
        remember(session, command, key, turns[key])
        session.flush()

    db.transact(act)


def _concern(hand: AtHand, concern: str, criterion: str | None, what: str) -> str:
    """The words of the concern. Raises Refused without any, or at a criterion that there is not."""
    reasons, words = [], clean_text(concern, what)
    if not words:
        text = "An escalation needs its concern. Say in a sentence what is feared for the child."
        reasons.append(Reason("words", text))
    if criterion is not None and criterion not in hand.rubric.criteria:
        hint = nearest(criterion, hand.rubric.criteria)
        text = f"There is no criterion {quoted(criterion)} in this audit's rubric. {hint}".strip()
        reasons.append(Reason("criterion", f"{text} Or raise it without one."))
    if reasons:
        raise Refused(f"cannot {what}", reasons)
    return words


def move_concern(
    db: Database, actor: Actor, command: Command, reference: str, event: str, *, at: datetime, words: str = "",
    number: int | None = None,
) -> None:  # fmt: skip
    """Acknowledge, act on or close an open escalation of an audit.

    Args:
        event: `acknowledge`, `act` or `close`.
        words: What was done, or what came of it.
        number: Which of the audit's it is, from 1, as they were raised; when left out, the oldest at which that can
            be done now.

    Raises:
        Refused: none is open, not at this stage, not theirs, or closed by whoever raised it.
    """
    what = f"{'act on' if event == 'act' else event} this escalation"

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        hand, kept = _hand(session, actor, reference, what), clean_text(words, what)
        day = day_of(at)
        escalation = _meant(session, hand, actor, event, number, day)
        # Whoever acts for a child is not refused for not having been told; but a refusal tells them nothing.
        is_told = _is_told(session, hand, actor, escalation, day)
        if escalation is None:
            text = _NONE_OPEN[number is None] if is_told else _NONE_TOLD
            raise Refused(f"cannot {what}", [Reason("escalation", text)])
        try:
            workflow, to = _leads_to(session, hand, actor, escalation, event, kept, what, day=day)
        except Refused:
            if is_told:
                raise
            raise Refused(f"cannot {what}", [Reason("escalation", _NONE_TOLD)]) from None
        stage = workflow.stage(to)
        columns = arrived(workflow, escalation, event, to, day) | {"open": not stage.final}
        signed = _signed(event, actor, kept, ends=stage.final)
        columns |= signed
        told = {"event": event} if signed or not kept else {"event": event, "reason": kept}
        kind = "recorded" if stays(workflow, event, escalation["stage"], to) else "moved"
        author = author_of(actor)
        write_concern(session, db, author, command, escalation, columns=columns, told=told, kind=kind, at=at)
        place = hand.escalations.index(escalation) + 1
        drop_words_of_escalation(session, hand.key, place, event, None if stage.final else actor)

    db.transact(act)


_NONE_OPEN = {
    True: "No escalation on this audit is open. Where a child may be at risk, raise one: `audit escalate AUDIT`.",
    False: "This escalation is not open any more. `audit why AUDIT` shows those that are.",
}
_NONE_TOLD = (
    "No escalation on this audit is open that waits for this and that you are told of: you may have to grade the "
    "audit blind. Ask the manager of the case, or the quality lead."
)


def _is_told(session: Session, hand: AtHand, actor: Actor, meant: Row | None, day: date) -> bool:
    """Whether a refusal may tell the actor of the escalation that is meant, or that there is none."""
    if meant is not None:
        return bool(told_of(session, actor, [meant], day))
    return not grading_blind(session, actor, {hand.key}, day)


def _leads_to(
    session: Session, hand: AtHand, actor: Actor, escalation: Row, event: str, words: str, what: str, *, day: date
) -> tuple[ReadWorkflow, str]:
    """The escalation's workflow, and the stage the event leads to. Raises Refused with every reason."""
    workflow = workflow_of(session, escalation["workflow_digest"])
    if event not in workflow.events:
        text = f"This is nothing that is done about an escalation. Choose one of: {', '.join(workflow.events)}."
        raise Refused(f"cannot {what}", [Reason("event", text)])
    reasons = may_do(workflow, event, actor, hand.people, hand.names, escalation["stage"])
    missing = reason_missing(workflow, event, words)
    reasons += [missing] if missing else []
    try:
        facts = escalation_facts(hand, escalation, actor.person, today=day)
        to = next_stage(workflow, escalation["stage"], event, facts)
    except Refused as refused:
        raise Refused(f"cannot {what}", [*reasons, *refused.reasons]) from None
    if reasons:
        raise Refused(f"cannot {what}", reasons)
    return workflow, to


def _meant(session: Session, hand: AtHand, actor: Actor, event: str, number: int | None, day: date) -> Row | None:
    """The numbered one; else the oldest at which the event is possible, or at whose stage it would be; or the oldest.
    None when it is not open."""
    still_open = [one for n, one in enumerate(hand.escalations, start=1) if one["open"] and number in (None, n)]

    def against(one: Row) -> int:
        workflow = workflow_of(session, one["workflow_digest"])
        if event not in workflow.events or one["stage"] not in workflow.event(event).leaves:
            return 2
        try:
            next_stage(workflow, one["stage"], event, escalation_facts(hand, one, actor.person, today=day))
        except Refused:
            return 1
        return 0

    return min(still_open, key=against, default=None)


def _signed(event: str, actor: Actor, words: str, *, ends: bool) -> dict[str, Any]:
    """Who did which of the three things that every escalation keeps; nothing for what a workflow adds between them."""
    if ends:
        return {"closed_by": actor.person, "outcome": words}
    if event == "acknowledge":
        return {"acknowledged_by": actor.person}
    return {"acted_by": actor.person, "action_taken": words} if event == "act" else {}


def write_concern(
    session: Session, db: Database, author: Author, command: Command, escalation: Row,
    *, columns: Mapping[str, Any], told: Mapping[str, Any], kind: str, at: datetime,
) -> None:  # fmt: skip
    """Take the escalation's turn, write its entry, let its row follow, remember the command."""
    key: UUID = escalation["key"]
    new = {name: value for name, value in columns.items() if escalation[name] != value}
    payload = {**told, "changed": {name: [escalation[name], value] for name, value in new.items()}}
    happening = Happening(key, "escalation", kind, payload, escalation["workflow_digest"])
    taken = session.connection().execute(
        update(Escalation)
        .where(col(Escalation.key) == key, col(Escalation.turn) == escalation["turn"])
        .values(turn=escalation["turn"] + 1, **new)
    )
    if taken.rowcount != 1:
        raise in_this_very_moment()
    turns = append(session, db.workspace, author, [happening], at)
    remember(session, command, key, turns[key])
    session.flush()


def _hand(session: Session, actor: Actor, reference: str, what: str) -> AtHand:
    live = select(col(Audit.key)).where(
        col(Audit.reference) == reference, col(Audit.imported).is_(False), visible(actor, "escalate")
    )
    key = session.connection().execute(live).scalar_one_or_none()
    if key is None:
        key = reached_by_place(session, actor, reference)
    if key is None:  # there is none, or it is not theirs: the answer is the same for both
        text = f"There is no audit of this reference to which {actor.reference} may do this. Check the reference."
        text = f"{text} {who_may('escalate')}"
        raise Refused(f"cannot {what}", [Reason("escalate", text)])
    # Blind: whoever raises a concern while moderating must not meet the auditor's grades on the way.
    return at_hand(session, key, ratings=False)
