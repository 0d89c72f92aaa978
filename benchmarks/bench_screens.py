"""The screens, as a person at a terminal feels them: the first queue row, and from a key to the last byte it draws.

Both are read off a pty, beside a minimal Textual app (one line of text) that is started in the same rounds: only the
ratio is worth keeping. A grade's time ends with the last byte that its saved stamp came with, so the durable commit is
in it. Each run asserts what it reached before its time counts: a queue row, and in the end as many grades in the
database as keys were pressed.

Run: make bench, or python benchmarks/bench_screens.py [ROUNDS]
"""

import fcntl
import os
import pty
import select
import sqlite3
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from big_workspace import make_big_workspace

ROUNDS = 5
AUDITS, KEYS = 3, 20
AUDIT = (sys.executable, "-m", "audit_engine.cli")
QUIET = 0.25
"""Seconds without a byte after which a key's picture is complete."""
MINIMAL = """
from textual.app import App
from textual.content import Content
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static(Content("ready to be read"))
Minimal().run()
"""


class AtPty:
    """A program at a terminal."""

    def __init__(self, command: Sequence[str], cwd: Path, size: tuple[int, int] = (80, 24)) -> None:
        self.began = time.perf_counter()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(command[0], list(command), {**os.environ, "TERM": "xterm-256color"})  # noqa: S606
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.sent = b""

    def until(self, word: bytes, patience: float = 60.0) -> float:
        """Seconds from its start until it has sent this word."""
        deadline = time.perf_counter() + patience
        while word not in self.sent:
            assert time.perf_counter() < deadline, f"{word!r} never came: {self.sent[-2000:]!r}"
            self._read(0.5)
        return time.perf_counter() - self.began

    def key(self, key: bytes) -> tuple[float, int]:
        """Press a key. Seconds to the last byte it caused, and how many bytes there were."""
        pressed = last = time.perf_counter()
        before = len(self.sent)
        os.write(self.master, key)
        while self._read(QUIET):
            last = time.perf_counter()
        return last - pressed, len(self.sent) - before

    def settle(self) -> None:
        """Until nothing more comes."""
        while self._read(0.5):
            pass

    def end(self) -> None:
        """End it."""
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.master)

    def _read(self, wait: float) -> bool:
        if not select.select([self.master], [], [], wait)[0]:
            return False
        self.sent += os.read(self.master, 65_536)
        return True


def first_row(folder: Path, workspace: Path, person: str, rounds: int) -> None:
    """The first picture, and the first row of the queue, beside a minimal app."""
    ours, frame, minimal = [], [], []
    for _ in range(rounds):
        one = AtPty([sys.executable, "-c", MINIMAL], folder)
        minimal.append(one.until(b"ready to be read"))
        one.end()
        one = AtPty([*AUDIT, "--workspace", str(workspace), "--as", person, "tui"], folder)
        frame.append(one.until(b"Work queue"))
        ours.append(one.until(b" > L-"))
        one.end()
    base = statistics.median(minimal)
    print(f"minimal Textual app: {1000 * base:.0f} ms (median of {rounds})")
    for name, times in (("first picture", frame), ("first queue row", ours)):
        middle = statistics.median(times)
        print(f"audit tui, {name}: {1000 * middle:.0f} ms, {middle / base:.2f} x the minimal app")


def keys(folder: Path, workspace: Path, person: str, size: tuple[int, int]) -> None:
    """Grades of one audit after the other: one key each, to the last byte."""
    before = _grades(workspace)
    one = AtPty([*AUDIT, "--workspace", str(workspace), "--as", person, "tui"], folder, size)
    one.until(b" > L-")
    one.settle()
    one.key(b"/being graded\r")
    one.settle()
    times, bytes_, moves = [], [], []
    for _ in range(AUDITS):
        one.key(b"\r")
        one.settle()
        moves += [one.key(b"j")[0] for _ in range(10)]
        one.key(b"\x1b[H")
        # The same question again and again: every press is an answer of its own, none asks for a note.
        for _ in range(KEYS):
            taken, sent = one.key(b"2")
            times.append(taken)
            bytes_.append(sent)
            one.key(b"k")
        one.key(b"q")
        one.settle()
        one.key(b"j")
    one.end()
    made = _grades(workspace) - before
    assert made == len(times), f"{made} grades are in the database, {len(times)} keys were pressed"
    told = statistics.quantiles(times, n=100)
    print(f"{size[0]}x{size[1]}: grade to last byte, {len(times)} keys, all of them in the database:")
    print(f"  p50 {1000 * told[49]:.0f}, p95 {1000 * told[94]:.0f}, longest {1000 * max(times):.0f} ms")
    print(f"  {statistics.median(bytes_):,.0f} bytes a key, {max(bytes_):,} at most")
    print(f"  moving a line: p50 {1000 * statistics.median(moves):.0f} ms")


def _grades(workspace: Path) -> int:
    file = next(workspace.glob("*.sqlite"))
    connection = sqlite3.connect(file)
    try:
        return int(connection.execute("SELECT count(*) FROM entries WHERE kind = 'rated'").fetchone()[0])
    finally:
        connection.close()


def main() -> None:
    """Make the workspace, then measure."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        workspace, person = make_big_workspace(folder / "big")
        workspace = workspace if workspace.is_dir() else workspace.parent
        if rounds:
            first_row(folder, workspace, person, rounds)
        keys(folder, workspace, person, (80, 24))
        keys(folder, workspace, person, (200, 60))


if __name__ == "__main__":
    main()
