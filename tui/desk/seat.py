"""Who sits at the screens, and what they work in. Everything here runs on the lane."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlmodel import Session

from audit_engine.actions.command import Command
from audit_engine.actions.drafting import drop_draft, keep_draft
from audit_engine.actions.escalating import raise_concern
from audit_engine.actions.looking import looked
from audit_engine.calendars import day_of, now
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.queries.drafts import drafts
from audit_engine.queries.looking import audit_key_of
from audit_engine.queries.queue import queue_counts, queue_page
from audit_engine.records.database import Database
from audit_engine.work_views import QueueCounts, QueueLine

V = TypeVar("V")
PATIENCE = 5.0
"""Seconds a key waits for another program's lock before the status line says so."""


class Place(Protocol):
    """Where the workspace is, and who acts: what the command line knows."""

    def open(self, *, patience: float) -> Database:
        """The database. Raises Unusable."""
        ...

    def catalogue(self) -> Catalogue:
        """The definitions in force. Raises Unusable."""
        ...

    def actor(self, database: Database) -> Actor:
        """Who acts. Raises Refused."""
        ...


@dataclass
class Seat:
    """One person at one workspace."""

    place: Place
    database: Database
    actor: Actor
    _catalogue: Catalogue | None = field(default=None, repr=False)

    @property
    def training(self) -> bool:
        """Whether everybody here is invented."""
        return self.database.mode == "training"

    @property
    def catalogue(self) -> Catalogue:
        """The definitions in force, read when first needed. Raises Unusable with every problem."""
        if self._catalogue is None:
            self._catalogue = self.place.catalogue()
        return self._catalogue

    def judge_definitions(self) -> bool:
        """Read the definitions, so that what is wrong in them is said at the start. Raises Unusable."""
        return bool(self.catalogue)

    def counts(self) -> QueueCounts:
        """How much waits."""
        with self.database.read() as session:
            return queue_counts(session, self.actor, day_of(now()))

    def lines(self, start: int, size: int, matching: str) -> tuple[QueueLine, ...]:
        """One page of the queue."""
        with self.database.read() as session:
            return queue_page(session, self.actor, start=start, size=size, matching=matching)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_seat(place: Place) -> Seat:
    """Open the workspace. Raises Unusable when it cannot be used, Refused when nobody can be told to act."""
    database = place.open(patience=PATIENCE)
    try:
        return Seat(place, database, place.actor(database))
    except BaseException:
        database.close()
        raise


class HasTurn(Protocol):
    """A view that knows the turn of its audit."""

    @property
    def turn(self) -> int: ...


W = TypeVar("W", bound=HasTurn)


@dataclass
class AtAudit:
    """One person at one audit: remembers the turn they last saw."""

    seat: Seat
    reference: str
    turn: int | None = None

    def command(self) -> Command:
        """A new command, of what the person last saw."""
        return Command(turn=self.turn)

    def see(self, query: Callable[[Session, Actor, str], W]) -> W:
        """Read a view, and keep its turn. Raises Refused."""
        with self.seat.database.read() as session:
            view = query(session, self.seat.actor, self.reference)
        self.turn = view.turn
        return view

    def looked(self) -> bool:
        """Write down, on the viewer's own chain, that the audit was looked at."""
        with self.seat.database.read() as session:
            key = audit_key_of(session, self.reference)
        looked(self.seat.database, self.seat.actor, "viewed", "audit", key, at=now())
        return True

    def raise_concern(self, concern: str, criterion: str | None = None) -> bool:
        """A child may be at risk. Raises Refused."""
        seat = self.seat
        raise_concern(
            seat.database, seat.actor, Command(), self.reference, concern, seat.catalogue, at=now(),
            criterion=criterion,
        )  # fmt: skip
        return True

    def drafts(self) -> dict[str, str]:
        """What this person has begun to write on this audit and not finished, by place."""
        with self.seat.database.read() as session:
            return drafts(session, self.seat.actor, self.reference)

    def keep(self, place: str, text: str) -> bool:
        """Keep what is being written."""
        keep_draft(self.seat.database, self.seat.actor, self.reference, place, text, at=now())
        return True

    def drop(self, place: str) -> bool:
        """It was saved, or given up."""
        drop_draft(self.seat.database, self.seat.actor, self.reference, place)
        return True
