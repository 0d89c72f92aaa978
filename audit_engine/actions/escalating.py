"""A child may be at risk: raised at any stage, never refused for its turn, closed by somebody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlmodel import Session, col

from audit_engine.actions.changing import due_after
from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.imports.writing import author_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.permission import Actor, Subject, require
from audit_engine.engine.relations import may_do
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, at_hand, workflow_of
from audit_engine.queries.deciding import escalation_facts
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening, append
from audit_engine.records.live_tables import Escalation
from audit_engine.records.pins import pin
from audit_engine.records.tables import Audit
from audit_engine.safe_text import MAX_TEXT, cleaned

WORKFLOW = "escalation"


def raise_concern(
    db: Database, actor: Actor, command: Command, reference: str, concern: str, catalogue: Catalogue, *,
    at: datetime, criterion: str | None = None,
) -> None:  # fmt: skip
    """Raise an escalation on an audit, whatever its stage. It has a chain of its own, so nobody's grading waits.

    Args:
        concern: What is feared for the child, in words that name nobody.
        criterion: What it was seen at, if at one.

    Raises:
        Refused: no words, no such audit, or not theirs to see.
    """
    what = "escalate"

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        hand = _hand(session, actor, reference, what)
        words = _words(
            concern, what, "An escalation needs its concern. Say in a sentence what is feared for the child."
        )
        workflow = catalogue.workflows[WORKFLOW]
        digest, key = pin(session, catalogue.pins["workflow", WORKFLOW]), uuid4()
        row: dict[str, Any] = {
            "audit": hand.key, "stage": workflow.first.id, "open": True, "workflow_digest": digest,
            "criterion": criterion,
            "concern": words, "raised_by": actor.person, "raised_at": at, "due": due_after(workflow.first.due, at),
            "acknowledged_by": None, "acted_by": None, "action_taken": None, "closed_by": None, "outcome": None,
        }  # fmt: skip
        happening = Happening(key, "escalation", "raised", {"row": row}, digest)
        turns = append(session, db.workspace, author_of(actor), [happening], at)
        session.add(Escalation(key=key, turn=turns[key], **row))
        remember(session, command, key, turns[key])
        session.flush()

    db.transact(act)


def move_concern(
    db: Database, actor: Actor, command: Command, reference: str, event: str, *, at: datetime, words: str = ""
) -> None:
    """Acknowledge, act on or close the oldest open escalation of an audit.

    Args:
        event: `acknowledge`, `act` or `close`.
        words: What was done, or what came of it.

    Raises:
        Refused: none is open, not at this stage, not theirs, or closed by whoever raised it.
    """
    what = f"{event} this escalation"

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        hand = _hand(session, actor, reference, what)
        escalation = next((one for one in hand.escalations if one["open"]), None)
        if escalation is None:
            raise Refused(f"cannot {what}", [Reason("escalation", "No escalation on this audit is open.")])
        workflow = workflow_of(session, escalation["workflow_digest"])
        if event not in workflow.events:
            raise Refused(f"cannot {what}", [Reason("event", f"An escalation can be: {', '.join(workflow.events)}.")])
        reasons = may_do(workflow, event, actor, hand.people, hand.names)
        missing = reason_missing(workflow, event, words)
        reasons += [missing] if missing else []
        try:
            to = next_stage(workflow, escalation["stage"], event, escalation_facts(hand, escalation, actor.person))
        except Refused as refused:
            raise Refused(f"cannot {what}", [*reasons, *refused.reasons]) from None
        if reasons:
            raise Refused(f"cannot {what}", reasons)
        stage = workflow.stage(to)
        columns = {"stage": to, "open": not stage.final, "due": due_after(stage.due, at)} | _signed(
            event, actor, words, what
        )
        _write(session, db, actor, command, escalation, columns=columns, event=event, at=at)

    db.transact(act)


def _signed(event: str, actor: Actor, words: str, what: str) -> dict[str, Any]:
    if event == "acknowledge":
        return {"acknowledged_by": actor.person}
    if event == "act":
        return {"acted_by": actor.person, "action_taken": _words(words, what, "Say what was done.")}
    return {"closed_by": actor.person, "outcome": _words(words, what, "Say what came of it.")}


def _write(
    session: Session, db: Database, actor: Actor, command: Command, escalation: Mapping[str, Any],
    *, columns: Mapping[str, Any], event: str, at: datetime,
) -> None:  # fmt: skip
    key: UUID = escalation["key"]
    new = {name: value for name, value in columns.items() if escalation[name] != value}
    payload = {"event": event, "changed": {name: [escalation[name], value] for name, value in new.items()}}
    happening = Happening(key, "escalation", "moved", payload, escalation["workflow_digest"])
    taken = session.connection().execute(
        update(Escalation)
        .where(col(Escalation.key) == key, col(Escalation.turn) == escalation["turn"])
        .values(turn=escalation["turn"] + 1, **new)
    )
    if taken.rowcount != 1:
        text = "Somebody changed it in this very moment. Look at it again, then decide."
        raise Refused("cannot save this", [Reason("turn", text)])
    turns = append(session, db.workspace, author_of(actor), [happening], at)
    remember(session, command, key, turns[key])
    session.flush()


def _hand(session: Session, actor: Actor, reference: str, what: str) -> AtHand:
    key = (
        session.connection()
        .execute(select(col(Audit.key)).where(col(Audit.reference) == reference))
        .scalar_one_or_none()
    )
    imported = Reason("audit", f"There is no live audit of this reference that {actor.reference} may see.")
    if key is None:
        raise Refused(f"cannot {what}", [imported])
    row = session.connection().execute(select(col(Audit.imported)).where(col(Audit.key) == key)).scalar_one()
    if row:
        raise Refused(f"cannot {what}", [imported])
    # Blind: whoever raises a concern while moderating must not meet the auditor's grades on the way.
    hand = at_hand(session, key, ratings=False)
    audit = hand.audit
    require(actor, "escalate", what, Subject(audit["area"], audit["team"], audit["auditor"], audit["practitioner"]))
    return hand


def _words(text: str, what: str, without: str) -> str:
    kept, _ = cleaned(text)
    if not kept.strip():
        raise Refused(f"cannot {what}", [Reason("words", without)])
    if len(kept) > MAX_TEXT:
        over = f"This text is {len(kept):,} characters long, and {MAX_TEXT:,} is the most. Shorten it."
        raise Refused(f"cannot {what}", [Reason("text", over)])
    return kept.strip()
