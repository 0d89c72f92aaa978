"""Conditions: CEL over declared, typed names, checked when the file is read. The only importer of the CEL engine.

The engine does not raise when an evaluation fails: it hands back a text, which Python takes for true. So only
a result of type BOOL counts, and everything else is "not known". Names that are not known are not passed;
`&&` and `||` then decide as far as they can (false && unknown is false), just as SQL does with NULL.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cel_expr_python import cel

from audit_engine.definitions.sources import Route, Source
from audit_engine.problems import Problem, nearest
from audit_engine.safe_text import quoted

MAX_LENGTH = 500
"""Characters in one condition."""
MAX_BRACKETS = 20
"""Brackets open at once."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What values a name may have."""

    word: str
    """`word`, `words` (a list of them), `yes_no`, `number` (whole) or `text`."""
    words: tuple[str, ...] = ()
    """The declared values of `word` and `words`. A text compared with such a name must be one of them."""


YES_NO, NUMBER, TEXT = Kind("yes_no"), Kind("number"), Kind("text")
_TYPES = {"word": cel.Type.STRING, "text": cel.Type.STRING, "yes_no": cel.Type.BOOL, "number": cel.Type.INT,
          "words": cel.Type.List(cel.Type.STRING)}  # fmt: skip

Value = str | int | bool | tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """Held (True), not held (False) or not known (None), and then because of which names."""

    held: bool | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The names a condition may use, with their kinds."""

    kinds: Mapping[str, Kind]

    @cached_property
    def environment(self) -> Any:
        """The CEL environment, made once for all conditions of one vocabulary."""
        return cel.NewEnv(variables={name: _TYPES[kind.word] for name, kind in self.kinds.items()})


@dataclass(frozen=True)
class Condition:
    """One checked condition."""

    text: str
    tree: Tree
    names: tuple[str, ...]
    """The declared names it uses, sorted."""
    _expression: Any = field(repr=False, compare=False, hash=False)

    def outcome(self, values: Mapping[str, Value]) -> Outcome:
        """Whether it holds.

        Args:
            values: By name; leave out what is not known.
        """
        known = {name: _plain(values[name]) for name in self.names if name in values}
        result = self._expression.eval(data=known)
        if result.type() == cel.Type.BOOL:
            return Outcome(bool(result.value()))
        missing = tuple(name for name in self.names if name not in known)
        return Outcome(None, missing or self.names)


def read_condition(source: Source, route: Route, vocabulary: Vocabulary) -> Condition | list[Problem]:
    """Check the condition written at `route` against what is declared: names, types, and words down to misspellings."""
    text = _text_at(source, route)

    def problem(code: str, message: str, help: str = "", offset: int = 0) -> Problem:
        return source.problem(route, code, message, help, offset=offset)

    if len(text) > MAX_LENGTH:
        return [problem("D040", f"this condition is longer than {MAX_LENGTH} characters", "Split it in two.")]
    if _deepest(text) > MAX_BRACKETS:
        return [problem("D040", f"this condition opens more than {MAX_BRACKETS} brackets", "Write it simpler.")]
    try:
        expression = vocabulary.environment.compile(text)
    except RuntimeError as error:
        return [problem(*told) for told in _translated(str(error), text, vocabulary)]
    if expression.return_type() != cel.Type.BOOL:
        return [
            problem(
                "D043",
                f"{quoted(text)} is not a yes-or-no condition",
                "Compare it with something, as in facts.law_type == 'private'.",
            )
        ]
    tree = _decoded_tree(expression.serialize())
    wrong = [problem(*told) for told in _misspelt_words(tree, vocabulary)]
    return wrong or Condition(
        text, tree, tuple(sorted({n.path for n in _walk(tree) if isinstance(n, Name)})), expression
    )


_ORDER = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
SQL_FUNCTIONS = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_&&_", "_||_", "!_", "@in"})


def outside_subset(tree: Tree, vocabulary: Vocabulary) -> Tree | None:
    """The first part of a condition that a measure may not use, or None. Measures compare, ask `in`, and join."""
    for node in _walk(tree):
        if isinstance(node, Other) or (isinstance(node, Call) and not _countable(node, vocabulary)):
            return node
        if isinstance(node, Constant) and not isinstance(node.value, str | int | bool):
            return node
    return None


def _countable(call: Call, vocabulary: Vocabulary) -> bool:
    if call.function == "@in":
        return _is_written_list(call.arguments[1])
    if call.function in _ORDER:
        return all(_is_number(side, vocabulary) for side in call.arguments)
    return call.function in SQL_FUNCTIONS and not any(isinstance(side, Listing) for side in call.arguments)


def _is_number(tree: Tree, vocabulary: Vocabulary) -> bool:
    if isinstance(tree, Constant):
        return isinstance(tree.value, int) and not isinstance(tree.value, bool)
    return isinstance(tree, Name) and vocabulary.kinds[tree.path].word == "number"


def _is_written_list(tree: Tree) -> bool:
    return isinstance(tree, Listing) and bool(tree.members) and all(isinstance(m, Constant) for m in tree.members)


def _text_at(source: Source, route: Route) -> str:
    value: Any = source.content
    for step in route:
        value = value[step]
    return str(value)


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _deepest(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


# --- what the engine says, in our words -------------------------------------------------------------------------

_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\(([^']*)\)'")
_TYPE_WORDS = {"string": "a text", "int": "a whole number", "double": "a number with a point", "bool": "yes or no",
               "list(string)": "a list of words"}  # fmt: skip
Told = tuple[str, str, str, int]


def _translated(message: str, text: str, vocabulary: Vocabulary) -> list[Told]:
    found = [_one_translated(match, text, vocabulary) for match in _ERROR.finditer(message)]
    return found or [("D041", f"the condition {quoted(text)} cannot be read", "", 0)]


def _one_translated(match: re.Match[str], text: str, vocabulary: Vocabulary) -> Told:
    line, column, said = int(match[1]), int(match[2]), match[3]
    offset = sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1
    if undeclared := _UNDECLARED.search(said):
        name = _whole_name(text, offset, undeclared[1])
        return ("D042", f"there is nothing called {quoted(name)} here", nearest(name, vocabulary.kinds), offset)
    if overload := _OVERLOAD.search(said):
        sides = [_TYPE_WORDS.get(side.strip(), side.strip()) for side in overload[2].split(", ")]
        what = " and ".join(sides)
        hint = (
            "Whole numbers are written without a point."
            if "a number with a point" in sides
            else "Both sides must be of one kind."
        )
        return ("D044", f"{quoted(_operator(overload[1]))} cannot be used with {what}", hint, offset)
    at = quoted(text[offset : offset + 20]) if offset < len(text) else "its end"
    return (
        "D041",
        f"the condition cannot be read near {at}",
        "Write it like facts.law_type == 'private' && facts.da_disclosed.",
        offset,
    )


def _whole_name(text: str, offset: int, name: str) -> str:
    """The engine names the first part of a dotted name it cannot find, or points at its dot; people wrote the whole."""
    start = offset
    while start > 0 and re.match(r"[\w.]", text[start - 1]):
        start -= 1
    written = re.match(r"[A-Za-z_][\w.]*", text[start:])
    return written[0] if written and name.split(".", 1)[0] in written[0] else name


def _operator(function: str) -> str:
    return function.strip("_").replace("@", "") if function.startswith(("_", "@", "!")) else function


def _misspelt_words(tree: Tree, vocabulary: Vocabulary) -> Iterator[Told]:
    for node in _walk(tree):
        if not isinstance(node, Call) or node.function not in {"_==_", "_!=_", "@in"} or len(node.arguments) != 2:
            continue
        for name, other in (node.arguments, reversed(node.arguments)):
            kind = vocabulary.kinds.get(name.path) if isinstance(name, Name) else None
            if isinstance(name, Name) and kind is not None and kind.words:
                yield from _not_declared(name, other, kind)


def _not_declared(name: Name, other: Tree, kind: Kind) -> Iterator[Told]:
    written = other.members if isinstance(other, Listing) else (other,)
    for constant in written:
        if isinstance(constant, Constant) and isinstance(constant.value, str) and constant.value not in kind.words:
            message = f"{name.path} is never {quoted(constant.value)}"
            yield ("D045", message, nearest(constant.value, kind.words), constant.offset)


def _walk(tree: Tree) -> Iterator[Tree]:
    pending: list[Tree] = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(node.arguments if isinstance(node, Call) else node.members if isinstance(node, Listing) else ())


# --- the checked expression, read back from the engine's own bytes ----------------------------------------------
# The binding shows no tree, but serialises a google.protobuf.Any holding cel.expr.CheckedExpr. Field numbers:
# github.com/google/cel-spec proto/cel/expr/checked.proto and syntax.proto.


def _decoded_tree(raw: bytes) -> Tree:
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
    tree: Tree | None = None
    for number, value in _fields(raw):
        if number == 2:
            offset = positions.get(value, 0)
    for number, value in _fields(raw):
        if number == 3:
            tree = Constant(_constant(value), offset)
        elif number == 4:
            path = dict(_fields(value)).get(1, b"").decode()
            tree = Name(path, max(0, offset - max(0, path.rfind("."))))
        elif number == 6:
            tree = _call(value, offset, positions)
        elif number == 7:
            members = tuple(_node(member, positions) for n, member in _fields(value) if n == 1)
            tree = Listing(members, offset)
    return tree or Other(offset)


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


def _fields(raw: bytes) -> Iterator[tuple[int, Any]]:
    """Protocol-buffer fields: (number, integer or bytes)."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        wire = tag & 7
        if wire == 0:
            value, at = _varint(raw, at)
            yield tag >> 3, value
        elif wire == 2:
            size, at = _varint(raw, at)
            yield tag >> 3, raw[at : at + size]
            at += size
        else:
            width = 8 if wire == 1 else 4
            yield tag >> 3, raw[at : at + width]
            at += width


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
