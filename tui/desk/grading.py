"""The auditor's own grades, and the moderator's blind ones: one answer, one command, one new view."""

from dataclasses import dataclass

from audit_engine.actions.moving import Submission, move, submit
from audit_engine.actions.rating import Answer, rate, undo
from audit_engine.calendars import now
from audit_engine.queries.work import blind_work, work
from audit_engine.work_views import WorkView
from tui.desk.at_audit import AtAudit


@dataclass
class AtGrading(AtAudit):
    """One audit that is graded."""

    blind: bool = False

    def look(self) -> WorkView:
        """The audit as it stands. Raises Refused."""
        return self.see(blind_work if self.blind else work)

    def begin(self) -> WorkView:
        """Begin an audit that was allocated. Raises Refused."""
        seat = self.seat
        move(
            seat.database,
            seat.actor,
            self.command(),
            self.reference,
            "begin",
            at=now(),
            definitions=lambda: seat.catalogue,
        )
        return self.after(self.look)

    def answer(self, criterion: str, said: Answer) -> WorkView:
        """Save one answer. Raises Refused."""
        rate(
            self.seat.database, self.seat.actor, self.command(), self.reference, criterion, said, at=now(),
            blind=self.blind,
        )  # fmt: skip
        return self.after(self.look)

    def undo(self) -> WorkView:
        """Take the newest answer back. Raises Refused."""
        undo(self.seat.database, self.seat.actor, self.command(), self.reference, at=now())
        return self.after(self.look)

    def submit(self, said: Submission) -> WorkView:
        """Hand it in. Raises Refused."""
        seat = self.seat
        submit(seat.database, seat.actor, self.command(), self.reference, said, seat.catalogue, at=now())
        return self.after(self.look)
