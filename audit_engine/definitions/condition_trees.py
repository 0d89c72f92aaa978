"""A condition as a tree, read back from the engine's own bytes.

The binding of the engine shows no tree, but serialises a google.protobuf.Any that holds a cel.expr.CheckedExpr. Field
numbers: github.com/google/cel-spec proto/cel/expr/checked.proto and syntax.proto.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """A declared name, such as facts.law_type."""

    path: str
    offset: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A written value."""

    value: str | int | bool | float | None
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function: `_==_`, `_!=_`, `_<_`, `_<=_`, `_>_`, `_>=_`, `_&&_`, `_||_`, `!_`, `@in`, `size`."""

    function: str
    arguments: tuple["Tree", ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A written list."""

    members: tuple["Tree", ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else of CEL: comprehensions, maps, field selection."""

    offset: int


Tree = Name | Constant | Call | Listing | Other


def walked(tree: Tree) -> Iterator[Tree]:
    """Every part of a tree, itself first."""
    pending: list[Tree] = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(node.arguments if isinstance(node, Call) else node.members if isinstance(node, Listing) else ())


def decoded_tree(raw: bytes) -> Tree:
    """The tree of a checked expression, from its bytes."""
    checked = dict(_fields(raw))[2]
    parts: dict[int, bytes] = {number: value for number, value in _fields(checked) if number in (4, 5)}
    positions = {}
    for number, value in _fields(parts.get(5, b"")):
        if number == 4:
            pair = dict(_fields(value))
            positions[pair.get(1, 0)] = pair.get(2, 0)
    return _node(parts[4], positions)


def _node(raw: bytes, positions: Mapping[int, int]) -> Tree:
    offset = 0
    fields = _fields(raw)
    for number, value in fields:
        if number == 2:
            offset = positions.get(value, 0)
    for number, value in fields:
        if number == 3:
            return Constant(_constant(value), offset)
        if number == 4:
            path = dict(_fields(value)).get(1, b"").decode()
            return Name(path, max(0, offset - max(0, path.rfind("."))))
        if number == 6:
            return _call(value, offset, positions)
        if number == 7:
            return Listing(tuple(_node(member, positions) for n, member in _fields(value) if n == 1), offset)
    return Other(offset)


def _call(raw: bytes, offset: int, positions: Mapping[int, int]) -> Tree:
    function, arguments = "", []
    for number, value in _fields(raw):
        if number == 2:
            function = value.decode()
        elif number in (1, 3):
            arguments.append(_node(value, positions))
    return Call(function, tuple(arguments), offset)


def _constant(raw: bytes) -> str | int | bool | float | None:
    for number, value in _fields(raw):
        if number == 2:
            return bool(value)
        if number == 3:
            return value - (1 << 64) if value >= 1 << 63 else int(value)
        if number == 6:
            return str(value.decode())
    return None


def _fields(raw: bytes) -> list[tuple[int, Any]]:
    """Protocol-buffer fields: (number, integer or bytes)."""
    at, end, found = 0, len(raw), []
    while at < end:
        tag = raw[at]
        at += 1
        if tag >= 0x80:
            tag, at = _varint(raw, at - 1)
        wire = tag & 7
        value: Any
        if wire in (0, 2):
            value = raw[at]
            at += 1
            if value >= 0x80:
                value, at = _varint(raw, at - 1)
            if wire == 2:
                value, at = raw[at : at + value], at + value
        else:
            width = 8 if wire == 1 else 4
            value, at = raw[at : at + width], at + width
        found.append((tag >> 3, value))
    return found


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
