"""What plain mode says of criteria, checks and overall grades: lines, never layout."""

from collections.abc import Sequence

from audit_engine.calendars import day_in_words
from audit_engine.cli.answers import leads_to
from audit_engine.work_views import CriterionView, EscalationView, InNote, NoticedView, OverallView, WorkView

DEMANDS = {
    "answers": "answers to its questions",
    "grade": "a grade",
    "evidence": "whether evidence was found",
    "impact": "whether it made a difference",
    "reason": "a reason",
    "note": "a note",
    "pointer": "where in the case record the evidence is",
}
HELP_ANY = (
    "0  does not apply, or cannot be told: lists the reasons",
    "a  answer its questions (only where it has some)",
    "e  evidence: found, partly or not found",
    "m  whether it made a difference (only where that is asked)",
    "n  write the note",
    "p  point to the evidence in the case record",
    "g  go to a question: g 7, or g heard.seen",
    "o  the next open question",
    "!  escalate: a child may be at risk (! 7 says that it was seen at question 7)",
    "Enter  read the question again",
    "?  this list",
    "q  leave; everything is saved",
)
HELP_AUDITOR = (
    "u  undo the newest answer",
    "c  check what is missing, and what the grades make of the whole",
    "s  submit the audit",
)
HELP_BLIND = ("c  check what is missing", "l  lock your grades and see the auditor's; this cannot be undone")


def question(view: WorkView, one: CriterionView) -> list[str]:
    """One criterion with all that is needed to answer it."""
    lines = ["", f"Question {one.number} of {len(view.criteria)}. {one.section}: {one.title}", one.asks]
    lines += [f"Wording for this work: {one.variant}."] if one.variant else []
    lines += _expected(one)
    lines.append(f"Look for: {'; '.join(one.look_for)}.")
    for grade in one.grades:
        lines.append(f"{grade.key} {grade.label}: {grade.text}")
        lines += [f"  For example: {example}" for example in grade.examples]
    lines.append("0 Does not apply, or cannot be told.")
    if one.asked is not None:
        what = "a grade follows from them" if one.graded else "they are all it asks, and there is no grade"
        lines.append(f"It has questions of its own: a answers them; {what}.")
    if one.ladder:
        lines.append("This question also asks whether evidence was found, and whether it made a difference.")
    return [*lines, *answered(one)]


def _expected(one: CriterionView) -> list[str]:
    if one.expected == "not_in_force":
        return [f"It is not expected. {one.expected_because} A grade would not count."]
    if one.expected == "not_expected":
        return [
            f"By the facts of this case it is not expected. {one.expected_because} Answer it only if you saw otherwise."
        ]
    return [one.expected_because] if one.expected_because else []


def answered(one: CriterionView) -> list[str]:
    """What was answered so far, and what is still asked for."""
    lines = []
    if one.answer is not None:
        lines.append(f"Your answer: {one.answer.words}{one.mark}.")
        lines += [*one.answer.answers, *leads_to(one)]
        lines += [f"Asked of this grade: {one.prompt}"] if one.prompt else []
        lines += [f"Note: {one.answer.note}"] if one.answer.note else []
        lines += [f"Evidence is at: {one.answer.pointer}"] if one.answer.pointer else []
        if one.demands:
            lines.append(f"Still asked for: {demanded(one)}.")
    return lines


def demanded(one: CriterionView) -> str:
    """What a criterion still asks for, in words."""
    words = [DEMANDS[name] for name in one.demands]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def greeting(view: WorkView) -> list[str]:
    """Which audit this is, and how far it is."""
    due = f", due {day_in_words(view.due)}" if view.due else ""
    lines = [f"Case {view.case}. {view.programme}, rubric {view.rubric}. Stage: {view.stage_title}{due}."]
    if view.blind:
        lines.append("The auditor's grades are hidden until you lock yours. No screen or command shows them before.")
    if view.returned_because:
        lines.append(f"The moderator returned it: {view.returned_because}")
    lines.append(f"{view.done} of {len(view.criteria)} questions need nothing more.")
    if any(one.open for one in view.escalations):
        lines.append("An escalation is open on this audit.")
    lines.append("Type ? to read what can be typed. Every answer is saved at once.")
    return lines


def check(view: WorkView, in_notes: Sequence[InNote] = ()) -> list[str]:
    """Everything that is missing, what is suggested, what is permitted and why, what handing in locks.

    Args:
        in_notes: What in the reader's own notes may tell who somebody is.
    """
    lines = ["", f"Check of {view.reference}: {view.done} of {len(view.criteria)} questions need nothing more."]
    waiting = [one for one in view.criteria if one.open]
    lines += [f"Must be done: question {one.number}, {one.title}, still asks for {demanded(one)}." for one in waiting]
    if not waiting:
        lines += [f"Must be done: {text}" for text in view.to_do]
    else:
        lines += [f"Must be done: {text}" for text in view.to_do if "Raise an escalation" in text]
    lines += [f"  {text}" for one in waiting for text in one.waiting]
    lines += [f"Look at: {text}" for text in (*view.warnings, *(one.sentence for one in in_notes))]
    lines += fitting(view.noticed)
    lines += overall(view.overall) if view.graded else ["This audit is made without grades."]
    lines += escalations(view.escalations)
    if view.blind:
        lines.append("Locking cannot be undone: your grades never change after it, and you see the auditor's.")
    else:
        lines.append(
            "Submitting locks your grades. After that only a moderator can return the audit to you; undo does not "
            "reach across it."
        )
    return lines


def overall(view: OverallView) -> list[str]:
    """What is suggested and permitted, and why."""
    lines = []
    if view.suggested:
        lines.append(f"Suggested overall grade: {view.label(view.suggested)}. {view.because}")
    else:
        lines.append(view.because)
    may = [one.label for one in view.grades if one.id in view.permitted]
    so_far = " as far as answered" if view.provisional else ""
    lines.append(f"Permitted{so_far}: {', '.join(may)}.")
    lines += [f"Rule {text}" for text in view.bound_by]
    lines += [f"Rule {text}." for text in view.leaves]
    return lines + [f"OVERRIDDEN: {text}" for text in view.overridden]


def fitting(noticed: tuple[NoticedView, ...]) -> list[str]:
    """What does not fit together. It bars nothing."""
    if not noticed:
        return []
    lines = ["Does it fit together? Nothing here stops you."]
    for one in noticed:
        at = f" (question {' and '.join(map(str, one.about))})" if one.about else ""
        lines.append(f"  {one.title}{at}: {one.says}")
    return lines


def escalations(views: tuple[EscalationView, ...]) -> list[str]:
    """Each escalation in a line."""
    return [
        f"Escalation, {one.stage_title.lower()}, raised by {one.raised_by}"
        f"{f' at {one.criterion}' if one.criterion else ''}: {one.concern}"
        for one in views
    ]
