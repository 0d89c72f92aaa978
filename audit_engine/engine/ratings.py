"""Ratings as conditions take them: known values, and the bounds of what is not known yet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from audit_engine.definitions.answers import Answer
from audit_engine.definitions.conditions import Condition, Outcome, Value
from audit_engine.definitions.outcomes import BOTH, Range, Whole, possible, range_at
from audit_engine.definitions.rubric import ReadRubric, rubric_names
from audit_engine.definitions.rubric_rules import names_and_ranges
from audit_engine.definitions.scales import NO_GRADE

EXPECTED, CANNOT_TELL = "expected", "cannot_tell"
BY_RULE, BY_JUDGEMENT = "not_expected_by_rule", "not_expected_by_judgement"


@dataclass(frozen=True, slots=True)
class Rated:
    """One criterion as one person rated it. `grade` is None when expected and not recorded."""

    applicability: str
    grade: str | None = None
    reason: str | None = None
    """Why it is not expected by judgement, or why it cannot be told: an id."""
    evidence: str | None = None
    impact: str | None = None
    note: str | None = None
    pointer: str | None = None


def rated_as_answered(answer: Answer) -> Rated:
    """An answer from a file as a rating; without a grade it waits for one."""
    if answer.not_expected is not None:
        return Rated(BY_JUDGEMENT, None, answer.reason, note=answer.note, pointer=answer.pointer)
    if answer.cannot_tell is not None:
        return Rated(CANNOT_TELL, None, answer.cannot_tell, note=answer.note, pointer=answer.pointer)
    return Rated(EXPECTED, answer.grade, None, answer.evidence, answer.impact, answer.note, answer.pointer)


def rating_values(rubric: ReadRubric, ratings: Mapping[str, Rated]) -> dict[str, Value]:
    """Ratings as conditions take them: `grade.*`, `count.*`, `tagged.*`.

    A criterion that is not expected or could not be told has the grade `none`. Counts are of recorded grades:
    a count that a missing grade could still change is left out once any expected grade is missing.
    """
    grades, missing = recorded_grades(rubric, ratings)
    values: dict[str, Value] = {
        f"grade.{criterion}": grades.get(criterion, NO_GRADE)
        for criterion in rubric.criteria
        if criterion not in missing
    }
    if not missing:
        values |= _counts(rubric, grades)
    return values | _tagged(rubric, grades, missing)


def recorded_grades(rubric: ReadRubric, ratings: Mapping[str, Rated]) -> tuple[dict[str, str], set[str]]:
    """The grades by criterion, and the criteria that are expected, or not rated at all, and have no grade."""
    grades: dict[str, str] = {}
    missing: set[str] = set()
    for criterion in rubric.criteria:
        rated = ratings.get(criterion)
        if rated is None or (rated.applicability == EXPECTED and rated.grade is None):
            missing.add(criterion)
        elif rated.applicability == EXPECTED and rated.grade is not None:
            grades[criterion] = rated.grade
    return grades, missing


class RatedCase:
    """Ratings and facts as conditions take them, worked out once for many conditions."""

    def __init__(self, rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Value]) -> None:
        """`facts` as conditions take them, `facts.<id>`."""
        self._rubric, self._ratings = rubric, ratings
        self._values = {**rating_values(rubric, ratings), **facts}

    def outcome_of(self, condition: Condition) -> Outcome:
        """Whether the condition holds; not known only when what is missing could still change it.

        One inadequate grade makes `count.inadequate > 0` true however the missing criteria turn out.
        """
        outcome = condition.outcome(self._values)
        if outcome.held is not None or all(name in self._values for name in outcome.unknown):
            return outcome
        outcomes = possible(condition, _ranges(self._rubric, self._ratings, self._values))
        return outcome if outcomes == BOTH else Outcome(True in outcomes)


def _ranges(rubric: ReadRubric, ratings: Mapping[str, Rated], values: Mapping[str, Value]) -> dict[str, Range]:
    """What every name may be: itself where known, and for a count what is recorded plus what is missing."""
    grades, missing = recorded_grades(rubric, ratings)
    ranges = names_and_ranges(rubric_names(rubric), {c: written.tags for c, written in rubric.criteria.items()})
    for name, counted in _counts(rubric, grades).items():
        ranges[name] = Whole(counted, counted + len(missing))
    for name, counted in _tagged(rubric, grades, set()).items():
        tag = name.split(".")[1]
        ranges[name] = Whole(counted, counted + sum(tag in rubric.criteria[c].tags for c in missing))
    return ranges | {name: range_at(value) for name, value in values.items()}


def _counts(rubric: ReadRubric, grades: Mapping[str, str]) -> dict[str, int]:
    counted = Counter(grades.values())
    counts = {f"count.{grade}": counted[grade] for grade in rubric.scale.ids}
    counts["count.expected"] = len(grades)
    counts["count.below_good"] = len(grades) - sum(counted[grade] for grade in rubric.scale.good_or_better)
    return counts


def _tagged(rubric: ReadRubric, grades: Mapping[str, str], missing: set[str]) -> dict[str, int]:
    values: dict[str, int] = {}
    for tag, tagged in rubric.tagged.items():
        if tagged & missing:
            continue
        counted = Counter(grades.get(criterion) for criterion in tagged)
        for grade in rubric.scale.ids:
            values[f"tagged.{tag}.{grade}"] = counted[grade]
    return values
