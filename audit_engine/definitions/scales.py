"""Scales: an ordered set of grades, worst first, so that a grade's order counts upwards from 0."""

from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.reading import Definition, Identifier, Label, Sentence, Version, repeated
from audit_engine.definitions.sources import Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

NO_GRADE = "none"
"""In conditions, the grade of a criterion that is not expected or could not be told. No scale may use the word."""
RESERVED = {
    NO_GRADE: "It stands for a criterion without a grade.",
    "below_good": "Conditions count with it: count.below_good.",
    "expected": "Conditions count with it: count.expected.",
}


class Grade(Definition):
    """One grade of a scale."""

    id: Identifier
    label: Label
    means: Sentence


class Scale(Definition):
    """An ordered set of two to nine grades (nine digits reach them on the keyboard)."""

    scale: Identifier
    version: Version
    title: Label
    grades: Annotated[tuple[Grade, ...], Field(min_length=2, max_length=9)]
    """Worst first."""
    good_or_better: Annotated[tuple[Identifier, ...], Field(min_length=1)]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The grades' ids, worst first."""
        return tuple(grade.id for grade in self.grades)

    def order(self, grade: str) -> int:
        """The place of a grade on the scale, worst 0. Raises ValueError when it has none."""
        return self.ids.index(grade)

    def label(self, grade: str) -> str:
        """What people call a grade."""
        return self.grades[self.order(grade)].label


def scale_problems(source: Source, scale: Scale) -> list[Problem]:
    """Repeated grades, and good-or-better grades that are not the top of the scale."""
    problems = repeated(source, [(("grades", n, "id"), g.id) for n, g in enumerate(scale.grades)], "D016", "grade")
    problems += [
        source.problem(("grades", n, "id"), "D019", f"no grade may be called '{g.id}'", RESERVED[g.id])
        for n, g in enumerate(scale.grades)
        if g.id in RESERVED
    ]
    unknown = [(n, g) for n, g in enumerate(scale.good_or_better) if g not in scale.ids]
    problems += [
        source.problem(("good_or_better", n), "D018", f"there is no grade '{g}' on this scale", offered(g, scale.ids))
        for n, g in unknown
    ]
    top = scale.ids[len(scale.ids) - len(scale.good_or_better) :]
    if not problems and set(scale.good_or_better) != set(top):
        problems.append(
            source.problem(
                ("good_or_better",),
                "D019",
                "the good-or-better grades must be the best of the scale, with none left out",
                f"Grades are written worst first; the top of this scale is: {', '.join(top)}.",
            )
        )
    return problems
