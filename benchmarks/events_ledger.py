"""What contestants of bench_events.py write beside the row: an entry of the ledger, hashed as the product does."""

import secrets
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from audit_engine.calendars import now
from audit_engine.records.canonical import canonical
from audit_engine.records.ledger import PROGRAM, commitment, entry_hash, microseconds, opening

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
COLUMNS = (
    "chain", "about", "turn", "prev", "kind", "actor", "role", "identified", "workflow_digest", "rubric_digest",
    "program", "ts_utc", "ts_flag", "commitment", "hash",
)  # fmt: skip
LEDGER = ("entries", "payloads", "commands")
"""Tables a peer writes one row each to at each event."""
NEW_ENTRY = f"INSERT INTO entries ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
NEW_PAYLOAD = "INSERT INTO payloads (chain, turn, salt, text) VALUES (?,?,?,?)"
NEW_COMMAND = "INSERT INTO commands (id, chain, turn) VALUES (?,?,?)"


class Kept(Protocol):
    """One way of keeping events: a file with audits in it, numbered from 0."""

    file: Path
    table: str
    """Which holds the audits."""
    one_each: tuple[str, ...]
    """Tables with one row for each event; empty for a file of the product, which holds more."""
    refuses: tuple[type[Exception], ...]

    def fire(self, number: int, event: str) -> float:
        """Do one event to one audit and commit. Gives back the seconds it took."""
        ...

    def settings(self) -> tuple[str, int]:
        """Journal mode and `synchronous`, as the connection that writes says."""
        ...


def written(
    workspace: str, chain: str, turn: int, prev: bytes | None, told: Mapping[str, Any], *, about: str = "audit",
    kind: str = "moved", actor: str = "", digests: tuple[str, str] = ("w" * 64, "r" * 64),
) -> tuple[dict[str, Any], bytes, str]:  # fmt: skip
    """The columns of an entry by name, keys as hexadecimal digits; the payload's salt and text.

    Args:
        prev: The hash of the entry before; None for the first.
    """
    text, salt = canonical(told), secrets.token_bytes(32)
    before = opening(workspace, chain) if prev is None else prev
    fields = (
        chain, about, turn, before, kind, actor, "auditor", "training", *digests, PROGRAM, microseconds(now()), "ok",
        commitment(salt, text),
    )  # fmt: skip
    return dict(zip(COLUMNS, (*fields, entry_hash([workspace, *fields])), strict=True)), salt, text


def told_of(event: str, source: str, target: str) -> dict[str, Any]:
    """What an entry says of a plain move."""
    return {"event": event, "to": target, "changed": {"stage": [source, target]}}


def connected(file: Path) -> sqlite3.Connection:
    """A connection with the product's own settings, which begins and commits when told."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def settings_of(connection: sqlite3.Connection) -> tuple[str, int]:
    mode, synchronous = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous"))
    return mode, synchronous


def counted(file: Path, table: str, where: str = "1") -> int:
    """How many rows of a table are in a file, read by a connection of its own."""
    connection = sqlite3.connect(file)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])
    finally:
        connection.close()
