"""The practitioner reads what was found in their work, and accepts or challenges it."""

from typing import ClassVar

from textual.binding import BindingType

from audit_engine.work_views import Choice, SharedView
from tui.desk.reading import AtReading
from tui.drawing.reading import shared_lines
from tui.drawing.words import QUIET, Lines, words
from tui.keymap import bindings
from tui.screens.about_audit import AboutAudit
from tui.screens.choosing import Choosing
from tui.screens.prompt import LongPrompt
from tui.screens.whole import Reader

DRAFT = "answer"
ACCEPTING = (Choice("1", "as_it_is", "Accept it"), Choice("2", "with_words", "Accept it, and add something"))


class ReadingScreen(Reader, AboutAudit[str | None]):
    """One audit as it is shared with its practitioner."""

    KEYS = "reading"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reading")]

    def __init__(self, reference: str) -> None:
        super().__init__()
        self._at = AtReading(self.app.here, reference)
        self._view: SharedView | None = None
        self._told: str | None = None
        """What the screen below says when this one is left."""

    @property
    def audit_at(self) -> AtReading:
        """The audit that is read."""
        return self._at

    async def look_again(self) -> None:
        """What stands now."""
        self._view = await self.reread(self._at.look) or self._view
        self.redraw()

    def title_words(self) -> str:
        """Which audit."""
        view = self._view
        return f"{view.reference}   what was found in your work" if view else f"{self._at.reference}   opening..."

    async def on_mount(self) -> None:
        """Read it, and write down that it was looked at."""
        self.redraw()
        view = await self.ask(self._at.look)
        if view is None:
            self.dismiss(self.refused_words())
            return
        self._view = view
        await self.ask(self._at.looked)
        self.redraw()
        await self.read_drafts()
        if view.may_answer and DRAFT in self.drafts:
            self.say("What you had begun to write was kept. `c` or `a` shows it.")

    def lines(self, width: int) -> Lines:
        """What is read."""
        return shared_lines(self._view, width) if self._view else [words(" Reading...", QUIET)]

    async def action_back(self) -> None:
        """Back, with what was done."""
        self.dismiss(self._told)

    # --- answering --------------------------------------------------------------------------------------------

    async def action_answer(self, said: str) -> None:
        """Accept it, with or without words, or challenge it, with words."""
        view = self._view
        if view is None:
            return
        if view.answer:
            self.say(f"You {view.answer} it already, and an answer is given once. `h` shows the story.")
        elif not view.may_answer:
            self.say(f"It is '{view.stage_title}': no answer is awaited.")
        elif said == "challenged":
            await self._write(said, "CHALLENGE. What do you see differently, and why?")
        else:
            before = ["An answer is given once."]
            self.app.push_screen(Choosing("Accept what was found?", ACCEPTING, before=before), self._accepted)

    async def _accepted(self, chosen: object) -> None:
        if not isinstance(chosen, tuple) or not chosen:
            return
        if chosen[0].id == "with_words":
            await self._write("accepted", "ACCEPT. What do you want to add?")
        else:
            await self._answer("accepted", "")

    async def _write(self, said: str, asks: str) -> None:
        async def give(text: str) -> str | None:
            return None if await self._answer(said, text) else self.refused_words()

        begun = self.drafts.get(DRAFT, "")
        self.app.push_screen(LongPrompt(asks, begun, needs=1, keep=self.keeper(DRAFT), give=give))

    async def _answer(self, said: str, text: str) -> bool:
        """Save the answer; whether it was."""
        view = await self.save(self._at.answer, said, text)
        if view is None:
            await self.look_again()
            return False
        self._view = view
        await self.forget(DRAFT)
        self._told = f"{view.reference}: you {said} what was found; saved."
        self.say(f"Saved: you {said} what was found. It is now '{view.stage_title}'.")
        await self.action_end(0)
        self.redraw()
        return True

    # --- elsewhere --------------------------------------------------------------------------------------------

    async def action_history(self) -> None:
        """The audit's story."""
        from tui.screens.history import HistoryScreen

        if self._view is not None:
            self.app.push_screen(HistoryScreen(self._at.reference))
