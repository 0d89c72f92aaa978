"""The workbench: every criterion, one digit each, saved before the next. For the auditor, and for a blind moderator."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from audit_engine.actions.rating import Answer
from audit_engine.safe_text import MAX_TEXT
from audit_engine.work_views import CriterionView, WorkView
from tui.desk.grading import AtGrading
from tui.drawing.words import QUIET, words
from tui.drawing.workbench import (
    EVIDENCE,
    LEGEND,
    Slot,
    criteria_lines,
    demanded,
    found_in,
    overall_lines,
    question_lines,
    slots,
    writing_lines,
)
from tui.keymap import bindings
from tui.screens.choosing import Choosing
from tui.screens.escalating import escalate
from tui.screens.prompt import Prompt, cut_words
from tui.screens.two_texts import TwoTexts
from tui.widgets.field import Field
from tui.widgets.frame import Framed, Words
from tui.widgets.lines import LinesPane

WIDE, TALL = 100, 30
FLAG = "flag:"
"""A mark to come back is kept as a draft: it is nobody's record."""


class WorkbenchScreen(Framed[str | None]):
    """One audit. `view` is all that is drawn."""

    KEYS = "workbench"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("workbench")]
    BLIND = False

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.work = AtGrading(self.app.here, reference, blind=self.BLIND)
        self.view: WorkView | None = None
        self.place = 0
        self.drafts: dict[str, str] = {}
        self._writing_what = "note"
        self._found: list[int] = []
        self._lines_of: list[int] = []

    def body(self) -> Iterable[Widget]:
        """Criteria beside the question, the field while a note is written, and what follows for the whole."""
        yield Container(
            LinesPane(id="criteria"),
            Container(LinesPane(id="question"), Field(id="field"), id="right"),
            classes="columns",
        )
        yield Words(id="overall")

    def title_words(self) -> str:
        """Which audit, and how far it is."""
        view = self.view
        if view is None:
            return f"{self.work.reference}   opening..."
        return f"{view.reference}  {view.programme}"

    def progress_words(self) -> str:
        """How far it is."""
        return f"{self.view.done}/{len(self.view.criteria)} done" if self.view else ""

    def resting_words(self) -> str:
        """What the marks mean."""
        return LEGEND

    async def on_mount(self) -> None:
        """Read the audit and the drafts, write down that it was looked at, go to the first open question."""
        self.query_one("#criteria").add_class("left")
        self.query_one("#field").display = False
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
        self.drafts = dict(await self.ask(self.work.drafts) or {})
        await self.ask(self.work.looked)
        self._seen(view)
        self._to_open(-1, 1)
        self.redraw()
        self._greet(view)

    def _greet(self, view: WorkView) -> None:
        kept = [place for place in self.drafts if place.startswith(("note:", "pointer:", "blind:"))]
        if view.returned_because:
            self.say(f"The moderator returned it: {view.returned_because}")
        elif kept:
            self.say(f"Text that you had not finished was kept ({len(kept)}). `e` on its question shows it.")
        elif not view.begun and self._may_begin(view):
            self.say("Not begun yet. Your first answer begins it.")
        elif not view.begun:
            self.say(f"It is '{view.stage_title}': to be read, nothing can be changed now. `w` says what comes next.")

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

    def _seen(self, view: WorkView) -> None:
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
        self.query_one("#overall", Words).say([words("-" * width, QUIET), *below])
        criteria, question = self.query_one("#criteria", LinesPane), self.query_one("#question", LinesPane)
        criteria.styles.width = left
        flagged = {place.removeprefix(FLAG) for place in self.drafts if place.startswith(FLAG)}
        lines, self._lines_of = criteria_lines(view, self.place, left - 1, flagged)
        criteria.show(lines, self._lines_of[self.place], around=2)
        if self.writing:
            used = len(self.query_one("#field", Field).text)
            above = writing_lines(self.criterion, self._writing_what, used, MAX_TEXT, width - left)
            question.styles.height = len(above)
            question.show(above)
        else:
            question.styles.height = "1fr"
            room = self.size.height - 4 - len(below)
            question.show(question_lines(view, self.slot, width - left, room))

    # --- moving -----------------------------------------------------------------------------------------------

    def _go_to(self, place: int) -> None:
        if self.view is not None:
            self.place = max(0, min(place, len(self.slots) - 1))
            self.redraw()

    def _to_open(self, start: int, by: int) -> bool:
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
        self._go_to(self.place + by)

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        self._go_to(self.place + by * max(self.query_one("#criteria", LinesPane).size.height - 2, 1))

    async def action_end(self, last: int) -> None:
        """The first or the last line."""
        self._go_to(len(self.slots) - 1 if last else 0)

    async def action_next_open(self, by: int) -> None:
        """The next open question."""
        if self.view is None:
            return
        self.say("")
        if not self._to_open(self.place, by):
            self.say(self._nothing_open())
        self.redraw()

    def _nothing_open(self) -> str:
        key = "`L` locks your grades" if self.BLIND else "`s` checks and submits"
        return f"Nothing is open. {key}."

    async def action_go_to(self) -> None:
        """A question by its number or name."""
        if self.view is not None:
            self.app.push_screen(Prompt("Go to question (number or name)", longest=80), self._went)

    async def _went(self, typed: str | None) -> None:
        if not typed or self.view is None:
            return
        wanted = typed.casefold()
        found = [n for n, s in enumerate(self.slots) if wanted in (str(s.criterion.number), s.criterion.id)]
        found = found or [n for n, s in enumerate(self.slots) if wanted in s.criterion.title.casefold()]
        if found:
            self.say("")
            self._go_to(found[0])
        else:
            self.say(f"There is no question '{typed[:40]}'. They are numbered 1 to {len(self.view.criteria)}.")

    async def action_find(self) -> None:
        """Words in questions and notes."""
        if self.view is not None:
            self.app.push_screen(Prompt("Find in questions and notes", needs=1, longest=200), self._find)

    async def _find(self, typed: str | None) -> None:
        if typed and self.view is not None:
            self._found = found_in(self.view, typed)
            self.say(f"Found in {len(self._found)} questions; n is the next." if self._found else "Found nowhere.")
            await self.action_find_again(1, said=True)

    async def action_find_again(self, by: int, *, said: bool = False) -> None:
        """The next that was found."""
        ahead = [n for n in self._found if (n > self.place if by > 0 else n < self.place)] or self._found
        if ahead:
            self._go_to(ahead[0] if by > 0 else ahead[-1])
        elif not said:
            self.say("Nothing was looked for. `/` finds words.")

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to the question."""
        if message.pane.id == "criteria" and message.line in self._lines_of and not self.writing:
            self.in_turn(self._clicked, self._lines_of.index(message.line))

    async def _clicked(self, place: int) -> None:
        self._go_to(place)

    # --- answering --------------------------------------------------------------------------------------------

    async def action_grade(self, digit: int) -> None:
        """One digit: saved, then on to the next line that is open."""
        if self.view is None:
            return
        slot = self.slot
        choice = next((one for one in slot.choices if one.key == str(digit)), None)
        if choice is None:
            self.say(f"{digit} is no answer here: 1 to {len(slot.choices)}, or 0 when it does not apply.")
        elif not self.view.graded:
            self.say("This audit is made without grades. `e` writes a note, `0` says that it does not apply.")
        else:
            said = {"evidence": Answer(evidence=choice.id), "impact": Answer(impact=choice.id)}
            await self._answer(said.get(slot.what, Answer(grade=choice.id)))

    def _may_begin(self, view: WorkView) -> bool:
        return not self.BLIND and any(one.event == "begin" and one.possible and one.mine for one in view.next)

    async def _answer(self, said: Answer) -> bool:
        """Save one answer and go on. False when it was refused; what stands now is read again then."""
        assert self.view is not None  # noqa: S101 - its callers asked
        if not self.view.begun and self._may_begin(self.view):
            begun = await self.save(self.work.begin)
            if begun is None:
                return False
        view = await self.save(self.work.answer, self.criterion.id, said)
        if view is None:
            await self._reread()
            return False
        self._seen(view)
        self._go_on()
        return True

    async def _reread(self) -> None:
        view = await self.reread(self.work.look)
        if view is not None:
            self._seen(view)
        self.redraw()

    def _go_on(self) -> None:
        """To what this question still asks for; else to the next open one."""
        assert self.view is not None  # noqa: S101 - its callers asked
        criterion = self.view.criterion(self.criterion.id)
        mine = [n for n, one in enumerate(self.slots) if one.criterion.id == criterion.id]
        still = [n for n in mine if self.slots[n].open]
        if still:
            self.place = next((n for n in still if n > self.place), still[0])
        elif "note" in criterion.demands or "pointer" in criterion.demands:
            self._write("note" if "note" in criterion.demands else "pointer")
            return
        elif not self._to_open(self.place, 1):
            self.say(self._nothing_open())
        self.redraw()

    async def action_leave_out(self) -> None:
        """Does not apply, or cannot be told: with a reason of the list."""
        if self.view is None:
            return
        one = self.criterion
        before = ["Looking and finding nothing is not among these: grade it, with evidence not found."]
        choices = (*one.not_expected_reasons, *one.cannot_tell_reasons)
        labelled = [
            type(c)(
                c.key, c.id, f"{'Does not apply' if c in one.not_expected_reasons else 'Cannot be told'}: {c.label}"
            )
            for c in choices
        ]
        self.app.push_screen(Choosing(f"{one.number} {one.title}: why?", labelled, before=before), self._left_out)

    async def _left_out(self, chosen: object) -> None:
        if not isinstance(chosen, tuple) or not chosen:
            return
        one, key = self.criterion, chosen[0].key
        judged = next((c.id for c in one.not_expected_reasons if c.key == key), None)
        other = next((c.id for c in one.cannot_tell_reasons if c.key == key), None)
        await self._answer(Answer(not_expected=judged) if judged else Answer(cannot_tell=other))

    async def action_evidence(self) -> None:
        """Whether evidence was found, where it is not asked by itself."""
        if self.view is not None:
            self.app.push_screen(Choosing(f"{self.criterion.title}: was evidence found?", EVIDENCE), self._evidence)

    async def _evidence(self, chosen: object) -> None:
        if isinstance(chosen, tuple) and chosen:
            await self._answer(Answer(evidence=chosen[0].id))

    async def action_undo(self) -> None:
        """Take the newest answer back, and say which it was."""
        before = self.view
        if before is None:
            return
        if self.BLIND:
            self.say("Blind grades have no undo. Answer the question again: the newest answer stands.")
            return
        view = await self.save(self.work.undo)
        if view is None:
            await self._reread()
            return
        self._seen(view)
        pairs = zip(before.criteria, view.criteria, strict=True)
        changed = next((new for old, new in pairs if old != new), None)
        if changed is not None:
            self.place = next(n for n, one in enumerate(self.slots) if one.criterion.id == changed.id)
            is_now = changed.answer.words if changed.answer else "not answered"
            self.say(f"Undone: {changed.title} is now {is_now}.")
        self.redraw()

    async def action_flag(self) -> None:
        """Mark it: come back to it."""
        if self.view is None:
            return
        place = f"{FLAG}{self.criterion.id}"
        if self.drafts.pop(place, None) is None:
            self.drafts[place] = "come back"
            await self.ask(self.work.keep, place, "come back")
        else:
            await self.ask(self.work.drop, place)
        self.redraw()

    # --- writing ----------------------------------------------------------------------------------------------

    def _draft_place(self) -> str:
        return f"{'blind:' if self.BLIND else ''}{self._writing_what}:{self.criterion.id}"

    def _write(self, what: str) -> None:
        """NOTE MODE: keys are text until Esc. What was typed before and not finished stands there."""
        self._writing_what = what
        answer = self.criterion.answer
        stands = (answer.note if what == "note" else answer.pointer) if answer else None
        field = self.query_one("#field", Field)
        field.display = True
        field.write(self.drafts.get(self._draft_place(), stands or ""))
        self.note_mode(field)
        self.redraw()

    async def action_note(self) -> None:
        """The note."""
        if self.view is not None:
            self._write("note")

    async def action_pointer(self) -> None:
        """Where in the record the evidence is."""
        if self.view is not None:
            self._write("pointer")

    def on_field_typed(self) -> None:
        """Keep it as a draft, and show how long it is."""
        if self.writing:
            self.query_one("#field", Field).keep_soon(self.keep_draft)
            self.redraw()

    def on_field_cut(self, message: Field.Cut) -> None:
        """Say what was not kept of what was typed or pasted."""
        self.say(cut_words(message))

    async def keep_draft(self) -> None:
        """Keep what is being written."""
        if not self.writing:
            return
        text, place = self.query_one("#field", Field).text, self._draft_place()
        if self.drafts.get(place, "") != text:
            self.drafts[place] = text
            await self.ask(self.work.keep, place, text)

    async def action_note_done(self) -> None:
        """Save it, and go on: to what this question still asks for, else to the next open one."""
        what, place = self._writing_what, self._draft_place()
        text = self.query_one("#field", Field).text.strip()
        answer = self.criterion.answer
        stands = ((answer.note if what == "note" else answer.pointer) if answer else None) or ""
        if text == stands:
            await self._left_field(place)
            self._after_field(what)
            return
        await self.keep_draft()
        if await self._answer_text(what, text):
            await self._left_field(place)
            self._after_field(what)

    async def _answer_text(self, what: str, text: str) -> bool:
        assert self.view is not None  # noqa: S101 - nothing is written before it is there
        if not self.view.begun and self._may_begin(self.view) and await self.save(self.work.begin) is None:
            return False
        said = Answer(note=text) if what == "note" else Answer(pointer=text)
        view = await self.save(self.work.answer, self.criterion.id, said)
        if view is None:
            await self._reread()
            if self.met:
                self._two_texts(what, text)
            return False
        self._seen(view)
        return True

    def _two_texts(self, what: str, mine: str) -> None:
        """Somebody else wrote here meanwhile: show both, and let the person say which stands."""
        answer = self.criterion.answer
        theirs = ((answer.note if what == "note" else answer.pointer) if answer else None) or ""
        self.app.push_screen(TwoTexts(self.refused_words(), theirs, mine), self._chosen_text)

    async def _chosen_text(self, which: str | None) -> None:
        if which == "mine":
            await self.action_note_done()
        elif which == "theirs":
            await self._left_field(self._draft_place())
            self.say("Theirs stands. What you wrote is not saved.")
            self.redraw()

    async def _left_field(self, place: str) -> None:
        if self.drafts.pop(place, None) is not None:
            await self.ask(self.work.drop, place)
        self.query_one("#field", Field).display = False
        self.list_mode()

    def _after_field(self, what: str) -> None:
        """A note that is still asked for was left empty on purpose: stay, and say so."""
        one = self.criterion
        if what in one.demands:
            self.say(f"Left open: it still asks for {demanded(one)}.")
            self.redraw()
        else:
            self._go_on()

    # --- elsewhere --------------------------------------------------------------------------------------------

    async def action_escalate(self) -> None:
        """A child may be at risk: seen at this question."""
        if self.view is not None:
            escalate(self, self.work, self.criterion.id, self.criterion.title)

    async def after_escalation(self) -> None:
        """What stands now: an escalation may have been what was missing."""
        view = await self.reread(self.work.look)
        if view is not None:
            self._seen(view)
        self.redraw()

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
        await self._reread()
        if isinstance(told, int):
            self._go_to(next(n for n, one in enumerate(self.slots) if one.criterion.number == told))

    async def action_lock(self) -> None:
        """Only a moderator locks."""
        self.say("Only a moderator locks blind grades. `s` checks and submits yours.")

    async def action_descriptors(self) -> None:
        """The whole question, full screen."""
        from tui.screens.whole import WholeScreen

        if self.view is not None:
            view, slot = self.view, self.slot
            self.app.push_screen(WholeScreen(slot.criterion.title, lambda width: question_lines(view, slot, width)))

    async def action_history(self) -> None:
        """The story of this question."""
        from tui.screens.history import HistoryScreen

        if self.view is not None:
            self.app.push_screen(HistoryScreen(self.work.reference, self.criterion.id, self.criterion.title))

    async def action_steps(self) -> None:
        """What can happen to the audit."""
        from tui.screens.steps import StepsScreen

        self.app.push_screen(StepsScreen(self.work.reference), self._after_steps)

    async def _after_steps(self, told: object) -> None:
        await self._reread()
        if isinstance(told, str):
            self.say(told)

    async def action_copy(self) -> None:
        """The reference, and nothing else."""
        self.app.copy_reference(self.work.reference)
        self.say(f"Copied: {self.work.reference}. Nothing else can be copied.")
