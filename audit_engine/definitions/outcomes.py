"""What a condition can still come to while only a part of what it speaks of is known.

An outcome is left out only when it is impossible. Names that hang together (the counts of grades) are taken one by
one, so that an outcome may be called possible which never happens; never the other way round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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


def possible(
    condition: Condition, ranges: Mapping[str, Range], most: int = MOST_TRIED, until: frozenset[bool] = BOTH
) -> frozenset[bool]:
    """Which of True and False the condition can still come to.

    Args:
        ranges: By name; a name left out may be anything.
        most: Combinations of values tried one by one.
        until: Outcomes nobody needs to look beyond: once all of them are possible, the others may be left out.
    """
    at_most = _truth(_range(condition.tree, ranges))
    if len(at_most) == 1:  # ranges taken whole are too wide at worst
        return at_most
    seen: frozenset[bool] = frozenset()
    for tried in _tried(condition, ranges, most):
        seen |= _truth(_range(condition.tree, tried))
        if seen >= until:
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
    # Most conditions show both outcomes where all names go from their least to their most in step.
    for step in range(max(map(len, choices.values()), default=0)):
        yield {name: single[min(step, len(single) - 1)] for name, single in choices.items()}
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


_YES, _NO = frozenset({True}), frozenset({False})


def _outcomes(may_hold: bool, may_not: bool) -> frozenset[bool]:
    return (BOTH if may_not else _YES) if may_hold else _NO


def _truth(known: Range) -> frozenset[bool]:
    if known is _YES or known is _NO or not isinstance(known, frozenset):
        return known if isinstance(known, frozenset) else BOTH  # type: ignore[return-value]  # yes or no
    return frozenset(map(bool, known))


def _range(tree: Tree, ranges: Mapping[str, Range]) -> Range:
    if isinstance(tree, Name):
        return ranges.get(tree.path)
    if isinstance(tree, Call):
        return _called(tree, ranges)
    return _written(tree.value) if isinstance(tree, Constant) else None


@lru_cache(maxsize=1_000, typed=True)
def _written(value: str | int | bool | float | None) -> Range:
    return range_at(value) if isinstance(value, str | bool | int) else None


def _called(call: Call, ranges: Mapping[str, Range]) -> Range:
    function = call.function
    if function in ("_&&_", "_||_"):
        return _joined(function == "_&&_", call.arguments, ranges)
    return _within(call, ranges) if function == "@in" else _worked_out(function, call, ranges)


def _worked_out(function: str, call: Call, ranges: Mapping[str, Range]) -> Range:
    sides = [_range(side, ranges) for side in call.arguments]
    if function == "!_":
        held = _truth(sides[0])
        return _outcomes(False in held, True in held)
    if function in ("_==_", "_!=_"):
        same = _same(sides[0], sides[1])
        return same if function == "_==_" else _outcomes(False in same, True in same)
    if function in _ORDERS:
        return _ordered(function, sides[0], sides[1])
    if function == "size":
        words = sides[0]
        return Whole(len(words.certain), len(words.possible)) if isinstance(words, Several) else Whole(0)
    return _reckoned(function, [side if isinstance(side, Whole) else Whole() for side in sides])


def _joined(both: bool, sides: Sequence[Tree], ranges: Mapping[str, Range]) -> frozenset[bool]:
    """What `&&` (both) or `||` comes to; a side that decides alone spares the others."""
    may_hold, may_not = both, not both
    for side in sides:
        held = _truth(_range(side, ranges))
        may_hold = (may_hold and True in held) if both else (may_hold or True in held)
        may_not = (may_not or False in held) if both else (may_not and False in held)
        if not (may_hold if both else may_not):
            break
    return _outcomes(may_hold, may_not)


def _within(call: Call, ranges: Mapping[str, Range]) -> frozenset[bool]:
    element, among = _range(call.arguments[0], ranges), call.arguments[1]
    if isinstance(among, Listing):
        alike = [_same(element, _range(member, ranges)) for member in among.members]
        return _outcomes(any(True in same for same in alike), all(False in same for same in alike))
    held = _range(among, ranges)
    if not isinstance(held, Several) or not isinstance(element, frozenset):
        return BOTH
    return _outcomes(any(word in held.possible for word in element), any(word not in held.certain for word in element))


def _same(one: Range, other: Range) -> frozenset[bool]:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return _outcomes(not one.isdisjoint(other), len(one) > 1 or len(other) > 1 or one != other)
    if isinstance(one, Whole) and isinstance(other, Whole):
        apart = True in _ordered("_<_", one, other) | _ordered("_>_", one, other)
        meet = True in _ordered("_<=_", one, other) and True in _ordered("_>=_", one, other)
        return _outcomes(meet, apart)
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
    return _outcomes(can, not must)


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
