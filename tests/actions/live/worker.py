"""Real processes, quickly: reads jobs, one a line, forks a child for each of its parts, and says how each ended.

A job is a list of parts `{"file", "audit", "deed", "command", "turn", "dies_at"}`. A child ends with 0 when the deed
was done, 3 when it was refused, 9 when it was killed at the statement `dies_at`, else 1.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.problems import Refused
from audit_engine.records.database import Database

from .conftest import Live, opened
from .deeds import DEEDS

DONE, WRONG, REFUSED, KILLED = 0, 1, 3, 9


def main() -> None:
    catalogue = load()
    for line in sys.stdin:
        children = [_fork(part, catalogue) for part in json.loads(line)]
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


def _fork(part: dict[str, Any], catalogue: Catalogue) -> int:
    child = os.fork()
    if child == 0:
        code = WRONG
        try:
            code = _do(part, catalogue)
        finally:
            os._exit(code)
    return child


def _do(part: dict[str, Any], catalogue: Catalogue) -> int:
    live = opened(Path(part["file"]), catalogue)
    if part.get("dies_at") is not None:
        dies_at(live.db, part["dies_at"])
    if part["deed"] == "rate_many":
        return _rate_many(live, part)
    live.next_command = Command(UUID(hex=part["command"]), part.get("turn"))
    try:
        DEEDS[part["deed"]].act(live, part["audit"])
    except Refused:
        return REFUSED
    return DONE


def _rate_many(live: Live, part: dict[str, Any]) -> int:
    for criterion in part["criteria"]:
        live.rate(part["audit"], live.auditor(part["audit"]), criterion, grade="good")
    return DONE


def dies_at(db: Database, number: int) -> None:
    """The process ends, with nothing said, before the statement of this number; 0 is before the commit."""
    statements = 0

    def before(connection: Any, *_: object) -> None:
        nonlocal statements
        if connection.get_execution_options().get("audit_engine_writes"):
            statements += 1
            if statements == number:
                os._exit(KILLED)

    def commit(connection: Any) -> None:
        if number == 0 and connection.get_execution_options().get("audit_engine_writes"):
            os._exit(KILLED)

    event.listen(db._engine, "before_cursor_execute", before)
    event.listen(db._engine, "commit", commit)


if __name__ == "__main__":
    main()
