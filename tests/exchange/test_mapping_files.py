"""A service's own columns, words and days, and the audits it accepts as found."""

from datetime import date
from pathlib import Path

import pytest

from audit_engine.problems import Unusable
from tests.exchange.conftest import Read

CASES = """mapping: a_service
version: 1.0.0
reads: cases
columns:
  - {column: case, called: Ref}
  - {column: area, called: Region, words: {N: North, S: South}}
  - {column: opened, called: Start date, dates: DD/MM/YYYY}
  - {column: closed, called: End date, dates: DD Mon YYYY}
  - {column: situational_triggers, words: {NS: child_not_seen, FF: finding_of_fact, "-": none}}
ignore: [Notes]
"""
HEADING = "Ref,Region,team,practitioner,law_type,work_type,Start date,End date,situational_triggers,Notes,Notes\n"
AS_FOUND = """mapping: past_audits
version: 1.0.0
reads: audits
accept_as_found:
  - {audit: Q-1, reason: The area was without another auditor.}
"""
AUDITS = "audit,case,stream,graded,auditor,audited_on,overall,rating:safe.risk_identified\n"


def _both(tmp_path: Path, kind: str, text: str, mapping: str) -> Path:
    (tmp_path / f"{kind}.yaml").write_text(mapping, encoding="utf-8")
    path = tmp_path / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_words_and_days_of_a_service(tmp_path: Path, read: Read) -> None:
    row = "C-7,N,North Wren,P-1,private,wtfh,1/2/2023,28 feb 2023,NS; FF,=not read,\n"
    none = "C-8,N,North Wren,P-1,private,wtfh,01/02/2023,,-,,\n"

    _, [case, other] = read(_both(tmp_path, "cases", HEADING + row + none, CASES))

    assert (case.reference, case.area) == ("C-7", "North")
    assert (case.opened, case.closed) == (date(2023, 2, 1), date(2023, 2, 28))
    assert case.facts["situational_triggers"] == ["child_not_seen", "finding_of_fact"]
    assert other.facts["situational_triggers"] == []


def test_another_mapping_makes_another_digest(tmp_path: Path, read: Read) -> None:
    row = "C-7,N,North Wren,P-1,private,wtfh,1/2/2023,,NS,,\n"
    first, _ = read(_both(tmp_path, "cases", HEADING + row, CASES))
    same, _ = read(_both(tmp_path, "cases", HEADING + row, CASES))
    other, _ = read(_both(tmp_path, "cases", HEADING + row, CASES.replace("S: South", "S: North")))

    assert first.digest == same.digest
    assert first.digest != other.digest


def test_a_mapping_for_another_kind_of_file_is_refused(tmp_path: Path, read: Read) -> None:
    path = _both(tmp_path, "cases", HEADING, CASES.replace("reads: cases", "reads: people"))

    with pytest.raises(Unusable, match="D025"):
        read(path)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Q-1,C-1,local,yes,M-1,2023-05-02,good,good\n", "X060"),
        ("Q-1,C-2,local,yes,P-2,2023-05-02,good,good\n", "X060"),
        ("Q-1,C-1,local,yes,H-1,2023-05-02,good,good\n", "X061"),
        ("Q-1,C-1,local,yes,A-1,2023-05-02,good,inadequate\n", "X062"),
    ],
)
def test_a_broken_rule_is_a_problem_until_it_is_accepted_as_found(
    tmp_path: Path, read: Read, row: str, rule: str
) -> None:
    without = tmp_path / "audits_without.csv"
    without.write_text(AUDITS + row, encoding="utf-8")
    with pytest.raises(Unusable) as wrong:
        read(without)

    _, [audit] = read(_both(tmp_path, "audits", AUDITS + row, AS_FOUND))

    assert [problem.code for problem in wrong.value.problems] == [rule]
    assert audit.as_found == "The area was without another auditor."


def test_a_rule_that_may_or_may_not_hold_does_not_speak_against_a_past_audit(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "audits.csv"
    path.write_text(AUDITS + "Q-1,C-1,local,yes,A-1,2023-05-02,outstanding,\n", encoding="utf-8")

    _, [audit] = read(path)

    assert audit.overall == "outstanding"


def test_accepting_four_eyes_does_not_excuse_anything_else(tmp_path: Path, read: Read) -> None:
    row = "Q-1,C-1,local,yes,M-1,2023-05-02,,good\n"

    with pytest.raises(Unusable) as wrong:
        read(_both(tmp_path, "audits", AUDITS + row, AS_FOUND))

    assert [problem.code for problem in wrong.value.problems] == ["X053"]
