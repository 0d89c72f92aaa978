"""The keys of a screen: a list to search, each line of which can be done."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from tui.drawing.words import HERE, QUIET, STRONG, fitted, joined, words
from tui.keymap import KEYMAP, LEAVE, Key, written
from tui.widgets.field import Field
from tui.widgets.frame import Framed, Words
from tui.widgets.lines import LinesPane


class HelpScreen(Framed[None]):
    """What can be done on the screen below."""

    KEYS = "help"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "go(1)", show=False, id="help.down", priority=True),
        Binding("up", "go(-1)", show=False, id="help.up", priority=True),
        Binding("enter", "run", show=False, id="help.run", priority=True),
        Binding("escape", "back", show=False, id="help.back", priority=True),
        Binding("ctrl+q", "app.leave", show=False, id="help.leave", priority=True),
    ]

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._place = 0

    def body(self) -> Iterable[Widget]:
        """Where to type, and the list."""
        yield Field(id="search")
        yield LinesPane(id="keys")

    def title_words(self) -> str:
        """What it is."""
        return "Keys of this screen   type to search, Enter does it, Esc goes back"

    def on_mount(self) -> None:
        """Keys type from the first moment."""
        field = self.query_one("#search", Field)
        field.styles.height = 1
        self.note_mode(field)
        self.redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Everything but letters, which are searched for."""
        return True

    def on_field_typed(self) -> None:
        """Show what fits."""
        self._place = 0
        self.redraw()

    @property
    def found(self) -> list[Key]:
        """The keys whose words hold what was typed."""
        typed = self.query_one("#search", Field).text.strip().casefold()
        known = [key for key in (*KEYMAP.get(getattr(self._below, "KEYS", ""), ()), LEAVE) if key.says]
        return [key for key in known if typed in f"{written(key)} {key.says} {key.hint}".casefold()]

    def draw(self) -> None:
        """One line for each key."""
        width, found = self.size.width, self.found
        lines = []
        for place, key in enumerate(found):
            here = place == self._place
            text = f" {'>' if here else ' '} {fitted(written(key), 12)} {fitted(key.says, width - 17)}"
            lines.append(words(text, HERE if here else ""))
        pane = self.query_one("#keys", LinesPane)
        pane.show(lines or [words(" No key does that here.", QUIET)], self._place if lines else None)
        footer = [
            joined(words(" Esc", STRONG), words(" back   ", QUIET), words("Enter", STRONG), words(" do it", QUIET))
        ]
        self.query_one("#footer", Words).say(footer)

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        self._place = max(0, min(self._place + by, len(self.found) - 1))
        self.redraw()

    async def action_run(self) -> None:
        """Go back, and do what the line says."""
        found = self.found
        if not found:
            return
        key = found[self._place]
        self.dismiss(None)
        below = self._below
        self.app.call_next(self.app.run_action, key.action, below)
