"""A list of answers, each with a digit: reasons, yes or no, who gave feedback."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from audit_engine.work_views import Choice
from tui.drawing.words import HERE, QUIET, STRONG, Lines, hanging, joined, words, wrapped
from tui.widgets.frame import Words
from tui.widgets.lines import LinesPane


class Choosing(ModalScreen[tuple[Choice, ...] | None]):
    """Asks for one of a list, or for several of it. Gives what was chosen, or None when the person goes back.

    Args:
        asks: What is asked, in a sentence.
        choices: Each with its digit.
        before: Sentences above the list.
        several: Digits mark; Enter gives what is marked.
    """

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"choose('{n}')", show=False, id=f"choosing.{n}", priority=True) for n in range(10)),
        Binding("enter", "give", show=False, id="choosing.give", priority=True),
        Binding("escape,q", "back", show=False, id="choosing.back", priority=True),
        Binding("j,down", "scroll(1)", show=False, id="choosing.down", priority=True),
        Binding("k,up", "scroll(-1)", show=False, id="choosing.up", priority=True),
    ]

    def __init__(
        self, asks: str, choices: Sequence[Choice], *, before: Sequence[str] = (), several: bool = False,
        marked: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self._asks, self._choices, self._before, self._several = asks, choices, before, several
        self._marked = {one.key for one in choices if one.id in marked}

    def compose(self) -> ComposeResult:
        """The question, the list, the keys."""
        yield Words(id="asks")
        yield LinesPane(id="choices")
        yield Words(id="keys")

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """For the new width."""
        self._draw()

    def _draw(self) -> None:
        width = max(self.size.width, 20)
        self.query_one("#asks", Words).say(wrapped(self._asks, width - 2, 1, STRONG))
        lines: Lines = [line for text in self._before for line in wrapped(text, width - 2, 1, QUIET)]
        for one in self._choices:
            mark = ("[x] " if one.key in self._marked else "[ ] ") if self._several else ""
            text = f"{one.label}. {one.text}" if one.text else one.label
            lines += hanging(f"  {one.key} {mark}", text, width - 1, 4 + len(mark), head_style=STRONG)
        pane = self.query_one("#choices", LinesPane)
        pane.show(lines, keep=True)
        pane.styles.height = min(len(lines), max(self.size.height - 6, 3))
        keys = " digits mark   Enter done   Esc back" if self._several else " a digit chooses   Esc back"
        self.query_one("#keys", Words).say([joined(words(" CHOOSE ", HERE), words(keys, QUIET))])

    async def action_choose(self, key: str) -> None:
        """The answer with this digit."""
        found = next((one for one in self._choices if one.key == key), None)
        if found is None:
            return
        if not self._several:
            self.dismiss((found,))
            return
        self._marked ^= {key}
        self._draw()

    async def action_give(self) -> None:
        """What is marked."""
        if self._several:
            self.dismiss(tuple(one for one in self._choices if one.key in self._marked))

    async def action_back(self) -> None:
        """Nothing."""
        self.dismiss(None)

    async def action_scroll(self, by: int) -> None:
        """See the rest of a long list."""
        self.query_one("#choices", LinesPane).scroll_lines(by)
