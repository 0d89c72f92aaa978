"""Two texts for one place: what stands, and what this person has written. Which of them it is to be."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from tui.drawing.words import BAD, Lines, rule, wrapped
from tui.keymap import bindings
from tui.widgets.asking import Asking
from tui.widgets.lines import LinesPane


class TwoTexts(Asking[str | None]):
    """Gives `mine`, `theirs`, or None when the person goes on writing."""

    KEYS = "two_texts"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("two_texts")]

    def __init__(self, why: str, theirs: str, mine: str) -> None:
        super().__init__()
        self._why, self._theirs, self._mine = why, theirs, mine

    def asked(self) -> Widget:
        """Both texts."""
        return LinesPane(id="texts")

    def question(self, width: int) -> Lines:
        """Why it is asked."""
        return wrapped(self._why, width - 2, 1, BAD)

    def draw_asked(self) -> None:
        """What stands above what was written."""
        width = self.size.width
        lines = [rule("What stands now", width), *wrapped(self._theirs or "(nothing)", width - 2, 1)]
        lines += [Content(""), rule("Yours, which is kept", width), *wrapped(self._mine, width - 2, 1)]
        pane = self.query_one("#texts", LinesPane)
        pane.show(lines, keep=True)
        pane.styles.height = min(len(lines), max(self.size.height - 6, 3))

    async def action_choose(self, which: str) -> None:
        """The one that is to stand."""
        self.dismiss(which)

    async def action_scroll(self, by: int) -> None:
        """See the rest of long texts."""
        self.query_one("#texts", LinesPane).scroll_lines(by)
