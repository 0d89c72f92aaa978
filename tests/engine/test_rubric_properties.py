"""What holds of every shipped and example rubric, whatever is rated, held against a slow model of it."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_engine.definitions.catalogue import load_rubric, shipped_folder
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.criteria import CANNOT_TELL_REASONS, Criterion
from audit_engine.definitions.facts import Fact
from audit_engine.definitions.roll_ups import Points, ReadRollUp
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.answered import answering
from audit_engine.engine.applicability import Applied, applied
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import Judgement, Override, judgement
from audit_engine.engine.in_force import Practice, in_force
from audit_engine.engine.limiting import in_order_of_weight
from audit_engine.engine.ratings import BY_JUDGEMENT, BY_RULE, CANNOT_TELL, EXPECTED, Rated
from tests.engine.conftest import shipped

EXAMPLES = sorted((shipped_folder() / "rubrics" / "examples").glob("*.yaml"))
RUBRICS: dict[str, ReadRubric] = {
    **shipped().rubrics, **{f"examples/{file.stem}": load_rubric(file) for file in EXAMPLES},
}  # fmt: skip
NAMES = sorted(RUBRICS)
SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
every_rubric = pytest.mark.parametrize("name", NAMES)
seeds = st.integers(0, 2**32 - 1)


class Chosen:
    """One audit drawn from a seed: facts, some of them unknown; ratings, some of them missing; days; overrides."""

    def __init__(self, rubric: ReadRubric, seed: int, missing: float = 0.2) -> None:
        self.rubric, self.draw = rubric, random.Random(seed)  # noqa: S311 - drawn from a seed, not for secrecy
        self.missing = missing
        self.facts = {fact.id: self.fact(fact) for fact in rubric.codebook.facts if self.draw.random() < 0.7}
        first = date(2024, 6, 1) + timedelta(days=self.draw.randrange(900))
        self.practice = self.draw.choice(
            (Practice(), Practice(first), Practice(first, first + timedelta(days=self.draw.randrange(300))))
        )
        self.ratings = {name: self.rating(criterion) for name, criterion in rubric.criteria.items()}

    def fact(self, fact: Fact) -> Any:
        words = [word.id for word in fact.words]
        if fact.type == "words":
            return tuple(self.draw.sample(words, self.draw.randrange(len(words) + 1)))
        if fact.type == "word":
            return self.draw.choice(words)
        return self.draw.random() < 0.5 if fact.type == "yes_no" else self.draw.randrange(60)

    def rating(self, criterion: Criterion) -> Rated:
        if self.draw.random() < self.missing:
            return Rated(EXPECTED)
        if criterion.not_expected_reasons and self.draw.random() < 0.1:
            return Rated(BY_JUDGEMENT, reason=criterion.not_expected_reasons[0].id)
        return (
            Rated(CANNOT_TELL, reason=next(iter(CANNOT_TELL_REASONS)))
            if self.draw.random() < 0.05
            else self.full(criterion)
        )

    def full(self, criterion: Criterion) -> Rated:
        asked = {q.id: self.draw.choice(q.words) for q in criterion.questions if not q.each}
        members = {
            f"member {n}": {q.id: self.draw.choice(q.words) for q in criterion.questions if q.each}
            for n in range(self.draw.randint(1, 3) if criterion.repeat else 0)
        }
        grade = self.draw.choice(self.rubric.scales[criterion.id].ids) if criterion.graded else None
        evidence, impact = ("found", "yes") if criterion.ladder else (None, None)
        return Rated(EXPECTED, grade, None, evidence, impact, answers=asked, members=members)

    def judged(self, ratings: Mapping[str, Rated] | None = None, **others: Any) -> Judgement:
        given = self.ratings if ratings is None else ratings
        return judgement(self.rubric, given, self.facts, **{"practice": self.practice, **others})


# --- the slow model -----------------------------------------------------------------------------------------------


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


@every_rubric
@SOME
@given(seed=seeds, overriding=st.booleans())
def test_a_complete_audit_comes_to_what_the_slow_model_says(name: str, seed: int, overriding: bool) -> None:
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing=0)
    roles = ("auditor", "head_of_practice", "quality_lead")
    overrides = (
        {
            rule.id: Override(case.draw.choice(roles), case.draw.choice(("", "Seen and weighed.")))
            for rule, _ in rubric.limits
        }
        if overriding
        else {}
    )
    judged = case.judged(overrides=overrides)
    state = applied(rubric, case.ratings, as_values(case.facts), case.practice)
    if any("grade" in m.lacks for m in judged.missing):
        return  # a taken grade that does not follow yet: not complete
    values = plain_values(rubric, state, as_values(case.facts))

    sections = plain_sections(rubric, values)
    values |= {f"section.{section}": grade or "none" for section, grade in sections.items()}

    assert {s.id: s.grade for s in judged.sections if s.rolls_up} == sections
    if rubric.overall is None:
        assert (judged.permitted, judged.suggested) == ((), None)
        return
    assert judged.permitted == plain_permitted(rubric, values, overrides)
    own = list(rubric.named.counted)
    rolled = plain_roll_up(rubric, rubric.overall, values, own)
    if judged.suggested is not None:
        order = rubric.scale.order
        nearest = min(judged.permitted, key=lambda grade: abs(order(grade) - order(str(rolled))))
        assert judged.suggested == nearest


# --- what holds of every audit, complete or not -------------------------------------------------------------------


@every_rubric
@SOME
@given(seed=seeds, missing=st.sampled_from((0.0, 0.3, 1.0)))
def test_no_limit_is_passed(name: str, seed: int, missing: float) -> None:
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing)

    for chosen in rubric.scale.ids:
        judged = case.judged(chosen=chosen)
        assert judged.overall in (*judged.permitted, None)
        assert judged.suggested in (*judged.permitted, None)
        assert (judged.overall is None) == bool(judged.refused) == (chosen not in judged.permitted)
        assert bool(judged.permitted) == (rubric.overall is not None)


@every_rubric
@SOME
@given(seed=seeds)
def test_the_order_in_which_things_were_rated_does_not_matter(name: str, seed: int) -> None:
    case = Chosen(RUBRICS[name], seed)
    turned = list(case.ratings)
    case.draw.shuffle(turned)

    assert case.judged({criterion: case.ratings[criterion] for criterion in turned}) == case.judged()


@every_rubric
@SOME
@given(seed=seeds)
def test_who_may_not_override_changes_nothing(name: str, seed: int) -> None:
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed)
    overrides = {
        rule.id: Override("auditor", "I would rather.")
        for rule, _ in rubric.limits
        if "auditor" not in rule.overridable_by
    }
    blank = {rule.id: Override(rule.overridable_by[0], "  ") for rule, _ in rubric.limits if rule.overridable_by}

    assert case.judged(overrides=overrides) == case.judged(overrides=blank) == case.judged()


def _counts(values: Mapping[str, Value]) -> dict[str, int]:
    return {name: n for name, n in values.items() if name.startswith(("count.", "tagged.")) and isinstance(n, int)}


@every_rubric
@SOME
@given(seed=seeds)
def test_setting_one_criterion_aside_leaves_the_rest_as_it_was(name: str, seed: int) -> None:
    """Other criteria keep their state, other sections their counts and grade; counts lose that one grade alone."""
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed)
    aside = case.draw.choice(list(rubric.criteria))
    reasons = rubric.criteria[aside].not_expected_reasons
    set_aside = Rated(BY_JUDGEMENT, reason=reasons[0].id) if reasons else Rated(CANNOT_TELL, reason="system_gap")
    facts = as_values(case.facts)

    before = applied(rubric, case.ratings, facts, case.practice)
    after = applied(rubric, case.ratings | {aside: set_aside}, facts, case.practice)
    first, second = case.judged(), case.judged(case.ratings | {aside: set_aside})

    assert before.outside == after.outside
    assert {c: r for c, r in before.ratings.items() if c != aside} == {
        c: r for c, r in after.ratings.items() if c != aside
    }
    home = rubric.section_of[aside].id
    others = ([s for s in one.sections if s.id != home] for one in (first, second))
    assert next(others) == next(others)
    given, lost = _counts(plain_values(rubric, before, facts)), _counts(plain_values(rubric, after, facts))
    changed = {n for n in given if given[n] != lost[n]}
    grade = before.ratings[aside].grade
    assert all(lost[n] == given[n] - 1 for n in changed)
    assert {n for n in changed if n.startswith("count.")} <= {f"count.{grade}", "count.expected", "count.below_good"}


@every_rubric
@SOME
@given(seed=seeds)
def test_more_said_of_a_criterion_never_makes_it_not_expected(name: str, seed: int) -> None:
    """A rating outweighs the facts, never the days of the work: nobody is graded by a policy not in force."""
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing=0.5)
    facts = as_values(case.facts)
    before = applied(rubric, case.ratings, facts, case.practice).ratings
    for criterion, written in rubric.criteria.items():
        full = case.full(written)
        after = applied(rubric, case.ratings | {criterion: full}, facts, case.practice).ratings[criterion]
        parts = (written, rubric.section_of[criterion])
        barred = any(in_force(part.in_force, case.practice).held is False for part in parts)
        assert after.applicability == (BY_RULE if barred else EXPECTED)
        assert before[criterion].applicability != EXPECTED or barred or after.applicability == EXPECTED


@every_rubric
@SOME
@given(seed=seeds)
def test_a_fact_that_becomes_known_decides_only_what_waited_for_it(name: str, seed: int) -> None:
    """What is decided while facts are unknown stays so when they are known."""
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing=1.0)
    known = as_values(case.facts)
    fewer = {fact: value for fact, value in known.items() if case.draw.random() < 0.5}
    before, after = (applied(rubric, case.ratings, facts, case.practice) for facts in (fewer, known))

    for criterion, rated in before.ratings.items():
        if rated.applicability == BY_RULE:
            assert after.ratings[criterion].applicability == BY_RULE


@every_rubric
@SOME
@given(seed=seeds)
def test_what_is_decided_with_ratings_missing_stays_when_they_come(name: str, seed: int) -> None:
    """A rule that holds goes on holding, one ruled out stays out; so what is permitted grows, unless one gave way."""
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing=0.4)
    partial = case.judged()
    waiting = {missing.criterion for missing in partial.missing}
    full = case.ratings | {
        c: case.draw.choice((case.full(one), Rated(CANNOT_TELL, reason="system_gap")))
        for c, one in rubric.criteria.items()
        if c in waiting  # what the facts make not expected does not wait; a rating there would outweigh them
    }
    complete = case.judged(full)

    certain = {bar.id for bar in partial.bound_by if bar.holds}
    assert certain <= {bar.id for bar in complete.bound_by if bar.holds}
    assert {bar.id for bar in complete.bound_by} <= {bar.id for bar in partial.bound_by}
    if not any(bar.gave_way for bar in (*partial.bound_by, *complete.bound_by)):
        assert set(partial.permitted) <= set(complete.permitted)
    known = {s.id: s.grade for s in partial.sections if s.rolls_up and s.grade is not None}
    assert known.items() <= {s.id: s.grade for s in complete.sections}.items()


@every_rubric
def test_rules_come_after_those_they_give_way_to(name: str) -> None:
    order = [rule.id for rule, _ in in_order_of_weight(RUBRICS[name].limits)]

    assert sorted(order) == sorted(rule.id for rule, _ in RUBRICS[name].limits)
    for rule, _ in RUBRICS[name].limits:
        assert all(order.index(before) < order.index(rule.id) for before in rule.gives_way_to)


@every_rubric
@SOME
@given(seed=seeds)
def test_answers_given_to_questions_not_asked_change_nothing(name: str, seed: int) -> None:
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing=0)
    facts = as_values(case.facts)
    for criterion, read in rubric.questions.items():
        written, rated = rubric.criteria[criterion], case.full(rubric.criteria[criterion])
        asked = answering(written, read, rated, facts)
        put = {q.removeprefix("answer."): str(a) for q, a in asked.values.items() if a != "none"}
        bare = Rated(EXPECTED, rated.grade, answers=put, members=rated.members)
        again = answering(written, read, bare, facts)
        assert (again.values, again.suggested, again.open) == (asked.values, asked.suggested, asked.open)


# --- days and bands, exactly at their ends ------------------------------------------------------------------------

DAY = timedelta(days=1)
WINDOWS = [
    (name, window)
    for name in NAMES
    for window in (
        *(criterion.in_force for criterion in RUBRICS[name].criteria.values()),
        *(section.in_force for section in RUBRICS[name].rubric.sections),
    )
    if window is not None
]


@pytest.mark.parametrize(("name", "window"), WINDOWS, ids=str)
def test_both_days_of_a_window_are_in_it_and_work_over_its_end_is_told(name: str, window: Any) -> None:
    for day, outside in ((window.since, -DAY), (window.until, DAY)):
        if day is None:
            continue
        assert in_force(window, Practice(day, day)).held is True
        assert in_force(window, Practice(day + outside, day + outside)).held is False
        over = in_force(window, Practice(min(day, day + outside), max(day, day + outside)))
        assert (over.held, over.straddles) == (True, True)


def test_a_share_exactly_at_the_end_of_a_band_belongs_to_the_next() -> None:
    rubric = RUBRICS["examples/banded_standard"]
    rolling = [(s, r.points) for s, r in rubric.roll_ups.items() if r.points is not None]
    everything = [*rolling, *([(None, rubric.overall.points)] if rubric.overall and rubric.overall.points else [])]
    seen = 0
    for seed in range(400):
        case = Chosen(rubric, seed, missing=0)
        judged = case.judged()
        values = plain_values(rubric, applied(rubric, case.ratings, as_values(case.facts), case.practice), {})
        for section, points in everything:
            own = [
                c for c in rubric.criteria if section in (None, rubric.section_of[c].id) and c in rubric.named.graded
            ]
            expected = plain_points(rubric, points, values, own)
            told = next((s.grade for s in judged.sections if s.id == section), None)
            seen += 1
            assert section is None or told == expected
    assert seen == 400 * len(everything)
