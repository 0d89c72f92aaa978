"""What the database itself refuses: to change or delete what the ledger says.

The texts are never edited, only added to: `verify` compares them with what the file holds, and a file keeps
the triggers it was made with. Payloads may be deleted (erasure), never changed.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection

REFUSED = (
    ("entries", "UPDATE"),
    ("entries", "DELETE"),
    ("payloads", "UPDATE"),
    ("checkpoints", "UPDATE"),
    ("checkpoints", "DELETE"),
    ("checkpoint_heads", "UPDATE"),
    ("checkpoint_heads", "DELETE"),
    ("workspace", "UPDATE"),
    ("workspace", "DELETE"),
)
_FUNCTION = "BEGIN RAISE EXCEPTION 'the ledger keeps what was written'; END"


def statements(dialect: str) -> list[str]:
    """The statements that make the triggers, in order. `dialect` is `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return list(_sqlite().values())
    made = [f"CREATE FUNCTION ledger_keeps() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION}$$"]
    made += [
        f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_keeps()"
        for table, verb in REFUSED
    ]
    made += [
        f"CREATE TRIGGER {_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_keeps()"
        for table in sorted({table for table, _ in REFUSED})
    ]
    return made


def fingerprint(connection: Connection) -> str:
    """SHA-256, hex, over every trigger the database holds now."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return _digest(f"{name} {text}" for name, text in rows)
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, c.relname, t.tgenabled, t.tgtype, p.prosrc FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
    )
    return _digest(" ".join(_words(row)) for row in rows)


def expected_fingerprint(dialect: str) -> str:
    """What `fingerprint` must say."""
    if dialect == "sqlite":
        return _digest(f"{name} {text}" for name, text in _sqlite().items())
    # The type is PostgreSQL's bit set: 1 row, 2 before, 8 delete, 16 update, 32 truncate; "O" is enabled.
    kinds = {"DELETE": 11, "UPDATE": 19}
    lines = [f"{_name(table, verb)} {table} O {kinds[verb]} {_FUNCTION}" for table, verb in REFUSED]
    lines += [f"{_name(table, 'TRUNCATE')} {table} O 34 {_FUNCTION}" for table in {table for table, _ in REFUSED}]
    return _digest(lines)


def _sqlite() -> dict[str, str]:
    return {
        _name(table, verb): f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger keeps what was written'); END"
        for table, verb in REFUSED
    }


def _name(table: str, verb: str) -> str:
    return f"{table}_refuse_{verb.lower()}"


def _words(row: Iterable[object]) -> list[str]:
    return [word.decode() if isinstance(word, bytes) else str(word) for word in row]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
