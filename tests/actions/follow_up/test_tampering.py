"""Nobody changes a matter, or what opened an audit, below the program without being noticed."""

import sqlite3
from contextlib import closing

import pytest

from audit_engine.records import findings
from audit_engine.records.findings import Finding
from audit_engine.records.verification import verify

from .conftest import Following

EDITS = {
    "words": ("UPDATE matters SET words = 'Nothing to do.'", findings.STANDING_DIFFERS, "words"),
    "stage": ("UPDATE matters SET stage = 'closed', open = 0", findings.STANDING_DIFFERS, "open"),
    "owner": ("UPDATE matters SET places = '{}'", findings.STANDING_DIFFERS, "places"),
    "record": (
        "UPDATE matters SET recorded = '{\"evidence\":\"Done.\",\"progress\":\"nearly\"}'",
        findings.STANDING_DIFFERS,
        "recorded",
    ),
    "day": ("UPDATE matters SET due = '2030-01-01'", findings.STANDING_DIFFERS, "due"),
    "turn": ("UPDATE matters SET turn = turn + 1", findings.TAIL_CUT, "turn"),
    "gone": ("DELETE FROM matters", findings.STANDING_GONE, "gone"),
    "opened_from": ("UPDATE audits SET link = 'other' WHERE stream = 're_audit'", findings.STANDING_DIFFERS, "link"),
    "untold": (
        ("INSERT INTO matters SELECT '00000000000000000000000000000001', 'ACT-0099', workflow, workflow_digest, stage,"
        " open, words, subject, audit, hangs_on, link, opened_by, opened_at, ended_at, due, entered, clock_left,"
        " clock_stopped_at, recorded, places, turn FROM matters"),
        findings.STANDING_UNTOLD,
        "no ledger",
    ),
}  # fmt: skip


def found(live: Following) -> list[Finding]:
    return list(verify(live.db).findings)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_found(live: Following, audit: str, name: str) -> None:
    edit, code, words = EDITS[name]
    action = live.evidenced(audit)
    live.answer(audit, "P-2", "accepted")
    again = live.open("P-1", "re_audit", hangs_on=audit)
    assert found(live) == []
    with closing(sqlite3.connect(live.address)) as knife:
        knife.execute(edit)
        knife.commit()

    (finding,) = found(live)

    assert (finding.code, words in finding.sentence) == (code, True)
    assert finding.reference == {"opened_from": again, "untold": "ACT-0099"}.get(name, action)
