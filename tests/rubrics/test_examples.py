"""The example rubrics: what the published rules say, case by case and, where it can be done, in every case there is."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from audit_engine.cli.rubric_named import EXIT_REFUSED, judge
from audit_engine.cli.rubrics import exit_code
from audit_engine.definitions.answers import read_answers
from audit_engine.definitions.catalogue import load, load_rubric
from audit_engine.definitions.criteria import Criterion
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.sources import read_source
from audit_engine.engine.grading import Judgement, judgement
from audit_engine.engine.ratings import BY_JUDGEMENT, EXPECTED, Rated

RUBRICS = Path(__file__).parents[2] / "rubrics" / "examples"
GOLDEN = Path(__file__).parent / "examples"
FOUR = ("inadequate", "requires_improvement", "good", "outstanding")
ANI, STRENGTH, NA = "area_needing_improvement", "strength", "none"
SHORT = {"S": STRENGTH, "A": ANI, "NA": NA}
NOT, PARTLY, FULLY = "not_achieved", "partially_achieved", "substantially_achieved"
CASES = {
    "safety_1": "in_home", "safety_2": "in_home", "permanency_1": "foster_care", "permanency_2": "foster_care",
    "wellbeing_1": "in_home", "wellbeing_2": "in_home", "wellbeing_3": "in_home",
}  # fmt: skip
"""Each outcome, and the type of case in which the most of its items may not apply."""


@cache
def example(name: str) -> ReadRubric:
    return load_rubric(RUBRICS / f"{name}.yaml")


def table(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def graded(name: str) -> tuple[ReadRubric, Judgement]:
    """An example's rubric, and what follows from the file of answers called `name`."""
    kind = {"review": "child_and_family_review", "council": "council_case_audit", "banded": "banded_standard"}
    rubric = example(kind.get(name.partition("_")[0], "ofsted_limiting_judgements"))
    return rubric, judge(rubric, read_answers(read_source(GOLDEN / "answers" / f"{name}.yaml"), rubric))


def expected_of(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((GOLDEN / "answers" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def noticed_in(judged: Judgement) -> list[str]:
    return [notice.id for notice in judged.noticed]


# --- limiting judgements ----------------------------------------------------------------------------------------


def test_every_triple_of_judgements_is_as_the_table_says() -> None:
    """The table holds all 64, and 46 of them are permitted."""
    rubric, rows = example("ofsted_limiting_judgements"), table("ofsted_table.csv")
    for row in rows:
        ratings = {f"inspection.{name}": Rated(EXPECTED, row[name]) for name in ("helped", "leaders")}
        judged = judgement(rubric, ratings, {}, row["overall"])
        assert (judged.overall is not None) is (row["permitted"] == "yes"), row
        assert [bar.id for bar in judged.bound_by] == row["bound_by"].split()

    assert {(row["helped"], row["leaders"], row["overall"]) for row in rows} == set(product(FOUR, repeat=3))
    assert len(rows) == 64
    assert sum(row["permitted"] == "yes" for row in rows) == 46


def test_the_limiting_judgement_leaves_one_grade_and_the_other_warns() -> None:
    _, judged = graded("inspection_limited")

    assert [bar.id for bar in judged.bound_by] == ["limiting_judgement", "graded_judgement"]
    assert judged.permitted == ("inadequate",)
    assert [reason.rule for reason in judged.refused] == ["limiting_judgement"]
    assert any("likely to be inadequate" in warning for warning in judged.warnings)


# --- a banded standard ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", table("shares.csv"), ids=lambda row: row["why"])
def test_a_standard_is_banded_by_the_lower_of_two_shares(row: dict[str, str]) -> None:
    cases, helps, safe, no_risk = (int(row[key]) for key in ("cases", "helps_yes", "safe_yes", "safe_no_risk"))
    members = {
        f"case {n}": {
            "helps": "yes" if n < helps else "no",
            "safe": "no_risk" if n < no_risk else "yes" if n < no_risk + safe else "no",
        }
        for n in range(cases)
    }
    rating = Rated(EXPECTED, note="As seen in the sample.", members=members)

    judged = judgement(example("banded_standard"), {"standard.assessing": rating}, {})

    assert [one.grade for one in judged.answered if one.criterion == "standard.assessing"] == [row["expected"]]


def test_the_bands_are_those_remembered_for_twelve_standards() -> None:
    """0 to 6, 7 to 18, 19 to 30 and 31 to 36 of 36 points; and three points of 36 are one of 12."""
    rubric = example("banded_standard")
    assert rubric.overall is not None
    assert rubric.overall.points is not None
    bands = rubric.overall.points.bands
    for points in range(37):
        remembered = FOUR[sum(points > last for last in (6, 18, 30))]
        assert [band.grade for band in bands if band.at_least * 36 <= points * 100][-1] == remembered, points
    for grades in product(FOUR, repeat=4):
        reached = 3 * sum(FOUR.index(grade) for grade in grades)
        remembered = FOUR[sum(reached > last for last in (6, 18, 30))]
        assert _banded(rubric, grades).suggested == remembered, grades


@pytest.mark.parametrize("row", table("points.csv"), ids=lambda row: f"{row['points']} points {row['expected']}")
def test_points_are_banded_as_the_table_says(row: dict[str, str]) -> None:
    grades = [row[name] for name in ("assessing", "planning", "delivering", "reviewing")]

    assert sum(FOUR.index(grade) for grade in grades) == int(row["points"])
    assert _banded(example("banded_standard"), grades).suggested == row["expected"]


def _banded(rubric: ReadRubric, grades: Sequence[str]) -> Judgement:
    return judgement(rubric, {c: Rated(EXPECTED, g) for c, g in zip(rubric.criteria, grades, strict=True)}, {})


def test_a_file_of_five_cases_is_banded_from_end_to_end() -> None:
    _, judged = graded("banded_standard")

    assert [one.grade for one in judged.answered] == ["outstanding", "good", "requires_improvement", "inadequate"]
    assert (judged.suggested, judged.overall) == ("requires_improvement", "requires_improvement")
    assert not judged.missing
    assert not judged.without_note


# --- a child and family review ----------------------------------------------------------------------------------


def _nothing_applies(case_type: str) -> dict[str, object]:
    """Facts by which every item that facts can set aside is set aside; a grade given all the same counts."""
    codebook = example("child_and_family_review").codebook
    facts: dict[str, object] = {fact.id: False for fact in codebook.facts if fact.type == "yes_no"}
    return facts | {"case_type": case_type, "months_in_care": 20, "goal": "adoption"}


def _rated(criterion: Criterion, grade: str) -> Rated | None:
    if grade != NA:
        return Rated(EXPECTED, grade, note="As the file shows.")
    reasons = criterion.not_expected_reasons
    return Rated(BY_JUDGEMENT, reason=reasons[0].id) if reasons else None


def outcome(section: str, grades: Mapping[str, str], case_type: str) -> str:
    """The grade of one outcome whose items, by number, have these grades."""
    rubric = example("child_and_family_review")
    ratings = {f"review.item_{n}": _rated(rubric.criteria[f"review.item_{n}"], grade) for n, grade in grades.items()}
    given = {name: rated for name, rated in ratings.items() if rated is not None}
    judged = judgement(rubric, given, _nothing_applies(case_type))
    found = next(one for one in judged.sections if one.id == section)
    assert not found.provisional
    return found.grade or "none"


def by_the_book(section: str, grades: Mapping[str, str]) -> str:
    """The published roll-ups, written a second time and in another way."""
    applying = [grade for grade in grades.values() if grade != NA]
    exceptions, strengths = applying.count(ANI), applying.count(STRENGTH)
    if not applying:
        return "none"
    if not strengths:
        return NOT
    if section == "permanency_2":
        return FULLY if exceptions <= 1 else PARTLY
    if section == "wellbeing_1":
        others = [grade for item, grade in grades.items() if item != "12"]
        return FULLY if grades["12"] == STRENGTH and others.count(ANI) <= 1 else PARTLY
    return PARTLY if exceptions else FULLY


@pytest.mark.parametrize("row", table("outcomes.csv"), ids=lambda row: f"{row['section']}: {row['ratings']}")
def test_outcomes_roll_up_as_the_table_says(row: dict[str, str]) -> None:
    pairs = (pair.split("=") for pair in row["ratings"].split())
    grades = {item: SHORT[grade] for item, grade in pairs}

    assert outcome(row["section"], grades, row["case_type"]) == row["expected"]
    assert by_the_book(row["section"], grades) == row["expected"]


@pytest.mark.parametrize("section", CASES)
def test_every_case_of_every_outcome_is_as_the_book_says(section: str) -> None:
    """All combinations of strength, area needing improvement and, where an item can be set aside, not applicable."""
    rubric = example("child_and_family_review")
    items = next(one.criteria for one in rubric.rubric.sections if one.id == section)
    numbers = [item.removeprefix("review.item_") for item in items]
    choices = [(STRENGTH, ANI, NA) if _may_be_set_aside(rubric, item) else (STRENGTH, ANI) for item in items]
    for combination in product(*choices):
        grades = dict(zip(numbers, combination, strict=True))
        assert outcome(section, grades, CASES[section]) == by_the_book(section, grades), grades


def _may_be_set_aside(rubric: ReadRubric, item: str) -> bool:
    return item in rubric.expected or bool(rubric.criteria[item].not_expected_reasons)


def _item(row: dict[str, str]) -> tuple[Criterion, Judgement]:
    rubric = example("child_and_family_review")
    facts: dict[str, object] = {fact.id: True for fact in rubric.codebook.facts if fact.type == "yes_no"}
    facts |= {"case_type": "foster_care", "months_in_care": 20, "goal": "return_home"}
    for name, value in _pairs(row["facts"]).items():
        facts[name] = int(value) if value.isdigit() else {"yes": True, "no": False}.get(value, value)
    called = (member.partition(":") for member in row["members"].split("|") if member)
    members = {name.strip(): _pairs(given) for name, _, given in called}
    criterion = rubric.criteria[f"review.item_{row['item']}"]
    rating = Rated(EXPECTED, note="As the file shows.", answers=_pairs(row["answers"]), members=members)
    return criterion, judgement(rubric, {criterion.id: rating}, facts)


def _pairs(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (pair.partition("=") for pair in text.split())}


@pytest.mark.parametrize("row", table("items.csv"), ids=lambda row: "-".join(filter(None, row.values())))
def test_items_are_graded_from_their_answers(row: dict[str, str]) -> None:
    criterion, judged = _item(row)

    assert criterion.id not in {missing.criterion for missing in judged.missing}
    assert [one.grade for one in judged.answered if one.criterion == criterion.id] == [row["expected"]]


def test_every_rule_of_every_item_decides_some_row_of_the_table() -> None:
    decided: set[tuple[str, str]] = set()
    for row in table("items.csv"):
        criterion, judged = _item(row)
        decided |= {(criterion.id, one.because) for one in judged.answered if one.criterion == criterion.id}

    assert set(_rules(example("child_and_family_review"))) == decided


def _rules(rubric: ReadRubric) -> Iterator[tuple[str, str]]:
    for criterion in rubric.criteria.values():
        assert criterion.grade_from_answers == "taken"
        yield from ((criterion.id, rule.because) for rule in criterion.suggests)


REVIEWS = sorted(file.stem for file in (GOLDEN / "answers").glob("review_*.yaml"))


@pytest.mark.parametrize("name", REVIEWS)
def test_a_whole_review_rolls_up_from_answers_to_outcomes(name: str) -> None:
    rubric, judged = graded(name)
    expected = expected_of(name)
    found = {one.criterion: one for one in judged.answered}
    items = {c.removeprefix("review.item_"): found[c].grade if c in found else None for c in rubric.criteria}
    overridden = [c.removeprefix("review.item_") for c, one in found.items() if one.overridden]

    assert items == expected["items"]
    assert {section.id: section.grade for section in judged.sections} == expected["outcomes"]
    assert overridden == expected["overridden"]
    assert noticed_in(judged) == expected["noticed"]
    assert not judged.missing
    assert not judged.without_note
    assert judged.suggested is None


def test_an_override_is_shown_beside_what_the_answers_lead_to() -> None:
    _, judged = graded("review_foster_care_mixed")

    shown = next(one for one in judged.answered if one.overridden)
    assert (shown.criterion, shown.grade, shown.suggested) == ("review.item_12", ANI, STRENGTH)
    assert shown.because


def test_the_review_says_that_it_is_no_instrument_and_what_is_uncertain() -> None:
    rubric = example("child_and_family_review").rubric

    assert all(words in rubric.purpose for words in ("not the instrument itself", "not endorsed", "uncertain"))
    assert [one.section for one in rubric.conformity] == list(CASES)
    assert {(one.grade, one.at_least) for one in rubric.conformity} == {(FULLY, 95)}


# --- a council's own tool ---------------------------------------------------------------------------------------

COUNCIL = sorted(file.stem for file in (GOLDEN / "answers").glob("council_*.yaml"))


@pytest.mark.parametrize("name", COUNCIL)
def test_a_council_grades_with_its_own_tool(name: str) -> None:
    _, judged = graded(name)
    found = {
        "sections": {section.id: section.grade for section in judged.sections},
        "suggested": judged.suggested,
        "permitted": list(judged.permitted),
        "overall": judged.overall,
        "bound_by": [bar.id for bar in judged.bound_by],
        "noticed": noticed_in(judged),
        "variants": dict(judged.variants),
    }

    assert found == expected_of(name)
    assert not judged.missing
    assert (exit_code(judged) == EXIT_REFUSED) is (judged.overall is None)


def test_examples_are_in_force_nowhere() -> None:
    """They are read by their path alone: nothing of them is among the shipped definitions."""
    shipped = load()
    names = {file.stem for file in RUBRICS.glob("*.yaml")}

    assert len(names) == 4
    assert not names & set(shipped.rubrics)
    assert all(example(name).rubric.tried is False for name in names)
