"""Keeps the exact text of a definition, once."""

from sqlmodel import Session

from audit_engine.definitions.catalogue import Pin
from audit_engine.records.tables import Definition


def pin(session: Session, kept: Pin) -> str:
    """Keep a definition's text if it is not kept yet. Gives its digest."""
    if session.get(Definition, kept.digest) is None:
        session.add(
            Definition(digest=kept.digest, kind=kept.kind, name=kept.name, version=kept.version, text=kept.text)
        )
        session.flush()
    return kept.digest
