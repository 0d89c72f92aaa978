"""Plain mode at a real terminal: prompts wait on their line, pasted lines are one note, Ctrl-C loses nothing."""

import os
import pty
import select
import sys
from pathlib import Path

from tests.whole.live_service import WORST, service

PATIENCE = 60.0
"""Seconds until a prompt that does not come is a failure."""


def until(terminal: int, words: str) -> str:
    """What the terminal shows until these words."""
    shown = ""
    while words.strip() not in " ".join(shown.split()):
        assert select.select([terminal], [], [], PATIENCE)[0], shown
        try:
            shown += os.read(terminal, 65_536).decode(errors="replace")
        except OSError:  # the other side is gone
            break
    assert words.strip() in " ".join(shown.split()), shown  # long lines are broken between words
    return shown


def test_a_pasted_note_is_one_note_and_ctrl_c_leaves_cleanly(tmp_path: Path) -> None:
    one = service(tmp_path / "ws")
    audit = min(one.auditors)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(one.folder)
        arguments = ["--as", one.auditors[audit], "grade", audit, "--plain"]
        os.execv(sys.executable, [sys.executable, "-m", "audit_engine.cli", *arguments])  # noqa: S606 - as a person does
    until(terminal, "? help: ")
    os.write(terminal, f"{WORST}\n".encode())
    until(terminal, "Enter goes back: ")
    os.write(terminal, b"first line\n1\nthird line\n")
    until(terminal, "evidence? It is needed for this grade. Enter goes back: ")
    os.write(terminal, b"Log, page 3\n")
    until(terminal, "Question 2. Grade 1 to 4")
    os.write(terminal, b"\x03")
    until(terminal, "Left. Everything that was answered is saved.")
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    os.close(terminal)

    told = one.run(one.auditors[audit], "show", audit, "--json").stdout
    assert "first line\\n1\\nthird line" in told
    assert "Log, page 3" in told
