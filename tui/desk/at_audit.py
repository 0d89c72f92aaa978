"""One person at one audit, on the lane: what they see, what they began to write, and what they fear for the child."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlmodel import Session

from audit_engine.actions.command import Command
from audit_engine.actions.drafting import drop_draft, keep_draft
from audit_engine.actions.escalating import raise_concern
from audit_engine.actions.looking import looked
from audit_engine.calendars import now
from audit_engine.engine.permission import Actor
from audit_engine.queries.drafts import drafts
from audit_engine.queries.looking import audit_key_of
from tui.desk.seat import Seat
from tui.desk.seen import after


class HasTurn(Protocol):
    """A view that knows the turn of its audit."""

    @property
    def turn(self) -> int: ...


V = TypeVar("V")
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

    def said_of(self, event: str) -> dict[str, str]:
        """What was said of the records of an event, where what can happen is listed."""
        return self.seat.said.get((self.reference, event), {})

    def see(self, query: Callable[[Session, Actor, str], W]) -> W:
        """Read a view, and keep its turn. Raises Refused."""
        with self.seat.database.read() as session:
            view = query(session, self.seat.actor, self.reference)
        self.turn = view.turn
        return view

    def after(self, look: Callable[[], V]) -> V:
        """What stands after a deed that is committed. Raises Unseen."""
        return after(look)

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
            seat.database, seat.actor, Command(), self.reference, concern, seat.sound_catalogue, at=now(),
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
