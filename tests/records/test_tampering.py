"""Nobody changes what happened without being noticed. Each edit is made below the program, in the file itself."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from audit_engine.problems import Unusable
from audit_engine.records import findings
from audit_engine.records.checkpoints import make_checkpoint, write_anchor
from audit_engine.records.database import create_database, open_database
from audit_engine.records.ledger import PROGRAM, Author, Happening, append, commitment, entry_hash
from audit_engine.records.verification import Verification, verify

from .conftest import START, Storyteller, Told

Copy = Callable[[str], Told]
COVERED = (
    "entries",
    "payloads",
    "checkpoints",
    "checkpoint_heads",
    "workspace",
    "people",
    "roles_held",
    "accounts",
    "cases",
    "audits",
    "ratings",
    "moderations",
    "observations",
    "indicators",
    "imported_files",
)


@contextmanager
def knife(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may cut anywhere: no triggers, no foreign keys, no checks; triggers are put back after."""
    with closing(sqlite3.connect(file)) as cut:
        cut.execute("PRAGMA ignore_check_constraints = ON")
        kept = cut.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert kept
        for name, _ in kept:
            cut.execute(f"DROP TRIGGER {name}")
        yield cut
        for _, text in kept:
            cut.execute(text)
        cut.commit()


def verified(told: Told, *, anchored: bool = True) -> Verification:
    with open_database(told.file) as db:
        return verify(db, told.anchors if anchored else ())


def codes(found: Verification) -> set[str]:
    return {finding.code for finding in found.findings}


def a_chain(cut: sqlite3.Connection, about: str, entries: int) -> str:
    """A chain of that kind with that many entries."""
    asked = "SELECT chain FROM entries WHERE about = ? GROUP BY chain HAVING count(*) = ? ORDER BY chain"
    return str(cut.execute(asked, (about, entries)).fetchone()[0])


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


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("UPDATE audits SET overall = 'outstanding' WHERE reference = 'A-00001'", "T007", "overall"),
        ("UPDATE audits SET facts = '{\"law_type\": \"private\"}' WHERE reference = 'A-00001'", "T007", "facts"),
        ("UPDATE cases SET facts = replace(facts, 'true', '1') WHERE reference = 'C-00001'", "T007", "facts"),
        ("UPDATE people SET name = 'X' WHERE reference = 'P-001'", "T007", "name"),
        ("UPDATE roles_held SET role = 'head_of_practice' WHERE number = 2", "T007", "roles 2: role"),
        ("DELETE FROM roles_held WHERE number = 2", "T007", "roles 2 (removed)"),
        ("UPDATE accounts SET account = 'uid:0'", "T007", "accounts uid:0 (added), accounts uid:1000 (removed)"),
        ("UPDATE workspace SET mode = 'training'", "T007", "mode"),
        ("DELETE FROM observations", "T009", "observation O-1"),
        ("UPDATE moderations SET key = lower(hex(randomblob(16)))", "T008", "no ledger"),
        ("DELETE FROM ratings WHERE criterion = 'heard.met'", "T007", "ratings heard.met (removed)"),
        ("UPDATE ratings SET grade = 'inadequate' WHERE criterion = 'plan.clear'", "T007", "plan.clear: grade"),
        (
            """INSERT INTO ratings SELECT audit, 'x', applicability, reason, grade, grade_order, evidence, impact,
               pointer, note, given_applicability, given_grade, turn, answers, members
               FROM ratings WHERE criterion = 'heard.met'""",
            "T007",
            "ratings x (added)",
        ),
        ("UPDATE audits SET turn = turn + 1 WHERE reference = 'A-00001'", "T010", "turn"),
        ("UPDATE definitions SET text = text || ' '", "T019", "quality"),
        ("INSERT INTO teams VALUES ('Team 9', 'North')", "T021", "Team 9"),
        ("UPDATE definitions SET kind = 'scale'", "T022", "kept as scale quality 1.0.0, its text says rubric"),
        ("UPDATE definitions SET name = 'other'", "T022", "kept as rubric other"),
        ("UPDATE definitions SET version = '2.0.0'", "T022", "quality 2.0.0"),
        ("UPDATE moderations SET workflow_digest = 'gone'", "T019", "that moderations were made under is gone"),
        ("INSERT INTO commands VALUES (hex(randomblob(16)), hex(randomblob(16)), 3)", "T023", "turn 3"),
        ("UPDATE ratings SET turn = 1 WHERE criterion = 'plan.clear'", "T024", "ratings plan.clear"),
        ("UPDATE alembic_version SET version_num = '0001'", "T025", "number of the tables"),
    ],
)
def test_a_standing_row_changed_without_an_entry_is_named(copied: Copy, statement: str, code: str, words: str) -> None:
    told = copied("a.db")
    with knife(told.file) as cut:
        assert cut.execute(statement).rowcount > 0

    named = [finding for finding in verified(told, anchored=False).findings if finding.code == code]

    assert named
    assert words in named[0].sentence


def test_dropped_and_added_triggers_are_noticed(copied: Copy) -> None:
    told = copied("a.db")
    with closing(sqlite3.connect(told.file)) as cut:
        cut.execute("DROP TRIGGER entries_refuse_update")
        cut.commit()

    assert codes(verified(told)) == {findings.TRIGGERS_DIFFER}


@pytest.mark.parametrize(
    "statement",
    ["DROP INDEX ix_audits_counts_on_stream", "CREATE TABLE other (x)", "CREATE VIEW v AS SELECT 1",
     "ALTER TABLE cases ADD COLUMN x TEXT"],
)  # fmt: skip
def test_changed_tables_are_noticed(copied: Copy, statement: str) -> None:
    told = copied("a.db")
    with closing(sqlite3.connect(told.file)) as cut:
        cut.execute(statement)

    assert codes(verified(told)) == {findings.SCHEMA_DIFFERS}


def test_an_anchor_of_another_workspace_is_named(copied: Copy, tmp_path: Path) -> None:
    told = copied("a.db")
    with create_database(tmp_path / "other.db", mode="live") as other, other.write() as session:
        foreign = write_anchor(tmp_path, make_checkpoint(session, START))

    assert codes(verified(Told(told.file, (foreign,)))) == {findings.ANCHOR_FOREIGN}


def edited(cut: sqlite3.Connection, table: str, choose: random.Random) -> str | None:
    """One random edit of one random row; what was done, None when it did not take."""
    columns = cut.execute(f"PRAGMA table_info({table})").fetchall()
    keys = [row[1] for row in columns if row[5]]
    rows = cut.execute(f"SELECT {', '.join(keys)} FROM {table} ORDER BY {', '.join(keys)}").fetchall()
    row = choose.choice(rows)
    where = " AND ".join(f"{key} = ?" for key in keys)
    if choose.random() < 0.15:
        cut.execute(f"DELETE FROM {table} WHERE {where}", row)
        return f"delete from {table}"
    _, name, kind, required, *_ = choose.choice(columns)
    (old,) = cut.execute(f"SELECT {name} FROM {table} WHERE {where}", row).fetchone()
    new = another(old, kind, name, choose, nullable=not required)
    try:
        cut.execute(f"UPDATE {table} SET {name} = ? WHERE {where}", (new, *row))
    except sqlite3.IntegrityError:
        return None  # a key that is there already
    return f"{table}.{name}"


def another(old: Any, kind: str, name: str, choose: random.Random, *, nullable: bool) -> Any:
    """A value that differs, of the stored kind."""
    if old is not None and nullable and choose.random() < 0.3:
        return None
    if name in {"facts", "feedback_from"}:
        return json.dumps([json.loads(old or "null"), 1])
    if kind == "INTEGER":
        return 1 if old is None else old + choose.choice([-1, 1, 7])
    if kind == "BLOB":
        place = choose.randrange(len(old))
        return old[:place] + bytes([old[place] ^ 1 << choose.randrange(8)]) + old[place + 1 :]
    if not old:
        return "x"
    place = choose.randrange(len(old))
    letter = (
        old[place].swapcase()
        if old[place].swapcase() != old[place]
        else choose.choice("789" if old[place] < "5" else "012")
    )
    return old[:place] + letter + old[place + 1 :]


@pytest.mark.parametrize("part", range(10))
def test_two_hundred_random_edits_none_missed(copied: Copy, part: int) -> None:
    made = 0
    for number in range(20):
        choose = random.Random(part * 1000 + number)  # noqa: S311 - drawn from a seed, not for secrecy
        told = copied(f"{number}.db")
        with knife(told.file) as cut:
            what = edited(cut, choose.choice(COVERED), choose)
        if what is None:
            continue
        assert answered(told) != "nothing", f"missed: {what}, seed {part * 1000 + number}"
        made += 1

    assert made >= 18


def contents(file: Path) -> list[list[tuple[Any, ...]]]:
    """Every covered row, as bytes."""
    with closing(sqlite3.connect(file)) as connection:
        connection.text_factory = bytes
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in COVERED]


@pytest.mark.parametrize("part", range(6))
def test_a_flipped_bit_is_noticed_or_changed_nothing(copied: Copy, part: int) -> None:
    """Anywhere in the file: refused in a sentence, found, or in a place that holds nothing of ours."""
    answers = {"refused": 0, "found": 0, "nothing": 0}
    for number in range(40):
        choose = random.Random(9_000 + part * 100 + number)  # noqa: S311 - drawn from a seed, not for secrecy
        told = copied(f"{number}.db")
        before = contents(told.file)
        content = bytearray(told.file.read_bytes())
        content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)
        told.file.write_bytes(content)
        answer = answered(told)
        answers[answer] += 1
        if answer == "nothing":
            assert contents(told.file) == before

    assert answers["found"] + answers["refused"] >= 2, answers


def answered(told: Told) -> str:
    """What verification says of a file: `refused`, `found`, or `nothing`."""
    try:
        return "found" if verified(told).findings else "nothing"
    except Unusable:
        return "refused"


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
