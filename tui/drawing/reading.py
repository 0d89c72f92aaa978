"""A finished audit in lines, for the practitioner whose work it is about."""

from textual.content import Content

from audit_engine.calendars import day_in_words
from audit_engine.work_views import SharedCriterion, SharedView
from tui.drawing.words import QUIET, STRONG, Lines, rule, words, wrapped


def shared_lines(view: SharedView, width: int) -> Lines:
    """What was found, and what was answered."""
    audited = f" on {day_in_words(view.audited_on)}" if view.audited_on else ""
    lines = wrapped(f"{view.programme}: audit of your work on case {view.case}.", width - 1, 1)
    lines += wrapped(f"Audited{audited} by {view.auditor}.{_beside(view)}", width - 1, 1)
    if view.graded and view.overall_label:
        lines += [Content(""), *wrapped(f"Overall: {view.overall_label}. {view.overall_means}", width - 1, 1, STRONG)]
    lines += [Content(""), *_answer(view, width)]
    section = ""
    for one in view.criteria:
        if one.section != section:
            section = one.section
            lines += [Content(""), rule(section, width)]
        lines += [Content(""), *_criterion(one, width)]
    return lines


def _beside(view: SharedView) -> str:
    together = " You and the auditor looked at it together." if view.collaborative else ""
    heard = f" Feedback came from: {', '.join(view.feedback_from)}." if view.feedback_from else ""
    return together + heard


def _answer(view: SharedView, width: int) -> Lines:
    if view.answer:
        on = f" on {day_in_words(view.answered_on)}" if view.answered_on else ""
        lines = wrapped(f"You {view.answer} it{on}.", width - 1, 1, STRONG)
        return lines + (wrapped(f"Your words: {view.answer_text}", width - 1, 1) if view.answer_text else [])
    if view.may_answer:
        due = f" by {day_in_words(view.due)}" if view.due else ""
        text = f"Your answer is awaited{due}: `a` accepts what was found, `c` challenges it."
        return wrapped(text, width - 1, 1, STRONG)
    return wrapped(f"It is '{view.stage_title}'. No answer is awaited.", width - 1, 1, QUIET)


def _criterion(one: SharedCriterion, width: int) -> Lines:
    if one.answer is None:
        return [
            words(f" {one.title}", STRONG),
            *wrapped("Not expected, by the facts of the case.", width - 1, 3, QUIET),
        ]
    lines = wrapped(f"{one.title}: {one.answer.words}", width - 1, 1, STRONG)
    lines += wrapped(one.asks, width - 1, 3, QUIET)
    lines += wrapped(one.text, width - 1, 3) if one.text else []
    lines += wrapped(f"Why: {one.answer.note}", width - 1, 3) if one.answer.note else []
    return lines + (wrapped(f"Evidence is at: {one.answer.pointer}", width - 1, 3) if one.answer.pointer else [])
