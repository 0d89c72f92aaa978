"""The ledger's entries of one thing, as views."""

from uuid import UUID

from sqlmodel import Session, col, select

from audit_engine.records.ledger import story
from audit_engine.records.tables import Person
from audit_engine.views import EntryView


def entries(session: Session, chain: UUID) -> tuple[EntryView, ...]:
    """The story of one thing, oldest first."""
    lines = story(session, chain)
    keys = {line.actor for line in lines if line.actor is not None}
    names = dict(session.exec(select(Person.key, Person.reference).where(col(Person.key).in_(keys))).all())
    return tuple(
        EntryView(
            line.turn,
            line.at,
            line.kind,
            names.get(line.actor, "nobody") if line.actor else "nobody",
            line.role,
            dict(line.payload) if line.payload is not None else None,
            line.workflow_digest,
            line.rubric_digest,
        )
        for line in lines
    )
