"""The invented organisation: its counts are exact, its files agree with each other, and a seed fixes them."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from audit_engine.training import FULL, SMALL, Size, write_service
from audit_engine.training.words import (
    CRITERIA,
    GRADES,
    NOT_EXPECTED_REASONS,
    OVERSIGHT_POINTS,
    STANDARD_WEEKS,
    TRIGGERS,
)

Row = dict[str, str]
Files = dict[str, list[Row]]

ROOT = Path(__file__).parents[2]
SAFETY_CRITICAL = ("safe.risk_identified", "safe.risk_reasoning", "safe.da_assessed", "safe.sexual_harm")
MAY_BE_EMPTY = {
    "people": {"team", "area", "manages_team", "to"},
    "observations": {"feedback_given_on"},
    "indicators": {"area", "numerator", "denominator"},
    "feedback": {"theme", "text"},
    "cases": {
        *("closed", "situational_triggers", "oversight_points", "child_age", "can_express_view", "safe_to_share"),
        *("hearing_listed", "da_disclosed", "sexual_harm_concern", "lives_with_accused_parent"),
        *("registered_sex_offender_linked", "child_recorded_as_seen", "of_age_to_be_seen_alone", "high_conflict"),
    },
    "audits": {
        *("overall", "final_overall", "moderator", "moderated_on", "moderator_overall", "moderation_reason"),
        *("oversight_evidence", "oversight_impact", "supervision_evidence", "supervision_impact"),
        *(f"rating:{criterion}" for criterion in CRITERIA),
    },
}
LADDERS = {
    "oversight": ("rating:ov.mgmt_oversight", "oversight_points"),
    "supervision": ("rating:ov.supervision", "situational_triggers"),
}


def read(paths: list[Path]) -> Files:
    files = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            files[path.stem] = list(csv.DictReader(file))
    return files


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return read(write_service(tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return read(write_service(tmp_path_factory.mktemp("small"), size=SMALL))


@pytest.fixture(params=["full", "small"])
def sized(request: pytest.FixtureRequest) -> tuple[Files, Size]:
    files: Files = request.getfixturevalue(request.param)
    return files, {"full": FULL, "small": SMALL}[request.param]


@pytest.fixture
def files(sized: tuple[Files, Size]) -> Files:
    return sized[0]


def graded(files: Files, stream: str | None = None) -> list[Row]:
    return [row for row in files["audits"] if row["graded"] == "yes" and stream in (None, row["stream"])]


def cases_by_id(files: Files) -> dict[str, Row]:
    return {row["case"]: row for row in files["cases"]}


def audits_with_cases(files: Files) -> Iterator[tuple[Row, Row]]:
    cases = cases_by_id(files)
    return ((audit, cases[audit["case"]]) for audit in files["audits"])


def test_the_full_size_is_the_published_shape() -> None:
    """Written out once more, so that nobody changes the size and the tests in one go."""
    assert (FULL.local_audits, FULL.national.total, FULL.performance_board.total) == (3372, 400, 247)
    assert (FULL.audits, FULL.collaborative, FULL.with_feedback) == (4019, 1802, 1780)
    assert (FULL.oversight.expected, FULL.oversight.found) == (3012, 2470)
    assert (FULL.supervision.expected, FULL.supervision.found) == (2604, 2031)
    assert (FULL.observations, FULL.moderations.total) == (1364, 379)
    assert FULL.national.good_or_better == 312
    assert (FULL.areas, FULL.open_cases) == (17, 30_000)


def test_every_file_has_as_many_lines_as_the_size_says(sized: tuple[Files, Size]) -> None:
    files, size = sized

    assert len(files["cases"]) == size.open_cases + size.closed_cases
    assert sum(not row["closed"] for row in files["cases"]) == size.open_cases
    assert len(files["audits"]) == size.audits
    assert len(files["observations"]) == size.observations
    assert sum(row["consent"] == "no" for row in files["observations"]) == size.observations_without_consent
    assert len(files["feedback"]) == size.feedback_lines
    assert len({row["area"] for row in files["cases"]}) == size.areas
    assert Counter(row["role"] for row in files["people"])["practitioner"] == size.practitioners
    assert sum(bool(row["manages_team"]) for row in files["people"]) == size.teams


def test_streams_grades_and_moderations_are_exact(sized: tuple[Files, Size]) -> None:
    files, size = sized
    wanted = {"local": size.local, "national": size.national, "performance_board": size.performance_board}

    for stream, counts in wanted.items():
        finals = Counter(row["final_overall"] for row in graded(files, stream))
        assert tuple(finals[grade] for grade in GRADES) == counts.worst_first
    assert sum(row["graded"] == "no" for row in files["audits"]) == size.local_ungraded
    assert Counter(row["audit"] for row in files["audits"] if row["moderator"]).total() == size.moderations.total
    lowered = [r for r in graded(files) if GRADES.index(r["final_overall"]) < GRADES.index(r["overall"])]
    raised = [r for r in graded(files) if GRADES.index(r["final_overall"]) > GRADES.index(r["overall"])]
    assert (len(lowered), len(raised)) == (size.moderations.lowered, size.moderations.raised)


def test_collaboration_and_feedback_are_exact_and_collaboration_is_local(sized: tuple[Files, Size]) -> None:
    files, size = sized
    together = [row for row in files["audits"] if row["collaborative"] == "yes"]

    assert len(together) == size.collaborative
    assert {row["stream"] for row in together} == {"local"}
    assert sum(row["feedback_from"] != "none" for row in files["audits"]) == size.with_feedback


@pytest.mark.parametrize("ladder", LADDERS)
def test_ladders_are_exact(sized: tuple[Files, Size], ladder: str) -> None:
    files, size = sized
    counts = {"oversight": size.oversight, "supervision": size.supervision}[ladder]
    said = Counter(row[f"{ladder}_expected"].split(":")[0] for row in files["audits"])
    evidence = Counter(row[f"{ladder}_evidence"] for row in files["audits"])
    judged = [r for r in files["audits"] if r[f"{ladder}_expected"].startswith("not_expected:")]

    assert (said["expected"], said["cannot_tell"]) == (counts.expected, counts.cannot_tell)
    assert sum(not row[f"{ladder}_expected"].endswith(":rule") for row in judged) == counts.judged
    assert (evidence["found"], evidence["partly"], evidence["not_found"]) == (
        counts.found,
        counts.partly,
        counts.not_found,
    )
    assert sum(row[f"{ladder}_impact"] == "yes" for row in files["audits"]) == counts.impact_yes


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_ladder_agrees_with_its_rating_and_with_the_case(files: Files, ladder: str) -> None:
    rating, grounds = LADDERS[ladder]
    for audit, case in audits_with_cases(files):
        expected, evidence = audit[f"{ladder}_expected"], audit[f"{ladder}_evidence"]
        assert bool(evidence) == bool(audit[f"{ladder}_impact"]) == (expected == "expected")
        if expected == "expected":
            assert (audit[rating] in GRADES) == (audit["graded"] == "yes")
            assert evidence != "not_found" or audit[rating] in ("", "inadequate", "requires_improvement")
        else:
            assert audit[rating] == expected.split(":")[0]
        if expected != "cannot_tell":
            assert (case[grounds] != "none") == (expected != "not_expected:rule")


def highest_permitted(row: Row) -> str:
    """What the limiting rules leave, worked out from the ratings alone."""
    rated = {criterion: row[f"rating:{criterion}"] for criterion in CRITERIA}
    if any(rated[criterion] == "inadequate" for criterion in SAFETY_CRITICAL):
        return "inadequate"
    if "inadequate" in (rated["ov.mgmt_oversight"], rated["heard.seen"]):
        return "requires_improvement"
    if rated["safe.da_assessed"] == "requires_improvement":
        return "requires_improvement"
    below = {"inadequate", "requires_improvement"} & set(rated.values())
    return "good" if below or rated["imp.difference"] != "outstanding" else "outstanding"


def test_nobody_gave_a_grade_the_limiting_rules_bar(files: Files) -> None:
    for row in graded(files):
        given = [row["overall"], row["final_overall"], row["moderator_overall"] or row["overall"]]
        assert max(map(GRADES.index, given)) <= GRADES.index(highest_permitted(row)), row["audit"]


def test_graded_audits_rate_everything_and_ungraded_ones_grade_nothing(files: Files) -> None:
    for row in files["audits"]:
        rated = {row[f"rating:{criterion}"] for criterion in CRITERIA}
        overalls = {row["overall"], row["final_overall"]}
        if row["graded"] == "yes":
            assert rated <= {*GRADES, "not_expected", "cannot_tell"}
            assert overalls <= set(GRADES)
        else:
            assert rated <= {"", "not_expected", "cannot_tell"}
            assert overalls == {""}
            assert row["stream"] == "local"


def test_what_the_facts_rule_out_is_not_expected(files: Files) -> None:
    facts = {"safe.da_assessed": "da_disclosed", "rep.advice": "filing_made", "heard.seen": "child_seen_required"}
    for audit, case in audits_with_cases(files):
        for criterion, fact in facts.items():
            assert (audit[f"rating:{criterion}"] == "not_expected") == (case[fact] == "no")


def test_ratings_are_plausible(full: Files) -> None:
    """Percent good or better of those rated, within two points of what the sources suggest."""
    about = {"safe.risk_reasoning": 75, "rep.plan": 73, "en.letters": 70, "en.recs_shared": 52}
    for criterion, percent in about.items():
        rated = [row[f"rating:{criterion}"] for row in graded(full) if row[f"rating:{criterion}"] in GRADES]
        good = sum(grade in ("good", "outstanding") for grade in rated)
        assert percent - 2 <= 100 * good / len(rated) <= percent + 2, criterion


def test_four_eyes(files: Files) -> None:
    """Auditor, moderator, practitioner and the practitioner's manager are never the same person."""
    managers = {row["manages_team"]: row["person"] for row in files["people"] if row["manages_team"]}
    roles = {(row["person"], row["role"]) for row in files["people"]}
    for audit, case in audits_with_cases(files):
        close = {case["practitioner"], managers[case["team"]]}
        assert audit["auditor"] not in close
        assert (audit["auditor"], "auditor") in roles
        if audit["moderator"]:
            assert audit["moderator"] not in close | {audit["auditor"]}
            assert (audit["moderator"], "head_of_practice") in roles


def test_moderation_columns_go_together(files: Files) -> None:
    for row in files["audits"]:
        columns = ("moderator", "moderated_on", "moderator_overall", "moderation_reason")
        assert len({bool(row[column]) for column in columns}) == 1
        if row["moderator"]:
            assert row["graded"] == "yes"
            assert row["audited_on"] <= row["moderated_on"] <= "2023-12-31"
        else:
            assert row["overall"] == row["final_overall"]


def test_an_audit_falls_into_the_nine_months_and_into_the_life_of_its_case(files: Files) -> None:
    for audit, case in audits_with_cases(files):
        assert "2023-04-01" <= audit["audited_on"] <= "2023-12-31"
        assert case["opened"] <= audit["practice_from"] <= audit["practice_to"] < audit["audited_on"]
        if case["closed"]:
            since = date.fromisoformat(audit["audited_on"]) - date.fromisoformat(case["closed"])
            assert since.days <= 56
    months = {audit["audited_on"][:7] for audit in files["audits"]}
    assert len(months) == 9


def test_hardly_any_case_is_audited_twice(sized: tuple[Files, Size]) -> None:
    files, size = sized
    times = Counter(Counter(row["case"] for row in files["audits"]).values())

    assert times == {1: size.audits - 2 * size.audited_twice, 2: size.audited_twice}


def test_cases_and_observations_name_teams_and_people_that_exist(files: Files) -> None:
    seats = {
        (row["person"], row["team"], row["area"], row["role"]): row["from"] for row in files["people"] if row["team"]
    }
    for row in files["cases"]:
        assert seats[row["practitioner"], row["team"], row["area"], "practitioner"] <= row["opened"]
    for row in files["observations"]:
        assert (row["practitioner"], row["team"], row["area"], "practitioner") in seats


def test_people_were_here_all_the_time_and_the_first_two_are_who_the_demo_needs(files: Files) -> None:
    roles = {(row["person"], row["role"]) for row in files["people"]}

    assert {("P-00001", "quality_lead"), ("P-00002", "administrator")} <= roles
    assert all(row["from"] < "2023-04-01" for row in files["people"])
    assert all(row["to"] == "" or row["to"] > "2023-12-31" for row in files["people"])
    assert len(roles) == len(files["people"])
    names = {row["person"]: row["name"] for row in files["people"]}
    assert len(set(names.values())) == len(names)


def test_facts_do_not_contradict_each_other(files: Files) -> None:
    for row in files["cases"]:
        triggers, points = row["situational_triggers"].split(";"), row["oversight_points"].split(";")
        assert set(triggers) <= set(TRIGGERS) or triggers == ["none"]
        assert set(points) <= set(OVERSIGHT_POINTS) or points == ["none"]
        assert (row["sibling_group"] == "yes") == (int(row["children"]) > 1)
        assert row["recommendation_made"] == "no" or row["filing_made"] == "yes"
        assert (row["work_type"] in ("s31", "other_public")) == (row["law_type"] == "public")
        for fact in ("sexual_harm_concern", "lives_with_accused_parent"):
            assert (row[fact] == "yes") == (fact in triggers)
        assert (row["significant_harm_concern"] == "yes") == ("significant_harm_or_16a" in triggers)
        assert row["child_recorded_as_seen"] != "yes" or row["contact_began"] == "yes"
        assert row["child_recorded_as_seen"] != "yes" or "child_not_seen" not in triggers
        assert (row["child_complained"] == "yes") == ("complaint_by_child" in triggers)
        assert row["care_order_at_home_planned"] == "no" or row["law_type"] == "public"


def test_feedback_is_from_those_the_audit_names(files: Files) -> None:
    named = {row["audit"]: row["feedback_from"].split(";") for row in files["audits"]}
    for row in files["feedback"]:
        assert (row["given"] == "yes") == (row["respondent"] in named[row["audit_or_case"]])
        assert bool(row["text"]) == (row["given"] == "yes")


def test_no_required_column_is_empty(files: Files) -> None:
    for stem, rows in files.items():
        empty = {column for row in rows for column, text in row.items() if text == ""}
        assert empty <= MAY_BE_EMPTY[stem]


def test_the_words_are_those_of_the_shared_definitions() -> None:
    """Reasons and usual weeks are written down twice, here and in YAML; they stay in step."""
    criteria = (ROOT / "rubrics/criteria/oversight_and_impact.yaml").read_text(encoding="utf-8")
    codebook = (ROOT / "rubrics/codebooks/case_facts.yaml").read_text(encoding="utf-8")

    for reason in chain.from_iterable(NOT_EXPECTED_REASONS.values()):
        assert re.search(rf"\bid: {reason}\b", criteria), reason
    for work_type, weeks in STANDARD_WEEKS.items():
        assert re.search(rf"^ +{work_type}: {weeks}$", codebook, re.MULTILINE), work_type
    for word in (*TRIGGERS, *OVERSIGHT_POINTS):
        assert f"id: {word}," in codebook


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Also with other hash seeds, which reorder sets between two starts of Python."""
    script = (
        "import sys, pathlib, audit_engine.training as t; t.write_service(pathlib.Path(sys.argv[1]), 7, size=t.SMALL)"
    )
    for hash_seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / hash_seed)],
            check=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        )
    here = write_service(tmp_path / "here", 7, size=SMALL)

    for path in here:
        assert (tmp_path / "1" / path.name).read_bytes() == path.read_bytes()
        assert (tmp_path / "2" / path.name).read_bytes() == path.read_bytes()


def test_another_seed_gives_other_audits_of_the_same_counts(small: Files, tmp_path: Path) -> None:
    other = read(write_service(tmp_path, seed=8, size=SMALL))

    assert other["audits"] != small["audits"]
    assert Counter(row["final_overall"] for row in other["audits"]) == Counter(
        row["final_overall"] for row in small["audits"]
    )


def test_progress_ends_with_everything_done(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    write_service(tmp_path, size=SMALL, progress=lambda *step: told.append(step))

    assert ("cases", 400, 400) in told
    assert ("audits", 120, 120) in told
    assert told[-1] == ("feedback.csv", SMALL.feedback_lines, SMALL.feedback_lines)


def test_a_size_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="only local audits are collaborative"):
        replace(SMALL, collaborative=SMALL.local_audits + 1)


def test_more_audits_than_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no case is left to audit"):
        write_service(tmp_path, size=replace(SMALL, open_cases=40, closed_cases=0))

    assert not list(tmp_path.iterdir())
