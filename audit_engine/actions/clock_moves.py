"""Events that happen by themselves: as when people do them, but that nobody is asked whether they may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from audit_engine.actions import matters
from audit_engine.actions.changing import Change, write
from audit_engine.actions.command import Command
from audit_engine.actions.escalating import write_concern
from audit_engine.actions.moderation_rows import on_moderation
from audit_engine.actions.moving import plain_move
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MATTER, MODERATION
from audit_engine.engine.arriving import arrived, stays
from audit_engine.engine.by_the_clock import clock_may
from audit_engine.engine.machine import next_stage
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor, Subject
from audit_engine.problems import Reason, Refused
from audit_engine.queries.asking import Found
from audit_engine.queries.at_hand import AtHand, at_hand
from audit_engine.queries.deciding import escalation_facts, moderation_facts
from audit_engine.queries.late import CLOCK, Thing, stage_of
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author


@dataclass(frozen=True, slots=True)
class Running:
    """The clock as it is run once."""

    db: Database
    runner: Actor
    """Who runs it; every entry names them, in the role `clock`."""
    at: datetime
    catalogue: Callable[[], Catalogue]
    """Under whose workflows an event opens what it opens."""

    @property
    def author(self) -> Author:
        """As the entries name whoever runs it."""
        return Author(self.runner.person, CLOCK, self.runner.identified)


def move_by_clock(session: Session, running: Running, thing: Thing, event: str) -> str:
    """Do what a workflow gives to the clock, in the session's transaction. Gives back the stage it led to.

    Raises:
        Refused: every reason why not: guards, conditions and windows, as for people. Nothing was written then.
    """
    return _MOVES[thing.about](session, running, thing, event)


def _audit(session: Session, running: Running, thing: Thing, event: str) -> str:
    hand = at_hand(session, thing.key)
    change = plain_move(
        session, hand, None, event, at=running.at, definitions=running.catalogue, runner=running.runner.person
    )
    _write(session, running, hand, change)
    return str(change.columns["stage"])


def _moderation(session: Session, running: Running, thing: Thing, event: str) -> str:
    """An event of the moderation alone. Whatever also moves its audit bears the moderator's name."""
    assert thing.audit is not None  # noqa: S101 - every moderation is of an audit
    hand, day = at_hand(session, thing.audit, ratings=False), day_of(running.at)
    to = _leads_to(thing, event, moderation_facts(hand, None, today=day))
    stage = thing.workflow.stage(to)
    if stage.final:
        text = "A moderation ends with what its moderator decides, or with its audit, and never by itself."
        raise Refused(f"cannot move it on to '{stage.title}'", [Reason("by", text)])
    change = Change("moderated", told={"moderation": thing.key, "event": event})
    columns = arrived(thing.workflow, thing.row, event, to, day)
    on_moderation(change, hand, columns, {}, _kind(thing, event, to), event=event)
    _write(session, running, hand, change)
    return to


def _escalation(session: Session, running: Running, thing: Thing, event: str) -> str:
    assert thing.audit is not None  # noqa: S101 - every escalation is of an audit
    hand, day = at_hand(session, thing.audit, ratings=False), day_of(running.at)
    to = _leads_to(thing, event, escalation_facts(hand, thing.row, None, today=day))
    columns = arrived(thing.workflow, thing.row, event, to, day) | {"open": not thing.workflow.stage(to).final}
    write_concern(
        session, running.db, running.author, Command(), thing.row,
        columns=columns, told={"event": event}, kind=_kind(thing, event, to), at=running.at,
    )  # fmt: skip
    return to


def _matter(session: Session, running: Running, thing: Thing, event: str) -> str:
    matters.move_by_clock(
        session, running.db.workspace, running.runner, thing.key, event, at=running.at,
        definitions=running.catalogue,
    )  # fmt: skip
    return stage_of(session, thing)


def _kind(thing: Thing, event: str, to: str) -> str:
    return "recorded" if stays(thing.workflow, event, thing.stage, to) else "moved"


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


def _write(session: Session, running: Running, hand: AtHand, change: Change) -> None:
    # Nobody asked for this by a command that could be sent twice: what makes it happen once is that it moves on.
    found = Found(hand.key, False, hand.audit["turn"], None, False, False, False, Subject(), False)
    write(session, running.db, (running.author, Command()), found, hand, change, running.at)


_Move = Callable[[Session, Running, Thing, str], str]
_MOVES: Mapping[str, _Move] = {AUDIT: _audit, MODERATION: _moderation, ESCALATION: _escalation, MATTER: _matter}
