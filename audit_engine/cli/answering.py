"""`audit grade --answer`: the practitioner reads what was found in their work, and accepts or challenges it."""

from audit_engine.actions.command import Command
from audit_engine.actions.moving import answer
from audit_engine.calendars import day_in_words, now
from audit_engine.cli.desk import Desk, ask, ask_text, leave, tell
from audit_engine.queries.work import shared_view
from audit_engine.work_views import SharedCriterion, SharedView


class Answering:
    """The practitioner's part in one audit."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def run(self) -> None:
        """Show the audit, and hear the answer while one is awaited. Raises Left when the person leaves."""
        view = self.desk.see(shared_view)
        self.desk.begin()
        self.desk.looked()
        tell(*shared_words(view))
        while view.may_answer and not view.answer:
            typed = ask("a accept, c challenge with your reasons, Enter reads it again, q leaves: ").lower()
            if typed == "q":
                leave()
            if typed in ("a", "c") and self._answered("accepted" if typed == "a" else "challenged"):
                return
            if not typed:
                tell(*shared_words(view))
            elif typed not in ("a", "c"):
                tell(f"'{typed[:20]}' is no answer here.")
            view = self.desk.see(shared_view)

    def _answered(self, said: str) -> bool:
        if said == "challenged":
            text = ask_text("What do you see differently, and why? Enter goes back: ")
            if not text:
                return False
        else:
            text = ask_text("Anything you want to add? Enter adds nothing: ")
        desk = self.desk

        def act(command: Command) -> None:
            answer(
                desk.database,
                desk.actor,
                command,
                desk.reference,
                said,
                text,
                at=now(),
                definitions=lambda: desk.catalogue,
            )

        return desk.done(act, f"Your answer ({said}) is saved,")


def shared_words(view: SharedView) -> list[str]:
    """The shared audit in lines."""
    audited = f" on {day_in_words(view.audited_on)}" if view.audited_on else ""
    lines = [
        "", f"{view.programme}: audit of your work on case {view.case}.", f"Audited{audited} by {view.auditor}.",
    ]  # fmt: skip
    if view.graded and view.overall_label:
        lines.append(f"Overall: {view.overall_label}. {view.overall_means}")
    section = ""
    for one in view.criteria:
        if one.section != section:
            section = one.section
            lines += ["", f"{section}."]
        lines += _criterion(one)
    if view.answer:
        lines += ["", f"You {view.answer} it on {day_in_words(view.answered_on)}."] if view.answered_on else []
        lines += [f"Your words: {view.answer_text}"] if view.answer_text else []
    elif view.may_answer:
        due = f" by {day_in_words(view.due)}" if view.due else ""
        lines += ["", f"Your answer is awaited{due}. You can accept what was found, or challenge it."]
    return lines


def _criterion(one: SharedCriterion) -> list[str]:
    if one.answer is None:
        return [f"{one.title}: not expected, by the facts of the case."]
    lines = [f"{one.title}: {one.answer.words}.{f' {one.text}' if one.text else ''}"]
    lines += [f"  Why: {one.answer.note}"] if one.answer.note else []
    return lines + ([f"  Evidence is at: {one.answer.pointer}"] if one.answer.pointer else [])
