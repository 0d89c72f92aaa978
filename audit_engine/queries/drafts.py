"""Drafts: what somebody is still writing about an audit. Read back by whoever wrote them, and by nobody else."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel, col

from audit_engine.engine.permission import Actor, Subject, allowed
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import workflow_of
from audit_engine.queries.in_places import reached_by_place
from audit_engine.records.live_tables import Draft
from audit_engine.records.prepared import Prepared

WAYS = ("see_audit", "grade", "moderate", "answer")
"""Whoever may do one of these to an audit may have something to write about it."""

# Made once: whoever types asks this every second.
_AUDITS = SQLModel.metadata.tables["audits"]
_WRITABLE = Prepared(
    select(
        _AUDITS.c.key, _AUDITS.c.stage, _AUDITS.c.workflow_digest,
        _AUDITS.c.area, _AUDITS.c.team, _AUDITS.c.auditor, _AUDITS.c.practitioner,
    ).where(_AUDITS.c.reference == bindparam("reference"), _AUDITS.c.imported.is_(False))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writable:
    """A live audit somebody may be writing about."""

    key: UUID
    final: bool
    """It came to its end: only concerns are still written about it."""


def drafts(session: Session, actor: Actor, reference: str) -> dict[str, str]:
    """The actor's own drafts on an audit, by place; empty when they have none.

    Raises:
        Refused: as `writable`.
    """
    audit = writable(session, actor, reference, "read your drafts")
    statement = select(col(Draft.place), col(Draft.text)).where(
        col(Draft.person) == actor.person, col(Draft.audit) == audit.key
    )
    rows = session.connection().execute(statement.order_by(col(Draft.place)))
    return {row.place: row.text for row in rows}


def writable(session: Session, actor: Actor, reference: str, what: str) -> Writable:
    """A live audit that the actor may see, grade, moderate or answer.

    Args:
        what: The deed in words, for the refusal: `keep this draft`.

    Raises:
        Refused: there is none of this reference, or it is not theirs; the answer is the same for both.
    """
    row = _WRITABLE.first(session.connection(), {"reference": reference})
    theirs = row is not None and any(allowed(actor, way, Subject(*row[3:])) for way in WAYS)
    if row is None or not (theirs or reached_by_place(session, actor, reference) is not None):
        text = (
            f"There is no live audit of this reference that {actor.reference} may see, grade, moderate or answer. "
            "Check the reference, or ask the quality lead whose audit it is."
        )
        raise Refused(f"cannot {what}", [Reason("see_audit", text)])
    key, stage, digest = row[:3]
    return Writable(key, workflow_of(session, digest).stage(stage).final)
