"""Answering a question: one digit, a listed reason, a note. Saved before the next; what is being typed is a draft."""

from audit_engine.actions.rating import Answer
from audit_engine.work_views import Choice
from tui.drawing.workbench import EVIDENCE, demanded, undone
from tui.screens.choosing import Choosing
from tui.screens.prompt import cut_words
from tui.screens.questions import FLAG, Questions
from tui.screens.two_texts import TwoTexts
from tui.widgets.field import Field

BEGUN = "You had begun to write here, and something else stands now. Which of the two do you go on with?"


class Answering(Questions):
    """The questions, with their answers written."""

    # --- answering --------------------------------------------------------------------------------------------

    async def action_grade(self, digit: int) -> None:
        """One digit: saved, then on to the next line that is open."""
        if self.view is None:
            return
        slot = self.slot
        if slot.what == "grade" and not slot.criterion.graded:
            self.say("It has no grade: `a` answers its questions.")
            return
        choice = next((one for one in slot.choices if one.key == str(digit)), None)
        if choice is None:
            self.say(f"{digit} is no answer here: 1 to {len(slot.choices)}, or 0 when it does not apply.")
        elif not self.view.graded:
            self.say("This audit is made without grades. `e` writes a note, `0` says that it does not apply.")
        else:
            said = {"evidence": Answer(evidence=choice.id), "impact": Answer(impact=choice.id)}
            await self._answer(said.get(slot.what, Answer(grade=choice.id)))

    async def begun(self) -> bool:
        """Begin the audit where it waits for that; False when it was refused."""
        if self.view is not None and not self.view.begun and self.may_begin(self.view):
            begun = await self.save(self.work.begin)
            if begun is None:
                return False
            self.seen(begun)
        return True

    async def _save(self, said: Answer) -> bool:
        """Begin the audit where it waits for that, and save one answer; False when it was refused."""
        assert self.view is not None  # noqa: S101 - its callers asked
        if not await self.begun():
            return False
        view = await self.save(self.work.answer, self.criterion.id, said)
        if view is None:
            return False
        self.answered = self.criterion.id
        self.seen(view)
        return True

    async def _answer(self, said: Answer) -> None:
        """Save one answer and go on; else show what stands now, under the refusal."""
        if await self._save(said):
            await self._go_on()
        else:
            await self.look_again()

    async def look_again(self) -> None:
        """What stands now."""
        view = await self.reread(self.work.look)
        if view is not None:
            self.seen(view)
        self.redraw()

    async def _go_on(self) -> None:
        """To what this question still asks for; else to the next open one."""
        assert self.view is not None  # noqa: S101 - its callers asked
        criterion = self.view.criterion(self.criterion.id)
        if "answers" in criterion.demands:
            self.say("Saved. Its questions are still open: `a` answers them.")
            self.redraw()
            return
        mine = [n for n, one in enumerate(self.slots) if one.criterion.id == criterion.id]
        still = [n for n in mine if self.slots[n].open]
        if still:
            self.place = next((n for n in still if n > self.place), still[0])
        elif "note" in criterion.demands or "pointer" in criterion.demands:
            await self._write("note" if "note" in criterion.demands else "pointer")
            return
        elif not self.to_open(self.place, 1):
            self.say(self.nothing_open())
        self.redraw()

    async def action_leave_out(self) -> None:
        """Does not apply, or cannot be told: with a reason of the list."""
        if self.view is None:
            return
        one = self.criterion
        before = ["Looking and finding nothing is not among these: grade it, with evidence not found."]
        choices = (*one.not_expected_reasons, *one.cannot_tell_reasons)
        said = {True: "Does not apply", False: "Cannot be told"}
        labelled = [Choice(c.key, c.id, f"{said[c in one.not_expected_reasons]}: {c.label}") for c in choices]
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
            await self.look_again()
            return
        self.seen(view)
        pairs = zip(before.criteria, view.criteria, strict=True)
        changed = next(((old, new) for old, new in pairs if old != new), None)
        if changed is not None:
            told, what = undone(*changed)
            mine = [n for n, one in enumerate(self.slots) if one.criterion.id == changed[1].id]
            self.place = next((n for n in mine if self.slots[n].what == what), mine[0])
            self.say(f"Undone: {told}.")
        self.redraw()

    async def action_flag(self) -> None:
        """Mark it: come back to it."""
        if self.view is None:
            return
        place = f"{FLAG}{self.criterion.id}"
        flagged = place in self.drafts
        if await self.keep(place, "" if flagged else "come back"):
            self.say("The mark is gone." if flagged else "Marked to come back to. The check lists what is marked.")
        self.redraw()

    # --- writing ----------------------------------------------------------------------------------------------

    @property
    def field(self) -> Field:
        """Where notes are written."""
        return self.query_one("#field", Field)

    @property
    def _draft(self) -> str:
        """The place of the draft of what is being written."""
        return f"{'blind:' if self.BLIND else ''}{self.written}:{self.criterion.id}"

    @property
    def _stands(self) -> str:
        """The note or pointer that stands."""
        answer = self.criterion.answer
        return ((answer.note if self.written == "note" else answer.pointer) if answer else None) or ""

    async def action_note(self) -> None:
        """The note."""
        await self._write("note")

    async def action_pointer(self) -> None:
        """Where in the record the evidence is."""
        await self._write("pointer")

    async def _write(self, what: str) -> None:
        """NOTE MODE: keys are text until Esc. What was typed before and not finished stands there."""
        if self.view is None or self.unchangeable():
            self.say(self.unchangeable())
            return
        self.written = what
        if self.work.watch is None:
            await self.ask(self.work.learn_names)
        begun, stands = self.drafts.get(self._draft), self._stands
        if begun is not None and stands and begun.strip() != stands:
            self.app.push_screen(TwoTexts(BEGUN, stands, begun), self._begin_with)
        else:
            self._open_field(stands if begun is None else begun)

    async def _begin_with(self, which: str | None) -> None:
        if which == "theirs":
            await self.forget(self._draft)
            self.redraw()
        elif which == "mine":
            self._open_field(self.drafts.get(self._draft, self._stands))

    def _open_field(self, text: str) -> None:
        self.field.display = True
        self.field.write(text)
        self.note_mode(self.field)
        self.redraw()

    def on_field_typed(self) -> None:
        """Keep it as a draft, and show how long it is."""
        if self.writing:
            self.field.keep_soon(self.keep_draft)
            self.redraw()

    def on_field_cut(self, message: Field.Cut) -> None:
        """Say what was not kept of what was typed or pasted."""
        self.say(cut_words(message))

    async def keep_draft(self) -> bool:
        """Keep what is being written. Whether it is on disk; else it is tried again."""
        text = self.field.text
        if not self.writing or (text.strip() == self._stands and self._draft not in self.drafts):
            return True
        if await self.keep(self._draft, text):
            return True
        self.field.keep_soon(self.keep_draft)
        return False

    async def action_note_done(self) -> None:
        """Save it, and go on: to what this question still asks for, else to the next open one."""
        text, stood = self.field.text.strip(), self._stands
        if text == stood or await self._save(Answer(note=text) if self.written == "note" else Answer(pointer=text)):
            await self._leave_field()
            await self._after_field()
        else:
            await self._not_saved(text, stood)

    async def _not_saved(self, text: str, stood: str) -> None:
        """Refused or failed. Stay with the text while it may still be saved; else go out, its draft kept."""
        met = self.met
        if met:
            self.drafts.pop(self._draft, None)  # another window of the same person may have saved, and let go of it
            await self.keep_draft()
        # Whoever may not even read it any more must not be held in the note: what was typed was kept while they could.
        gone = await self.reread(self.work.look) is None
        await self.look_again()
        if met and self._stands != stood:
            self.app.push_screen(TwoTexts(f"NOT SAVED. {self.refused_words()}", self._stands, text), self._chosen_text)
        elif gone:
            self._close_field()
        elif self.unchangeable() and await self.keep_draft():
            self.say(f"{self.refused_words()} What you wrote is kept as a draft.")
            self._close_field()

    async def _chosen_text(self, which: str | None) -> None:
        if which == "mine":
            await self.action_note_done()
        elif which == "theirs":
            await self._leave_field()
            self.say("What stands was left as it is. What you wrote is not saved.")
            self.redraw()

    def _close_field(self) -> None:
        self.field.display = False
        self.list_mode()
        self.redraw()

    async def _leave_field(self) -> None:
        await self.forget(self._draft)
        self._close_field()

    async def _after_field(self) -> None:
        """A note that is still asked for was left empty on purpose: stay, and say so."""
        if self.written in self.criterion.demands:
            self.say(f"Left open: it still asks for {demanded(self.criterion)}.")
            self.redraw()
        else:
            await self._go_on()
