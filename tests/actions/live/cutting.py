"""Cuts a write transaction off before the statement of a given number, at the driver: whatever way it was sent."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

Cut = Callable[[], object]


@contextmanager
def cut_before(number: int, cut: Cut) -> Iterator[list[str]]:  # noqa: C901 - two small classes stand in it
    """Databases opened meanwhile are cut off. Gives the statements of write transactions, BEGIN and COMMIT included.

    Args:
        number: Of the statement, from 1 on; 0 cuts nothing.
        cut: What happens then.
    """
    seen: list[str] = []

    def note(statement: str) -> None:
        if seen or statement == "BEGIN IMMEDIATE":
            seen.append(statement)
            if len(seen) == number:
                cut()

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *given: Any) -> "Cursor":
            note(sql)
            return super().execute(sql, *given)

        def executemany(self, sql: str, *given: Any) -> "Cursor":
            note(sql)
            return super().executemany(sql, *given)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def execute(self, *given: Any) -> sqlite3.Cursor:
            found: sqlite3.Cursor = self.cursor().execute(*given)
            return found

        def commit(self) -> None:
            if seen and self.in_transaction:
                note("COMMIT")
            super().commit()

    connect = sqlite3.connect

    def connected(*given: Any, **named: Any) -> sqlite3.Connection:
        return connect(*given, factory=Connection, **named)

    with patch.object(sqlite3, "connect", connected):
        yield seen
