"""In a live workspace people are known by their accounts, and an administrator binds these."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit_engine.actions.binding import bind_account
from audit_engine.actions.command import Command
from audit_engine.actions.workspace import open_workspace
from audit_engine.problems import Refused
from audit_engine.queries.people import actor_by_account
from audit_engine.records.database import Database
from audit_engine.records.verification import verify

AT = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_workspace(tmp_path / "a.sqlite", mode="live", account="uid:1000", reference="P-1", name="Ash", at=AT)


def test_a_second_account_of_a_person_is_the_same_person(db: Database) -> None:
    with db.read() as session:
        first = actor_by_account(session, "uid:1000", AT.date())
    command = Command()
    bind_account(db, first, command, "P-1", "uid:1001", at=AT)
    bind_account(db, first, command, "P-1", "uid:1001", at=AT)

    with db.read() as session:
        assert actor_by_account(session, "uid:1001", AT.date()).person == first.person
    assert verify(db).sound


@pytest.mark.parametrize(
    ("person", "account", "sentence"),
    [("P-2", "uid:1001", "Nobody here has the reference 'P-2'"), ("P-1", "uid:1000", "bound to somebody already")],
)
def test_what_is_refused(db: Database, person: str, account: str, sentence: str) -> None:
    with db.read() as session:
        actor = actor_by_account(session, "uid:1000", AT.date())

    with pytest.raises(Refused, match=sentence):
        bind_account(db, actor, Command(), person, account, at=AT)
