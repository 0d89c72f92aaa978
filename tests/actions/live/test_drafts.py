"""Drafts: kept every second, read back by their own person only, in nobody's record, gone when they are dropped."""

import itertools
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from audit_engine.actions.drafting import drop_draft, keep_draft
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Unusable
from audit_engine.queries.drafts import drafts
from audit_engine.records import findings
from audit_engine.records.database import open_database
from audit_engine.records.verification import verify
from audit_engine.safe_text import MAX_TEXT
from tests.queries.test_blindness import told
from tests.whole.live_service import service, this_quarter

from .at_work import ADA, AT, CARA, EDGAR, EVE, LEAD, MAX, Live, contents
from .conftest import copied, opened, prepared
from .cutting import cut_before
from .test_faults import PowerCut, power_cut

NOTE = "note:heard.seen"
CANARY = "Canary-draft"
EVERY_PLACE = (
    NOTE, "pointer:heard.seen", "concern", "concern:heard.seen", "decision:heard.seen", "overall_reason", "return",
    "answer", "feedback_reason", "blind:note:heard.seen", "step:withdraw", "step:concern:act:1",
)  # fmt: skip


def keep(live: Live, who: str, audit: str, place: str, text: str) -> None:
    keep_draft(live.db, live.who(who), audit, place, text, at=live.at())


def drop(live: Live, who: str, audit: str, place: str) -> None:
    drop_draft(live.db, live.who(who), audit, place)


def kept(live: Live, who: str, audit: str) -> dict[str, str]:
    with live.db.read() as session:
        return drafts(session, live.who(who), audit)


def test_the_newest_text_stands_until_it_is_dropped(live: Live, audit: str) -> None:
    auditor, before = live.begun(audit), live.contents()
    assert kept(live, auditor, audit) == {}
    for place in EVERY_PLACE:
        keep(live, auditor, audit, place, f"Seen {place}")
    keep(live, auditor, audit, NOTE, "Seen twice, and \n")
    wanted = {place: f"Seen {place}" for place in EVERY_PLACE} | {NOTE: "Seen twice, and \n"}
    assert kept(live, auditor, audit) == wanted
    assert len(live.rows("drafts")) == len(EVERY_PLACE)
    assert live.contents() | {"drafts": []} == before


def test_a_draft_is_cleaned_and_cut_and_never_refused_for_what_it_says(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    keep(live, auditor, audit, NOTE, "a\x1b[2Jb\u202e\ud800\x00" + "c" * MAX_TEXT)
    assert kept(live, auditor, audit) == {NOTE: ("a[2Jb" + "c" * MAX_TEXT)[:MAX_TEXT]}
    keep(live, auditor, audit, NOTE, " \u200b\n")
    assert kept(live, auditor, audit) == {}
    for place in ("", "Note", "note heard", "n" * 121, "note\n", "nóte"):
        refused = live.refused(lambda place=place: keep(live, auditor, audit, place, "x"))  # type: ignore[misc]
        assert [reason.rule for reason in refused.reasons] == ["place"]


def test_nobody_reads_writes_or_drops_the_draft_of_another(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    people = {who: f"{CANARY} {who}" for who in (auditor, ADA, CARA, EVE, EDGAR, LEAD)}
    for who, text in people.items():
        keep(live, who, audit, NOTE, text)
    assert {who: kept(live, who, audit) for who in people} == {who: {NOTE: text} for who, text in people.items()}
    drop(live, EVE, audit, NOTE)
    assert {who for who in people if kept(live, who, audit)} == people.keys() - {EVE}
    mine = [name for name in live.audits if name != audit and live.auditor(name) == auditor]
    assert [kept(live, auditor, name) for name in mine] == [{}] * len(mine) != []


def test_what_is_not_there_and_what_is_not_theirs_get_one_answer(live: Live, audit: str) -> None:
    other = live.other_auditor(audit)
    with closing(sqlite3.connect(live.address)) as cut:
        imported = next(name for name in live.audits if name != audit)
        cut.execute("UPDATE audits SET imported = 1 WHERE reference = ?", (imported,))
        cut.commit()
    for who, name in ((other, audit), (MAX, audit), (LEAD, imported), (LEAD, "L-none")):
        acts = (
            lambda who=who, name=name: keep(live, who, name, NOTE, "x"),
            lambda who=who, name=name: drop(live, who, name, NOTE),
            lambda who=who, name=name: kept(live, who, name),
        )
        for act in acts:
            (reason,) = live.refused(act).reasons
            assert reason.text.startswith(f"There is no live audit of this reference that {who} may see, grade,")


def test_whoever_loses_the_audit_reads_their_draft_when_they_have_it_again(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    keep(live, auditor, audit, NOTE, CANARY)
    live.reallocate(audit, LEAD, live.other_auditor(audit))
    live.refused(lambda: keep(live, auditor, audit, NOTE, "x"))
    assert kept(live, live.auditor(audit), audit) == {}
    live.reallocate(audit, LEAD, auditor)
    assert kept(live, auditor, audit) == {NOTE: CANARY}


def test_at_its_end_an_audit_keeps_drafts_of_concerns_only(live: Live, audit: str) -> None:
    auditor, other = live.begun(audit), next(name for name in live.audits if name != audit)
    concerns = {"concern": "For the child.", "concern:heard.seen": "For her."}
    for place, text in {NOTE: "x", "concerns": "y", **concerns}.items():
        keep(live, auditor, audit, place, text)
    keep(live, LEAD, audit, "step:withdraw", "Wrong case.")
    keep(live, LEAD, other, "step:withdraw", "Another.")

    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")

    assert kept(live, auditor, audit) == concerns
    assert (kept(live, LEAD, audit), kept(live, LEAD, other)) == ({}, {"step:withdraw": "Another."})
    refused = live.refused(lambda: keep(live, auditor, audit, NOTE, "Still typing"))
    assert [reason.rule for reason in refused.reasons] == ["stage"]
    keep(live, auditor, audit, "concern", "For the child, still.")
    drop(live, auditor, audit, NOTE)
    assert kept(live, auditor, audit) == concerns | {"concern": "For the child, still."}
    assert live.is_sound()


def test_words_about_an_escalation_go_when_it_is_brought_on(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    for concern in ("One.", "Another."):
        live.escalate(audit, auditor, concern)
    places = ("step:concern:act:1", "step:concern:close:1", "step:concern:close:2")
    for who in (CARA, LEAD):
        for place in places:
            keep(live, who, audit, place, "Half a sentence")
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Somebody went there.")
    assert (set(kept(live, CARA, audit)), set(kept(live, LEAD, audit))) == (set(places[1:]), set(places))
    live.concern(audit, LEAD, "close", "Seen and safe.")
    assert set(kept(live, CARA, audit)) == set(kept(live, LEAD, audit)) == {"step:concern:close:2"}

    live.escalation_closed(audit)
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
    live.escalate(audit, auditor, "After its end.")
    keep(live, CARA, audit, "step:concern:act:3", "An ended audit's escalation is brought on, too.")
    assert set(kept(live, CARA, audit)) == {"step:concern:act:3"}


def test_drafts_are_in_no_record_but_in_the_file_until_they_are_dropped(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    people = (auditor, ADA, CARA, EVE, LEAD)
    for who in people:
        for place in EVERY_PLACE:
            keep(live, who, audit, place, f"{CANARY} of {who}")
    for who in people:
        assert CANARY not in told(live, who, audit)
        assert set(kept(live, who, audit).values()) == {f"{CANARY} of {who}"}
    assert live.is_sound()
    assert CANARY in _bytes(live)
    for who in people:
        for place in EVERY_PLACE:
            drop(live, who, audit, place)
    live.db.close()  # which ends the write-ahead log, too

    assert CANARY not in _bytes(live)


def _bytes(live: Live) -> str:
    file = Path(live.address)
    return "".join(part.read_bytes().decode("latin-1") for part in file.parent.glob(f"{file.name}*"))


def test_no_command_prints_a_draft(tmp_path: Path, catalogue: Catalogue) -> None:
    one = service(tmp_path / "ws")
    audit, auditor = min(one.auditors.items())
    said = ["4", "The note that was saved.", "Log, 3 January.", "q"]
    one.talk(auditor, audit, *said)
    live = opened(one.folder / "audit.sqlite", catalogue)
    with live.db:
        for who in (auditor, LEAD):
            for place in EVERY_PLACE:
                keep(live, who, audit, place, CANARY)
    asked = {
        auditor: (("show", audit, "--json"), ("why", audit), ("grade", audit, "--plain"), ("render", audit, "--force")),
        LEAD: (("show", audit), ("queue",), ("summary", this_quarter()), ("verify",)),
    }
    done = [one.run(who, *words, typed="", check=False) for who, them in asked.items() for words in them]
    printed = "".join(one.stdout + one.stderr for one in done)
    assert "The note that was saved." in printed
    assert "nothing wrong was found" in printed
    assert CANARY not in printed


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER TABLE drafts ADD COLUMN read_by TEXT", findings.SCHEMA_DIFFERS),
        ("DROP TABLE drafts", findings.SCHEMA_DIFFERS),
        ("CREATE TRIGGER t AFTER INSERT ON drafts BEGIN SELECT 1; END", findings.TRIGGERS_DIFFER),
    ],
)
def test_a_changed_table_of_drafts_is_noticed(live: Live, audit: str, statement: str, code: str) -> None:
    keep(live, live.begun(audit), audit, NOTE, "x")
    assert live.is_sound()
    with closing(sqlite3.connect(live.address)) as cut:
        cut.execute(statement)

    assert [finding.code for finding in verify(live.db).findings] == [code]


def test_cut_off_anywhere_the_draft_before_is_still_there(
    workspace: Path, tmp_path: Path, audit: str, catalogue: Catalogue
) -> None:
    first = copied(workspace, tmp_path / "first.db", catalogue)
    with first.db:
        auditor = first.auditor(audit)
        actor = first.who(auditor)
        keep(first, auditor, audit, NOTE, "Before.")
    before = contents(tmp_path / "first.db")
    for place in (NOTE, "concern"):  # one is replaced, the other is new
        for number in itertools.count(1):
            file = tmp_path / f"{place.partition(':')[0]}{number}.db"
            with cut_before(number, power_cut), copied(tmp_path / "first.db", file, catalogue).db as db:
                try:
                    keep_draft(db, actor, audit, place, "After.", at=AT)
                    break
                except PowerCut:
                    pass
            assert contents(file) == before
            again = opened(file, catalogue)
            with again.db:
                keep(again, auditor, audit, place, "Again.")
                assert kept(again, auditor, audit) == {NOTE: "Before."} | {place: "Again."}
        assert number > 4, "BEGIN, a question, a row, COMMIT: fewer were not looked at"


def test_a_full_disk_and_a_lock_are_said_and_the_draft_before_is_kept(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    keep(live, auditor, audit, NOTE, "Before.")
    with live.db.write() as session:
        run = session.connection().exec_driver_sql
        run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar_one()}")
    with pytest.raises(Unusable, match="W017"):
        _fill(live, auditor, audit)
    with live.db.write() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
    with (
        closing(sqlite3.connect(live.address, isolation_level=None)) as other,
        open_database(live.address, patience=0.05) as hasty,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unusable, match="W012"):
            keep_draft(hasty, live.who(auditor), audit, NOTE, "Never.", at=AT)
    assert kept(live, auditor, audit)[NOTE] == "Before."
    keep(live, auditor, audit, NOTE, "After.")
    assert kept(live, auditor, audit)[NOTE] == "After."


def _fill(live: Live, who: str, audit: str) -> None:
    for number in range(50):
        keep(live, who, audit, f"note:{number}", "x" * MAX_TEXT)


@pytest.mark.postgres
def test_the_same_on_postgresql_also_from_two_terminals_at_once(postgres_address: str, catalogue: Catalogue) -> None:
    live = prepared(postgres_address, catalogue)
    with live.db:
        audit = live.audits[0]
        auditor, at = live.begun(audit), live.now + timedelta(minutes=5)
        actor, start = live.who(auditor), Barrier(4)

        def terminal(number: int) -> None:
            for turn in range(10):
                start.wait()  # each place is new to all of them at the same moment
                keep_draft(live.db, actor, audit, f"note:{turn}", f"{number}", at=at)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(terminal, range(4)))
        assert kept(live, auditor, audit).keys() == {f"note:{turn}" for turn in range(10)}
        drop(live, auditor, audit, "note:0")
        keep(live, auditor, audit, "note:1", "")
        keep(live, auditor, audit, "concern", "For the child.")
        assert kept(live, auditor, audit).keys() == {f"note:{turn}" for turn in range(2, 10)} | {"concern"}
        assert live.is_sound()
        live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
        assert kept(live, auditor, audit) == {"concern": "For the child."}
