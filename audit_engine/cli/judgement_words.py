"""A judgement as lines of plain text: the grade first, then why, then what is missing."""

from collections.abc import Iterator, Sequence

from audit_engine.cli.rubric_words import DEEPER, wrapped
from audit_engine.definitions.answers import ReadAnswers
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.grading import Bar, Judgement, LeftOut, Missing, SectionCounts, demands_in_words
from audit_engine.engine.grading_words import STEPS


def judgement_in_words(
    rubric: ReadRubric, answers: ReadAnswers, judged: Judgement, in_notes: Sequence[str] = ()
) -> Iterator[str]:
    """What follows from the answers, and what was seen in their notes."""
    yield f"{rubric.rubric.title}, version {rubric.rubric.version}"
    if answers.practice_date:
        yield f"Practice on {answers.practice_date}"
    yield ""
    if rubric.overall is not None:
        yield from _overall(rubric, answers, judged)
    else:
        yield "This rubric has no overall grade."
    yield from _part("Rules that bound it", [_bar(bar) for bar in judged.bound_by])
    yield from _part("Somebody else must look", [f"{bar.id}  {bar.title}" for bar in judged.second_look])
    yield from _sections(rubric, judged)
    yield from _part("Grades the answers lead to", _answered(rubric, judged))
    yield from _part("Still to be answered", [line for one in judged.missing for line in _missing(one)])
    yield from _part("Not expected", [_left_out(left) for left in judged.not_expected])
    yield from _part("Could not be told", [_left_out(left) for left in judged.cannot_tell])
    yield from _part("Does it fit together?", [f"{one.title}: {one.says}" for one in judged.noticed])
    yield from _part("Mind", [*judged.warnings, *demands_in_words(rubric, judged), *in_notes])


def _overall(rubric: ReadRubric, answers: ReadAnswers, judged: Judgement) -> Iterator[str]:
    label = rubric.scale.label
    marked = " (a limiting rule was overridden)" if judged.overall and judged.overridden else ""
    given = f"{label(judged.overall)}{marked}" if judged.overall else _no_overall(rubric, answers, judged)
    yield f"Overall     {given}"
    yield f"Suggested   {label(judged.suggested) if judged.suggested else 'none yet' if judged.missing else 'none'}"
    yield from wrapped(judged.because, 12)
    grades = ", ".join(label(grade) for grade in reversed(judged.permitted))
    yield f"Permitted   {grades}{' (provisional: ratings are missing)' if judged.provisional else ''}"
    for reason in judged.refused:
        yield from wrapped(reason.text, 12)


def _bar(bar: Bar) -> str:
    said = f"{bar.id}  {bar.title}: {bar.because}"
    if bar.override is not None:
        return f"{said} OVERRIDDEN by {bar.override.role.replace('_', ' ')}: {bar.override.reason}"
    return f"{said} It gave way to the rules before it." if bar.gave_way else said


def _answered(rubric: ReadRubric, judged: Judgement) -> list[str]:
    lines = []
    for one in judged.answered:
        if one.suggested is None:
            continue
        said = f"{one.criterion}  {rubric.label(one.criterion, one.suggested)}: {one.because}"
        given = f" ** {rubric.label(one.criterion, one.grade)} was given instead." if one.grade else ""
        lines.append(said + (given if one.overridden else ""))
    return lines


def _missing(missing: Missing) -> Iterator[str]:
    yield f"{missing.criterion}  {missing.title}: {', '.join(STEPS[step] for step in missing.lacks)}"
    for question in missing.questions:
        yield f"    {question}"


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
        told = ", ".join(_counted(rubric, section))
        begun = f"; {section.begun} of them with more to answer" if section.begun else ""
        yield f"    {section.title:<{width}}  {section.expected} expected{': ' + told if told else ''}{begun}"
        if section.rolls_up:
            yield from wrapped(_section_grade(rubric, section), 2 * DEEPER)


def _counted(rubric: ReadRubric, section: SectionCounts) -> list[str]:
    """Every criterion that is expected, once: by its grade, or as one that has none."""
    waiting = section.missing - section.begun
    alone = section.expected - sum(section.grades.values()) - waiting
    counts = [f"{counted} {label}" for label, counted in _best_first(rubric, section) if counted]
    counts += [f"{alone} answered by its questions alone"] if alone > 0 else []
    return counts + ([f"{waiting} to be answered"] if waiting else [])


def _best_first(rubric: ReadRubric, section: SectionCounts) -> Iterator[tuple[str, int]]:
    labels = {
        grade.id: grade.label.lower()
        for criterion, scale in rubric.scales.items()
        if rubric.section_of[criterion].id == section.id
        for grade in scale.grades
    }
    for grade in reversed(list(section.grades)):
        yield labels[grade], section.grades[grade]


def _section_grade(rubric: ReadRubric, section: SectionCounts) -> str:
    if section.provisional:
        return "Its own grade cannot be said yet."
    if section.grade is None:
        return f"Not applicable. {section.because}"
    return f"{rubric.section_scales[section.id].label(section.grade)}: {section.because}"


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        for line in lines:
            yield from wrapped(line, DEEPER)
