"""Nobody gives themselves a role, or an account, while somebody else could do it for them (four eyes)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from audit_engine.actions.binding import bind_account
from audit_engine.actions.command import Command
from audit_engine.actions.imports import import_people, preview
from audit_engine.actions.workspace import open_workspace
from audit_engine.engine.permission import Actor
from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused, Unusable
from audit_engine.queries.people import actor_by_account
from audit_engine.records.database import Database
from audit_engine.records.ledger import story
from audit_engine.records.tables import Person
from audit_engine.records.verification import verify

from .conftest import file_of, role

AT = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
ASH, ELM = "uid:1000", "uid:1001"
MORE = PersonLine(3, "P-1", "Ash", (role("administrator"), role("quality_lead")))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with open_workspace(tmp_path / "a.sqlite", mode="live", account=ASH, reference="P-1", name="Ash", at=AT) as opened:
        yield opened


def who(db: Database, account: str) -> Actor:
    with db.read() as session:
        return actor_by_account(session, account, AT.date())


def bring_in(db: Database, account: str, *lines: PersonLine) -> bool:
    read = file_of("people", lines)
    seen = preview(db, who(db, account), read, lines, at=AT)
    assert import_people(db, who(db, account), read, lines, at=AT).own_roles == seen.own_roles
    return seen.own_roles


def second_administrator(db: Database) -> None:
    bring_in(db, ASH, PersonLine(2, "P-2", "Elm", (role("administrator"),)))
    bind_account(db, who(db, ASH), Command(), "P-2", ELM, at=AT)


def test_with_another_administrator_ones_own_new_role_is_refused_with_its_row(db: Database) -> None:
    second_administrator(db)

    with pytest.raises(Unusable) as wrong:
        bring_in(db, ASH, MORE)

    assert "row 3, column 'role': X095 this would change your own roles ('P-1')" in str(wrong.value)
    assert "Let another administrator import it" in str(wrong.value)
    assert bring_in(db, ELM, MORE) is False
    assert set(who(db, ASH).roles) == {"administrator", "quality_lead"}
    assert verify(db).sound


def test_the_only_administrator_may_and_the_ledger_says_so(db: Database) -> None:
    assert bring_in(db, ASH, MORE) is True

    with db.read() as session:
        key = session.connection().execute(select(col(Person.key)).where(col(Person.reference) == "P-1")).scalar_one()
        newest = story(session, key)[-1].payload
    assert newest is not None
    assert newest["own_roles"] is True
    assert verify(db).sound


def test_giving_up_a_role_and_another_name_are_ones_own_business(db: Database) -> None:
    bring_in(db, ASH, MORE)
    second_administrator(db)

    assert bring_in(db, ASH, PersonLine(2, "P-1", "Ash Oak", (role("administrator"),))) is False
    assert who(db, ASH).roles == ("administrator",)


def test_nobody_binds_an_account_to_themselves_while_another_administrator_can(db: Database) -> None:
    second_administrator(db)

    with pytest.raises(Refused, match="Ask another administrator"):
        bind_account(db, who(db, ASH), Command(), "P-1", "uid:1002", at=AT)

    bind_account(db, who(db, ELM), Command(), "P-1", "uid:1002", at=AT)
    assert who(db, "uid:1002").person == who(db, ASH).person
