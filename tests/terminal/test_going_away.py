"""The terminal goes away, the program is ended or put to sleep: what was typed is kept, and nothing is left behind."""

import os
import signal
import subprocess

import pytest

from tests.terminal.bytes_sent import foreign, left_on
from tests.terminal.conftest import Office
from tests.terminal.pty_run import PtyRun

TYPED = "Seen alone on 3 January."


def writing(run: PtyRun) -> None:
    """Open the first audit of the queue and begin a note."""
    run.until(b"To do")
    run.type(b"\r")
    run.until(b"n/a")
    run.type(b"e")
    run.until(b"NOTE MODE")
    run.type(TYPED.encode())
    run.until(b"January.")


@pytest.mark.parametrize("deaf", [None, signal.SIGHUP], ids=["told by a signal", "hearing no signal"])
def test_a_closed_terminal_keeps_the_draft_and_ends_the_program(office: Office, deaf: signal.Signals | None) -> None:
    with PtyRun(office.command(), office.folder, deaf_to=deaf) as run:
        writing(run)
        run.hang_up()
        assert run.ended() == 129

    assert list(office.drafts().values()) == [TYPED]
    assert office.live.is_sound()


def test_told_to_end_it_keeps_the_draft_and_tidies_the_terminal(office: Office) -> None:
    with PtyRun(office.command(), office.folder) as run:
        writing(run)
        run.signal(signal.SIGTERM)
        assert run.ended() == 143

    assert left_on(run.sent) == {}
    assert list(office.drafts().values()) == [TYPED]


def test_left_or_put_to_sleep_it_gives_the_terminal_back(office: Office) -> None:
    with PtyRun(office.command(), office.folder) as run:
        writing(run)
        run.settled()
        run.signal(signal.SIGTSTP)
        run.until(b"\x1b[?1049l")
        _, status = os.waitpid(run.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        run.quiet(0.1)
        assert left_on(run.sent) == {}

        run.signal(signal.SIGCONT)
        run.until(b"\x1b[?1049h", TYPED.encode())
        run.type(b" And at school.\x1b")
        run.until(b"saved")
        run.type(b"\x11")
        assert run.ended() == 0

    assert left_on(run.sent) == {}
    assert foreign(run.sent) == []
    assert [row["note"] for row in office.live.rows("ratings") if row["note"]] == [f"{TYPED} And at school."]


def test_a_screen_on_which_nothing_happens_sends_nothing(office: Office) -> None:
    with PtyRun(office.command(), office.folder) as run:
        writing(run)
        run.settled()
        assert run.quiet(3) == b""
        run.type(b"\x1b")
        run.until(b"saved")
        run.settled()
        assert run.quiet(1) == b""


def test_without_a_terminal_it_says_so(office: Office) -> None:
    done = subprocess.run(office.command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("terminal: P010 the screens need a terminal, and this is none\n    help: ")


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_terminal_that_cannot_show_screens_is_told_so(office: Office, kind: str) -> None:
    with PtyRun(office.command(), office.folder, env={"TERM": kind}) as run:
        run.until(b"P010 the screens need a terminal that can place its cursor")
        assert run.ended() == 2
    assert b"\x1b" not in run.sent
