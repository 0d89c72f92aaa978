"""Mappings between scales: which grade of one stands for which of the other, and which stands for none."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.reading import Definition, Identifier, Label, Sentence, Version, as_one_of, repeated
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

IDENTICAL, MAPPED, INCOMPARABLE = "identical", "mapped", "incomparable"


class MappedGrade(Definition):
    """What one grade of the scale mapped from becomes."""

    grade: Identifier
    how: Annotated[str, as_one_of((IDENTICAL, MAPPED, INCOMPARABLE)), Field(alias="is")]
    to: Identifier | None = None
    because: Sentence | None = None


class ScaleMapping(Definition):
    """How grades of one scale are read on another."""

    mapping: Identifier
    version: Version
    title: Label
    source: Annotated[Identifier, Field(alias="from")]
    target: Annotated[Identifier, Field(alias="to")]
    grades: Annotated[tuple[MappedGrade, ...], Field(min_length=2, max_length=9)]

    @cached_property
    def by_grade(self) -> dict[str, MappedGrade]:
        """Every grade of the scale mapped from, with what it becomes."""
        return {one.grade: one for one in self.grades}

    @property
    def unbroken(self) -> bool:
        """Whether figures of both scales may stand in one line: every grade is identical."""
        return all(one.how == IDENTICAL for one in self.grades)


def mapping_problems(source: Source, mapping: ScaleMapping, scales: Mapping[str, Scale]) -> list[Problem]:
    """Unknown scales and grades, grades left out, decisions without a reason, an order turned round."""
    problems = [
        source.problem((key,), "D018", f"there is no scale called '{name}'", offered(name, scales))
        for key, name in (("from", mapping.source), ("to", mapping.target))
        if name not in scales
    ]
    if not problems and mapping.source == mapping.target:
        problems.append(source.problem(("to",), "D106", "a scale needs no mapping to itself", "Name another scale."))
    if problems:
        return problems
    old, new = scales[mapping.source], scales[mapping.target]
    places = [(("grades", n, "grade"), one.grade) for n, one in enumerate(mapping.grades)]
    problems += repeated(source, places, "D016", "grade")
    for n, one in enumerate(mapping.grades):
        problems += _grade_problems(source, ("grades", n), one, old, new)
    for grade in old.ids:
        if grade not in mapping.by_grade:
            message = f"nothing is said of the grade '{grade}'"
            problems.append(source.problem(("grades",), "D106", message, "Add it, be it as incomparable."))
    return problems or list(_turned_round(source, mapping, old, new))


def _grade_problems(source: Source, route: Route, one: MappedGrade, old: Scale, new: Scale) -> Iterator[Problem]:
    if one.grade not in old.ids:
        message = f"there is no grade '{one.grade}' on the scale '{old.scale}'"
        yield source.problem((*route, "grade"), "D018", message, offered(one.grade, old.ids))
    if one.how == INCOMPARABLE:
        if one.to is not None:
            message = "what is incomparable has no grade on the other scale"
            yield source.problem((*route, "to"), "D106", message, "Delete it, or write 'is: mapped'.", key=True)
    elif one.to is None:
        message = f"nothing says what '{one.grade}' becomes"
        yield source.problem(route, "D106", message, f"Add 'to: ...', one of {', '.join(new.ids)}.")
    elif one.to not in new.ids:
        message = f"there is no grade '{one.to}' on the scale '{new.scale}'"
        yield source.problem((*route, "to"), "D018", message, offered(one.to, new.ids))
    if one.how != IDENTICAL and one.because is None:
        message = f"'{one.grade}' is {one.how}, which somebody decided for a reason"
        yield source.problem(route, "D106", message, "Add 'because: ...'.")


def _turned_round(source: Source, mapping: ScaleMapping, old: Scale, new: Scale) -> Iterator[Problem]:
    highest, through = -1, ""
    for grade in old.ids:
        one = mapping.by_grade[grade]
        if one.to is None:
            continue
        order = new.order(one.to)
        if order < highest:
            n = mapping.grades.index(one)
            message = f"'{grade}' is better than '{through}', and would become a worse grade"
            yield source.problem(("grades", n, "to"), "D106", message, "A mapping keeps the order of both scales.")
        if order >= highest:
            highest, through = order, grade
