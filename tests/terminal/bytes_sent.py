"""What the bytes of a program do to a terminal: which of them only draw, and what they leave switched on."""

import re

_MODES = "1000|1003|1004|1006|1015|1049|2004|2026|2048|25|7"
_OURS = re.compile(
    rb"\x1b\[[0-9;]*m"  # colours and weights
    rb"|\x1b\[[0-9;]*[HABCDGJK]"  # where to draw, and wiping
    rb"|\x1b\[\?(?:" + _MODES.encode() + rb")[hl]"
    rb"|\x1b\[\?(?:2026|2048)\$p"  # asks whether the terminal draws in one go, and whether it tells of its size
    rb"|\x1b\[[<>][0-9]*u"  # how keys are told
    rb"|\x1b\]22;default\x07"  # the mouse's own shape
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SWITCH = re.compile(rb"\x1b\[\?(" + _MODES.encode() + rb")([hl])")
_COLOURS = re.compile(rb"\x1b\[([0-9;]*)m")
TIDY = {b"1049": b"l", b"25": b"h", b"7": b"h"}
"""The first screen, a cursor, long lines broken; everything else is off."""


def foreign(sent: bytes) -> list[str]:
    """Whatever in it could steer a terminal and is not how our screens are drawn, with what stands around it."""
    text = _OURS.sub(b"", sent).decode(errors="replace")
    return [repr(text[max(found.start() - 20, 0) : found.end() + 40]) for found in _CONTROL.finditer(text)]


def left_on(sent: bytes) -> dict[bytes, bytes]:
    """The modes that a terminal is left in, where they are not those of a tidy one."""
    newest = dict(_SWITCH.findall(sent))
    assert newest.get(b"1049"), "it never drew anything"
    return {mode: way for mode, way in newest.items() if way != TIDY.get(mode, b"l") and mode not in (b"2026", b"2048")}


def colours(sent: bytes) -> set[int]:
    """The colours asked for: numbers of the colour codes other than those of the terminal's own default."""
    codes = {int(code) for found in _COLOURS.findall(sent) for code in found.split(b";") if code}
    return {code for code in codes if 30 <= code <= 38 or 40 <= code <= 48 or 90 <= code <= 107}
