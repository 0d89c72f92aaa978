"""From one cell to its value, or to what is wrong with it. Knows kinds of values, not columns, rows or files.

A kind is asked once for every different text in a column, so it may be thorough.
"""

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from audit_engine.calendars import quarter
from audit_engine.exchange.files import MAX_CELL
from audit_engine.exchange.tally import Wrong
from audit_engine.problems import Unusable
from audit_engine.safe_text import cleaned, hidden_characters, quoted

MAX_REFERENCE = 40
MAX_LABEL = 200
NONE = "none"
"""In a list of words: known to be none. An empty cell is not known."""

_REFERENCE = re.compile(r"[A-Za-z0-9_/.\-]{1,40}", re.ASCII)
_NUMBER = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,10})?", re.ASCII)
_FEW = 300
"""Up to so many known references, the nearest is looked for by likeness; beyond, only by one slip of the finger."""
BLANKS = " \t\r\n\xa0"
"""What may stand around a value. Not all that `str.strip` takes off: it would hide control characters."""
_TOLD = 8
"""Words that a help sentence lists."""
_ALIKE = 0.6
"""How alike two words must be, 0 to 1, for one to be offered for the other."""
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/."


class Kind(Protocol):
    """One kind of value."""

    def judge(self, text: str) -> Any:
        """The value of a text, or a Wrong. The text is not empty, has no blanks around it, and hides nothing."""


def hostile(text: str) -> Wrong | None:
    """What may not enter from any cell: hidden characters, formulas, endless text."""
    if len(text) > MAX_CELL:
        return Wrong(
            "X022",
            f"this cell is longer than {MAX_CELL:,} characters",
            "Shorten it, or close the quote it begins with.",
        )
    # A few hidden characters count as printable letters, so only ASCII is let through at a glance.
    if not (text.isascii() and text.isprintable()):
        found = hidden_characters(text.replace("\r\n", "\n"))
        if found:
            offset, name = found[0]
            words = f"Delete the character {name} after {offset} others, or type the cell again."
            return Wrong("X020", f"{quoted(text)} holds a hidden character", words)
    if text[:1] in ("=", "@", "+") or (text[:1] == "-" and not _NUMBER.fullmatch(text)):
        words = "Write the value itself; where nothing is known, leave the cell empty."
        return Wrong("X021", f"{quoted(text)} begins like a formula", words)
    return None


@dataclass(frozen=True, slots=True)
class Reference:
    """What a case, person or audit is known by: letters, digits and - _ / . of ASCII, at most 40."""

    def judge(self, text: str) -> str | Wrong:
        """The reference, full-width characters made plain."""
        if _REFERENCE.fullmatch(text):
            return text
        plain = unicodedata.normalize("NFKC", text).strip()
        if _REFERENCE.fullmatch(plain):
            return plain
        if len(plain) > MAX_REFERENCE:
            return Wrong(
                "X024", f"{quoted(text)} is longer than {MAX_REFERENCE} characters", "Use a shorter reference."
            )
        strange = next((c for c in text if not _REFERENCE.fullmatch(unicodedata.normalize("NFKC", c))), " ")
        allowed = "A reference has only the letters A to Z, digits and - _ / . in it."
        if strange.isascii():
            return Wrong("X024", f"{quoted(text)} holds {quoted(strange)}, which no reference does", allowed)
        message = (
            f"{quoted(text)} holds the character U+{ord(strange):04X}, which only looks like one of ours, if at all"
        )
        return Wrong("X024", message, f"Type the reference again. {allowed}")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A reference to something the workspace already holds."""

    known: Collection[str]
    what: str
    """`person`, `case`: as the message says it."""
    code: str
    otherwise: str
    """What to do when nothing near is known."""

    def judge(self, text: str) -> str | Wrong:
        """The reference, when it is known."""
        reference = Reference().judge(text)
        if isinstance(reference, Wrong) or reference in self.known:
            return reference
        return Wrong(
            self.code, f"there is no {self.what} {quoted(text)}", lambda: near(reference, self.known) or self.otherwise
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A name of something, on one line."""

    known: Collection[str] | None = None
    """The only ones there are, where that is known."""
    what: str = "name"
    code: str = "X025"
    otherwise: str = ""

    def judge(self, text: str) -> str | Wrong:
        """The name with single spaces, composed (NFC)."""
        if len(text) > MAX_LABEL:
            return Wrong("X022", f"this {self.what} is longer than {MAX_LABEL} characters", "Shorten it.")
        name, dropped = cleaned(" ".join(text.split()))
        if dropped:
            return Wrong("X020", f"{quoted(text)} piles marks upon its letters", "Type it again, without the marks.")
        if self.what in ("area", "team") and ("%" in name or "％" in name):
            words = "Write 'per cent': in a summary the sign belongs to figures only."
            return Wrong("X035", f"the {self.what} {quoted(name)} holds a per cent sign", words)
        if self.known is not None and name not in self.known:
            known = self.known
            return Wrong(
                self.code, f"there is no {self.what} {quoted(text)}", lambda: near(name, known) or self.otherwise
            )
        return name


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a person, on any number of lines."""

    def judge(self, text: str) -> str | Wrong:
        """The text, composed (NFC), with plain line ends."""
        kept, dropped = cleaned(text)
        if dropped:
            return Wrong("X020", f"{quoted(text)} piles marks upon its letters", "Type it again, without the marks.")
        return kept


@dataclass(frozen=True, slots=True)
class Word:
    """One of the declared words."""

    words: Mapping[str, Any]
    """What is written -> what it stands for."""
    what: str = "a word for this column"
    code: str = "X025"

    def judge(self, text: str) -> Any:
        """What the word stands for."""
        if text in self.words:
            return self.words[text]
        return Wrong(
            self.code, f"{quoted(text)} is not {self.what}", lambda: near(text, self.words) or told(self.words)
        )


YES_NO = Word({"yes": True, "no": False}, "yes or no")


def one_of(words: Sequence[str], what: str = "a word for this column", code: str = "X025") -> Word:
    """A word that stands for itself."""
    return Word({word: word for word in words}, what, code)


@dataclass(frozen=True, slots=True)
class Words:
    """Several declared words with ; between them, or `none`."""

    words: tuple[str, ...]

    def judge(self, text: str) -> list[str] | Wrong:
        """The words in the order written; an empty list for `none`."""
        if text == NONE and NONE not in self.words:
            return []
        parts = [part.strip() for part in text.split(";") if part.strip()]
        for place, part in enumerate(parts):
            if part == NONE and NONE not in self.words:
                return Wrong(
                    "X025", f"{quoted(text)} says none beside other words", "Delete 'none', or everything else."
                )
            if part not in self.words:
                return Wrong("X025", f"{quoted(part)} is not a word for this column", _help_for(part, self.words))
            if part in parts[:place]:
                return Wrong("X026", f"{quoted(part)} stands in this cell twice", "Keep one of them.")
        return parts or Wrong("X025", f"{quoted(text)} holds no word", "Leave the cell empty, or write 'none'.")


def _help_for(part: str, words: Sequence[str]) -> str:
    return near(part, words) or told(words)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from 0."""

    def judge(self, text: str) -> int | Wrong:
        """The number."""
        if _WHOLE.fullmatch(text):
            return int(text)
        if text.isdigit() and text.isascii():
            return Wrong("X027", f"{quoted(text)} is too large a number", "Write nine digits at most.")
        if text.startswith("-") and _NUMBER.fullmatch(text):
            return Wrong("X027", f"{quoted(text)} is less than nothing", "Write a whole number from 0.")
        return Wrong("X027", f"{quoted(text)} is not a whole number", "Write digits only, as in 3.")


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal number, kept as it was written."""

    def judge(self, text: str) -> str | Wrong:
        """The text of the number."""
        if _DECIMAL.fullmatch(text):
            return text
        return Wrong(
            "X032", f"{quoted(text)} is not a number", "Write digits with a point, as in 92.4; no sign, no comma."
        )


@dataclass(frozen=True, slots=True)
class QuarterName:
    """A quarter of the financial year, by name."""

    def judge(self, text: str) -> str | Wrong:
        """The quarter's name."""
        try:
            return str(quarter(text))
        except Unusable as error:
            problem = error.problems[0]
            return Wrong("X033", problem.message, problem.help)


def near(word: str, known: Collection[str]) -> str:
    """A help sentence naming the nearest known word, or the known words when there are few, or nothing."""
    likely = likeliest(word, known)
    if likely is not None:
        return f"Did you mean {quoted(likely, MAX_LABEL)}?"
    return told(known) if 0 < len(known) <= _TOLD else ""


def likeliest(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant. Quick for any number of them."""
    if len(known) > _FEW:
        return next((one for one in _one_slip_away(word) if one in known), None)
    folded = {one.casefold(): one for one in sorted(known)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[close[0]] if close else None


def _one_slip_away(word: str) -> list[str]:
    """Other cases of its letters, two neighbours exchanged, one character wrong, missing or too many."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    swapped = [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
    wrong = [a + c + b[1:] for a, b in cuts if b for c in _ALPHABET]
    missing = [a + c + b for a, b in cuts for c in _ALPHABET]
    return [word.upper(), word.lower(), *swapped, *(a + b[1:] for a, b in cuts if b), *wrong, *missing]


def told(words: Collection[str]) -> str:
    """A help sentence naming the first few of the words there are."""
    few = sorted(words)[:_TOLD]
    if not few:
        return "There is none yet."
    return f"Known here: {', '.join(few)}{' and others' if len(words) > len(few) else ''}."


def day_in(text: str, year: str, month: str, day: str) -> date | Wrong:
    """The day of three numbers written in `text`."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return Wrong("X029", f"there is no day {quoted(text)}", "Check the day and the month.")
    if not 1900 <= found.year <= 2199:
        return Wrong("X029", f"{quoted(text)} is not in any year from 1900 to 2199", "Check the year.")
    return found
