"""From ratings to what the overall grade may be. Pure: no database, no clock.

The order in which criteria were rated never matters, and a cap is never exceeded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.rubric import TAGS, LimitingRule, ReadRubric
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.engine.facts import as_values


@dataclass(frozen=True, slots=True)
class Rated:
    """One criterion as one person rated it. `grade` is None when expected and not recorded."""

    applicability: str
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A limiting rule that holds, or that cannot be ruled out because something is not known."""

    rule: LimitingRule
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permitted:
    """What the limiting rules leave."""

    grades: tuple[str, ...]
    """Worst first; always at least the worst."""
    bound_by: tuple[Binding, ...]


def permitted_overall(rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Any]) -> Permitted:
    """The overall grades that the limiting rules leave.

    Args:
        ratings: By criterion id. A criterion that is missing, or expected without a grade, is not known: a rule
            that cannot be decided without it binds, and names it.
        facts: The case's facts by id.
    """
    values = rating_values(rubric, ratings) | as_values(facts)
    ids = rubric.scale.ids
    highest, bound = len(ids) - 1, []
    for rule, condition in rubric.limits:
        outcome = condition.outcome(values)
        if outcome.held is False:
            continue
        bound.append(Binding(rule, outcome.unknown))
        highest = min(highest, rubric.scale.order(rule.overall.at_most))
    return Permitted(ids[: highest + 1], tuple(bound))


def rating_values(rubric: ReadRubric, ratings: Mapping[str, Rated]) -> dict[str, Value]:
    """Ratings as conditions take them: `grade.*`, `count.*`, `tagged.*`.

    A criterion that is not expected or could not be told has the grade `none`. Counts are of recorded grades:
    a count that a missing grade could still change is left out once any expected grade is missing.
    """
    values: dict[str, Value] = {}
    grades: dict[str, str] = {}
    missing: set[str] = set()
    for criterion in rubric.criteria:
        rated = ratings.get(criterion)
        if rated is None or (rated.applicability == "expected" and rated.grade is None):
            missing.add(criterion)
        elif rated.applicability == "expected" and rated.grade is not None:
            grades[criterion] = values[f"grade.{criterion}"] = rated.grade
        else:
            values[f"grade.{criterion}"] = NO_GRADE
    if not missing:
        values |= _counts(rubric, grades)
    return values | _tagged(rubric, grades, missing)


def _counts(rubric: ReadRubric, grades: Mapping[str, str]) -> dict[str, Value]:
    counts: dict[str, Value] = {
        f"count.{grade}": sum(g == grade for g in grades.values()) for grade in rubric.scale.ids
    }
    counts["count.expected"] = len(grades)
    counts["count.below_good"] = sum(g not in rubric.scale.good_or_better for g in grades.values())
    return counts


def _tagged(rubric: ReadRubric, grades: Mapping[str, str], missing: set[str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for tag in TAGS:
        tagged = {criterion for criterion, written in rubric.criteria.items() if tag in written.tags}
        if tagged & missing:
            continue
        for grade in rubric.scale.ids:
            values[f"tagged.{tag}.{grade}"] = sum(grades.get(criterion) == grade for criterion in tagged)
    return values
