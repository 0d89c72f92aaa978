"""One audit under another text of its rubric: days of the work, rules looked past, answers that no longer fit."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from audit_engine.definitions.catalogue import load, load_rubric, shipped_folder
from audit_engine.definitions.reading import iso_day
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.grading import Override, Practice, Rated
from audit_engine.engine.replaying import Finished, Replayed, replayed
from audit_engine.engine.rubric_landing import RubricLanding, landing

REVIEW = shipped_folder() / "rubrics" / "examples" / "child_and_family_review.yaml"
BEFORE, SINCE = date(2024, 10, 8), date(2024, 10, 9)
ABUSE = load().rubric("thematic_domestic_abuse")
QUALITY = load().rubric("quality_and_impact")


@pytest.mark.parametrize("written", ["2024-W41-3", "20241009", "2024-10-9", "2024-02-30", " 2024-10-09", "٢٠٢٤-10-09"])
def test_a_day_is_written_in_one_way(written: str) -> None:
    assert iso_day(written) is None


def test_the_day_itself_is_read() -> None:
    assert iso_day("2024-10-09") == SINCE


# --- replaying --------------------------------------------------------------------------------------------------


def three_below_good(overrides: dict[str, Override]) -> Replayed:
    """An audit graded good over L6, as a head of practice may let it stand."""
    grades = dict.fromkeys(QUALITY.criteria, "good")
    grades |= dict.fromkeys(("rep.plan", "rep.advice", "en.letters"), "requires_improvement")
    ratings = {name: Rated("expected", grade, evidence="found", impact="yes") for name, grade in grades.items()}
    audit = Finished("A-1", "North", "North Heron", QUALITY, ratings, {}, "good", overrides=overrides)
    return replayed(audit, QUALITY, ())


def test_a_rule_that_was_looked_past_bars_nothing_again() -> None:
    assert (three_below_good({}).barred, three_below_good({}).barred_before) == ("at_most", True)

    found = three_below_good({"L6": Override("head_of_practice", "Each is a small matter.")})

    assert found.barred is None
    assert found.nearest == "good"


# --- migrating --------------------------------------------------------------------------------------------------


def landed(new: ReadRubric, name: str, row: dict[str, Any], practice: Practice) -> RubricLanding:
    empty: dict[str, Any] = dict.fromkeys(
        ("reason", "evidence", "impact", "note", "pointer", "given_applicability", "given_grade")
    )
    whole = {**empty, "criterion": name, "applicability": "expected", "grade": None, "grade_order": None, **row}
    audit: dict[str, Any] = {"graded": True, "overall": None, "suggested": None, "overall_reason": None, "facts": {}}
    rated = {name: Rated("expected", whole["grade"], answers=whole["answers"] or {})}
    return landing(new, new, audit, {name: whole}, rated, (), practice)


@pytest.mark.parametrize(("day", "expected"), [(BEFORE, False), (SINCE, True)])
def test_the_days_of_the_work_decide_there_too(day: date, expected: bool) -> None:
    name = "da.lives_with"
    judged = landed(ABUSE, name, {"grade": "good", "answers": None, "members": None}, Practice(day, day)).judged

    assert judged is not None
    assert (name not in {left.criterion for left in judged.not_expected}) == expected


def test_answers_the_new_text_does_not_ask_for_fall_away() -> None:
    review = load_rubric(REVIEW)
    name = next(c for c, one in review.criteria.items() if one.repeat is None and len(one.questions) > 1)
    first, second, *_ = review.criteria[name].questions
    given = {first.id: first.words[0], second.id: "a_word_of_before", "a_question_of_before": "yes"}

    found = landed(review, name, {"answers": given, "members": [{"called": "Child 1", "answers": {}}]}, Practice())

    assert found.rows[name]["answers"] == {first.id: first.words[0]}
    assert found.rows[name]["members"] is None


def test_members_keep_the_answers_that_still_fit() -> None:
    review = load_rubric(REVIEW)
    name, one = next((c, one) for c, one in review.criteria.items() if one.repeat is not None)
    each = next(question for question in one.questions if question.each)
    members = [{"called": "Child 1", "answers": {each.id: each.words[0], "gone": "yes"}}]

    found = landed(review, name, {"answers": None, "members": members}, Practice())

    assert found.rows[name]["members"] == [{"called": "Child 1", "answers": {each.id: each.words[0]}}]


def test_a_criterion_without_a_grade_keeps_none() -> None:
    review = load_rubric(REVIEW)
    name = next(iter(review.criteria))
    bare = review.criteria[name].model_copy(update={"graded": False})
    new = replace(review, criteria={**review.criteria, name: bare})

    found = landed(new, name, {"grade": "strength", "grade_order": 1, "answers": None, "members": None}, Practice())

    assert (found.rows[name]["grade"], found.rows[name]["grade_order"]) == (None, None)
