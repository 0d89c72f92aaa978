"""A list of answers, each with a digit: reasons, yes or no, who gave feedback."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.work_views import Choice
from tui.drawing.words import QUIET, STRONG, Lines, hanging, wrapped
from tui.keymap import bindings
from tui.widgets.asking import Asking
from tui.widgets.lines import LinesPane

NINE = 9
"""Digits that choose something."""


class Choosing(Asking[tuple[Choice, ...] | None]):
    """Asks for one of a list, or for several of it. Gives what was chosen, or None when the person goes back.

    Args:
        asks: What is asked, in a sentence.
        choices: Each with its digit. Where there are more than digits, they are numbered anew, and the last digit leads
            on to the next of them, and from the last of them to the first.
        before: Sentences above the list.
        several: Digits mark; Enter gives what is marked. Of these there are at most nine.
    """

    KEYS = "choosing"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choosing")]

    def __init__(
        self, asks: str, choices: Sequence[Choice], *, before: Sequence[str] = (), several: bool = False,
        marked: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self._asks, self._before, self._several = asks, before, several
        self._all, self._choices, self._begin = choices, _from(choices, 0), 0
        self._marked = {one.key for one in self._choices if one.id in marked}

    def asked(self) -> Widget:
        """The list."""
        return LinesPane(id="choices")

    def question(self, width: int) -> Lines:
        """What is asked."""
        return wrapped(self._asks, width - 2, 1, STRONG)

    def draw_asked(self) -> None:
        """Each answer behind its digit."""
        width = self.size.width
        lines: Lines = [line for text in self._before for line in wrapped(text, width - 2, 1, QUIET)]
        for one in self._choices:
            mark = ("[x] " if one.key in self._marked else "[ ] ") if self._several else ""
            text = f"{one.label}. {one.text}" if one.text else one.label
            lines += hanging(f"  {one.key} {mark}", text, width - 1, 4 + len(mark), head_style=STRONG)
        pane = self.query_one("#choices", LinesPane)
        pane.show(lines, keep=True)
        pane.styles.height = min(len(lines), max(self.size.height - 6, 3))

    def key_words(self, key: str, word: str) -> str:
        """Where several may be chosen, digits mark and Enter is done."""
        return "marks, Enter done" if self._several and word == "chooses" else word

    async def action_choose(self, key: str) -> None:
        """The answer with this digit."""
        found = next((one for one in self._choices if one.key == key), None)
        if found is None:
            return
        if key == str(NINE) and len(self._all) > NINE:
            self._begin = _after(self._all, self._begin)
            self._choices = _from(self._all, self._begin)
            self.redraw()
            return
        if not self._several:
            self.dismiss((found,))
            return
        self._marked ^= {key}
        self.redraw()

    async def action_give(self) -> None:
        """What is marked."""
        if self._several:
            self.dismiss(tuple(one for one in self._choices if one.key in self._marked))

    async def action_scroll(self, by: int) -> None:
        """See the rest of a long list."""
        self.query_one("#choices", LinesPane).scroll_lines(by)


def _after(choices: Sequence[Choice], begin: int) -> int:
    """Where the next of them begin: at the first, after the last."""
    return begin + NINE - 1 if begin + NINE - 1 < len(choices) else 0


def _from(choices: Sequence[Choice], begin: int) -> list[Choice]:
    """As many as there are digits; where there are more, the last digit leads on."""
    if len(choices) <= NINE:
        return list(choices)
    shown = [replace(one, key=str(n)) for n, one in enumerate(choices[begin : begin + NINE - 1], start=1)]
    ahead = len(choices) - begin - len(shown)
    words = f"None of these: {ahead} more" if ahead else "None of these: the first again"
    return [*shown, Choice(str(NINE), "", words)]


def do_or_leave(do: str, leave: str) -> tuple[Choice, Choice]:
    """The two answers to whether one is sure: `do` and `leave`, in these words."""
    return Choice("1", "do", do), Choice("2", "leave", leave)
