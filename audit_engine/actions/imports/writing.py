"""Carries out a plan: ledger first, then the standing rows, in bulk, in the caller's transaction."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, delete, insert, inspect, select, update
from sqlmodel import Session, col

from audit_engine.actions.imports.comparing import Plan, Row, Table, in_chunks
from audit_engine.engine.permission import Actor
from audit_engine.exchange.lines import FileRead
from audit_engine.records.checkpoints import make_checkpoint
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.tables import ImportedFile

Progress = Callable[[int, int], None]
"""Told how many rows are written so far and how many there will be, ledger included."""
CHUNK = 5_000


def author_of(actor: Actor) -> Author:
    """The actor as the ledger names them."""
    return Author(actor.person, actor.role, actor.identified)


def was_imported(session: Session, read: FileRead) -> bool:
    """Whether the very same file was imported before."""
    same = select(col(ImportedFile.key)).where(
        col(ImportedFile.digest) == read.digest, col(ImportedFile.kind) == read.kind
    )
    return session.connection().execute(same.limit(1)).first() is not None


def write(
    session: Session, workspace: UUID, actor: Actor, read: FileRead, plan: Plan, at: datetime, progress: Progress | None
) -> UUID:
    """Write everything the plan holds, note the file down, and make a checkpoint.

    Returns:
        The key of the noted file.
    """
    file = _note_file(plan, read, at)
    tell = _Counter(plan, progress)
    turns = append(session, workspace, author_of(actor), plan.happenings, at, tell.entries, fresh=plan.fresh)
    _write_standing(session.connection(), plan, turns, tell)
    make_checkpoint(session, at)
    return file


def _note_file(plan: Plan, read: FileRead, at: datetime) -> UUID:
    row: Row = {
        "kind": read.kind,
        "digest": read.digest,
        "name": read.name,
        "rows": read.rows,
        "added": plan.added,
        "changed": plan.changed,
        "at": at.astimezone(UTC),
    }
    file = uuid4()
    plan.fresh.add(file)
    plan.happenings.append(Happening(file, "file", "file_imported", {"row": row}))
    plan.inserts.setdefault(ImportedFile, []).append({"key": file, **row})
    return file


class _Counter:
    """Counts what is written."""

    def __init__(self, plan: Plan, progress: Progress | None) -> None:
        self._progress = progress
        self._of = len(plan.happenings)
        self._of += sum(len(rows) for part in (plan.deletes, plan.inserts, plan.updates) for rows in part.values())
        self._done = 0

    def entries(self, done: int) -> None:
        """The ledger has `done` entries of this import so far; nothing else was written yet."""
        self.rows(done - self._done)

    def rows(self, more: int) -> None:
        """That many more."""
        self._done += more
        if self._progress is not None:
            self._progress(self._done, self._of)


def _write_standing(connection: Connection, plan: Plan, turns: dict[UUID, int], tell: _Counter) -> None:
    for table, rows in plan.deletes.items():
        _run(connection, delete(table).where(*_named(table, rows)), _bound(rows), tell)
    for table, rows in plan.inserts.items():
        _run(connection, insert(table), _with_turns(rows, turns), tell)
    for table, rows in plan.updates.items():
        statement = update(table).where(inspect(table).columns["key"] == bindparam("at_key"))
        _run(connection, statement, [_found_by_key(row) for row in _with_turns(rows, turns)], tell)


def _run(connection: Connection, statement: Any, rows: list[Row], tell: _Counter) -> None:
    for chunk in in_chunks(rows, CHUNK):
        connection.execute(statement, chunk)
        tell.rows(len(chunk))


def _named(table: Table, rows: list[Row]) -> Iterator[Any]:
    columns = inspect(table).columns
    return (columns[name] == bindparam(f"at_{name}") for name in (rows[0] if rows else ()))


def _bound(rows: list[Row]) -> list[Row]:
    return [{f"at_{name}": value for name, value in row.items()} for row in rows]


def _found_by_key(row: Row) -> Row:
    return {("at_key" if name == "key" else name): value for name, value in row.items()}


def _with_turns(rows: list[Row], turns: dict[UUID, int]) -> list[Row]:
    """Rows that have a key stand at the turn of their newest entry; the others belong to one that does."""
    return [{**row, "turn": turns[row["key"]]} if "key" in row else row for row in rows]
