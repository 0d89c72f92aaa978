"""What can happen to an audit now, and doing it: shared, closed, withdrawn, and what is done about an escalation."""

from collections.abc import Iterable
from importlib import import_module
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.definitions.workflow_names import MODERATION, RELIED_UPON
from audit_engine.work_views import MachineView, WhyView
from tui.desk.steps import AtSteps
from tui.drawing.steps import Doable
from tui.drawing.track import track_lines
from tui.drawing.words import cut
from tui.keymap import bindings
from tui.screens.about_audit import AboutAudit
from tui.screens.stepping import Said, Stepping
from tui.widgets.lines import LinesPane

MODERATING = ("tui.screens.moderation", "begin_moderating")
ELSEWHERE = {
    "submit": ("tui.screens.workbench", "WorkbenchScreen"),
    "take": MODERATING,
    "finalise": MODERATING,
    "return": MODERATING,
    "answer": ("tui.screens.reading", "ReadingScreen"),
}
"""Events of an audit that are made on a screen of their own."""
ON_ITS_SCREEN = RELIED_UPON[MODERATION][0]
"""Events of a moderation that are made where it is moderated, or with its audit."""
BY_COMMAND = {
    "allocate": "`audit allocate PROGRAMME` in a terminal chooses an independent auditor.",
    "reallocate": 'Type in a terminal: audit move {} reallocate --to PERSON --reason "..."',
}
"""Events of an audit that only the command line does."""
WHERE_IT_IS_DONE = ("workbench", "blind", "check", "lock", "compare", "finish", "reading")
"""The screens that open from `ELSEWHERE`, and those on top of them."""
TRACK = 4
"""Lines that the place on the way takes at most."""


class StepsScreen(Stepping, AboutAudit[str | None]):
    """One audit, its moderation, its open escalations and the matters that hang on it, each with its steps.

    Args:
        number: The escalation that the person comes for, where they come for one.
        matter: The reference of the matter that they come for, where they come for one.
    """

    KEYS = "steps"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("steps")]

    def __init__(self, reference: str, number: int | None = None, matter: str | None = None) -> None:
        super().__init__()
        self._number, self._matter = number, matter
        self._at = AtSteps(self.app.here, reference)
        self._view: WhyView | None = None

    def body(self) -> Iterable[Widget]:
        """The place of the audit on its way, always in sight; below it every step."""
        yield LinesPane(id="track")
        yield from super().body()

    def title_words(self) -> str:
        """Which audit."""
        case = f"   case {self._view.case}" if self._view else ""
        return f"What can happen   {self._at.reference}{case}"

    @property
    def called(self) -> str:
        """The audit's reference."""
        return self._at.reference

    @property
    def audit_at(self) -> AtSteps:
        """The audit."""
        return self._at

    def came_for(self, machine: MachineView) -> bool:
        """The escalation or the matter they came for."""
        if self._matter is not None:
            return machine.reference == self._matter
        return machine.number is not None and machine.number == self._number

    def draw(self) -> None:
        """Where it is on its way, and below it every step."""
        track = self.query_one("#track", LinesPane)
        way = cut(track_lines(self._view.track, self.size.width), TRACK) if self._view else []
        track.show(way)
        track.styles.height = len(way)
        super().draw()

    async def look(self) -> WhyView | None:
        """What can happen now."""
        return await self.ask(self._at.look)

    async def look_again(self) -> None:
        """What can happen now."""
        view = await self.reread(self._at.look)
        if view is not None:
            self._seen(view)
        self.redraw()

    async def deed(self, one: Doable, reason: str | None, said: Said) -> WhyView | None:
        """Move the audit, its moderation, an escalation or a matter."""
        number, event = one.machine.number, one.step.event
        if one.machine.reference is not None:
            return await self.save(self._at.move_on, one.machine.reference, event, reason, said.records, said.named)
        if one.machine.what == "moderation":
            return await self.save(self._at.move_moderation, event, reason)
        if number is None:
            return await self.save(self._at.move, event, reason, said.records)
        return await self.save(self._at.bring_on, number, event, reason or "")

    # --- elsewhere --------------------------------------------------------------------------------------------

    async def elsewhere(self, one: Doable, said: Said | None = None) -> bool:
        """To the command line, to where it is moderated, or to the screen of its own, which asks the rest."""
        event, of_audit = one.step.event, one.machine.what == "audit"
        if of_audit and event in BY_COMMAND:
            self.say(BY_COMMAND[event].format(self._at.reference))
        elif one.machine.what == "moderation" and event in ON_ITS_SCREEN:
            self._moderation(event)
        elif said is not None and of_audit and event in ELSEWHERE:
            self._at.keep_said(event, said.records)
            self._go_elsewhere(*ELSEWHERE[event])
        else:
            return False
        return True

    def _moderation(self, event: str) -> None:
        if event == "withdraw":
            self.say("It ends with its audit: withdraw the audit.")
        else:
            self._go_elsewhere(*MODERATING)

    def _go_elsewhere(self, module: str, name: str) -> None:
        """To the screen on which it is done; back to it when it is the one below."""
        below = self.app.screen_stack[-2]
        open_already = getattr(below, "KEYS", "") in WHERE_IT_IS_DONE
        if open_already:
            self.dismiss("This screen is where it is done: `?` lists its keys.")
            return
        self.app.push_screen(getattr(import_module(module), name)(self._at.reference), self._back)

    async def _back(self, told: object) -> None:
        view = await self.reread(self._at.look)
        if view is not None:
            self._seen(view)
            self._to_first()
        if isinstance(told, str):
            self._told = told
            self.say(told)
        self.redraw()

    async def action_history(self) -> None:
        """The audit's story."""
        self.app.push_screen(import_module("tui.screens.history").HistoryScreen(self._at.reference), self._back)
