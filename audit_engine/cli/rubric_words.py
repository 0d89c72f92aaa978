"""Rubrics as lines of plain text."""

import textwrap
from collections.abc import Iterator, Mapping

from audit_engine.cli.talk import page_width
from audit_engine.definitions.criteria import Criterion, Question, Variant, wording
from audit_engine.definitions.roll_ups import ALL, Points, ReadRollUp
from audit_engine.definitions.rubric import ReadRubric, Section
from audit_engine.definitions.scales import Scale
from audit_engine.engine.in_force import days_in_words
from audit_engine.engine.limiting import left_in_words

DEEPER = 4


def rubric_in_words(rubric: ReadRubric) -> Iterator[str]:
    """Everything an auditor needs to grade under it."""
    written = rubric.rubric
    yield from wrapped(f"{written.title} ({written.rubric}), version {written.version}", 0)
    yield from wrapped(written.purpose, 0)
    if written.tried is False:
        yield "Not yet tried with practitioners."
    grades = ", ".join(grade.label for grade in reversed(rubric.scale.grades))
    yield from wrapped(f"Graded: {written.graded}. Grades, best first: {grades}.", 0)
    for section in written.sections:
        yield ""
        yield section.title.upper()
        yield from _when(section)
        for criterion in section.criteria:
            yield ""
            yield from _criterion(rubric, rubric.criteria[criterion])
        if section.id in rubric.roll_ups:
            yield ""
            yield f"GRADE OF THIS SECTION ({section.title})"
            yield from _roll_up(rubric.roll_ups[section.id], rubric.section_scales[section.id])
    yield from _rules(rubric)
    yield from _noticed(rubric)


def _when(part: Section | Criterion) -> Iterator[str]:
    if part.expected_in_words or isinstance(part, Criterion):
        yield from wrapped(part.expected_in_words or "Always expected.", DEEPER)
    if part.in_force is not None:
        yield from wrapped(f"For work done while it was {days_in_words(part.in_force)}.", DEEPER)


def _criterion(rubric: ReadRubric, criterion: Criterion) -> Iterator[str]:
    scale = rubric.scales[criterion.id]
    yield f"{criterion.id}  {criterion.title}"
    yield from wrapped(criterion.asks, DEEPER)
    yield from _when(criterion)
    if criterion.not_expected_reasons:
        yield from wrapped("May be judged not expected when:", DEEPER)
        for reason in criterion.not_expected_reasons:
            yield from wrapped(f"{reason.id}: {reason.label}", 2 * DEEPER)
    if criterion.ladder:
        yield from wrapped("Three answers: is it recorded, how good is it, did it have an impact.", DEEPER)
    if criterion.tags:
        yield from wrapped(f"Tags: {', '.join(criterion.tags)}", DEEPER)
    yield from wrapped(f"Look for: {'; '.join(criterion.look_for)}", DEEPER)
    yield from _questions(scale, criterion)
    if criterion.graded:
        yield from _graded(scale, criterion)


def _questions(scale: Scale, criterion: Criterion) -> Iterator[str]:
    for question in criterion.questions:
        yield from _question(criterion, question)
    if criterion.suggests:
        taken = criterion.grade_from_answers == "taken"
        said = "The answers give the grade, unless it is overridden with a note" if taken else "The answers suggest"
        yield from wrapped(f"{said}:", DEEPER)
        for rule in criterion.suggests:
            when = f"when {rule.when}" if rule.when else "otherwise"
            yield from wrapped(f"{scale.label(rule.grade)} {when}: {rule.because}", 2 * DEEPER)


def _graded(scale: Scale, criterion: Criterion) -> Iterator[str]:
    yield from _descriptors(scale, criterion.descriptors, criterion.prompts)
    for example in criterion.examples:
        yield from wrapped(f"Example of {scale.label(example.grade)}: {example.text}", DEEPER)
    for what, grades in (("note", criterion.note_demanded), ("pointer to the evidence", criterion.evidence_demanded)):
        if grades:
            yield from wrapped(f"A {what} is demanded at: {', '.join(scale.label(g) for g in grades)}.", DEEPER)
    for variant in criterion.variants:
        yield from _variant(scale, criterion, variant)


def _question(criterion: Criterion, question: Question) -> Iterator[str]:
    each = f" (for {criterion.repeat.called.lower()})" if question.each and criterion.repeat else ""
    yield from wrapped(f"Question {question.id}{each}: {question.asks}", DEEPER)
    if question.asked_when:
        yield from wrapped(f"Asked when {question.asked_when}", 2 * DEEPER)
    yield from wrapped(f"Answers: {'; '.join(f'{a.id} ({a.label})' for a in question.answers)}", 2 * DEEPER)


def _descriptors(scale: Scale, descriptors: Mapping[str, str], prompts: Mapping[str, str]) -> Iterator[str]:
    for grade in reversed(scale.ids):
        if grade in descriptors:
            yield from wrapped(f"{scale.label(grade)}: {descriptors[grade]}", DEEPER)
        if grade in prompts:
            yield from wrapped(f"Asked at {scale.label(grade)}: {prompts[grade]}", 2 * DEEPER)


def _variant(scale: Scale, criterion: Criterion, variant: Variant) -> Iterator[str]:
    days = f"For work done while it was {days_in_words(variant.in_force)}. " if variant.in_force else ""
    when = f"When {variant.when}." if variant.when else ""
    yield from wrapped(f"Otherwise worded as {variant.title}. {days}{when}".rstrip(), DEEPER)
    words = wording(criterion, variant)
    if variant.asks:
        yield from wrapped(words.asks, 2 * DEEPER)
    if variant.look_for:
        yield from wrapped(f"Look for: {'; '.join(words.look_for)}", 2 * DEEPER)
    yield from _descriptors(scale, variant.descriptors, variant.prompts)


def _rules(rubric: ReadRubric) -> Iterator[str]:
    if rubric.limits:
        yield ""
        yield "LIMITING RULES"
    for rule, condition in rubric.limits:
        yield ""
        leaves = left_in_words(rubric, rule) if rule.overall else "bars nothing"
        yield from wrapped(f"{rule.id}  {rule.title}: {leaves}", 0)
        yield from wrapped(f"When {condition.text}", DEEPER)
        extra = "Opens an escalation." if rule.opens_escalation else None
        look = "Somebody else must look, whatever the grade." if rule.second_look else None
        roles = ", ".join(role.replace("_", " ") for role in rule.overridable_by)
        over = f"May be overridden with a reason by: {roles}." if roles else "Nobody may override it."
        for text in (rule.because, rule.warns, extra, look, over if rule.overall else None, f"Basis: {rule.basis}"):
            if text:
                yield from wrapped(text, DEEPER)
    if rubric.overall is not None:
        yield ""
        yield "SUGGESTED OVERALL GRADE"
        yield from _roll_up(rubric.overall, rubric.scale)


def _roll_up(roll_up: ReadRollUp, scale: Scale) -> Iterator[str]:
    if roll_up.points is not None:
        yield from _points(roll_up.points, scale)
        return
    yield "The first that holds."
    for n, (rule, holds) in enumerate(roll_up.rules, start=1):
        yield ""
        yield f"{n}.  {scale.label(rule.grade)}"
        yield from wrapped(f"When {holds.text}" if holds else "Otherwise.", DEEPER)
        yield from wrapped(rule.because, DEEPER)


def _points(points: Points, scale: Scale) -> Iterator[str]:
    worth = ", ".join(f"{grade} {number}" for grade, number in points.points.items())
    yield from wrapped(f"In points, of those that could be reached: {worth}.", DEEPER)
    for criterion, weight in points.weights.items():
        yield from wrapped(f"{criterion} weighs {weight}.", DEEPER)
    for band in points.bands:
        until = f"up to below {band.below}" if band.below is not None else f"to {ALL}"
        yield from wrapped(f"From {band.at_least} {until} per cent: {scale.label(band.grade)}. {band.because}", DEEPER)


def _noticed(rubric: ReadRubric) -> Iterator[str]:
    if rubric.contradictions:
        yield ""
        yield "NOTICED, AND SAID TO THE AUDITOR FIRST"
    for one, condition in rubric.contradictions:
        yield ""
        yield f"{one.id}  {one.title}"
        yield from wrapped(f"When {condition.text}", DEEPER)
        yield from wrapped(one.says, DEEPER)


def wrapped(text: str, indent: int) -> list[str]:
    """Lines of one paragraph, `indent` characters in."""
    blank = " " * indent
    return textwrap.wrap(text, page_width(), initial_indent=blank, subsequent_indent=blank) or [""]
