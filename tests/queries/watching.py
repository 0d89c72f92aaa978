"""Every statement that reaches SQLite, and every value it gives back, while a query runs."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

from tests.actions.live.at_work import Live


@dataclass
class Watched:
    """What one query did and gave."""

    result: Any = None
    statements: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    @property
    def told(self) -> str:
        """Everything the result holds, in one text."""
        return repr(asdict(self.result))


def watched(live: Live, query: Callable[[Session], Any]) -> Watched:
    """Run a query on a connection that writes down what passes through it."""
    seen = Watched()

    def row(_cursor: Any, values: tuple[Any, ...]) -> tuple[Any, ...]:
        seen.values.extend(values)
        return values

    with live.db.read() as session:
        connection: Any = session.connection().connection.dbapi_connection
        connection.set_trace_callback(seen.statements.append)
        connection.row_factory = row
        try:
            seen.result = query(session)
        finally:
            connection.set_trace_callback(None)
            connection.row_factory = None
    assert seen.statements
    assert seen.values
    return seen
