"""The open escalations that somebody is told of and can bring on: the first lines of their queue.

No grade and no concern is read.
"""

from collections import Counter, defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_of, now
from audit_engine.engine.machine import possible
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do
from audit_engine.queries.at_hand import AtHand, Row, rubric_of, workflow_of
from audit_engine.queries.deciding import escalation_facts
from audit_engine.queries.escalations_told import TOLD_BY, told_of
from audit_engine.queries.notices import reminded_of
from audit_engine.queries.queue_parts import ME, STEPS, is_open
from audit_engine.queries.queue_taking import NEWEST
from audit_engine.queries.visible import visible
from audit_engine.queue_views import QueueLine
from audit_engine.records.live_tables import Escalation
from audit_engine.records.tables import Audit, Case, Moderation, Person

_OF_AUDIT = ("reference", "practitioner", "manager", "auditor", "graded", "programme", "stream", "rubric_digest")
_ESCALATIONS: Any = SQLModel.metadata.tables["escalations"]
_AUDITS: Any = SQLModel.metadata.tables["audits"]


def escalation_lines(session: Session, actor: Actor) -> list[QueueLine]:
    """The open escalations that the actor can bring on now, whatever the stage of their audits, closed ones too.

    They are for whoever the event that comes next is for: by the workflow as shipped the manager of the practitioner,
    the heads of practice of the area, and the quality lead. A head who may still grade the audit blind is told of
    fewer, see `escalations_told`.
    """
    found = told_of(session, actor, _found(session, actor), day_of(now()))
    if not found:
        return []
    moderations, how_many, numbers = _moderations(session), Counter(one["audit"] for one in found), _numbers(session)
    reminded = reminded_of(session, actor, [one["key"] for one in found], day_of(now()))
    lines = [
        _line(session, one, numbers[one["key"]], reminded.get(one["key"]))
        for one in found
        if _can_go_on(session, actor, one, moderations.get(one["audit"]), how_many[one["audit"]])
    ]
    return sorted(lines, key=lambda line: (line.due is None, line.due or date.min, line.reference, line.number))


def programme_in_words(programme: str | None, stream: str) -> str:
    """What people call an audit's programme."""
    return (programme or stream).replace("_", " ").capitalize()


def _found(session: Session, actor: Actor) -> list[Row]:
    columns = [
        _ESCALATIONS.c.key,
        *(_ESCALATIONS.c[name] for name in (*TOLD_BY, "entered")),
        *(_AUDITS.c[name] for name in _OF_AUDIT),
    ]
    columns += [_AUDITS.c.workflow_digest.label("governed_by"), col(Case.reference).label("case")]
    columns.append(col(Person.reference).label("called"))
    asked = (
        select(*columns)
        .join(Escalation, col(Escalation.audit) == _AUDITS.c.key)
        .join(Case, col(Case.key) == _AUDITS.c.case_key)
        .outerjoin(Person, col(Person.key) == _AUDITS.c.practitioner)
        .where(col(Escalation.open), col(Audit.imported).is_(False), visible(actor, "see_audit"))
        .order_by(_ESCALATIONS.c.raised_at, _ESCALATIONS.c.key)
    )
    return [dict(row) for row in session.connection().execute(asked).mappings()]


def _numbers(session: Session) -> dict[UUID, int]:
    """By escalation, of audits with an open one: which of its audit's it is, in the order of `at_hand`."""
    open_ones = select(col(Escalation.audit)).where(col(Escalation.open))
    asked = select(col(Escalation.audit), col(Escalation.key)).where(col(Escalation.audit).in_(open_ones))
    rows = session.connection().execute(asked.order_by(col(Escalation.raised_at), col(Escalation.key))).all()
    before: dict[UUID, int] = defaultdict(int)
    numbers = {}
    for audit, key in rows:
        before[audit] += 1
        numbers[key] = before[audit]
    return numbers


def _moderations(session: Session) -> dict[Any, Row]:
    """By audit, of those that an open escalation is about: the newest moderation."""
    columns = (Moderation.audit, Moderation.moderator, Moderation.stage, Moderation.workflow_digest)
    asked = select(*(col(column) for column in columns)).where(
        NEWEST, col(Moderation.audit).in_(select(col(Escalation.audit)).where(col(Escalation.open)))
    )
    return {row["audit"]: dict(row) for row in session.connection().execute(asked).mappings()}


def _can_go_on(session: Session, actor: Actor, one: Row, moderation: Row | None, how_many: int) -> bool:
    moderator = None
    if moderation is not None and moderation["workflow_digest"] is not None:
        stage = workflow_of(session, moderation["workflow_digest"]).stage(moderation["stage"])
        moderator = moderation["moderator"] if is_open(stage) else None
    hand = AtHand(
        audit=one, case_reference="", workflow=workflow_of(session, one["governed_by"]),
        rubric=rubric_of(session, one["rubric_digest"]), escalations=[{"open": True}] * how_many, moderator=moderator,
    )  # fmt: skip
    workflow = workflow_of(session, one["workflow_digest"])
    facts = escalation_facts(hand, one, actor.person, today=day_of(now()))
    return any(
        not event.reasons and not may_do(workflow, event.event, actor, hand.people, stage=one["stage"])
        for event in possible(workflow, one["stage"], facts)
    )


def _line(session: Session, one: Row, number: int, reminded: date | None) -> QueueLine:
    title = workflow_of(session, one["workflow_digest"]).stage(one["stage"]).title
    return QueueLine(
        reference=one["reference"], case=one["case"], practitioner=one["called"], number=number,
        stage_title=f"Escalation {number}: {title}", due=one["due"], done=None, total=None,
        what=f"audit why {one['reference']}", group=ME, work=STEPS,
        state=f"escalation {number}: {title[:1].lower()}{title[1:]}",
        programme=programme_in_words(one["programme"], one["stream"]), returned=False, escalated=True,
        reminded=reminded,
    )  # fmt: skip
