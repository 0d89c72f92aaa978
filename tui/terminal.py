"""The terminal goes away, or the program is told to end. What is being written is kept, and the program ends.

SIGHUP says that the terminal goes, unless it is ignored (`nohup`); then only the terminal itself does, by hanging up.
A program that watches for neither goes on for ever, reading nothing as fast as it can. SIGTERM leaves a terminal
behind that somebody still sits at, so that one is tidied.
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

GONE, TOLD_TO_END = 129, 143
"""Exit codes: 128 and the number of SIGHUP, and of SIGTERM."""
LAST_WORDS = 6.0
"""Seconds for keeping what was being written, and for tidying."""


@contextmanager
def goes_away(app: "AuditApp") -> Iterator[None]:
    """While the program runs, end it when its terminal goes away or somebody ends it."""
    stop, wake = os.pipe()
    ended = threading.Event()
    codes = {signal.SIGHUP: GONE, signal.SIGTERM: TOLD_TO_END}
    old = {one: signal.getsignal(one) for one in codes}
    for one, before in old.items():
        if before is not signal.SIG_IGN:
            signal.signal(one, lambda number, _frame: _leave(app, codes[signal.Signals(number)], ended))
    watcher = threading.Thread(target=_watch, args=(app, sys.stdin.fileno(), stop, ended), name="terminal", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        os.close(wake)
        watcher.join()
        os.close(stop)
        for one, before in old.items():
            signal.signal(one, before)


def _watch(app: "AuditApp", terminal: int, stop: int, ended: threading.Event) -> None:
    """Sleep until the terminal hangs up, or the program has ended."""
    waiting = select.poll()
    waiting.register(terminal, 0)  # asked for nothing, it still tells of a hang-up
    waiting.register(stop, 0)
    for number, _ in waiting.poll():
        if number == terminal:
            _leave(app, GONE, ended)


def _leave(app: "AuditApp", code: int, ended: threading.Event) -> None:
    """Keep what is being written, then end. Not from here: a signal comes in the middle of anything."""
    threading.Thread(target=_end, args=(app, code, ended), name="last words", daemon=True).start()


def _end(app: "AuditApp", code: int, ended: threading.Event) -> None:
    loop = app.loop
    if loop is not None:
        with suppress(Exception):
            asyncio.run_coroutine_threadsafe(app.keep_drafts(), loop).result(LAST_WORDS)
    with suppress(Exception):
        app.lane.ask_last(lambda: None)
    if code == TOLD_TO_END and loop is not None:
        with suppress(RuntimeError):  # the loop has just ended by itself
            loop.call_soon_threadsafe(app.exit, None, code)
        if ended.wait(LAST_WORDS):
            return
    os._exit(code)  # a terminal that is gone cannot be tidied: whoever tries may wait for it for ever
