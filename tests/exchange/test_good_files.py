"""What a good file becomes, line by line, in every encoding and with every separator that may be named."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from audit_engine.exchange.lines import IndicatorLine, ModerationLine, RatingLine, RoleLine
from audit_engine.problems import Unusable
from tests.exchange.conftest import Read

CASES = (
    "case,area,team,practitioner,law_type,work_type,opened,closed,children,da_disclosed,situational_triggers\n"
    "C-7,North,North Wren,P-1,private,wtfh,2023-03-01,2023-09-30,2,yes,child_not_seen; finding_of_fact\n"
    " \uff23-8 ,North,North  Kite,,,,2023-03-01,,,,\n"
    "C-9,South,South Heron,P-2,public,s31,2023-03-01,,0,no,none\n"
)
AUDITS = (
    "audit,case,stream,subject,graded,auditor,audited_on,practice_from,practice_to,overall,collaborative,feedback_from,"
    "oversight_expected,oversight_evidence,oversight_impact,supervision_expected,moderator,moderated_on,"
    "moderator_overall,final_overall,moderation_reason,rating:safe.risk_identified,rating:ov.mgmt_oversight,"
    "rating:ov.supervision,rating:heard.seen\n"
    "Q-1,C-1,local,case,yes,A-1,2023-05-02,2023-01-10,2023-05-01,good,no,child;carer,expected,partly,cannot_tell,"
    "not_expected:supervision_not_yet_due,H-1,2023-05-09,requires_improvement,requires_improvement,"
    '"Two lines,\r\none reason.",good,requires_improvement,not_expected,cannot_tell\n'
    "Q-2,C-1,local,,no,A-1,2023-05-02,,,,,none,not_expected:rule,,,,,,,,,,not_expected,not_expected,\n"
    "Q-3,C-2,national,case,yes,A-1,2023-12-01,,,good,,,,,,,,,,good,,,good,,\n"
)


def _written(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_cases_become_typed_facts_and_empty_means_not_known(tmp_path: Path, read: Read) -> None:
    path = _written(tmp_path, "cases.csv", CASES)

    done, cases = read(path)

    assert (done.kind, done.name, done.rows) == ("cases", "cases.csv", 3)
    assert done.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    first, second, third = cases
    assert (first.row, first.reference, first.practitioner) == (2, "C-7", "P-1")
    assert (first.opened, first.closed) == (date(2023, 3, 1), date(2023, 9, 30))
    assert first.facts == {
        "law_type": "private",
        "work_type": "wtfh",
        "children": 2,
        "da_disclosed": True,
        "situational_triggers": ["child_not_seen", "finding_of_fact"],
    }
    assert (second.reference, second.team, second.practitioner, second.facts) == ("C-8", "North Kite", None, {})
    assert third.facts["children"] == 0
    assert third.facts["da_disclosed"] is False
    assert third.facts["situational_triggers"] == []


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "utf-8-sig"), ("UTF8", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
        ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16-be"),
    ],
)  # fmt: skip
def test_an_encoding_is_read_as_named(tmp_path: Path, read: Read, encoding: str, written: str) -> None:
    _, cases = read(_written(tmp_path, "cases.csv", CASES, written), encoding=encoding)

    assert [case.reference for case in cases] == ["C-7", "C-8", "C-9"]


def test_a_windows_file_is_read_once_its_encoding_is_named(tmp_path: Path, read: Read) -> None:
    people = "person,name,role\nP-1,Zoë Müller-Å,auditor\n"

    _, [zoe] = read(_written(tmp_path, "people.csv", people, "cp1252"), encoding="cp1252")

    assert zoe.name == "Zoë Müller-Å"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_separator_told_by_the_heading_is_used(tmp_path: Path, read: Read, separator: str) -> None:
    text = CASES.replace("child_not_seen; finding_of_fact", "child_not_seen").replace(",", separator)

    _, cases = read(_written(tmp_path, "cases.csv", text.replace("\n", "\r\n")))

    assert [case.team for case in cases] == ["North Wren", "North Kite", "South Heron"]


def test_empty_rows_are_passed_over_and_counted(tmp_path: Path, read: Read) -> None:
    heading, first, *rest = CASES.splitlines(keepends=True)

    _, cases = read(_written(tmp_path, "cases.csv", "".join([heading, "\n", first, ",,,,,,,,,,\n", *rest, "\n"])))

    assert [case.row for case in cases] == [3, 5, 6]


def test_several_lines_make_one_person(tmp_path: Path, read: Read) -> None:
    text = (
        "person,name,role,team,area,manages_team,from,to\n"
        "M-1,Mia Marsh,manager,North Wren,North,North Wren,2020-01-06,\n"
        "P-1,Pat Pool,practitioner,North Wren,North,,2020-01-06,2024-01-31\n"
        "M-1,Mia Marsh,auditor,,,,,\n"
    )

    _, [mia, pat] = read(_written(tmp_path, "people.csv", text))

    assert (mia.row, mia.reference, mia.name) == (2, "M-1", "Mia Marsh")
    assert mia.roles == (
        RoleLine("manager", "North Wren", "North", "North Wren", date(2020, 1, 6), None),
        RoleLine("auditor", None, None, None, None, None),
    )
    assert pat.roles[0].to_day == date(2024, 1, 31)


def test_a_past_audit_says_what_the_file_said_and_no_more(tmp_path: Path, read: Read) -> None:
    _, [first, second, third] = read(_written(tmp_path, "audits.csv", AUDITS))

    assert first.ratings == (
        RatingLine("safe.risk_identified", "expected", grade="good"),
        RatingLine("heard.seen", "cannot_tell"),
        RatingLine("ov.mgmt_oversight", "expected", None, "requires_improvement", "partly", "cannot_tell"),
        RatingLine("ov.supervision", "not_expected_by_judgement", "supervision_not_yet_due"),
    )
    assert first.moderation == ModerationLine(
        "H-1", date(2023, 5, 9), "requires_improvement", "requires_improvement", "Two lines,\none reason."
    )
    assert (first.overall, first.final_overall) == ("good", "requires_improvement")
    assert (first.feedback, first.feedback_from, first.collaborative) == ("given", ("child", "carer"), False)
    assert (first.area, first.team, first.practitioner, first.rubric) == (
        "North", "North Wren", "P-1", "quality_and_impact",
    )  # fmt: skip
    assert (first.facts["weeks_open"], first.facts["standard_weeks"], first.facts["case_closed"]) == (16, 26, False)
    assert second.ratings == (
        RatingLine("ov.mgmt_oversight", "not_expected_by_rule"),
        RatingLine("ov.supervision", "not_expected"),
    )
    assert (second.graded, second.overall, second.subject) == (False, None, "case")
    assert (second.feedback, second.feedback_from, second.collaborative) == ("none", (), None)
    assert (third.feedback, third.feedback_from, third.moderation, third.as_found) == (None, None, None, None)
    assert third.facts["case_closed"] is True


def test_an_observation_and_a_figure(tmp_path: Path, read: Read) -> None:
    observations = (
        "observation,practitioner,team,area,observed_on,work_type,consent,feedback_given_on\n"
        "O-1,P-1,North Wren,North,2023-05-02,,no,\n"
    )
    indicators = (
        "indicator,period,area,numerator,denominator,value,unit,source\n"
        "seen,2023-24-Q3,,922,1000,92.2,percent,case system\n"
        "seen,2023-24-Q3,North,0,0,,percent,case system\n"
        "weeks_open,2023-24-Q3,,2600,100,26.0,weeks,case system\n"
        "spent,2023-24-Q3,,,,1250000.50,pounds,ledger\n"
    )

    _, [observation] = read(_written(tmp_path, "observations.csv", observations))
    _, figures = read(_written(tmp_path, "indicators.csv", indicators))

    assert (observation.observed_on, observation.consent, observation.work_type) == (date(2023, 5, 2), False, None)
    assert figures[0] == IndicatorLine(2, "seen", "2023-24-Q3", "", 922, 1000, "92.2", "percent", "case system")
    assert (figures[1].area, figures[1].numerator, figures[1].value) == ("North", 0, None)
    assert figures[3].value == "1250000.50"


def test_progress_ends_with_all_rows(tmp_path: Path, read: Read) -> None:
    told: list[tuple[int, int]] = []
    lines = [f"C-{n},North,North Wren,P-1,private,wtfh,2023-03-01\n" for n in range(2500)]
    path = _written(tmp_path, "cases.csv", "case,area,team,practitioner,law_type,work_type,opened\n" + "".join(lines))

    read(path, progress=lambda done, about: told.append((done, about)))

    assert [done for done, _ in told] == [1000, 2000, 2500]
    assert all(done <= about for done, about in told)
    assert told[-1] == (2500, 2500)


def test_nothing_is_read_of_a_file_with_one_bad_cell(tmp_path: Path, read: Read) -> None:
    with pytest.raises(Unusable) as wrong:
        read(_written(tmp_path, "cases.csv", CASES.replace("s31", "s32")))

    assert [problem.code for problem in wrong.value.problems] == ["X025"]
