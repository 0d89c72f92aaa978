"""How every screen behaves, also one that only asks something: its keys come from the keymap, and below 80 x 24 one
sentence stands instead of it and no key does anything but leave."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.app import AuditApp
from tui.drawing.frame import too_small
from tui.keymap import modes_of

T = TypeVar("T")
WIDTH, HEIGHT = 80, 24


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


class Mannered(Screen[T]):
    """A screen with manners. `KEYS` names its row of the keymap."""

    KEYS: ClassVar[str] = ""
    ALLOW_SELECT = False

    app: AuditApp

    def __init__(self) -> None:
        super().__init__()
        self.writing = False
        """NOTE MODE: keys are text."""
        self.settled = True
        """Whether the next key may come. A screen that is still opening lets keys wait, so that none is lost."""
        self._small = False
        self._written_in: Widget | None = None

    def picture(self) -> ComposeResult:
        """The screen's own widgets."""
        raise NotImplementedError

    def draw_all(self) -> None:
        """Draw everything anew, for the size it has."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Its own widgets, and the sentence that stands for them in a small window."""
        yield from self.picture()
        yield Words(id="small")

    def redraw(self) -> None:
        """Draw everything anew; or the one sentence."""
        if not self.is_attached or self.size.width == 0:
            return
        width, height = self.size
        self._small = width < WIDTH or height < HEIGHT
        self.set_class(self._small, "-small")
        if self._small:
            self.query_one("#small", Words).say(too_small(width, height, WIDTH, HEIGHT))
            return
        if self._written_in is not None and self.focused is None:
            self.set_focus(self._written_in)  # a field that was out of sight has lost it
        self.draw_all()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size; a pane knows its own only after the layout."""
        self.redraw()
        self.call_after_refresh(self.redraw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key may do this now: never a grade into a window that shows nothing, or into a note."""
        if action in ("leave", "app.leave"):
            return True
        modes = modes_of(self.KEYS).get(action, frozenset())
        return not self._small and ("note" if self.writing else "list") in modes

    def in_turn(self, act: Callable[..., Awaitable[Any]], *args: Any) -> None:
        """Do this after every key that was pressed before: for clicks, which arrive another way than keys.

        Not at all when another screen has opened on top meanwhile: the second of two quick clicks is not for it.
        """

        async def now() -> None:
            if self.app.screen is self:
                await act(*args)

        self.app.call_next(now)

    def list_mode(self) -> None:
        """Keys act again."""
        self.writing = False
        self._written_in = None
        self.set_focus(None)

    def note_mode(self, field: Widget) -> None:
        """Keys type."""
        self.writing = True
        self._written_in = field
        self.set_focus(field)

    async def action_back(self) -> None:
        """One step out."""
        self.dismiss(None)
