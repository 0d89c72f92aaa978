"""What happened to an audit, or to one of its questions: when, by whom, in which role."""

from typing import ClassVar

from textual.binding import BindingType

from audit_engine.views import StoryView
from tui.desk.reading import AtStory
from tui.drawing.history import history_lines
from tui.drawing.words import QUIET, Lines, words
from tui.keymap import bindings
from tui.screens.about_audit import AboutAudit
from tui.screens.whole import Reader


class HistoryScreen(Reader, AboutAudit[str | None]):
    """The story of an audit, the newest first.

    Args:
        criterion: Only what is about this one, by its id.
        title: What people call it.
    """

    KEYS = "history"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("history")]

    def __init__(self, reference: str, criterion: str | None = None, title: str = "") -> None:
        super().__init__()
        self._at = AtStory(self.app.here, reference)
        self._criterion, self._title = criterion, title
        self._view: StoryView | None = None
        self._read = False

    @property
    def audit_at(self) -> AtStory:
        """The audit whose story it is."""
        return self._at

    def seen_at(self) -> tuple[()] | tuple[str, str]:
        """The question whose story it is."""
        return (self._criterion, self._title) if self._criterion else ()

    async def look_again(self) -> None:
        """What happened since."""
        self._view = await self.reread(self._at.look) or self._view
        self.redraw()

    def title_words(self) -> str:
        """Whose story."""
        about = f"   {self._title}" if self._title else ""
        return f"History   {self._at.reference}{about}   the newest first"

    async def on_mount(self) -> None:
        """Read it; looking is written down."""
        self.redraw()
        self._view = await self.ask(self._at.look)
        self._read = True
        self.redraw()

    def lines(self, width: int) -> Lines:
        """What is read."""
        if self._view is None:
            return [words(" Nothing can be shown." if self._read else " Reading...", QUIET)]
        return history_lines(self._view, width, self._criterion)
