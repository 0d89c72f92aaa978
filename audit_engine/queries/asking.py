"""What an action asks before it writes: the audit it is about and who is asking, in one question to the database.

Every keystroke asks, so the statements are made once, and saving one answer reads that answer only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlmodel import Session, SQLModel

from audit_engine.engine.permission import Subject
from audit_engine.queries.at_hand import AtHand, rubric_of, workflow_of
from audit_engine.records import live_tables
from audit_engine.records.ledger import Head
from audit_engine.records.prepared import Prepared

assert live_tables is not None  # noqa: S101 - imported for what importing does: `commands` is known by name


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is about to do something, and when."""

    person: UUID
    day: date
    command: UUID
    role: str = ""
    """The role they must hold that day to stand in their place in the audit; empty when it takes none."""


@dataclass(frozen=True, slots=True)
class Found:
    """One audit, and what must be known before anything of it is looked at."""

    key: UUID
    imported: bool
    turn: int
    head: Head | None
    """The newest entry of its chain; None when the ledger lost it."""
    done: bool
    """This very command was carried out before."""
    manages: bool
    """Whoever asks manages the practitioner today, whatever was so when the audit was allocated."""
    holds_role: bool
    """Whoever asks holds the role it takes today."""
    subject: Subject
    """Whose it is, for whether whoever asks may do anything to it."""
    holds_case: bool
    """Whoever asks is the practitioner on the case today, whoever was when the audit was drawn."""


def find(session: Session, reference: str, asking: Asking) -> Found | None:
    """The audit of a reference; None when there is none."""
    row = _FIND.first(session.connection(), _asked(reference, asking))
    return None if row is None else _found(row)


def find_with_rating(
    session: Session, reference: str, criterion: str, asking: Asking
) -> tuple[Found, AtHand | None] | None:
    """The audit of a reference with just what saving the auditor's answer on one criterion needs.

    The audit's row then holds only whose it is and where it stands; there is no moderator and no escalation in it.
    Without a workflow, as imported audits are, there is nothing to save to and so nothing at hand.
    """
    row = _ONE_RATING.first(session.connection(), {**_asked(reference, asking), "criterion": criterion})
    if row is None:
        return None
    found, audit = _found(row), dict(zip(_STANDS, row[_BESIDE:], strict=False))
    if audit["workflow_digest"] is None:
        return found, None
    rating = dict(zip(_RATING, row[_BESIDE + len(_STANDS) :], strict=True))
    hand = AtHand(
        audit=audit,
        case_reference="",
        workflow=workflow_of(session, audit["workflow_digest"]),
        rubric=rubric_of(session, audit["rubric_digest"]),
        ratings={} if rating["criterion"] is None else {criterion: rating},
    )
    return found, hand


def managing_today(session: Session, audit: Mapping[str, Any], day: date) -> dict[UUID, str]:
    """Who else than the audit's manager manages the practitioner on `day`, for `engine.independence.conflicts`."""
    asked = {"team": audit["team"], "practitioner": audit["practitioner"], "day": day}
    people = _MANAGING.rows(session.connection(), asked)
    return {person: MANAGES_TODAY for (person,) in people if person != audit["manager"]}


def is_of_case(session: Session, reference: str, case_key: UUID, other_than: UUID) -> bool:
    """Whether there is an audit of this reference, of this case, that is another than the one of this key."""
    asked = select(_AUDITS.c.key).where(_AUDITS.c.reference == reference, _AUDITS.c.case_key == case_key)
    return session.connection().execute(asked.where(_AUDITS.c.key != other_than)).first() is not None


MANAGES_TODAY = "manages the practitioner today"
HOLDS_TODAY = "is the practitioner on this case today"


def _asked(reference: str, asking: Asking) -> dict[str, Any]:
    return {
        "reference": reference,
        "asks": asking.person,
        "day": asking.day,
        "command": asking.command,
        "as_role": asking.role,
    }


def _found(row: Any) -> Found:
    key, imported, turn, hash_, ts_utc, done, manages, holds, holds_case, *whose = row[:_BESIDE]
    head = None if hash_ is None else Head(turn, bytes(hash_), ts_utc)
    return Found(
        key, imported, turn, head, done is not None, bool(manages), bool(holds), Subject(*whose), bool(holds_case)
    )  # fmt: skip


def _table(name: str) -> Any:
    return SQLModel.metadata.tables[name]


def _held(role: Any, day: Any) -> ColumnElement[bool]:
    """The role is held on a day; a day that is not recorded sets no limit."""
    return and_(
        or_(role.c.from_day.is_(None), role.c.from_day <= day), or_(role.c.to_day.is_(None), role.c.to_day >= day)
    )


def _manages(role: Any, team: Any, practitioner: Any, day: Any) -> ColumnElement[bool]:
    """A role manages the team the audited work was done in, or one the practitioner works in on that day."""
    theirs = _table("roles_held").alias("theirs")
    # Correlated by name: left to itself, the inner question would look at every audit there is.
    works_in = (
        select(theirs.c.team)
        .where(theirs.c.person == practitioner, theirs.c.role == "practitioner", _held(theirs, day))
        .correlate_except(theirs)
    )
    where = or_(role.c.manages_team == team, role.c.manages_team.in_(works_in))
    return and_(role.c.role == "manager", _held(role, day), where)


def manages_on(person: Any, day: Any) -> ColumnElement[bool]:
    """The rows of `audits` whose practitioner a person manages on a day, whoever did when they were allocated."""
    return exists().where(_LEADS.c.person == person, _manages(_LEADS, _AUDITS.c.team, _AUDITS.c.practitioner, day))


_AUDITS, _ENTRIES, _COMMANDS, _GIVEN = (_table(name) for name in ("audits", "entries", "commands", "ratings"))
_CASES = _table("cases")
_ROLE, _LEADS = _table("roles_held").alias("role"), _table("roles_held").alias("leads")
_DAY: Any = bindparam("day")
_ASKS: Any = bindparam("asks")
_FOUND = (
    _AUDITS.c.key, _AUDITS.c.imported, _AUDITS.c.turn, _ENTRIES.c.hash, _ENTRIES.c.ts_utc, _COMMANDS.c.id,
    manages_on(_ASKS, _DAY),
    exists().where(_ROLE.c.person == _ASKS, _ROLE.c.role == bindparam("as_role"), _held(_ROLE, _DAY)),
    exists().where(_CASES.c.key == _AUDITS.c.case_key, _CASES.c.practitioner == _ASKS),
    _AUDITS.c.area, _AUDITS.c.team, _AUDITS.c.auditor, _AUDITS.c.practitioner,
)  # fmt: skip
_BESIDE = len(_FOUND)
_STANDS = (
    "key", "reference", "turn", "stage", "locked", "graded", "auditor", "practitioner", "manager", "area", "team",
    "workflow_digest", "rubric_digest",
)  # fmt: skip
_RATING = tuple(column.name for column in _GIVEN.columns if column.name != "audit")
_FROM = _AUDITS.outerjoin(
    _ENTRIES, and_(_ENTRIES.c.chain == _AUDITS.c.key, _ENTRIES.c.turn == _AUDITS.c.turn)
).outerjoin(_COMMANDS, _COMMANDS.c.id == bindparam("command"))
_REFERENCE = _AUDITS.c.reference == bindparam("reference")
_FIND = Prepared(select(*_FOUND).select_from(_FROM).where(_REFERENCE))
_WITH_RATING = _FROM.outerjoin(
    _GIVEN, and_(_GIVEN.c.audit == _AUDITS.c.key, _GIVEN.c.criterion == bindparam("criterion"))
)
_ONE_RATING = Prepared(
    select(*_FOUND, *(_AUDITS.c[name] for name in _STANDS), *(_GIVEN.c[name] for name in _RATING))
    .select_from(_WITH_RATING)
    .where(_REFERENCE)
)
_LEADING = _table("roles_held").alias("leading")
_MANAGING = Prepared(
    select(_LEADING.c.person).where(_manages(_LEADING, bindparam("team"), bindparam("practitioner"), bindparam("day")))
)
