"""What every screen has: a heading with the saved stamp, its body, one status line, the footer. And its manners:
keys are obeyed in order, refusals are said in the status line, and below 80 x 24 one sentence stands instead."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar, ParamSpec, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from audit_engine.calendars import now
from audit_engine.problems import Refused, Unusable
from tui.app import AuditApp
from tui.drawing.frame import footer, heading, refusal_lines, too_small
from tui.drawing.words import BAD, GOOD, QUIET, Lines, fitted, words, wrapped
from tui.keymap import KEYMAP, hints, modes_of

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

WIDTH, HEIGHT = 80, 24
SAVING_AFTER = 0.1
"""Seconds after which the stamp says that it is still saving; most are saved before anybody could read it."""
MOST_STATUS = 6
"""Lines the status may take; only a refusal with many reasons takes more than one."""


class Words(Static):
    """A few lines. Takes lines that were made safe; bare text is not accepted."""

    def __init__(self, *, id: str | None = None) -> None:
        self._said = Content("")
        super().__init__(self._said, id=id, markup=False)

    def say(self, lines: Iterable[Content]) -> None:
        """Show these lines instead."""
        content = Content("\n").join(lines)
        if not content.is_same(self._said):
            # A layout of the whole screen only when it is needed: most keys change words, not their places.
            layout = content.plain.count("\n") != self._said.plain.count("\n")
            self._said = content
            self.update(content, layout=layout)


class Framed(Screen[T]):
    """A screen of the program. `KEYS` names its row of the keymap."""

    KEYS: ClassVar[str] = ""
    ALLOW_SELECT = False

    app: AuditApp

    def __init__(self) -> None:
        super().__init__()
        self.stamp: Content = Content("")
        self.writing = False
        """NOTE MODE: keys are text."""
        self.met = False
        """The newest refusal: somebody else was here first."""
        self._said: Lines = []
        self._small = False

    def body(self) -> Iterable[Widget]:
        """The screen's own widgets, from top to bottom."""
        raise NotImplementedError

    def title_words(self) -> str:
        """What the heading says."""
        raise NotImplementedError

    def progress_words(self) -> str:
        """How far it is; in the heading, and never cut."""
        return ""

    def resting_words(self) -> str:
        """What the status line says while there is nothing to say."""
        return ""

    def draw(self) -> None:
        """Draw the body anew from what the screen knows, for the size it has."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Heading, body, status line, footer."""
        yield Words(id="heading")
        with Widget(id="body"):
            yield from self.body()
        yield Words(id="status")
        yield Words(id="footer")
        yield Words(id="small")

    # --- drawing ----------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw everything anew."""
        if not self.is_attached or self.size.width == 0:
            return
        width = self.size.width
        self._small = width < WIDTH or self.size.height < HEIGHT
        self.set_class(self._small, "-small")
        if self._small:
            self.query_one("#small", Words).say(too_small(width, self.size.height, WIDTH, HEIGHT))
            return
        self.redraw_heading()
        mode = "note" if self.writing else "list"
        self.query_one("#footer", Words).say([footer(list(hints(self.KEYS, mode)), width, writing=self.writing)])
        self._show_status()
        self.draw()

    def _show_status(self) -> None:
        lines = self._said[:MOST_STATUS]
        status = self.query_one("#status", Words)
        status.say(lines or [words(fitted(f" {self.resting_words()}", self.size.width), QUIET)])
        status.styles.height = max(len(lines), 1)

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size; a pane knows its own only after the layout."""
        self.redraw()
        self.call_after_refresh(self.redraw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key may do this now: never a grade into a window that shows nothing, or into a note."""
        mode = modes_of(self.KEYS).get(action)
        if action in ("leave", "app.leave"):
            return True
        if mode is None or self._small:
            return False
        return mode == "any" or (mode == "note") == self.writing

    # --- saying -----------------------------------------------------------------------------------------------

    def say(self, text: str, style: str = "") -> None:
        """One sentence in the status line."""
        self._said = wrapped(text, max(self.size.width - 2, 20), style=style, indent=1) if text else []
        if self.is_attached and not self._small:
            self._show_status()

    def saved(self, turn: int | None = None) -> None:
        """Stamp: it is on disk. Only ever called after the commit."""
        at = now().astimezone().strftime("%H:%M:%S")
        self.stamp = words(f"saved {at}" + (f" turn {turn}" if turn is not None else ""), GOOD)

    def unsaved(self, why: str) -> None:
        """Stamp: it is not on disk."""
        self.stamp = words("NOT SAVED", BAD)
        self.say(f"NOT SAVED: {why}", BAD)

    async def ask(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Read something. What cannot be read is said in the status line; None then."""
        self.met = False
        try:
            return await self.app.lane.ask(call, *args, **kwargs)
        except Refused as refused:
            self.met = any(reason.rule == "turn" for reason in refused.reasons)
            self._tell(refusal_lines(refused, self.size.width))
        except Unusable as error:
            self._tell([line for one in error.problems for line in wrapped(str(one), self.size.width - 2, 1, BAD)])
        return None

    async def save(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Save something, and stamp it once it is committed. What was refused or failed is said; None then."""
        self.say("")
        waiting = self.set_timer(SAVING_AFTER, self._still_saving)
        answer = await self.ask(call, *args, **kwargs)
        waiting.stop()
        if answer is None:
            self.stamp = words("NOT SAVED", BAD)
        else:
            self.saved(getattr(answer, "turn", None))
        self.redraw_heading()
        return answer

    def _still_saving(self) -> None:
        self.stamp = Content("saving...")
        self.redraw_heading()

    async def reread(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Read what stands now, leaving what the status line says."""
        try:
            return await self.app.lane.ask(call, *args, **kwargs)
        except (Refused, Unusable):
            return None

    def refused_words(self) -> str:
        """What the status line says, for the screen below to say it."""
        return " ".join(line.plain.strip() for line in self._said)

    def redraw_heading(self) -> None:
        """The heading alone."""
        if self.is_attached and not self._small:
            width, progress = self.size.width, self.progress_words()
            line = heading(self.title_words(), self.stamp, width, training=self.app.training, progress=progress)
            self.query_one("#heading", Words).say([line])

    def _tell(self, lines: Lines) -> None:
        self._said = lines
        if self.is_attached and not self._small:
            self._show_status()

    # --- for all ----------------------------------------------------------------------------------------------

    def on_paste(self, event: events.Paste) -> None:
        """Nothing takes it in list mode: digits that were pasted are no grades."""
        event.stop()
        note = next((key for key in KEYMAP.get(self.KEYS, ()) if key.action == "note"), None)
        self.say(f"Pasted text was ignored{f': press {note.keys[0]} to write a note' if note else ''}.")

    def in_turn(self, act: Callable[..., Awaitable[Any]], *args: Any) -> None:
        """Do this after every key that was pressed before: for clicks, which arrive another way than keys."""
        self.app.call_next(act, *args)

    def list_mode(self) -> None:
        """Keys act again."""
        self.writing = False
        self.set_focus(None)

    def note_mode(self, field: Widget) -> None:
        """Keys type."""
        self.writing = True
        self.set_focus(field)

    async def after_escalation(self) -> None:
        """An escalation was raised from here."""

    async def action_help(self) -> None:
        """The keys of this screen."""
        self.app.show_help(self)

    async def action_back(self) -> None:
        """One step out."""
        self.dismiss(None)
