"""What may be graded, what is suggested, and what is still missing."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.cli import main
from audit_engine.definitions.conditions import Condition, Vocabulary, read_condition
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.sources import Source, Spot
from audit_engine.engine.grading import Judgement, Rated, demands_in_words, judgement, permitted_overall
from tests.engine.conftest import FACTS, all_rated, rated, shipped

HERE = Path(__file__).parent
QUALITY = shipped().rubric("quality_and_impact")
SCALE = QUALITY.scale.ids


# --- the grade -------------------------------------------------------------------------------------------------


def test_all_good_is_good(rubric: ReadRubric) -> None:
    judged = judgement(rubric, all_rated(rubric, "good"), FACTS, "good")

    assert (judged.suggested, judged.overall, judged.provisional) == ("good", "good", False)
    assert judged.permitted == ("inadequate", "requires_improvement", "good")
    assert [bar.id for bar in judged.bound_by] == ["L3"]
    assert (judged.missing, judged.refused, judged.needs_reason) == ((), (), False)


def test_all_outstanding_is_outstanding(rubric: ReadRubric) -> None:
    judged = judgement(rubric, all_rated(rubric, "outstanding"), FACTS, "outstanding")

    assert (judged.suggested, judged.overall, judged.bound_by) == ("outstanding", "outstanding", ())
    assert judged.permitted == SCALE


def test_exactly_half_outstanding_is_enough_and_one_less_is_not(rubric: ReadRubric) -> None:
    criteria = [c for c in rubric.criteria if c != "imp.difference"]
    for outstanding, expected in ((9, "outstanding"), (8, "good")):
        ratings = all_rated(rubric, "good", imp__difference="outstanding")
        ratings |= {criterion: rated("outstanding") for criterion in criteria[: outstanding - 1]}

        assert judgement(rubric, ratings, FACTS).suggested == expected


@pytest.mark.parametrize(("below", "expected"), [(2, "good"), (3, "requires_improvement")])
def test_three_below_good_require_improvement(rubric: ReadRubric, below: int, expected: str) -> None:
    ratings = all_rated(rubric, "good")
    ratings |= dict.fromkeys(["rec.readable", "rep.plan", "en.letters"][:below], rated("requires_improvement"))

    assert judgement(rubric, ratings, FACTS).suggested == expected


def test_an_inadequate_criterion_that_safety_depends_on_decides_and_asks_for_an_escalation(rubric: ReadRubric) -> None:
    judged = judgement(rubric, all_rated(rubric, "outstanding", safe__sexual_harm="inadequate"), FACTS, "good")

    assert (judged.suggested, judged.permitted, judged.overall) == ("inadequate", ("inadequate",), None)
    assert judged.escalates == ("safe.sexual_harm",)
    assert [reason.rule for reason in judged.refused] == ["L1", "L6"]
    assert judged.refused[0].text.startswith("Good is above Inadequate, the most that L1 leaves. ")
    assert judged.certainly_refused


def test_it_decides_even_while_everything_else_is_missing(rubric: ReadRubric) -> None:
    judged = judgement(rubric, {"safe.s16a": rated("good"), "safe.da_assessed": rated("inadequate")}, FACTS, "good")

    assert judged.suggested == "inadequate"
    assert judged.certainly_refused
    assert next(bar for bar in judged.bound_by if bar.id == "L1").holds


def test_another_inadequate_criterion_requires_improvement(rubric: ReadRubric) -> None:
    assert (
        judgement(rubric, all_rated(rubric, "good", rep__plan="inadequate"), FACTS).suggested == "requires_improvement"
    )


def test_a_suggestion_above_a_cap_is_lowered_and_says_so(rubric: ReadRubric) -> None:
    judged = judgement(rubric, all_rated(rubric, "good", safe__da_assessed="requires_improvement"), FACTS)

    assert judged.suggested == "requires_improvement"
    assert "That would be Good; the rule L4 (Domestic abuse only partly assessed) lowers it" in judged.because


def test_failed_oversight_warns_beside_what_it_permits(rubric: ReadRubric) -> None:
    ratings = all_rated(rubric, "good", ov__mgmt_oversight="inadequate")
    judged = judgement(rubric, ratings, FACTS, "requires_improvement")

    assert judged.overall == "requires_improvement"
    assert judged.warnings == ("L2 (Oversight failed): Work with failed oversight is normally inadequate.",)


def test_another_grade_than_the_suggested_needs_a_reason(rubric: ReadRubric) -> None:
    ratings = all_rated(rubric, "good")

    assert judgement(rubric, ratings, FACTS, "requires_improvement").needs_reason
    assert judgement(rubric, ratings, FACTS, "requires_improvement", " ").needs_reason
    assert not judgement(rubric, ratings, FACTS, "requires_improvement", "The plan came too late.").needs_reason
    assert not judgement(rubric, ratings, FACTS, "good").needs_reason


def test_a_grade_of_another_scale_is_refused(rubric: ReadRubric) -> None:
    judged = judgement(rubric, all_rated(rubric, "good"), FACTS, "met")

    assert judged.overall is None
    assert "There is no grade 'met'" in judged.refused[0].text


# --- what is missing, not expected, not known --------------------------------------------------------------------


def test_nothing_rated_yet_permits_the_worst_provisionally(rubric: ReadRubric) -> None:
    judged = judgement(rubric, {}, FACTS)

    assert (judged.permitted, judged.provisional, judged.suggested) == (("inadequate",), True, None)
    assert len(judged.missing) == 18
    assert {bar.holds for bar in judged.bound_by} == {False}
    assert "cannot be ruled out, because this is not known: the grade of 'Management oversight'." in " ".join(
        bar.because for bar in judged.bound_by
    )


def test_a_grade_barred_only_by_what_is_missing_is_not_certainly_refused(rubric: ReadRubric) -> None:
    judged = judgement(rubric, {"rep.plan": rated("good")}, FACTS, "requires_improvement")

    assert (judged.overall, judged.certainly_refused) == (None, False)


def test_facts_decide_what_is_expected(rubric: ReadRubric) -> None:
    judged = judgement(rubric, {}, {**FACTS, "da_disclosed": False})

    assert [(left.criterion, left.by) for left in judged.not_expected] == [("safe.da_assessed", "rule")]
    assert judged.not_expected[0].because == rubric.criteria["safe.da_assessed"].expected_in_words
    assert len(judged.missing) == 17


def test_an_unknown_fact_leaves_the_criterion_expected_with_a_warning(rubric: ReadRubric) -> None:
    facts = {name: value for name, value in FACTS.items() if name != "da_disclosed"}
    judged = judgement(rubric, all_rated(rubric, "good") | {"safe.da_assessed": Rated("expected")}, facts)

    assert [missing.criterion for missing in judged.missing] == ["safe.da_assessed"]
    assert "stays expected, because this is not known: the fact 'Domestic abuse disclosed'" in judged.warnings[0]


def test_a_rating_outweighs_the_facts_and_counts_with_a_warning(rubric: ReadRubric) -> None:
    judged = judgement(
        rubric, all_rated(rubric, "good", safe__da_assessed="inadequate"), {**FACTS, "da_disclosed": False}
    )

    assert judged.suggested == "inadequate"
    assert "'Domestic abuse assessed' was rated although the facts make it not expected" in judged.warnings[0]
    assert judged.not_expected == ()


def test_judged_not_expected_needs_a_reason_of_the_list(rubric: ReadRubric) -> None:
    ratings = all_rated(rubric, "good")
    for reason, missing in (("plan_not_yet_due", []), ("because_i_say_so", ["rep.plan"]), (None, ["rep.plan"])):
        judged = judgement(rubric, ratings | {"rep.plan": Rated("not_expected_by_judgement", reason=reason)}, FACTS)

        assert [m.criterion for m in judged.missing] == missing
        assert [left.by for left in judged.not_expected] == ([] if missing else ["judgement"])


def test_what_could_not_be_told_is_neither_expected_nor_not(rubric: ReadRubric) -> None:
    judged = judgement(
        rubric, all_rated(rubric, "good") | {"heard.seen": Rated("cannot_tell", reason="system_gap")}, FACTS
    )
    heard = next(section for section in judged.sections if section.id == "heard")

    assert (heard.expected, heard.cannot_tell, heard.not_expected, heard.missing) == (2, 1, 0, 0)
    assert [left.criterion for left in judged.cannot_tell] == ["heard.seen"]
    assert not judged.provisional


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        (Rated("expected", "good", evidence="found"), ("impact",)),
        (Rated("expected", "good"), ("evidence", "impact")),
        (Rated("expected", None, evidence="not_found", impact="no"), ("grade",)),
        (Rated("expected", "good", evidence="found", impact="cannot_tell"), ()),
    ],
)
def test_a_ladder_has_three_answers(rubric: ReadRubric, answer: Rated, lacks: tuple[str, ...]) -> None:
    judged = judgement(rubric, all_rated(rubric, "good") | {"ov.supervision": answer}, FACTS)

    assert [m.lacks for m in judged.missing] == ([lacks] if lacks else [])
    assert ("'Situational supervision' still needs" in " ".join(judged.warnings)) is bool(lacks)


def test_nothing_expected_suggests_nothing() -> None:
    rubric = shipped().rubric("management_oversight")
    ratings = {"so.followup": Rated("not_expected_by_judgement", reason="first_session")}
    judged = judgement(rubric, ratings, {"oversight_points": (), "filing_made": False})

    assert (judged.suggested, judged.because) == (None, "No criterion was graded, so no grade is suggested.")
    assert judged.missing == ()


def test_a_note_and_a_pointer_are_asked_for_where_the_rubric_demands_them(rubric: ReadRubric) -> None:
    bare = {"rep.plan": "outstanding", "rep.advice": "requires_improvement", "rec.readable": "good"}
    ratings = all_rated(rubric, "good") | {c: Rated("expected", grade, note=" ") for c, grade in bare.items()}
    judged = judgement(rubric, ratings, FACTS)

    assert judged.without_evidence == ("rep.plan",)
    assert judged.without_note == ("rep.plan", "rep.advice")
    assert demands_in_words(rubric, judged) == [
        "The grade given demands a note: 'Child Plan is live' and 'Advice to the court'.",
        "The grade given demands a pointer to the evidence: 'Child Plan is live'.",
    ]


def test_sections_count_every_grade_and_name_the_worst(rubric: ReadRubric) -> None:
    judged = judgement(rubric, all_rated(rubric, "good", heard__seen="requires_improvement"), FACTS)
    heard = next(section for section in judged.sections if section.id == "heard")

    assert dict(heard.grades) == {"inadequate": 0, "requires_improvement": 1, "good": 2, "outstanding": 0}
    assert (heard.expected, heard.worst) == (3, "requires_improvement")


# --- what holds for all of them ----------------------------------------------------------------------------------

ANSWERS = st.one_of(
    st.sampled_from(SCALE).map(rated),
    st.just(Rated("expected")),
    st.just(Rated("cannot_tell", reason="record_withheld")),
    st.just(Rated("not_expected_by_rule")),
)
RATINGS = st.dictionaries(st.sampled_from(sorted(QUALITY.criteria)), ANSWERS)
KNOWN = st.sets(st.sampled_from(sorted(FACTS))).map(lambda names: {name: FACTS[name] for name in names})
GRADED = st.fixed_dictionaries({criterion: st.sampled_from(SCALE) for criterion in QUALITY.criteria})


@settings(max_examples=150, deadline=None)
@given(RATINGS, KNOWN, st.none() | st.sampled_from(SCALE))
def test_no_cap_is_ever_exceeded_and_the_worst_grade_is_always_permitted(
    ratings: dict[str, Rated], facts: dict[str, object], chosen: str | None
) -> None:
    judged = judgement(QUALITY, ratings, facts, chosen)
    order = QUALITY.scale.order

    assert judged.permitted[0] == SCALE[0]
    assert judged.permitted == SCALE[: len(judged.permitted)]
    assert judged.overall in {None, chosen}
    assert judged.overall is None or judged.overall in judged.permitted
    assert (judged.overall is None) == (chosen is None or bool(judged.refused))
    if judged.suggested is not None:
        assert all(order(judged.suggested) <= bar.highest for bar in judged.bound_by)


@settings(max_examples=60, deadline=None)
@given(RATINGS, KNOWN, st.randoms(use_true_random=False))
def test_the_order_of_ratings_never_matters(
    ratings: dict[str, Rated], facts: dict[str, object], chance: random.Random
) -> None:
    shuffled = list(ratings.items())
    chance.shuffle(shuffled)

    assert judgement(QUALITY, dict(shuffled), facts) == judgement(QUALITY, ratings, facts)


@settings(max_examples=100, deadline=None)
@given(GRADED, st.sampled_from(sorted(QUALITY.criteria)), st.sampled_from(sorted(shipped().rubrics)))
def test_a_better_grade_never_lowers_what_the_shipped_rubrics_suggest_or_permit(
    grades: dict[str, str], raised: str, name: str
) -> None:
    rubric = shipped().rubric(name)
    before = {criterion: rated(grades.get(criterion, "good")) for criterion in rubric.criteria}
    if raised not in before or before[raised].grade == SCALE[-1]:
        return
    better = SCALE[SCALE.index(str(before[raised].grade)) + 1]
    one, other = judgement(rubric, before, FACTS), judgement(rubric, before | {raised: rated(better)}, FACTS)

    assert rubric.scale.order(str(one.suggested)) <= rubric.scale.order(str(other.suggested))
    # L4 speaks of one grade alone; below it stands L1, so that what is permitted never shrinks either.
    assert set(one.permitted) <= set(other.permitted)


@settings(max_examples=60, deadline=None)
@given(GRADED, st.sets(st.sampled_from(sorted(QUALITY.criteria))))
def test_what_is_certain_while_ratings_are_missing_stays_so(grades: dict[str, str], hidden: set[str]) -> None:
    whole = {criterion: rated(grade) for criterion, grade in grades.items()}
    part = {criterion: answer for criterion, answer in whole.items() if criterion not in hidden}
    early, late = judgement(QUALITY, part, FACTS), judgement(QUALITY, whole, FACTS)

    assert {bar.id for bar in early.bound_by if bar.holds} <= {bar.id for bar in late.bound_by}
    assert {bar.id for bar in late.bound_by} <= {bar.id for bar in early.bound_by}
    assert set(early.permitted) <= set(late.permitted)
    assert early.suggested in {None, late.suggested}


def test_the_short_use_of_ratings_still_works(rubric: ReadRubric) -> None:
    ratings = {criterion: Rated("expected", "good") for criterion in rubric.criteria}

    assert permitted_overall(rubric, ratings, {}).grades == ("inadequate", "requires_improvement", "good")


# --- the file that is given as an example --------------------------------------------------------------------------


def test_the_example_file_is_incomplete_and_says_what_follows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["rubric", "grade", "quality_and_impact", str(HERE / "answers_example.yaml"), "--json"])

    assert left.value.code == 3
    assert json.loads(capsys.readouterr().out) == json.loads((HERE / "answers_example.json").read_text())


def test_it_reads_well_in_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["rubric", "grade", "quality_and_impact", str(HERE / "answers_example.yaml")])

    assert left.value.code == 3
    assert capsys.readouterr().out == (HERE / "answers_example.txt").read_text()


def test_a_rubric_is_printed_whole(capsys: pytest.CaptureFixture[str], rubric: ReadRubric) -> None:
    with pytest.raises(SystemExit) as left:
        main(["rubric", "show", "quality_and_impact"])
    told = capsys.readouterr().out

    assert not left.value.code
    assert all(f"{name}  {criterion.title}" in told for name, criterion in rubric.criteria.items())
    assert "L1  Safety comes first: at most Inadequate" in told
    assert "4.  Good\n    Otherwise." in told


def test_every_judgement_is_frozen(rubric: ReadRubric) -> None:
    judged: Judgement = judgement(rubric, {}, {})

    with pytest.raises(AttributeError):
        judged.overall = "good"  # type: ignore[misc]  # that it is refused is the point


def test_a_rule_about_an_answer_says_which_criterion_the_escalation_is_about() -> None:
    voice = shipped().rubric("thematic_voice_of_the_child")
    rule, _ = voice.limits[0]
    text = "answer.v.siblings.bonds == 'missing'"
    source = Source("rule.yaml", {"when": text}, {(): Spot(1, 1)}, {}, text)
    condition = read_condition(source, ("when",), Vocabulary(voice.named.kinds))
    assert isinstance(condition, Condition)
    escalating = rule.model_copy(update={"id": "E1", "opens_escalation": True, "overall": None})
    changed = replace(voice, limits=((escalating, condition),))
    answered = Rated("expected", None, answers={"bonds": "missing"})

    judged = judgement(changed, {"v.siblings": answered}, {"sibling_group": True})

    assert judged.escalates == ("v.siblings",)
