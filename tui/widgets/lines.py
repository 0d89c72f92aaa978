"""A pane of lines. Scrolls by itself so that the line where the person is can be seen."""

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

_MARK = Style(bold=True)


class LinesPane(Widget):
    """Lines of words; at most one of them is the line where the person is."""

    class Clicked(Message):
        """A line was clicked."""

        def __init__(self, pane: "LinesPane", line: int) -> None:
            super().__init__()
            self.pane = pane
            self.line = line

        @property
        def control(self) -> "LinesPane":
            """The pane."""
            return self.pane

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()
        self._strips: dict[int, Strip] = {}
        self._top = 0
        self._at: int | None = None

    @property
    def shown(self) -> Sequence[Content]:
        """All lines, also those out of sight."""
        return self._lines

    def show(self, lines: Sequence[Content], at: int | None = None, *, around: int = 0, keep: bool = False) -> None:
        """Show these lines.

        Args:
            at: The line that must be in sight; None leaves the pane where it is, or at its top.
            around: How many lines beside it should be in sight, too.
            keep: Stay scrolled as it was where `at` is None.
        """
        before, top = self._lines, self._top
        self._lines, self._strips, self._at = lines, {}, at
        if at is None and not keep:
            self._top = 0
        self._scrolled_to(at, around)
        if top != self._top or (len(before) > self.size.height) != (len(lines) > self.size.height):
            self.refresh()
            return
        # Only the rows that changed are drawn: over a slow line a key must not cost a screen.
        width = self.size.width
        for row in range(self.size.height):
            old, new = (one[top + row] if top + row < len(one) else None for one in (before, lines))
            if old is not new and (old is None or new is None or not old.is_same(new)):
                self.refresh(Region(0, row, width, 1))

    def scroll_lines(self, by: int) -> None:
        """Scroll without moving anything else."""
        self._top = max(0, min(self._top + by, len(self._lines) - self.size.height))
        self.refresh()

    def _scrolled_to(self, at: int | None, around: int = 0) -> None:
        height = self.size.height
        if at is not None and height:
            around = min(around, (height - 1) // 2)
            if at - around < self._top:
                self._top = at - around
            elif at + around >= self._top + height:
                self._top = at + around - height + 1
        self._top = max(0, min(self._top, len(self._lines) - height))

    def on_resize(self) -> None:
        """Keep the line in sight."""
        self._strips = {}
        self._scrolled_to(self._at)

    def on_click(self, event: events.Click) -> None:
        """Say which line it was."""
        offset = event.get_content_offset(self)
        if offset is not None and self._top + offset.y < len(self._lines):
            self.post_message(self.Clicked(self, self._top + offset.y))

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.scroll_lines(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.scroll_lines(-3)

    def render_line(self, y: int) -> Strip:
        """One row of the pane; where lines are out of sight, its last cell says so."""
        width, height = self.size
        line = self._top + y
        if not 0 <= line < len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = self._strips.get(line)
        if strip is None:
            segments = self._lines[line].render_segments(self.visual_style)
            strip = self._strips[line] = Strip(segments).adjust_cell_length(width, self.rich_style)
        above, below = y == 0 and self._top > 0, y == height - 1 and line < len(self._lines) - 1
        if (above or below) and width > 1:
            mark = Segment("^" if above else "v", (self.visual_style + _MARK).rich_style)
            return Strip([*strip.crop(0, width - 1), mark], width)
        return strip
