"""The check before a moderator makes the grades final: what is decided, the overall grade, and what is looked past."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from audit_engine.work_views import Choice, ComparisonView, OverallView
from tui.desk.moderating import AtModerating
from tui.drawing.check import LOCKS, Part, Point, chosen_points, fitting, undecided, why_points
from tui.keymap import bindings
from tui.screens.choosing import Choosing, do_or_leave
from tui.screens.hand_in import HandIn
from tui.screens.prompt import Prompt


class FinishScreen(HandIn[ComparisonView]):
    """The moderator's, when every disagreement is decided. Gives a sentence once the grades are final."""

    KEYS = "finish"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("finish")]
    NAMED = "making the grades final"
    OFFERED = ("as the auditor gave it", "the auditor's")

    def __init__(self, moderating: AtModerating) -> None:
        super().__init__(moderating)
        self.moderating = moderating
        self.past: dict[str, str] = {}
        """Why each rule that bars the chosen grade is looked past."""

    async def look_past(self, grade: str) -> None:
        """Ask why the rules that bar a grade are looked past, then why it is not the auditor's."""
        assert self.overall is not None  # noqa: S101 - its caller asked
        view, rules = self.overall, self.overall.by_override[grade]
        bound = " ".join(text for text in view.bound_by if text.startswith(tuple(f"{rule} " for rule in rules)))
        asks = (
            f"{view.label(grade)} looks past {' and '.join(rules)}, and it stays marked. {bound} Why is it right here?"
        )

        async def given(reason: str | None) -> None:
            if reason:
                self.past = dict.fromkeys(rules, reason)
                self._ask_why(grade)

        self.app.push_screen(Prompt(asks, needs=1), given)

    async def _chosen(self, grade: str, reason: str) -> None:
        if self.overall is not None and grade not in self.overall.by_override:
            self.past = {}
        await super()._chosen(grade, reason)

    def look(self) -> ComparisonView:
        """Both sides as they stand."""
        return self.moderating.compare()

    def title_words(self) -> str:
        """Which audit."""
        return f"MODERATION  {self.at.reference}  Finish check"

    @property
    def overall(self) -> OverallView | None:
        """What follows of what is decided; None without grades."""
        return self.view.overall if self.view is not None and self.view.graded else None

    @property
    def offered(self) -> str | None:
        """The auditor's, while what is decided permits it."""
        view = self.view
        if view is None:
            return None
        if view.finished:
            return view.decided_overall
        return view.given_overall if view.given_overall in view.overall.permitted else None

    @property
    def closed(self) -> str:
        """Why nothing can be made final now."""
        return "The grades are final: nothing can be changed." if self.view is not None and self.view.finished else ""

    def stops(self) -> Sequence[Point]:
        """Disagreements without a decision."""
        return undecided(self.view) if self.view is not None and not self.closed else ()

    def parts(self) -> tuple[Part, ...]:
        """The overall grade: the two that were given, and the one that stands."""
        view = self.view
        if view is None or not view.graded:
            return ()
        label = view.overall.label
        given = (
            Point("Auditor", f"{label(view.given_overall)}, given by {view.auditor}"),
            Point("You", f"{label(view.blind_overall)}, given blind"),
        )
        how = "as decided" if view.finished else self.OFFERED[0]
        chosen = chosen_points(view.overall, self.said, self.offered, how)
        past = [Point("Past rule", f"{rule}: {why}") for rule, why in self.past.items()]
        fits = Part("DOES IT FIT TOGETHER? (this stops nothing)", fitting(view.noticed, ()), of_questions=True)
        return (
            Part("MADE FINAL WITH IT", [*chosen, *past, *given]),
            Part("AS DECIDED", why_points(view.overall)),
            fits,
        )

    def counted(self) -> tuple[int, int, int]:
        """Questions that are the same or decided, of how many."""
        assert self.view is not None  # noqa: S101 - nothing is drawn before it is read
        of = self.view.same + len(self.view.differences)
        return of - self.view.undecided, of, 0

    def sends(self) -> str:
        """What `S` will do."""
        view = self.overall
        if view is not None and self.grade is None:
            return "The auditor's overall grade may not stand. A digit chooses another, then `S` makes it final."
        with_grade = f" with the overall grade {view.label(self.grade)}" if view else ""
        return f"`S` makes the grades final{with_grade}."

    async def complete(self) -> None:
        """Ask once, then make final."""

        async def sure(chosen: tuple[Choice, ...] | None) -> None:
            if not chosen or chosen[0].id != "do":
                return
            told = await self.save(self.moderating.finalise, self.grade, self.said.reason or None, self.past)
            if told is None:
                await self.look_again()
                return
            await self.forget("overall", "overall_reason")
            self.dismiss(told)

        answers = do_or_leave("Make them final", "Go back")
        self.app.push_screen(Choosing("Make the grades final?", answers, before=[LOCKS["finish"]]), sure)
