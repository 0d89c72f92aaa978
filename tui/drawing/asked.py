"""The questions under one criterion, in lines: all of them with their answers, and the one where the person is."""

from audit_engine.work_views import CriterionView, QuestionsView, QuestionView
from tui.drawing.words import GOOD, HERE, QUIET, STRONG, Lines, hanging, rule, words, wrapped

NOBODY = "Nobody and nothing is named yet: `+` names one. Names stay on the face sheet: Child 1, Child 2."
OVERRIDDEN = "** Another grade stands than the answers lead to, with a note that says why."


def asked_lines(one: CriterionView, place: int, width: int) -> tuple[Lines, list[int]]:
    """Every question that is asked now, those of members under what each is called.

    Returns:
        The lines; and for each question the number of its line.
    """
    view = one.asked
    if view is None:
        return [], []
    lines: Lines = [*wrapped(one.asks, width - 1, 1, STRONG), words("")]
    at: list[int] = []
    member: str | None = None
    for number, question in enumerate(view.questions):
        if question.member != member:
            member = question.member
            lines += [words(""), rule(member or "", width)]
        at.append(len(lines))
        lines += _question(question, width, here=number == place)
    if view.called and not view.members and not any(one.member for one in view.questions):
        lines += [words(""), *wrapped(f"{view.called}. {NOBODY}", width - 1, 1)]
    return lines, at


def _question(one: QuestionView, width: int, *, here: bool) -> Lines:
    box = "[x]" if one.given else "[ ]"
    lines = hanging(f" {'>' if here else ' '}{box} ", one.asks, width - 1, 6)
    if not here:
        return lines + (hanging("      = ", one.label, width - 1, 8, GOOD) if one.given else [])
    lines = [line.stylize(HERE) for line in lines]
    for choice in one.answers:
        mark = "=" if choice.id == one.given else " "
        lines += hanging(f"     {mark}{choice.key:>2} ", choice.label, width - 1, 9, head_style=STRONG)
    return lines


def leads_to_lines(one: CriterionView, width: int) -> Lines:
    """The grade the answers lead to, and why; else what is still open."""
    view = one.asked
    if view is None:
        return []
    if one.waiting:
        return wrapped(f"{answered_words(view)}; still open: {one.waiting[0]}", width - 1, 1)
    if not view.suggested:
        return wrapped(f"{answered_words(view)}. {'' if one.graded else 'It has no grade.'}", width - 1, 1, QUIET)
    how = "Taken from the answers" if view.taken else "The answers suggest"
    said = wrapped(f"{how}: {view.suggested_label}. {view.because}", width - 1, 1, STRONG)
    return said + (wrapped(OVERRIDDEN, width - 1, 1) if view.overridden else [])


def answered_words(view: QuestionsView) -> str:
    """How many are answered."""
    return f"{view.answered} of {len(view.questions)} questions answered"
