"""A command is carried out exactly once, and two who act at one moment never lose each other's work."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Refused
from audit_engine.records.database import open_database

from .at_work import DAN, DEE, EDGAR, EVE, LEAD, Live, contents
from .conftest import Prepared, Workers, copied, prepared, unselected
from .deeds import DEEDS

DONE, REFUSED = 0, 3


@pytest.mark.parametrize("name", DEEDS)
def test_the_same_command_again_changes_nothing(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue
) -> None:
    file, audit = prepared_files(name)
    live, command = copied(file, tmp_path / "one.db", catalogue), Command()
    with live.db:
        live.next_command = command
        DEEDS[name].act(live, audit)
        after = live.contents()
        for _ in range(2):
            live.next_command = command
            DEEDS[name].act(live, audit)

        assert live.contents() == after
        assert sum(row["id"] == command.id for row in live.rows("commands")) == 1
        assert live.is_sound()


@pytest.mark.parametrize("name", DEEDS)
def test_the_same_command_from_four_processes_at_once(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue, workers: Workers
) -> None:
    """All four say it is done; one entry tells of it."""
    file, audit = prepared_files(name)
    live, command = copied(file, tmp_path / "one.db", catalogue), uuid4().hex
    live.db.close()
    before = contents(tmp_path / "one.db")
    part = {"file": str(tmp_path / "one.db"), "audit": audit, "deed": name, "command": command}

    ended = workers([part] * 4)

    after = contents(tmp_path / "one.db")
    once = copied(file, tmp_path / "other.db", catalogue)
    with once.db:
        DEEDS[name].act(once, audit)
    expected = contents(tmp_path / "other.db")
    assert ended == [DONE] * 4
    assert after != before
    assert {table: len(rows) for table, rows in after.items()} == {t: len(rows) for t, rows in expected.items()}
    with open_database(tmp_path / "one.db") as db:
        assert replace(live, db=db).is_sound()


def test_the_same_command_from_many_threads(live: Live, audit: str) -> None:
    auditor = live.who(live.begun(audit))
    live.seated, command, before = auditor, Command(), live.audit(audit)["turn"]

    with ThreadPoolExecutor(8) as pool:
        waiting = [
            pool.submit(live.rate, audit, auditor.reference, "rep.plan", grade="good", command=command)
            for _ in range(24)
        ]
        for one in waiting:
            one.result()

    assert live.audit(audit)["turn"] == before + 1
    assert live.is_sound()


def at_once(*acts: tuple[Live, object]) -> list[object]:
    """Do all of them at one moment. None for each that was done, its refusal for each that was not."""
    barrier = Barrier(len(acts))

    def one(act: object) -> object:
        assert callable(act)
        barrier.wait()
        try:
            act()
        except Refused as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [waiting.result() for waiting in [pool.submit(one, act) for _, act in acts]]


def separately(live: Live, count: int) -> list[Live]:
    """The same workspace opened as often as people are at it."""
    return [replace(live, db=open_database(live.address)) for _ in range(count)]


def two_take_one_audit(live: Live, audit: str) -> None:
    """One head of practice has it, the other is told; its story has no gap."""
    live.submitted(audit, "outstanding", "outstanding")
    eve, edgar = separately(live, 2)
    with eve.db, edgar.db:
        ended = at_once((eve, lambda: eve.take(audit, EVE)), (edgar, lambda: edgar.take(audit, EDGAR)))

    (refused,) = [one for one in ended if isinstance(one, Refused)]
    (moderation,) = live.moderations(audit)
    winner = (EVE, EDGAR)[ended.index(None)]
    assert live.row("people", reference=winner)["key"] == moderation["moderator"]
    assert winner in str([reason.text for reason in refused.reasons])
    turns = [line.turn for line in live.story(live.audit(audit)["key"])]
    assert turns == list(range(1, live.audit(audit)["turn"] + 1))
    assert live.is_sound()


@pytest.mark.parametrize("_round", range(5))
def test_two_who_take_one_audit_at_once(live: Live, audit: str, _round: int) -> None:
    two_take_one_audit(live, audit)


@pytest.mark.postgres
def test_two_who_take_one_audit_at_once_on_postgresql(postgres_address: str, catalogue: Catalogue) -> None:
    live = prepared(postgres_address, catalogue)
    with live.db:
        two_take_one_audit(live, unselected(live))


def test_withdrawn_by_one_and_begun_by_another(live: Live, audit: str, workers: Workers) -> None:
    """Each on what they saw: one process wins, the other is told that it moved on."""
    part = {"file": str(live.address), "audit": audit, "turn": live.audit(audit)["turn"]}

    ended = workers([part | {"deed": deed, "command": uuid4().hex} for deed in ("begin", "withdraw")])

    assert sorted(ended) == [DONE, REFUSED]
    assert live.audit(audit)["stage"] == ("grading", "withdrawn")[ended.index(DONE)]
    assert live.is_sound()


def test_no_answer_of_four_processes_is_lost(live: Live, audit: str, workers: Workers) -> None:
    auditor = live.begun(audit)
    criteria, before = live.expected(), live.audit(audit)["turn"]
    part = {"file": str(live.address), "audit": audit, "deed": "rate_many"}

    ended = workers([part | {"criteria": criteria[n:] + criteria[:n]} for n in range(0, 16, 4)])

    story = live.story(live.audit(audit)["key"])
    assert ended == [DONE] * 4
    assert live.audit(audit)["turn"] == before + 4 * len(criteria)
    assert [line.turn for line in story] == list(range(1, len(story) + 1))
    assert {name: row["grade"] for name, row in live.ratings(audit).items()} == dict.fromkeys(criteria, "good")
    assert auditor in (DEE, DAN)
    assert live.is_sound()


def test_an_escalation_waits_for_nobody(live: Live, audit: str) -> None:
    """Raised on a picture long out of date, it is never refused for its turn."""
    auditor = live.begun(audit)
    live.rate(audit, auditor, "rep.plan", grade="good")
    live.escalate(audit, LEAD, command=Command(turn=1))

    assert len(live.escalations(audit)) == 1
    assert live.is_sound()


def test_an_older_picture_of_another_criterion_is_good_enough(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    seen = live.audit(audit)["turn"]
    live.rate(audit, auditor, "rep.plan", grade="good")
    live.escalate(audit, LEAD)
    live.rate(audit, auditor, "heard.seen", grade="good", command=Command(turn=seen))

    assert set(live.ratings(audit)) == {"rep.plan", "heard.seen"}
    assert live.is_sound()


def test_a_turn_taken_between_reading_and_writing_is_told(live: Live, audit: str) -> None:
    """What BEGIN IMMEDIATE rules out on SQLite is refused all the same: the UPDATE has the turn in its condition."""
    from audit_engine.actions import changing

    auditor = live.begun(audit)
    taking = changing._take_turn

    def too_late(session: object, hand: object, columns: object) -> None:
        hand.audit["turn"] -= 1  # type: ignore[attr-defined]  # as if somebody had been quicker
        taking(session, hand, columns)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changing, "_take_turn", too_late)
        refused = live.refused(lambda: live.rate(audit, auditor, "rep.plan", grade="good"))

    assert [reason.rule for reason in refused.reasons] == ["turn"]
