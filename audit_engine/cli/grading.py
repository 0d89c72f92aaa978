"""`audit grade`: the auditor's, the moderator's and the practitioner's work on one audit, asked line by line."""

from typing import TYPE_CHECKING

import click

from audit_engine.calendars import now
from audit_engine.cli.workspace import find
from audit_engine.problems import unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit_engine.actions.command import Command
    from audit_engine.actions.moving import Submission
    from audit_engine.cli.desk import Desk
    from audit_engine.work_views import OverallView, WorkView


@click.command(short_help="Grade, moderate or answer an audit, question by question.")
@click.argument("reference", metavar="AUDIT")
@click.option("--plain", is_flag=True, help="Question and answer on plain lines, for screen readers and for pipes.")
@click.option("--moderate", is_flag=True, help="Moderate it: grade it blind, lock, compare, decide.")
@click.option("--answer", "answering", is_flag=True, help="Read it as its practitioner, and accept or challenge it.")
@click.option(
    "--override",
    "overrides",
    metavar="RULE=REASON",
    multiple=True,
    help="With --moderate: look past a limiting rule that lets your role do so. It stays marked.",
)
@click.pass_context
def grade(
    ctx: click.Context, reference: str, plain: bool, moderate: bool, answering: bool, overrides: tuple[str, ...]
) -> None:  # fmt: skip
    """Work on AUDIT: on the screens, or line by line. Every answer is saved at once; Ctrl-C leaves from anywhere.

    \b
    Examples:
      audit grade L-2324Q3-0001
      audit grade L-2324Q3-0001 --plain
      audit grade L-2324Q3-0001 --plain --moderate
      audit grade L-2324Q3-0001 --plain --answer
    """
    from audit_engine.cli.answering import Answering
    from audit_engine.cli.desk import Desk, Left, tell
    from audit_engine.cli.matters import pairs
    from audit_engine.cli.moderating import Moderating

    if moderate and answering:
        raise unusable("grade", "P005", "--moderate and --answer are the work of two people", "Leave one of them out.")
    if overrides and not (plain and moderate):
        raise unusable("grade", "P005", "--override is said by a moderator in plain mode",
                       "Write --plain --moderate with it, or choose the grade on the screens.")  # fmt: skip
    if not plain:
        from audit_engine.cli.screens import open_screens

        open_screens(find(ctx), opens=("moderate" if moderate else "answer" if answering else "grade", reference))
        return
    past = pairs(overrides, "override", "RULE=REASON", '"L4=The letter came later."')
    desk = Desk(find(ctx), reference)
    try:
        if moderate:
            Moderating(desk, past).run()
        elif answering:
            Answering(desk).run()
        else:
            Grading(desk).run()
    except (Left, KeyboardInterrupt):
        tell("Left. Everything that was answered is saved.")


class Grading:
    """The auditor's own work on one audit."""

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk

    def run(self) -> None:
        """Begin it if it waits for that, ask, submit. Raises Left when the person leaves."""
        from audit_engine.cli.desk import tell
        from audit_engine.cli.grading_words import greeting
        from audit_engine.cli.questions import Questions
        from audit_engine.queries.work import work

        desk = self.desk
        view = desk.see(work)
        desk.begin()
        if not view.begun and not _can_submit(view) and not self._begins(view):
            return
        desk.looked()
        tell(*greeting(desk.see(work)))
        Questions(desk, blind=False, finish=self._submit).run()

    def _begins(self, view: "WorkView") -> bool:
        """Begin an audit that was allocated; say where it stands when it cannot be graded."""
        from audit_engine.actions.moving import move
        from audit_engine.cli.desk import tell

        desk = self.desk
        if any(step.event == "begin" and step.possible and step.mine for step in view.next):
            records = desk.records("begin")

            def act(command: "Command") -> None:
                move(
                    desk.database, desk.actor, command, desk.reference, "begin", at=now(),
                    definitions=lambda: desk.catalogue, said=records or {},
                )  # fmt: skip

            return records is not None and desk.done(act, "Begun, saved")
        tell(f"It cannot be graded: it is '{view.stage_title}'.", *_next_lines(view))
        return False

    def _submit(self, view: "WorkView") -> bool:
        """Ask what submitting needs, and submit. True when it is done."""
        from audit_engine.actions.moving import submit
        from audit_engine.cli.desk import tell
        from audit_engine.cli.grading_words import check

        tell(*check(view, self.desk.in_notes(view)))
        if view.missing or view.to_do:
            tell("It cannot be submitted yet.")
            return False
        said = self._said(view)
        if said is None:
            tell("Not submitted.")
            return False
        desk = self.desk

        def act(command: "Command") -> None:
            submit(desk.database, desk.actor, command, desk.reference, said, desk.catalogue, at=now())

        if not desk.done(act, "Submitted, saved"):
            return False
        self._told_after()
        return True

    def _told_after(self) -> None:
        from audit_engine.cli.desk import tell
        from audit_engine.queries.work import work

        after = self.desk.see(work)
        tell(f"It is now '{after.stage_title}'.", *_next_lines(after))

    def _said(self, view: "WorkView") -> "Submission | None":
        """What the auditor says when they submit; None when they go back."""
        from audit_engine.actions.moving import Submission
        from audit_engine.cli.desk import ask_yes_no

        overall = reason = None
        if view.graded:
            chosen = ask_overall(view.overall)
            if chosen is None:
                return None
            overall, reason = chosen
        together = ask_yes_no("Was the audit made together with the practitioner?")
        if together is None:
            return None
        feedback = self._feedback()
        if feedback is None:
            return None
        given, why_not = feedback
        records = self.desk.records("submit")
        if records is None:
            return None
        return Submission(overall, reason, together, given, why_not, records)

    def _feedback(self) -> tuple[tuple[str, ...], str | None] | None:
        from audit_engine.actions.moving import RESPONDENTS
        from audit_engine.cli.desk import ask, ask_text, tell

        known = ", ".join(RESPONDENTS)
        while True:
            typed = ask(f"Who gave feedback? {known}, with commas between; or none. Enter goes back: ").lower()
            if not typed:
                return None
            if typed == "none":
                reason = ask_text("Why is there no feedback? Enter goes back: ")
                return ((), reason) if reason else None
            given = tuple(dict.fromkeys(word.strip() for word in typed.split(",") if word.strip()))
            unknown = [word for word in given if word not in RESPONDENTS]
            if given and not unknown:
                return given, None
            tell(f"'{', '.join(unknown)[:40]}' is nobody who gives feedback. Known: {known}, or none.")


def _can_submit(view: "WorkView") -> bool:
    """Whether it can be submitted from a stage at which no grade is written: a workflow may put a reading before it."""
    return any(step.event == "submit" and step.mine for step in view.next)


def ask_overall(view: "OverallView", kept: str | None = None) -> tuple[str, str | None] | None:
    """The overall grade, with a reason where it is not the offered one; None when the person goes back.

    Args:
        kept: The grade that Enter keeps; the suggested one unless told. Nothing is offered when it is not permitted.
    """
    from audit_engine.cli.desk import ask, ask_text, tell

    offered = kept or view.suggested
    offered = offered if offered in view.permitted else None
    by_key = {one.key: one for one in view.grades}
    choices = ", ".join(f"{one.key} {one.label}" for one in view.grades if one.id in view.permitted)
    past = ", ".join(f"{one.key} {one.label}" for one in view.grades if one.id in view.by_override)
    choices += f". By looking past a rule, with a reason: {past}" if past else ""
    enter = f"Enter accepts {view.label(offered)}" if offered else "Nothing is offered; choose one"
    while True:
        typed = ask(f"Overall grade: {enter}. Permitted: {choices}. b goes back: ").lower()
        if typed == "b":
            return None
        if not typed and offered:
            return offered, None
        chosen = by_key.get(typed)
        if chosen is None:
            tell(f"'{typed[:20]}' is no grade. Type one of the digits.")
        elif chosen.id not in view.permitted and chosen.id not in view.by_override:
            tell(f"{chosen.label} may not be given. {chosen.text}")
        elif chosen.id == offered:
            return chosen.id, None
        else:
            reason = ask_text(f"Why {chosen.label}, and not {view.label(offered)}? Enter goes back: ")
            if reason:
                return chosen.id, reason


def looked_past(view: "OverallView", grade: str, said: "Mapping[str, str]") -> dict[str, str] | None:
    """Why each rule that bars the grade is looked past, by rule; None when the person goes back.

    Args:
        said: The reasons that were given beforehand, by rule.
    """
    from audit_engine.cli.desk import ask_text, tell

    past = dict[str, str]()
    for rule in view.by_override.get(grade, ()):
        tell(*(f"Rule {text}" for text in view.bound_by if text.startswith(f"{rule} ")))
        asks = f"{view.label(grade)} looks past {rule}, and it stays marked. Why? Enter goes back: "
        why = said.get(rule) or ask_text(asks)
        if not why:
            return None
        past[rule] = why
    return past


def _next_lines(view: "WorkView") -> list[str]:
    """What can happen next, for whom."""
    return [f"Next: {step.title}, by {' or '.join(step.for_whom)}." for step in view.next if step.possible]
