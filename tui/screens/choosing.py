"""A list of answers, each with a digit: reasons, yes or no, who gave feedback."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.work_views import Choice
from tui.drawing.words import QUIET, STRONG, Lines, hanging, wrapped
from tui.keymap import bindings
from tui.widgets.asking import Asking
from tui.widgets.lines import LinesPane


class Choosing(Asking[tuple[Choice, ...] | None]):
    """Asks for one of a list, or for several of it. Gives what was chosen, or None when the person goes back.

    Args:
        asks: What is asked, in a sentence.
        choices: Each with its digit.
        before: Sentences above the list.
        several: Digits mark; Enter gives what is marked.
    """

    KEYS = "choosing"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choosing")]

    def __init__(
        self, asks: str, choices: Sequence[Choice], *, before: Sequence[str] = (), several: bool = False,
        marked: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self._asks, self._choices, self._before, self._several = asks, choices, before, several
        self._marked = {one.key for one in choices if one.id in marked}

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


def do_or_leave(do: str, leave: str) -> tuple[Choice, Choice]:
    """The two answers to whether one is sure: `do` and `leave`, in these words."""
    return Choice("1", "do", do), Choice("2", "leave", leave)
