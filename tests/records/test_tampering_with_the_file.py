"""Whoever changes the rows that stand, the tables, or any bit of the file is noticed."""

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audit_engine.problems import Unusable
from audit_engine.records import findings

from .conftest import Told
from .knife import COVERED, Copy, codes, knife, verified


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
