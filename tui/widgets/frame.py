"""What every screen of the program has: a heading with the saved stamp, its body, one status line, the footer."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from audit_engine.calendars import clock, now
from audit_engine.problems import Refused, Unusable
from tui.desk.seen import Unseen
from tui.drawing.frame import failure_lines, footer, heading, refusal_lines
from tui.drawing.words import BAD, GOOD, QUIET, Lines, cut, fitted, words, wrapped
from tui.keymap import KEYMAP, hints
from tui.widgets.manners import Mannered, Words

if TYPE_CHECKING:
    from tui.desk.at_audit import AtAudit

__all__ = ["Framed", "Words"]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

SAVING_AFTER = 0.1
"""Seconds after which the stamp says that it is still saving; most are saved before anybody could read it."""
MOST_STATUS = 6
"""Lines the status may take; only a refusal with many reasons takes more than one."""


class Framed(Mannered[T]):
    """A screen of the program: heading, body, status line, footer."""

    def __init__(self) -> None:
        super().__init__()
        self.stamp: Content = Content("")
        self.refused = False
        """What was asked last was refused, or failed."""
        self.met = False
        """The newest refusal: somebody else was here first."""
        self.drafts: dict[str, str] = {}
        self._letting_go: set[str] = set()
        """What this person has begun to write on this audit, by place, as it is on disk."""
        self._said: Lines = []

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

    def picture(self) -> ComposeResult:
        """Heading, body, status line, footer."""
        yield Words(id="heading")
        with Widget(id="body"):
            yield from self.body()
        yield Words(id="status")
        yield Words(id="footer")

    # --- drawing ----------------------------------------------------------------------------------------------

    def draw_all(self) -> None:
        """Heading, footer, status line, body."""
        self.redraw_heading()
        self.query_one("#footer", Words).say([footer(self.offered_keys(), self.size.width, label=self.mode_words())])
        self._show_status()
        self.draw()

    def offered_keys(self) -> list[tuple[str, str]]:
        """What the footer offers now."""
        return list(hints(self.KEYS, "note" if self.writing else "list", self.idle_actions()))

    def idle_actions(self) -> Collection[str]:
        """Actions that make no sense now, and so are not offered."""
        return ()

    def mode_words(self) -> str:
        """What stands before the footer's keys."""
        return "NOTE MODE" if self.writing else ""

    @property
    def status_height(self) -> int:
        """Rows of the status line."""
        return max(min(len(self._said), MOST_STATUS), 1)

    def _show_status(self) -> None:
        lines = cut(self._said, MOST_STATUS)
        status = self.query_one("#status", Words)
        status.say(lines or [words(fitted(f" {self.resting_words()}", self.size.width), QUIET)])
        status.styles.height = max(len(lines), 1)

    # --- saying -----------------------------------------------------------------------------------------------

    def say(self, text: str, style: str = "") -> None:
        """One sentence in the status line."""
        self._said = wrapped(text, max(self.size.width - 2, 20), style=style, indent=1) if text else []
        if self.is_attached and not self._small:
            self._show_status()

    def saved(self, turn: int | None = None) -> None:
        """Stamp: it is on disk. Only ever called after the commit."""
        at = clock(now(), seconds=True)
        self.stamp = words(f"saved {at}" + (f" turn {turn}" if turn is not None else ""), GOOD)

    async def ask(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Read something. What cannot be read is said in the status line; None then."""
        self.met = self.refused = False
        try:
            return await self.app.lane.ask(call, *args, **kwargs)
        except Refused as refused:
            self.met = any(reason.rule == "turn" for reason in refused.reasons)
            self._tell(refusal_lines(refused, self.size.width))
        except Unusable as error:
            self._tell(failure_lines(error, self.size.width))
        self.refused = True
        return None

    async def save(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Save something, and stamp it once it is committed. What was refused or failed is said; None then."""
        self.say("")
        waiting = self.set_timer(SAVING_AFTER, self._still_saving)
        try:
            answer = await self.ask(call, *args, **kwargs)
            if answer is None:
                self.stamp = words("NOT SAVED", BAD)
            else:
                self.saved(self.turn_shown(answer))
        except Unseen as unseen:
            answer = None
            self.saved()
            self.say(f"Saved. But it cannot be shown any more: {unseen}")
        finally:
            waiting.stop()
        self.redraw_heading()
        return answer

    def turn_shown(self, answer: object) -> int | None:
        """The turn that stands in the stamp, where there is one to tell."""
        return getattr(answer, "turn", None)

    def _still_saving(self) -> None:
        self.stamp = Content("saving...")
        self.redraw_heading()

    async def reread(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Read what stands now, leaving what the status line says."""
        try:
            return await self.app.lane.ask(call, *args, **kwargs)
        except (Refused, Unusable, Unseen):
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

    # --- drafts -----------------------------------------------------------------------------------------------

    async def read_drafts(self) -> None:
        """What was begun and not finished, as it is on disk."""
        at = self.audit_at
        if at is not None:
            self.drafts = dict(await self.reread(at.drafts) or {})

    @property
    def audit_at(self) -> "AtAudit | None":
        """The audit that this screen is about; None where it is about many."""
        return None

    async def keep(self, place: str, text: str) -> bool:
        """Keep what is being written; blank lets go of it. Whether it is on disk, or gone from there."""
        at = self.audit_at
        if at is None or place in self._letting_go or self.drafts.get(place, "") == text:
            return True
        done = await self.ask(at.keep, place, text) if text else await self.ask(at.drop, place)
        if done and text:
            self.drafts[place] = text
        elif done:
            self.drafts.pop(place, None)
        return bool(done)

    async def forget(self, *places: str) -> None:
        """It is saved: nothing of it is a draft any more. Leaves what the status line says."""
        at = self.audit_at
        for place in places:
            if at is not None and self.drafts.pop(place, None) is not None:
                # The field's timer may ask to keep the same text once more while its draft is taken away.
                self._letting_go.add(place)
                await self.reread(at.drop, place)
                self._letting_go.discard(place)

    def keeper(self, place: str) -> Callable[[str], Awaitable[bool]]:
        """For a prompt: keeps what is typed there at this place."""

        async def keep(text: str) -> bool:
            return await self.keep(place, text)

        return keep

    # --- for all ----------------------------------------------------------------------------------------------

    def on_paste(self, event: events.Paste) -> None:
        """Nothing takes it in list mode: digits that were pasted are no grades."""
        event.stop()
        note = next((key for key in KEYMAP.get(self.KEYS, ()) if key.action == "note"), None)
        self.say(f"Pasted text was ignored{f': press {note.keys[0]} to write a note' if note else ''}.")

    async def after_escalation(self) -> None:
        """An escalation was raised from here."""

    async def action_copy(self) -> None:
        """The reference, and nothing else."""
        if self.audit_at is not None:
            self.app.copy_reference(self.audit_at.reference)
            self.say(f"Copied: {self.audit_at.reference}. Nothing else can be copied.")

    async def action_help(self) -> None:
        """The keys of this screen."""
        self.app.show_help(self)
