"""An audit read for a move: what nobody looks at is not read, and what is looked at is read once, and is the same."""

from uuid import UUID

from sqlmodel import Session

from audit_engine.queries.at_hand import AtHand, at_hand
from tests.actions.live.at_work import Live
from tests.queries.watching import Watched, watched

TABLES = ("FROM ratings", "FROM matters", "FROM people")


def test_what_nobody_looks_at_is_not_read(live: Live) -> None:
    def look(session: Session) -> str:
        return str(at_hand(session, key, later=True).audit["stage"])

    key = _begun(live)
    seen = watched(live, look)
    assert seen.result == "grading"
    assert [_asked(seen, table) for table in TABLES] == [0, 0, 0]


def test_what_is_looked_at_is_read_once_and_is_the_same(live: Live) -> None:
    def look(session: Session) -> tuple[AtHand, AtHand]:
        later = at_hand(session, key, later=True)
        for _ in range(2):
            assert (len(later.ratings), bool(later.names), bool(later.links)) == (1, True, True)
        return later, at_hand(session, key)

    key = _begun(live)
    seen = watched(live, look)
    later, at_once = seen.result
    for name in ("ratings", "blind", "names", "links"):
        assert dict(getattr(later, name)) == getattr(at_once, name)
    assert [_asked(seen, table) for table in TABLES] == [2, 2, 2]


def _begun(live: Live) -> UUID:
    audit = live.audits[0]
    live.rate(audit, live.begun(audit), "rep.plan", grade="good")
    key: UUID = next(row["key"] for row in live.rows("audits") if row["reference"] == audit)
    return key


def _asked(seen: Watched, table: str) -> int:
    return sum(table in " ".join(statement.split()) for statement in seen.statements)
