"""Moves audits in progress to the text of their rubric that is in force: all of them, or none. One entry for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, SQLModel

from audit_engine.actions.changing import RATING_COLUMNS, in_this_very_moment
from audit_engine.actions.command import Command, already_done, remember
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.problems import Refused
from audit_engine.queries.rubric_migrating import CANNOT, KIND, Judged, judged, may_migrate, moved_by, refusals
from audit_engine.records.checkpoints import make_checkpoint
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.pins import pin

_AUDITS, _RATINGS = SQLModel.metadata.tables["audits"], SQLModel.metadata.tables["ratings"]
_CHANGED = ("rubric_digest", "overall", "suggested")
"""What moving to another text changes of an audit's row."""
_OF_RATING = ("grade", "grade_order", "given_grade", "answers", "members")
_TAKING = (
    update(_AUDITS)
    .where(_AUDITS.c.key == bindparam("at_key"), _AUDITS.c.turn == bindparam("at_turn"))
    .values(turn=bindparam("to_turn"), **{name: bindparam(f"to_{name}") for name in _CHANGED})
)
_RATING_AT = (_RATINGS.c.audit == bindparam("at_audit")) & (_RATINGS.c.criterion == bindparam("at_criterion"))
_OTHER_GRADE = (
    update(_RATINGS).where(_RATING_AT).values({name: bindparam(f"to_{name}") for name in (*_OF_RATING, "turn")})
)
_NO_RATING = delete(_RATINGS).where(_RATING_AT)


def migrate_rubric(
    db: Database, actor: Actor, command: Command, catalogue: Catalogue, name: str, *, at: datetime,
    only: Sequence[str] = (),
) -> int:  # fmt: skip
    """Move the audits in progress under another text of the rubric `name` to the one in force, by criterion id.

    Each is judged again in the transaction that moves it, whatever a preview said. Audits whose grades are locked, and
    those that are moderated, keep their text.

    Args:
        only: References; none means all of them.

    Returns:
        How many were moved; nothing when nothing is in progress under another text.

    Raises:
        Refused: not theirs to do; one of them cannot be moved, then none is; or one of `only` keeps its text.
        Unusable: there is no rubric of this name.
    """
    digest = catalogue.pins["rubric", catalogue.rubric(name).rubric.rubric].digest

    def act(session: Session) -> int:
        may_migrate(actor)
        if already_done(session, command):
            return moved_by(session, command.id)
        found = [one for one in judged(session, catalogue, name, only) if one.landing is not None]
        if reasons := refusals(session, actor, found):
            raise Refused(CANNOT, reasons)
        if found:
            pin(session, catalogue.pins["rubric", name])
            _write(session, db.workspace, actor, command, (digest, catalogue.rubric(name).rubric.version), found, at)
        return len(found)

    return db.transact(act)


def _write(
    session: Session, workspace: UUID, actor: Actor, command: Command, new: tuple[str, str], found: Sequence[Judged],
    at: datetime,
) -> None:  # fmt: skip
    """Take the turn of each, write the ledger, let the ratings follow, and keep a checkpoint over all of it."""
    landed = [(one, _columns(one, new[0])) for one in found]
    for one, columns in landed:
        _take_turn(session, one, columns)
    author = Author(actor.person, "quality_lead", actor.identified)  # whatever else they are, that is why they may
    happenings = [_happening(one, columns, new) for one, columns in landed]
    turns = append(session, workspace, author, happenings, at)
    for one in found:
        _write_ratings(session, one, turns[one.row["key"]])
    make_checkpoint(session, at)
    remember(session, command, happenings[0].chain, turns[happenings[0].chain])


def _columns(one: Judged, digest: str) -> dict[str, Any]:
    assert one.landing is not None  # noqa: S101 - only those that land are written
    return {"rubric_digest": digest, **one.landing.columns}


def _take_turn(session: Session, one: Judged, columns: Mapping[str, Any]) -> None:
    """A conditional UPDATE, as wherever one is changed: whoever else read the same turn finds it gone."""
    turn = one.row["turn"]
    at = {"at_key": one.row["key"], "at_turn": turn, "to_turn": turn + 1}
    taken = session.connection().execute(_TAKING, at | {f"to_{name}": columns[name] for name in _CHANGED})
    if taken.rowcount != 1:
        raise in_this_very_moment()


def _happening(one: Judged, columns: Mapping[str, Any], new: tuple[str, str]) -> Happening:
    landed = one.landing
    assert landed is not None  # noqa: S101 - only those that land are written
    changed = {name: [one.row[name], value] for name, value in columns.items() if one.row[name] != value}
    payload: dict[str, Any] = {"from_version": one.version, "to_version": new[1], "changed": changed}
    if landed.rows:
        payload["ratings"] = [{name: row.get(name) for name in RATING_COLUMNS} for row in landed.rows.values()]
    if landed.ratings_gone:
        payload["ratings_gone"] = list(landed.ratings_gone)
    return Happening(one.row["key"], "audit", KIND, payload, one.row["workflow_digest"], new[0])


def _write_ratings(session: Session, one: Judged, turn: int) -> None:
    landed, connection = one.landing, session.connection()
    assert landed is not None  # noqa: S101 - only those that land are written
    for criterion in landed.ratings_gone:
        connection.execute(_NO_RATING, {"at_audit": one.row["key"], "at_criterion": criterion})
    for criterion, row in landed.rows.items():
        other = {f"to_{name}": row[name] for name in _OF_RATING} | {"to_turn": turn}
        connection.execute(_OTHER_GRADE, other | {"at_audit": one.row["key"], "at_criterion": criterion})
