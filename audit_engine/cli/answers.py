"""The questions under a criterion, asked line by line: of the auditor, and of a moderator who grades blind."""

from collections.abc import Callable

from audit_engine.actions.rating import Answer
from audit_engine.cli.desk import ask, ask_choice, tell
from audit_engine.work_views import CriterionView, QuestionsView, QuestionView

Save = Callable[[CriterionView, Answer], bool]
Look = Callable[[], CriterionView]
FACE_SHEET = "Call them Child 1, Child 2 and so on: names stay on the face sheet."


def ask_questions(look: Look, save: Save) -> bool:
    """Name the members, ask what is open, or all of it again where nothing is; then offer the grade it leads to.

    Args:
        look: The criterion as it stands now.
        save: Saves one answer; False when it was refused.

    Returns:
        False when the person went back while something was still open.
    """
    again = not look().waiting
    if _asked(look()).called and (again or not _asked(look()).members):
        _name_members(look, save)
    done: set[tuple[str, str | None]] = set()
    while (one := _next(_asked(look()), done, again=again)) is not None:
        done.add((one.id, one.member))
        if not _ask(look, save, one):
            tell(*[f"Still open: {text}" for text in look().waiting])
            return False
    tell(*leads_to(look()))
    return _grade(look, save)


def _next(view: QuestionsView, done: set[tuple[str, str | None]], *, again: bool) -> QuestionView | None:
    """The next question: one that is open; where all are asked again, also one that was not asked yet this time."""
    return next(
        (one for one in view.questions if (one.id, one.member) not in done and (again or one.given is None)), None
    )


def _ask(look: Look, save: Save, one: QuestionView) -> bool:
    """Ask one question until its answer is saved; False when the person goes back."""
    member = f"{one.member}: " if one.member else ""
    answers = ", ".join(f"{choice.key} {choice.label}" for choice in one.answers)
    enter = f"Enter keeps {one.label}" if one.given else "Enter goes back"
    while True:
        chosen = ask_choice(f"{member}{one.asks} {answers}. {enter}: ", one.answers)
        if chosen is None:
            return one.given is not None
        said = {one.id: chosen.id}
        if save(look(), Answer(members={one.member: said}) if one.member else Answer(answers=said)):
            return True


def _name_members(look: Look, save: Save) -> None:
    tell(f"{_asked(look()).called}. {FACE_SHEET}")
    while True:
        members = _asked(look()).members
        here = f"Named so far: {', '.join(members)}. " if members else ""
        typed = ask(f"{here}Name one, or - and the name to take one out. Enter goes on: ")
        if not typed:
            return
        out = typed.startswith("-")
        name = typed.removeprefix("-").strip()
        save(look(), Answer(members={name: None if out else {}}))


def leads_to(one: CriterionView) -> list[str]:
    """The grade the answers lead to, and why; marked where another one overrides it."""
    if one.asked is None or not one.asked.suggested:
        return []
    how = "The grade taken from the answers is" if one.asked.taken else "The answers suggest"
    lines = [f"{how} {one.asked.suggested_label}. {one.asked.because}"]
    return lines + (["** Another grade stands than the answers lead to."] if one.asked.overridden else [])


def _grade(look: Look, save: Save) -> bool:
    """Offer the suggested grade. One that is taken stands already."""
    one = look()
    asked = _asked(one)
    if not one.graded or asked.taken or "grade" not in one.demands:
        return True
    choices = ", ".join(f"{choice.key} {choice.label}" for choice in one.grades)
    offered = f"Enter accepts {asked.suggested_label}, b goes back" if asked.suggested else "Enter goes back"
    while True:
        typed = ask(f"Grade: {choices}. {offered}: ").lower()
        if typed == "b" or (not typed and not asked.suggested):
            return False
        chosen = next((choice.id for choice in one.grades if typed == choice.key), None if typed else asked.suggested)
        if chosen is None:
            tell(f"'{typed[:20]}' is no grade. Type one of the digits.")
        elif save(one, Answer(grade=chosen)):
            tell(*(choice.prompt for choice in one.grades if choice.id == chosen and choice.prompt))
            return True


def _asked(one: CriterionView) -> QuestionsView:
    assert one.asked is not None  # noqa: S101 - only asked of criteria with questions
    return one.asked
