"""Rubrics and judgements as lines of plain text."""

import textwrap
from collections.abc import Iterator, Sequence

from audit_engine.definitions.answers import ReadAnswers
from audit_engine.definitions.rubric import Criterion, ReadRubric
from audit_engine.engine.grading import Judgement, LeftOut, demands_in_words
from audit_engine.engine.grading_words import STEPS

WIDTH = 98
DEEPER = 4


def judgement_in_words(
    rubric: ReadRubric, answers: ReadAnswers, judged: Judgement, in_notes: Sequence[str] = ()
) -> Iterator[str]:
    """What follows from the answers: the grade first, then why, then what is missing, then what was seen in notes."""
    label = rubric.scale.label
    yield f"{rubric.rubric.title}, version {rubric.rubric.version}"
    if answers.practice_date:
        yield f"Practice on {answers.practice_date}"
    yield ""
    yield f"Overall     {label(judged.overall) if judged.overall else _no_overall(rubric, answers, judged)}"
    yield f"Suggested   {label(judged.suggested) if judged.suggested else 'none yet' if judged.missing else 'none'}"
    yield from _wrapped(judged.because, 12)
    grades = ", ".join(label(grade) for grade in reversed(judged.permitted))
    yield f"Permitted   {grades}{' (provisional: ratings are missing)' if judged.provisional else ''}"
    for reason in judged.refused:
        yield from _wrapped(reason.text, 12)
    yield from _part("Rules that bound it", [f"{bar.id}  {bar.title}: {bar.because}" for bar in judged.bound_by])
    yield from _sections(rubric, judged)
    missing = [f"{m.criterion}  {m.title}: {', '.join(STEPS[step] for step in m.lacks)}" for m in judged.missing]
    yield from _part("Still to be answered", missing)
    yield from _part("Not expected", [_left_out(left) for left in judged.not_expected])
    yield from _part("Could not be told", [_left_out(left) for left in judged.cannot_tell])
    yield from _part("Mind", [*judged.warnings, *demands_in_words(rubric, judged), *in_notes])


def _no_overall(rubric: ReadRubric, answers: ReadAnswers, judged: Judgement) -> str:
    if answers.overall is None:
        return "not chosen yet"
    chosen = rubric.scale.label(answers.overall)
    return f"{chosen} is not permitted" if judged.certainly_refused else f"{chosen} cannot be decided yet"


def _left_out(left: LeftOut) -> str:
    how = {"rule": "by the facts. ", "judgement": "judged. "}.get(left.by, "")
    return f"{left.criterion}  {left.title}: {how}{left.because}"


def _sections(rubric: ReadRubric, judged: Judgement) -> Iterator[str]:
    yield ""
    yield "Sections"
    width = max(len(section.title) for section in judged.sections)
    for section in judged.sections:
        best_first = [(rubric.scale.label(g).lower(), section.grades[g]) for g in reversed(rubric.scale.ids)]
        grades = [f"{counted} {label}" for label, counted in best_first if counted]
        told = ", ".join([*grades, *([f"{section.missing} to be answered"] if section.missing else [])])
        yield f"    {section.title:<{width}}  {section.expected} expected{': ' + told if told else ''}"


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        for line in lines:
            yield from _wrapped(line, DEEPER)


def rubric_in_words(rubric: ReadRubric) -> Iterator[str]:
    """Everything an auditor needs to grade under it."""
    written = rubric.rubric
    yield f"{written.title} ({written.rubric}), version {written.version}"
    yield from _wrapped(written.purpose, 0)
    yield f"Graded: {written.graded}. Grades, best first: {', '.join(g.label for g in reversed(rubric.scale.grades))}."
    for section in written.sections:
        yield ""
        yield section.title.upper()
        for criterion in section.criteria:
            yield ""
            yield from _criterion(rubric, rubric.criteria[criterion])
    yield from _rules(rubric)


def _criterion(rubric: ReadRubric, criterion: Criterion) -> Iterator[str]:
    label = rubric.scale.label
    yield f"{criterion.id}  {criterion.title}"
    yield from _wrapped(criterion.asks, DEEPER)
    yield from _wrapped(criterion.expected_in_words or "Always expected.", DEEPER)
    if criterion.not_expected_reasons:
        yield from _wrapped("May be judged not expected when:", DEEPER)
        for reason in criterion.not_expected_reasons:
            yield from _wrapped(f"{reason.id}: {reason.label}", 2 * DEEPER)
    if criterion.ladder:
        yield from _wrapped("Three answers: is it recorded, how good is it, did it have an impact.", DEEPER)
    if criterion.tags:
        yield from _wrapped(f"Tags: {', '.join(criterion.tags)}", DEEPER)
    yield from _wrapped(f"Look for: {'; '.join(criterion.look_for)}", DEEPER)
    for grade in reversed(rubric.scale.ids):
        yield from _wrapped(f"{label(grade)}: {criterion.descriptors[grade]}", DEEPER)
    for what, grades in (("note", criterion.note_demanded), ("pointer to the evidence", criterion.evidence_demanded)):
        if grades:
            yield from _wrapped(f"A {what} is demanded at: {', '.join(label(g) for g in grades)}.", DEEPER)


def _rules(rubric: ReadRubric) -> Iterator[str]:
    label = rubric.scale.label
    if rubric.limits:
        yield ""
        yield "LIMITING RULES"
    for rule, condition in rubric.limits:
        yield ""
        yield f"{rule.id}  {rule.title}: at most {label(rule.overall.at_most)}"
        yield from _wrapped(f"When {condition.text}", DEEPER)
        extra = "Opens an escalation." if rule.opens_escalation else None
        for text in (rule.because, rule.warns, extra, f"Basis: {rule.basis}"):
            if text:
                yield from _wrapped(text, DEEPER)
    yield ""
    yield "SUGGESTED OVERALL GRADE (the first that holds)"
    for n, (suggestion, holds) in enumerate(rubric.suggestions, start=1):
        yield ""
        yield f"{n}.  {label(suggestion.grade)}"
        yield from _wrapped(f"When {holds.text}" if holds else "Otherwise.", DEEPER)
        yield from _wrapped(suggestion.because, DEEPER)


def _wrapped(text: str, indent: int) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=blank, subsequent_indent=blank) or [""]
