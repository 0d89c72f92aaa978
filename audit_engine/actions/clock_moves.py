"""Events that happen by themselves: as when people do them, but that nobody is asked whether they may."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session

from audit_engine.actions.changing import Change, due_after, write
from audit_engine.actions.command import Command
from audit_engine.actions.escalating import write_concern
from audit_engine.actions.moderation_rows import on_moderation
from audit_engine.actions.moving import plain_move
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MODERATION
from audit_engine.engine.by_the_clock import clock_may
from audit_engine.engine.machine import next_stage
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Subject
from audit_engine.problems import Reason, Refused
from audit_engine.queries.asking import Found
from audit_engine.queries.at_hand import AtHand, at_hand
from audit_engine.queries.deciding import escalation_facts, moderation_facts
from audit_engine.queries.late import Thing
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author


def move_by_clock(session: Session, db: Database, author: Author, thing: Thing, event: str, at: datetime) -> str:
    """Do what a workflow gives to the clock, in the session's transaction. Gives back the stage it led to.

    Raises:
        Refused: every reason why not: guards, conditions and windows, as for people. Nothing was written then.
    """
    return _MOVES[thing.about](session, db, author, thing, event, at)


def _audit(session: Session, db: Database, author: Author, thing: Thing, event: str, at: datetime) -> str:
    hand = at_hand(session, thing.key)
    change = plain_move(session, hand, None, event, at=at)
    _write(session, db, author, hand, change, at)
    return str(change.columns.get("stage", thing.stage))


def _moderation(session: Session, db: Database, author: Author, thing: Thing, event: str, at: datetime) -> str:
    """An event of the moderation alone. Whatever also moves its audit bears the moderator's name."""
    assert thing.audit is not None  # noqa: S101 - every moderation is of an audit
    hand = at_hand(session, thing.audit, ratings=False)
    to = _leads_to(thing, event, moderation_facts(hand, None))
    stage = thing.workflow.stage(to)
    if stage.final:
        text = "A moderation ends with what its moderator decides, or with its audit, and never by itself."
        raise Refused(f"cannot move it on to '{stage.title}'", [Reason("by", text)])
    change = Change("moderated", told={"moderation": thing.key, "event": event})
    on_moderation(change, hand, {"stage": to, "due": due_after(stage.due, at)}, {}, "moved", event=event)
    _write(session, db, author, hand, change, at)
    return to


def _escalation(session: Session, db: Database, author: Author, thing: Thing, event: str, at: datetime) -> str:
    assert thing.audit is not None  # noqa: S101 - every escalation is of an audit
    hand = at_hand(session, thing.audit, ratings=False)
    to = _leads_to(thing, event, escalation_facts(hand, thing.row, None))
    stage = thing.workflow.stage(to)
    columns = {"stage": to, "open": not stage.final, "due": due_after(stage.due, at)}
    write_concern(session, db, author, Command(), thing.row, columns=columns, event=event, at=at)
    return to


def _leads_to(thing: Thing, event: str, facts: MoveFacts) -> str:
    """Where an event leads. Raises Refused with every reason."""
    against = clock_may(thing.workflow, event, thing.stage, thing.people, thing.names)
    what = f"do '{thing.workflow.event(event).written.title}'"
    try:
        to = next_stage(thing.workflow, thing.stage, event, facts)
    except Refused as refused:
        raise Refused(f"cannot {what}", [*against, *refused.reasons]) from None
    if against:
        raise Refused(f"cannot {what}", against)
    return to


def _write(session: Session, db: Database, author: Author, hand: AtHand, change: Change, at: datetime) -> None:
    # Nobody asked for this by a command that could be sent twice: what makes it happen once is that it moves on.
    found = Found(hand.key, False, hand.audit["turn"], None, False, False, False, Subject(), False)
    write(session, db, (author, Command()), found, hand, change, at)


_Move = Callable[[Session, Database, Author, Thing, str, datetime], str]
_MOVES: Mapping[str, _Move] = {AUDIT: _audit, MODERATION: _moderation, ESCALATION: _escalation}
