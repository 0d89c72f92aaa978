"""The queue: what waits for me, what is due, how far it is. A page at a time, however long it is."""

import asyncio
from collections.abc import Iterable
from datetime import date
from importlib import import_module
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.calendars import day_of, now
from audit_engine.problems import Unusable
from audit_engine.queue_views import QueueCounts, QueueLine
from tui.drawing.frame import footer
from tui.drawing.queue import chosen_words, column_heads, counts_words, queue_row
from tui.drawing.words import QUIET, fitted, rule, words, wrapped
from tui.keymap import bindings
from tui.screens.doors import MATTER, SCREENS, opened
from tui.screens.prompt import Prompt
from tui.widgets.frame import Framed, Words
from tui.widgets.lines import LinesPane

PAGE = 50
NEAR = 200
"""Lines at the head of the queue among which an audit is looked for again."""
EMPTY = (
    "Nothing waits for you. New work comes when a quality lead draws cases (`audit programme draw`) and allocates them "
    "(`audit allocate`). `r` reads the queue again."
)
NOT_OPENED = "Nothing can be shown. The last lines say why, and what to do. `q` leaves."


class QueueScreen(Framed[None]):
    """The first screen. Draws before anything is read; the lane opens the workspace meanwhile."""

    KEYS = "queue"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("queue")]

    def __init__(self, opens: tuple[str, str] | None = None) -> None:
        """Args: opens: The work and the audit to open at once, on top of the queue."""
        super().__init__()
        self._opens = opens
        self._lines: dict[int, QueueLine] = {}
        """Those that were read, by their place."""
        self._length = 0
        """How many there are."""
        self._counts: QueueCounts | None = None
        self._place, self._top = 0, 0
        self._matching = ""
        self._unfiltered = 0
        """Where the person was before they filtered."""
        self._today: date = day_of(now())
        self.settled = False
        """Keys that come before the queue stands wait for it."""
        self._refused = False
        """The workspace could not be opened, or nobody could be told to act."""

    def body(self) -> Iterable[Widget]:
        """Counts, heads, the lines, and words about one of them."""
        yield Words(id="counts")
        yield LinesPane(id="queue")
        yield Words(id="about")

    def title_words(self) -> str:
        """Whose queue it is."""
        seat = self.app.seat
        if seat is None:
            return "Work queue   not opened" if self._refused else "Work queue   opening..."
        roles = ", ".join(role.replace("_", " ") for role in seat.actor.roles) or "no role"
        return f"Work queue   {seat.actor.reference}, {roles}"

    def progress_words(self) -> str:
        """Where in the queue."""
        return f"{self._place + 1:,} of {self._length:,}" if self._length else ""

    async def on_mount(self) -> None:
        """Draw, then open the workspace."""
        self.redraw()
        # Apart from the screen's own pump, which would draw nothing while it waits.
        self.call_after_refresh(lambda: self.run_worker(self._open()))

    async def _open(self) -> None:
        if self.app.seat is None:
            # Imported here, on the lane: the first picture is on the screen before the database is thought of.
            opened = await self.ask(lambda: import_module("tui.desk.seat").open_seat(self.app.place))
            if opened is None:
                self._refused = self.settled = True
                self.redraw()
                return
            self.app.seat = opened
        await self._read()
        self.settled = True
        if self._opens is not None:
            self.in_turn(self._open_work, *self._opens)
        self.call_after_refresh(lambda: self.run_worker(self._judge_definitions()))
        self.call_after_refresh(lambda: self.run_worker(self._keep_time()))

    async def _keep_time(self) -> None:
        """Do what is late by now, one thing after the other, between whatever keys ask for. Says only what moved."""
        keeping = import_module("tui.desk.keeping_time").KeepingTime(self.app.here)
        while await self.app.lane.ask(keeping.goes_on):
            pass
        if keeping.did:
            self.in_turn(self._told_of_time, keeping.words())

    async def _told_of_time(self, words_: str) -> None:
        """Read the queue again, and say what moved where nothing else is said."""
        await self._read()
        if words_ and not self.refused_words():
            self.say(words_)

    async def _judge_definitions(self) -> None:
        """Say at the start what is wrong in a definition. Beside the lane: no key has to wait for it."""
        try:
            await asyncio.to_thread(self.app.here.judge_definitions)
        except Unusable as error:
            count = len(error.problems)
            told = f"{count} problems are" if count > 1 else "A problem is"
            self.say(f"{told} in the definitions of this workspace: `audit check` names them all. {error.problems[0]}")

    # --- reading ----------------------------------------------------------------------------------------------

    async def _read(self, at: QueueLine | None = None) -> None:
        """Read it anew, and stay at the same audit: the one where the person is, or the one that is given."""
        before = at or self.chosen
        self._today = day_of(now())
        counts = await self.ask(self.app.here.counts)
        if counts is None:
            return
        self._counts, self._lines = counts, {}
        self._length = await self._count() if self._matching else counts.every
        await self._reach(self._place)
        if before is not None:
            self._place = await self._found_again(before)
        self._place = max(min(self._place, self._length - 1), 0)
        self.redraw()

    async def _count(self) -> int:
        """How many lines hold the words: between what is certain and what is possible, halved until they meet."""
        counts = self._counts
        least, most = 0, counts.every if counts else 0
        while least < most:
            half = (least + most) // 2
            start = half // PAGE * PAGE
            if await self._page(half):
                least = self._last_known(half) + 1
            elif start in self._lines:
                return self._last_known(start) + 1
            else:
                most = start
        return least

    def _last_known(self, place: int) -> int:
        """The last line after `place` that was read together with it."""
        while place + 1 in self._lines:
            place += 1
        return place

    async def _page(self, place: int) -> bool:
        """Read the page that holds this place, when it is not read yet. Whether there is a line at this place."""
        start = place // PAGE * PAGE
        if place not in self._lines:
            page = await self.ask(self.app.here.lines, start, PAGE, self._matching)
            self._lines |= {start + n: line for n, line in enumerate(page or ())}
        return place in self._lines

    async def _reach(self, place: int) -> None:
        """Read what a window that shows `place` can show."""
        rows = self._rows()
        first, last = max(place - rows, 0), min(place + rows, self._length - 1)
        for start in range(first // PAGE, last // PAGE + 1):
            await self._page(min(max(start * PAGE, first), last))

    async def _found_again(self, line: QueueLine) -> int:
        """The place of an audit that stood where the person was; the same place when it is not near any more.

        One that was handed on is left where it went: what comes next is at the old place.
        """
        near = sorted(self._lines, key=lambda place: abs(place - self._place))
        if line.group == "me" and self._counts is not None:
            within = min(self._counts.to_do, NEAR) if not self._matching else min(self._length, NEAR)
            for place in range(0, within, PAGE):
                await self._page(place)
            near += [place for place in self._lines if place < within]
        return next((place for place in near if _same(self._lines[place], line)), self._place)

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
        if self._refused:
            self.query_one("#counts", Words).say([words(""), *wrapped(NOT_OPENED, width - 1, 1)])
            self.query_one("#footer", Words).say([footer([("q", "leave")], width)])
            return
        counts = counts_words(self._counts, width) if self._counts else "Reading your queue..."
        across = rule(f"filter: {self._matching}" if self._matching else "", width)
        self.query_one("#counts", Words).say([words(fitted(f" {counts}", width)), across, column_heads(width)])
        self._top = max(min(max(self._top, self._place - rows + 1), self._place, self._length - rows), 0)
        shown = [
            queue_row(self._lines[n], self._today, width, here=n == self._place)
            for n in range(self._top, min(self._top + rows, self._length))
            if n in self._lines
        ]
        if not shown and self._counts is not None:
            text = f"Nothing holds '{self._matching}'. Esc shows everything." if self._matching else EMPTY
            shown = wrapped(text, width - 1, 1, QUIET)
        self.query_one("#queue", LinesPane).show(shown)
        about = chosen_words(self.chosen, width) if self._counts is not None else []
        self.query_one("#about", Words).say(about)

    # --- moving -----------------------------------------------------------------------------------------------

    async def _go_to(self, place: int) -> None:
        if self._counts is None:
            return
        place = max(min(place, self._length - 1), 0)
        await self._reach(place)
        self._place = place
        self.say("")
        self.redraw()

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        await self._go_to(self._place + by)

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        await self._go_to(self._place + by * self._rows())

    async def action_end(self, last: int) -> None:
        """The first or the last line."""
        await self._go_to(self._length - 1 if last else 0)

    async def action_next_to_do(self, by: int) -> None:
        """The next line that waits for this person; they come first."""
        if self._counts is None:
            return
        place = self._place + by
        if by < 0 and not self._matching:
            place = min(place, self._counts.to_do - 1)
        while 0 <= place < self._length and await self._page(place):
            if self._lines[place].group == "me":
                await self._go_to(place)
                return
            if by > 0:
                break
            place -= 1
        self.say("Nothing more waits for you in this direction.")

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.in_turn(self._go_to_by, 3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.in_turn(self._go_to_by, -3)

    async def _go_to_by(self, by: int) -> None:
        await self._go_to(self._place + by)

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
        if line.matter:
            self._open_matter(line.reference, line.audit)
        elif line.number is not None:
            self.app.push_screen(opened(*SCREENS[line.work], line.reference, line.number), self._back)
        else:
            await self._open_work(line.work, line.reference)

    def _open_matter(self, reference: str, audit: str | None) -> None:
        """With its audit, where it has one to look at; else on a page of its own."""
        screen = opened(*MATTER, reference) if audit is None else opened(*SCREENS["steps"], audit, None, reference)
        self.app.push_screen(screen, self._back)

    async def _open_work(self, work: str, reference: str) -> None:
        self.app.push_screen(opened(*SCREENS[work], reference), self._back)

    async def _back(self, told: object) -> None:
        await self._read()
        if isinstance(told, str):
            self.say(told)

    async def action_reread(self) -> None:
        """What others did meanwhile."""
        if self._counts is not None:
            self.say("")
            await self._read()

    async def after_escalation(self) -> None:
        """It stands in the queue now."""
        await self._read()

    async def action_filter(self) -> None:
        """Only what holds these words."""
        if self._counts is not None:
            self.app.push_screen(Prompt("Show only what holds", self._matching, longest=200), self._filtered)

    async def _filtered(self, typed: str | None) -> None:
        if typed is not None:
            if not self._matching:
                self._unfiltered = self._place
            self._matching, self._place, self._top, self._lines = typed.strip(), 0, 0, {}
            await self._read()

    async def action_unfilter(self) -> None:
        """Everything again: at the same audit where it is near, else where the person was before."""
        if self._matching:
            before = self.chosen
            self._matching, self._place = "", self._unfiltered
            await self._read(before)

    async def action_go_to(self) -> None:
        """Anything that is theirs to see, also what does not wait for them: what can happen to it."""
        if self._counts is not None:
            asks = "Go to what? The reference of an audit, an action, a challenge, ..."
            self.app.push_screen(Prompt(asks, needs=1, longest=80), self._went)

    async def _went(self, typed: str | None) -> None:
        reference = (typed or "").strip().upper()
        if not reference:
            return
        found = await self.ask(self.app.here.matter, reference)
        if found is not None and found.reference is not None:
            self._open_matter(found.reference, found.audit)
        elif found is not None:
            self.app.push_screen(opened(*SCREENS["steps"], reference), self._back)

    async def action_steps(self) -> None:
        """What can happen to it."""
        line = self.chosen
        if line is not None and line.matter:
            self._open_matter(line.reference, line.audit)
        elif line is not None:
            self.app.push_screen(opened(*SCREENS["steps"], line.reference, line.number), self._back)

    async def action_history(self) -> None:
        """Its story."""
        line = self.chosen
        if line is not None and line.matter:
            at = import_module("tui.desk.matter").AtMatter(self.app.here, line.reference)
            await import_module(MATTER[0]).show_story(self, at)
        elif line is not None:
            self.app.push_screen(opened("tui.screens.history", "HistoryScreen", line.reference))

    async def action_escalate(self) -> None:
        """A child may be at risk."""
        line = self.chosen
        audit = line.audit if line is not None and line.matter else line.reference if line is not None else None
        if audit is not None:
            escalate = import_module("tui.screens.escalating").escalate
            await escalate(self, import_module("tui.desk.at_audit").AtAudit(self.app.here, audit))
        elif line is not None:
            self.say(import_module(MATTER[0]).NO_CHILD)

    async def action_copy(self) -> None:
        """The reference, and nothing else."""
        if self.chosen is not None:
            self.app.copy_reference(self.chosen.reference)
            self.say(f"Copied: {self.chosen.reference}. Nothing else can be copied.")


def _same(one: QueueLine, other: QueueLine) -> bool:
    """Whether two lines are about the same thing: an audit and each escalation on it are several."""
    return (one.reference, one.group, one.number) == (other.reference, other.group, other.number)
