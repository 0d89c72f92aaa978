"""How a workspace begins."""

from pathlib import Path

import pytest

from audit_engine.actions.workspace import open_workspace
from audit_engine.problems import Unusable
from audit_engine.queries.people import actor_by_account
from audit_engine.records.database import Mode, open_database
from audit_engine.records.ledger import story
from audit_engine.records.verification import verify

from .conftest import AT, TODAY


@pytest.mark.parametrize(
    ("mode", "roles"), [("live", ("administrator",)), ("training", ("quality_lead", "administrator"))]
)
def test_whoever_opens_a_workspace_is_its_first_administrator(
    tmp_path: Path, mode: Mode, roles: tuple[str, ...]
) -> None:
    path = tmp_path / "workspace.db"
    with open_workspace(path, mode=mode, account="uid:1000", reference="P-1", name="Gwen Øak", at=AT):
        pass

    with open_database(path) as db, db.read() as session:
        actor = actor_by_account(session, "uid:1000", TODAY)
        assert (db.mode, actor.reference, actor.roles, actor.identified) == (mode, "P-1", roles, "os account")
        assert [(e.kind, e.actor) for e in story(session, db.workspace)] == [("opened", None)]
        assert [(e.kind, e.actor, e.role) for e in story(session, actor.person)] == [
            ("recorded", actor.person, "administrator"),
            ("bound", actor.person, "administrator"),
        ]
        assert verify(db).findings == ()
        assert verify(db).checkpoints == 1


def test_a_workspace_is_not_opened_over_another(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    open_workspace(path, mode="live", account="uid:1000", reference="P-1", name="Gwen Oak", at=AT).close()
    before = path.read_bytes()

    with pytest.raises(Unusable, match="W011"):
        open_workspace(path, mode="live", account="uid:1001", reference="P-2", name="Ada Moss", at=AT)

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("reference", "name"), [("", "Gwen Oak"), ("P-1", "  "), ("P-1", "Gwen\x1b[2J"), ("P\u202e", "Oak")]
)
def test_a_name_that_cannot_be_read_opens_nothing(tmp_path: Path, reference: str, name: str) -> None:
    with pytest.raises(Unusable, match="X094"):
        open_workspace(tmp_path / "w.db", mode="live", account="uid:1000", reference=reference, name=name, at=AT)

    assert list(tmp_path.iterdir()) == []


def test_a_workspace_nobody_could_be_put_into_is_taken_back(tmp_path: Path) -> None:
    """A lone surrogate cannot be written: the failure comes after the database was made."""
    with pytest.raises(UnicodeEncodeError):
        open_workspace(tmp_path / "w.db", mode="live", account="\ud800", reference="P-1", name="Oak", at=AT)

    assert list(tmp_path.iterdir()) == []
