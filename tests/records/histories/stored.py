"""A stored history: written down as text, put back as a workspace, and what its ledger tells."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from audit_engine.calendars import now
from audit_engine.records.replay import PARTS, standing_of
from audit_engine.records.standing import TABLES
from audit_engine.records.upgrading import upgrade_database

FOLDER = Path(__file__).parent
PART_TABLES = {
    "ratings": "ratings", "roles": "roles_held", "accounts": "accounts", "blind_ratings": "blind_ratings",
    "members": "draw_members",
}  # fmt: skip
"""In which table stands what a payload lists."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stood:
    """What was so when a history was stored."""

    made: Json
    """Which program and which tables made it, and how much is in it."""
    columns: Mapping[str, list[str]]
    """By table: the columns that a ledger tells of, as they were then."""
    things: Mapping[str, Json]
    """By chain: what it is about, its newest entry, its row, and what stands below the row."""


def names() -> list[str]:
    """Every stored history."""
    return sorted(file.stem for file in FOLDER.glob("*.sql"))


def stood(name: str) -> Stood:
    """What was so at the end of a history, when it was stored."""
    first, *lines = (json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines())
    return Stood(first["made"], first["columns"], {line.pop("chain"): line for line in lines})


def restored(name: str, file: Path) -> Path:
    """A history put back as a workspace's file, brought up to date as people do it."""
    put_back(name, file)
    upgrade_database(file, identified="training", at=now())
    return file


def put_back(name: str, file: Path) -> None:
    """A history put back as it was."""
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((FOLDER / f"{name}.sql").read_text("utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")


def stored(file: Path, about: str) -> Iterator[str]:
    """The text of a workspace that nobody has open, ready to be put back.

    Args:
        about: What the first line says of it.
    """
    with closing(sqlite3.connect(file)) as connection:
        yield f"-- {about}\n"
        for pragma in ("application_id", "user_version"):
            yield f"PRAGMA {pragma} = {connection.execute(f'PRAGMA {pragma}').fetchone()[0]};\n"
        yield from (f"{line}\n" for line in connection.iterdump())


def told(file: Path, columns: Mapping[str, list[str]] | None = None) -> Iterator[Json]:
    """What the ledger of a file tells of each thing, in the order of the keys.

    Args:
        columns: Those to keep; every one the tables have today, when left out. What is not set is left out.
    """
    columns = columns or columns_today()
    with closing(sqlite3.connect(file)) as connection:
        for chain, about, turn, digest in connection.execute(_HEADS).fetchall():
            payloads = [json.loads(text) for (text,) in connection.execute(_PAYLOADS, (chain,))]
            standing = standing_of(about, payloads)
            row = _kept(standing.row, columns[TABLES[about]]) if about in TABLES and standing.row else None
            parts = {
                name: [_kept(part, columns[PART_TABLES[name]]) for _, part in sorted(standing.parts[name].items())]
                for name in PARTS.get(about, {})
            }
            yield {"chain": chain, "about": about, "turn": turn, "head": digest, "row": row, **parts}


def columns_today() -> dict[str, list[str]]:
    """Every column that a ledger tells of, by table."""
    apart = {"key", "turn"}
    return {
        name: [column.name for column in SQLModel.metadata.tables[name].columns if column.name not in apart]
        for name in (*TABLES.values(), *PART_TABLES.values())
    }


def counted(file: Path) -> Json:
    """How much a file holds: entries by what they are about and kind; and the roots of its checkpoints."""
    with closing(sqlite3.connect(file)) as connection:
        # Bringing it up to date writes an entry of its own, which tells of today and not of then.
        told = "SELECT about || ' ' || kind FROM entries WHERE kind <> 'upgraded'"
        kinds = Counter(connection.execute(told).fetchall())
        roots = connection.execute("SELECT hex(root) FROM checkpoints ORDER BY number").fetchall()
        texts = connection.execute("SELECT name, version, digest FROM definitions ORDER BY name, digest").fetchall()
        audits = Counter(connection.execute("SELECT stage FROM audits").fetchall())
    return {
        "entries": {kind: count for (kind,), count in sorted(kinds.items())},
        "audits": {stage: count for (stage,), count in sorted(audits.items())},
        "checkpoints": [root for (root,) in roots],
        "definitions": [" ".join(row) for row in texts],
    }


def _kept(row: Mapping[str, Any], columns: list[str]) -> Json:
    return {name: row[name] for name in columns if row.get(name) is not None}


_HEADS = (
    "SELECT chain, about, turn, hex(hash) FROM entries e"
    " WHERE turn = (SELECT max(turn) FROM entries l WHERE l.chain = e.chain AND l.kind <> 'upgraded') ORDER BY chain"
)
_PAYLOADS = "SELECT text FROM payloads WHERE chain = ? ORDER BY turn"
