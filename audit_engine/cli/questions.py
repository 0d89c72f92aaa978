"""Answering criteria line by line: the same for the auditor and for a moderator who grades blind."""

from collections.abc import Callable
from dataclasses import dataclass

from audit_engine.actions.command import Command
from audit_engine.actions.escalating import raise_concern
from audit_engine.actions.rating import Answer, rate, undo
from audit_engine.calendars import now
from audit_engine.cli.answers import ask_questions
from audit_engine.cli.desk import Desk, ask, ask_choice, ask_text, ask_yes_no, leave, tell
from audit_engine.cli.grading_words import HELP_ANY, HELP_AUDITOR, HELP_BLIND, answered, check, demanded, question
from audit_engine.queries.work import blind_work, work
from audit_engine.work_views import Choice, CriterionView, WorkView

EVIDENCE = (Choice("f", "found", "found"), Choice("p", "partly", "partly"), Choice("n", "not_found", "not found"))
IMPACT = (Choice("y", "yes", "yes"), Choice("n", "no", "no"), Choice("c", "cannot_tell", "cannot tell"))
_GO_BACK = "Enter goes back: "


@dataclass
class Questions:
    """The loop over the criteria. `finish` is what `s` (auditor) or `l` (moderator) does; it says whether to stop."""

    desk: Desk
    blind: bool
    finish: Callable[[WorkView], bool]

    def run(self) -> None:
        """Ask until the person leaves (raises Left) or has finished."""
        view = self.look()
        place = next((n for n, one in enumerate(view.criteria) if one.open), 0)
        tell(*question(view, view.criteria[place]))
        while True:
            one = view.criteria[place]
            typed = ask(self._prompt(view, one))
            if self._finishes(typed):
                if self.finish(self.look()):
                    return
                view = self.look()
                continue
            place = self._obeyed(typed, view, place)
            view = self.look()
            place = min(place, len(view.criteria) - 1)

    def look(self) -> WorkView:
        """The audit as it stands now."""
        return self.desk.see(blind_work if self.blind else work)

    def _prompt(self, view: WorkView, one: CriterionView) -> str:
        finish = "l locks" if self.blind else "s submits"
        if not any(other.open for other in view.criteria):
            return f"Question {one.number}. Nothing is open. {finish}, c checks, ? help: "
        grade = f"Grade 1 to {len(one.grades)}, " if one.grades else ""
        answers = "a answers its questions, " if one.asked else ""
        return f"Question {one.number}. {answers}{grade}0 does not apply, ? help: "

    def _finishes(self, typed: str) -> bool:
        return typed.lower() == ("l" if self.blind else "s")

    def _obeyed(self, typed: str, view: WorkView, place: int) -> int:
        """Do what was typed. Gives the place to go on from; a question that is entered anew is shown."""
        one = view.criteria[place]
        if typed in {grade.key for grade in one.grades}:
            grade = next(grade for grade in one.grades if grade.key == typed)
            tell(f"{one.title}: {grade.label}.")
            if grade.prompt:
                tell(grade.prompt)
            return self._answered(one, Answer(grade=grade.id), place)
        word, _, rest = typed.partition(" ")
        commands: dict[str, Callable[[], int]] = {
            "": lambda: self._shown(view, place),
            "0": lambda: self._left_out(one, place),
            "a": lambda: self._answers(one, place),
            "e": lambda: self._asked(one, "evidence", place),
            "m": lambda: self._asked(one, "impact", place),
            "n": lambda: self._asked(one, "note", place),
            "p": lambda: self._asked(one, "pointer", place),
            "u": lambda: self._undone(view, place),
            "g": lambda: self._went(view, rest.strip(), place),
            "o": lambda: self._next_open(place),
            "c": lambda: self._checked(place),
            "!": lambda: self._escalated(view, rest.strip(), place),
            "?": lambda: self._helped(place),
            "q": leave,
        }
        command = commands.get(word.lower())
        if command is None or (rest and word not in ("g", "G", "!")):
            grades = f"1 to {len(one.grades)} grades" if one.grades else "a answers its questions"
            told = f"{grades}, 0 says that it does not apply, ? lists everything else."
            tell(f"'{typed[:40]}' is no answer here. {told}")
            return place
        return command()

    # --- answers ----------------------------------------------------------------------------------------------

    def _save(self, one: CriterionView, answer: Answer) -> bool:
        desk = self.desk

        def act(command: Command) -> None:
            rate(desk.database, desk.actor, command, desk.reference, one.id, answer, at=now(), blind=self.blind)

        return desk.done(act)

    def _answered(self, one: CriterionView, answer: Answer, place: int) -> int:
        """Save, ask at once for what the answer demands, and go on to the next open question."""
        if not self._save(one, answer):
            return place
        if "answers" in self.look().criteria[place].demands and not self._questions(place):
            return place
        return self._demanded(place)

    def _answers(self, one: CriterionView, place: int) -> int:
        """Its questions, then what the grade they lead to asks for."""
        if one.asked is None:
            tell(f"'{one.title}' has no questions of its own. Give it a grade.")
            return place
        return self._demanded(place) if self._questions(place) else place

    def _questions(self, place: int) -> bool:
        return ask_questions(lambda: self.look().criteria[place], self._save)

    def _demanded(self, place: int) -> int:
        for what in ("evidence", "impact", "note", "pointer"):
            now_one = self.look().criteria[place]
            if what in now_one.demands and not self._ask_one(now_one, what):
                break
        return self._next_open(place)

    def _asked(self, one: CriterionView, what: str, place: int) -> int:
        if what == "impact" and not one.ladder:
            tell(f"'{one.title}' does not ask whether it made a difference.")
            return place
        self._ask_one(one, what)
        tell(*answered(self.look().criteria[place]))
        return place

    def _ask_one(self, one: CriterionView, what: str) -> bool:
        """Ask for one thing until it is saved; False when the person goes back."""
        while True:
            answer = self._heard(one, what)
            if answer is None:
                if what in one.demands:
                    tell(f"Left open: it still asks for {demanded(one)}.")
                return False
            if self._save(one, answer):
                return True

    def _heard(self, one: CriterionView, what: str) -> Answer | None:
        if what == "evidence":
            found = ask_choice(f"Was evidence found? f found, p partly, n not found. {_GO_BACK}", EVIDENCE)
            return Answer(evidence=found.id) if found else None
        if what == "impact":
            made = ask_choice(f"Did it make a difference? y yes, n no, c cannot tell. {_GO_BACK}", IMPACT)
            return Answer(impact=made.id) if made else None
        needed = " It is needed for this grade." if what in one.demands else ""
        if what == "note":
            text = self._text(f"Note, in a sentence or two, without names.{needed} {_GO_BACK}")
            return Answer(note=text) if text else None
        text = self._text(f"Where in the case record is the evidence?{needed} {_GO_BACK}")
        return Answer(pointer=text) if text else None

    def _text(self, prompt: str) -> str:
        """A text; a single character is a command that came too early, and is no text.

        What may tell who somebody is, is said; whoever wrote it keeps it, or writes it anew.
        """
        while True:
            while len(text := ask_text(prompt)) == 1:
                tell(f"'{text}' is no text: words are asked for here. Enter goes back to the question.")
            warning = self.desk.watch.warning(text)
            if not warning:
                return text
            tell(warning)
            if ask_yes_no("Keep it all the same?"):
                return text
            tell("It is not saved. Write it anew.")

    def _left_out(self, one: CriterionView, place: int) -> int:
        if one.not_expected_reasons:
            tell("It does not apply, because:", *(f"{c.key} {c.label}" for c in one.not_expected_reasons))
        else:
            tell("It always applies: no reason says that it does not.")
        tell("It cannot be told, because:", *(f"{c.key} {c.label}" for c in one.cannot_tell_reasons))
        tell("Looking and finding nothing is not among these: grade it, with evidence not found.")
        chosen = ask_choice(f"Number of the reason. {_GO_BACK}", (*one.not_expected_reasons, *one.cannot_tell_reasons))
        if chosen is None:
            return place
        if chosen in one.cannot_tell_reasons:
            return self._answered(one, Answer(cannot_tell=chosen.id), place)
        return self._answered(one, Answer(not_expected=chosen.id), place)

    def _undone(self, view: WorkView, place: int) -> int:
        if self.blind:
            tell("Blind grades have no undo. Answer the question again: the newest answer stands.")
            return place
        desk = self.desk
        if not desk.done(lambda command: undo(desk.database, desk.actor, command, desk.reference, at=now()), ""):
            return place
        after = self.look()
        changed = [n for n, (old, new) in enumerate(zip(view.criteria, after.criteria, strict=True)) if old != new]
        at = changed[0] if changed else place
        is_now = after.criteria[at].answer
        tell(f"Undone: {after.criteria[at].title} is now {is_now.words if is_now else 'not answered'}.")
        return self._shown(after, at)

    def _escalated(self, view: WorkView, where: str, place: int) -> int:
        desk, at = self.desk, _named(view, where)
        if where and at is None:
            tell(_no_question(view, where))
            return place
        criterion = None if at is None else view.criteria[at].id
        concern = ask_text(f"What is feared for the child, in a sentence, without names? {_GO_BACK}")
        if concern:
            desk.done(
                lambda command: raise_concern(
                    desk.database,
                    desk.actor,
                    command,
                    desk.reference,
                    concern,
                    desk.catalogue,
                    at=now(),
                    criterion=criterion,
                ),
                "Raised. The manager of the case is asked to act on it. saved",
            )
        return place

    # --- going and looking ------------------------------------------------------------------------------------

    def _shown(self, view: WorkView, place: int) -> int:
        tell(*question(view, view.criteria[place]))
        return place

    def _next_open(self, place: int) -> int:
        """The next open question after this one, round the end; it is shown. The same place when nothing is open."""
        view = self.look()
        count = len(view.criteria)
        for step in range(1, count + 1):
            at = (place + step) % count
            if view.criteria[at].open:
                if at != place:
                    return self._shown(view, at)
                tell(f"Only this question is open. It asks for {demanded(view.criteria[at])}.")
                return at
        tell(f"All {count} questions need nothing more.")
        return place

    def _went(self, view: WorkView, where: str, place: int) -> int:
        where = where or ask(f"Number or id of the question. {_GO_BACK}")
        at = _named(view, where)
        if at is not None:
            return self._shown(view, at)
        if where:
            tell(_no_question(view, where))
        return place

    def _checked(self, place: int) -> int:
        view = self.look()
        tell(*check(view, self.desk.in_notes(view)))
        return place

    def _helped(self, place: int) -> int:
        grades = self.look().criteria[place].grades
        tell(
            *(f"{grade.key}  {grade.label}" for grade in grades),
            *(HELP_BLIND if self.blind else HELP_AUDITOR),
            *HELP_ANY,
        )
        return place


def _named(view: WorkView, where: str) -> int | None:
    """The place of the criterion with this number or id."""
    return next((at for at, one in enumerate(view.criteria) if where.lower() in (str(one.number), one.id)), None)


def _no_question(view: WorkView, where: str) -> str:
    return f"There is no question '{where[:40]}'. They are numbered 1 to {len(view.criteria)}."
