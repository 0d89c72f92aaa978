"""Whoever changes an entry, what it said, or a checkpoint is noticed; whoever changes nothing is not."""

import json
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from audit_engine.records import findings
from audit_engine.records.checkpoints import make_checkpoint, write_anchor
from audit_engine.records.database import create_database, open_database
from audit_engine.records.ledger import PROGRAM, Author, Happening, append, commitment, entry_hash
from audit_engine.records.verification import verify

from .conftest import START, Storyteller, Told
from .knife import COVERED, Copy, a_chain, codes, knife, verified


def rehash(cut: sqlite3.Connection, chain: str) -> None:
    """Make a chain follow on from itself again, as somebody who knows the layout would."""
    workspace = cut.execute("SELECT key FROM workspace").fetchone()[0]
    rows = cut.execute(
        "SELECT turn, about, kind, actor, role, identified, workflow_digest, rubric_digest, program, ts_utc, ts_flag,"
        " commitment, prev FROM entries WHERE chain = ? ORDER BY turn",
        (chain,),
    ).fetchall()
    prev = rows[0][-1]
    for turn, about, kind, actor, *middle, committed, _ in rows:
        hash_ = entry_hash([workspace, chain, about, turn, prev, kind, actor or "", *middle, committed])
        cut.execute("UPDATE entries SET prev = ?, hash = ? WHERE chain = ? AND turn = ?", (prev, hash_, chain, turn))
        prev = hash_


def rewrite(cut: sqlite3.Connection, chain: str, turn: int, payload: dict[str, Any]) -> None:
    """Replace what one entry said, and everything that vouches for it in its chain."""
    salt, text = b"s" * 32, json.dumps(payload, sort_keys=True, separators=(",", ":"))
    cut.execute("UPDATE payloads SET salt = ?, text = ? WHERE chain = ? AND turn = ?", (salt, text, chain, turn))
    committed = commitment(salt, text)
    cut.execute("UPDATE entries SET commitment = ? WHERE chain = ? AND turn = ?", (committed, chain, turn))
    rehash(cut, chain)


def test_a_workspace_nobody_touched_is_sound(copied: Copy) -> None:
    found = verified(copied("a.db"))

    assert found.findings == ()
    assert found.entries > 30
    assert found.checkpoints == 2
    assert found.unanchored_entries == 0


@pytest.mark.parametrize("seed", range(12))
def test_no_false_alarm_on_any_clean_ledger(tmp_path: Path, seed: int) -> None:
    """Random histories, changed and checkpointed at random moments, clocks going back."""
    choose = random.Random(seed)  # noqa: S311 - drawn from a seed, not for secrecy
    with create_database(tmp_path / "a.db", mode="training", at=START) as db:
        teller = Storyteller(db, seed)
        with db.write() as session:
            teller.everything(session, size=choose.randint(1, 5))
        anchors = []
        for _ in range(choose.randint(1, 6)):
            with db.write() as session:
                teller.clock -= choose.choice([datetime.resolution, START - datetime(2025, 1, 1, tzinfo=UTC)])
                for key, (about, _, _) in list(teller.rows.items()):
                    if about == "audit" and choose.random() < 0.5:
                        teller.change(session, key, "overall", choose.choice(["good", "Größe", None]))
                anchors.append(write_anchor(tmp_path, teller.checkpoint(session)))
        found = verify(db, choose.sample(anchors, k=1))

    assert found.findings == ()
    assert found.checkpoints == len(anchors)


def test_a_changed_entry_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        cut.execute("UPDATE entries SET role = 'head_of_practice' WHERE chain = ? AND turn = 2", (chain,))

    (finding,) = verified(told).findings

    assert (finding.code, finding.chain, finding.turn) == (findings.CHANGED, UUID(chain), 2)
    assert finding.reference.startswith("A-")
    assert finding.sentence == f"audit {finding.reference}: entry 2 was changed after it was written"


def test_a_deleted_middle_entry_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        cut.execute("DELETE FROM entries WHERE chain = ? AND turn = 2", (chain,))

    found = verified(told)

    assert codes(found) == {findings.GONE, findings.PAYLOAD_ALONE}
    assert found.findings[0].turn == 2


def test_a_cut_head_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        for table in ("entries", "payloads"):
            cut.execute(f"DELETE FROM {table} WHERE chain = ? AND turn = 1", (chain,))

    (finding,) = verified(told).findings

    assert (finding.code, finding.chain, finding.turn) == (findings.GONE, UUID(chain), 1)


def test_a_head_cut_and_renumbered_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        for table in ("entries", "payloads"):
            cut.execute(f"DELETE FROM {table} WHERE chain = ? AND turn = 1", (chain,))
            cut.execute(f"UPDATE {table} SET turn = turn - 1 WHERE chain = ?", (chain,))

    assert codes(verified(told)) == {findings.OUT_OF_LINE}


def test_an_inserted_entry_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        for turn in (3, 2):
            for table in ("entries", "payloads"):
                cut.execute(f"UPDATE {table} SET turn = ? WHERE chain = ? AND turn = ?", (turn + 1, chain, turn))
        for table in ("entries", "payloads"):
            columns = [row[1] for row in cut.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join({"turn": "2", "kind": "'viewed'"}.get(column, column) for column in columns)
            cut.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table} WHERE chain = ? AND turn = 3", (chain,))

    found = verified(told)

    assert codes(found) == {findings.CHANGED}
    assert found.findings[0].turn == 2


def test_swapped_entries_are_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        for table in ("entries", "payloads"):
            for old, new in ((2, 99), (3, 2), (99, 3)):
                cut.execute(f"UPDATE {table} SET turn = ? WHERE chain = ? AND turn = ?", (new, chain, old))

    found = verified(told)

    assert codes(found) == {findings.OUT_OF_LINE}
    assert found.findings[0].turn == 2


@pytest.mark.parametrize("anchored", [True, False])
def test_a_cut_tail_is_named_even_when_the_standing_row_agrees(copied: Copy, anchored: bool) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        for table in ("entries", "payloads"):
            cut.execute(f"DELETE FROM {table} WHERE chain = ? AND turn > 1", (chain,))
        cut.execute("UPDATE audits SET turn = 1, stage = 'grading', counts_on = NULL WHERE key = ?", (chain,))

    (finding,) = verified(told, anchored=anchored).findings

    assert (finding.code, finding.chain, finding.turn) == (findings.HEAD_DIFFERS, UUID(chain), 2)


@pytest.mark.parametrize("length", range(1, 21))
def test_a_cut_tail_no_checkpoint_saw_is_told_by_the_standing_row(tmp_path: Path, length: int) -> None:
    file = tmp_path / "a.db"
    with create_database(file, mode="live", at=START) as db:
        teller = Storyteller(db)
        with db.write() as session:
            teller.everything(session, size=1)
            (case,) = [key for key, (about, _, _) in teller.rows.items() if about == "case"]
            for number in range(25):
                teller.change(session, case, "team", f"Team {number}")
    with knife(file) as cut:
        for table in ("entries", "payloads"):
            cut.execute(f"DELETE FROM {table} WHERE chain = ? AND turn > ?", (case.hex, 26 - length))

    (finding,) = verified(Told(file, ())).findings

    assert (finding.code, finding.turn) == (findings.TAIL_CUT, 26 - length)


def test_a_chain_deleted_whole_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "viewer", 4)
        for table in ("entries", "payloads"):
            cut.execute(f"DELETE FROM {table} WHERE chain = ?", (chain,))

    (finding,) = verified(told).findings

    assert (finding.code, finding.chain) == (findings.HEAD_DIFFERS, UUID(chain))


def test_an_emptied_ledger_is_noticed_without_any_anchor(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        for table in (*COVERED[:4], *COVERED[5:]):
            cut.execute(f"DELETE FROM {table}")

    assert findings.LEDGER_EMPTY in codes(verified(told, anchored=False))
    assert {findings.LEDGER_EMPTY, findings.ROLLED_BACK} <= codes(verified(told))


def test_a_suffix_rewritten_at_the_same_length_is_named(copied: Copy) -> None:
    """The chain is whole and the standing row agrees with it: only a checkpoint knows better."""
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        rewrite(cut, chain, 2, {"changed": {"stage": ["grading", "withdrawn"]}})
        cut.execute("UPDATE audits SET stage = 'withdrawn' WHERE key = ?", (chain,))

    (finding,) = verified(told, anchored=False).findings

    assert (finding.code, finding.chain) == (findings.HEAD_DIFFERS, UUID(chain))


def test_a_rewritten_suffix_with_rewritten_checkpoints_is_told_by_an_anchor(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        rewrite(cut, chain, 2, {"changed": {"stage": ["grading", "withdrawn"]}})
        cut.execute("UPDATE audits SET stage = 'withdrawn' WHERE key = ?", (chain,))
        cut.execute("DELETE FROM checkpoint_heads")
        cut.execute("DELETE FROM checkpoints")
    with open_database(told.file) as db:
        for at in (START, START):
            with db.write() as session:
                make_checkpoint(session, at)

    assert verified(told, anchored=False).findings == (), "nobody can tell without an anchor"
    assert codes(verified(told)) == {findings.ANCHOR_DIFFERS}


def test_a_rewritten_suffix_with_a_rewritten_list_of_heads_is_noticed(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        rewrite(cut, chain, 2, {"changed": {"stage": ["grading", "withdrawn"]}})
        cut.execute("UPDATE audits SET stage = 'withdrawn' WHERE key = ?", (chain,))
        cut.execute(
            "UPDATE checkpoint_heads SET hash = (SELECT hash FROM entries e WHERE e.chain = checkpoint_heads.chain"
            " AND e.turn = checkpoint_heads.turn) WHERE chain = ?",
            (chain,),
        )

    assert codes(verified(told, anchored=False)) == {findings.CHECKPOINT_CHANGED}


def test_a_file_rolled_back_is_told_by_an_anchor(copied: Copy, tmp_path: Path) -> None:
    """An old copy put in the place of the new file: everything in it is true, and too old."""
    told = copied("a.db")
    older = copied("older.db")
    with open_database(told.file) as db:
        teller = Storyteller(db)
        with db.write() as session:
            teller.person(session, 77)
            newest = write_anchor(tmp_path, teller.checkpoint(session))
    shutil.copy(older.file, told.file)

    found = verified(Told(told.file, (*told.anchors, newest)))

    assert codes(found) == {findings.ROLLED_BACK}
    assert verified(told).findings == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE checkpoints SET root = zeroblob(32) WHERE number = 1", findings.CHECKPOINT_CHANGED),
        ("UPDATE checkpoints SET entries = entries - 1 WHERE number = 2", findings.CHECKPOINT_CHANGED),
        ("UPDATE checkpoints SET at = '2025-01-01 00:00:00.000000' WHERE number = 2", findings.ANCHOR_DIFFERS),
        ("DELETE FROM checkpoints WHERE number = 1", findings.CHECKPOINT_GONE),
        ("DELETE FROM checkpoints WHERE number = 2", findings.ROLLED_BACK),
        ("DELETE FROM checkpoint_heads WHERE checkpoint = 2", findings.CHECKPOINT_CHANGED),
        ("DELETE FROM checkpoint_heads", findings.CHECKPOINT_CHANGED),
    ],
)
def test_a_changed_checkpoint_is_noticed(copied: Copy, statement: str, code: str) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        cut.execute(statement)

    assert code in codes(verified(told))


def test_a_checkpoint_deleted_with_its_heads_is_told_by_its_anchor(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        cut.execute("DELETE FROM checkpoint_heads WHERE checkpoint = 2")
        cut.execute("DELETE FROM checkpoints WHERE number = 2")

    found = verified(told)

    assert codes(found) == {findings.ROLLED_BACK}
    assert 0 < found.anchored_entries < found.entries


def test_a_changed_payload_is_named(copied: Copy) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        chain = a_chain(cut, "audit", 3)
        cut.execute(
            "UPDATE payloads SET text = replace(text, 'closed', 'opened') WHERE chain = ? AND turn = 2", (chain,)
        )

    (finding,) = verified(told).findings

    assert (finding.code, finding.chain, finding.turn) == (findings.PAYLOAD_CHANGED, UUID(chain), 2)


def test_a_payload_gone_without_an_erasure_is_named_and_with_one_is_counted(copied: Copy) -> None:
    told = copied("a.db")
    with closing(sqlite3.connect(told.file)) as cut:
        chain = a_chain(cut, "viewer", 4)
        cut.execute("DELETE FROM payloads WHERE chain = ?", (chain,))
        cut.commit()

    assert codes(verified(told)) == {findings.PAYLOAD_GONE}

    with open_database(told.file) as db, db.write() as session:
        said = Happening(UUID(chain), "viewer", "erased", {"basis": "retention"})
        append(session, db.workspace, Author(None, "administrator", "os account"), [said], START)
    found = verified(told)
    assert found.findings == ()
    assert found.erased == 4
    assert found.unanchored_entries == 1


def test_an_anchor_of_another_workspace_is_named(copied: Copy, tmp_path: Path) -> None:
    told = copied("a.db")
    with create_database(tmp_path / "other.db", mode="live") as other, other.write() as session:
        foreign = write_anchor(tmp_path, make_checkpoint(session, START))

    assert codes(verified(Told(told.file, (foreign,)))) == {findings.ANCHOR_FOREIGN}


def test_the_layout_of_an_entry_is_what_it_was(copied: Copy) -> None:
    """The hash over known fields, worked out once by hand: a change of layout would orphan every ledger."""
    fields: list[str | int | bytes] = [
        "a" * 32,
        "b" * 32,
        "case",
        1,
        b"\x00" * 32,
        "imported",
        "",
        "auditor",
        "training",
    ]
    fields += ["", "", "audit-engine 0.1.0", 1_767_225_600_000_000, "ok", b"\x01" * 32]

    assert entry_hash(fields).hex() == "c2e2ce4e1233e6bb94af25f3908dc3738dea7637d058b0fe0f0e4365048f33d5"
    assert PROGRAM.startswith("audit-engine ")
    assert entry_hash(["ab", "c"]) != entry_hash(["a", "bc"])


def test_a_chain_of_somebody_elses_making_is_noticed(copied: Copy) -> None:
    """A story copied under another key does not follow from that key's beginning."""
    told = copied("a.db")
    with knife(told.file) as cut:
        chain, other = a_chain(cut, "viewer", 4), uuid4().hex
        columns = [row[1] for row in cut.execute("PRAGMA table_info(entries)")]
        chosen = ", ".join("?" if column == "chain" else column for column in columns)
        cut.execute(f"INSERT INTO entries SELECT {chosen} FROM entries WHERE chain = ?", (other, chain))

    found = verified(told, anchored=False)

    assert {(f.code, f.chain) for f in found.findings} == {(findings.OUT_OF_LINE, UUID(other))}
