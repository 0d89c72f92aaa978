"""Where notes and reasons are written. Nothing gets in that may not be stored, and nothing leaves for a clipboard."""

from collections.abc import Awaitable, Callable
from time import monotonic
from unicodedata import combining

from textual import events
from textual.document._document import Location
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from audit_engine.safe_text import MAX_MARKS, MAX_TEXT, cleaned

KEEP_AFTER, KEEP_WITHIN = 0.3, 1.0
"""Seconds: a text is kept once its writer rests so long, and while they do not rest, after so long all the same."""
LONGEST_PASTE = 20 * MAX_TEXT
"""Characters of a paste that are looked at; what is beyond could never be kept."""


class Field(TextArea):
    """A text of at most 10,000 characters, cleaned as it is typed or pasted."""

    class Cut(Message):
        """Not everything that was typed or pasted was kept."""

        def __init__(self, kept: int, given: int, hidden: int) -> None:
            super().__init__()
            self.kept, self.given, self.hidden = kept, given, hidden

    class Typed(Message):
        """The text is another now."""

    def __init__(self, *, id: str | None = None, most: int = MAX_TEXT) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self._most = most
        """Characters it takes."""
        self._timer: Timer | None = None
        self._unkept_since: float | None = None

    def keep_soon(self, keep: Callable[[], Awaitable[object]]) -> None:
        """Keep the text once its writer rests, or a second after its first change that is not kept.

        Beside the typing, not in it: a database that keeps us waiting must not keep letters off the screen.
        """
        at = monotonic()
        self._unkept_since = self._unkept_since or at
        if self._timer is not None:
            self._timer.stop()

        async def kept() -> None:
            await keep()

        def now() -> None:
            self._unkept_since = None
            self.app.run_worker(kept())

        wait = min(KEEP_AFTER, max(self._unkept_since + KEEP_WITHIN - KEEP_AFTER - at, 0.01))
        self._timer = self.set_timer(wait, now)

    def write(self, text: str) -> None:
        """Put a text in, the cursor behind it."""
        self.load_text(cleaned(text)[0][: self._most])
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        """Every way a text changes goes through here: typing, pasting, undoing."""
        given = len(edit.text)
        text, hidden = cleaned(edit.text[:LONGEST_PASTE])
        if text and combining(text[0]):
            text = self._few_marks(text, min(edit.from_location, edit.to_location))
        replaced = len(self.get_text_range(*sorted((edit.from_location, edit.to_location))))
        room = self._most - (len(self.text) - replaced)
        kept = text[: max(room, 0)]
        if len(kept) < given:
            self.post_message(self.Cut(len(kept), given, hidden))
        edit.text = kept
        result = super().edit(edit)
        self.post_message(self.Typed())
        return result

    def _few_marks(self, text: str, at: Location) -> str:
        """Typed one by one, combining marks are as many as pasted together: no more than may be stored."""
        before = self.get_text_range((at[0], max(at[1] - 2 * MAX_MARKS, 0)), at)
        return text[cleaned(before + text)[1] :]  # what is one too many stands at its beginning

    async def _on_paste(self, event: events.Paste) -> None:
        # The widget's own way first walks through everything that was pasted, which ten megabytes make slow.
        event.prevent_default()
        event.stop()
        given = len(event.text)
        text, hidden = cleaned(event.text[:LONGEST_PASTE])
        room = self._most - (len(self.text) - len(self.selected_text))
        kept = text[: max(room, 0)]
        if result := self._replace_via_keyboard(kept, *self.selection):
            self.move_cursor(result.end_location)
        if len(kept) < given:
            self.post_message(self.Cut(len(kept), given, hidden))
