"""Conditions are checked when they are read, and whatever cannot be told is "not known", never true."""

import json
from collections.abc import Mapping

import pytest

from audit_engine.definitions.conditions import (
    NUMBER,
    TEXT,
    YES_NO,
    Condition,
    Kind,
    Outcome,
    Value,
    Vocabulary,
    outside_subset,
    read_condition,
)
from audit_engine.definitions.sources import Source, Spot, source_from
from audit_engine.problems import Problem

VOCABULARY = Vocabulary(
    {
        "facts.law_type": Kind("word", ("private", "public")),
        "facts.triggers": Kind("words", ("complaint", "not_seen")),
        "facts.weeks": NUMBER,
        "facts.disclosed": YES_NO,
        "facts.allocated": YES_NO,
        "facts.team": TEXT,
    }
)
BEGINS = 8
"""The column where the condition begins in `when: '...'`, after the quotation mark."""


def read(text: str) -> Condition | list[Problem]:
    return read_condition(source_from(f"when: {json.dumps(text)}".encode(), "file.yaml"), ("when",), VOCABULARY)


def condition(text: str) -> Condition:
    found = read(text)
    assert isinstance(found, Condition), found
    return found


def problems(text: str) -> list[tuple[str, int, str]]:
    """Code, offset in the condition, and sentence of each problem."""
    found = read(text)
    assert isinstance(found, list), f"{text!r} was accepted"
    return [(p.code, int(p.place.column or 0) - BEGINS, p.message) for p in found]


def outcome(text: str, **facts: Value) -> Outcome:
    return condition(text).outcome({f"facts.{name}": value for name, value in facts.items()})


HELD, NOT_HELD = Outcome(True), Outcome(False)


# --- what holds, what does not, and what is not known -----------------------------------------------------------

A, B = "facts.disclosed", "facts.allocated"
STATES = (True, False, None)
AND = {(True, True): True, (False, None): False, (None, False): False, (False, True): False, (True, False): False,
       (False, False): False}  # fmt: skip
OR = {(False, False): False, (True, None): True, (None, True): True, (False, True): True, (True, False): True,
      (True, True): True}  # fmt: skip


@pytest.mark.parametrize("left", STATES)
@pytest.mark.parametrize("right", STATES)
@pytest.mark.parametrize(("sign", "table"), [("&&", AND), ("||", OR)])
def test_and_and_or_decide_as_far_as_they_can(
    left: bool | None, right: bool | None, sign: str, table: Mapping[tuple[bool | None, bool | None], bool]
) -> None:
    given = {name: value for name, value in ((A, left), (B, right)) if value is not None}

    found = condition(f"{A} {sign} {B}").outcome(given)

    expected = table.get((left, right))
    missing = tuple(name for name in sorted((A, B)) if name not in given)
    assert found == Outcome(expected, missing if expected is None else ())


@pytest.mark.parametrize(("given", "expected"), [(True, NOT_HELD), (False, HELD), (None, Outcome(None, (A,)))])
def test_not(given: bool | None, expected: Outcome) -> None:
    assert condition(f"!{A}").outcome({} if given is None else {A: given}) == expected


@pytest.mark.parametrize(
    ("text", "facts", "held"),
    [
        ("facts.law_type == 'private'", {"law_type": "private"}, True),
        ("facts.law_type == 'private'", {"law_type": "public"}, False),
        ("facts.law_type != 'private'", {"law_type": "public"}, True),
        ("facts.law_type in ['private', 'public']", {"law_type": "public"}, True),
        ("'complaint' in facts.triggers", {"triggers": ("not_seen", "complaint")}, True),
        ("'complaint' in facts.triggers", {"triggers": ()}, False),
        ("size(facts.triggers) > 0", {"triggers": ()}, False),
        ("facts.triggers.size() == 2", {"triggers": ("not_seen", "complaint")}, True),
        ("facts.weeks > 52", {"weeks": 53}, True),
        ("facts.weeks > -1", {"weeks": 0}, True),
        ("-facts.weeks < -51", {"weeks": 52}, True),
        ("facts.weeks * 2 >= facts.weeks + 52", {"weeks": 52}, True),
        ("facts.weeks % 2 == 0", {"weeks": 3}, False),
        ("facts.team == 'North & \"South\"'", {"team": 'North & "South"'}, True),
        ("(facts.weeks > 52) == facts.disclosed", {"weeks": 1, "disclosed": False}, True),
        ("true", {}, True),
    ],
)
def test_conditions_hold_or_do_not(text: str, facts: Mapping[str, Value], held: bool) -> None:
    assert outcome(text, **facts) == Outcome(held)


@pytest.mark.parametrize(
    ("text", "facts", "because"),
    [
        pytest.param("facts.weeks / 0 > 1", {"weeks": 1}, ("facts.weeks",), id="division-by-zero"),
        pytest.param("facts.weeks % 0 > 1", {"weeks": 1}, ("facts.weeks",), id="remainder-by-zero"),
        pytest.param("1 / 0 == 1", {}, (), id="division-by-zero-of-nothing"),
        pytest.param("facts.weeks * facts.weeks > 1", {"weeks": 1 << 62}, ("facts.weeks",), id="overflow"),
        pytest.param("facts.weeks > 1", {}, ("facts.weeks",), id="missing"),
        pytest.param("facts.weeks > 1", {"weeks": "many"}, ("facts.weeks",), id="a-text-for-a-number"),
        pytest.param("facts.weeks > 1", {"weeks": 1 << 70}, ("facts.weeks",), id="a-number-too-large"),
        pytest.param("facts.disclosed", {"disclosed": "yes"}, ("facts.disclosed",), id="a-text-for-yes"),
        pytest.param("facts.disclosed", {"disclosed": 1}, ("facts.disclosed",), id="a-number-for-yes"),
        pytest.param("facts.team == 'x'", {"team": "\ud800"}, ("facts.team",), id="half-of-a-surrogate-pair"),
        pytest.param("'complaint' in facts.triggers", {}, ("facts.triggers",), id="absent-list"),
        pytest.param("size(facts.triggers) == 0", {}, ("facts.triggers",), id="size-of-an-absent-list"),
        pytest.param("!('complaint' in facts.triggers)", {}, ("facts.triggers",), id="not-in-an-absent-list"),
        pytest.param("facts.weeks > 1 && facts.disclosed", {"weeks": 2}, ("facts.disclosed",), id="only-the-missing"),
    ],
)
def test_what_cannot_be_told_is_not_known(text: str, facts: Mapping[str, Value], because: tuple[str, ...]) -> None:
    assert outcome(text, **facts) == Outcome(None, because)


def test_values_that_no_condition_asks_for_are_passed_over() -> None:
    assert outcome("facts.weeks > 1", weeks=2, team="\ud800", law_type=3) == HELD


def test_a_condition_names_what_it_uses() -> None:
    found = condition("facts.weeks > 1 && 'complaint' in facts.triggers || facts.weeks == 0")

    assert found.names == ("facts.triggers", "facts.weeks")


# --- what is refused when it is read, and where -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("facts.law_type == 'privat'", ("D045", 18, "facts.law_type is never 'privat'")),
        ("'privat' == facts.law_type", ("D045", 0, "facts.law_type is never 'privat'")),
        ("facts.law_type != 'privat'", ("D045", 18, "facts.law_type is never 'privat'")),
        ("'privat' != facts.law_type", ("D045", 0, "facts.law_type is never 'privat'")),
        ("facts.law_type in ['public', 'privat']", ("D045", 29, "facts.law_type is never 'privat'")),
        ("facts.law_type in ['public', 1]", ("D045", 29, "facts.law_type is never '1'")),
        ("'complant' in facts.triggers", ("D045", 0, "facts.triggers is never 'complant'")),
        ("facts.weeks > 1 && facts.weks > 1", ("D042", 24, "there is nothing called 'facts.weks' here")),
        ("weeks > 1", ("D042", 0, "there is nothing called 'weeks' here")),
        ("facts.team.length > 1", ("D042", 10, "there is nothing called 'facts.team.length' here")),
        ("facts.law_type == private", ("D042", 18, "there is nothing called 'private' here")),
        ("facts.weeks", ("D043", 0, "'facts.weeks' is not a yes-or-no condition")),
        ("null", ("D043", 0, "'null' is not a yes-or-no condition")),
        ("'good' > 3", ("D044", 7, "'>' cannot be used with a text and a whole number")),
        ("facts.weeks == 1.5", ("D044", 12, "'==' cannot be used with a whole number and a number with a point")),
        ("facts.law_type < 'public'", ("D044", 15, "'<' is for whole numbers only")),
        ("facts.team + 'x' == 'x'", ("D044", 11, "'+' is for whole numbers only")),
        ("true < false", ("D044", 5, "'<' is for whole numbers only")),
        ("facts.disclosed and true", ("D041", 16, "the condition cannot be read near 'and true'")),
        ("facts.disclosed &&", ("D041", 18, "the condition cannot be read at its end")),
        ("facts.weeks == 9999999999999999999", ("D041", 15, "the condition cannot be read near '9999999999999999999'")),
        ("  ", ("D041", 0, "this condition is empty")),
        ("x" * 501, ("D040", 0, "this condition is longer than 500 characters")),
        ("(" * 21 + "true" + ")" * 21, ("D040", 0, "this condition opens more than 20 brackets at once")),
    ],
)  # fmt: skip
def test_the_problem_and_its_exact_column(text: str, expected: tuple[str, int, str]) -> None:
    assert problems(text) == [expected]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        pytest.param("facts.triggers.exists(t, t == 'oops')", 21, id="exists"),
        pytest.param("facts.triggers.exists_one(t, t == 'oops')", 25, id="exists_one"),
        pytest.param("facts.triggers.all(t, t == 'oops')", 18, id="all"),
        pytest.param("facts.weeks > 1 && [1, 2].exists(x, x > 1)", 32, id="exists-over-a-written-list"),
        pytest.param("facts.triggers.map(t, t) == ['oops']", 25, id="map"),
        pytest.param("size(facts.triggers.filter(t, t == 'oops')) > 0", 4, id="filter"),
        pytest.param("{'a': 1}.a == 1", 8, id="a-map"),
        pytest.param("facts.law_type in {'private': 1}", 15, id="in-a-map"),
        pytest.param("google.protobuf.Int32Value{value: 1} == 1", 0, id="a-message"),
        pytest.param("has(facts.disclosed)", 0, id="has"),
        pytest.param("facts.law_type.startsWith('oops')", 25, id="a-method"),
        pytest.param("facts.law_type.matches('oops')", 22, id="a-pattern"),
        pytest.param("dyn(facts.law_type) == 3", 3, id="dyn"),
        pytest.param("int(facts.team) == 1", 3, id="int"),
        pytest.param("type(facts.disclosed) == bool", 25, id="type"),
        pytest.param("facts.triggers[0] == 'oops'", 14, id="a-position"),
        pytest.param("(facts.disclosed ? facts.law_type : 'x') == 'oops'", 17, id="a-choice"),
        pytest.param("1u == 1u", 6, id="unsigned"),
        pytest.param("b'a' == b'a'", 8, id="bytes"),
        pytest.param("size('abc') == 3", 4, id="size-of-a-text"),
        pytest.param("facts.triggers == ['complaint']", 15, id="a-list-compared"),
        pytest.param("[true] == [facts.disclosed]", 7, id="lists-compared"),
        pytest.param("facts.law_type in []", 15, id="in-nothing"),
    ],
)
def test_what_the_engine_would_take_and_we_do_not(text: str, offset: int) -> None:
    assert [(code, place) for code, place, _ in problems(text)] == [("D046", offset)]


def test_has_is_found_in_code_and_not_in_texts() -> None:
    assert outcome("facts.team == 'has (one)'", team="has (one)") == HELD


def test_every_misspelt_word_and_name_is_told_at_once() -> None:
    assert [place for _, place, _ in problems("facts.a == 'x' && facts.b == 'y'")] == [5, 23]
    assert {place for _, place, _ in problems("facts.law_type == 'x' || 'y' in facts.triggers")} == {18, 25}


@pytest.mark.parametrize("text", ["1+" * 200 + "1 == 2", "true == " * 60 + "true", "-" * 480 + "facts.weeks == 1"])
def test_depth_without_brackets_is_bounded(text: str) -> None:
    found = read(text)

    assert isinstance(found, Condition) or [problem.code for problem in found] == ["D041"]


@pytest.mark.parametrize(
    ("text", "countable"),
    [
        ("facts.weeks > 1 && !(facts.law_type in ['private'])", True),
        ("facts.weeks + 1 > 1", False),
        ("size(facts.triggers) > 1", False),
        ("'complaint' in facts.triggers", False),
    ],
)
def test_measures_use_a_part_of_it(text: str, countable: bool) -> None:
    assert (outside_subset(condition(text).tree, VOCABULARY) is None) == countable


def test_a_condition_over_several_lines_is_placed_at_its_beginning() -> None:
    source = source_from(b"when: >-\n  facts.weeks > 1\n  && facts.weks > 1\n", "file.yaml")

    found = read_condition(source, ("when",), VOCABULARY)

    assert isinstance(found, list)
    assert [str(problem.place) for problem in found] == ["file.yaml:1:7"]


def test_one_text_is_checked_anew_where_a_name_of_it_is_of_another_kind() -> None:
    source = Source("kept.yaml", {"when": "facts.kept == 'yes'"}, {("when",): Spot(1, 1)}, {}, "")

    def read(kind: Kind, within: Vocabulary | None = None) -> Condition | list[Problem]:
        return read_condition(source, ("when",), Vocabulary({"facts.kept": kind}, within))

    first = read(Kind("word", ("yes", "no")))
    assert isinstance(first, Condition)
    assert read(Kind("word", ("yes", "no"))) is first, "kept"
    assert isinstance(read(Kind("word", ("good", "bad"))), list)
    assert isinstance(read(YES_NO), list)
    assert isinstance(read(Kind("word", ("yes", "no", "perhaps"))), Condition)


def test_a_name_of_the_wider_vocabulary_alone_is_not_known() -> None:
    source = Source("wider.yaml", {"when": "facts.wider == 'yes'"}, {("when",): Spot(1, 1)}, {}, "")
    wider = Vocabulary({"facts.own": YES_NO, "facts.wider": Kind("word", ("yes", "no"))})

    said = read_condition(source, ("when",), Vocabulary({"facts.own": YES_NO}, wider))

    assert isinstance(said, list)
    assert said[0].code == "D042"
    assert isinstance(read_condition(source, ("when",), wider), Condition)
