"""A slow model of grading: what a complete audit comes to, counted one by one."""

from collections.abc import Mapping
from fractions import Fraction

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.roll_ups import Points, ReadRollUp
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.applicability import Applied
from audit_engine.engine.grading import Override
from audit_engine.engine.limiting import in_order_of_weight
from audit_engine.engine.ratings import EXPECTED


def plain_values(rubric: ReadRubric, state: Applied, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Every name of a complete audit, counted one by one, without looking at how the engine counts."""
    grades = {c: r.grade for c, r in state.ratings.items() if r.applicability == EXPECTED and r.grade}
    values: dict[str, Value] = dict(facts)
    among = [c for s in rubric.rubric.sections if s.counts for c in s.criteria if rubric.criteria[c].graded]
    names = {grade for c in rubric.criteria for grade in rubric.scales[c].ids} | set(rubric.scale.ids)
    for criterion, written in rubric.criteria.items():
        if written.graded:
            values[f"grade.{criterion}"] = grades.get(criterion) or "none"
        for question in (q for q in written.questions if not q.each):
            asked = state.answering.get(criterion)
            told = asked.values.get(f"answer.{question.id}") if asked else "none"
            if told is not None:
                values[f"answer.{criterion}.{question.id}"] = told
    for grade in names:
        values[f"count.{grade}"] = sum(grades.get(c) == grade for c in among)
        for tag in {tag for c in rubric.criteria.values() for tag in c.tags}:
            tagged = [c for c in among if tag in rubric.criteria[c].tags]
            values[f"tagged.{tag}.{grade}"] = sum(grades.get(c) == grade for c in tagged)
    values["count.expected"] = sum(c in grades for c in among)
    values["count.all"] = sum(c not in state.outside for c in among)
    values["count.below_good"] = sum(c in grades and grades[c] not in rubric.scales[c].good_or_better for c in among)
    return values


def plain_roll_up(rubric: ReadRubric, roll_up: ReadRollUp, values: Mapping[str, Value], own: list[str]) -> str | None:
    if roll_up.points is not None:
        return plain_points(rubric, roll_up.points, values, own)
    return next(rule.grade for rule, when in roll_up.rules if when is None or when.outcome(values).held)


def plain_points(rubric: ReadRubric, points: Points, values: Mapping[str, Value], own: list[str]) -> str | None:
    rated = {c: str(values[f"grade.{c}"]) for c in own if values[f"grade.{c}"] != "none"}
    weight = {c: points.weights.get(c, 1) for c in rated}
    most = sum(weight[c] * max(points.points[g] for g in rubric.scales[c].ids) for c in rated)
    if not most:
        return None
    share = Fraction(100 * sum(weight[c] * points.points[g] for c, g in rated.items()), most)
    held = [b for b in points.bands if b.at_least <= share and (b.below is None or share < b.below)]
    assert len(held) == 1, "bands leave nothing out and do not overlap"
    return held[0].grade


def plain_sections(rubric: ReadRubric, values: dict[str, Value]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for section in rubric.rubric.sections:
        if section.id not in rubric.roll_ups:
            continue
        own = [c for c in section.criteria if rubric.criteria[c].graded]
        grades = [(c, values[f"grade.{c}"]) for c in own if values[f"grade.{c}"] != "none"]
        here: dict[str, Value] = {
            f"here.{g}": sum(g == given for _, given in grades) for c in own for g in rubric.scales[c].ids
        }
        here["here.expected"] = len(grades)
        here["here.below_good"] = sum(given not in rubric.scales[c].good_or_better for c, given in grades)
        found[section.id] = (
            plain_roll_up(rubric, rubric.roll_ups[section.id], {**values, **here}, own) if grades else None
        )
    return found


def plain_permitted(
    rubric: ReadRubric, values: Mapping[str, Value], overrides: Mapping[str, Override]
) -> tuple[str, ...]:
    """By trying every grade against every rule that holds, one rule after the other."""
    left = list(rubric.scale.ids)
    for rule, when in in_order_of_weight(rubric.limits):
        if when.outcome(values).held is False or rule.overall is None:
            continue
        override = overrides.get(rule.id)
        if override and override.role in rule.overridable_by and override.reason.strip():
            continue
        order = {grade: n for n, grade in enumerate(rubric.scale.ids)}
        cap, floor, exact = rule.overall.at_most, rule.overall.at_least, rule.overall.exactly
        kept = [
            grade
            for grade in left
            if (cap is None or order[grade] <= order[cap])
            and (floor is None or order[grade] >= order[floor])
            and (exact is None or grade == exact)
        ]
        left = kept or left  # a rule that would leave nothing gives way
    return tuple(left)
