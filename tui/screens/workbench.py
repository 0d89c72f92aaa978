"""The workbench: every criterion, one digit each, saved before the next. For the auditor; a blind moderator's is made
of it."""

from typing import ClassVar

from textual.binding import BindingType

from audit_engine.work_views import WorkView
from tui.drawing.words import wrapped
from tui.drawing.workbench import question_lines
from tui.keymap import bindings
from tui.screens.answering import Answering
from tui.screens.history import HistoryScreen
from tui.screens.whole import WholeScreen

LONG = 140
"""Characters of a moderator's questions that the status line holds; longer ones get a screen."""


class WorkbenchScreen(Answering):
    """One audit that is graded."""

    KEYS = "workbench"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("workbench")]

    async def on_mount(self) -> None:
        """Read the audit and the drafts, write down that it was looked at, go to the first open question."""
        self.query_one("#criteria").add_class("left")
        self.field.display = False
        self.redraw()
        view = await self._opened()
        if view is not None:
            await self._show(view)

    async def _opened(self) -> WorkView | None:
        """What is to be graded; None when this is not the screen for it."""
        view = await self.ask(self.work.look)
        if view is None:
            self.dismiss(self.refused_words())
        return view

    async def _show(self, view: WorkView) -> None:
        await self.read_drafts()
        await self.ask(self.work.looked)
        self.seen(view)
        self.to_open(-1, 1)
        self._greet(view)
        self.redraw()

    def _greet(self, view: WorkView) -> None:
        mine = ("blind:note:", "blind:pointer:") if self.BLIND else ("note:", "pointer:")
        kept = [place for place in self.drafts if place.startswith(mine)]
        if view.returned_because and view.begun:
            self._say_returned(view.returned_because)
        elif kept:
            named = {place.rpartition(":")[2] for place in kept}
            where = ", ".join(str(one.number) for one in view.criteria if one.id in named)
            self.say(f"Text that you had not finished was kept, at question {where}: `e` or `p` there shows it.")
        elif not view.begun and not self.unchangeable():
            self.say("Not begun yet. Your first answer begins it.")
        else:
            self.say(self.unchangeable())

    def _say_returned(self, because: str) -> None:
        """Why the moderator sent it back: in the status line when it is short, else to be read first."""
        if len(because) <= LONG and "\n" not in because:
            self.say(f"The moderator returned it: {because}")
            return
        self.in_turn(self._show_returned, because)

    async def _show_returned(self, because: str) -> None:
        title = "Why the moderator returned it   (Esc goes to the questions)"
        self.app.push_screen(WholeScreen(title, lambda width: wrapped(because, width - 2, 1)))

    def seen_at(self) -> tuple[()] | tuple[str, str]:
        """The question just graded worst, which is what is feared of; else the one where the person is."""
        if self.view is None:
            return ()
        last = next((one for one in self.view.criteria if one.id == self.answered), None)
        graded = last is not None and last.answer is not None and bool(last.grades)
        worst = graded and last is not None and last.answer is not None and last.answer.grade == last.grades[-1].id
        one = last if last is not None and worst else self.criterion
        return one.id, one.title

    # --- elsewhere --------------------------------------------------------------------------------------------

    async def action_check(self) -> None:
        """What is missing, what is suggested, and submit."""
        from tui.screens.check import CheckScreen

        if self.view is not None:
            self.app.push_screen(CheckScreen(self.work), self._checked)

    async def _checked(self, told: object) -> None:
        """Back from the check: to a question, or out when it was handed in."""
        if isinstance(told, str):
            self.dismiss(told)
            return
        await self.look_again()
        if isinstance(told, int):
            self.go_to(next(n for n, one in enumerate(self.slots) if one.criterion.number == told))
            if self.criterion.waiting:
                await self.action_answers()

    async def action_answers(self) -> None:
        """The questions under this criterion."""
        from tui.screens.asked import AskedScreen

        if self.view is None or self.unchangeable():
            self.say(self.unchangeable())
        elif self.criterion.asked is None:
            self.say("It has no questions of its own: a digit grades it.")
        elif await self.begun():
            self.app.push_screen(AskedScreen(self.work, self.view, self.criterion.id), self._answered)

    async def _answered(self, _told: None) -> None:
        """Back from the questions: on to what this criterion still asks for, else to the next open one."""
        await self.look_again()
        if self.view is not None and not self.view.criterion(self.criterion.id).waiting:
            await self._go_on()

    async def action_descriptors(self) -> None:
        """The whole question, full screen."""
        if self.view is not None:
            view, slot = self.view, self.slot
            self.app.push_screen(WholeScreen(slot.criterion.title, lambda width: question_lines(view, slot, width)))

    async def action_history(self) -> None:
        """The story of this question."""
        if self.view is not None:
            self.app.push_screen(HistoryScreen(self.work.reference, self.criterion.id, self.criterion.title))
