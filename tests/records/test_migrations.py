"""The migrations make exactly the tables that are declared."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

from audit_engine.records import migrations, sqlite_files, strict_types, tables
from audit_engine.records.database import HEAD, Database, create_database

assert strict_types is not None
assert tables is not None


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, SQLModel.metadata))


def declared(connection: Connection) -> dict[str, str]:
    """What the file itself says of its tables and indexes, spaces apart."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql != ''"
    )
    return {name: " ".join(text.split()) for name, text in rows if name != "alembic_version"}


def test_nothing_differs_from_the_declared_tables(db: Database) -> None:
    engine = create_engine(f"sqlite:///{db.address}")
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_checks_and_names_are_the_declared_ones_too(db: Database, tmp_path: Path) -> None:
    """What autogenerate does not compare: checks, keys, STRICT, WITHOUT ROWID."""
    migrated, straight = (
        create_engine(f"sqlite:///{db.address}"),
        create_engine(f"sqlite:///{tmp_path / 'straight.db'}"),
    )
    SQLModel.metadata.create_all(straight)
    with migrated.connect() as one, straight.connect() as other:
        found, wanted = declared(one), declared(other)
    migrated.dispose()
    straight.dispose()

    def parts(text: str) -> list[str]:
        text = text.replace(" ,", ",").replace("( ", "(").replace(" )", ")")
        start, end = text.index("("), text.rindex(")")
        return sorted([text[:start], *text[start + 1 : end].split(", "), text[end + 1 :]])

    assert {name: parts(text) for name, text in found.items()} == {name: parts(text) for name, text in wanted.items()}


def test_every_table_is_strict(db: Database) -> None:
    with closing(sqlite3.connect(db.address)) as connection:
        listed = connection.execute("PRAGMA table_list").fetchall()
    ours = {
        name: bool(strict)
        for _, name, kind, _, _, strict in listed
        if kind == "table" and not name.startswith("sqlite_")
    }

    assert set(ours) == {*SQLModel.metadata.tables, "alembic_version"}
    assert all(ours.values())


def test_the_program_knows_the_newest_number() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert script.get_heads() == [HEAD]
    assert int(HEAD) == sqlite_files.SCHEMA_NUMBER


@pytest.mark.postgres
def test_nothing_differs_on_postgresql(postgres_address: str) -> None:
    create_database(postgres_address, mode="live").close()
    engine = create_engine(postgres_address)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()
