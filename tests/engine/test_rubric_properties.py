"""What holds of every shipped and example rubric, whatever is rated."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from audit_engine.definitions.conditions import Value
from audit_engine.engine.answered import answering
from audit_engine.engine.applicability import applied
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import Override
from audit_engine.engine.in_force import in_force
from audit_engine.engine.limiting import in_order_of_weight
from audit_engine.engine.ratings import BY_JUDGEMENT, BY_RULE, CANNOT_TELL, EXPECTED, Rated
from tests.engine.drawn_audits import RUBRICS, SOME, Chosen, every_rubric, seeds
from tests.engine.slow_model import plain_values


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
