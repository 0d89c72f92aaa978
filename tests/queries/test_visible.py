"""The SQL filter and `allowed` give one answer: every role, alone and in pairs, every action, every audit."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, not_, select
from sqlmodel import Session, col

from audit_engine.engine import permission
from audit_engine.engine.permission import GRANTS, ROLES, Actor, Subject, allowed
from audit_engine.queries.visible import visible
from audit_engine.records.database import Database
from audit_engine.records.tables import Audit, Case, Definition, Person

AREAS, TEAMS = ("North", "South", "West"), ("Heron", "Wren", "Teal")
AUDITS = 300


def _audits(rng: random.Random, case: UUID, people: list[UUID]) -> Iterator[Audit]:
    for number in range(AUDITS):
        yield Audit(
            key=uuid4(), reference=f"A-{number}", case_key=case, stream="local", subject="case", graded=True,
            imported=True, stage="closed", auditor=rng.choice([None, *people]),
            practitioner=rng.choice([None, *people]), area=rng.choice(AREAS), team=rng.choice(TEAMS),
            audited_on=date(2023, 11, 1), facts={}, rubric_digest="d", turn=1,
        )  # fmt: skip


def _actors(people: list[UUID]) -> Iterator[Actor]:
    """Nobody's role, each role, each two; with no, one and two areas and teams."""
    for held in [(), *combinations(ROLES, 1), *combinations(ROLES, 2)]:
        for width in (0, 1, 2):
            yield Actor(people[0], "P", held, areas=AREAS[:width], teams=TEAMS[1 : 1 + width])


def _subjects(session: Session) -> dict[UUID, Subject]:
    rows = session.connection().execute(select(Audit))
    return {row.key: Subject(row.area, row.team, row.auditor, row.practitioner) for row in rows}


def _keys(session: Session, condition: ColumnElement[bool]) -> set[UUID]:
    return set(session.connection().execute(select(col(Audit.key)).where(condition)).scalars())


@pytest.fixture
def people(db: Database) -> list[UUID]:
    """Writes the audits. They have no ledger: nothing here asks for it."""
    rng = random.Random(20231231)  # noqa: S311 - the same audits every time
    with db.write() as session:
        keys = list(session.connection().execute(select(col(Person.key)).order_by(col(Person.reference))).scalars())
        case = session.connection().execute(select(col(Case.key)).limit(1)).scalar_one()
        session.add(Definition(digest="d", kind="rubric", name="r", version="1.0.0", text="{}"))
        session.flush()
        session.add_all(_audits(rng, case, keys))
    return keys


@pytest.mark.parametrize("action", [*GRANTS, "an action nobody was granted"])
def test_a_list_shows_exactly_what_is_allowed(db: Database, people: list[UUID], action: str) -> None:
    seen = hidden = 0
    with db.read() as session:
        subjects = _subjects(session)
        for actor in _actors(people):
            expected = {key for key, subject in subjects.items() if allowed(actor, action, subject)}
            assert _keys(session, visible(actor, action)) == expected
            assert _keys(session, not_(visible(actor, action))) == subjects.keys() - expected
            seen, hidden = seen + len(expected), hidden + AUDITS - len(expected)

    assert len(subjects) == AUDITS
    assert hidden > 0
    assert (seen > 0) == (action in GRANTS)


def test_every_reach_was_tried(db: Database, people: list[UUID]) -> None:
    """Each role's own reach shows some audits and hides others; else the test above would prove little."""
    with db.read() as session:
        for role in ("head_of_practice", "manager", "auditor", "practitioner"):
            actor = Actor(people[0], "P", (role,), areas=AREAS[:1], teams=TEAMS[:1])
            assert 0 < len(_keys(session, visible(actor, "see_audit"))) < AUDITS
    assert {reach for grants in GRANTS.values() for _, reach in grants} == set(permission.REACH_IN_WORDS)


def test_a_table_without_the_column_is_covered_by_no_reach_over_it(db: Database, people: list[UUID]) -> None:
    statement = select(col(Case.reference))
    with db.read() as session:
        connection = session.connection()
        auditor, head = (
            Actor(people[0], "P", ("auditor",)),
            Actor(people[0], "P", ("head_of_practice",), areas=("North",)),
        )
        assert connection.execute(statement.where(visible(auditor, "see_audit", Case))).scalars().all() == []
        assert connection.execute(statement.where(visible(head, "see_audit", Case))).scalars().all() == ["C-1"]
