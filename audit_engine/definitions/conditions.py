"""Conditions: CEL over declared, typed names, checked when the file is read. The only importer of the CEL engine.

The engine does not raise when an evaluation fails: it hands back a text, which Python takes for true. So only
True and False count, and everything else is "not known". Names that are not known are not passed;
`&&` and `||` then decide as far as they can (false && unknown is false), just as SQL does with NULL.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from cel_expr_python import cel

from audit_engine.definitions.condition_trees import Call, Constant, Listing, Name, Other, Tree, decoded_tree, walked
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import Told, named_at, offered, translated, without_texts
from audit_engine.problems import Problem
from audit_engine.safe_text import quoted

__all__ = [
    "MAX_BRACKETS", "MAX_LENGTH", "NUMBER", "SQL_FUNCTIONS", "TEXT", "YES_NO", "Call", "Condition", "Constant", "Kind",
    "Listing", "Name", "Other", "Outcome", "Tree", "Value", "Vocabulary", "checked", "forget", "outside_subset",
    "read_condition", "shown_part",
]  # fmt: skip

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
class Outcome:
    """Held (True), not held (False) or not known (None), and then because of which names."""

    held: bool | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The names a condition may use, with their kinds."""

    kinds: Mapping[str, Kind]
    within: "Vocabulary | None" = None
    """One with these names, each of the same type, and others: compiled there first, many share one environment."""

    @cached_property
    def environment(self) -> Any:
        """The CEL environment, made once for all vocabularies of the same names and types."""
        return _environment(frozenset((name, kind.word) for name, kind in self.kinds.items()))


@lru_cache(maxsize=64)
def _environment(names: frozenset[tuple[str, str]]) -> Any:
    return cel.NewEnv(variables={name: _TYPES[word] for name, word in names})


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
        try:
            result = self._expression.eval(data=known).value()
        except RuntimeError:  # a text the engine cannot hold, such as half of a surrogate pair
            return Outcome(None, self.names)
        if isinstance(result, bool):
            return Outcome(result)
        missing = tuple(name for name in self.names if name not in known)
        return Outcome(None, missing or self.names)


_KEPT = 2_000
_kept: dict[str, list[tuple[Condition, dict[str, Kind]]]] = {}
"""Conditions that were checked, by text, with the kinds of their names. One text means the same wherever all its names
are of the same kinds, whatever else may be named there. Those that were refused are not kept."""


def read_condition(source: Source, route: Route, vocabulary: Vocabulary) -> Condition | list[Problem]:
    """Check the condition written at `route` against what is declared: names, types, and words down to misspellings."""
    text = _text_at(source, route)
    found = _known(text, vocabulary) or checked(text, vocabulary)
    if isinstance(found, Condition):
        return found
    return [source.problem(route, code, message, help, offset=offset) for code, message, help, offset in found]


def forget() -> None:
    """Keep no condition and no environment: for whoever measures what reading takes."""
    _kept.clear()
    _environment.cache_clear()


def _known(text: str, vocabulary: Vocabulary) -> Condition | None:
    for condition, kinds in _kept.get(text, ()):
        if all(vocabulary.kinds.get(name) == kind for name, kind in kinds.items()):
            return condition
    return None


def _read_within(text: str, vocabulary: Vocabulary) -> tuple[Any, Tree] | None:
    """The condition read among more names; None where it uses one of those, or cannot be read."""
    if vocabulary.within is None:
        return None
    try:
        expression = vocabulary.within.environment.compile(text)
    except RuntimeError:
        return None
    tree = decoded_tree(expression.serialize())
    own = all(node.path in vocabulary.kinds for node in walked(tree) if isinstance(node, Name))
    return (expression, tree) if own else None


def checked(text: str, vocabulary: Vocabulary) -> Condition | list[Told]:
    """A condition of this text, or everything that is wrong with it."""
    if len(text) > MAX_LENGTH:
        return [("D040", f"this condition is longer than {MAX_LENGTH} characters", "Split it in two.", 0)]
    if _deepest(text) > MAX_BRACKETS:
        return [("D040", f"this condition opens more than {MAX_BRACKETS} brackets at once", "Leave some out.", 0)]
    read = _read_within(text, vocabulary)
    if read is None:
        try:
            expression = vocabulary.environment.compile(text)
        except RuntimeError as error:
            words = {word for kind in vocabulary.kinds.values() for word in kind.words}
            return translated(str(error), text, vocabulary.kinds, words)
        read = expression, decoded_tree(expression.serialize())
    expression, tree = read
    if expression.return_type() != cel.Type.BOOL:
        hint = "Compare it with something, as in facts.law_type == 'private'."
        return [("D043", f"{quoted(text)} is not a yes-or-no condition", hint, 0)]
    wrong = [*_refused(text, tree, vocabulary), *_misspelt_words(tree, vocabulary)]
    if wrong:
        return wrong
    names = tuple(sorted({n.path for n in walked(tree) if isinstance(n, Name)}))
    condition = Condition(text, tree, names, expression)
    if len(_kept) >= _KEPT:
        _kept.clear()
    _kept.setdefault(text, []).append((condition, {name: vocabulary.kinds[name] for name in names}))
    return condition


_ORDER = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
SQL_FUNCTIONS = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_&&_", "_||_", "!_", "@in"})


def outside_subset(tree: Tree, vocabulary: Vocabulary) -> Tree | None:
    """The first part of a checked condition that a measure may not use, or None: lists of words, and reckoning."""
    nodes = list(walked(tree))
    lists = (node for node in nodes if _is_words(node, vocabulary))
    return next(lists, None) or next(
        (n for n in nodes if isinstance(n, Call) and n.function not in SQL_FUNCTIONS), None
    )


def _is_number(tree: Tree, vocabulary: Vocabulary) -> bool:
    if isinstance(tree, Constant):
        return isinstance(tree.value, int) and not isinstance(tree.value, bool)
    return isinstance(tree, Name) and tree.path in vocabulary.kinds and vocabulary.kinds[tree.path].word == "number"


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


# --- what is refused though the engine would take it -----------------------------------------------------------

_NUMBERS = _ORDER | {"_+_", "_-_", "_*_", "_/_", "_%_", "-_"}
_SIGNS = {"_?_:_": "? :", "_[_]": "[ ]", "@in": "in"}
_PLAIN = "Conditions compare (==, !=, <, <=, >, >=), reckon with numbers, ask 'in', and join with &&, || and !."


def shown_part(text: str, node: Tree) -> str:
    """A part of the condition `text`, quoted for people."""
    if isinstance(node, Call) and not node.function.isalpha():
        return quoted(_SIGNS.get(node.function, node.function.strip("_")))
    return quoted(named_at(text, node.offset))


def _refused(text: str, tree: Tree, vocabulary: Vocabulary) -> Iterator[Told]:
    """Parts of the engine's language that are not of ours: their words could not be checked, or not counted."""
    if (asked := re.search(r"\bhas\s*\(", without_texts(text))) is not None:
        yield ("D046", "a condition cannot use 'has'", "What is not known never holds, so leave it out.", asked.start())
    for node in walked(tree):
        if isinstance(node, Call) and node.function in _NUMBERS and not all(map(_reckoner(vocabulary), node.arguments)):
            sign = quoted(node.function.strip("_") or "-")
            hint = "Words have no order: list those that are meant, as in facts.law_type in ['public', 'private']."
            yield ("D044", f"{sign} is for whole numbers only", hint, node.offset)
        elif not _is_plain(node, vocabulary):
            yield ("D046", *_why_not(text, node), node.offset)
            return  # what stands inside it would only be told again


def _why_not(text: str, node: Tree) -> tuple[str, str]:
    if isinstance(node, Call) and node.function == "@in":
        return ("'in' needs words that are written out", "Write it like facts.law_type in ['public', 'private'].")
    if isinstance(node, Call) and node.function == "size":
        return ("'size' counts the words of one fact only", "Write it like size(facts.name) > 1.")
    if isinstance(node, Call) and any(isinstance(side, Listing) for side in node.arguments):
        hint = "Ask for one word, as in 'word' in facts.name, or for how many, as in size(facts.name) == 0."
        return (f"a list cannot be used with {shown_part(text, node)}", hint)
    return (f"a condition cannot use {shown_part(text, node)}", _PLAIN)


def _is_plain(node: Tree, vocabulary: Vocabulary) -> bool:
    if isinstance(node, Name):
        return node.path in vocabulary.kinds
    if isinstance(node, Constant):
        return isinstance(node.value, str | int | bool)
    if not isinstance(node, Call):
        return isinstance(node, Listing)
    if node.function == "size":
        return _is_words(node.arguments[0], vocabulary)
    if node.function == "@in":
        return _is_written_list(node.arguments[1]) or _is_words(node.arguments[1], vocabulary)
    return node.function in SQL_FUNCTIONS | _NUMBERS and not any(isinstance(side, Listing) for side in node.arguments)


def _is_words(tree: Tree, vocabulary: Vocabulary) -> bool:
    return isinstance(tree, Name) and tree.path in vocabulary.kinds and vocabulary.kinds[tree.path].word == "words"


def _reckoner(vocabulary: Vocabulary) -> Callable[[Tree], bool]:
    """Tells whether something is a whole number, written, declared or worked out."""

    def is_number(tree: Tree) -> bool:
        if isinstance(tree, Call):
            return tree.function == "size" or tree.function in _NUMBERS - _ORDER
        return _is_number(tree, vocabulary)

    return is_number


def _misspelt_words(tree: Tree, vocabulary: Vocabulary) -> Iterator[Told]:
    for node in walked(tree):
        if not isinstance(node, Call) or node.function not in {"_==_", "_!=_", "@in"} or len(node.arguments) != 2:
            continue
        for name, other in (node.arguments, reversed(node.arguments)):
            kind = vocabulary.kinds.get(name.path) if isinstance(name, Name) else None
            if isinstance(name, Name) and kind is not None and kind.words:
                yield from _not_declared(name, other, kind)


def _not_declared(name: Name, other: Tree, kind: Kind) -> Iterator[Told]:
    for constant in other.members if isinstance(other, Listing) else (other,):
        if isinstance(constant, Constant) and constant.value not in kind.words:
            written_as = str(constant.value)
            yield (
                "D045",
                f"{name.path} is never {quoted(written_as)}",
                offered(written_as, kind.words),
                constant.offset,
            )
