"""The keys of a screen: a list to search, each line of which can be done."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from tui.drawing.words import HERE, QUIET, STRONG, fitted, words
from tui.keymap import HELP, KEYMAP, LEAVE, Key, bindings, written
from tui.widgets.field import Field
from tui.widgets.frame import Framed, Words
from tui.widgets.lines import LinesPane

_KEYS = 12
"""Cells for how a key is written."""


class HelpScreen(Framed[None]):
    """What can be done on the screen below."""

    KEYS = "help"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("help")]

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._place = 0

    def body(self) -> Iterable[Widget]:
        """Where to type, and the list."""
        yield Words(id="asks")
        yield Field(id="search")
        yield LinesPane(id="keys")

    def title_words(self) -> str:
        """What it is."""
        return "Keys of this screen"

    def on_mount(self) -> None:
        """Keys type from the first moment."""
        field = self.query_one("#search", Field)
        field.styles.height = 1
        self.note_mode(field)
        self.redraw()

    def on_field_typed(self) -> None:
        """Show what fits."""
        self._place = 0
        self.redraw()

    @property
    def found(self) -> list[Key]:
        """The keys whose words hold what was typed."""
        typed = self.query_one("#search", Field).text.strip().casefold()
        keys = KEYMAP.get(getattr(self._below, "KEYS", ""), ())
        known = [key for key in (*keys, LEAVE) if key.says and key is not HELP]
        return [key for key in known if typed in f"{written(key)} {_says(key)} {key.hint}".casefold()]

    def draw(self) -> None:
        """One line for each key."""
        width, found = self.size.width, self.found
        self.query_one("#asks", Words).say([words(" Type to search:", STRONG)])
        lines = []
        for place, key in enumerate(found):
            here = place == self._place
            text = f" {'>' if here else ' '} {fitted(written(key), _KEYS)} {fitted(_says(key), width - _KEYS - 5)}"
            lines.append(words(text, HERE if here else ""))
        pane = self.query_one("#keys", LinesPane)
        pane.show(lines or [words(" No key does that here.", QUIET)], self._place if lines else None)

    def mode_words(self) -> str:
        """Keys type, and what they type is looked for."""
        return "SEARCH"

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        self._place = max(0, min(self._place + by, len(self.found) - 1))
        self.redraw()

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        await self.action_go(by * max(self.query_one("#keys", LinesPane).size.height - 2, 1))

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes there; a second one does it."""
        self.in_turn(self._clicked, message.line)

    async def _clicked(self, place: int) -> None:
        if place == self._place:
            await self.action_run()
        elif place < len(self.found):
            self._place = place
            self.redraw()

    async def action_run(self) -> None:
        """Go back, and do what the line says."""
        found = self.found
        if not found:
            return
        key, below = found[self._place], self._below
        self.dismiss(None)
        told = _only_by_hand(key)
        if told and isinstance(below, Framed):
            self.app.call_next(_say, below, told)
        else:
            self.app.call_next(self.app.run_action, key.action, below)


def _says(key: Key) -> str:
    return f"while you write: {key.says}" if key.mode == "note" else key.says


def _only_by_hand(key: Key) -> str:
    """What is said instead of doing it, where the list cannot know what is meant; empty where it can."""
    if any(name.isdecimal() for name in key.keys) and written(key) != key.keys[0]:
        return f"Press the digit itself, {written(key)}: {key.says}."
    if key.mode == "note":
        return f"{written(key)} does that while you write: {key.says}."
    return ""


async def _say(screen: Framed[Any], text: str) -> None:
    screen.say(text)
