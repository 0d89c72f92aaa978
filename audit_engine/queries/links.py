"""What hangs on an audit or a matter, link by link: how many are open, how many there were, how the last one ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.move_facts import Linked
from audit_engine.queries.readings import workflow_of
from audit_engine.records import matter_tables
from audit_engine.records.ledger import moment
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.prepared import Prepared

assert matter_tables is not None  # noqa: S101 - imported for what importing does: `matters` is known by name

_MATTERS: Any = SQLModel.metadata.tables["matters"]
_AUDITS: Any = SQLModel.metadata.tables["audits"]
_MATTERS_ON = Prepared(
    select(*(_MATTERS.c[name] for name in ("link", "reference", "stage", "open", "ended_at"))).where(
        _MATTERS.c.hangs_on == bindparam("on")
    )
)
_LAST_MOVE = select(func.max(col(Entry.ts_utc))).where(col(Entry.chain) == _AUDITS.c.key, col(Entry.kind) == "moved")
_AUDITS_ON = Prepared(
    select(
        *(_AUDITS.c[name] for name in ("link", "reference", "stage", "workflow_digest")),
        _LAST_MOVE.scalar_subquery().label("moved"),
    ).where(_AUDITS.c.hangs_on == bindparam("on"))
)
# Made once: building a statement costs more than running it, and every move runs these.


def linked(session: Session, key: UUID, workflow: ReadWorkflow) -> dict[str, Linked]:
    """How everything stands that hangs on one audit or matter, by link of its workflow; all of its links are there.

    Args:
        key: Of the audit or matter.
        workflow: The one it runs under. What hangs on a link that it does not have is passed over.
    """
    links = workflow.workflow.links
    if not links:
        return {}
    hanging: dict[str, list[_Hanging]] = {name: [] for name in links}
    for link, one in (*_matters(session, key), *_audits(session, key)):
        if link in hanging:
            hanging[link].append(one)
    return {name: _told(found) for name, found in hanging.items()}


@dataclass(frozen=True, slots=True)
class _Hanging:
    reference: str
    stage: str
    open: bool
    ended_at: datetime | None


def _told(found: list[_Hanging]) -> Linked:
    ended = [one for one in found if not one.open]
    # Two may have ended in one moment; then the one that was opened later is taken.
    last = max(ended, key=lambda one: (one.ended_at is not None, one.ended_at, one.reference), default=None)
    return Linked(len(found) - len(ended), len(found), last.stage if last is not None else None)


def _matters(session: Session, key: UUID) -> Iterator[tuple[str, _Hanging]]:
    for row in _MATTERS_ON.mappings(session.connection(), {"on": key}):
        yield row["link"], _Hanging(row["reference"], row["stage"], bool(row["open"]), in_utc(row["ended_at"]))


def _audits(session: Session, key: UUID) -> Iterator[tuple[str, _Hanging]]:
    """Audits have no day on which they ended: the last move of one that is at an end is what ended it."""
    for row in _AUDITS_ON.mappings(session.connection(), {"on": key}):
        link, reference, stage, digest, moved = row.values()
        final = workflow_of(session, digest).stage(stage).final
        yield link, _Hanging(reference, stage, not final, moment(int(moved)) if final and moved is not None else None)


def in_utc(at: datetime | None) -> datetime | None:
    """A moment as the database gave it: SQLite forgets that it was UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
