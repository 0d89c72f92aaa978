"""Who moderates an audit, and who may come to, as conditions on `audits`: for lists of thousands.

What `standing.barred` and `engine.independence.conflicts` say of one audit read whole, said of every row at once. A
test holds the two against each other.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlmodel import SQLModel, col

from audit_engine.queries.asking import manages_on
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.tables import Audit, Case, Moderation

Pair = tuple[str, str]
"""The digest of a workflow, and a stage of it."""

_BLIND = "blind"
_LATER: Any = SQLModel.metadata.tables["moderations"].alias("later")
NEWEST = ~exists().where(_LATER.c.audit == col(Moderation.audit), _LATER.c.number > col(Moderation.number))
"""Of `moderations`: the one that says who moderates the audit."""


def at_stages(pairs: Iterable[Pair], table: type[Audit] | type[Moderation] = Audit) -> ColumnElement[bool]:
    """The rows that are at one of these stages."""
    stages: dict[str, list[str]] = {}
    for digest, stage in pairs:
        stages.setdefault(digest, []).append(stage)
    return or_(
        false(),
        *(and_(col(table.stage).in_(named), col(table.workflow_digest) == digest) for digest, named in stages.items()),
    )


def moderated(pairs: Iterable[Pair], by: UUID | None = None) -> ColumnElement[bool]:
    """The audits whose newest moderation is at one of these stages, of somebody's if told."""
    of = select(col(Moderation.audit)).where(at_stages(pairs, Moderation), NEWEST)
    return col(Audit.key).in_(of if by is None else of.where(col(Moderation.moderator) == by))


def independent(person: UUID, day: date) -> ColumnElement[bool]:
    """The audits that nobody moderates yet and from whose moderation nothing keeps this person on `day`."""
    people = (col(Audit.practitioner), col(Audit.manager), col(Audit.auditor))
    auditor = col(Audit.auditor)
    sound = [auditor.is_distinct_from(other) for other in (col(Audit.practitioner), col(Audit.manager))]
    return and_(
        *(one.is_distinct_from(person) for one in people),
        or_(auditor.is_(None), and_(*sound)),
        ~_worked_on_the_case(person),
        ~manages_on(person, day),
        ~_saw_the_grades(person),
    )


def _worked_on_the_case(person: UUID) -> ColumnElement[bool]:
    """Its practitioner today, or anybody whom its story names: it names people by their random keys, and no others."""
    story = exists().where(col(Payload.chain) == col(Audit.case_key), col(Payload.text).contains(person.hex))
    return or_(exists().where(col(Case.key) == col(Audit.case_key), col(Case.practitioner) == person), story)


def _saw_the_grades(person: UUID) -> ColumnElement[bool]:
    """Graded it once as its auditor, or compared it in a moderation that is over."""
    gave = exists().where(
        col(Entry.chain) == col(Audit.key), col(Entry.kind).in_(("rated", "undone")), col(Entry.actor) == person
    )
    compared = exists().where(
        col(Moderation.audit) == col(Audit.key), col(Moderation.moderator) == person, col(Moderation.stage) != _BLIND
    )
    return or_(gave, compared)
