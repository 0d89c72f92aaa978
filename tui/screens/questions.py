"""The questions of one audit: all of them with their marks, and the one where the person is."""

from collections.abc import Collection, Iterable

from textual.containers import Container
from textual.widget import Widget

from audit_engine.safe_text import MAX_TEXT
from audit_engine.work_views import CriterionView, WorkView
from tui.desk.grading import AtGrading
from tui.drawing.words import BAD, QUIET, STRONG, Lines, fitted, words
from tui.drawing.workbench import (
    LEGEND,
    Slot,
    criteria_lines,
    found_in,
    overall_lines,
    question_lines,
    slots,
    writing_lines,
)
from tui.screens.about_audit import AboutAudit
from tui.screens.prompt import Prompt
from tui.widgets.field import Field
from tui.widgets.frame import Words
from tui.widgets.lines import LinesPane

WIDE, TALL = 100, 30
AT_RISK = " ! A child may be at risk, and nobody has been told: `!` raises it now."
FLAG = "flag:"
"""A mark to come back is kept as a draft: it is nobody's record."""


class Questions(AboutAudit[str | None]):
    """One audit's questions. `view` is all that is drawn."""

    BLIND = False

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.work = AtGrading(self.app.here, reference, blind=self.BLIND)
        self.view: WorkView | None = None
        self.place = 0
        self.written = "note"
        """What is being written: `note` or `pointer`."""
        self.answered: str | None = None
        """The criterion that was answered last, here and now."""
        self._found: list[int] = []
        self._lines_of: list[int] = []

    @property
    def audit_at(self) -> AtGrading:
        """The audit that is graded."""
        return self.work

    def body(self) -> Iterable[Widget]:
        """Criteria beside the question, the field while a note is written, and what follows for the whole."""
        yield Container(
            LinesPane(id="criteria"),
            Container(LinesPane(id="question"), Field(id="field"), id="right"),
            classes="columns",
        )
        yield Words(id="overall")

    def title_words(self) -> str:
        """Which audit."""
        view = self.view
        return f"{view.reference}  {view.case}  {view.programme}" if view else f"{self.work.reference}   opening..."

    def progress_words(self) -> str:
        """How far it is."""
        if self.view is None:
            return ""
        return self.view.stage_title if self.unchangeable() else f"{self.view.done}/{len(self.view.criteria)} done"

    def resting_words(self) -> str:
        """What the marks mean."""
        return LEGEND

    def unchangeable(self) -> str:
        """Why nothing can be written here; empty when it can."""
        view = self.view
        if view is None or view.begun or self.may_begin(view):
            return ""
        return f"To be read, and not changed: it is '{view.stage_title}'."

    def may_begin(self, view: WorkView) -> bool:
        """Whether the first answer begins it."""
        return not self.BLIND and any(one.event == "begin" and one.possible and one.mine for one in view.next)

    def idle_actions(self) -> Collection[str]:
        """Nothing is graded where nothing can be changed; and most criteria have no questions of their own."""
        idle = ("grade", "leave_out", "note", "pointer", "undo", "next_open", "check") if self.unchangeable() else ()
        return idle if self._has_questions() else (*idle, "answers")

    def offered_keys(self) -> list[tuple[str, str]]:
        """With as many digits as there are answers here; where room is short, what is pressed most."""
        count = len(self.slot.choices) if self.view else 4
        offered = [(f"1-{count}" if key == "1-9" else key, word) for key, word in super().offered_keys()]
        short = self._has_questions() and self.size.width < WIDE
        return [one for one in offered if not short or one[0] != "p"]

    def _has_questions(self) -> bool:
        return self.view is not None and self.criterion.asked is not None

    # --- drawing ----------------------------------------------------------------------------------------------

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The lines that take a key."""
        return slots(self.view) if self.view else ()

    @property
    def slot(self) -> Slot:
        """Where the person is."""
        return self.slots[self.place]

    @property
    def criterion(self) -> CriterionView:
        """The question where the person is."""
        return self.slot.criterion

    def seen(self, view: WorkView) -> None:
        self.view = view
        self.place = min(self.place, len(slots(view)) - 1)

    def draw(self) -> None:
        """Both columns, and what follows for the whole."""
        view = self.view
        if view is None:
            return
        width = self.size.width
        left = 32 if width < WIDE else min(46, width * 2 // 5)
        below = overall_lines(view.overall, width, 2 if self.size.height < TALL else 4) if view.graded else []
        urgent = self._urgent(width)
        below = [*urgent, *below[: max(len(below) - len(urgent), 0)]]
        self.query_one("#overall", Words).say([words("-" * width, QUIET), *below])
        criteria, question = self.query_one("#criteria", LinesPane), self.query_one("#question", LinesPane)
        criteria.styles.width = left
        flagged = {place.removeprefix(FLAG) for place in self.drafts if place.startswith(FLAG)}
        lines, self._lines_of = criteria_lines(view, self.place, left - 2, flagged)
        criteria.show(lines, self._lines_of[self.place], around=2)
        if self.writing:
            used = len(self.query_one("#field", Field).text)
            above = writing_lines(self.criterion, self.written, used, MAX_TEXT, width - left)
            question.styles.height = len(above)
            question.show(above)
        else:
            question.styles.height = "1fr"
            # Heading, footer and the rule above what follows for the whole take a row each.
            room = self.size.height - 3 - self.status_height - len(below)
            question.show(question_lines(view, self.slot, width - left - 1, room))

    def _urgent(self, width: int) -> Lines:
        """What stands before anything else below: a child of whom nobody was told, what a note may tell."""
        lines = [words(fitted(AT_RISK, width), BAD)] if self.view is not None and self.view.at_risk else []
        warning = self.work.warning(self.query_one("#field", Field).text) if self.writing else ""
        return [*lines, words(fitted(f" ! {warning}", width), STRONG)] if warning else lines

    # --- moving -----------------------------------------------------------------------------------------------

    def go_to(self, place: int) -> None:
        if self.view is not None:
            self.place = max(0, min(place, len(self.slots) - 1))
            self.redraw()

    def to_open(self, start: int, by: int) -> bool:
        """Go to the next open line after `start`, round the end. False when nothing is open."""
        count = len(self.slots)
        for step in range(1, count + 1):
            at = (start + by * step) % count
            if self.slots[at].open or (self.slots[at].what == "grade" and self.slots[at].criterion.open):
                self.place = at
                return True
        return False

    async def action_go(self, by: int) -> None:
        """A line up or down."""
        self.say("")
        self.go_to(self.place + by)

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        self.go_to(self.place + by * max(self.query_one("#criteria", LinesPane).size.height - 2, 1))

    async def action_end(self, last: int) -> None:
        """The first or the last line."""
        self.go_to(len(self.slots) - 1 if last else 0)

    async def action_next_open(self, by: int) -> None:
        """The next open question."""
        if self.view is None:
            return
        self.say("")
        if not self.to_open(self.place, by):
            self.say(self.nothing_open())
        self.redraw()

    def nothing_open(self) -> str:
        key = "`L` locks your grades" if self.BLIND else "`s` checks and submits"
        if self.view is not None and self.view.at_risk:
            return "Nothing is open, but a child may be at risk: `!` raises it."
        return f"Nothing is open. {key}."

    async def action_go_to(self) -> None:
        """A question by its number or name."""
        if self.view is not None:
            self.app.push_screen(Prompt("Go to question (number or name)", longest=80, give=self._went))

    async def _went(self, typed: str) -> str | None:
        """Go there; why not, when there is no such question."""
        if not typed or self.view is None:
            return None
        wanted = typed.casefold()
        found = [n for n, s in enumerate(self.slots) if wanted in (str(s.criterion.number), s.criterion.id)]
        found = found or [n for n, s in enumerate(self.slots) if wanted in s.criterion.title.casefold()]
        if not found:
            return f"There is no question '{typed[:40]}'. They are numbered 1 to {len(self.view.criteria)}."
        self.say("")
        self.go_to(found[0])
        return None

    async def action_find(self) -> None:
        """Words in questions and notes."""
        if self.view is not None:
            self.app.push_screen(Prompt("Find in questions and notes", needs=1, longest=200), self._find)

    async def _find(self, typed: str | None) -> None:
        if typed and self.view is not None:
            self._found = found_in(self.view, typed)
            count = len(self._found)
            found = f"Found in {count} question{'s' if count > 1 else ''}; `n` is the next."
            self.say(found if count else f"'{typed[:40]}' is in no question and no note.")
            await self.action_find_again(1, said=True)

    async def action_find_again(self, by: int, *, said: bool = False) -> None:
        """The next that was found."""
        ahead = [n for n in self._found if (n > self.place if by > 0 else n < self.place)] or self._found
        if ahead:
            self.go_to(ahead[0] if by > 0 else ahead[-1])
        elif not said:
            self.say("Nothing was looked for. `/` finds words.")

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to the question."""
        if message.pane.id == "criteria" and message.line in self._lines_of and not self.writing:
            self.in_turn(self._clicked, self._lines_of.index(message.line))

    async def _clicked(self, place: int) -> None:
        self.go_to(place)
