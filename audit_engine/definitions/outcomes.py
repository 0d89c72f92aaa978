"""What a condition can still come to while only a part of what it speaks of is known.

An outcome is left out only when it is impossible. Names that hang together (the counts of grades) are taken one by
one, so that an outcome may be called possible which never happens; never the other way round.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from audit_engine.definitions.conditions import Call, Condition, Constant, Kind, Listing, Name, Tree, Value

MOST_TRIED = 5_000
"""Combinations of values tried one by one; a condition over more is judged by its ranges alone."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`, both included; None where nothing bounds it."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """A list of words that holds all of `certain`, and others of `possible` perhaps."""

    certain: frozenset[str]
    possible: frozenset[str]


Words = frozenset[str | bool]
"""One of these words, or yes (True) or no (False)."""
Range = Whole | Words | Several | None
"""The values a name may have; None when anything."""
BOTH = frozenset({True, False})


def range_of(kind: Kind) -> Range:
    """Everything a name of this kind may be. Numbers are counted from 0."""
    if kind.word == "number":
        return Whole(0)
    if kind.word == "yes_no":
        return frozenset({True, False})
    if kind.word == "words":
        return Several(frozenset(), frozenset(kind.words))
    return frozenset(kind.words) if kind.word == "word" else None


def range_at(value: Value) -> Range:
    """The range of a known value: itself."""
    if isinstance(value, tuple):
        return Several(frozenset(value), frozenset(value))
    return frozenset({value}) if isinstance(value, str | bool) else Whole(value, value)


def possible(condition: Condition, ranges: Mapping[str, Range], most: int = MOST_TRIED) -> frozenset[bool]:
    """Which of True and False the condition can still come to.

    Args:
        ranges: By name; a name left out may be anything.
        most: Combinations of values tried one by one.
    """
    seen: frozenset[bool] = frozenset()
    for tried in _tried(condition, ranges, most):
        seen |= _truth(_range(condition.tree, tried))
        if seen == BOTH:
            break
    return seen


def may_divide_by_nothing(condition: Condition, ranges: Mapping[str, Range]) -> Call | None:
    """The first division of a condition whose divisor may be 0, or None."""
    pending: list[Tree] = [condition.tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Call):
            if node.function in ("_/_", "_%_"):
                divisor = _range(node.arguments[1], ranges)
                low, high = (divisor.low, divisor.high) if isinstance(divisor, Whole) else (None, None)
                if (low is None or low <= 0) and (high is None or high >= 0):
                    return node
            pending.extend(node.arguments)
    return None


def _tried(condition: Condition, ranges: Mapping[str, Range], most: int) -> Iterator[Mapping[str, Range]]:
    """The ranges cut into single values, where there are few enough of them to try each combination."""
    choices: dict[str, list[Range]] = {name: _single(ranges.get(name)) for name in condition.names}
    number = 1
    for single in choices.values():
        number *= len(single)
    if number > most:
        yield ranges
        return
    for combination in product(*choices.values()):
        yield dict(zip(choices, combination, strict=True))


def _single(known: Range) -> list[Range]:
    if isinstance(known, frozenset):
        return [frozenset({word}) for word in known]
    if not isinstance(known, Whole) or known.low is None or known.high is None:
        return [known]
    if known.high - known.low >= MOST_TRIED:
        return [known]
    return [Whole(number, number) for number in range(known.low, known.high + 1)]


def _truth(known: Range) -> frozenset[bool]:
    return frozenset(bool(word) for word in known) if isinstance(known, frozenset) else BOTH


def _range(tree: Tree, ranges: Mapping[str, Range]) -> Range:
    if isinstance(tree, Name):
        return ranges.get(tree.path)
    if isinstance(tree, Constant):
        return range_at(tree.value) if isinstance(tree.value, str | bool | int) else None
    return _called(tree, ranges) if isinstance(tree, Call) else None


def _called(call: Call, ranges: Mapping[str, Range]) -> Range:
    if call.function == "@in":
        return frozenset(_within(call, ranges))
    sides = [_range(side, ranges) for side in call.arguments]
    if call.function == "size":
        words = sides[0]
        return Whole(len(words.certain), len(words.possible)) if isinstance(words, Several) else Whole(0)
    if call.function in ("_&&_", "_||_", "!_"):
        return frozenset(_joined(call.function, [_truth(side) for side in sides]))
    if call.function in ("_==_", "_!=_"):
        same = _same(sides[0], sides[1])
        return frozenset(same if call.function == "_==_" else {not held for held in same})
    if call.function in _ORDERS:
        return frozenset(_ordered(call.function, sides[0], sides[1]))
    return _reckoned(call.function, [side if isinstance(side, Whole) else Whole() for side in sides])


def _within(call: Call, ranges: Mapping[str, Range]) -> frozenset[bool]:
    element, among = _range(call.arguments[0], ranges), call.arguments[1]
    if isinstance(among, Listing):
        outcomes = [_same(element, _range(member, ranges)) for member in among.members]
        return _joined("_||_", outcomes) if outcomes else frozenset({False})
    held = _range(among, ranges)
    if not isinstance(held, Several) or not isinstance(element, frozenset):
        return BOTH
    found = {True for word in element if word in held.possible}
    return frozenset(found | {False for word in element if word not in held.certain})


def _joined(function: str, sides: list[frozenset[bool]]) -> frozenset[bool]:
    if function == "!_":
        return frozenset(not held for held in sides[0])
    join = all if function == "_&&_" else any
    return frozenset(join(combination) for combination in product(*sides))


def _same(one: Range, other: Range) -> frozenset[bool]:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return frozenset(a == b for a in one for b in other)
    if isinstance(one, Whole) and isinstance(other, Whole):
        apart = True in _ordered("_<_", one, other) | _ordered("_>_", one, other)
        meet = True in _ordered("_<=_", one, other) and True in _ordered("_>=_", one, other)
        return frozenset({True} if meet else set()) | frozenset({False} if apart else set())
    return BOTH


_ORDERS = {"_<_": False, "_<=_": True, "_>_": False, "_>=_": True}
"""Comparison -> whether equal numbers satisfy it."""


def _ordered(function: str, one: Range, other: Range) -> frozenset[bool]:
    if not isinstance(one, Whole) or not isinstance(other, Whole):
        return BOTH
    if function in ("_>_", "_>=_"):
        one, other = other, one
    equal = _ORDERS[function]
    least = None if one.low is None or other.high is None else other.high - one.low
    most = None if one.high is None or other.low is None else other.low - one.high
    can = least is None or least > 0 or (equal and least == 0)
    must = most is not None and (most > 0 or (equal and most == 0))
    return frozenset({True} if can else set()) | frozenset(set() if must else {False})


def _reckoned(function: str, sides: list[Whole]) -> Whole:
    if function == "-_":
        return _negative(sides[0])
    if function == "_*_":
        return _product(sides[0], sides[1])
    if function in ("_+_", "_-_"):
        one, other = sides[0], sides[1] if function == "_+_" else _negative(sides[1])
        return Whole(_sum(one.low, other.low), _sum(one.high, other.high))
    return Whole()


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _negative(number: Whole) -> Whole:
    return Whole(None if number.high is None else -number.high, None if number.low is None else -number.low)


def _product(one: Whole, other: Whole) -> Whole:
    if one.low is not None and one.high is not None and other.low is not None and other.high is not None:
        corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
        return Whole(min(corners), max(corners))
    if one.low is not None and other.low is not None and one.low >= 0 and other.low >= 0:
        return Whole(one.low * other.low)
    return Whole()
