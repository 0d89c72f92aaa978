"""`audit grade --moderate`: take an audit on, grade it blind, lock, compare, decide, make it final or return it."""

from collections.abc import Mapping

from audit_engine.actions.command import Command
from audit_engine.actions.moderating import (
    Decision,
    choose_blind_overall,
    decide_disagreement,
    finalise,
    lock,
    return_to_auditor,
    take,
)
from audit_engine.calendars import now
from audit_engine.cli.desk import Desk, ask, ask_text, ask_yes_no, leave, tell
from audit_engine.cli.grading import ask_overall, looked_past
from audit_engine.cli.grading_words import check, fitting, greeting, overall
from audit_engine.cli.questions import Questions
from audit_engine.problems import Refused
from audit_engine.queries.work import blind_work, comparison
from audit_engine.work_views import AnswerView, ComparisonView, DifferenceView, WorkView

_HELP = (
    "a  the auditor's answer stands",
    "m  yours stands",
    "1 to 9  another grade stands",
    "g  go to a disagreement: g 2",
    "o  the next disagreement without a decision",
    "f  finish: the overall grade, then make the grades final",
    "r  return the audit to its auditor, with your questions",
    "Enter  read it again",
    "?  this list",
    "q  leave; everything is saved",
)


class Moderating:
    """A moderator's work on one audit."""

    def __init__(self, desk: Desk, overrides: Mapping[str, str] | None = None) -> None:
        self.desk, self.overrides = desk, overrides or {}

    def run(self) -> None:
        """Go on from wherever the moderation is. Raises Left when the person leaves."""
        if self._locked() is None and not self._graded_blind():
            return
        Comparing(self.desk, self.overrides).run()

    def _locked(self) -> ComparisonView | None:
        """Both sides, when the blind grades are locked already."""
        try:
            return self.desk.see(comparison)
        except Refused:
            return None

    def _graded_blind(self) -> bool:
        """Take it on if it waits for a moderator, and grade it blind. True once the grades are locked."""
        view = self.desk.see(blind_work)
        self.desk.begin()
        if not view.begun and not self._took_on(view):
            return False
        self.desk.looked()
        tell(*greeting(self.desk.see(blind_work)))
        Questions(self.desk, blind=True, finish=self._lock).run()
        return True

    def _took_on(self, view: WorkView) -> bool:
        desk = self.desk
        tell(
            f"{view.reference} waits for a moderator. Taking it on makes you its moderator: you grade it without "
            "seeing the auditor's grades, lock yours, and then decide where the two differ."
        )
        if not ask_yes_no("Take it on?"):
            tell("Not taken on.")
            return False
        records = desk.records("take")
        return records is not None and desk.done(
            lambda command: take(
                desk.database, desk.actor, command, desk.reference, desk.catalogue, at=now(), records=records
            ),
            "Taken on, saved",
        )

    def _lock(self, view: WorkView) -> bool:
        """Ask for the overall grade, then lock. True when it is done."""
        desk = self.desk
        tell(*check(view, desk.in_notes(view)))
        if view.missing:
            tell("It cannot be locked yet.")
            return False
        if view.graded:
            chosen = ask_overall(view.overall, view.overall.chosen)
            if chosen is None:
                return False
            grade = chosen[0]

            def choose(command: Command) -> None:
                choose_blind_overall(desk.database, desk.actor, command, desk.reference, grade, at=now())

            if not desk.done(choose):
                return False
            desk.see(blind_work)
        if not ask_yes_no("Lock your grades? This cannot be undone."):
            tell("Not locked.")
            return False
        return desk.done(
            lambda command: lock(desk.database, desk.actor, command, desk.reference, at=now()), "Locked, saved"
        )


class Comparing:
    """What comes after the lock: only the disagreements, each decided with a reason."""

    def __init__(self, desk: Desk, overrides: Mapping[str, str]) -> None:
        self.desk, self.overrides = desk, overrides

    def run(self) -> None:
        """Ask until the audit is final or returned. Raises Left when the person leaves."""
        view = self.desk.see(comparison)
        self.desk.looked()
        tell(*_opening(view))
        if view.finished:
            return
        place = _open_place(view, 0)
        if view.differences:
            tell(*_difference(view, place))
        while True:
            typed = ask(self._prompt(view, place))
            if typed.lower() == "f" and self._finished(view):
                return
            if typed.lower() == "r" and self._returned():
                return
            place = self._obeyed(typed, view, place)
            view = self.desk.see(comparison)

    def _prompt(self, view: ComparisonView, place: int) -> str:
        if not view.undecided:
            return "Nothing is left to decide. f finishes, r returns it to the auditor, ? help: "
        return f"Disagreement {place + 1}. a auditor, m yours, a digit for another grade, ? help: "

    def _obeyed(self, typed: str, view: ComparisonView, place: int) -> int:
        word, _, rest = typed.lower().partition(" ")
        if word == "q":
            leave()
        if word == "?":
            tell(*_HELP)
        elif word not in ("f", "r") and not view.differences:
            tell(f"'{typed[:20]}' is no answer here. Type f, r or q.")
        elif word in ("", "o", "g"):
            return self._went(word, rest, view, place)
        elif word not in ("f", "r"):
            return self._decided(word, view, place)
        return place

    def _decided(self, word: str, view: ComparisonView, place: int) -> int:
        decision = self._decision(word, view.differences[place])
        if decision is None:
            return place
        if self._decide(view.differences[place], decision):
            return self._on(place)
        return place

    def _went(self, word: str, rest: str, view: ComparisonView, place: int) -> int:
        to = place
        if word == "o":
            to = _open_place(view, place + 1)
        elif word == "g" and rest.isdecimal() and 1 <= int(rest) <= len(view.differences):
            to = int(rest) - 1
        elif word == "g":
            tell(f"There is no such disagreement. They are numbered 1 to {len(view.differences)}.")
        tell(*_difference(view, to))
        return to

    def _decision(self, word: str, one: DifferenceView) -> tuple[str, str | None] | None:
        """Whose answer stands, and the grade where it is neither's."""
        whose = {"a": "auditor", "m": "moderator"}.get(word)
        if whose:
            return whose, None
        grade = next((grade for grade in one.criterion.grades if grade.key == word), None)
        if grade is None:
            tell(f"'{word[:20]}' is no answer here. ? lists what can be typed.")
            return None
        for name, answer in (("auditor", one.auditor), ("moderator", one.moderator)):
            if answer is not None and answer.grade == grade.id:
                return name, None
        return "other", grade.id

    def _decide(self, one: DifferenceView, decided: tuple[str, str | None]) -> bool:
        desk, (whose, grade) = self.desk, decided
        reason = ask_text("Why? The auditor reads it. Enter goes back: ")
        if not reason:
            return False

        def act(command: Command) -> None:
            decision = Decision(whose, reason, grade)
            decide_disagreement(
                desk.database, desk.actor, command, desk.reference, one.criterion.id, decision, at=now()
            )

        return desk.done(act)

    def _on(self, place: int) -> int:
        view = self.desk.see(comparison)
        if not view.undecided:
            tell("Every disagreement is decided.")
            return place
        to = _open_place(view, place + 1)
        tell(*_difference(view, to))
        return to

    def _finished(self, view: ComparisonView) -> bool:
        """The overall grade, then final for good. True when it is done."""
        desk, grade, reason, past = self.desk, None, None, dict[str, str]()
        if view.undecided:
            tell(f"{view.undecided} disagreements are not decided yet. o goes to the next.")
            return False
        if view.graded:
            chosen = self._overall(view)
            if chosen is None:
                return False
            grade, reason, past = chosen
        if not ask_yes_no("Make the grades final? They count from now on, and this cannot be undone."):
            tell("Not finished.")
            return False

        records = desk.records("finalise")
        if records is None:
            return False

        def act(command: Command) -> None:
            finalise(
                desk.database, desk.actor, command, desk.reference, grade, reason, at=now(),
                definitions=lambda: desk.catalogue, records=records, overrides=past,
            )  # fmt: skip

        return desk.done(act, "Final, saved")

    def _overall(self, view: ComparisonView) -> tuple[str, str | None, dict[str, str]] | None:
        """The overall grade, why it is not the auditor's, and why rules that bar it are looked past."""
        label = view.overall.label
        tell(f"Overall: the auditor gave {label(view.given_overall)}, you gave {label(view.blind_overall)} blind.")
        tell(*overall(view.overall), *fitting(view.noticed))
        chosen = ask_overall(view.overall, view.given_overall)
        if chosen is None:
            return None
        grade, reason = chosen
        if grade != view.given_overall and not reason:
            reason = ask_text(
                f"Why {label(grade)}, and not the auditor's {label(view.given_overall)}? Enter goes back: "
            )
            if not reason:
                return None
        past = looked_past(view.overall, grade, self.overrides)
        return None if past is None else (grade, reason, past)

    def _returned(self) -> bool:
        desk = self.desk
        reason = ask_text("Why is it returned? The auditor reads it and grades again. Enter goes back: ")
        records = desk.records("return") if reason else None
        if records is None:
            return False

        def act(command: Command) -> None:
            return_to_auditor(
                desk.database, desk.actor, command, desk.reference, reason, at=now(),
                definitions=lambda: desk.catalogue, records=records,
            )  # fmt: skip

        return desk.done(act, "Returned, saved")


def _open_place(view: ComparisonView, start: int) -> int:
    """The first disagreement without a decision from `start` on, round the end."""
    count = len(view.differences)
    places = [(start + step) % count for step in range(count)] if count else []
    return next((at for at in places if view.differences[at].decision is None), start % count if count else 0)


def _opening(view: ComparisonView) -> list[str]:
    label = view.overall.label
    lines = ["", f"Comparison of {view.reference}: {view.same} answers are the same, {len(view.differences)} differ."]
    if view.graded:
        lines.append(
            f"Overall: {view.auditor}, the auditor, gave {label(view.given_overall)}; you gave "
            f"{label(view.blind_overall)}."
        )
    if view.finished:
        lines.append("This moderation is finished.")
    return lines


def _difference(view: ComparisonView, place: int) -> list[str]:
    """One disagreement, side by side in two lines."""
    one = view.differences[place]
    apart = {None: "", 1: " One grade apart."}.get(one.apart, f" {one.apart} grades apart.")
    lines = [
        "",
        f"Disagreement {place + 1} of {len(view.differences)}. {one.criterion.title}.{apart}",
        one.criterion.asks,
    ]
    lines += [*_answer("The auditor", one.auditor), *_answer("You", one.moderator)]
    lines += [f"{grade.key} {grade.label}: {grade.text}" for grade in one.criterion.grades]
    if one.decision:
        lines.append(f"Decided: {one.stands}, because {one.reason}")
    return lines


def _answer(who: str, answer: AnswerView | None) -> list[str]:
    if answer is None:
        return [f"{who}: not expected, by the facts of the case."]
    lines = [f"{who}: {answer.words}."]
    lines += [f"  note: {answer.note}"] if answer.note else []
    return lines + ([f"  evidence is at: {answer.pointer}"] if answer.pointer else [])
