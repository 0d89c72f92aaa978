"""What can happen to one audit, and doing it: plain moves of the audit, and what is done about an escalation."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit_engine.actions.command import Command
from audit_engine.actions.escalating import move_concern
from audit_engine.actions.matters import move_matter
from audit_engine.actions.moving import move
from audit_engine.actions.referring import move_moderation
from audit_engine.calendars import now
from audit_engine.engine.saying import is_day
from audit_engine.queries.why import why
from audit_engine.work_views import WhyView
from tui.desk.at_audit import AtAudit


def no_day(text: str) -> str | None:
    """Why a text is no day; None when it is one."""
    return None if is_day(text) else "This is no day there is. Write year, month and day, like 2024-03-18."


@dataclass
class AtSteps(AtAudit):
    """One audit, and what can happen to it."""

    def look(self) -> WhyView:
        """What can happen now. Writes down the look where it shows what is feared for a child. Raises Refused."""
        view = self.see(why)
        if any(machine.says for machine in view.machines):
            self.looked()
        return view

    def move(self, event: str, reason: str | None, said: Mapping[str, str]) -> WhyView:
        """A plain move, as of what was last seen. `said`: of its records. Raises Refused."""
        seat = self.seat
        move(
            seat.database, seat.actor, self.command(), self.reference, event, at=now(),
            definitions=lambda: seat.catalogue, reason=reason, said=said,
        )  # fmt: skip
        return self.after(self.look)

    def move_on(
        self, reference: str, event: str, reason: str | None, said: Mapping[str, str], named: Mapping[str, str]
    ) -> WhyView:
        """Move a matter of the audit on. `said`: of its records; `named`: people, by place. Raises Refused."""
        seat = self.seat
        move_matter(
            seat.database, seat.actor, Command(), reference, event, at=now(), definitions=lambda: seat.catalogue,
            reason=reason, said=said, named=named,
        )  # fmt: skip
        return self.after(self.look)

    def keep_said(self, event: str, said: Mapping[str, str]) -> None:
        """What is said of the records of an event that is done on a screen of its own, until it is done there."""
        self.seat.said[self.reference, event] = dict(said)

    def move_moderation(self, event: str, reason: str | None) -> WhyView:
        """A plain move of its moderation, as of what was last seen. Raises Refused."""
        seat = self.seat
        move_moderation(seat.database, seat.actor, self.command(), self.reference, event, at=now(), reason=reason)
        return self.after(self.look)

    def bring_on(self, number: int, event: str, words: str) -> WhyView:
        """Acknowledge, act on or close the escalation of this number. Raises Refused."""
        seat = self.seat
        move_concern(
            seat.database, seat.actor, self.command(), self.reference, event, at=now(), words=words, number=number
        )
        return self.after(self.look)
