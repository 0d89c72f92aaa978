"""The checks before an auditor submits, and before a moderator locks their blind grades."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from audit_engine.actions.moving import RESPONDENTS, Submission
from audit_engine.work_views import Choice, OverallView, WorkView
from tui.desk.grading import AtGrading
from tui.desk.moderating import AtModerating
from tui.drawing.check import (
    LOCKS,
    Part,
    Point,
    chosen_points,
    fitting,
    look_at,
    must_fix,
    said_points,
    submitted_words,
    why_points,
)
from tui.keymap import bindings
from tui.screens.choosing import Choosing, do_or_leave
from tui.screens.hand_in import HandIn, Then
from tui.screens.prompt import Prompt

LOCKED = "locked"
"""What the lock screen gives once the grades are locked."""
_WHO = tuple(Choice(str(n), name, name) for n, name in enumerate(RESPONDENTS, start=1))
_YES, _NO = Choice("1", "yes", "Yes"), Choice("2", "no", "No")
_NOBODY = "none"
"""In a draft: nobody gave feedback."""


class CheckScreen(HandIn[WorkView]):
    """The auditor's. Gives a sentence once the audit is submitted."""

    KEYS = "check"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("check")]
    NAMED = "submitting"

    def look(self) -> WorkView:
        """The audit as it stands."""
        return self.at.look_over()

    def title_words(self) -> str:
        """Which audit."""
        return f"{self.at.reference}  Submit check"

    @property
    def overall(self) -> OverallView | None:
        """What follows for the whole; None without grades."""
        return self.view.overall if self.view is not None and self.view.graded else None

    @property
    def offered(self) -> str | None:
        """The suggested grade; of an audit that is handed in, the one that was."""
        view = self.overall
        if view is None:
            return None
        if self.closed and view.chosen:
            return view.chosen
        return view.suggested if view.suggested in view.permitted else None

    @property
    def closed(self) -> str:
        """Why it cannot be submitted now."""
        view = self.view
        if view is None or view.begun or any(step.event in ("begin", "submit") and step.mine for step in view.next):
            return ""
        return f"It is '{view.stage_title}': nothing can be submitted now. `w` says what comes next."

    def stops(self) -> Sequence[Point]:
        """Open questions, and a child of whom nobody was told."""
        return must_fix(self.view) if self.view is not None and not self.closed else ()

    def _to_look_at(self) -> tuple[Point, ...]:
        return look_at(self.view, self.drafts, self.at.in_notes) if self.view is not None else ()

    def parts(self) -> tuple[Part, ...]:
        """What to look at, what does not fit together, the overall grade, and what is said with it."""
        fits = fitting(self.view.noticed, self.view.criteria) if self.view is not None else ()
        made = [
            Part("LOOK AT (this stops nothing)", self._to_look_at(), of_questions=True),
            Part("DOES IT FIT TOGETHER? (this stops nothing)", fits, of_questions=True),
        ]
        told, view = said_points(self.said), self.overall
        if view is None:
            return (*made, Part("HANDED IN WITH IT", told))
        how = "as handed in" if self.closed else self.OFFERED[0]
        why = why_points(view)
        if view.chosen and not self.closed:
            why.append(Point("Before", f"You gave {view.label(view.chosen)} when it was handed in before."))
        chosen = chosen_points(view, self.said, self.offered, how)
        return (*made, Part("HANDED IN WITH IT", [*chosen, *told]), Part("THE OVERALL GRADE", why))

    def counted(self) -> tuple[int, int, int]:
        """Questions that need nothing more, of how many; what to look at."""
        assert self.view is not None  # noqa: S101 - nothing is drawn before it is read
        return self.view.done, len(self.view.criteria), len(self._to_look_at())

    def sends(self) -> str:
        """What `S` will do."""
        missing = [] if self.said.feedback_said else ["who gave feedback"]
        missing += ["whether it was made together with the practitioner"] if self.said.together is None else []
        asks = f", after asking {' and '.join(missing)}" if missing else ""
        view = self.overall
        if view is None:
            return f"`S` submits it, without grades{asks}."
        if self.grade is None:
            return "No overall grade is suggested. A digit chooses one, then `S` submits."
        return f"`S` submits it with the overall grade {view.label(self.grade)}{asks}."

    def recall(self) -> None:
        """Also what was said with it: here before it was left, or when it was handed in before."""
        super().recall()
        view, kept = self.view, self.drafts
        assert view is not None  # noqa: S101 - it was just read
        why_none = kept.get("feedback_reason") or view.feedback_reason or ""
        if "feedback" in kept:
            named = tuple(one for one in kept["feedback"].split() if one in RESPONDENTS)
            self.said = replace(self.said, feedback=named, why_none="" if named else why_none)
        elif view.feedback is not None:
            self.said = replace(self.said, feedback=view.feedback_from, why_none=view.feedback_reason or "")
        together = kept["together"] == _YES.id if "together" in kept else view.collaborative
        self.said = replace(self.said, together=together)

    # --- what is said with it ---------------------------------------------------------------------------------

    async def act(self, does: str) -> None:
        """Enter on feedback or on whether it was made together."""
        await {"feedback": self.action_feedback, "together": self.action_together}[does]()

    async def action_feedback(self) -> None:
        """Who gave feedback, or why nobody did."""
        if self.view is not None and not self._said_closed():
            self._ask_feedback()

    def _said_closed(self) -> bool:
        if self.closed:
            self.say(self.closed)
        return bool(self.closed)

    def _ask_feedback(self, then: Then | None = None) -> None:
        async def given(chosen: tuple[Choice, ...] | None) -> None:
            if chosen:
                await self._feedback(tuple(one.id for one in chosen), "", then)
            elif chosen is not None:
                self._ask_why_nobody(then)

        self.to("feedback")
        asks = "Who gave feedback?"
        before = ["Mark everybody who did. When nobody did, mark nobody: Enter then asks why."]
        self.app.push_screen(
            Choosing(asks, _WHO, before=before, several=True, marked=self.said.feedback or ()), given
        )  # fmt: skip

    def _ask_why_nobody(self, then: Then | None) -> None:
        async def given(reason: str | None) -> None:
            if reason:
                await self._feedback((), reason, then)

        asks, place = "Nobody gave feedback. Why not?", "feedback_reason"
        text = self.said.why_none or self.drafts.get(place, "")
        self.app.push_screen(Prompt(asks, text, needs=1, keep=self.keeper(place)), given)

    async def _feedback(self, given: tuple[str, ...], why_none: str, then: Then | None) -> None:
        self.said = replace(self.said, feedback=given, why_none=why_none)
        await self.keep("feedback", " ".join(given) or _NOBODY)
        if given:
            await self.keep("feedback_reason", "")
        await self._on(then)

    async def action_together(self) -> None:
        """Whether it was made together with the practitioner: yes, then no, then yes."""
        if self.view is not None and not self._said_closed():
            self.to("together")
            await self._together(not self.said.together)

    def _ask_together(self, then: Then) -> None:
        async def given(chosen: tuple[Choice, ...] | None) -> None:
            if chosen:
                await self._together(chosen[0] is _YES, then)

        self.to("together")
        self.app.push_screen(Choosing("Was it made together with the practitioner?", (_YES, _NO)), given)

    async def _together(self, said: bool, then: Then | None = None) -> None:
        self.said = replace(self.said, together=said)
        await self.keep("together", (_YES if said else _NO).id)
        await self._on(then)

    async def _on(self, then: Then | None) -> None:
        self.say("")
        self.redraw()
        if then is not None:
            await then()

    async def complete(self) -> None:
        """Ask what was not said, one after the other; then submit."""
        said = self.said
        if not said.feedback_said:
            self._ask_feedback(self.action_send)
        elif said.together is None:
            self._ask_together(self.action_send)
        else:
            await self._submit(
                Submission(self.grade, said.reason or None, said.together, said.feedback, said.why_none or None)
            )

    async def _submit(self, submission: Submission) -> None:
        after = await self.save(self.at.submit, submission)
        if after is None:
            await self.look_again()
            return
        await self.forget("overall", "overall_reason", "feedback", "feedback_reason", "together")
        self.dismiss(submitted_words(after, self.stamp.plain))


class LockScreen(HandIn[WorkView]):
    """The moderator's, before they see the auditor's grades. Gives `LOCKED` once theirs are locked."""

    KEYS = "lock"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("lock")]
    NAMED = "locking"
    EXPLAINED = False
    PREFIX = "blind:"

    def __init__(self, work: AtGrading, moderating: AtModerating) -> None:
        super().__init__(work)
        self.moderating = moderating

    def look(self) -> WorkView:
        """The blind work as it stands."""
        return self.at.look_over()

    def title_words(self) -> str:
        """Which audit, and that it is blind."""
        return f"MODERATION (blind)  {self.at.reference}  Lock check"

    @property
    def overall(self) -> OverallView | None:
        """What follows of the blind grades; None without grades."""
        return self.view.overall if self.view is not None and self.view.graded else None

    @property
    def offered(self) -> str | None:
        """The one chosen before, when a lock was refused; else the suggested one."""
        view = self.overall
        return next((one for one in (view.chosen, view.suggested) if one in view.permitted), None) if view else None

    @property
    def closed(self) -> str:
        """Why it cannot be locked now."""
        return "" if self.view is None or self.view.begun else "You have not taken it on. Take it on first."

    def stops(self) -> Sequence[Point]:
        """Open questions."""
        return must_fix(self.view) if self.view is not None else ()

    def _to_look_at(self) -> tuple[Point, ...]:
        return look_at(self.view, self.drafts, self.at.in_notes) if self.view is not None else ()

    def parts(self) -> tuple[Part, ...]:
        """What to look at, and the overall grade."""
        made = [Part("LOOK AT (this stops nothing)", self._to_look_at(), of_questions=True)]
        if (view := self.overall) is not None:
            how = self.OFFERED[0] if self.offered == view.suggested else "chosen by you"
            made.append(Part("LOCKED WITH IT", chosen_points(view, self.said, self.offered, how)))
            made.append(Part("THE OVERALL GRADE", why_points(view)))
        return tuple(made)

    def counted(self) -> tuple[int, int, int]:
        """Questions that need nothing more, of how many; what to look at."""
        assert self.view is not None  # noqa: S101 - nothing is drawn before it is read
        return self.view.done, len(self.view.criteria), len(self._to_look_at())

    def sends(self) -> str:
        """What `L` will do."""
        view = self.overall
        with_grade = f" with the overall grade {view.label(self.grade)}" if view and self.grade else ""
        return f"`L` locks your grades{with_grade}, and shows the auditor's."

    async def complete(self) -> None:
        """Ask once, then lock."""

        async def sure(chosen: tuple[Choice, ...] | None) -> None:
            if not chosen or chosen[0].id != "do":
                return
            if await self.save(self.moderating.lock, self.grade) is None:
                await self.look_again()
                return
            await self.forget("blind:overall")
            self.dismiss(LOCKED)

        self.app.push_screen(
            Choosing("Lock your grades?", do_or_leave("Lock them", "Go back"), before=[LOCKS["lock"]]), sure
        )  # fmt: skip
