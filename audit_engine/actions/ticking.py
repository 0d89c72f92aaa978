"""What is late by now: people are reminded and told, and what is given to the clock is done. Each once.

One transaction for one thing, so that a long backlog never keeps anybody waiting. What was done is known by the
notices and the ledger, so it may be run twice, late, or by two at once: the second finds nothing left to do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlmodel import Session

from audit_engine.actions.clock_moves import Running, move_by_clock
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.problems import Refused
from audit_engine.queries.late import Late, Step, Thing, late, moves, steps_left, thing_now, to_be_done
from audit_engine.queries.ticked import SAID_TO_NOBODY, hears, hears_why
from audit_engine.queue_views import TickLine, TickView
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening, append
from audit_engine.records.matter_tables import Notice

REMINDED, TOLD, MOVED, REFUSED = "reminded", "told", "moved", "refused"


@dataclass(frozen=True, slots=True)
class _Deed:
    """One thing that was done, or could not be."""

    thing: Thing
    did: str
    says: str
    reasons: tuple[str, ...] = ()


@dataclass
class Tick:
    """Everything that is late at one moment, to be done one thing after the other."""

    db: Database
    actor: Actor
    """Who runs it. Anybody may: it does what the workflows say, and no more."""
    at: datetime
    definitions: Callable[[], Catalogue]
    """Gives the definitions in force, for what events open; asked only where an event is to happen."""
    looked_at: int = 0
    waiting: list[Late] = field(default_factory=list)
    """Things for which something is to be done, what is due first at the front."""
    _deeds: list[_Deed] = field(default_factory=list)
    _catalogue: Catalogue | None = None

    def __post_init__(self) -> None:
        with self.db.read() as session:
            every = late(session, self.today)
            self.looked_at, self.waiting = len(every), to_be_done(session, self.today, every)
            moving = any(moves(session, one) for one in self.waiting)
        if moving:  # before anything is locked: reading them takes a while
            self._catalogue = self.definitions()

    def _in_force(self) -> Catalogue:
        self._catalogue = self._catalogue or self.definitions()
        return self._catalogue

    @property
    def today(self) -> date:
        """The day in England by which it is judged what is late."""
        return day_of(self.at)

    def do_next(self) -> None:
        """What is to be done for the next thing. Where it comes to a stage at which it is late as well, that too."""
        one: Late | None = self.waiting.pop(0)
        running, been = Running(self.db, self.actor, self.at, self._in_force), set[str]()
        while one is not None and one.stage not in been:
            been.add(one.stage)
            deeds, one = self.db.transact(_once(running, one))
            self._deeds += deeds

    def view(self) -> TickView:
        """What was done so far."""
        did = [one.did for one in self._deeds]
        with self.db.read() as session:
            lines = [line for one in self._deeds if (line := self._line(session, one)) is not None]
        return TickView(
            looked_at=self.looked_at, reminded=did.count(REMINDED), told=did.count(TOLD), moved=did.count(MOVED),
            refused=did.count(REFUSED), lines=tuple(lines),
        )  # fmt: skip

    def _line(self, session: Session, deed: _Deed) -> TickLine | None:
        """What whoever runs it hears of one deed."""
        thing = deed.thing
        if not hears(session, self.actor, thing, self.today):
            return None
        told = not deed.reasons or hears_why(session, self.actor, thing, self.today)
        return TickLine(
            thing.reference, thing.about, thing.number, thing.workflow.stage(thing.stage).title, thing.row["due"],
            deed.did, deed.says, deed.reasons if told else (SAID_TO_NOBODY,),
        )  # fmt: skip


def tick(
    db: Database, actor: Actor, catalogue: Callable[[], Catalogue], *, at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> TickView:  # fmt: skip
    """Do everything that should have happened by now because something is late.

    Args:
        actor: Who runs it; every entry names them, in the role `clock`.
        catalogue: Gives the definitions in force, for what events open; asked only where an event is to happen.
        at: What is late is judged by its day in England.
        progress: Told how many things are done, of how many.

    Raises:
        Unusable: as `Database.transact`. What was done before stays done.
    """
    run = Tick(db, actor, at, catalogue)
    every = len(run.waiting)
    while run.waiting:
        run.do_next()
        if progress is not None:
            progress(every - len(run.waiting), every)
    return run.view()


_Once = Callable[[Session], tuple[Sequence[_Deed], Late | None]]


def _once(running: Running, one: Late) -> _Once:
    today = day_of(running.at)

    def act(session: Session) -> tuple[list[_Deed], Late | None]:
        """What was done; and the thing at its next stage, where it moved on and is late there."""
        thing, deeds = thing_now(session, one), list[_Deed]()
        if thing is None:
            return deeds, None
        for step in steps_left(session, thing, today):
            if step.written.event is None:
                deeds.append(_notice(session, running, thing, step))
                continue
            deed, moved_on = _event(session, running, thing, step.written.event)
            deeds.append(deed)
            if moved_on:
                # What is late at the stage it left is late no more.
                return deeds, next((other for other in late(session, today) if other.key == one.key), None)
        return deeds, None

    return act


def _event(session: Session, running: Running, thing: Thing, event: str) -> tuple[_Deed, bool]:
    """What came of an event that is given to the clock; and whether it left its stage."""
    title = thing.workflow.event(event).written.title
    try:
        to = move_by_clock(session, running, thing, event)
    except Refused as refused:
        reasons = tuple(dict.fromkeys(reason.text for reason in refused.reasons))
        return _Deed(thing, REFUSED, f"'{title}' should happen by itself, and cannot", reasons), False
    stands = f"it is now '{thing.workflow.stage(to).title}'" if to != thing.stage else "it stays where it is"
    return _Deed(thing, MOVED, f"'{title}' happened by itself, {stands}"), to != thing.stage


def _notice(session: Session, running: Running, thing: Thing, step: Step) -> _Deed:
    """Write down that somebody is reminded or told. Nothing is sent: it is seen where they look."""
    kind = "remind" if step.written.remind is not None else "tell"
    whom = str(step.written.remind or step.written.tell)
    is_person = whom in thing.workflow.workflow.people_known
    key, did = uuid4(), REMINDED if kind == "remind" else TOLD
    row: dict[str, Any] = {
        "thing": thing.key, "about": thing.about, "audit": thing.audit, "stage": thing.stage, "since_turn": step.since,
        "step": step.number, "kind": kind, "whom": whom, "person": thing.people.get(whom) if is_person else None,
        "due": thing.row["due"], "said_on": day_of(running.at),
    }  # fmt: skip
    said = Happening(key, "notice", did, {"row": row}, str(thing.row["workflow_digest"]))
    turns = append(session, running.db.workspace, running.author, [said], running.at, fresh={key})
    session.connection().execute(insert(Notice).values(key=key, turn=turns[key], **row))
    return _Deed(thing, did, f"the {whom.replace('_', ' ')} is {did}")
