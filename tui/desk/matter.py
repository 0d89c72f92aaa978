"""One person at one matter, on the lane: how it stands, what can happen to it, and doing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from audit_engine.actions.command import Command
from audit_engine.actions.looking import looked
from audit_engine.actions.matters import move_matter
from audit_engine.calendars import now
from audit_engine.engine.permission import Actor
from audit_engine.matter_views import MatterPage, MatterView
from audit_engine.queries.matter_view import matter_page, matter_view
from audit_engine.queries.matters import seen_matter
from tui.desk.seat import Seat
from tui.desk.seen import after

V = TypeVar("V")


@dataclass
class AtMatter:
    """One person at one matter: remembers the turn they last saw."""

    seat: Seat
    reference: str
    turn: int | None = None

    def look(self) -> MatterPage:
        """How it stands and what can happen now. Looking is written down. Raises Refused."""
        view = self._seen(matter_page)
        self.turn = view.turn
        return view

    def story(self) -> MatterView:
        """Everything that happened to it. Looking is written down. Raises Refused."""
        return self._seen(matter_view)

    def _seen(self, query: Callable[[Session, Actor, str], V]) -> V:
        seat = self.seat
        with seat.database.read() as session:
            view = query(session, seat.actor, self.reference)
            key = seen_matter(session, seat.actor, self.reference, "show this matter").key
        looked(seat.database, seat.actor, "viewed", "matter", key, at=now())
        return view

    def move_on(
        self, reference: str, event: str, reason: str | None, said: Mapping[str, str], named: Mapping[str, str]
    ) -> MatterPage:
        """Move it on as of what was last seen, or one that hangs on it. Raises Refused.

        Args:
            said: Of its records.
            named: References of people, by place.
        """
        seat, turn = self.seat, self.turn if reference == self.reference else None
        move_matter(
            seat.database, seat.actor, Command(turn=turn), reference, event, at=now(),
            definitions=lambda: seat.catalogue, reason=reason, said=said, named=named,
        )  # fmt: skip
        return after(self.look)
