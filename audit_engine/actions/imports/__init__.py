"""Files come in: one function per kind of file, one transaction each, all or nothing.

The same file again writes nothing. What a file changes is in the ledger with the old value beside the new; what
it no longer names stays. A past audit or observation that says something else than before is refused.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from audit_engine.actions.imports.audits import plan_audits
from audit_engine.actions.imports.cases import plan_cases
from audit_engine.actions.imports.comparing import Change, ImportPreview, ImportResult, Plan
from audit_engine.actions.imports.indicators import plan_indicators
from audit_engine.actions.imports.observations import plan_observations
from audit_engine.actions.imports.people import plan_people
from audit_engine.actions.imports.writing import Progress, was_imported, write
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor, require
from audit_engine.exchange.lines import AuditLine, CaseLine, FileRead, IndicatorLine, ObservationLine, PersonLine
from audit_engine.records.database import Database

__all__ = [
    "Change",
    "ImportPreview",
    "ImportResult",
    "Progress",
    "import_audits",
    "import_cases",
    "import_indicators",
    "import_observations",
    "import_people",
    "preview",
]
_Planner = Callable[[Session], Plan]


def import_people(
    db: Database,
    actor: Actor,
    read: FileRead,
    lines: Sequence[PersonLine],
    *,
    at: datetime,
    progress: Progress | None = None,
) -> ImportResult:
    """Import people, their roles and, following from them, the teams.

    Raises:
        Refused: the actor may not import, or nobody would be an administrator any more.
        Unusable: X095, the actor's own roles would change in a live workspace with another administrator.
    """
    own = _own(db, actor)
    return _import(db, actor, read, lambda session: plan_people(session, read, lines, day_of(at), own), at, progress)


def import_cases(
    db: Database,
    actor: Actor,
    read: FileRead,
    lines: Sequence[CaseLine],
    *,
    at: datetime,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a case list.

    Raises:
        Refused: the actor may not import.
        Unusable: X092, a practitioner who is not here.
    """
    return _import(db, actor, read, lambda session: plan_cases(session, read, lines), at, progress)


def import_audits(
    db: Database,
    actor: Actor,
    read: FileRead,
    lines: Sequence[AuditLine],
    *,
    catalogue: Catalogue,
    at: datetime,
    progress: Progress | None = None,
) -> ImportResult:
    """Import past audits with their ratings and moderations, under the rubrics of `catalogue`.

    Raises:
        Refused: the actor may not import.
        Unusable: X090, audits imported before with other values; X092 and X093, people or cases that are not here.
    """
    return _import(db, actor, read, lambda session: plan_audits(session, read, lines, catalogue), at, progress)


def import_observations(
    db: Database,
    actor: Actor,
    read: FileRead,
    lines: Sequence[ObservationLine],
    *,
    at: datetime,
    progress: Progress | None = None,
) -> ImportResult:
    """Import observed sessions.

    Raises:
        Refused: the actor may not import.
        Unusable: X091, sessions imported before with other values; X092, a practitioner who is not here.
    """
    return _import(db, actor, read, lambda session: plan_observations(session, read, lines), at, progress)


def import_indicators(
    db: Database,
    actor: Actor,
    read: FileRead,
    lines: Sequence[IndicatorLine],
    *,
    at: datetime,
    progress: Progress | None = None,
) -> ImportResult:
    """Import figures from elsewhere.

    Raises:
        Refused: the actor may not import.
    """
    return _import(db, actor, read, lambda session: plan_indicators(session, lines), at, progress)


def preview(
    db: Database,
    actor: Actor,
    read: FileRead,
    lines: Sequence[Any],
    *,
    at: datetime,
    catalogue: Catalogue | None = None,
) -> ImportPreview:
    """What importing the file would do. Writes nothing, refuses what the import would refuse.

    Args:
        lines: Of the kind `read.kind` names.
        catalogue: Needed for past audits only.

    Raises:
        Refused, Unusable: as the import of this kind.
        ValueError: past audits without a catalogue, or a kind that cannot be imported.
    """
    require(actor, "import", f"import {read.kind}")
    with db.read() as session:
        plan = _plan(session, read, lines, at, catalogue, _own(db, actor))
        return plan.preview(read, was_imported(session, read))


def _own(db: Database, actor: Actor) -> UUID | None:
    """Whose roles this import may not add to; nobody's in training, where anybody acts as anybody."""
    return actor.person if db.mode == "live" else None


def _plan(
    session: Session,
    read: FileRead,
    lines: Sequence[Any],
    at: datetime,
    catalogue: Catalogue | None,
    own: UUID | None,
) -> Plan:
    planners: dict[str, _Planner] = {
        "people": lambda session: plan_people(session, read, lines, day_of(at), own),
        "cases": lambda session: plan_cases(session, read, lines),
        "observations": lambda session: plan_observations(session, read, lines),
        "indicators": lambda session: plan_indicators(session, lines),
    }
    if catalogue is not None:
        planners["audits"] = lambda session: plan_audits(session, read, lines, catalogue)
    if read.kind not in planners:
        raise ValueError(f"{read.kind!r} cannot be imported, or not without a catalogue")
    return planners[read.kind](session)


def _import(
    db: Database, actor: Actor, read: FileRead, planned: _Planner, at: datetime, progress: Progress | None
) -> ImportResult:
    require(actor, "import", f"import {read.kind}")

    def act(session: Session) -> ImportResult:
        # Compared and written in one write transaction: nobody can change a row between the two.
        before, plan = was_imported(session, read), planned(session)
        if before and plan.added == 0 and plan.changed == 0:
            return plan.result(read, before, None)
        return plan.result(read, before, write(session, db.workspace, actor, read, plan, at, progress))

    return db.transact(act)
