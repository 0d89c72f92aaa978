"""Reads YAML text: what it says, where it says it, and its fingerprint. The only importer of yaml.

The text is judged as a stream of events before anything is built from it: 200,000 opening brackets kill an
interpreter whose composer sees them, and an alias can make a kilobyte into a gigabyte. So size, depth and
number are bounded, and aliases, anchors, tags and merge keys are refused, while they are still events.
Every scalar is kept as the text that was written: `no`, `1.10` and `12:30` mean what the schema says later.
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from audit_engine.definitions.wording import offered, yaml_in_words
from audit_engine.problems import Place, Problem, Unusable, unusable
from audit_engine.safe_text import hidden_characters, quoted

MAX_BYTES = 262_144
MAX_NODES = 5_000
MAX_DEPTH = 20
MAX_SCALAR = 10_000
"""Characters in one value."""

Route = tuple[str | int, ...]
"""The way to a value: ('events', 'submit', 'to') or ('criteria', 3, 'id')."""

_OWN_TAGS = "tag:yaml.org,2002:"
"""What `!!` stands for."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Spot(NamedTuple):
    """Where something stands, line and column from 1, and how its text begins there."""

    line: int
    column: int
    plain: bool = False
    """The value stands on one line exactly as read, so that an offset into it is an offset in the file."""


@dataclass(frozen=True, slots=True)
class Source:
    """One definition file as read."""

    name: str
    """As shown in problems."""
    content: dict[str, Any]
    values: dict[Route, Spot]
    keys: dict[Route, Spot]
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def place(self, route: Route, *, key: bool = False, offset: int = 0) -> Place:
        """The place of `route`, or of its nearest parent that was written down.

        Args:
            key: The place of the key, not of its value.
            offset: Characters into the value, used where the value stands on one line as read.
        """
        if key and route in self.keys:
            spot = self.keys[route]
            return Place(self.name, spot.line, spot.column)
        while route not in self.values:
            route, offset = route[:-1], 0
        spot = self.values[route]
        return Place(self.name, spot.line, spot.column + (offset if spot.plain else 0))

    def problem(
        self, route: Route, code: str, message: str, help: str = "", *, key: bool = False, offset: int = 0
    ) -> Problem:
        """A problem at `route`."""
        return Problem(self.place(route, key=key, offset=offset), code, message, help)


def read_source(path: Path, name: str | None = None) -> Source:
    """Read one definition file.

    Args:
        name: How problems call it; the path as given when None.

    Raises:
        Unusable: it cannot be read, is not UTF-8 text, or is not one plain mapping within the limits.
    """
    shown = name or str(path)
    return source_from(_bounded_bytes(path, shown), shown)


def source_from(raw: bytes, name: str) -> Source:
    """Judge and build one definition from its bytes. Raises as `read_source`."""
    text = _decoded(raw, name)
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise Unusable([*builder.problems, _syntax(error, name, text)]) from None
    except yaml.YAMLError as error:
        raise unusable(
            name, "D002", f"this is not YAML: {quoted(str(error), 120)}", "Save it as plain UTF-8 text."
        ) from None
    content = builder.finished()
    return Source(name, content, builder.values, builder.keys, text)


def _bounded_bytes(path: Path, name: str) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise unusable(
            name,
            "D001",
            f"this file cannot be read: {(error.strerror or 'no reason given').lower()}",
            "Check that the file is there and that you may read it.",
        ) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise unusable(name, "D001", "this is not an ordinary file", "Definitions are read from plain files only.")
    with os.fdopen(handle, "rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise unusable(
            name, "D003", f"this file is larger than {MAX_BYTES:,} bytes", "Split it into several definitions."
        )
    return raw


def _decoded(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise unusable(name, "D002", "this file is in UTF-16", "Save it as UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"byte {error.start + 1} of this file is not UTF-8 text"
        raise Unusable([Problem(Place(name, line, 1), "D002", message, "Save the file as UTF-8.")]) from None
    text = text.replace("\r\n", "\n")
    for offset, codepoint in _hidden(text)[:1]:
        line, column = text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
        message = f"there is a hidden or control character here ({codepoint})"
        raise Unusable([Problem(Place(name, line, column), "D004", message, "Delete it and type the text again.")])
    return text


def _hidden(text: str) -> list[tuple[int, str]]:
    """Characters that may not stand in a definition; beside the hidden ones, the two that are none at all."""
    none = [(m.start(), f"U+{ord(m[0]):04X}") for m in re.finditer("[\ufffe\uffff]", text)]
    return sorted(hidden_characters(text) + none)


def _syntax(error: yaml.MarkedYAMLError, name: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    lines = text.split("\n")
    line = min(mark.line, len(lines) - 1) if mark else 0
    place = Place(name, line + 1, mark.column + 1 if mark else 1)
    found = str(error.problem or error.context or "the text breaks off").replace("\n", " ")
    said, hint = yaml_in_words(found, lines[line])
    return Problem(place, "D005", f"the YAML cannot be read here: {said}", hint)


class _Builder:
    """Builds mappings, lists and texts from events, one event at a time, never recursing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.values: dict[Route, Spot] = {}
        self.keys: dict[Route, Spot] = {}
        self._nodes = 0
        self._documents = 0
        self._root: Any = None
        self._open: list[tuple[Any, Route]] = []
        self._key: list[str | None] = []
        """Beside each open mapping, the key whose value comes next; None when a key comes next."""

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                self._refuse_marks(event)
            self._scalar(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(
                    event,
                    "D006",
                    "a second document starts here",
                    "One file holds one definition: delete the line '---'.",
                )
        elif isinstance(event, yaml.AliasEvent):
            self._stop(
                event, "D007", "aliases and anchors (* and &) are not used in these files", "Write the value out."
            )
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_marks(event)
            self._start(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._key.pop()

    def finished(self) -> dict[str, Any]:
        if self.problems:
            raise Unusable(self.problems)
        if not isinstance(self._root, dict) or not self._root:
            raise Unusable(
                [
                    Problem(
                        Place(self.name, 1, 1),
                        "D008",
                        "expected one mapping: lines of 'key: value'",
                        "Begin with what it defines, as in 'rubric: my_rubric'.",
                    )
                ]
            )
        return self._root

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._stop(
                event, "D007", "aliases and anchors (* and &) are not used in these files", "Write the value out."
            )
        if event.tag is not None and event.tag != "!":
            self._stop(
                event,
                "D009",
                f"tags are not used in these files: {quoted(event.tag.replace(_OWN_TAGS, '!!'))}",
                "Delete the word that starts with '!'.",
            )

    def _start(self, event: Any, container: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._stop(event, "D003", f"this is nested more than {MAX_DEPTH} levels deep", "Write it flatter.")
        if self._waiting_for_key():
            self._stop(event, "D010", "a key must be a word, not a list or a mapping", "Write 'key: value'.")
        route = self._place(container, Spot(event.start_mark.line + 1, event.start_mark.column + 1), event)
        self._open.append((container, route))
        self._key.append(None)

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        start, end, style = event.start_mark, event.end_mark, event.style
        line, column, quotes = start.line, start.column, style in ("'", '"')
        if len(text) > MAX_SCALAR:
            self._stop(event, "D003", f"this text is longer than {MAX_SCALAR:,} characters", "Shorten it.")
        if style == '"' and (hidden := _hidden(text)):  # written as an escape, such as "\\u202e"
            message = f"there is a hidden or control character in this text ({hidden[0][1]})"
            self._stop(event, "D004", message, "Delete it.")
        if self._waiting_for_key():
            self._new_key(text, Spot(line + 1, column + 1), event)
            return
        as_read = line == end.line and end.column - column - 2 * quotes == len(text)
        self._place(text, Spot(line + 1, column + 1 + quotes, as_read), event)

    def _waiting_for_key(self) -> bool:
        return bool(self._open) and self._key[-1] is None and isinstance(self._open[-1][0], dict)

    def _new_key(self, key: str, spot: Spot, event: Any) -> None:
        container, route = self._open[-1]
        if key == "<<":
            self._stop(event, "D007", "merge keys (<<) are not used in these files", "Write the keys out.")
        if key in container:
            first = self.keys[(*route, key)]
            message = f"the key {quoted(key)} stands here twice: first on line {first.line}"
            self.problems.append(
                Problem(Place(self.name, spot.line, spot.column), "D011", message, "Keep one of them.")
            )
        else:
            self.keys[(*route, key)] = spot
        self._key[-1] = key

    def _place(self, value: Any, spot: Spot, event: Any) -> Route:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(
                event, "D003", f"this file holds more than {MAX_NODES:,} values", "Split it into several definitions."
            )
        route: Route = ()
        if not self._open:
            self._root = value
        else:
            container, parent = self._open[-1]
            if isinstance(container, dict):
                key = self._key[-1]
                assert key is not None  # noqa: S101 - the caller has seen a key
                route = (*parent, key)
                container[key] = value
                self._key[-1] = None
            else:
                route = (*parent, len(container))
                container.append(value)
        self.values[route] = spot
        return route

    def _stop(self, event: Any, code: str, message: str, help: str = "") -> None:
        mark = event.start_mark
        raise Unusable([*self.problems, Problem(Place(self.name, mark.line + 1, mark.column + 1), code, message, help)])


def unknown_key(source: Source, route: Route, known: list[str]) -> Problem:
    """The problem of a key nobody reads."""
    return source.problem(
        route, "D012", f"there is no key called {quoted(str(route[-1]))} here", offered(str(route[-1]), known), key=True
    )
