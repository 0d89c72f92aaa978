"""The auditor's own grades, and the moderator's blind ones: one answer, one command, one new view."""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from audit_engine.actions.moving import Submission, move, submit
from audit_engine.actions.rating import Answer, rate, undo
from audit_engine.calendars import day_of, now
from audit_engine.engine.anonymity import Watch
from audit_engine.problems import Unusable
from audit_engine.queries.names_in_notes import in_notes, known_names
from audit_engine.queries.work import blind_work, work
from audit_engine.work_views import InNote, WorkView
from tui.desk.at_audit import AtAudit


@dataclass
class AtGrading(AtAudit):
    """One audit that is graded."""

    blind: bool = False
    watch: Watch | None = field(default=None, repr=False)
    """What the check of notes goes by, once it was read."""
    in_notes: tuple[InNote, ...] = field(default=(), repr=False)
    """What in this person's own notes may tell who somebody is, as they were last read to be handed in."""

    def look(self) -> WorkView:
        """The audit as it stands. Raises Refused."""
        return self.see(blind_work if self.blind else work)

    def look_over(self) -> WorkView:
        """The audit as it stands before it is handed in, its notes looked through. Raises Refused."""
        view = self.look()
        with suppress(Unusable):  # a spoilt list of words was told of where notes are written, and stops nobody here
            self.learn_names()
        self.in_notes = in_notes(view, self.watch or Watch())
        return view

    def learn_names(self) -> bool:
        """Read what the check of notes goes by. Raises Unusable when the site's own list of words cannot be used."""
        if self.watch is None:
            with self.seat.database.read() as session:
                self.watch = Watch(known_names(session), today=day_of(now()))
            self.watch = replace(self.watch, not_names=self.seat.place.not_names())
        return True

    def warning(self, text: str) -> str:
        """What in a text that is being written may tell who somebody is, in a sentence. Reads nothing."""
        return (self.watch or Watch()).warning(text, typing=True)

    def begin(self) -> WorkView:
        """Begin an audit that was allocated. Raises Refused."""
        seat = self.seat
        move(
            seat.database, seat.actor, self.command(), self.reference, "begin", at=now(),
            definitions=lambda: seat.catalogue, said=self.said_of("begin"),
        )  # fmt: skip
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
        said = replace(said, records=self.said_of("submit"))
        submit(seat.database, seat.actor, self.command(), self.reference, said, seat.catalogue, at=now())
        return self.after(self.look)
