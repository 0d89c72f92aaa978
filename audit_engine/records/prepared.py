"""Statements that every keystroke runs: compiled once, and on SQLite run straight on the driver.

Through the engine, each of the six statements of one saved grade costs five times what SQLite itself takes for it.
The statement, the types of its values and the transaction are the engine's; only its bookkeeping is left out. On
PostgreSQL the way to the server costs more than the bookkeeping, and everything goes the ordinary way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, update

Row = Sequence[Any]
_Process = Callable[[Any], Any] | None


class Prepared:
    """One statement with named parameters. Give every parameter each time."""

    def __init__(self, statement: Any, *columns: str) -> None:
        """`columns` are those an INSERT fills, in any order."""
        self._statement, self._columns = statement, columns
        self._driven: _Driven | None = None

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Row | None:
        """The first row, its values as Python's; None when there is none."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).first()
        driven = self._on(connection.dialect)
        row = driven.run(connection, values).fetchone()
        return None if row is None else driven.read(row)

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Every row, its values as Python's."""
        if connection.dialect.name != "sqlite":
            return list(connection.execute(self._statement, values))
        driven = self._on(connection.dialect)
        return [driven.read(row) for row in driven.run(connection, values)]

    def mappings(self, connection: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Every row by the names of its columns, its values as Python's."""
        if connection.dialect.name != "sqlite":
            return [dict(row) for row in connection.execute(self._statement, values).mappings()]
        driven = self._on(connection.dialect)
        names = driven.names
        return [dict(zip(names, driven.read(row), strict=True)) for row in driven.run(connection, values)]

    def write(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it, and give how many rows it changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).rowcount
        count: int = self._on(connection.dialect).run(connection, values).rowcount
        return count

    def _on(self, dialect: Dialect) -> "_Driven":
        if self._driven is None:
            self._driven = _Driven(self._statement, self._columns, dialect)
        return self._driven


class PreparedUpdate:
    """An UPDATE that sets other columns each time: one prepared statement for each set of columns."""

    def __init__(self, table: Table, where: Any) -> None:
        """`where` names its parameters; none of them may begin with `to_`."""
        self._table, self._where = table, where
        self._by_columns: dict[frozenset[str], Prepared] = {}

    def write(self, connection: Connection, columns: Mapping[str, Any], where: Mapping[str, Any]) -> int:
        """Run it, and give how many rows it changed."""
        names = frozenset(columns)
        if names not in self._by_columns:
            self._by_columns[names] = Prepared(update(self._table).where(self._where).values(self._to(names)))
        to = {f"to_{name}": value for name, value in columns.items()}
        return self._by_columns[names].write(connection, {**where, **to})

    def _to(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: bindparam(f"to_{name}", type_=self._table.c[name].type) for name in sorted(names)}


class _Driven:
    """A statement as SQLite's driver takes it."""

    def __init__(self, statement: Any, columns: Sequence[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        self._text, self._fixed = str(compiled), {k: v for k, v in compiled.params.items() if v is not None}
        kinds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
        self._places: list[tuple[str, _Process]] = [
            (name, kinds[name].bind_processor(dialect)) for name in compiled.positiontup
        ]
        read = getattr(statement, "selected_columns", ())
        self.names = [column.key for column in read]
        readers = [(n, c.type.dialect_impl(dialect).result_processor(dialect, None)) for n, c in enumerate(read)]
        self._readers = [(place, reader) for place, reader in readers if reader is not None]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        values = {**self._fixed, **values} if self._fixed else values
        driver: Any = connection.connection.dbapi_connection
        return driver.execute(
            self._text, [values[name] if to is None else to(values[name]) for name, to in self._places]
        )

    def read(self, row: tuple[Any, ...]) -> Row:
        found = list(row)
        for place, reader in self._readers:
            found[place] = reader(found[place])
        return found
