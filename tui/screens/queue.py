"""The queue: what waits for me, what is due, how far it is. A page at a time, however long it is."""

from collections.abc import Iterable
from datetime import date
from importlib import import_module
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.calendars import day_of, now
from audit_engine.work_views import QueueCounts, QueueLine
from tui.drawing.queue import chosen_words, column_heads, counts_words, queue_row
from tui.drawing.words import QUIET, rule, words
from tui.keymap import bindings
from tui.screens.prompt import Prompt
from tui.widgets.frame import Framed, Words
from tui.widgets.lines import LinesPane

PAGE = 50
BELOW = 4
"""Lines about the audit where the person is."""


class QueueScreen(Framed[None]):
    """The first screen. Draws before anything is read; the lane opens the workspace meanwhile."""

    KEYS = "queue"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("queue")]

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[int, QueueLine] = {}
        self._end: int | None = None
        """How many there are; None while the last page is not read."""
        self._counts: QueueCounts | None = None
        self._place, self._top = 0, 0
        self._matching = ""
        self._today: date = day_of(now())

    def body(self) -> Iterable[Widget]:
        """Counts, heads, the lines, and words about one of them."""
        yield Words(id="counts")
        yield LinesPane(id="queue")
        yield Words(id="about")

    def title_words(self) -> str:
        """Whose queue it is."""
        seat = self.app.seat
        if seat is None:
            return "Work queue   opening..."
        roles = ", ".join(role.replace("_", " ") for role in seat.actor.roles) or "no role"
        return f"Work queue   {seat.actor.reference}, {roles}"

    async def on_mount(self) -> None:
        """Draw, then open the workspace."""
        self.redraw()
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        if self.app.seat is None:
            # Imported here, on the lane: the first picture is on the screen before the database is thought of.
            opened = await self.ask(lambda: import_module("tui.desk.seat").open_seat(self.app.place))
            if opened is None:
                return
            self.app.seat = opened
        await self._read()
        await self.ask(self.app.here.judge_definitions)

    async def _read(self) -> None:
        """Read the counts and the page where the person is, anew."""
        self._today = day_of(now())
        self._lines, self._end = {}, None
        self._counts = await self.ask(self.app.here.counts)
        await self._reach(self._place)
        self._place = min(self._place, max(self._length() - 1, 0))
        self.redraw()

    async def _reach(self, place: int) -> None:
        """Read the pages that the window needs to show `place`."""
        for start in range((max(self._top, place - PAGE) // PAGE) * PAGE, place + self._rows() + 1, PAGE):
            known = start in self._lines or (self._end is not None and start >= self._end)
            if known or start < 0:
                continue
            page = await self.ask(self.app.here.lines, start, PAGE, self._matching)
            if page is None:
                return
            self._lines |= {start + n: line for n, line in enumerate(page)}
            if len(page) < PAGE and (page or start == 0):
                self._end = start + len(page)
            elif not page:
                self._end = max(self._lines, default=-1) + 1

    def _length(self) -> int:
        return self._end if self._end is not None else max(self._lines, default=-1) + 1

    def _rows(self) -> int:
        return max(self.query_one("#queue", LinesPane).size.height, 1)

    @property
    def chosen(self) -> QueueLine | None:
        """The line where the person is."""
        return self._lines.get(self._place)

    # --- drawing ----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Only the lines in sight are drawn."""
        width, rows = self.size.width, self._rows()
        counts = counts_words(self._counts, self._matching) if self._counts else "Reading your queue..."
        self.query_one("#counts", Words).say([words(f" {counts}"), rule("", width), column_heads(width)])
        self._top = min(max(self._top, self._place - rows + 1), self._place)
        shown = [
            queue_row(self._lines[n], self._today, width, here=n == self._place)
            for n in range(self._top, min(self._top + rows, self._length()))
            if n in self._lines
        ]
        if not shown and self._counts is not None:
            shown = [words(" Nothing here." if self._matching else " Nothing waits for you.", QUIET)]
        self.query_one("#queue", LinesPane).show(shown)
        about = chosen_words(self.chosen, width) if self._counts is not None else []
        self.query_one("#about", Words).say(about)

    # --- moving -----------------------------------------------------------------------------------------------

    async def _go_to(self, place: int) -> None:
        if self._counts is None:
            return
        place = max(place, 0)
        await self._reach(place)
        self._place = max(min(place, self._length() - 1), 0)
        self.say("")
        self.draw()

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        await self._go_to(self._place + by)

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        await self._go_to(self._place + by * self._rows())

    async def action_end(self, last: int) -> None:
        """The first or the last line."""
        if not last:
            return await self._go_to(0)
        while self._end is None and self._counts is not None:
            before = self._length()
            await self._reach(before)
            if self._length() == before and self._end is None:
                break
        return await self._go_to(self._length() - 1)

    async def action_next_to_do(self, by: int) -> None:
        """The next line that waits for this person; they come first."""
        to_do = [n for n, line in self._lines.items() if line.group == "me"]
        ahead = [n for n in to_do if (n > self._place if by > 0 else n < self._place)]
        if ahead:
            await self._go_to(min(ahead) if by > 0 else max(ahead))
        else:
            self.say("Nothing more waits for you in this direction.")

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes there; a second one opens it."""
        self.in_turn(self._clicked, self._top + message.line)

    async def _clicked(self, place: int) -> None:
        if place == self._place:
            await self.action_open()
        else:
            await self._go_to(place)

    # --- doing ------------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """The screen for the work that this audit waits for."""
        line = self.chosen
        if line is None:
            return
        self.say("")
        module, name = _SCREENS[line.work]
        screen = getattr(import_module(module), name)(line.reference)
        self.app.push_screen(screen, self._back)

    async def _back(self, told: object) -> None:
        await self._read()
        if isinstance(told, str):
            self.say(told)

    async def action_reread(self) -> None:
        """What others did meanwhile."""
        if self._counts is not None:
            await self._read()

    async def action_filter(self) -> None:
        """Only what holds these words."""
        if self._counts is not None:
            self.app.push_screen(Prompt("Show only what holds", self._matching, longest=200), self._filtered)

    async def _filtered(self, typed: str | None) -> None:
        if typed is not None:
            self._matching, self._place, self._top = typed.strip(), 0, 0
            await self._read()

    async def action_unfilter(self) -> None:
        """Everything again."""
        await self._filtered("")

    async def action_steps(self) -> None:
        """What can happen to it."""
        if self.chosen is not None:
            self.app.push_screen(_screen("tui.screens.steps", "StepsScreen", self.chosen.reference), self._back)

    async def action_history(self) -> None:
        """Its story."""
        if self.chosen is not None:
            self.app.push_screen(_screen("tui.screens.history", "HistoryScreen", self.chosen.reference))

    async def action_escalate(self) -> None:
        """A child may be at risk."""
        line = self.chosen
        if line is not None:
            escalate = import_module("tui.screens.escalating").escalate
            escalate(self, import_module("tui.desk.seat").AtAudit(self.app.here, line.reference))

    async def action_copy(self) -> None:
        """The reference, and nothing else."""
        if self.chosen is not None:
            self.app.copy_reference(self.chosen.reference)
            self.say(f"Copied: {self.chosen.reference}. Nothing else can be copied.")


def _screen(module: str, name: str, *arguments: Any) -> Any:
    """A screen of a module that is read only now: the first picture needs none of them."""
    return getattr(import_module(module), name)(*arguments)


_SCREENS = {
    "grade": ("tui.screens.workbench", "WorkbenchScreen"),
    "moderate": ("tui.screens.moderation", "begin_moderating"),
    "answer": ("tui.screens.reading", "ReadingScreen"),
    "steps": ("tui.screens.steps", "StepsScreen"),
}
"""Work -> what opens for it, given the audit's reference."""
