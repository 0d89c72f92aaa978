"""Opening, reading and writing: what is promised of every transaction."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from audit_engine.problems import Unusable
from audit_engine.records.database import Database, create_database, open_database
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.sqlite_files import APPLICATION_ID, SCHEMA_NUMBER
from audit_engine.records.tables import Person, Workspace

from .conftest import START


def person(number: int) -> dict[str, object]:
    return {"key": uuid4(), "reference": f"P-{number}", "name": "A. Person", "turn": 1}


def people(db: Database) -> int:
    with db.read() as session:
        return session.exec(select(func.count()).select_from(Person)).one()


def test_a_new_workspace_says_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "audit 100%?#.db"
    with create_database(file, mode="training", at=START) as made:
        assert (made.mode, made.address) == ("training", str(file))
    with open_database(str(file)) as opened:
        assert (opened.mode, opened.workspace) == (made.mode, made.workspace)
        with opened.read() as session:
            (entry,) = session.exec(select(Entry)).all()
    assert (entry.chain, entry.about, entry.kind, entry.actor) == (made.workspace, "workspace", "opened", None)


def test_only_its_owner_may_read_a_new_file(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with create_database(tmp_path / "a.db", mode="live") as db, db.write() as session:
            session.connection().execute(insert(Person).values(**person(1)))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(old)

    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}


def test_every_connection_is_settled(db: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30_000}
    wanted |= {"application_id": APPLICATION_ID, "user_version": SCHEMA_NUMBER}
    for way in (db.read, db.write):
        with way() as session:
            run = session.connection().exec_driver_sql
            assert {pragma: run(f"PRAGMA {pragma}").scalar_one() for pragma in wanted} == wanted


def test_leaving_commits_and_an_exception_rolls_back(db: Database) -> None:
    with db.write() as session:
        session.connection().execute(insert(Person).values(**person(1)))
    with pytest.raises(KeyError), db.write() as session:  # noqa: PT012 - what comes before is the point
        session.connection().execute(insert(Person).values(**person(2)))
        raise KeyError("something of the caller's")

    assert people(db) == 1


def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(Unusable, match="W008"), db.read() as session:
        session.connection().execute(insert(Person).values(**person(1)))
    with db.write() as session:
        session.connection().execute(insert(Person).values(**person(1)))

    assert people(db) == 1


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_its_work(db: Database) -> None:
    with db.write() as writing:
        writing.connection().execute(insert(Person).values(**person(1)))
        with db.read() as reading:
            assert reading.exec(select(func.count()).select_from(Person)).one() == 0
    assert people(db) == 1


def test_a_reader_sees_one_moment(db: Database) -> None:
    with db.read() as reading:
        assert reading.exec(select(func.count()).select_from(Person)).one() == 0
        with db.write() as writing:
            writing.connection().execute(insert(Person).values(**person(1)))
        assert reading.exec(select(func.count()).select_from(Person)).one() == 0


def test_no_update_is_lost_between_writers(db: Database) -> None:
    """Each reads, adds one and saves: the lost update that SQLModel on SQLite has as it comes."""
    key = uuid4()
    with db.write() as session:
        session.add(Person(key=key, reference="P-1", name="A. Person", turn=0))
    start = threading.Barrier(8)

    def add() -> None:
        start.wait()
        for _ in range(25):
            with db.write() as session:
                found = session.get_one(Person, key)
                found.turn += 1
                session.add(found)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(add) for _ in range(8)]:
            done.result()

    with db.read() as session:
        assert session.exec(select(col(Person.turn))).one() == 200


def test_transact_gives_back_what_was_made(db: Database) -> None:
    def act(session: Session) -> int:
        return session.exec(select(func.count()).select_from(Workspace)).one()

    assert db.transact(act) == 1


def test_a_broken_rule_is_one_sentence_without_values(db: Database) -> None:
    with db.write() as session:
        session.connection().execute(insert(Person).values(**person(1)))
    with pytest.raises(Unusable) as refused, db.write() as session:
        session.connection().execute(insert(Person).values(**person(1)))

    (problem,) = refused.value.problems
    assert problem.code == "W016"
    assert "people.reference" in problem.message
    assert "P-1" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_locked_database_says_so(db: Database, tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "audit.db", isolation_level=None)) as other,
        open_database(tmp_path / "audit.db", patience=0.05) as hasty,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unusable) as refused, hasty.write() as session:
            session.connection().execute(insert(Person).values(**person(1)))
        assert people(hasty) == 0

    (problem,) = refused.value.problems
    assert (problem.code, problem.message) == ("W012", "the database is locked by another program; nothing was changed")


def test_a_database_another_program_keeps_for_itself_says_so_at_open(tmp_path: Path) -> None:
    create_database(tmp_path / "a.db", mode="live").close()
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("COMMIT")
        with pytest.raises(Unusable, match="W012 the database is locked by another program"):
            open_database(tmp_path / "a.db", patience=0.05)


def test_a_full_disk_says_so_and_the_next_write_works(db: Database) -> None:
    """`max_page_count` is SQLite's own full disk: the same error, from the same place."""
    with db.write() as session:
        run = session.connection().exec_driver_sql
        run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar_one()}")
    refused: list[Unusable] = []
    for number in range(5):
        try:
            with db.write() as session:
                rows = [person(1000 * number + n) | {"name": "x" * 500} for n in range(100)]
                session.connection().execute(insert(Person), rows)
        except Unusable as wrong:
            refused.append(wrong)
    assert len(refused) == 5
    (problem,) = refused[0].problems
    assert problem.code == "W017"
    assert problem.message.startswith(f"the disk holding {db.address} is full (")
    assert problem.message.endswith(" MB free); nothing was changed")

    with db.write() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
    with db.write() as session:
        session.connection().execute(insert(Person).values(**person(1)))
    assert people(db) == 1
    assert db.damage() is None


def test_opening_does_not_pay_for_migrations() -> None:
    told = "import sys, audit_engine.records.database; print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_the_ledger_refuses_changes_from_anybody(db: Database) -> None:
    with closing(sqlite3.connect(db.address)) as other:
        for statement in (
            "UPDATE entries SET role = 'x'",
            "DELETE FROM entries",
            "UPDATE payloads SET text = 'x'",
            "UPDATE workspace SET mode = 'training'",
            "DELETE FROM workspace",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="the ledger keeps what was written"):
                other.execute(statement)


def test_a_standing_table_refuses_the_wrong_kind_of_value(db: Database) -> None:
    with closing(sqlite3.connect(db.address)) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("INSERT INTO people VALUES ('a', 'b', 'c', 'not a number')")
