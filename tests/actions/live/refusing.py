"""What cases of being told no are made of: what is so beforehand, what is asked, by name."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import update
from sqlmodel import Session, col

from audit_engine.exchange.lines import PersonLine
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.tables import Audit
from audit_engine.safe_text import MAX_TEXT

from .at_work import Live, people, role

Act = Callable[[], None]
Case = Callable[[Live, str], Act]
LONG = "x" * (MAX_TEXT + 1)


def registry() -> tuple[dict[str, Case], Callable[[Case], Case]]:
    """The cases of one part, and what enters one under its own name."""
    cases: dict[str, Case] = {}

    def case(prepare: Case) -> Case:
        cases[prepare.__name__] = prepare
        return prepare

    return cases, case


def with_roles(name: str, *roles: tuple[str, str | None, str | None]) -> PersonLine:
    """Somebody of the service who now holds these roles: name, team, team managed."""
    return replace(people()[name], roles=tuple(role(*one) for one in roles))


def now(live: Live, name: str, *roles: tuple[str, str | None, str | None]) -> None:
    live.import_people(**{name.replace("-", "_"): with_roles(name, *roles)})


def without_grades(live: Live, audit: str) -> None:
    """It has no grades, however far it has come: only the ledger could say so, since no action would any more."""
    key = live.audit(audit)["key"]

    def change(session: Session) -> None:
        told = Happening(key, "audit", "changed", {"changed": {"graded": [True, False]}})
        turns = append(session, live.db.workspace, Author(None, "quality_lead", "training"), [told], live.at())
        session.connection().execute(update(Audit).where(col(Audit.key) == key).values(graded=False, turn=turns[key]))

    live.db.transact(change)
