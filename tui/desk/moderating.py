"""The moderator's desk: take an audit on, grade it blind, lock, compare, decide, make it final or return it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit_engine.actions.moderating import (
    Decision,
    choose_blind_overall,
    decide_disagreement,
    finalise,
    lock,
    return_to_auditor,
    take,
)
from audit_engine.calendars import now
from audit_engine.problems import Refused
from audit_engine.queries.why import why
from audit_engine.queries.work import comparison
from audit_engine.work_views import ComparisonView, WorkView
from tui.desk.grading import AtGrading


@dataclass
class AtModerating(AtGrading):
    """One audit that is moderated: blind until its moderator locks, side by side from then on."""

    blind: bool = True
    compared: ComparisonView | None = field(default=None, repr=False)
    """Both sides as they were last read; None before the lock."""

    def open(self) -> WorkView | ComparisonView:
        """What there is to do: the blind work, or the comparison once it is locked. Raises Refused."""
        try:
            return self.compare()
        except Refused:
            return self.look()

    def take(self) -> WorkView:
        """Become its moderator. Raises Refused."""
        seat = self.seat
        take(
            seat.database,
            seat.actor,
            self.command(),
            self.reference,
            seat.catalogue,
            at=now(),
            records=self.said_of("take"),
        )
        return self.after(self.look)

    def compare(self) -> ComparisonView:
        """Both sides. Raises Refused before the lock."""
        self.compared = self.see(comparison)
        return self.compared

    def lock(self, overall: str | None) -> ComparisonView:
        """Choose the blind overall grade, then lock for good.

        Args:
            overall: None only where the audit is made without grades.

        Raises:
            Refused: something is missing, or the grade may not be given. The overall grade is kept when only the
                lock was refused.
        """
        seat = self.seat
        if overall is not None:
            choose_blind_overall(seat.database, seat.actor, self.command(), self.reference, overall, at=now())
        lock(seat.database, seat.actor, self.command(), self.reference, at=now())
        return self.after(self.compare)

    def decide(self, criterion: str, decision: Decision) -> ComparisonView:
        """Say whose answer stands on one criterion, and why. Raises Refused."""
        seat = self.seat
        decide_disagreement(seat.database, seat.actor, self.command(), self.reference, criterion, decision, at=now())
        return self.after(self.compare)

    def finalise(
        self, overall: str | None, reason: str | None = None, overrides: Mapping[str, str] | None = None
    ) -> str:
        """Make the grades final. Gives the sentence that says so. Raises Refused."""
        seat = self.seat
        finalise(
            seat.database,
            seat.actor,
            self.command(),
            self.reference,
            overall,
            reason,
            at=now(),
            definitions=lambda: seat.catalogue,
            records=self.said_of("finalise"),
            overrides=overrides or {},
        )
        return self._told("is final")

    def return_it(self, reason: str) -> str:
        """Send it back to its auditor. Gives the sentence that says so. Raises Refused."""
        seat = self.seat
        return_to_auditor(
            seat.database,
            seat.actor,
            self.command(),
            self.reference,
            reason,
            at=now(),
            definitions=lambda: seat.catalogue,
            records=self.said_of("return"),
        )
        self.compared = None
        return self._told("is returned")

    def _told(self, done: str) -> str:
        """What was done, and for whom it waits now."""
        said = f"{self.reference} {done}, saved {now().astimezone():%H:%M:%S}."
        try:
            with self.seat.database.read() as session:
                audit = why(session, self.seat.actor, self.reference).machines[0]
        except Refused:
            return said
        waits = f"; it waits for {audit.waits_for}" if audit.waits_for else ""
        return f"{said} It is now '{audit.stage}'{waits}."
