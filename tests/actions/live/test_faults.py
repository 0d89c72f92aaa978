"""Cut off anywhere: the file is as before or as after, and the same command, sent again, completes it once."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.records.database import Database

from .conftest import Prepared, Workers, contents, copied, opened
from .deeds import DEEDS

KILLED, DONE = 9, 0
LEAST = {"statements": 5}
"""A deed has at least so many statements, or the test looked at nothing."""


class Cut(BaseException):
    """The power went."""


def cut_at(db: Database, number: int) -> list[str]:
    """Raise before the writing statement of this number; 0 before the commit, -1 never. Collects the statements."""
    seen: list[str] = []

    def before(connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if connection.get_execution_options().get("audit_engine_writes"):
            seen.append(statement)
            if len(seen) == number:
                raise Cut

    def commit(connection: Any) -> None:
        if number == 0 and connection.get_execution_options().get("audit_engine_writes"):
            raise Cut

    event.listen(db._engine, "before_cursor_execute", before)
    event.listen(db._engine, "commit", commit)
    return seen


@pytest.mark.parametrize("name", DEEDS)
def test_cut_off_before_each_statement(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue
) -> None:
    file, audit = prepared_files(name)
    whole = copied(file, tmp_path / "whole.db", catalogue)
    with whole.db:
        before = whole.contents()
        statements = cut_at(whole.db, -1)
        DEEDS[name].act(whole, audit)
        sizes = {table: len(rows) for table, rows in whole.contents().items()}
    assert len(statements) >= LEAST["statements"]

    for number in range(len(statements) + 1):
        path = tmp_path / f"{number}.db"
        live, command = copied(file, path, catalogue), Command()
        with live.db:
            cut_at(live.db, number)
            live.next_command = command
            with pytest.raises(Cut):
                DEEDS[name].act(live, audit)
        assert contents(path) == before
        _completes_once(path, audit, name, command, sizes, catalogue)


@pytest.mark.parametrize("name", ["rate", "rate_blind", "submit", "take", "finalise", "raise_concern"])
def test_killed_before_each_statement(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue, workers: Workers
) -> None:
    """A real process ends without a word. Its write-ahead log is there when the file is opened again."""
    file, audit = prepared_files(name)
    whole = copied(file, tmp_path / "whole.db", catalogue)
    with whole.db:
        before, statements = whole.contents(), cut_at(whole.db, -1)
        DEEDS[name].act(whole, audit)
        sizes = {table: len(rows) for table, rows in whole.contents().items()}

    for number in range(len(statements) + 1):
        path, command = tmp_path / f"{number}.db", Command(uuid4())
        copied(file, path, catalogue).db.close()
        part = {"file": str(path), "audit": audit, "deed": name, "command": command.id.hex, "dies_at": number}
        assert workers([part]) == [KILLED]
        assert contents(path) == before
        _completes_once(path, audit, name, command, sizes, catalogue)


def _completes_once(
    path: Path, audit: str, name: str, command: Command, sizes: dict[str, int], catalogue: Catalogue
) -> None:
    again = opened(path, catalogue)
    with again.db:
        assert again.is_sound()
        for _ in range(2):
            again.next_command = command
            DEEDS[name].act(again, audit)
        assert {table: len(rows) for table, rows in again.contents().items()} == sizes
        assert again.is_sound()
