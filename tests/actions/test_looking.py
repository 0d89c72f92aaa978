"""Looking is written down where it disturbs nobody."""

from audit_engine.actions.looking import looked, viewer_chain
from audit_engine.records.ledger import story
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.tables import Audit

from .conftest import AT, Service


def test_looking_is_kept_on_the_viewers_own_chain(full: Service) -> None:
    seen = full.row(Audit, reference="A-1")
    eli, fay = full.person("P-6"), full.person("P-7")

    looked(full.db, eli, "viewed", "audit", seen["key"], at=AT)
    looked(full.db, eli, "exported", "summary", None)
    looked(full.db, fay, "viewed", "audit", seen["key"])

    with full.db.read() as session:
        of_eli = story(session, viewer_chain(full.db.workspace, eli.person))
        of_fay = story(session, viewer_chain(full.db.workspace, fay.person))
        assert len(story(session, seen["key"])) == 1
    assert [(e.turn, e.kind, e.actor, e.role) for e in of_eli] == [
        (1, "viewed", eli.person, "head_of_practice"),
        (2, "exported", eli.person, "head_of_practice"),
    ]
    assert [e.payload for e in of_eli] == [
        {"about": "audit", "chain": seen["key"].hex},
        {"about": "summary", "chain": None},
    ]
    assert len(of_fay) == 1
    assert {row["about"] for row in full.rows(Entry) if row["kind"] in {"viewed", "exported"}} == {"viewer"}
    assert full.row(Audit, reference="A-1") == seen
    assert full.is_sound()
