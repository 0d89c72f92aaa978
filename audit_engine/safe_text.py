"""Text from people and files is hostile until it has passed here, on the way in and on the way out.

Inward, characters that steer a terminal, hide or reorder text are dropped and counted. Outward, whatever
is left of them becomes visible. Source of the list: the measured escapes in docs/architecture.md, section 4.
"""

import re
import unicodedata

MAX_TEXT = 10_000
"""Characters in one note, reason or cell."""
MAX_MARKS = 4
"""Combining marks kept on one letter; more are used to smear text over its neighbours."""

# C0 without TAB and LF, DEL, C1, soft hyphen, bidirectional controls, zero-width characters, line and
# paragraph separators, byte order mark, interlinear and tag characters, lone surrogates, private use.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_JOINER = "\u200d"
_EMOJI_BEFORE = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")


def hidden_characters(text: str) -> list[tuple[int, str]]:
    """Places and names of characters that may not enter: (offset from 0, 'U+001B')."""
    return [(m.start(), _codepoint(m[0])) for m in _HIDDEN.finditer(text) if not _is_emoji_joiner(text, m.start())]


def cleaned(text: str) -> tuple[str, int]:
    """Text as it may be stored (NFC, LF line ends, nothing hidden) and how many characters were dropped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept, marks, dropped = [], 0, 0
    for offset, character in enumerate(text):
        if _HIDDEN.match(character) and not _is_emoji_joiner(text, offset):
            dropped += 1
            continue
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS:
            dropped += 1
            continue
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)), dropped


def for_terminal(text: str, *, lines: bool = False) -> str:
    """Text as it may reach a terminal: anything that could steer it becomes visible, as `<U+001B>`.

    Args:
        lines: Keep line ends; otherwise they become a space, so that a value cannot fake a line of ours.
    """
    shown = _HIDDEN.sub(lambda match: f"<{_codepoint(match[0])}>", text)
    return shown if lines else shown.replace("\n", " ").replace("\t", " ")


def shortened(text: str, width: int) -> str:
    """At most `width` characters, the cut marked."""
    return text if len(text) <= width else text[: width - 1] + "…"


def quoted(text: str, width: int = 40) -> str:
    """Something a person typed, inside one of our sentences."""
    return f"'{shortened(for_terminal(text), width)}'"


def _codepoint(character: str) -> str:
    return f"U+{ord(character):04X}"


def _is_emoji_joiner(text: str, offset: int) -> bool:
    return text[offset] == _JOINER and offset > 0 and _EMOJI_BEFORE.match(text[offset - 1]) is not None
