"""Days on which something fails: one sentence on the screen, the text still in the editor, and work goes on after."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from audit_engine.records.database import open_database
from tests.actions.live.at_work import Live
from tests.terminal.bytes_sent import left_on
from tests.terminal.conftest import Office
from tests.terminal.tmux import Terminal

TYPED = "Seen alone on 3 January, and again at school."
CANARY = "Heron nests by the third lock."


def write_note(window: Terminal, text: str = TYPED) -> None:
    window.keys("e")
    window.wait_for("NOTE MODE")
    window.type(text)
    window.wait_for(text)


def test_a_database_that_another_program_holds(office: Office) -> None:
    window = office.at_workbench()
    write_note(window)
    with closing(sqlite3.connect(office.live.address, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        window.keys("Escape")
        seen = window.wait_for("NOT SAVED", "database is locked by another program")
        assert "NOTE MODE" in seen
        assert TYPED in seen
        other.execute("ROLLBACK")

    window.keys("Escape")
    window.wait_for("saved")
    window.wait_gone("NOTE MODE")
    assert office.note("safe.risk_identified") == TYPED
    assert office.drafts() == {}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this account may not mount a small disk to fill; tests/tui fills SQLite's own")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(file: Path) -> None:
    """Write until nothing more fits."""
    with file.open("wb", buffering=0) as opened:
        while True:
            opened.write(bytes(4096))


def test_a_disk_that_is_full(office: Office, small_disk: Path) -> None:
    office.live.db.close()
    for file in office.folder.iterdir():
        if file.is_file():
            shutil.copy2(file, small_disk / file.name)
    office.folder = small_disk
    address = small_disk / Path(office.live.address).name
    office.live = Live(open_database(address), address, office.live.catalogue, audits=office.live.audits)
    window = office.at_workbench()
    write_note(window)
    # Nothing fits any more: not even the next page of the write-ahead log.
    office.live.db.close()
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        fill(filler)

    window.keys("Escape")
    seen = window.wait_for("NOT SAVED", "is full")
    assert "NOTE MODE" in seen
    assert TYPED in seen
    filler.unlink()

    window.keys("Escape")
    window.wait_for("saved")
    window.wait_gone("NOTE MODE")
    window.keys("C-q")
    assert window.ended() == 0
    assert office.note("safe.risk_identified") == TYPED
    assert office.live.is_sound()
    office.live.db.close()


def test_two_people_on_one_audit(office: Office) -> None:
    office.live.begun(office.audit)
    first, second = office.at_workbench(), office.at_workbench()
    write_note(second)
    first.keys("e")
    first.wait_for("NOTE MODE")
    first.type("The report says otherwise.")
    first.keys("Escape")
    first.wait_for("saved")

    second.keys("Escape")
    seen = second.wait_for("NOT SAVED", TYPED, "The report says otherwise.", "m use mine", "t keep theirs")
    assert office.auditor in seen
    assert office.note("safe.risk_identified") == "The report says otherwise."
    assert TYPED in office.drafts().values()
    second.keys("m")
    second.wait_for("saved")
    second.wait_gone("NOTE MODE", "use mine")
    assert office.note("safe.risk_identified") == TYPED


def test_a_mistake_in_the_program_shows_nothing_of_what_people_wrote(office: Office) -> None:
    window = office.at_workbench()
    write_note(window, CANARY)
    window.keys("Escape")
    window.wait_for("saved", CANARY)
    with closing(sqlite3.connect(office.live.address, isolation_level=None)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute("UPDATE audits SET stage = 'nowhere'")
    window.keys("3")
    assert window.ended() == 2

    left = " ".join(window.everything().split())
    assert left.startswith("audit: P009 this is a mistake in the program: KeyError, audit_engine/definitions")
    assert len(left) < 120
    assert CANARY not in left
    assert left_on(window.sent()) == {}


def test_what_cannot_be_kept_holds_whoever_leaves_back_once(office: Office) -> None:
    window = office.at_workbench()
    window.keys("e")
    window.wait_for("NOTE MODE")
    with closing(sqlite3.connect(office.live.address, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        window.type(TYPED)
        window.keys("C-q")
        window.wait_for("NOT SAVED: what you are writing cannot be kept now.", TYPED)
        other.execute("ROLLBACK")
    window.keys("C-q")
    assert window.ended() == 0
    assert list(office.drafts().values()) == [TYPED]
