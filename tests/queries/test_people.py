"""Who somebody is on a day, and what the readers of files are told."""

from datetime import date

import pytest

from audit_engine.exchange.lines import FactValue, KnownCase
from audit_engine.problems import Refused
from audit_engine.queries.people import actor_by_account, actor_by_reference, known
from audit_engine.records.database import Database

from .conftest import PEOPLE, TODAY


def test_the_readers_are_told_everything_the_workspace_holds(db: Database) -> None:
    with db.read() as session:
        found = known(session)

    assert set(found.people) == {"P-1", "P-2", "P-3"}
    assert found.people["P-3"].roles == PEOPLE[1].roles
    assert found.teams == {"Heron": "North", "Wren": "South"}
    facts: dict[str, FactValue] = {"children": 2, "situational_triggers": ["a"]}
    assert found.cases == {
        "C-1": KnownCase("C-1", "North", "Heron", "P-2", date(2023, 4, 1), None, facts),
        "C-2": KnownCase("C-2", "South", "Wren", None, date(2023, 4, 2), date(2023, 9, 1), {}),
    }


def test_roles_are_those_of_the_day(db: Database) -> None:
    with db.read() as session:
        today = actor_by_reference(session, "P-3", TODAY)
        later = actor_by_reference(session, "P-3", date(2024, 2, 1))
        before = actor_by_reference(session, "P-3", date(2019, 12, 31))
        last_day = actor_by_reference(session, "P-2", date(2023, 12, 31))
        gone = actor_by_reference(session, "P-2", date(2024, 1, 1))

    assert (today.roles, today.areas, today.teams) == (
        ("manager", "auditor", "head_of_practice"),
        ("North",),
        ("Wren",),
    )
    assert later.areas == ("North", "South")
    assert (before.roles, before.areas, before.teams) == (("manager", "auditor"), (), ("Heron", "Wren"))
    assert (last_day.roles, gone.roles, gone.role) == (("practitioner",), (), "none")
    assert today.identified == "training"


def test_an_account_is_one_person(db: Database) -> None:
    with db.read() as session:
        actor = actor_by_account(session, "uid:1000", TODAY)

        assert actor_by_reference(session, "P-1", TODAY, identified="os account") == actor
    assert (actor.reference, actor.roles) == ("P-1", ("quality_lead", "administrator"))


def test_a_stranger_is_told_what_to_do(db: Database) -> None:
    with db.read() as session:
        with pytest.raises(Refused, match=r"cannot act as this person: Nobody here has the reference 'P-9'\. Check"):
            actor_by_reference(session, "P-9", TODAY)
        with pytest.raises(Refused, match=r"cannot tell who you are: .*\('uid:0'\) is bound to no person here\. Ask"):
            actor_by_account(session, "uid:0", TODAY)
        with pytest.raises(Refused, match="<U\\+001B>"):
            actor_by_reference(session, "\x1b[2J", TODAY)
