"""What the terminal sends: keys, the mouse, pastes. Stands in for the framework's own reading, which lets a paste act.

There, an escape character inside a paste makes keys of everything up to the next one, so that a digit pasted with a
little colour around it would be a grade; and a byte that is not UTF-8 ends the program without a word.
"""

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
AT_ONCE = 65_536
"""Bytes read at a time."""
PAUSE = 0.1
"""Seconds after which an escape character alone is the key, and no longer the beginning of something."""


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
                self._held = _beginning_of(mark, before, least=2 if self._pasted is None else 1)
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


def _beginning_of(mark: str, text: str, *, least: int) -> str:
    """The end of `text` that may be the beginning of a mark. Outside of a paste one character is not: it is a key."""
    return next((mark[:n] for n in range(len(mark) - 1, least - 1, -1) if text.endswith(mark[:n])), "")


class Incoming(LinuxDriver):
    """The terminal, read by us."""

    def run_input_thread(self) -> None:
        """Read until the program ends or the terminal is gone, which `tui.terminal` watches for."""
        parser, pastes = XTermParser(), Pastes()
        decode = getincrementaldecoder("utf-8")("replace").decode
        waiting = select.poll()
        waiting.register(self.fileno, select.POLLIN)
        with suppress(OSError):
            while not self.exit_event.is_set():
                if waiting.poll(PAUSE * 1000):
                    sent = os.read(self.fileno, AT_ONCE)
                    if not sent:
                        return
                    for one in pastes.apart(decode(sent)):
                        for event in [one] if isinstance(one, events.Paste) else parser.feed(one):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
