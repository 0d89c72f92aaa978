"""The terminal goes away: its window is closed, its line drops. What is being written is kept, and the program ends.

SIGHUP says so, unless it is ignored (`nohup`); then only the terminal itself does, by hanging up. A program that
watches for neither goes on for ever, reading nothing as fast as it can.
"""

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import AuditApp

GONE = 129
"""The exit code of a program whose terminal went away: 128 and SIGHUP's own number."""
LAST_WORDS = 6.0
"""Seconds for keeping what was being written."""


@contextmanager
def goes_away(app: "AuditApp") -> Iterator[None]:
    """While the program runs, end it when its terminal goes away."""
    stop, wake = os.pipe()
    old = {one: signal.getsignal(one) for one in (signal.SIGHUP, signal.SIGTERM)}
    for one, before in old.items():
        if before is not signal.SIG_IGN:
            signal.signal(one, lambda *_: _leave(app))
    watcher = threading.Thread(target=_watch, args=(app, sys.stdin.fileno(), stop), name="terminal", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        os.close(wake)
        watcher.join()
        os.close(stop)
        for one, before in old.items():
            signal.signal(one, before)


def _watch(app: "AuditApp", terminal: int, stop: int) -> None:
    """Sleep until the terminal hangs up, or the program has ended."""
    waiting = select.poll()
    waiting.register(terminal, 0)  # asked for nothing, it still tells of a hang-up
    waiting.register(stop, 0)
    for number, _ in waiting.poll():
        if number == terminal:
            _leave(app)


def _leave(app: "AuditApp") -> None:
    """Keep what is being written, then end at once: a terminal that is gone cannot be tidied."""
    threading.Thread(target=_end, args=(app,), name="last words", daemon=True).start()


def _end(app: "AuditApp") -> None:
    loop = app.loop
    if loop is not None:
        with suppress(Exception):
            asyncio.run_coroutine_threadsafe(app.keep_drafts(), loop).result(LAST_WORDS)
    with suppress(Exception):
        app.lane.ask_last(lambda: None)
    os._exit(GONE)
