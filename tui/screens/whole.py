"""Words on a whole screen, to be read."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui.drawing.words import Lines
from tui.keymap import bindings
from tui.widgets.frame import Framed
from tui.widgets.lines import LinesPane


class Reader(Framed[str | None]):
    """A screen that only shows lines, and scrolls. `lines` makes them for a width."""

    def body(self) -> Iterable[Widget]:
        """One pane."""
        yield LinesPane(id="page")

    def lines(self, width: int) -> Lines:
        """What is read."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Draw."""
        self.redraw()

    def draw(self) -> None:
        """The lines, scrolled as they were."""
        self.query_one("#page", LinesPane).show(self.lines(self.size.width), keep=True)

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        self.query_one("#page", LinesPane).scroll_lines(by)

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        pane = self.query_one("#page", LinesPane)
        pane.scroll_lines(by * max(pane.size.height - 2, 1))

    async def action_end(self, last: int) -> None:
        """The beginning or the end."""
        pane = self.query_one("#page", LinesPane)
        pane.scroll_lines(len(pane.shown) if last else -len(pane.shown))


class WholeScreen(Reader):
    """Lines that another screen makes."""

    KEYS = "whole"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("whole")]

    def __init__(self, title: str, make: Callable[[int], Lines]) -> None:
        super().__init__()
        self._title, self._make = title, make

    def title_words(self) -> str:
        """What it is."""
        return self._title

    def lines(self, width: int) -> Lines:
        """What is read."""
        return self._make(width)
