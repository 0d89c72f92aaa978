"""Two people wrote at one place: both texts, and which of them stands."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from tui.drawing.words import BAD, HERE, QUIET, joined, rule, words, wrapped
from tui.widgets.frame import Words
from tui.widgets.lines import LinesPane


class TwoTexts(ModalScreen[str | None]):
    """Gives `mine`, `theirs`, or None when the person goes on writing."""

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "choose('mine')", show=False, id="two_texts.mine", priority=True),
        Binding("t", "choose('theirs')", show=False, id="two_texts.theirs", priority=True),
        Binding("escape", "back", show=False, id="two_texts.back", priority=True),
        Binding("j,down", "scroll(1)", show=False, id="two_texts.down", priority=True),
        Binding("k,up", "scroll(-1)", show=False, id="two_texts.up", priority=True),
    ]

    def __init__(self, why: str, theirs: str, mine: str) -> None:
        super().__init__()
        self._why, self._theirs, self._mine = why, theirs, mine

    def compose(self) -> ComposeResult:
        """Why, both texts, the keys."""
        yield Words(id="asks")
        yield LinesPane(id="texts")
        yield Words(id="keys")

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """For the new width."""
        self._draw()

    def _draw(self) -> None:
        width = max(self.size.width, 20)
        self.query_one("#asks", Words).say(wrapped(f"NOT SAVED. {self._why}", width - 2, 1, BAD))
        lines = [rule("Theirs, which stands now", width), *wrapped(self._theirs or "(nothing)", width - 2, 1)]
        lines += [Content(""), rule("Yours, which is kept", width), *wrapped(self._mine, width - 2, 1)]
        self.query_one("#texts", LinesPane).show(lines, keep=True)
        keys = " m use mine   t keep theirs   Esc go on writing"
        self.query_one("#keys", Words).say([joined(words(" CHOOSE ", HERE), words(keys, QUIET))])

    async def action_choose(self, which: str) -> None:
        """The one that stands."""
        self.dismiss(which)

    async def action_back(self) -> None:
        """Go on writing."""
        self.dismiss(None)

    async def action_scroll(self, by: int) -> None:
        """See the rest of long texts."""
        self.query_one("#texts", LinesPane).scroll_lines(by)
