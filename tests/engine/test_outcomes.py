"""What a condition can still come to: never less than what really happens."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.definitions.conditions import NUMBER, YES_NO, Condition, Kind, Value, Vocabulary, read_condition
from audit_engine.definitions.outcomes import BOTH, Range, Several, Whole, possible, range_at
from audit_engine.definitions.sources import source_from

WORDS = ("a", "b", "c")
KINDS = {
    "n": NUMBER, "m": NUMBER, "yes": YES_NO, "no": YES_NO, "w": Kind("word", WORDS), "v": Kind("word", WORDS),
    "l": Kind("words", WORDS),
}  # fmt: skip
VOCABULARY = Vocabulary(KINDS)
RANGES: dict[str, Range] = {
    "n": Whole(0, 4), "m": Whole(0, 4), "yes": BOTH, "no": BOTH, "w": frozenset(WORDS), "v": frozenset(WORDS),
    "l": Several(frozenset(), frozenset(WORDS)),
}  # fmt: skip


def read(text: str) -> Condition:
    found = read_condition(source_from(f'when: "{text}"'.encode(), "c.yaml"), ("when",), VOCABULARY)
    assert isinstance(found, Condition), found
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n > 4", {False}),
        ("n >= 0", {True}),
        ("n < 3", {True, False}),
        ("n > 2 && n < 2", {False}),
        ("n == 5 || yes", {True, False}),
        ("n * 2 > 8", {False}),
        ("n - m > 4 || n - m < -4", {False}),
        ("-n > 0", {False}),
        ("n + m >= 0", {True}),
        ("w == 'a' && w == 'b'", {False}),
        ("w in ['a', 'b', 'c']", {True}),
        ("w != v", {True, False}),
        ("yes || !yes", {True}),
        ("size(l) > 3", {False}),
        ("'a' in l", {True, False}),
        ("w in l", {True, False}),
        ("n in [5, 6]", {False}),
        ("n % 2 == 7", {True, False}),
    ],
)
def test_what_can_be(text: str, expected: set[bool]) -> None:
    assert possible(read(text), RANGES) == expected


@pytest.mark.parametrize(("words", "expected"), [(("a",), {True}), (("b",), {False}), ((), {False})])
def test_a_known_list(words: tuple[str, ...], expected: set[bool]) -> None:
    assert possible(read("'a' in l"), {"l": range_at(words)}) == expected


def test_without_bounds_and_with_too_many_values_the_answer_is_still_safe() -> None:
    assert possible(read("n * m >= 0"), {"n": Whole(0), "m": Whole(0)}) == {True}
    assert possible(read("n * m > 3"), {"n": Whole(0), "m": Whole(None, 4)}) == BOTH
    assert possible(read("n < 0"), {"n": Whole(0, 10_000)}) == {False}
    assert possible(read("n == m"), {"n": Whole(0, 100), "m": Whole(200, 300)}) == {False}
    assert possible(read("n > 0 && m > 0"), {}) == BOTH


_NUMBER = st.sampled_from(["n", "m", "0", "1", "2", "4", "size(l)"])
_SUM = st.one_of(_NUMBER, st.builds("({} {} {})".format, _NUMBER, st.sampled_from("+-*"), _NUMBER))
_LEAF = st.one_of(
    st.builds("{} {} {}".format, _SUM, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), _SUM),
    st.builds("{} {} '{}'".format, st.sampled_from(["w", "v"]), st.sampled_from(["==", "!="]), st.sampled_from(WORDS)),
    st.sampled_from(["yes", "no", "!yes", "w == v", "w in ['a', 'b']", "'b' in l", "w in l", "!('c' in l)"]),
)
_CONDITION = st.recursive(
    _LEAF, lambda part: st.builds("({} {} {})".format, part, st.sampled_from(["&&", "||"]), part), max_leaves=4
)
_VALUES: dict[str, list[Value]] = {
    "n": [0, 1, 4], "m": [0, 2, 3], "yes": [True, False], "no": [True, False], "w": ["a", "c"], "v": ["a", "b"],
    "l": [(), ("a",), ("b", "c")],
}  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_CONDITION, st.sets(st.sampled_from(sorted(KINDS))))
def test_whatever_happens_was_possible(text: str, hidden: set[str]) -> None:
    """The engine's own answers over every completion are among those foreseen; with all known, it is the one."""
    condition = read(text)
    names = condition.names
    foreseen: dict[tuple[Value, ...], frozenset[bool]] = {}
    for chosen in product(*(_VALUES[name] for name in names)):
        values = dict(zip(names, chosen, strict=True))
        happened = condition.outcome(values).held
        known = {name: value for name, value in values.items() if name not in hidden}
        shown = tuple(known.values())
        if shown not in foreseen:
            ranges = {name: range_at(known[name]) if name in known else RANGES[name] for name in names}
            foreseen[shown] = possible(condition, ranges)
        assert happened in foreseen[shown]
        assert known != values or foreseen[shown] == {happened}
