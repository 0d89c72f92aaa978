"""Moderation: taking an audit on, grading it blind on the workbench, and once that is locked the comparison."""

from typing import Any, ClassVar

from textual.binding import BindingType
from textual.screen import Screen

from audit_engine.work_views import Choice, ComparisonView, WorkView
from tui.desk.moderating import AtModerating
from tui.keymap import bindings
from tui.screens.check import LOCKED, LockScreen
from tui.screens.choosing import Choosing
from tui.screens.compare import CompareScreen
from tui.screens.workbench import WorkbenchScreen

_TAKE = (Choice("1", "take", "Take it on"), Choice("2", "leave", "Not now"))
_MEANS = (
    "Taking it on makes you its moderator: you grade it without seeing the auditor's grades, lock yours, and then "
    "decide where the two differ."
)


def begin_moderating(reference: str) -> Screen[Any]:
    """The screen that goes on with a moderation, wherever it is."""
    return BlindWorkbench(reference)


class BlindWorkbench(WorkbenchScreen):
    """The workbench of a moderator who has not locked. Steps aside for the comparison, and goes when that goes."""

    KEYS = "blind"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("blind")]
    BLIND = True

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.moderating = AtModerating(self.app.here, reference)
        self.work = self.moderating

    async def _opened(self) -> WorkView | None:
        """The blind work; None when it is locked, or has still to be taken on."""
        opened = await self.ask(self.moderating.open)
        if opened is None:
            self.dismiss(self.refused_words())
        elif isinstance(opened, ComparisonView):
            self.settled = False  # keys that come meanwhile are for the screen that takes this one's place
            self.app.call_next(self._compare)
        elif not opened.begun:
            self.settled = False
            self.app.call_next(self._ask_to_take, opened)
        else:
            return opened
        return None

    def turn_shown(self, answer: object) -> int | None:
        """None: the turn tells how often the auditor answered."""
        return None

    def title_words(self) -> str:
        """Which audit; its programme was told before it was taken on."""
        return f"BLIND MODERATION  {self.view.reference}" if self.view else super().title_words()

    @property
    def _left(self) -> bool:
        """Whether the person went back while it was read."""
        return self not in self.app.screen_stack

    def _greet(self, view: WorkView) -> None:
        if any(place.startswith(("blind:note:", "blind:pointer:")) for place in self.drafts):
            super()._greet(view)
        else:
            self.say("The auditor's grades stay hidden until you lock yours with `L`.")

    # --- taking it on -----------------------------------------------------------------------------------------

    async def _ask_to_take(self, view: WorkView) -> None:
        self.settled = True
        if not self._left:
            about = f"{view.programme}, case {view.case}. Auditor {view.auditor}, practitioner {view.practitioner}."
            asks = f"{view.reference} waits for a moderator. Take it on?"
            self.app.push_screen(Choosing(asks, _TAKE, before=(about, _MEANS)), self._taken)

    async def _taken(self, chosen: tuple[Choice, ...] | None) -> None:
        if not chosen or chosen[0].id != "take":
            self.dismiss("Not taken on.")
            return
        view = await self.save(self.moderating.take)
        if view is None:
            self.dismiss(self.refused_words())
        else:
            await self._show(view)

    # --- locking, comparing -----------------------------------------------------------------------------------

    async def action_check(self) -> None:
        """What is missing, and lock."""
        if self.view is not None:
            self.app.push_screen(LockScreen(self.work, self.moderating), self._checked)

    async def _checked(self, told: object) -> None:
        """Back from the lock: to the comparison, or to a question."""
        if told == LOCKED:
            await self._compare()
        else:
            await super()._checked(told)

    async def _compare(self) -> None:
        """Nothing of this screen is seen from now on."""
        self.settled = True
        if not self._left:
            self.view = None
            self.query_one("#body").display = False
            self.app.push_screen(CompareScreen(self.moderating), self._compared)

    async def _compared(self, told: str | None) -> None:
        self.dismiss(told)
