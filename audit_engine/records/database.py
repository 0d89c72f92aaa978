"""Opens and makes workspaces, and hands out transactions. SQLite by default, PostgreSQL for teams.

Readers never block a writer and writers never lose each other's work: a writer takes the lock before it
reads (BEGIN IMMEDIATE, or SERIALIZABLE), a reader sees one moment and cannot write. What a database says
when something goes wrong leaves here as an `Unusable` with one sentence (docs/reference/problems-records.md).
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, insert, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from audit_engine.calendars import now
from audit_engine.problems import unusable
from audit_engine.records import faults, sqlite_files
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.tables import Workspace

T = TypeVar("T")
Mode = Literal["live", "training"]

PATIENCE = 30.0
"""Seconds a writer waits for another to finish."""
ATTEMPTS = 12
"""How often a transaction is tried that PostgreSQL stopped for another's sake."""
_CACHE_KIB = 64 * 1024
"""At most, for one connection. With SQLite's own 2 MiB an import writes the same pages again and again."""
HEAD = "0005"
"""The newest migration."""
_WRITES = "audit_engine_writes"


class _Transaction(Session):
    """A session on one connection, which has begun already and is committed by whoever gave it.

    So it need not look for its connection at each statement, nor begin and commit for objects that nobody added.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, join_transaction_mode="rollback_only")
        self._held = connection

    def connection(
        self, bind_arguments: dict[str, Any] | None = None, execution_options: Mapping[str, Any] | None = None
    ) -> Connection:
        """The one connection, unless something of its own is asked for."""
        if bind_arguments is None and execution_options is None:
            return self._held
        return super().connection(bind_arguments, execution_options)


class Database:
    """One open workspace. Safe to share between threads; close it, or use it in a `with`."""

    def __init__(self, engine: Engine, name: str, file: Path | None) -> None:
        self._engine = engine
        self._reader, self._writer = _two_ways(engine)
        self.address = name
        """As people may see it: a password is masked."""
        self._file = file
        self.workspace, self.mode = self._told()
        """The random key of this workspace, which opens every chain of the ledger; what the workspace is for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment and cannot write."""
        with translating(self.address, self._file), Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is one transaction: committed on leaving, rolled back on any exception.

        On PostgreSQL it may be stopped for another's sake (W014); `transact` tries again by itself.
        """
        with translating(self.address, self._file), self._transaction() as session:
            yield session

    def transact(self, act: Callable[[Session], T]) -> T:
        """Run `act` in one write transaction and give back what it returns.

        Args:
            act: May run several times; everything it changes outside the session must bear that.
        """
        with translating(self.address, self._file):
            for attempt in range(1, ATTEMPTS):
                try:
                    return self._once(act)
                except DBAPIError as wrong:
                    if not faults.is_conflict(wrong):
                        raise
                # Without the random part, those who met once would meet again.
                time.sleep(random.uniform(0, 0.004 * 2 ** min(attempt, 6)))  # noqa: S311 - not for secrecy
            return self._once(act)

    def damage(self) -> str | None:
        """What SQLite finds wrong with the file's structure, its first line; None when sound or on PostgreSQL."""
        if self._file is None:
            return None
        with self.read() as session:
            said = str(session.connection().exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
        return None if said == "ok" else said.splitlines()[0]

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _told(self) -> tuple[UUID, Mode]:
        with self.read() as session:
            rows = session.connection().exec_driver_sql("SELECT key, mode FROM workspace LIMIT 2").all()
        if not rows:
            raise unusable(self.address, "W005", "the database holds no workspace", "Name the database of a workspace.")
        try:
            (key, mode), *others = rows
            if others or mode not in {"live", "training"}:
                raise ValueError("one row, of one of two modes")
            return UUID(str(key)), mode
        except ValueError:
            message = "the row that says what this workspace is was made unreadable"
            raise unusable(self.address, "W013", message, "Restore it from a backup.") from None

    def _once(self, act: Callable[[Session], T]) -> T:
        with self._transaction() as session:
            return act(session)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with self._writer.begin() as connection, _Transaction(connection) as session:
            yield session
            if session.in_transaction() or session.new:
                session.commit()


def open_database(address: str | Path, *, patience: float = PATIENCE) -> Database:
    """Open a workspace that exists.

    Args:
        address: A SQLite file, or `postgresql+psycopg://...`.
        patience: Seconds to wait for a lock another program holds.

    Raises:
        Unusable: W001 to W020; the file keeps every byte it had.
    """
    url = address_of_server(address)
    if url is not None:
        return _opened(_postgresql_engine(url), _masked(url), None, _check_postgresql)
    file = Path(address)
    sqlite_files.look(file)
    return _opened(_sqlite_engine(file, patience), str(file), file, _check_nothing)


def create_database(address: str | Path, *, mode: Mode, at: datetime | None = None) -> Database:
    """Make a workspace: the tables, the row that says what it is, the first entry of its ledger.

    Args:
        address: A SQLite file that does not exist yet, or a PostgreSQL database without tables.
        at: When; now, unless told.

    Raises:
        Unusable: as `open_database`, and W011: something is there already.
    """
    if mode not in {"live", "training"}:
        raise ValueError(f"a workspace is live or training, not {mode!r}")
    url, at = address_of_server(address), at or now()
    if url is None:
        _create_sqlite(Path(address), mode, at)
    else:
        _create_postgresql(url, mode, at)
    return open_database(address)


def _opened(engine: Engine, name: str, file: Path | None, check: Callable[[Engine, str], None]) -> Database:
    try:
        with translating(name, file):
            check(engine, name)
        return Database(engine, name, file)
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def translating(name: str, file: Path | None) -> Iterator[None]:
    """What the database says of what is wrong, in our words."""
    try:
        yield
    except faults.TRANSLATED as wrong:
        said = faults.translated(wrong, name, file)
        if said is wrong:
            raise
        raise said from None  # the driver's own sentence may hold what people wrote


def _two_ways(engine: Engine) -> tuple[Engine, Engine]:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_WRITES: False}), engine.execution_options(**{_WRITES: True})
    # One fixed moment is all a reader needs; SERIALIZABLE would stop writers for a reader's sake.
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return reader, engine.execution_options(isolation_level="SERIALIZABLE")


# SQLite


def _sqlite_engine(file: Path, patience: float, *, foreign_keys: bool = True) -> Engine:
    address = sqlite_files.uri(file)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)
        try:
            _settle(connection, foreign_keys=foreign_keys)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: sqlite3.Connection, *, foreign_keys: bool) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
    # A pragma that is not obeyed says nothing, so each is asked again.
    for pragma, wanted in (("synchronous", 2), ("foreign_keys", int(foreign_keys)), ("secure_delete", 1)):
        if connection.execute(f"PRAGMA {pragma}").fetchone() != (wanted,):
            raise RuntimeError(f"SQLite does not obey PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # Only writers take the lock at once: a reader that did would keep every writer waiting.
    writes = connection.get_execution_options().get(_WRITES, False)
    # Said to the driver itself: through the engine, these two would be a fifth of the price of a saved grade.
    driver: Any = connection.connection.dbapi_connection
    # Setting a pragma makes SQLite forget every statement it has prepared, so it is set only where it changes.
    if connection.info.get(_WRITES) != writes:
        driver.execute(f"PRAGMA query_only = {int(not writes)}")
        connection.info[_WRITES] = writes
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _create_sqlite(file: Path, mode: Mode, at: datetime) -> None:
    sqlite_files.create_empty(file)
    try:
        with translating(str(file), file):
            _fill_sqlite(file, mode, at)
    except BaseException:
        for left in (file, *(file.with_name(file.name + end) for end in ("-journal", "-wal", "-shm"))):
            with suppress(OSError):
                left.unlink()
        raise


def _fill_sqlite(file: Path, mode: Mode, at: datetime) -> None:
    with migrating(file) as connection:
        _fill(connection, mode, at)
        connection.exec_driver_sql(f"PRAGMA application_id = {sqlite_files.APPLICATION_ID}")
    # Last, so that the header `look` reads is in the file itself and not in a journal beside it.
    connection_of_file = sqlite3.connect(sqlite_files.uri(file), uri=True)
    try:
        connection_of_file.execute("PRAGMA journal_mode = WAL")
    finally:
        connection_of_file.close()


@contextmanager
def migrating(file: Path) -> Iterator[Connection]:
    """One transaction that may change the tables of a file, which has the newest ones when it ends."""
    # Foreign keys are off while tables are made: with them on, rebuilding a table empties those that name it.
    engine = _sqlite_engine(file, PATIENCE, foreign_keys=False)
    try:
        with engine.execution_options(**{_WRITES: True}).begin() as connection:
            yield connection
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise unusable(str(file), "W013", "the database is damaged: a row names another that is gone",
                               "Restore it from a backup.")  # fmt: skip
            connection.exec_driver_sql(f"PRAGMA user_version = {sqlite_files.SCHEMA_NUMBER}")
    finally:
        engine.dispose()


# PostgreSQL


@contextmanager
def migrating_server(address: str) -> Iterator[tuple[Connection, str]]:
    """One transaction that may change the tables of a workspace on a server, with the number they have now."""
    url = address_of_server(address)
    assert url is not None  # noqa: S101 - its caller asked
    name, engine = _masked(url), _postgresql_engine(url)
    try:
        with translating(name, None):
            found = _number_on_server(engine, name)
            with engine.begin() as connection:
                yield connection, found
    finally:
        engine.dispose()


def address_of_server(address: str | Path) -> URL | None:
    """The address of a server; None for a file."""
    if isinstance(address, Path) or "://" not in address:
        return None
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in {"postgresql", "postgresql+psycopg"}:
        help_ = "Give a file, or postgresql+psycopg://person@server/database."
        raise unusable("the database address", "W018", "this is no address of a database we know", help_)
    return url.set(drivername="postgresql+psycopg")


def _masked(url: URL) -> str:
    if "password" in url.query:
        url = url.update_query_dict({"password": "***"})
    return url.render_as_string(hide_password=True)


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(url, isolation_level="SERIALIZABLE", hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError:
        help_ = "Install it with: pip install 'audit-engine[pg]'"
        raise unusable(_masked(url), "W019", "PostgreSQL needs a driver that is not installed", help_) from None


def _check_postgresql(engine: Engine, name: str) -> None:
    found = _number_on_server(engine, name)
    if found != HEAD:
        message = f"the database was made by an earlier version of this program (tables {found}, here {HEAD})"
        raise unusable(name, "W007", message, sqlite_files.UPGRADE)


def _number_on_server(engine: Engine, name: str) -> str:
    with engine.connect() as connection:
        ours = "SELECT to_regclass('workspace') IS NOT NULL AND to_regclass('alembic_version') IS NOT NULL"
        if not connection.exec_driver_sql(ours).scalar_one():
            raise unusable(name, "W005", "the database holds no workspace", "Name the database of a workspace.")
        found = str(connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar_one())
    if found > HEAD:
        message = f"the database was made by a newer version of this program (tables {found}, known here {HEAD})"
        raise unusable(name, "W006", message, "Install the newer version.")
    return found


def _check_nothing(_engine: Engine, _name: str) -> None:
    """A file was looked at before it was opened."""


def _create_postgresql(url: URL, mode: Mode, at: datetime) -> None:
    name, engine = _masked(url), _postgresql_engine(url)
    try:
        with translating(name, None), engine.begin() as connection:
            held = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
            if connection.exec_driver_sql(held).scalar_one():
                raise unusable(name, "W011", "the database holds tables already", "Name an empty database.")
            _fill(connection, mode, at)
    finally:
        engine.dispose()


def _fill(connection: Connection, mode: Mode, at: datetime) -> None:
    from audit_engine.records.migrations import upgrade  # noqa: PLC0415 - Alembic takes a second to import

    upgrade(connection)
    key = uuid4()
    row: dict[str, Any] = {"mode": mode, "opened_at": at}
    connection.execute(insert(Workspace).values(key=key, **row))
    nobody = Author(person=None, role="", identified="training" if mode == "training" else "os account")
    with Session(connection) as session:
        append(session, key, nobody, [Happening(key, "workspace", "opened", {"row": row})], at)
