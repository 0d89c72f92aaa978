"""Raw sqlite3 in bench_events.py: the same rows as the product's actions, with nothing asked but stage and turn.

Also the least that could be called durable: the row, and one line of history.
"""

import json
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from events_ledger import NEW_COMMAND, NEW_ENTRY, NEW_PAYLOAD, connected, settings_of, written
from events_walk import WALK, ways, workflow

from audit_engine.calendars import now
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.timing import due_day
from audit_engine.records.database import open_database

BY_RULE = ("safe.sexual_harm", "safe.s16a", "rep.delay")
DAY = "2024-01-08"
SET: dict[str, dict[str, Any]] = {
    "submit": {
        "audited_on": DAY, "collaborative": False, "feedback": "given", "feedback_from": '["child"]', "locked": True,
        "overall": "outstanding", "selected": True, "selected_because": "Every outstanding audit is moderated.",
        "suggested": "outstanding",
    },
    "finalise": {"counts_on": DAY, "final_overall": "outstanding"},
    "answer": {"answer": "accepted", "answered_on": DAY},
}  # fmt: skip
"""What the product's actions set in this walk, besides the stage and when it is due."""
_RATING = ("applicability", "criterion", "evidence", "given_applicability", "given_grade", "grade", "grade_order",
           "impact", "note", "pointer", "reason")  # fmt: skip
_JSON = ("entered", "feedback_from")
_TRUTHS = ("locked", "collaborative", "selected")
_BEGUN = {
    "number": 1, "stage": "blind", "assigned_on": DAY, "due": None, "moderated_on": None, "blind_overall": None,
    "decided_overall": None, "direction": None, "reason": None,
    "entered": json.dumps({"assigned": DAY, "blind": DAY}), "clock_left": None, "clock_stopped_at": None,
}  # fmt: skip
_DECIDED = {"stage": "agreed", "decided_overall": "outstanding", "direction": "agreed", "moderated_on": DAY}


class Raw:
    """The limit: a copy of the template, written to as the product does."""

    table, one_each, refuses = "audits", (), (KeyError,)

    def __init__(self, file: Path, template: Path, catalogue: Catalogue, audits: tuple[str, ...]) -> None:
        shutil.copyfile(template, file)
        file.chmod(0o600)
        self.file = file
        with open_database(file) as db:
            self._workspace = db.workspace.hex
        self._connection, self._audits = connected(file), audits
        self._to = {(way.source, way.event): way.target for way in reversed(ways())}
        due = {stage.id: due_day(stage.due, date.fromisoformat(DAY)) for stage in workflow().workflow.stages}
        self._due = {stage: day and day.isoformat() for stage, day in due.items()}
        # What is read, and what is written, is known beforehand: no statement is put together inside the time.
        self._columns = {event: ("stage", "due", "entered", *SET.get(event, ())) for event in WALK}
        self._read = {
            event: "SELECT a.key, a.turn, a.auditor, a.workflow_digest, a.rubric_digest, e.hash,"
            f" a.{', a.'.join(names)}"
            " FROM audits a JOIN entries e ON e.chain = a.key AND e.turn = a.turn WHERE a.reference = ?"
            for event, names in self._columns.items()
        }
        self._write = {
            event: f"UPDATE audits SET turn = ?, {' = ?, '.join(names)} = ? WHERE key = ? AND turn = ?"
            for event, names in self._columns.items()
        }
        definition = catalogue.pins["workflow", "moderation"]
        self._pin = definition.digest
        self._connection.execute(
            "INSERT OR IGNORE INTO definitions (digest, kind, name, version, text) VALUES (?,?,?,?,?)",
            (definition.digest, definition.kind, definition.name, definition.version, definition.text),
        )

    def settings(self) -> tuple[str, int]:
        return settings_of(self._connection)

    def fire(self, number: int, event: str) -> float:
        began = time.perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._move(self._audits[number], event)
        except KeyError:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return time.perf_counter() - began

    def _move(self, reference: str, event: str) -> None:
        execute = self._connection.execute
        found = execute(self._read[event], (reference,)).fetchone()
        chain, turn, auditor, workflow_digest, rubric_digest, prev, *old = found
        to = self._to[old[0], event]
        entered = json.dumps(json.loads(old[2]) | {to: DAY})
        new, names = [to, self._due[to], entered, *SET.get(event, {}).values()], self._columns[event]
        changed = {n: [_said(n, a), _said(n, b)] for n, a, b in zip(names, old, new, strict=True) if a != b}
        told: dict[str, Any] = {"event": event, "to": to, "changed": changed}
        if event == "submit":
            told["ratings"] = [
                dict.fromkeys(_RATING) | {"criterion": name, "applicability": "not_expected_by_rule"}
                for name in BY_RULE
            ]
        execute(self._write[event], (turn + 1, *new, chain, turn))
        self._entry(chain, turn + 1, prev, told, actor=auditor, digests=(workflow_digest, rubric_digest))
        if event == "submit":
            for name in BY_RULE:
                execute("INSERT INTO ratings (audit, criterion, applicability, turn) VALUES (?,?,?,?)",
                        (chain, name, "not_expected_by_rule", turn + 1))  # fmt: skip
        if event == "take":
            self._take(chain, auditor)
        if event == "finalise":
            self._decide(chain, auditor)
        execute(NEW_COMMAND, (uuid4().hex, chain, turn + 1))

    def _take(self, audit: str, moderator: str) -> None:
        row = {**_BEGUN, "audit": audit, "moderator": moderator, "workflow_digest": self._pin}
        key, names = uuid4().hex, tuple(row)
        told = {"blind_ratings": [], "row": {column: _said(column, value) for column, value in row.items()}}
        self._entry(key, 1, None, told, about="moderation", kind="assigned", actor=moderator, digests=(self._pin, ""))
        self._connection.execute(
            f"INSERT INTO moderations (key, turn, {', '.join(names)}) VALUES (?,?,{','.join('?' * len(names))})",
            (key, 1, *row.values()),
        )

    def _decide(self, audit: str, moderator: str) -> None:
        execute = self._connection.execute
        key, turn, entered, prev = execute(
            "SELECT m.key, m.turn, m.entered, e.hash FROM moderations m JOIN entries e ON e.chain = m.key"
            " AND e.turn = m.turn WHERE m.audit = ?", (audit,)
        ).fetchone()  # fmt: skip
        decided = {**_DECIDED, "entered": json.dumps(json.loads(entered) | {_DECIDED["stage"]: DAY})}
        before = {**_BEGUN, "entered": entered}
        changed = {name: [_said(name, before[name]), _said(name, value)] for name, value in decided.items()}
        told = {"event": "decide", "changed": changed}
        self._entry(key, turn + 1, prev, told, about="moderation", actor=moderator, digests=(self._pin, ""))
        execute(f"UPDATE moderations SET turn = ?, {' = ?, '.join(decided)} = ? WHERE key = ? AND turn = ?",
                (turn + 1, *decided.values(), key, turn))  # fmt: skip

    def _entry(self, chain: str, turn: int, prev: bytes | None, told: dict[str, Any], **more: Any) -> None:
        entry, salt, text = written(self._workspace, chain, turn, prev, told, **more)
        self._connection.execute(NEW_ENTRY, tuple(entry.values()))
        self._connection.execute(NEW_PAYLOAD, (chain, turn, salt, text))


def _said(name: str, value: Any) -> Any:
    """A column's value as an entry says it."""
    if name in _TRUTHS and value is not None:
        return bool(value)
    return json.loads(value) if name in _JSON and value is not None else value


class Least:
    """A row with a stage, and a line of history for each event: no hash, no payload apart, no command remembered."""

    table, one_each, refuses = "audits", ("history",), (KeyError,)

    def __init__(self, file: Path, audits: int) -> None:
        self.file = file
        self._connection = connected(file)
        self._to = {(way.source, way.event): way.target for way in reversed(ways())}
        self._connection.execute(
            "CREATE TABLE audits (key TEXT PRIMARY KEY, reference TEXT UNIQUE, stage TEXT, turn INTEGER) STRICT"
        )
        self._connection.execute(
            "CREATE TABLE history (audit TEXT, turn INTEGER, event TEXT, source TEXT, target TEXT, actor TEXT,"
            " at TEXT, PRIMARY KEY (audit, turn)) STRICT"
        )
        rows = [(uuid4().hex, f"A-{number}", "allocated", 0) for number in range(audits)]
        self._connection.executemany("INSERT INTO audits VALUES (?,?,?,?)", rows)

    def settings(self) -> tuple[str, int]:
        return settings_of(self._connection)

    def fire(self, number: int, event: str) -> float:
        began, execute = time.perf_counter(), self._connection.execute
        execute("BEGIN IMMEDIATE")
        key, stage, turn = execute(
            "SELECT key, stage, turn FROM audits WHERE reference = ?", (f"A-{number}",)
        ).fetchone()
        to = self._to.get((stage, event))
        if to is None:
            execute("ROLLBACK")
            raise KeyError(event)
        execute("UPDATE audits SET stage = ?, turn = ? WHERE key = ? AND turn = ?", (to, turn + 1, key, turn))
        line = (key, turn + 1, event, stage, to, key, now().isoformat())
        execute("INSERT INTO history VALUES (?,?,?,?,?,?,?)", line)
        execute("COMMIT")
        return time.perf_counter() - began
