"""The program behind the screens: one lane, one seat, no stock manners of the framework.

Keys: every binding of ours has priority, so textual runs its action in the program's own message pump, which takes
the next key only when the action is done. So keys are obeyed in the order they were pressed, a digit never falls into
a note that was about to open, and the screens' own pumps are free to draw meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from tui.keymap import LEAVE
from tui.lane import Lane

if TYPE_CHECKING:
    from tui.desk.seat import Place, Seat


TAKING_IN = 2.0
"""Seconds after which a key is no longer waited for."""


class AuditApp(App[None]):
    """The screens of one person in one workspace."""

    CSS_PATH = "app.tcss"
    TITLE = "audit"
    AUTO_FOCUS = None  # else a digit meant as a grade lands in the first thing that takes text
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding(LEAVE.keys[0], "leave", show=False, id=LEAVE.id, priority=True)]

    def __init__(
        self, place: "Place", first: Callable[[], Screen[None]], help_: Callable[[Screen[Any]], Screen[Any]],
        driver_class: type[Driver] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(driver_class=driver_class, ansi_color=True)
        self.place = place
        self.lane = Lane()
        self.seat: Seat | None = None
        """Known once the database is open, which is after the first picture."""
        self.loop: asyncio.AbstractEventLoop | None = None
        """Known while it runs."""
        self._first, self._help = first, help_
        self._keys: deque[events.Key | events.Paste] = deque()
        """Pressed, and not obeyed yet."""
        self._obeying = False
        self._leaves_it_behind = False

    @property
    def training(self) -> bool:
        """Whether every screen says TRAINING."""
        return self.seat is not None and self.seat.training

    @property
    def here(self) -> "Seat":
        """The seat. Only for screens that come after the first."""
        assert self.seat is not None  # noqa: S101 - the first screen opens it before it lets anybody on
        return self.seat

    def on_mount(self) -> None:
        """The first picture, before anything heavy is read."""
        self.theme = "ansi-dark"
        self.loop = asyncio.get_running_loop()
        self.push_screen(self._first())

    async def on_event(self, event: events.Event) -> None:
        """One key after the other, so that none is lost and none comes too early: see `_obey_next`."""
        leaves = isinstance(event, events.Key) and event.key in LEAVE.keys
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded or leaves:
            await super().on_event(event)
        else:
            self._keys.append(event)
            await self._obey_next()

    @property
    def idle(self) -> bool:
        """Whether every key that was pressed is obeyed, and the screen has settled."""
        return not self._keys and not self._obeying and getattr(self.screen, "settled", True)

    async def _obey_next(self) -> None:
        """Obey the key that waits longest, once the screen it is for stands and has settled.

        One key in one message of this pump: what a closing screen hands back is dealt with before the next.
        """
        if not self._keys:
            return
        if not (self.screen.is_mounted and getattr(self.screen, "settled", True)):
            self.set_timer(0.002, self._obey_next)
            return
        await self._obey(self._keys.popleft())
        if self._keys:
            self.call_later(self._obey_next)

    async def _obey(self, event: events.Key | events.Paste) -> None:
        """Obey one key, and wait until the field it was typed into has taken it in."""
        field, self._obeying = self.focused, True
        try:
            await super().on_event(event)
        finally:
            self._obeying = False
        if field is not None and event.is_forwarded:
            taken_in = asyncio.Event()
            field.call_later(taken_in.set)
            with suppress(TimeoutError):  # a field that is closing takes nothing in any more
                await asyncio.wait_for(taken_in.wait(), TAKING_IN)

    def show_help(self, screen: Screen[Any]) -> None:
        """The keys of a screen, on top of it."""
        self.push_screen(self._help(screen))

    async def action_leave(self) -> None:
        """Leave, when what is on the lane is done. What is being written and cannot be kept holds one back, once."""
        if await self.keep_drafts() or self._leaves_it_behind:
            self.exit()
            return
        self._leaves_it_behind = True
        for say in [say for screen in self.screen_stack if (say := getattr(screen, "say", None))][-1:]:
            say("NOT SAVED: what you are writing cannot be kept now. Wait a moment; Ctrl+Q again leaves without it.")

    async def keep_drafts(self) -> bool:
        """Let every screen keep what is being written on it. Whether all of it is on disk."""
        kept = True
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                kept = await keep() and kept
        return kept

    # --- what the framework would do ------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Leave without the framework's page of local variables, which would show what people wrote.

        The error itself goes to `tui.opening`, which names its place and nothing else.
        """
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    @property
    def failed_with(self) -> Exception | None:
        """The mistake in the program that ended it; None when it was left."""
        return self._exception

    def panic(self, *renderables: Any) -> None:
        """Leave. What the framework wanted to print may hold what people wrote."""
        self._return_code = 1
        self._close_messages_no_wait()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """None: one of the stock ones writes a picture of the screen to disk."""
        return ()

    def copy_to_clipboard(self, text: str) -> None:
        """Keep it for pasting in here. What people wrote never goes to the terminal's clipboard."""
        self._clipboard = text

    def copy_reference(self, reference: str) -> None:
        """Give a reference, and only that, to the terminal's clipboard."""
        super().copy_to_clipboard(reference)

    def notify(self, *_args: Any, **_more: Any) -> None:
        """No toasts: they lie on top of what is being read. The status line says it."""

    def action_help_quit(self) -> None:
        """Ctrl+C does nothing: Esc and q go back, Ctrl+Q leaves."""
