"""A workspace of an earlier version goes on under this one: a copy first, then all of it or nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert
from sqlmodel import Session

from audit_engine.problems import Unusable
from audit_engine.records import migrations
from audit_engine.records.database import open_database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.sqlite_files import SCHEMA_NUMBER
from audit_engine.records.tables import Workspace
from audit_engine.records.upgrading import upgrade_database
from audit_engine.records.verification import verify
from tests.records.conftest import START
from tests.records.histories.stored import put_back

HISTORY, TABLES = "0003_0.1.0", 3


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A workspace as version 0.1.0 left it."""
    file = tmp_path / "audit.sqlite"
    put_back(HISTORY, file)
    return file


def rows(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(question).fetchall()


def test_it_is_refused_until_it_is_upgraded_and_then_goes_on(earlier: Path) -> None:
    with pytest.raises(Unusable, match=r"W007 .*\(tables 3, here \d+\)") as refused:
        open_database(earlier)
    assert "audit upgrade" in refused.value.problems[0].help
    entries = rows(earlier, "SELECT * FROM entries ORDER BY chain, turn")

    done = upgrade_database(earlier, identified="os account", at=START)

    assert (done.old, done.new) == (TABLES, SCHEMA_NUMBER)
    with open_database(earlier) as db:
        assert verify(db).findings == ()
    now = rows(earlier, "SELECT * FROM entries ORDER BY chain, turn")
    assert len(now) == len(entries) + 1
    assert set(entries) < set(now)
    assert rows(earlier, "SELECT count(*) FROM entries WHERE kind = 'upgraded' AND about = 'workspace'") == [(1,)]


def test_the_copy_is_what_was_there(earlier: Path) -> None:
    before = list(sqlite3.connect(earlier).iterdump())

    copy = upgrade_database(earlier, identified="os account", at=START).copy

    assert copy == earlier.with_name("audit.sqlite.tables-3")
    assert list(sqlite3.connect(copy).iterdump()) == before
    assert copy.stat().st_mode & 0o077 == 0


def test_up_to_date_it_changes_nothing(earlier: Path) -> None:
    upgrade_database(earlier, identified="os account", at=START)
    before = sorted(earlier.parent.iterdir())

    done = upgrade_database(earlier, identified="os account", at=START)

    assert (done.old, done.new, done.copy) == (SCHEMA_NUMBER, SCHEMA_NUMBER, None)
    assert sorted(earlier.parent.iterdir()) == before


def test_a_copy_that_is_there_is_never_written_over(earlier: Path) -> None:
    kept = earlier.with_name("audit.sqlite.tables-3")
    kept.write_text("mine")

    with pytest.raises(Unusable, match="W011"):
        upgrade_database(earlier, identified="os account", at=START)

    assert kept.read_text() == "mine"
    assert rows(earlier, "PRAGMA user_version") == [(TABLES,)]


def _table_of_that_name(earlier: Path) -> None:
    with closing(sqlite3.connect(earlier)) as connection:
        connection.execute("CREATE TABLE matters (x)")
        connection.execute("PRAGMA journal_mode = DELETE")


def _row_that_names_nothing(earlier: Path) -> None:
    with closing(sqlite3.connect(earlier)) as connection:
        connection.execute("UPDATE audits SET rubric_digest = 'gone' WHERE rowid = (SELECT min(rowid) FROM audits)")
        connection.commit()


@pytest.mark.parametrize(("spoil", "says"), [(_table_of_that_name, "W0"), (_row_that_names_nothing, "W013")])
def test_what_goes_wrong_leaves_it_as_it_was(earlier: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(earlier)
    before = list(sqlite3.connect(earlier).iterdump())

    with pytest.raises(Unusable, match=says):
        upgrade_database(earlier, identified="os account", at=START)

    assert list(sqlite3.connect(earlier).iterdump()) == before
    assert rows(earlier, "PRAGMA user_version") == [(TABLES,)]
    assert not earlier.with_name("audit.sqlite.tables-3").exists()


@pytest.mark.postgres
def test_on_a_server(postgres_address: str) -> None:
    engine = create_engine(postgres_address)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, f"{TABLES:04}")
        key = uuid4()
        row = {"mode": "training", "opened_at": START}
        connection.execute(insert(Workspace).values(key=key, **row))
        with Session(connection) as session:
            opened = Happening(key, "workspace", "opened", {"row": row})
            append(session, key, Author(None, "", "training"), [opened], START)
    with pytest.raises(Unusable, match="W007"):
        open_database(postgres_address)

    done = upgrade_database(postgres_address, identified="training", at=START)

    assert (done.old, done.new, done.copy) == (TABLES, SCHEMA_NUMBER, None)
    with open_database(postgres_address) as db:
        assert (verify(db).findings, verify(db).entries) == ((), 2)
    engine.dispose()
