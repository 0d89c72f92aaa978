"""From the bytes of one CSV file to its records: bounded, decoded exactly as named, nothing guessed.

A record may stand on several lines, so rows are counted in records, the heading being row 1. What the cells mean
is not known here.
"""

import codecs
import csv
import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from audit_engine.definitions.mapping import Mapping
from audit_engine.exchange.tally import Tally, Wrong
from audit_engine.problems import Place, Problem, Unusable, nearest, unusable
from audit_engine.safe_text import quoted

MAX_BYTES = 200_000_000
MAX_ROWS = 1_000_000
"""Records below the heading."""
MAX_COLUMNS = 500
MAX_CELL = 10_000
"""Characters in one cell."""
CSV_CELL = 2_000_000
"""Characters at which csv gives up: far above MAX_CELL, so that a cell that is too long gets its row and column."""
LONGEST_RECORD = MAX_COLUMNS * (MAX_CELL + 3)
"""Characters in a record of full columns with full cells. What stands behind them is not looked at again."""

ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "latin-1", "mac-roman", "cp437", "cp850",
    *(f"cp125{n}" for n in range(9)), *(f"iso-8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
)  # fmt: skip
"""The encodings a file may be said to have. Others that Python knows are no way of writing a file of words."""

_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_NOTHING = codecs.BOM_UTF8 + codecs.BOM_UTF16 + b" \t\r\n"
"""Bytes that may stand in a file that says nothing."""
_QUOTED = re.compile(r'"[^"]*"?')


def read_bytes(path: Path, name: str) -> bytes:
    """All bytes of an ordinary file.

    Raises:
        Unusable: it cannot be read, is no ordinary file, or is larger than MAX_BYTES.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "its name cannot be used").lower()
        raise unusable(
            name, "X001", f"this file cannot be read: {why}", "Check its name and who may read it."
        ) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise unusable(name, "X001", "this is not an ordinary file", "Give the name of a CSV file.")
    with os.fdopen(handle, "rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise unusable(name, "X002", f"this file is larger than {MAX_BYTES:,} bytes", "Split it into several files.")
    if raw.startswith(b"PK\x03\x04"):
        raise unusable(name, "X034", "this is a spreadsheet, not a CSV file", "Open it and save it as CSV (UTF-8).")
    return raw


def digest_of(raw: bytes, mapping: Mapping | None) -> str:
    """SHA-256, hex, of the file's bytes, and of what the mapping says where there is one."""
    digest = hashlib.sha256(raw)
    if mapping is not None:
        digest.update(b"\0" + mapping.model_dump_json().encode())
    return digest.hexdigest()


class Records:
    """The records of one file, to be gone through once: (row number, cells). Problems of structure go to the tally."""

    def __init__(self, raw: bytes, encoding: str, tally: Tally) -> None:
        """Judge the encoding and the heading's separator.

        Raises:
            Unusable: the file is empty, or cannot be taken apart at all.
        """
        self._raw, self._tally = raw, tally
        self._codec = _codec(raw, encoding, tally.name)
        if not raw.translate(None, _NOTHING + (b"\0" if "16" in self._codec else b"")):
            raise unusable(tally.name, "X009", "this file is empty", "Give the file that holds the lines.")
        self.heading: list[str] = []
        """The cells of row 1, as written."""
        self.separator = ","
        self.whole = True
        """Whether every record so far could be taken apart."""
        self._lines = _Lines(io.TextIOWrapper(io.BytesIO(raw), self._codec, newline=""))
        # The limit belongs to the whole process; ours is the higher one, and the file's size bounds all the same.
        csv.field_size_limit(CSV_CELL)
        self._number = 0
        self._reader = csv.reader(self._lines, strict=True)
        self._take_heading()

    @property
    def about(self) -> int:
        """How many rows there are at most, heading included, by counting lines."""
        return self._raw.count(b"\n") + 1

    @property
    def separated_by(self) -> str:
        """The separator in words: `a comma`."""
        return _SEPARATORS[self.separator]

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Every record after the heading. Raises Unusable when bytes turn up that the encoding does not know."""
        if not self.heading:
            return
        while (cells := self._next()) is not None:
            if self._number > MAX_ROWS + 1:
                self.whole = False
                self._add("X003", f"this file has more than {MAX_ROWS:,} rows", "Split it into several files.")
                return
            yield self._number, cells

    def _take_heading(self) -> None:
        try:
            first = next(self._lines, "")
        except UnicodeError:
            raise self._undecodable() from None
        self.separator = self._separator(first)
        self._lines.push_back(first)
        self._reader = csv.reader(self._lines, delimiter=self.separator, strict=True)
        self.heading = self._next() or []
        if self._number > 1:
            # Row 1 could not be taken apart and has been told of; what came instead of it is no heading.
            self.heading = []
        if not any(cell.strip() for cell in self.heading) and not self._tally.count:
            self.heading = []
            self._add("X010", "row 1 is empty, and should name the columns", "Put the heading in the first row.")

    def _separator(self, first: str) -> str:
        bare = _QUOTED.sub("", first)
        found = [separator for separator in _SEPARATORS if separator in bare]
        if len(found) > 1:
            kinds = " and ".join(_SEPARATORS[separator] for separator in found)
            message = f"row 1 holds both {kinds}, so it is not clear which of them separates the columns"
            wrong = Wrong("X007", message, "Keep one of them, or put quotes around a name that holds the other.")
            self._tally.add(wrong, 1)
            self._tally.raise_any()
        return found[0] if found else ","

    def _next(self) -> list[str] | None:
        """The next record that could be taken apart; None at the end, or where nothing further can be trusted."""
        while True:
            self._lines.record.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                return None
            except UnicodeError:
                raise self._undecodable() from None
            except csv.Error as error:
                self._number += 1
                self.whole = False
                if self._ends_all(str(error)):
                    return None
                continue
            self._number += 1
            return cells

    def _ends_all(self, error: str) -> bool:
        """Tell what is wrong with the record just tried, and whether the rows behind it can still be found."""
        cells = _leniently(self._lines.record, self.separator)
        if "field limit" in error:
            place = next((n for n, cell in enumerate(cells) if len(cell) > MAX_CELL), None)
            message = f"this cell is longer than {MAX_CELL:,} characters"
            self._add("X022", message, "Shorten it, or close the quote it begins with.", place)
            return True
        if "end of data" in error:
            message = "a quote is opened in this row and never closed"
            self._add(
                "X008",
                message,
                'Close it with another ", or write " twice where it is part of the text.',
                len(cells) - 1,
            )
            return True
        several = len(self._lines.record) > 1
        message = (
            "a quote is opened in this row and closed in a later one" if several else "text follows a closing quote"
        )
        words = 'Put quotes around the whole cell, and write " twice where it is part of the text.'
        self._add("X008", message, words)
        # A quote that ran over several lines has swallowed rows: what comes behind it may be the middle of one.
        return several

    def _add(self, code: str, message: str, words: str, place: int | None = None) -> None:
        column = None
        if place is not None:
            column = self.heading[place].strip() if 0 <= place < len(self.heading) else f"number {place + 1}"
        self._tally.add(Wrong(code, message, words), max(self._number, 1), column)

    def _undecodable(self) -> Unusable:
        """The first place, in rows, where the bytes are not what they were said to be."""
        start = len(self._raw)
        try:
            # Counted from the mark, not from behind it.
            self._raw.decode(self._codec.removesuffix("-sig"))
        except UnicodeDecodeError as exact:
            start = exact.start
        byte = f"byte 0x{self._raw[start]:02X} in " if start < len(self._raw) else "the end of "
        place = Place(self._tally.name, self._raw[:start].count(b"\n") + 1)
        if self._codec == "utf-8-sig":
            words = (
                "If a spreadsheet on Windows wrote it, say so with --encoding cp1252; otherwise save it as CSV UTF-8."
            )
            return Unusable([Problem(place, "X006", f"{byte}this row is not UTF-8 text", words)])
        words = "Name the encoding the file was saved in with --encoding, or save it as CSV UTF-8."
        return Unusable([Problem(place, "X006", f"{byte}this row is not text in {self._codec}", words)])


class _Lines:
    """Lines for csv, remembering those of the record being read."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._waiting: list[str] = []
        self.record: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self._text)
        self.record.append(line)
        return line

    def push_back(self, line: str) -> None:
        self._waiting.append(line)


def _leniently(lines: list[str], separator: str) -> list[str]:
    """The cells of a record that csv refused, as far as they can be told apart."""
    text, length = [], 0
    for line in lines:
        text.append(line[: LONGEST_RECORD - length])
        length += len(text[-1])
        if length >= LONGEST_RECORD:
            break
    csv.field_size_limit(LONGEST_RECORD)
    try:
        return next(csv.reader(text, delimiter=separator), [])
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(CSV_CELL)


def _codec(raw: bytes, encoding: str, name: str) -> str:
    """Python's name for the encoding that was named, checked against the mark the file may begin with."""
    try:
        said = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError):
        said = ""
    known = {codecs.lookup(one).name: one for one in ENCODINGS}
    plain = "utf-8" if said == "utf-8-sig" else said
    if plain not in known:
        words = nearest(encoding.lower(), ENCODINGS) or "Usual ones: utf-8, cp1252, utf-16."
        raise unusable(name, "X005", f"there is no encoding called {quoted(encoding)}", words)
    _check_mark(raw, plain, name)
    # A mark of UTF-16 names the byte order; one that agrees with what was said is taken off.
    if plain == "utf-8":
        return "utf-8-sig"
    return "utf-16" if plain.startswith("utf-16") and raw[:2] in _MARKS_16 else plain


_MARKS_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def _check_mark(raw: bytes, said: str, name: str) -> None:
    mark = _MARKS_16.get(raw[:2])
    if mark and said not in ("utf-16", mark):
        raise unusable(name, "X006", f"this file is in UTF-16, not in {said}", "Name that: --encoding utf-16.")
    if said == "utf-16" and not mark and raw:
        message = "this file does not begin with the mark that says in which order its bytes stand"
        raise unusable(name, "X006", message, "Name the order: --encoding utf-16-le or --encoding utf-16-be.")
    if raw.startswith(codecs.BOM_UTF8) and said != "utf-8":
        raise unusable(
            name, "X006", f"this file says of itself that it is in UTF-8, not in {said}", "Leave out --encoding."
        )
