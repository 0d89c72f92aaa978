"""A knife that changes a workspace below the program, and what verification says of it then."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from audit_engine.records.database import open_database
from audit_engine.records.verification import Verification, verify

from .conftest import Told

Copy = Callable[[str], Told]
COVERED = (
    "entries",
    "payloads",
    "checkpoints",
    "checkpoint_heads",
    "workspace",
    "people",
    "roles_held",
    "accounts",
    "cases",
    "audits",
    "ratings",
    "moderations",
    "observations",
    "indicators",
    "imported_files",
)


@contextmanager
def knife(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may cut anywhere: no triggers, no foreign keys, no checks; triggers are put back after."""
    with closing(sqlite3.connect(file)) as cut:
        cut.execute("PRAGMA ignore_check_constraints = ON")
        kept = cut.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert kept
        for name, _ in kept:
            cut.execute(f"DROP TRIGGER {name}")
        yield cut
        for _, text in kept:
            cut.execute(text)
        cut.commit()


def verified(told: Told, *, anchored: bool = True) -> Verification:
    with open_database(told.file) as db:
        return verify(db, told.anchors if anchored else ())


def codes(found: Verification) -> set[str]:
    return {finding.code for finding in found.findings}


def a_chain(cut: sqlite3.Connection, about: str, entries: int) -> str:
    """A chain of that kind with that many entries."""
    asked = "SELECT chain FROM entries WHERE about = ? GROUP BY chain HAVING count(*) = ? ORDER BY chain"
    return str(cut.execute(asked, (about, entries)).fetchone()[0])
