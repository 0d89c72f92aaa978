"""Words to write: a reason, a concern, an answer. What is typed is kept, and it stays until what it is for is done."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from tui.drawing.words import BAD, STRONG, Lines, wrapped
from tui.keymap import bindings
from tui.widgets.asking import Asking
from tui.widgets.field import Field

SHORT = 200
"""Characters that one row holds, more or less."""
Keep = Callable[[str], Awaitable[bool]]
Give = Callable[[str], Awaitable[str | None]]


class Prompt(Asking[str | None]):
    """Asks for one text. Gives it, or None when the person goes back.

    Args:
        asks: What is asked for, in a sentence.
        text: What stands there already.
        needs: The fewest characters that are an answer.
        keep: Keeps what is being typed, and says whether it could, so that going back or a fall of the machine loses
            nothing.
        give: Does what the text is for, and says why not; None when it is done. Until then the prompt stays, with the
            text in it.
        longest: The most characters that are taken.
    """

    KEYS = "prompt"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("prompt")]
    ROWS = 4

    def __init__(
        self, asks: str, text: str = "", *, needs: int = 0, keep: Keep | None = None, give: Give | None = None,
        longest: int = 10_000,
    ) -> None:  # fmt: skip
        super().__init__()
        self._asks, self._text, self._needs, self._keep, self._give = asks, text, needs, keep, give
        self._longest = longest
        self._said = ""
        self._touched = False
        self._given = False
        """It is being done, or done: what stands in the field is no draft any more, whatever its timer asks."""

    def asked(self) -> Widget:
        """Where it is written."""
        return Field(id="field", most=self._longest)

    @property
    def field(self) -> Field:
        """Where it is written."""
        return self.query_one("#field", Field)

    def on_mount(self) -> None:
        """Keys type from the first moment."""
        self.field.write(self._text)
        self.field.styles.height = 1 if self._longest <= SHORT else self.ROWS
        self.note_mode(self.field)
        self.redraw()

    def question(self, width: int) -> Lines:
        """What is asked; below it what is wrong with the answer, or what could not be done."""
        asks = wrapped(self._asks, width - 2, 1, STRONG)
        return [*asks, *(wrapped(self._said, width - 2, 1, BAD) if self._said else [])]

    def key_words(self, key: str, word: str) -> str:
        """Going back keeps what is written only where it can be kept."""
        return f"{word} (your words are kept)" if word == "back" and self._keep is not None else word

    def say(self, text: str) -> None:
        """One sentence above the field."""
        self._said = text
        self.redraw()

    async def action_give(self) -> None:
        """Give what was written, if it is an answer; stay with it until what it is for is done."""
        text = self.field.text.strip()
        if len(text) < self._needs:
            self.note_mode(self.field)
            least = f"at least {self._needs} characters; these are {len(text)}" if self._needs > 1 else "some words"
            self.say(f"This needs {least}.")
            return
        await self.keep_draft()
        self._given = True
        why_not = await self._give(text) if self._give is not None else None
        if why_not is None:
            self.dismiss(text)
            return
        self._given = False
        if self.is_attached:
            self.say(why_not)

    async def action_back(self) -> None:
        """One step out, when what is written is kept; said once when it cannot be, and then out all the same."""
        if await self.keep_draft() or self._said.startswith(NOT_KEPT):
            self.dismiss(None)
        else:
            self.say(f"{NOT_KEPT} the database cannot be written now. Wait a moment; Esc again leaves without it.")

    def on_field_cut(self, message: Field.Cut) -> None:
        """Say what was not kept."""
        self.say(cut_words(message))

    def on_field_typed(self) -> None:
        """Keep it once the person rests, and while they do not, every second."""
        self._touched = True
        if self._keep is not None:
            self.field.keep_soon(self.keep_draft)

    async def keep_draft(self) -> bool:
        """Keep what is being written. Whether it is on disk, as far as it is to be; else it is tried again."""
        if self._keep is None or not self._touched or self._given:
            return True
        if await self._keep(self.field.text):
            return True
        self.field.keep_soon(self.keep_draft)
        return False

    def on_paste(self, event: events.Paste) -> None:
        """While it is asked whether to send, a paste goes nowhere."""
        event.stop()


NOT_KEPT = "NOT KEPT:"


class LongPrompt(Prompt):
    """Several paragraphs: Enter is a new line, and Esc asks whether to send it."""

    KEYS = "long_prompt"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("long_prompt")]
    MODE = "SEND IT?"
    ROWS = 10

    async def action_back(self) -> None:
        """Done writing: whether to send it is asked; nothing written, out."""
        await self.keep_draft()
        if not self.field.text.strip():
            self.dismiss(None)
            return
        self.list_mode()
        self.redraw()

    async def action_write(self) -> None:
        """Go on writing."""
        self.note_mode(self.field)
        self.redraw()

    async def action_leave_it(self) -> None:
        """Out, when it is kept."""
        await Prompt.action_back(self)


def cut_words(message: Field.Cut) -> str:
    """What was kept of what was typed or pasted."""
    said = f"Kept {message.kept:,} of {message.given:,} characters"
    if message.hidden:
        said += f"; {message.hidden:,} control or hidden characters were left out"
    return f"{said}."
