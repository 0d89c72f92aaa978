"""Cut off anywhere: the file is as before or as after, and the same command, sent again, completes it once."""

import itertools
from pathlib import Path
from uuid import uuid4

import pytest

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue

from .at_work import contents
from .conftest import Prepared, Workers, copied, opened
from .cutting import cut_before
from .deeds import DEEDS

DONE, KILLED = 0, 9
LEAST = 8
"""BEGIN, a question, the turn, entry, payload, a row, the command, COMMIT: a deed with fewer was not looked at."""


class PowerCut(BaseException):
    """It went dark."""


def power_cut() -> None:
    raise PowerCut


def whole(
    name: str, file: Path, audit: str, path: Path, catalogue: Catalogue
) -> tuple[dict[str, list[tuple[object, ...]]], int, dict[str, int]]:
    """What the file holds before the deed, how many statements the deed takes, and how many rows there are after."""
    once = copied(file, path, catalogue)
    with once.db:
        DEEDS[name].act(once, audit)  # definitions are read from the file once in a process: not among what is counted
    with cut_before(0, power_cut) as statements:
        live = copied(file, path, catalogue)
        with live.db:
            before = contents(path)
            statements.clear()
            DEEDS[name].act(live, audit)
            written = statements[: statements.index("COMMIT") + 1]
    assert len(written) >= LEAST
    return before, len(written), {table: len(rows) for table, rows in contents(path).items()}


@pytest.mark.parametrize("name", DEEDS)
def test_cut_off_before_each_statement(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue
) -> None:
    file, audit = prepared_files(name)
    before, count, sizes = whole(name, file, audit, tmp_path / "whole.db", catalogue)

    for number in range(1, count + 1):
        path, command = tmp_path / f"{number}.db", Command()
        with cut_before(number, power_cut):
            live = copied(file, path, catalogue)
            with live.db:
                live.next_command = command
                with pytest.raises(PowerCut):
                    DEEDS[name].act(live, audit)
        assert contents(path) == before
        _completes_once(path, audit, name, command, sizes, catalogue)


@pytest.mark.parametrize("name", ["rate", "rate_blind", "submit", "take", "finalise", "raise_concern"])
def test_killed_before_each_statement(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue, workers: Workers
) -> None:
    """A real process ends without a word. Its write-ahead log is there when the file is opened again."""
    file, audit = prepared_files(name)
    before, count, sizes = whole(name, file, audit, tmp_path / "whole.db", catalogue)

    for number in itertools.count(1):
        path, command = tmp_path / f"{number}.db", Command(uuid4())
        copied(file, path, catalogue).db.close()
        part = {"file": str(path), "audit": audit, "deed": name, "command": command.id.hex, "dies_at": number}
        (ended,) = workers([part])
        if ended == DONE:
            break
        assert ended == KILLED
        assert contents(path) == before
        _completes_once(path, audit, name, command, sizes, catalogue)

    # A process of its own reads the definitions as well, so it takes some statements more.
    assert number > count
    assert {table: len(rows) for table, rows in contents(path).items()} == sizes


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
