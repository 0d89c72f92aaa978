"""The comparison in lines: the disagreements, and for one of them what each of the two wrote."""

from textual.content import Content

from audit_engine.work_views import AnswerView, ComparisonView, DifferenceView
from tui.drawing.words import HERE, QUIET, STRONG, Lines, cut, fitted, hanging, rule, words, wrapped
from tui.drawing.workbench import note_lines

WIDE = 120
"""From here both notes stand side by side."""
FEW = 30
"""Fewer pairs than this make no coefficient."""
AUDITOR, MODERATOR, OTHER = "auditor", "moderator", "other"
_MARKS = {AUDITOR: "= auditor", MODERATOR: "> yours", OTHER: "* other"}


def summary_lines(view: ComparisonView, width: int) -> Lines:
    """How far the two agree, in which direction they differ, and the two overall grades."""
    count, of = len(view.differences), view.same + len(view.differences)
    few = f" ({of} are too few for a coefficient)" if of < FEW else ""
    same = f"{view.same} of {of} answers are the same{few}, {count} {'differs' if count == 1 else 'differ'}."
    lines = wrapped(same, width - 1, 1)
    told = []
    if view.graded:
        told += [direction_words(view)] if count else []
        label = view.overall.label
        final = f", final {label(view.decided_overall)}" if view.finished else ""
        told.append(f"Overall: {view.auditor} {label(view.given_overall)}, you {label(view.blind_overall)}{final}.")
    return lines + (wrapped(" ".join(told), width - 1, 1) if told else [])


def direction_words(view: ComparisonView) -> str:
    """In which direction the moderator differs, of how many."""
    count, steps = len(view.differences), [step_between(one) for one in view.differences]
    lower, higher = sum(step < 0 for step in steps), sum(step > 0 for step in steps)
    parts = [f"lower on {lower} of {count}"] if lower else []
    parts += [f"higher on {higher} of {count}"] if higher else []
    if not parts:
        return "None of them is a lower or a higher grade."
    return f"You were {' and '.join(parts)}."


def step_between(one: DifferenceView) -> int:
    """How many grades the moderator's is above the auditor's; 0 where one of the two is no grade."""
    order = {choice.id: -place for place, choice in enumerate(one.criterion.grades)}
    given, mine = (answer.grade if answer else None for answer in (one.auditor, one.moderator))
    return order[mine] - order[given] if given in order and mine in order else 0


def column_heads(width: int) -> Content:
    """What the columns are."""
    return words(_columns(("Criterion", "Auditor", "You", "Gap", "Decision"), "  ", width), STRONG)


def difference_row(one: DifferenceView, width: int, *, here: bool) -> Content:
    """One disagreement in a line."""
    cells = (
        f"{one.criterion.number:>2} {one.criterion.title}", short_answer(one, one.auditor),
        short_answer(one, one.moderator), gap_words(one), decision_mark(one),
    )  # fmt: skip
    text = _columns(cells, "> " if here else "  ", width)
    return words(text, HERE if here else QUIET if one.decision else "")


def _columns(cells: tuple[str, str, str, str, str], mark: str, width: int) -> str:
    answer, decision = (14, 15) if width < WIDE else (24, 29)
    title = width - 3 - 2 * answer - 5 - decision - 5
    sizes = (title, answer, answer, 5, decision)
    return f" {mark}" + " ".join(fitted(cell, size) for cell, size in zip(cells, sizes, strict=True))


def short_answer(one: DifferenceView, answer: AnswerView | None) -> str:
    """A grade with its digit, or why there is none."""
    if answer is None or answer.applicability.startswith("not_expected"):
        return "not expected"
    if answer.applicability == "cannot_tell":
        return "cannot tell"
    key = next((choice.key for choice in one.criterion.grades if choice.id == answer.grade), "-")
    return f"{key} {answer.grade_label}" if answer.grade_label else answer.words


def gap_words(one: DifferenceView) -> str:
    """How many grades apart; two exclamation marks from two on."""
    if one.apart is None:
        return "-"
    return f"{one.apart} !!" if one.apart > 1 else str(one.apart)


def decision_mark(one: DifferenceView) -> str:
    """Whose answer stands."""
    if one.decision is None:
        return "open"
    if one.decision != OTHER:
        return _MARKS[one.decision]
    key = next((f"{choice.key} " for choice in one.criterion.grades if choice.label == one.stands), "")
    return f"{_MARKS[OTHER]}: {key}{one.stands}"


def side_lines(view: ComparisonView, one: DifferenceView, side: str, width: int, *, alone: bool = False) -> Lines:
    """What one of the two answered: in words, with the note, and what that grade looks like here.

    Args:
        alone: The other side is out of sight; the title says how to see it.
    """
    answer = one.auditor if side == AUDITOR else one.moderator
    title = f"The auditor, {view.auditor}" if side == AUDITOR else "You, blind"
    title += "   (Tab: the other)" if alone else ""
    lines = [rule(title, width), *wrapped(f"{_said(answer)}.", width - 1, 1, STRONG)]
    written = note_lines(answer, width)
    lines += written or [words(" no note", QUIET)]
    text = one.criterion.grade_text(answer.grade if answer else None)
    return lines + (wrapped(f"{answer.grade_label} looks like: {text}", width - 1, 1, QUIET) if answer and text else [])


def _said(answer: AnswerView | None) -> str:
    return answer.words if answer else "Not expected, by the facts of the case"


def decision_lines(view: ComparisonView, one: DifferenceView, width: int, most: int | None = None) -> Lines:
    """What stands on one disagreement, and why in at most `most` lines; or how to decide it."""
    lines = [rule(f"Decision on {one.criterion.number} {one.criterion.title}", width)]
    if one.decision is None and view.finished:
        return [*lines, words(" none", QUIET)]
    if one.decision is None:
        other = "; a digit: another grade stands" if view.graded else ""
        return [*lines, words(f" Open. `a`: the auditor's answer stands; `y`: yours stands{other}.", STRONG)]
    stands = f"{_MARKS[one.decision]}: {one.stands or 'not expected'}."
    return [
        *lines,
        *wrapped(stands, width - 1, 1, STRONG),
        *cut(wrapped(f"Why: {one.reason}", width - 1, 1), most or 999),
    ]


def whole_lines(view: ComparisonView, one: DifferenceView, width: int) -> Lines:
    """One disagreement with everything: the question, all descriptors, both answers in full, the decision."""
    criterion = one.criterion
    lines = [*wrapped(criterion.asks, width - 1, 1, STRONG), Content("")]
    for grade in criterion.grades:
        lines += hanging(f" {grade.key} ", f"{grade.label}: {grade.text}", width - 1, 3)
    if criterion.look_for:
        lines += hanging(" Look for: ", "; ".join(criterion.look_for), width - 1, 11, QUIET, QUIET)
    for side in (AUDITOR, MODERATOR):
        lines += [Content(""), *side_lines(view, one, side, width)]
    return [*lines, Content(""), *decision_lines(view, one, width)]


def no_differences(view: ComparisonView, width: int) -> Lines:
    """What there is to do when the two agree on everything."""
    of = view.same
    text = f"You and {view.auditor} answered all {of} alike. There is nothing to decide."
    text += "" if view.finished else " `f` finishes: the overall grade, then final."
    return [Content(""), *wrapped(text, width - 1, 1)]
