"""A screen that asks one thing, at the bottom, on top of what it is asked about."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widget import Widget

from tui.drawing.frame import footer
from tui.drawing.words import Lines
from tui.keymap import hints
from tui.widgets.manners import Mannered, Words

T = TypeVar("T")


class Asking(Mannered[T], ModalScreen[T]):
    """What is asked, what answers it, and the keys."""

    MODE: ClassVar[str] = "CHOOSE"
    """What stands before the keys while keys act."""

    def asked(self) -> Widget:
        """The widget between the question and the keys."""
        raise NotImplementedError

    def question(self, width: int) -> Lines:
        """What is asked, and what there is to say about the answer so far."""
        raise NotImplementedError

    def draw_asked(self) -> None:
        """Draw the widget in the middle."""

    def picture(self) -> ComposeResult:
        """The question, the answer, the keys."""
        yield Words(id="asks")
        yield self.asked()
        yield Words(id="keys")

    def on_mount(self) -> None:
        """Draw."""
        self.redraw()

    def draw_all(self) -> None:
        """Question, answer, keys."""
        width = self.size.width
        self.query_one("#asks", Words).say(self.question(width))
        self.draw_asked()
        mode = "note" if self.writing else "list"
        keys = [(key, self.key_words(key, word)) for key, word in hints(self.KEYS, mode)]
        label = "NOTE MODE" if self.writing else self.MODE
        self.query_one("#keys", Words).say([footer(keys, width, label=label)])

    def key_words(self, key: str, word: str) -> str:
        """The footer's word for a key; another where this question needs another."""
        return word
