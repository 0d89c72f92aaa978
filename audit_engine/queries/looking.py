"""The key of an audit, to write down that it was looked at. Whether it may be seen was asked by what showed it."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.records.tables import Audit


def audit_key_of(session: Session, reference: str) -> UUID:
    """The key of the audit with this reference, which exists."""
    found: UUID = (
        session.connection().execute(select(col(Audit.key)).where(col(Audit.reference) == reference)).scalar_one()
    )
    return found
