"""What the terminal sends: keys, the mouse, pastes. Stands in for the framework's own reading, which lets a paste act.

There, an escape character inside a paste makes keys of everything up to the next one, so that a digit pasted with a
little colour around it would be a grade; `Esc` and a letter that arrive together are neither; and a byte that is not
UTF-8 ends the program without a word.
"""

import asyncio
import os
import re
import select
import signal
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
AT_ONCE = 65_536
"""Bytes read at a time."""
ALONE = 0.05
"""Seconds after which an escape character alone is the key, and no longer the beginning of something."""
PAUSE = 0.1
"""Seconds until it is looked whether the program has ended."""
_ESCAPE = re.compile(r"\x1b(?![\[OP\]_^])")
"""One that begins nothing a terminal sends. With a letter behind it some mean Alt, which means nothing here."""


class Pastes:
    """Takes the pastes out of what a terminal sends. What stands between their marks is text, whatever it holds."""

    def __init__(self) -> None:
        self._held = ""
        """May be the beginning of a mark, the rest of which is on its way."""
        self._pasted: list[str] | None = None
        """What came of a paste so far; None outside of one."""

    def apart(self, sent: str) -> Iterator[str | events.Paste]:
        """Keys as they came, and pastes that are whole, in their order."""
        rest, self._held = self._held + sent, ""
        while rest:
            mark = BEGINS if self._pasted is None else ENDS
            before, found, rest = rest.partition(mark)
            if not found:
                self._held = _beginning_of(mark, before)
                before = before[: len(before) - len(self._held)]
            if self._pasted is not None:
                self._pasted.append(before)
                if found:
                    yield events.Paste("".join(self._pasted))
                    self._pasted = None
            else:
                if before:
                    yield before
                if found:
                    self._pasted = []

    @property
    def waiting(self) -> bool:
        """Whether something is held back that may be keys."""
        return self._held != "" and self._pasted is None

    def rested(self) -> str:
        """Nothing more came: what was held outside of a paste was no beginning, but keys."""
        if not self.waiting:
            return ""
        held, self._held = self._held, ""
        return held


def _beginning_of(mark: str, text: str) -> str:
    """The end of `text` that may be the beginning of a mark."""
    return next((mark[:n] for n in range(len(mark) - 1, 0, -1) if text.endswith(mark[:n])), "")


class Incoming(LinuxDriver):
    """The terminal, read by us."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Being put to sleep and woken are told to the loop. Only there while it runs.

        Left to the framework, the signal that wakes a program may be taken by one thread while the one that has to act
        on it falls asleep again in the loop: the screens then stay dark until something else wakes it, and nothing can,
        for their own reading is what waits to be begun again.
        """
        super().__init__(*args, **more)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTSTP, self._sigtstp_application)
        loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)

    def run_input_thread(self) -> None:
        """Read until the program ends or the terminal is gone, which `tui.terminal` watches for."""
        parser, pastes = XTermParser(), Pastes()
        decode = getincrementaldecoder("utf-8")("replace").decode
        waiting = select.poll()
        waiting.register(self.fileno, select.POLLIN)
        with suppress(OSError):
            while not self.exit_event.is_set():
                came: Iterable[str | events.Paste]
                if waiting.poll(1000 * (ALONE if pastes.waiting else PAUSE)):
                    sent = os.read(self.fileno, AT_ONCE)
                    if not sent:
                        return
                    came = pastes.apart(decode(sent))
                else:
                    came = [pastes.rested()]
                for one in came:
                    for event in [one] if isinstance(one, events.Paste) else self._keys(parser, one):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _keys(self, parser: XTermParser, sent: str) -> Iterator[Message]:
        """Every `Esc` by itself, before whatever came with it."""
        before, *rest = _ESCAPE.split(sent)
        yield from parser.feed(before) if before else ()
        for one in rest:
            yield events.Key("escape", "\x1b")
            yield from parser.feed(one) if one else ()
