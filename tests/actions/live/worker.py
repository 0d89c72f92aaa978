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

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.problems import Refused

from .at_work import Live
from .conftest import opened
from .cutting import cut_before
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
    if part.get("dies_at"):
        with cut_before(part["dies_at"], lambda: os._exit(KILLED)):
            return _act(part, catalogue)
    return _act(part, catalogue)


def _act(part: dict[str, Any], catalogue: Catalogue) -> int:
    live = opened(Path(part["file"]), catalogue)
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


if __name__ == "__main__":
    main()
