"""What earlier versions wrote: today's program reads it, stands where they stood, and goes on from there."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.definitions.pinned import pinned_name, rubric_from
from audit_engine.definitions.workflow_reading import read_pinned
from audit_engine.records.database import open_database
from audit_engine.records.verification import verify
from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, LADDERS, LEAD, Live
from tests.actions.live.conftest import opened
from tests.records.histories.stored import counted, names, restored, stood, told

KINDS = {
    "workspace opened", "person recorded", "person bound", "person imported", "case imported", "file file_imported",
    "draw recorded", "audit drawn", "audit moved", "audit rated", "audit undone", "audit changed", "audit moderated",
    "moderation assigned", "moderation rated", "moderation moved", "moderation decided", "escalation raised",
    "escalation moved", "viewer viewed",
}  # fmt: skip
"""The entries that every stored history holds, at the least."""
STAGES = {"drawn", "allocated", "grading", "returned", "submitted", "moderation", "shared", "answered", "closed",
          "withdrawn"}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(params=names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(name: str, tmp_path: Path) -> Path:
    return restored(name, tmp_path / "audit.sqlite")


def test_there_is_something_in_each(name: str) -> None:
    made = stood(name).made

    assert made["entries"].keys() >= KINDS
    assert made["audits"].keys() >= STAGES
    assert sum(made["entries"].values()) >= 400
    assert sum(made["audits"].values()) >= 12
    assert made["entries"]["audit moved"] >= 40
    assert made["entries"]["audit rated"] >= 100
    assert made["entries"]["moderation rated"] >= 50


def test_there_is_one_of_the_first_live_path() -> None:
    assert "0003_0.1.0" in names()


def test_nothing_is_wrong_with_it(name: str, file: Path) -> None:
    with open_database(file) as db:
        verified = verify(db)

    assert verified.findings == ()
    assert verified.entries == sum(stood(name).made["entries"].values()) + 1  # that it was brought up to date
    assert verified.checkpoints == len(stood(name).made["checkpoints"])


def test_its_ledger_tells_what_stood_then(name: str, file: Path) -> None:
    """Every row and what stands below it, in the columns there were; and every chain's last hash."""
    then = stood(name)

    now = {line.pop("chain"): line for line in told(file, then.columns)}

    assert len(now) > 40
    assert now == then.things


def test_it_holds_as_much_as_then_under_the_same_roots_and_digests(name: str, file: Path) -> None:
    held = counted(file)

    assert {key: value for key, value in stood(name).made.items() if key != "by"} == held


def test_every_text_it_was_made_under_is_read_again(name: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        texts = connection.execute("SELECT kind, name, version, digest, text FROM definitions").fetchall()
    read: dict[str, Callable[[str], str]] = {
        "workflow": lambda text: read_pinned(text).digest,
        "rubric": lambda text: rubric_from(text).rubric.version,
    }

    for kind, called, version, digest, text in texts:
        assert pinned_name(text) == (kind, called, version)
        if kind in read:
            assert read[kind](text) in (digest, version)
    assert {kind for kind, *_ in texts} == {"workflow", "rubric", "programme"}


def test_another_payload_would_be_noticed(name: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "DELETE FROM payloads WHERE (chain, turn) IN"
            " (SELECT chain, turn FROM entries WHERE about = 'audit' AND kind = 'rated' LIMIT 1)"
        )
        connection.commit()

    now = {line.pop("chain"): line for line in told(file, stood(name).columns)}

    assert now != stood(name).things
    with open_database(file) as db:
        assert not verify(db).sound


# Whoever worked on its open audits goes on with them.


def at(live: Live, stage: str, **where: object) -> str:
    """An audit that was left at a stage."""
    return next(
        str(row["reference"])
        for row in live.rows("audits")
        if row["stage"] == stage and all(row[name] == value for name, value in where.items())
    )


def given(live: Live, audit: str) -> dict[str, dict[str, Any]]:
    """The auditor's answers, to be given by a moderator: what facts left out apart."""
    return {
        criterion: {name: row[name] for name in ("grade", "evidence", "impact", "note", "pointer") if row[name]}
        for criterion, row in live.ratings(audit).items()
        if row["applicability"] == "expected"
    }


def shared_is_closed(live: Live) -> str:
    audit = at(live, "shared")
    live.move(audit, LEAD, "close_unanswered", "On long leave.")
    assert live.audit(audit)["stage"] == "closed"
    return audit


def answered_is_closed(live: Live) -> str:
    audit = at(live, "answered")
    live.move(audit, CARA, "close")
    assert live.audit(audit)["stage"] == "closed"
    return audit


def submitted_is_moderated(live: Live) -> str:
    """Blind by a second person; then the escalation on it is worked off."""
    audit = at(live, "submitted")
    live.take(audit, EVE)
    for criterion, said in given(live, audit).items():
        live.rate(audit, EVE, criterion, blind=True, **said)
    live.blind_overall(audit, EVE, live.audit(audit)["overall"])
    live.lock(audit, EVE)
    live.finalise(audit, EVE, live.audit(audit)["overall"])
    live.concern(audit, CARA, "act", "Went to see the child.")
    live.concern(audit, LEAD, "close", "The child is safe.")
    assert live.moderations(audit)[0]["direction"] == "agreed"
    assert not live.escalations(audit)[0]["open"]
    return audit


def moderated_half_goes_on(live: Live) -> str:
    audit = at(live, "moderation")
    key = live.moderations(audit)[-1]["key"]
    missing = {name: said for name, said in given(live, audit).items() if name not in live.blind(key)}
    assert 0 < len(missing) < len(given(live, audit))
    for criterion, said in missing.items():
        live.rate(audit, EVE, criterion, blind=True, **said)
    # Those of them that were given then said only the grade.
    for criterion in LADDERS:
        live.rate(audit, EVE, criterion, evidence="found", impact="yes", blind=True)
    live.blind_overall(audit, EVE, "outstanding")
    live.lock(audit, EVE)
    live.give_back(audit, EVE)
    assert live.audit(audit)["stage"] == "returned"
    return audit


def graded_is_submitted(live: Live) -> str:
    audit = next(
        str(row["reference"])
        for row in live.rows("audits")
        if row["stage"] == "grading" and len(live.ratings(row["reference"])) >= 15
    )
    live.submit(audit, live.auditor(audit), "good")
    assert live.audit(audit)["stage"] in ("decided", "submitted")
    return audit


def returned_is_handed_in_again(live: Live) -> str:
    audit = at(live, "returned")
    auditor = live.auditor(audit)
    live.rate(audit, auditor, "safe.da_assessed", grade="good", note="", pointer="")
    live.submit(audit, auditor, "good")
    live.take(audit, EDGAR)
    assert [row["number"] for row in live.moderations(audit)] == [1, 2]
    return audit


def allocated_is_begun(live: Live) -> str:
    audit = at(live, "allocated")
    auditor = live.begun(audit)
    live.rate(audit, auditor, "rep.plan", grade="good")
    live.undo(audit, auditor)
    return audit


@pytest.mark.parametrize(
    "go_on",
    [
        shared_is_closed, answered_is_closed, submitted_is_moderated, moderated_half_goes_on, graded_is_submitted,
        returned_is_handed_in_again, allocated_is_begun,
    ],
)  # fmt: skip
def test_its_open_audits_go_on_under_the_text_they_were_opened_under(
    go_on: Callable[[Live], str], file: Path, catalogue: Catalogue
) -> None:
    live = opened(file, catalogue)
    live.now = max(line.at for row in live.rows("audits") for line in live.story(row["key"]))
    before = {row["reference"]: row for row in live.rows("audits")}
    with live.db:
        audit = go_on(live)

        row = live.audit(audit)
        assert row["turn"] > before[audit]["turn"]
        assert row["workflow_digest"] == before[audit]["workflow_digest"]
        assert live.is_sound()
        with closing(sqlite3.connect(file)) as connection:
            newest = connection.execute("SELECT workflow_digest FROM entries WHERE chain = ? AND turn = ?",
                                        (row["key"].hex, row["turn"])).fetchone()  # fmt: skip
        assert newest == (before[audit]["workflow_digest"],)


def test_what_is_moved_to_todays_text_knows_when_it_came_where_it_is(file: Path, catalogue: Catalogue) -> None:
    """Windows are counted from there, and audits of then kept no such days."""
    live = opened(file, catalogue)
    live.now = max(line.at for row in live.rows("audits") for line in live.story(row["key"]))
    with live.db:
        audit = at(live, "shared")
        assert live.audit(audit)["entered"] is None
        story = live.story(live.audit(audit)["key"])
        moves = [(line.payload or {}, day_of(line.at).isoformat()) for line in story if line.kind == "moved"]
        came = {payload["changed"]["stage"][1]: day for payload, day in moves}

        live.migrate(catalogue)

        entered = live.audit(audit)["entered"]
        assert {"grading", "decided", "shared"} <= came.keys()
        assert {stage: entered[stage] for stage in came} == came
        live.answer(audit, ADA, "accepted")
        assert live.audit(audit)["stage"] == "answered"
        assert live.is_sound()
