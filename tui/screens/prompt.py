"""A line to write: a reason, a concern, words to look for. Enter gives it, Esc goes back; what was typed is kept."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.app import AuditApp
from tui.drawing.words import HERE, QUIET, STRONG, joined, words, wrapped
from tui.widgets.field import Field
from tui.widgets.frame import Words

SHORT = 200
"""Characters that one row holds, more or less."""
Keep = Callable[[str], Awaitable[object]]


class Prompt(ModalScreen[str | None]):
    """Asks for one text. Gives it, or None when the person goes back.

    Args:
        asks: What is asked for, in a sentence.
        text: What stands there already.
        needs: The fewest characters that are an answer.
        keep: Keeps what is being typed, so that going back or a fall of the machine loses nothing.
        longer: Several paragraphs: Enter is a new line, and Esc asks whether to send it.
    """

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "give", show=False, id="prompt.give", priority=True),
        Binding("escape", "back", show=False, id="prompt.back", priority=True),
        Binding("e", "write", show=False, id="prompt.write", priority=True),
    ]
    app: AuditApp

    def __init__(
        self, asks: str, text: str = "", *, needs: int = 0, keep: Keep | None = None, longer: bool = False,
        longest: int = 10_000,
    ) -> None:  # fmt: skip
        super().__init__()
        self._asks, self._text, self._needs, self._keep = asks, text, needs, keep
        self._longer, self._longest = longer, longest
        self._asking_to_send = False
        self._kept = text

    def compose(self) -> ComposeResult:
        """What is asked, the field, the keys."""
        yield Words(id="asks")
        yield Field(id="field")
        yield Words(id="keys")

    def on_mount(self) -> None:
        """Keys type from the first moment."""
        field = self.query_one("#field", Field)
        field.write(self._text)
        self.set_focus(field)
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """For the new width."""
        self._draw()

    def _draw(self, said: str = "") -> None:
        width = max(self.size.width, 20)
        asks = wrapped(self._asks, width - 2, 1, STRONG)
        self.query_one("#asks", Words).say([*asks, *(wrapped(said, width - 2, 1) if said else [])])
        if self._asking_to_send:
            keys = " Enter sends it   e go on writing   Esc leave it (what you wrote is kept)"
        else:
            keys = " Esc when done" if self._longer else " Enter done   Esc back (what you wrote is kept)"
        self.query_one("#keys", Words).say([joined(words(" NOTE MODE ", HERE), words(keys, QUIET))])
        self.query_one("#field", Field).styles.height = 10 if self._longer else 1 if self._longest <= SHORT else 4

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a longer text is written, Enter is a new line; `e` is a letter unless it is asked whether to send."""
        if action == "give":
            return self._asking_to_send or not self._longer
        return self._asking_to_send if action == "write" else True

    async def action_give(self) -> None:
        """Give what was written, if it is an answer."""
        text = self.query_one("#field", Field).text.strip()
        if len(text) < self._needs:
            self._asking_to_send = False
            self.set_focus(self.query_one("#field", Field))
            least = f"at least {self._needs} characters; these are {len(text)}" if self._needs > 1 else "some words"
            self._draw(f"This needs {least}.")
            return
        await self.keep_draft()
        self.dismiss(text)

    async def action_back(self) -> None:
        """One step out: of a longer text first to the question whether to send it."""
        await self.keep_draft()
        if self._longer and not self._asking_to_send and self.query_one("#field", Field).text.strip():
            self._asking_to_send = True
            self.set_focus(None)
            self._draw()
            return
        self.dismiss(None)

    async def action_write(self) -> None:
        """Go on writing."""
        self._asking_to_send = False
        self.set_focus(self.query_one("#field", Field))
        self._draw()

    def on_field_cut(self, message: Field.Cut) -> None:
        """Say what was not kept."""
        self._draw(cut_words(message))

    def on_field_typed(self) -> None:
        """Keep it once the person rests, and while they do not, every second."""
        if self._keep is not None:
            self.query_one("#field", Field).keep_soon(self.keep_draft)

    async def keep_draft(self) -> None:
        """Keep what is being written."""
        text = self.query_one("#field", Field).text[: self._longest]
        if self._keep is not None and text != self._kept:
            self._kept = text
            await self._keep(text)


def cut_words(message: Field.Cut) -> str:
    """What was kept of what was typed or pasted."""
    said = f"Kept {message.kept:,} of {message.given:,} characters"
    if message.hidden:
        said += f"; {message.hidden:,} control or hidden characters were left out"
    return f"{said}."
