"""Keeps the exact text of a definition, once."""

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from audit_engine.definitions.catalogue import Pin
from audit_engine.records.prepared import Prepared
from audit_engine.records.tables import Definition

_KEPT = Prepared(select(col(Definition.digest)).where(col(Definition.digest) == bindparam("digest")))


def pin(session: Session, kept: Pin) -> str:
    """Keep a definition's text if it is not kept yet. Gives its digest."""
    if _KEPT.first(session.connection(), {"digest": kept.digest}) is None:
        session.add(
            Definition(digest=kept.digest, kind=kept.kind, name=kept.name, version=kept.version, text=kept.text)
        )
        session.flush()
    return kept.digest
