"""Brings the tables of an earlier version of the program up to date: a copy first, then all of it or nothing."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Session

from audit_engine.problems import unusable
from audit_engine.records import database, sqlite_files
from audit_engine.records.ledger import Author, Happening, append


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done to a database."""

    old: int
    """The number of its tables before."""
    new: int
    copy: Path | None
    """As it was before; None where nothing had to be done, and on a server."""


def upgrade_database(address: str | Path, *, identified: str, at: datetime) -> Upgrade:
    """Bring a workspace made by an earlier version to the tables of this one.

    A file is copied first, beside itself. A server's database is not: whoever keeps the server makes the backup.

    Args:
        identified: How whoever does it is known, for the ledger's entry.

    Raises:
        Unusable: as `database.open_database`; or W011: there is a copy of that name already. Nothing was changed then.
    """
    url = database.address_of_server(address)
    if url is not None:
        return _on_server(str(address), identified, at)
    file = Path(address)
    old = sqlite_files.look_at_earlier(file)
    if old == sqlite_files.SCHEMA_NUMBER:
        return Upgrade(old, old, None)
    copy = file.with_name(f"{file.name}.tables-{old}")
    sqlite_files.create_empty(copy)
    try:
        with database.translating(str(file), file):
            _copied(file, copy)
            with database.migrating(file) as connection:
                _brought_up(connection, old, identified, at)
    except BaseException:
        with suppress(OSError):
            copy.unlink()
        raise
    return Upgrade(old, sqlite_files.SCHEMA_NUMBER, copy)


def _copied(file: Path, copy: Path) -> None:
    """By SQLite's own means: a plain copy of a file in use may lack what was written last."""
    with closing(sqlite3.connect(sqlite_files.uri(file), uri=True)) as one, closing(sqlite3.connect(copy)) as other:
        one.backup(other)
        found = other.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        raise unusable(str(file), "W013", "the database is damaged", "Restore it from a backup, then try again.")
    with copy.open("rb") as written:
        os.fsync(written.fileno())


def _brought_up(connection: Connection, old: int, identified: str, at: datetime) -> None:
    from audit_engine.records.migrations import upgrade  # noqa: PLC0415 - Alembic takes a second to import

    upgrade(connection)
    key = UUID(str(connection.exec_driver_sql("SELECT key FROM workspace").scalar_one()))
    told = {"tables": [old, sqlite_files.SCHEMA_NUMBER]}
    with Session(connection) as session:
        append(session, key, Author(None, "", identified), [Happening(key, "workspace", "upgraded", told)], at)


def _on_server(address: str, identified: str, at: datetime) -> Upgrade:
    with database.migrating_server(address) as (connection, found):
        old = int(found)
        if old < sqlite_files.SCHEMA_NUMBER:
            _brought_up(connection, old, identified, at)
    return Upgrade(old, sqlite_files.SCHEMA_NUMBER, None)
