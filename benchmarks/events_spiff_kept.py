"""SpiffWorkflow kept in SQLite for bench_events.py: the whole run as JSON, read and written at each event."""

import time
from pathlib import Path
from uuid import uuid4

from events_ledger import LEDGER, NEW_COMMAND, NEW_ENTRY, NEW_PAYLOAD, connected, settings_of, told_of, written
from events_spiff import Spec, decided
from events_walk import Impossible

TABLES = (
    "CREATE TABLE audits (key TEXT PRIMARY KEY, reference TEXT UNIQUE, stage TEXT, turn INTEGER, run TEXT) STRICT",
    ("CREATE TABLE entries (chain TEXT, about TEXT, turn INTEGER, prev BLOB, kind TEXT, actor TEXT, role TEXT,"
    " identified TEXT, workflow_digest TEXT, rubric_digest TEXT, program TEXT, ts_utc INTEGER, ts_flag TEXT,"
    " commitment BLOB, hash BLOB, PRIMARY KEY (chain, turn)) STRICT, WITHOUT ROWID"),
    ("CREATE TABLE payloads (chain TEXT, turn INTEGER, salt BLOB, text TEXT, PRIMARY KEY (chain, turn)) STRICT,"
    " WITHOUT ROWID"),
    "CREATE TABLE commands (id TEXT PRIMARY KEY, chain TEXT, turn INTEGER) STRICT",
)  # fmt: skip


class SpiffKept:
    """Rows by raw sqlite3, so that nothing but the engine and its JSON is added to the limit."""

    table, one_each, refuses = "audits", LEDGER, (Impossible,)

    def __init__(self, file: Path, audits: int) -> None:
        self.file = file
        self._connection, self._spec, self._workspace = connected(file), Spec(), uuid4().hex
        for table in TABLES:
            self._connection.execute(table)
        run = self._spec.begun()
        stage = decided(run, "allocate")
        rows = [(uuid4().hex, f"A-{number}", stage, 0, self._spec.as_text(run)) for number in range(audits)]
        self._connection.executemany("INSERT INTO audits VALUES (?,?,?,?,?)", rows)

    def settings(self) -> tuple[str, int]:
        return settings_of(self._connection)

    def fire(self, number: int, event: str) -> float:
        began = time.perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._move(f"A-{number}", event)
        except Impossible:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return time.perf_counter() - began

    def _move(self, reference: str, event: str) -> None:
        execute = self._connection.execute
        chain, stage, turn, kept, prev = execute(
            "SELECT a.key, a.stage, a.turn, a.run, e.hash FROM audits a LEFT JOIN entries e ON e.chain = a.key"
            " AND e.turn = a.turn WHERE a.reference = ?", (reference,)
        ).fetchone()  # fmt: skip
        run = self._spec.from_text(kept)
        to = decided(run, event)
        entry, salt, text = written(self._workspace, chain, turn + 1, prev, told_of(event, stage, to), actor=chain)
        execute(
            "UPDATE audits SET stage = ?, turn = ?, run = ? WHERE key = ? AND turn = ?",
            (to, turn + 1, self._spec.as_text(run), chain, turn),
        )
        execute(NEW_ENTRY, tuple(entry.values()))
        execute(NEW_PAYLOAD, (chain, turn + 1, salt, text))
        execute(NEW_COMMAND, (uuid4().hex, chain, turn + 1))
