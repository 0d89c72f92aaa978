"""What can happen to an audit now, and doing it: shared, closed, withdrawn, and what is done about an escalation."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.definitions.workflow_names import MODERATION, RELIED_UPON
from audit_engine.work_views import Choice, WhyView
from tui.desk.steps import AtSteps
from tui.drawing.steps import Doable, doables, steps_lines
from tui.drawing.words import QUIET, words
from tui.keymap import bindings
from tui.screens.about_audit import AboutAudit
from tui.screens.choosing import Choosing
from tui.screens.prompt import Prompt
from tui.widgets.lines import LinesPane

NOTHING_SAID: Mapping[str, str] = {}
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
ASKED = {
    "act": "What was done for the child?",
    "close": "How is it known that the child is safe?",
}
"""What an event of an escalation asks, in a question."""
WHERE_IT_IS_DONE = ("workbench", "blind", "check", "lock", "compare", "finish", "reading")
"""The screens that open from `ELSEWHERE`, and those on top of them."""
YES_OR_NO = (Choice("1", "yes", "Do it"), Choice("2", "no", "Leave it as it is"))
MORE = "more"
NINE = 9
"""Answers a list can have: one for each digit."""


class StepsScreen(AboutAudit[str | None]):
    """One audit, its moderation and its open escalations, each with its steps.

    Args:
        number: The escalation that the person comes for, where they come for one.
    """

    KEYS = "steps"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("steps")]

    def __init__(self, reference: str, number: int | None = None) -> None:
        super().__init__()
        self._number = number
        self._at = AtSteps(self.app.here, reference)
        self._view: WhyView | None = None
        self._place = 0
        self._rows: list[int] = []
        self._told: str | None = None
        """What the screen below says when this one is left."""

    def body(self) -> Iterable[Widget]:
        """One pane."""
        yield LinesPane(id="steps")

    def title_words(self) -> str:
        """Which audit."""
        case = f"   case {self._view.case}" if self._view else ""
        return f"What can happen   {self._at.reference}{case}"

    async def on_mount(self) -> None:
        """Read it, and go to the first step that can be done."""
        self.redraw()
        view = await self.ask(self._at.look)
        if view is None:
            self.dismiss(self.refused_words())
            return
        self._seen(view)
        self._to_first()
        self.redraw()

    # --- where ------------------------------------------------------------------------------------------------

    @property
    def _steps(self) -> tuple[Doable, ...]:
        return doables(self._view) if self._view else ()

    def _seen(self, view: WhyView) -> None:
        self._view = view
        self._place = max(min(self._place, len(self._steps) - 1), 0)

    def _to_first(self) -> None:
        """To what can be done: the escalation they came for, then any, but not one better left to somebody else."""
        can = [n for n, one in enumerate(self._steps) if one.can and not one.machine.withheld]
        risk = [n for n in can if self._steps[n].machine.number is not None]
        came_for = [n for n in risk if self._steps[n].machine.number == self._number]
        self._place = next(iter([*came_for, *risk, *can]), 0)

    def draw(self) -> None:
        """All of it, the line where the person is in sight."""
        pane = self.query_one("#steps", LinesPane)
        if self._view is None:
            pane.show([words(" Reading...", QUIET)])
            return
        lines, self._rows, beside = steps_lines(self._view, self._place, self.size.width)
        if not self._rows:
            pane.show(lines)
            return
        pane.show(lines, self._rows[self._place], around=beside[self._place])

    def _go_to(self, place: int) -> None:
        self._place = max(0, min(place, len(self._steps) - 1))
        self.say("")
        self.redraw()

    async def action_go(self, by: int) -> None:
        """A step up or down."""
        self._go_to(self._place + by)

    async def action_page(self, by: int) -> None:
        """To the step about a page away."""
        if not self._rows:
            return
        height = max(self.query_one("#steps", LinesPane).size.height - 2, 1)
        wanted = self._rows[self._place] + by * height
        ahead = [n for n, row in enumerate(self._rows) if (row <= wanted if by > 0 else row >= wanted)]
        far = (max(ahead) if by > 0 else min(ahead)) if ahead else self._place
        self._go_to(max(far, self._place + 1) if by > 0 else min(far, self._place - 1))

    async def action_end(self, last: int) -> None:
        """The first or the last step."""
        self._go_to(len(self._steps) - 1 if last else 0)

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to a step; a second one does it."""
        place = max((n for n, row in enumerate(self._rows) if row <= message.line), default=None)
        if place is not None:
            self.in_turn(self._clicked, place)

    async def _clicked(self, place: int) -> None:
        if place == self._place:
            await self.action_open()
        else:
            self._go_to(place)

    # --- doing ------------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """Do what the line says, or say why not."""
        if not self._steps:
            return
        one = self._steps[self._place]
        event = one.step.event
        of_audit = one.machine.what == "audit"
        if not one.can:
            self.say(f"{'Not you' if one.step.possible else 'Not yet'}: {' '.join(one.against)}")
        elif one.machine.reference is not None:
            self.say(
                f"Write: audit move {one.machine.reference} {event}. `audit why {one.machine.reference}` says more."
            )
        elif of_audit and event in BY_COMMAND:
            self.say(BY_COMMAND[event].format(self._at.reference))
        elif of_audit and event in ELSEWHERE:
            self._go_elsewhere(*ELSEWHERE[event])
        elif one.machine.what == "moderation" and event in ON_ITS_SCREEN:
            self._moderation(event)
        elif one.step.reason_from:
            self._choose(one, one.step.reason_from)
        elif one.step.needs_words:
            await self._write(one)
        else:
            self._confirm(one, None)

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

    def _choose(self, one: Doable, reasons: Sequence[Choice]) -> None:
        """One of a list, nine at a time."""
        shown = [Choice(str(n), c.id, c.label, c.text) for n, c in enumerate(reasons, start=1)]
        if len(shown) > NINE:
            shown = [*shown[: NINE - 1], Choice(str(NINE), MORE, "Another reason")]

        async def chosen(answer: object) -> None:
            if not isinstance(answer, tuple) or not answer:
                return
            if answer[0].id == MORE:
                self._choose(one, reasons[NINE - 1 :])
            else:
                await self._do(one, answer[0].id)

        self.app.push_screen(Choosing(f"{one.step.title}: why?", shown, before=_lasting(one)), chosen)

    async def _write(self, one: Doable) -> None:
        place = _draft(one)
        await self.read_drafts()

        async def give(text: str) -> str | None:
            if _lasting(one):
                return None  # it is asked first, and the words are kept
            return None if await self._do(one, text) else self.refused_words()

        async def written(text: str | None) -> None:
            if text is not None and _lasting(one):
                self._confirm(one, text)

        asks = ASKED.get(one.step.event, "Why?") if one.machine.number is not None else "Why?"
        title, begun = f"{one.step.title}. {asks}", self.drafts.get(place, "")
        self.app.push_screen(Prompt(title, begun, needs=1, keep=self.keeper(place), give=give), written)

    def _confirm(self, one: Doable, reason: str | None) -> None:
        """Ask once before what cannot be undone."""
        before = _lasting(one)
        if not before:
            self.app.call_next(self._do, one, reason)
            return

        async def chosen(answer: object) -> None:
            if isinstance(answer, tuple) and answer and answer[0].id == "yes":
                await self._do(one, reason)
            else:
                kept = " What you wrote is kept." if reason else ""
                self.say(f"Nothing was done.{kept}")

        self.app.push_screen(Choosing(f"{one.step.title}?", YES_OR_NO, before=before), chosen)

    async def _do(self, one: Doable, reason: str | None, said: Mapping[str, str] = NOTHING_SAID) -> bool:
        """Do it, say so, and show what can happen from there. Whether it was done."""
        number, event = one.machine.number, one.step.event
        if one.machine.what == "moderation":
            view = await self.save(self._at.move_moderation, event, reason)
        elif number is None:
            view = await self.save(self._at.move, event, reason, said)
        else:
            view = await self.save(self._at.bring_on, number, event, reason or "")
        if view is None:
            await self.look_again()
            return False
        if one.step.needs_words:
            await self.forget(_draft(one))
        self._seen(view)
        self._to_first()
        self._told = f"{self._at.reference}: {one.step.title}; saved."
        self.say(f"Saved: {one.step.title}.{_stands(one, view)}")
        self.redraw()
        return True

    # --- elsewhere --------------------------------------------------------------------------------------------

    @property
    def audit_at(self) -> AtSteps:
        """The audit."""
        return self._at

    async def look_again(self) -> None:
        """What can happen now."""
        view = await self.reread(self._at.look)
        if view is not None:
            self._seen(view)
        self.redraw()

    async def action_back(self) -> None:
        """Back, with what was done."""
        self.dismiss(self._told)


def _lasting(one: Doable) -> list[str]:
    return [one.step.lasting] if one.step.lasting else []


def _draft(one: Doable) -> str:
    """Where its words are kept while they are written. Those of an escalation are kept on ended audits, too."""
    if one.machine.number is not None:
        return f"step:concern:{one.step.event}:{one.machine.number}"
    return f"step:{one.step.event}"


def _stands(one: Doable, view: WhyView) -> str:
    """Where it stands now."""
    now: Any = next((m for m in view.machines if (m.what, m.number) == (one.machine.what, one.machine.number)), None)
    return f" It is now '{now.stage}'." if now else " It is at its end."
