"""The questions under one criterion: a digit answers, saved before the next; members are named and taken out."""

from collections.abc import Collection, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.actions.questions import LONGEST_NAME
from audit_engine.actions.rating import Answer
from audit_engine.work_views import CriterionView, QuestionView, WorkView
from tui.desk.grading import AtGrading
from tui.drawing.asked import answered_words, asked_lines, leads_to_lines
from tui.drawing.words import QUIET, words
from tui.keymap import bindings
from tui.screens.about_audit import AboutAudit
from tui.screens.prompt import Prompt
from tui.widgets.frame import Words
from tui.widgets.lines import LinesPane

TENTH = 10
"""The answer that `0` gives."""


class AskedScreen(AboutAudit[None]):
    """One criterion's questions. Goes back to the workbench, which reads anew."""

    KEYS = "asked"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("asked")]

    def __init__(self, work: AtGrading, view: WorkView, criterion: str) -> None:
        super().__init__()
        self.work, self.view, self.name_of = work, view, criterion
        self.place = 0
        self._lines_of: list[int] = []

    @property
    def audit_at(self) -> AtGrading:
        """The audit that is graded."""
        return self.work

    @property
    def criterion(self) -> CriterionView:
        """Whose questions they are."""
        return self.view.criterion(self.name_of)

    @property
    def questions(self) -> tuple[QuestionView, ...]:
        """Those that are asked now."""
        return self.criterion.asked.questions if self.criterion.asked else ()

    @property
    def question(self) -> QuestionView | None:
        """Where the person is; None while nothing is asked."""
        return self.questions[min(self.place, len(self.questions) - 1)] if self.questions else None

    def body(self) -> Iterable[Widget]:
        """The questions, and what they lead to."""
        yield LinesPane(id="asked")
        yield Words(id="leads")

    def title_words(self) -> str:
        """Which question of the audit."""
        return f"{self.view.reference}  {self.criterion.number} {self.criterion.title}"

    def progress_words(self) -> str:
        """How many are answered."""
        return answered_words(self.criterion.asked) if self.criterion.asked else ""

    def turn_shown(self, answer: object) -> int | None:
        """None where it would tell how often the auditor answered."""
        return None if self.view.blind else super().turn_shown(answer)

    def seen_at(self) -> tuple[str, str]:
        """The criterion."""
        return self.criterion.id, self.criterion.title

    def idle_actions(self) -> Collection[str]:
        """No grade to take, or nobody to name."""
        asked = self.criterion.asked
        idle = () if asked is not None and asked.suggested and not asked.taken else ("take",)
        return (*idle, *(() if asked is not None and asked.called else ("add", "remove")))

    def offered_keys(self) -> list[tuple[str, str]]:
        """With as many digits as there are answers here."""
        count = min(len(self.question.answers), TENTH - 1) if self.question else 9
        return [(f"1-{count}" if key == "1-9" else key, word) for key, word in super().offered_keys()]

    async def on_mount(self) -> None:
        """Begin at the first open question."""
        self._to_open(-1)
        self.redraw()

    def draw(self) -> None:
        """The questions; below them what they lead to."""
        width = self.size.width
        self.place = max(0, min(self.place, len(self.questions) - 1))
        lines, self._lines_of = asked_lines(self.criterion, self.place, width)
        at = self._lines_of[self.place] if self._lines_of else None
        answers = len(self.question.answers) if self.question else 0
        self.query_one("#asked", LinesPane).show(lines, at, around=min(answers, 8) + 1)
        self.query_one("#leads", Words).say([words("-" * width, QUIET), *leads_to_lines(self.criterion, width)])

    async def look_again(self) -> None:
        """What stands now, under what the status line says."""
        self.view = await self.reread(self.work.look) or self.view
        self.redraw()

    # --- moving -----------------------------------------------------------------------------------------------

    def _to_open(self, start: int, by: int = 1) -> bool:
        count = len(self.questions)
        ahead = [(start + by * step) % count for step in range(1, count + 1)] if count else []
        found = next((at for at in ahead if self.questions[at].given is None), None)
        self.place = self.place if found is None else found
        return found is not None

    async def action_go(self, by: int) -> None:
        """A question up or down."""
        self.say("")
        self.place += by
        self.redraw()

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        self.query_one("#asked", LinesPane).scroll_lines(by * max(self.query_one("#asked").size.height - 2, 1))

    async def action_end(self, last: int) -> None:
        """The first or the last question."""
        await self.action_go(len(self.questions) if last else -len(self.questions))

    async def action_next_open(self, by: int) -> None:
        """The next open question."""
        if not self._to_open(self.place, by):
            self.say(self._all_answered())
        self.redraw()

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to the question."""
        if message.line in self._lines_of:
            self.in_turn(self.action_go, self._lines_of.index(message.line) - self.place)

    # --- answering --------------------------------------------------------------------------------------------

    async def action_choose(self, digit: int) -> None:
        """One digit: saved, then on to the next open question."""
        question, number = self.question, digit or TENTH
        if question is None:
            self.say("Nothing is asked yet: `+` names whom or what it is asked for.")
            return
        if number > len(question.answers):
            self.say(f"{digit} is no answer here: 1 to {len(question.answers)}.")
            return
        said = {question.id: question.answers[number - 1].id}
        answer = Answer(members={question.member: said}) if question.member else Answer(answers=said)
        if await self._save(answer) and not self._to_open(self.place):
            self.say(self._all_answered())
        self.redraw()

    async def _save(self, answer: Answer) -> bool:
        here = self.question
        view = await self.save(self.work.answer, self.name_of, answer)
        if view is None:
            await self.look_again()
            return False
        self.view = view
        places = [(one.id, one.member) for one in self.questions]
        if here is not None and (here.id, here.member) in places:
            self.place = places.index((here.id, here.member))
        return True

    def _all_answered(self) -> str:
        one = self.criterion
        if one.waiting:
            return f"Still open: {one.waiting[0]}."
        if one.asked is None or not one.asked.suggested or one.asked.taken:
            return "All questions are answered. `q` goes back."
        return (
            f"All questions are answered. Enter takes {one.asked.suggested_label}; `q` goes back to grade it yourself."
        )

    async def action_take(self) -> None:
        """The suggested grade, and back."""
        asked = self.criterion.asked
        if asked is None or not asked.suggested:
            self.say(
                self._all_answered() if not self.criterion.waiting else f"Still open: {self.criterion.waiting[0]}."
            )
        elif asked.taken or not self.view.graded:
            self.dismiss(None)
        else:
            view = await self.save(self.work.answer, self.name_of, Answer(grade=asked.suggested))
            if view is None:
                await self.look_again()
            else:
                self.dismiss(None)

    # --- members ----------------------------------------------------------------------------------------------

    async def action_add(self) -> None:
        """Name one more."""
        asked = self.criterion.asked
        if asked is None or not asked.called:
            self.say("Its questions are asked once, and of no members.")
            return
        asks = f"{asked.called}. Call it Child {len(asked.members) + 1}, say; names stay on the face sheet."
        self.app.push_screen(Prompt(asks, needs=1, longest=LONGEST_NAME, give=self._named))

    async def _named(self, name: str) -> str | None:
        """Save a member; why not, when it was refused."""
        if not await self._save(Answer(members={name: {}})):
            return self.refused_words()
        self._to_open(self.place)
        self.redraw()
        return None

    async def action_remove(self) -> None:
        """Take out the member where the person is; undo on the workbench brings it back."""
        member = self.question.member if self.question else None
        asked = self.criterion.asked
        if member is None and asked is not None and asked.members and not any(one.member for one in self.questions):
            member = asked.members[-1]
        if member is None:
            self.say("This is asked of no member: go to a question of the one to take out.")
        elif await self._save(Answer(members={member: None})):
            self.say(f"{member} is taken out. `u` on the workbench undoes it.")
            self.redraw()

    async def action_back(self) -> None:
        """Back to the workbench."""
        self.dismiss(None)
