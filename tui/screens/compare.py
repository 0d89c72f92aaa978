"""The comparison: only where auditor and moderator differ, each decided with a reason. Then final, or returned."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from audit_engine.actions.moderating import Decision
from audit_engine.work_views import ComparisonView, DifferenceView
from tui.desk.moderating import AtModerating
from tui.drawing.compare import (
    AUDITOR,
    MODERATOR,
    OTHER,
    WIDE,
    column_heads,
    decision_lines,
    difference_row,
    no_differences,
    side_lines,
    summary_lines,
    whole_lines,
)
from tui.drawing.words import rule
from tui.keymap import bindings
from tui.screens.about_audit import AboutAudit
from tui.screens.finish import FinishScreen
from tui.screens.prompt import LongPrompt, Prompt
from tui.widgets.frame import Words
from tui.widgets.lines import LinesPane

RETURN = "return"
"""Where the questions to the auditor are kept while they are written."""


class CompareScreen(AboutAudit[str | None]):
    """Auditor and moderator side by side. Gives a sentence once the audit is final or returned."""

    KEYS = "compare"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare")]

    def __init__(self, at: AtModerating) -> None:
        super().__init__()
        self.at = at
        self.view: ComparisonView | None = at.compared
        self.place = 0
        self.side = AUDITOR
        self._told: str | None = None
        """What the screen below says when this one is left."""

    @property
    def audit_at(self) -> AtModerating:
        """The audit that is moderated."""
        return self.at

    def body(self) -> Iterable[Widget]:
        """The sum of it, the disagreements, what both wrote on one of them, and the decision."""
        yield Words(id="about")
        yield LinesPane(id="differences")
        yield Container(LinesPane(id="theirs"), LinesPane(id="mine"), classes="columns")
        yield Words(id="decision")

    def title_words(self) -> str:
        """Which audit."""
        return f"COMPARE  {self.at.reference}" + ("  finished" if self.view and self.view.finished else "")

    def progress_words(self) -> str:
        """How many are decided."""
        view = self.view
        return f"{len(view.differences) - view.undecided}/{len(view.differences)} decided" if view else ""

    async def on_mount(self) -> None:
        """Read both sides and the drafts, write down that they were looked at, go to the first open one."""
        view = self.view or await self.ask(self.at.compare)
        if view is None:
            self.dismiss(self.refused_words())
            return
        self.view = view
        self._to_open(-1, 1)
        self.redraw()
        await self.read_drafts()
        await self.ask(self.at.looked)
        self._greet(view)

    def _greet(self, view: ComparisonView) -> None:
        if view.finished:
            self.say("This moderation is finished. It can be read, and nothing can be changed.")
        elif RETURN in self.drafts:
            self.say("Your questions to the auditor, which you had not finished, were kept. `R` shows them.")
        else:
            self.say("")

    # --- drawing ----------------------------------------------------------------------------------------------

    @property
    def one(self) -> DifferenceView | None:
        """The disagreement where the person is."""
        return self.view.differences[self.place] if self.view and self.view.differences else None

    def draw(self) -> None:
        """All of it, for the size it has."""
        view, width = self.view, self.size.width
        if view is None:
            return
        one = self.one
        about = [*summary_lines(view, width), *([rule("", width), column_heads(width)] if one else [])]
        decision = decision_lines(view, one, width, most=3) if one else []
        self.query_one("#about", Words).say(about)
        self.query_one("#decision", Words).say(decision)
        pane = self.query_one("#differences", LinesPane)
        room = self.size.height - 3 - len(about) - len(decision)
        if one is None:
            pane.styles.height = "1fr"
            pane.show(no_differences(view, width))
        else:
            pane.styles.height = min(len(view.differences), max(room // 2, 3))
            rows = [difference_row(each, width, here=n == self.place) for n, each in enumerate(view.differences)]
            pane.show(rows, self.place, around=1)
        self._draw_sides(view, one, width)

    def _draw_sides(self, view: ComparisonView, one: DifferenceView | None, width: int) -> None:
        wide = width >= WIDE
        for side, name in ((AUDITOR, "theirs"), (MODERATOR, "mine")):
            pane = self.query_one(f"#{name}", LinesPane)
            pane.display = one is not None and (wide or side == self.side)
            pane.set_class(wide and side == AUDITOR, "left")
            pane.styles.width = width // 2 if wide and side == AUDITOR else "1fr"
            if one is not None:
                pane.show(side_lines(view, one, side, width // 2 - 1 if wide else width, alone=not wide))

    # --- moving -----------------------------------------------------------------------------------------------

    def _go_to(self, place: int) -> None:
        if self.view is not None:
            self.say("")
            self.place = max(0, min(place, len(self.view.differences) - 1))
            self.redraw()

    def _to_open(self, start: int, by: int) -> bool:
        """Go to the next without a decision after `start`, round the end. False when there is none."""
        differences = self.view.differences if self.view else ()
        for step in range(1, len(differences) + 1):
            at = (start + by * step) % len(differences)
            if differences[at].decision is None:
                self.place = at
                return True
        return False

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        self._go_to(self.place + by)

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        self._go_to(self.place + by * max(self.query_one("#differences", LinesPane).size.height - 1, 1))

    async def action_end(self, last: int) -> None:
        """The first or the last line."""
        self._go_to(len(self.view.differences) - 1 if last and self.view else 0)

    async def action_next_open(self, by: int) -> None:
        """The next without a decision."""
        if self.view is not None:
            found = self._to_open(self.place, by)
            self.say("" if found else self._nothing_open(self.view))
            self.redraw()

    def _nothing_open(self, view: ComparisonView) -> str:
        if view.finished:
            return "This moderation is finished: nothing is left to decide."
        return "Nothing is left to decide. `f` finishes, `R` returns it to the auditor."

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to the disagreement."""
        if message.pane.id == "differences" and self.one is not None:
            self.in_turn(self._clicked, message.line)

    async def _clicked(self, place: int) -> None:
        self._go_to(place)

    async def action_side(self) -> None:
        """The other's note, where only one fits."""
        if self.size.width >= WIDE:
            self.say("Both are shown already.")
        elif self.one is not None:
            self.side = MODERATOR if self.side == AUDITOR else AUDITOR
            self.redraw()

    # --- deciding ---------------------------------------------------------------------------------------------

    def _undecidable(self) -> str:
        """Why nothing can be decided here; empty when something can."""
        if self.view is None:
            return "Both sides are being read. Press it again in a moment."
        if self.view.finished:
            return "This moderation is finished: what was decided stands."
        return "" if self.one else "You and the auditor agree on everything. `f` finishes, `R` returns it."

    async def action_decide(self, whose: str) -> None:
        """One of the two answers stands."""
        await self._ask_why(whose, None)

    async def action_grade(self, digit: int) -> None:
        """A grade stands: that of one of the two, or another."""
        one, why_not = self.one, self._undecidable()
        if why_not or one is None or self.view is None:
            self.say(why_not)
            return
        grade = next((choice for choice in one.criterion.grades if choice.key == str(digit)), None)
        given, mine = (answer.grade if answer else None for answer in (one.auditor, one.moderator))
        if not self.view.graded:
            self.say("This audit is made without grades: `a` or `y` says whose answer stands.")
        elif grade is None:
            self.say(f"{digit} is no grade here: 1 to {len(one.criterion.grades)}, `a` or `y`.")
        elif given == mine == grade.id:
            self.say(f"Both gave {grade.label}, and differ in the rest: `a` or `y` says whose answer stands.")
        else:
            whose = {mine: MODERATOR, given: AUDITOR}.get(grade.id, OTHER)
            await self._ask_why(whose, grade.id if whose == OTHER else None)

    async def _ask_why(self, whose: str, grade: str | None) -> None:
        one, why_not = self.one, self._undecidable()
        if why_not or one is None:
            self.say(why_not)
            return
        place = f"decision:{one.criterion.id}"

        async def give(reason: str) -> str | None:
            return await self._decide(one, Decision(whose, reason, grade), place)

        asks = f"{one.criterion.title}: {_stands_words(one, whose, grade)} Why? The auditor will read it."
        text = self.drafts.get(place, one.reason or "")
        self.app.push_screen(Prompt(asks, text, needs=1, keep=self.keeper(place), give=give))

    async def _decide(self, one: DifferenceView, decision: Decision, place: str) -> str | None:
        """Save a decision and go on; why not, when it was refused."""
        view = await self.save(self.at.decide, one.criterion.id, decision)
        if view is None:
            await self.look_again()
            return self.refused_words()
        self.view = view
        await self.forget(place)
        if self._to_open(self.place, 1):
            self.side = AUDITOR
            self.say(f"Decided: {one.criterion.title}. {view.undecided} of {len(view.differences)} still to decide.")
        else:
            self.say(f"Decided: {one.criterion.title}. {self._nothing_open(view)}")
        self.redraw()
        return None

    async def look_again(self) -> None:
        """What stands now, under what the status line says."""
        view = await self.reread(self.at.compare)
        if view is not None:
            self.view = view
        self.redraw()

    # --- ending -----------------------------------------------------------------------------------------------

    async def action_check(self) -> None:
        """The overall grade, then final."""
        view = self.view
        if view is None or view.finished:
            self.say("This moderation is finished: the grades are final." if view else self._undecidable())
        elif view.undecided:
            self._to_open(self.place - 1, 1)
            self.redraw()
            self.say(
                f"{view.undecided} of {len(view.differences)} still to decide before it can be finished. Here is one."
            )
        else:
            self.app.push_screen(FinishScreen(self.at), self._checked)

    async def _checked(self, told: object) -> None:
        if isinstance(told, str):
            self.dismiss(told)
        else:
            await self.look_again()

    async def action_return_it(self) -> None:
        """Back to the auditor, with questions."""
        view = self.view
        if view is None or view.finished:
            self.say("This moderation is finished: it cannot be returned." if view else self._undecidable())
            return
        asks = (
            f"RETURN {view.reference} to {view.auditor}. What should they look at again, without names? They read it "
            "and grade again; your blind grades and decisions stay with this moderation, and the next one is blind "
            "again. This cannot be undone."
        )
        kept = self.drafts.get(RETURN, "")
        self.app.push_screen(
            LongPrompt(asks, kept, needs=1, keep=self.keeper(RETURN), give=self._return_it), self._returned
        )

    async def _return_it(self, reason: str) -> str | None:
        """Send it back; why not, when it was refused."""
        self._told = await self.save(self.at.return_it, reason)
        if self._told is None:
            await self.look_again()
            return self.refused_words()
        await self.forget(RETURN)
        return None

    async def _returned(self, reason: str | None) -> None:
        if reason is not None:
            self.dismiss(self._told)

    # --- elsewhere --------------------------------------------------------------------------------------------

    async def action_descriptors(self) -> None:
        """The whole question, both answers, the decision: full screen."""
        from tui.screens.whole import WholeScreen

        view, one = self.view, self.one
        if view is not None and one is not None:
            self.app.push_screen(WholeScreen(one.criterion.title, lambda width: whole_lines(view, one, width)))

    async def action_history(self) -> None:
        """The story of this question."""
        from tui.screens.history import HistoryScreen

        if self.view is not None:
            about = (self.one.criterion.id, self.one.criterion.title) if self.one else ()
            self.app.push_screen(HistoryScreen(self.at.reference, *about))

    def seen_at(self) -> tuple[()] | tuple[str, str]:
        """The question where the person is."""
        return (self.one.criterion.id, self.one.criterion.title) if self.one else ()


def _stands_words(one: DifferenceView, whose: str, grade: str | None) -> str:
    """Which answer is about to stand."""
    if whose == OTHER:
        label = next(choice.label for choice in one.criterion.grades if choice.id == grade)
        return f"{label} stands, another grade than either."
    answer = one.auditor if whose == AUDITOR else one.moderator
    said = answer.words if answer else "not expected"
    return f"the auditor's answer stands ({said})." if whose == AUDITOR else f"yours stands ({said})."
