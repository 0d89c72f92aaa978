"""A terminal of which every byte is read: for what a program sends, and for terminals that go away."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PATIENCE = 30.0
"""Seconds until bytes, or an end, that do not come are a failure."""


class PtyRun:
    """A program at a terminal of its own. Use it in a `with`: it ends with it."""

    def __init__(
        self, command: Sequence[str], folder: Path, *, env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24), deaf_to: signal.Signals | None = None,
    ) -> None:  # fmt: skip
        """Start it.

        Args:
            deaf_to: A signal that it is started to ignore, as `nohup` does.
        """
        self.sent = b""
        """Every byte that it sent so far."""
        self._code: int | None = None
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            if deaf_to is not None:
                signal.signal(deaf_to, signal.SIG_IGN)
            os.execve(command[0], list(command), {**os.environ, "TERM": "xterm-256color", **(env or {})})  # noqa: S606 - as a person does
        width, height = size
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.hang_up()

    def type(self, typed: bytes) -> None:
        """Keys, as their bytes."""
        os.write(self.master, typed)

    def until(self, *words: bytes) -> bytes:
        """Read until everything sent from now on holds all these words; that, then."""
        start = len(self.sent)
        deadline = time.monotonic() + PATIENCE
        while not all(one in self.sent[start:] for one in words):
            if not self._read(deadline - time.monotonic()):
                pytest.fail(f"{words!r} never came after: {self.sent[start:][-3000:]!r}")
        return self.sent[start:]

    def quiet(self, seconds: float) -> bytes:
        """What is sent within these seconds."""
        start = len(self.sent)
        deadline = time.monotonic() + seconds
        while self._read(deadline - time.monotonic()):
            pass
        return self.sent[start:]

    def settled(self) -> None:
        """Read until nothing more comes for a while."""
        while self.quiet(0.5):
            pass

    def hang_up(self) -> None:
        """The terminal goes away."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def signal(self, number: signal.Signals) -> None:
        """Send it, and nobody else, a signal."""
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for its end; its exit code, or the signal that ended it below 0."""
        deadline = time.monotonic() + PATIENCE
        while self._code is None:
            if self.master >= 0 and self._read(0.02):
                continue  # whoever reads nothing keeps the program from leaving
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self._code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                pytest.fail("the program did not end")
            elif self.master < 0:
                time.sleep(0.02)
        return self._code

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], max(seconds, 0))[0]:
            return False
        try:
            more = os.read(self.master, 65_536)
        except OSError:  # the other side is gone
            return False
        self.sent += more
        return bool(more)
