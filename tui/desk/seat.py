"""Who sits at the screens, and what they work in. Everything here runs on the lane."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from audit_engine.calendars import day_of, now
from audit_engine.engine.permission import Actor
from audit_engine.queries.matters import found_matter, shown_with
from audit_engine.queries.queue import queue_counts, queue_page
from audit_engine.queue_views import QueueCounts, QueueLine
from audit_engine.records.database import Database

if TYPE_CHECKING:
    from audit_engine.definitions.catalogue import Catalogue

PATIENCE = 5.0
"""Seconds a key waits for another program's lock before the status line says so."""


class Place(Protocol):
    """Where the workspace is, and who acts: what the command line knows."""

    def open(self, *, patience: float) -> Database:
        """The database. Raises Unusable."""
        ...

    def catalogue(self) -> "Catalogue":
        """The definitions in force. Raises Unusable."""
        ...

    def sound_catalogue(self) -> "Catalogue":
        """The same, with what is shipped in place of files that have a problem."""
        ...

    def actor(self, database: Database) -> Actor:
        """Who acts. Raises Refused."""
        ...

    def not_names(self) -> frozenset[str]:
        """Words that are no names here, for the check of notes. Raises Unusable."""
        ...


@dataclass(frozen=True, slots=True)
class FoundMatter:
    """What stands behind a reference that a person typed."""

    reference: str | None = None
    """The matter's; None where it is no matter that they may see."""
    audit: str | None = None
    """The audit it is shown with, where it has one to look at."""


@dataclass
class Seat:
    """One person at one workspace."""

    place: Place
    database: Database
    actor: Actor
    _catalogue: "Catalogue | None" = field(default=None, repr=False)
    said: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict, repr=False)
    """By audit and event: what was said of its records where it can be done, and is still to be done elsewhere."""
    _clocks: Database | None = field(default=None, repr=False)

    @property
    def training(self) -> bool:
        """Whether everybody here is invented."""
        return self.database.mode == "training"

    @property
    def catalogue(self) -> "Catalogue":
        """The definitions in force, read when first needed. Raises Unusable with every problem."""
        if self._catalogue is None:
            self._catalogue = self.place.catalogue()
        return self._catalogue

    @property
    def sound_catalogue(self) -> "Catalogue":
        """The definitions in force, or what is shipped while they have a problem: for names and for concerns."""
        return self._catalogue or self.place.sound_catalogue()

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

    def matter(self, reference: str) -> FoundMatter:
        """What a reference means, where it is that of a matter they may see."""
        with self.database.read() as session:
            found = found_matter(session, self.actor, reference)
            if found is None:
                return FoundMatter()
            return FoundMatter(reference, shown_with(session, self.actor, found))

    def clocks_database(self, patience: float) -> Database:
        """The same database, opened once more for what nobody waits for. Raises Unusable.

        Args:
            patience: Seconds it waits for a lock.
        """
        if self._clocks is None:
            self._clocks = self.place.open(patience=patience)
        return self._clocks

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()
        if self._clocks is not None:
            self._clocks.close()


def open_seat(place: Place) -> Seat:
    """Open the workspace. Raises Unusable when it cannot be used, Refused when nobody can be told to act."""
    database = place.open(patience=PATIENCE)
    try:
        return Seat(place, database, place.actor(database))
    except BaseException:
        database.close()
        raise
