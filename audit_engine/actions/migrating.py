"""Moves everything open to the text of its workflow that is in force: all of it, or nothing. One entry for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel

from audit_engine.actions.changing import in_this_very_moment
from audit_engine.actions.command import Command, already_done, remember
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.migrating import CANNOT, TABLES, Judged, judged, may_migrate, moved_by
from audit_engine.records.checkpoints import make_checkpoint
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.pins import pin

_CHANGED = ("stage", "due", "workflow_digest", "entered", "clock_stopped_at")
"""What moving to another text changes of a row."""


def migrate(
    db: Database, actor: Actor, command: Command, catalogue: Catalogue, name: str, renamed: Mapping[str, str], *,
    at: datetime, version: str | None = None,
) -> int:  # fmt: skip
    """Move every open audit, moderation or escalation under another text of the workflow `name` to the one in force.

    Each is judged again in the transaction that moves it, whatever a preview said. What belongs to an audit keeps the
    text it began under.

    Args:
        renamed: Old stages and what they become.
        version: Only what is open under this one; or how its digest begins.

    Returns:
        How many were moved; nothing when nothing is open under another text.

    Raises:
        Refused: not theirs to do, or one of them lands nowhere: then none is moved. With every reason.
        Unusable: there is no such workflow, or nothing here began under this version.
    """
    new = catalogue.workflow(name)

    def act(session: Session) -> int:
        may_migrate(actor, new)
        if already_done(session, command):
            return moved_by(session, command.id)
        found = judged(session, new, renamed, version)
        _all_land(found)
        if found:
            pin(session, catalogue.pins["workflow", name])
            _write(session, db.workspace, actor, command, new, found, at)
        return len(found)

    return db.transact(act)


def _all_land(found: Sequence[Judged]) -> None:
    reasons = [
        Reason(reason.rule, f"{one.row['reference']}: {reason.text}") for one in found for reason in one.landing.reasons
    ]
    if reasons:
        raise Refused(CANNOT, reasons)


def _write(
    session: Session, workspace: UUID, actor: Actor, command: Command, new: ReadWorkflow, found: Sequence[Judged],
    at: datetime,
) -> None:  # fmt: skip
    """Take the turn of each, write the ledger, and keep a checkpoint over all of it."""
    landed = [(one, _columns(one, new)) for one in found]
    _take_turns(session, new.workflow.governs, landed)
    happenings = [_happening(one, columns, new) for one, columns in landed]
    author = Author(actor.person, "quality_lead", actor.identified)  # whatever else they are, that is why they may
    turns = append(session, workspace, author, happenings, at)
    make_checkpoint(session, at)
    remember(session, command, happenings[0].chain, turns[happenings[0].chain])


def _columns(one: Judged, new: ReadWorkflow) -> dict[str, Any]:
    stage = one.landing.stage
    assert stage is not None  # noqa: S101 - who lands nowhere was refused
    return {"stage": stage.id, "due": one.landing.due, "workflow_digest": new.digest, **one.kept}


def _take_turns(session: Session, governs: str, landed: Sequence[tuple[Judged, Mapping[str, Any]]]) -> None:
    """A conditional UPDATE for each, as wherever one is changed: whoever else read the same turn finds it gone."""
    table, connection = SQLModel.metadata.tables[TABLES[governs]], session.connection()
    taking = (
        update(table)
        .where(table.c.key == bindparam("at_key"), table.c.turn == bindparam("at_turn"))
        .values(turn=bindparam("to_turn"), **{name: bindparam(f"to_{name}") for name in _CHANGED})
    )
    for one, columns in landed:
        turn = one.row["turn"]
        at = {"at_key": one.row["key"], "at_turn": turn, "to_turn": turn + 1}
        if connection.execute(taking, at | {f"to_{name}": columns[name] for name in _CHANGED}).rowcount != 1:
            raise in_this_very_moment()


def _happening(one: Judged, columns: Mapping[str, Any], new: ReadWorkflow) -> Happening:
    changed = {name: [one.row[name], value] for name, value in columns.items() if one.row[name] != value}
    told = {"from_version": one.old.workflow.version, "to_version": new.workflow.version, "to": columns["stage"]}
    governs = new.workflow.governs
    rubric = one.row["rubric_digest"] if governs == AUDIT else ""
    return Happening(one.row["key"], governs, "migrated", {**told, "changed": changed}, new.digest, rubric)
