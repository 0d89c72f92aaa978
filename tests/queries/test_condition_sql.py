"""One condition, two answers: the condition engine's and the database's. They are equal, unknowns included."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, create_engine, insert, select

from audit_engine.definitions.conditions import Condition, Kind, Vocabulary, outside_subset, read_condition
from audit_engine.definitions.sources import source_from
from audit_engine.queries.condition_sql import to_sql

WORDS = ("good", "poor", "none")
VOCABULARY = Vocabulary(
    {
        "facts.flag": Kind("yes_no"),
        "facts.other": Kind("yes_no"),
        "facts.weeks": Kind("number"),
        "facts.limit": Kind("number"),
        "grade.one": Kind("word", WORDS),
        "grade.two": Kind("word", WORDS),
    }
)
ROWS = Table(
    "rows",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("facts.flag", Boolean),
    Column("facts.other", Boolean),
    Column("facts.weeks", Integer),
    Column("facts.limit", Integer),
    Column("grade.one", String),
    Column("grade.two", String),
)

numbers = st.sampled_from(["facts.weeks", "facts.limit", "-1", "0", "3", "52"])
number_tests = st.builds("{} {} {}".format, numbers, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers)
word_names = st.sampled_from(["grade.one", "grade.two"])
words = st.sampled_from([f"'{word}'" for word in WORDS])
word_tests = st.builds("{} {} {}".format, word_names, st.sampled_from(["==", "!="]), word_names | words)
lists = st.lists(words, min_size=1, max_size=3).map(lambda members: f"[{', '.join(members)}]")
memberships = st.builds("{} in {}".format, word_names, lists) | st.builds(
    "{} in [{}]".format, st.sampled_from(["facts.weeks", "facts.limit"]), st.sampled_from(["0", "0, 3", "52, -1"])
)
flags = st.sampled_from(["facts.flag", "facts.other", "true", "false"])
flag_tests = flags | st.builds("{} {} {}".format, flags, st.sampled_from(["==", "!="]), flags)
conditions = st.recursive(
    number_tests | word_tests | memberships | flag_tests,
    lambda inner: (
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["&&", "||"]), inner) | st.builds("!({})".format, inner)
    ),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {
        "facts.flag": st.none() | st.booleans(),
        "facts.other": st.none() | st.booleans(),
        "facts.weeks": st.none() | st.sampled_from([-1, 0, 3, 52]),
        "facts.limit": st.none() | st.sampled_from([0, 3]),
        "grade.one": st.none() | st.sampled_from(WORDS),
        "grade.two": st.none() | st.sampled_from(WORDS),
    }
)


def condition(text: str) -> Condition:
    read = read_condition(source_from(f'when: "{text}"'.encode(), "test"), ("when",), VOCABULARY)
    assert isinstance(read, Condition), [str(problem) for problem in read]
    assert outside_subset(read.tree, VOCABULARY) is None
    return read


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    file = tmp_path / "rows.sqlite"
    address = f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres_address")
    engine = create_engine(address)
    with engine.connect() as opened:
        ROWS.create(opened)
        yield opened
        opened.rollback()
    engine.dispose()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=conditions, values=st.lists(rows, min_size=1, max_size=6))
def test_both_answers_are_equal(connection: Connection, text: str, values: list[dict[str, Any]]) -> None:
    read = condition(text)
    connection.execute(ROWS.delete())
    connection.execute(insert(ROWS), [{"n": n, **row} for n, row in enumerate(values)])

    said = (
        connection.execute(select(to_sql(read.tree, dict(ROWS.c))).select_from(ROWS).order_by(ROWS.c.n)).scalars().all()
    )

    known = [{name: value for name, value in row.items() if value is not None} for row in values]
    assert [None if answer is None else bool(answer) for answer in said] == [read.outcome(row).held for row in known]


@pytest.mark.parametrize(
    "text",
    [
        "size(grade.one) > 1",
        "grade.one.startsWith('g')",
        "grade.one < 'good'",
        "facts.weeks + 1 > 2",
        "facts.flag < true",
        "facts.weeks in []",
        "[facts.weeks] == [1]",
        "facts.flag ? true : false",
        "facts.weeks == null",
        "1.5 == 1.5",
    ],
)
def test_what_a_database_would_answer_otherwise_is_outside_the_subset(text: str) -> None:
    read = read_condition(source_from(f'when: "{text}"'.encode(), "test"), ("when",), VOCABULARY)

    assert isinstance(read, list) or outside_subset(read.tree, VOCABULARY) is not None
