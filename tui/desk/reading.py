"""The practitioner's desk: read what was found in their work, and answer it."""

from dataclasses import dataclass

from audit_engine.actions.moving import answer
from audit_engine.calendars import now
from audit_engine.queries.story import story_view
from audit_engine.queries.work import shared_view
from audit_engine.views import StoryView
from audit_engine.work_views import SharedView
from tui.desk.at_audit import AtAudit


@dataclass
class AtReading(AtAudit):
    """One audit as its practitioner reads it."""

    def look(self) -> SharedView:
        """The audit as it is shared. Raises Refused."""
        return self.see(shared_view)

    def answer(self, said: str, text: str) -> SharedView:
        """Accept or challenge it. Raises Refused."""
        seat = self.seat
        answer(
            seat.database,
            seat.actor,
            self.command(),
            self.reference,
            said,
            text,
            at=now(),
            definitions=lambda: seat.catalogue,
        )
        return self.after(self.look)


@dataclass
class AtStory(AtAudit):
    """One audit's story."""

    def look(self) -> StoryView:
        """The story without what is withheld; looking is written down. Raises Refused."""
        seat = self.seat
        with seat.database.read() as session:
            view = story_view(session, seat.actor, self.reference, seat.sound_catalogue)
        self.looked()
        return view
