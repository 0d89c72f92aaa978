"""Reads rows the way the ledger spells values, without the object mapper: strictly, in order, streamed.

The mapper forgives: it reads `AB` and `ab` as one key, 2 as true. Verification must not, so it reads what the
database holds.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Connection, Table

from audit_engine.records.canonical import canonical, encoded

_BATCH = 1_000
Row = tuple[Any, ...]


def stream(connection: Connection, statement: str) -> Iterator[Row]:
    """Rows of a fixed statement, never all at once. Keys come as 32 hexadecimal digits, bytes as bytes."""
    if connection.dialect.name == "sqlite":
        # Straight from the driver: through the engine, reading would take most of the time of a verification.
        driver: Any = connection.connection.dbapi_connection
        # Not `yield from`, which would close the cursor, too, and fail where the file is closed already.
        for row in driver.execute(statement):
            yield row
    else:
        options = {"yield_per": _BATCH, "stream_results": True}
        for row in connection.exec_driver_sql(statement, execution_options=options):
            yield tuple(_plain(value) for value in row)


class StoredTable:
    """Reads one table and compares its rows with what a ledger tells of them."""

    def __init__(self, connection: Connection, table: Table, owner: str, *order: str, apart: Collection[str]) -> None:
        """`owner` is the column with the chain's key; `apart` names columns that no payload holds."""
        self._connection = connection
        self._place = {column.name: place for place, column in enumerate(table.columns)}
        listed, ordered = (", ".join(f'"{name}"' for name in names) for names in (self._place, (owner, *order)))
        self._statement = f'SELECT {listed} FROM "{table.name}" ORDER BY {ordered}'  # noqa: S608 - names of ours
        told = [column for column in table.columns if column.name not in apart]
        self._readers = {column.name: _reader(column, connection.dialect.name) for column in told}
        plain = [name for name, reader in self._readers.items() if reader is _text]
        self._special = [name for name, reader in self._readers.items() if reader is not _text]
        self._json = {column.name for column in told if isinstance(column.type, JSON)}
        # Two names at the least, so that the getter always gives a tuple.
        self._plain = [*plain, *plain[:1]] if len(plain) == 1 else plain
        self._plain_of = itemgetter(*(self._place[name] for name in self._plain)) if self._plain else None

    def rows(self) -> Iterator[Row]:
        """Every row, in order."""
        return stream(self._connection, self._statement)

    def place(self, column: str) -> int:
        """Where `column` stands in a row."""
        return self._place[column]

    def value(self, row: Row, column: str) -> Any:
        """What `row` holds in `column`; None when the table has no such column."""
        return row[self._place[column]] if column in self._place else None

    def differing(self, row: Row, told: Mapping[str, Any]) -> list[str]:
        """The columns in which `row` is not what was told."""
        same = self._plain_of is None or self._plain_of(row) == tuple(map(told.get, self._plain))
        if same and not any(self._differs(row, told, name) for name in self._special):
            return []
        return [name for name in self._readers if self._differs(row, told, name)]

    def _differs(self, row: Row, told: Mapping[str, Any], name: str) -> bool:
        value = told.get(name)
        if name in self._json and value is not None:
            value = canonical(value)
        return bool(self._readers[name](row[self._place[name]]) != value)


def moment_text(value: Any) -> Any:
    """A stored moment in the ledger's spelling; SQLite keeps it as text without zone, in UTC."""
    return value.replace(" ", "T", 1) + "+00:00" if isinstance(value, str) else encoded(value)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return bytes(value) if isinstance(value, memoryview) else value


def _reader(column: Column[Any], dialect: str) -> Callable[[Any], Any]:
    """What turns a stored value into the ledger's spelling: dates as ISO text, JSON as canonical text."""
    if isinstance(column.type, JSON):
        return _json_text if dialect == "sqlite" else _json_value
    kind = type(column.type).__name__
    if kind == "UTCDateTime" and dialect == "sqlite":
        return moment_text
    return encoded if kind in {"UTCDateTime", "Date"} and dialect != "sqlite" else _text


def _text(value: Any) -> Any:
    return encoded(value) if isinstance(value, str) and not value.isascii() else value


def _json_text(value: Any) -> Any:
    if value is None:
        return None
    try:
        return _json_value(json.loads(value))
    except ValueError:
        return value  # not JSON any more: it will differ from whatever the ledger says


def _json_value(value: Any) -> Any:
    if value is None:
        return None
    try:
        return canonical(value)
    except (TypeError, ValueError):
        return repr(value)  # a float, say: nothing the ledger can have said
