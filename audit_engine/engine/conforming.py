"""Shares over many audits that a rubric asks for: how many of those a section applies to reach a grade."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.definitions.rubric import Conformity, ReadRubric
from audit_engine.engine.grading import Judgement, SectionCounts

PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Share:
    """One share that is asked for, as it came out."""

    section: str
    grade: str
    at_least: int
    """Per cent."""
    numerator: int
    denominator: int
    """Audits to which the section applies, and whose grade can be said."""
    not_applicable: int
    incomplete: int
    reached: bool | None
    """None where the section applies to no audit."""
    says: str


def shares(rubric: ReadRubric, judged: Sequence[Judgement]) -> tuple[Share, ...]:
    """Every share the rubric asks for. Exact: 38 of 40 is 95 per cent, and reaches it."""
    return tuple(_share(rubric, one, judged) for one in rubric.rubric.conformity)


def _share(rubric: ReadRubric, asked: Conformity, judged: Sequence[Judgement]) -> Share:
    scale = rubric.section_scales[asked.section]
    sections = [_section(one, asked.section) for one in judged]
    incomplete = sum(section.provisional for section in sections)
    grades = [section.grade for section in sections if not section.provisional and section.grade is not None]
    least = scale.order(asked.grade)
    reaching = sum(scale.order(grade) >= least for grade in grades)
    reached = reaching * PER_CENT >= asked.at_least * len(grades) if grades else None
    left = len(judged) - len(grades) - incomplete
    title = next(section.title for section in rubric.rubric.sections if section.id == asked.section)
    said = f"{title}: {_counted(reaching, len(grades), scale.label(asked.grade), asked.at_least, reached)}"
    said += f". Not applicable in {left}" if left and grades else ""
    said += f". Left out, because not complete: {incomplete}" if incomplete else ""
    return Share(
        asked.section, asked.grade, asked.at_least, reaching, len(grades), left, incomplete, reached, f"{said}."
    )


def _section(judged: Judgement, name: str) -> SectionCounts:
    return next(section for section in judged.sections if section.id == name)


def _counted(reaching: int, applies: int, grade: str, at_least: int, reached: bool | None) -> str:
    if reached is None:
        return "it applies to none of these audits whose grade can be said, so there is no share"
    tenths = reaching * PER_CENT * 10 // applies  # rounded down: what is not reached must not read as if it were
    share = f"{reaching} of {applies} audits to which it applies are {grade} ({tenths // 10}.{tenths % 10}%)"
    return f"{share}; at least {at_least}% asked: {'reached' if reached else 'not reached'}"
