"""Ratings and facts as conditions take them: known values, and the bounds of what is not known yet."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from audit_engine.definitions.conditions import Condition, Outcome, Value
from audit_engine.definitions.outcomes import BOTH, Range, Whole, possible, range_at
from audit_engine.definitions.questions import NOT_ASKED
from audit_engine.definitions.roll_ups import ALL, Points, ReadRollUp
from audit_engine.definitions.rubric import ReadRubric, Section
from audit_engine.definitions.rubric_names import expected_ranges
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.engine.answered import Answering
from audit_engine.engine.ratings import Rated, recorded_grades

_NOTHING = "Nothing in this section applies."
Deciding = Callable[[Condition], Outcome]


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a roll-up comes to: a grade and why, or what is not known for it."""

    grade: str | None
    because: str
    unknown: tuple[str, ...] = ()


def rating_values(rubric: ReadRubric, ratings: Mapping[str, Rated], outside: Collection[str] = ()) -> dict[str, Value]:
    """Ratings as conditions take them: `grade.*`, `count.*`, `tagged.*`.

    A criterion that is not expected or could not be told has the grade `none`. Counts are of recorded grades:
    a count that a missing grade could still change is left out once any expected grade is missing.

    Args:
        outside: Criteria of sections that are not for this work; `count.all` leaves them out.
    """
    grades, missing = recorded_grades(rubric, ratings)
    values: dict[str, Value] = {
        f"grade.{criterion}": grades.get(criterion, NO_GRADE)
        for criterion in rubric.named.graded
        if criterion not in missing
    }
    counted = rubric.named.counted
    if not missing & counted.keys():
        values |= _counts(rubric, "count", _among(counted, grades))
    values["count.all"] = sum(c not in outside for c in counted)
    return values | _tagged(rubric, grades, missing)


class RatedCase:
    """Ratings and facts as conditions take them, worked out once for many conditions."""

    def __init__(
        self, rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Value],
        answering: Mapping[str, Answering] | None = None, outside: Collection[str] = (),
    ) -> None:  # fmt: skip
        """`facts` as conditions take them, `facts.<id>`; `answering` by criterion; `outside` as in rating_values."""
        self._rubric, self._ratings = rubric, ratings
        self._grades, self._missing = recorded_grades(rubric, ratings)
        self._values = {**rating_values(rubric, ratings, outside), **facts, **self._answers(answering or {})}
        self._open: dict[str, Range] | None = None
        self.sections = {section.id: self._section(section) for section in rubric.rubric.sections}
        """By id, of the sections with a grade of their own."""
        for name, rolled in self.sections.items():
            if name in rubric.roll_ups and not rolled.unknown:
                self._values[f"section.{name}"] = rolled.grade or NO_GRADE

    def _answers(self, answering: Mapping[str, Answering]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for criterion in self._rubric.questions:
            asked = answering.get(criterion)
            if asked is None:
                once = (q for q in self._rubric.criteria[criterion].questions if not q.each)
                values |= {f"answer.{criterion}.{question.id}": NOT_ASKED for question in once}
            else:
                prefix = f"answer.{criterion}."
                values |= {prefix + name.removeprefix("answer."): given for name, given in asked.values.items()}
        return values

    def outcome_of(self, condition: Condition) -> Outcome:
        """Whether the condition holds; not known only when what is missing could still change it.

        One inadequate grade makes `count.inadequate > 0` true however the missing criteria turn out.
        """
        outcome = condition.outcome(self._values)
        if outcome.held is not None or all(name in self._values for name in outcome.unknown):
            return outcome
        if self._open is None:
            self._open = _ranges(self._rubric, self._grades, self._missing, self._values)
        outcomes = possible(condition, self._open)
        return outcome if outcomes == BOTH else Outcome(True in outcomes)

    def overall(self, roll_up: ReadRollUp) -> Rolled:
        """What the rubric suggests for the whole, before any limiting rule."""
        graded = list(self._rubric.named.counted)
        if (points := roll_up.points) is not None:
            return _by_points(self._rubric, points, self._grades, [c for c in graded if c in self._missing], graded)
        return _by_rules(roll_up, self.outcome_of)

    def _section(self, section: Section) -> Rolled:
        roll_up = self._rubric.roll_ups.get(section.id)
        own = [c for c in section.criteria if c in self._rubric.named.graded]
        missing = [c for c in own if c in self._missing]
        if roll_up is None:
            return Rolled(None, "")
        if not any(c in self._grades for c in own):
            # While nothing is graded, all that waits may still turn out not to be expected.
            return Rolled(None, "", tuple(f"grade.{c}" for c in missing)) if missing else Rolled(None, _NOTHING)
        if roll_up.points is not None:
            return _by_points(self._rubric, roll_up.points, self._grades, missing, own)
        grades = {c: self._grades[c] for c in own if c in self._grades}
        counts = _counts(self._rubric, "here", grades)
        values = {**self._values, **(counts if not missing else {})}
        ranges = expected_ranges(self._rubric.named, own)
        ranges |= {name: Whole(counted, counted + len(missing)) for name, counted in counts.items() if name in ranges}
        ranges |= {name: range_at(value) for name, value in values.items()}

        def outcome_of(condition: Condition) -> Outcome:
            outcome = condition.outcome(values)
            if outcome.held is not None or not missing:
                return outcome
            outcomes = possible(condition, ranges)
            return outcome if outcomes == BOTH else Outcome(True in outcomes)

        rolled = _by_rules(roll_up, outcome_of)
        if not rolled.unknown:
            return rolled
        return Rolled(None, "", tuple(f"grade.{c}" for c in missing) or rolled.unknown)


def _by_rules(roll_up: ReadRollUp, outcome_of: Deciding) -> Rolled:
    for rule, condition in roll_up.rules:
        outcome = outcome_of(condition) if condition else None
        if outcome is not None and outcome.held is None:
            return Rolled(None, "", outcome.unknown)
        if outcome is None or outcome.held:
            return Rolled(rule.grade, rule.because)
    raise AssertionError("a roll-up without a last resort was read")


def _by_points(
    rubric: ReadRubric, points: Points, grades: Mapping[str, str], missing: Iterable[str], counted: Iterable[str]
) -> Rolled:
    """The band of the points reached, in exact per cent of those that could be."""
    if waiting := tuple(f"grade.{c}" for c in missing):
        return Rolled(None, "", waiting)
    reached = possible_points = 0
    for criterion in counted:
        if criterion not in grades:
            continue
        weight = points.weights.get(criterion, 1)
        reached += weight * points.points[grades[criterion]]
        possible_points += weight * max(points.points[grade] for grade in rubric.scales[criterion].ids)
    if not possible_points:
        return Rolled(None, "No criterion that could reach points applies.")
    share = Fraction(ALL * reached, possible_points)
    for band in points.bands:
        if share < (band.below if band.below is not None else ALL + 1):
            because = f"{reached} of {possible_points} points. {band.because}"
            return Rolled(band.grade, because)
    raise AssertionError("bands that leave something out were read")


def _ranges(
    rubric: ReadRubric, grades: Mapping[str, str], missing: set[str], values: Mapping[str, Value]
) -> dict[str, Range]:
    """What every name may be: itself where known, and for a count what is recorded plus what is missing."""
    ranges = dict(rubric.named.ranges)
    open_yet = len(missing & rubric.named.counted.keys())
    for name, counted in _counts(rubric, "count", _among(rubric.named.counted, grades)).items():
        ranges[name] = Whole(counted, counted + open_yet)
    for name, counted in _tagged(rubric, grades, set()).items():
        tag = name.split(".")[1]
        ranges[name] = Whole(counted, counted + sum(tag in rubric.criteria[c].tags for c in missing))
    return ranges | {name: range_at(value) for name, value in values.items()}


def _among(counted: Collection[str], grades: Mapping[str, str]) -> dict[str, str]:
    return {criterion: grade for criterion, grade in grades.items() if criterion in counted}


def _counts(rubric: ReadRubric, prefix: str, grades: Mapping[str, str]) -> dict[str, int]:
    counted = Counter(grades.values())
    counts = {f"{prefix}.{grade}": counted[grade] for grade in rubric.named.grades}
    counts[f"{prefix}.expected"] = len(grades)
    counts[f"{prefix}.below_good"] = sum(is_below_good(rubric, c, grade) for c, grade in grades.items())
    return counts


def is_below_good(rubric: ReadRubric, criterion: str, grade: str) -> bool:
    """Whether a criterion's grade is none of its scale's good-or-better ones."""
    return grade not in rubric.scales[criterion].good_or_better


def _tagged(rubric: ReadRubric, grades: Mapping[str, str], missing: set[str]) -> dict[str, int]:
    values: dict[str, int] = {}
    for tag, tagged in rubric.tagged.items():
        if tagged & missing:
            continue
        counted = [grades[criterion] for criterion in tagged if criterion in grades]
        for grade in rubric.named.grades:
            values[f"tagged.{tag}.{grade}"] = counted.count(grade)
    return values
