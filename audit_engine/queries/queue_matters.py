"""The open matters that wait for somebody, what is due first at the top."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from audit_engine.calendars import day_of, now
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import PEOPLE
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import chosen_from, stands_as
from audit_engine.queries.at_hand import Row, workflow_of
from audit_engine.queries.audits import seen_by_role
from audit_engine.queries.matter_at_hand import MatterAtHand, keys_by_place, matter_at_hand
from audit_engine.queries.matters import sees, shown_with
from audit_engine.queries.notices import reminded_of
from audit_engine.queries.queue_parts import ME, STEPS
from audit_engine.queue_views import QueueLine
from audit_engine.safe_text import shortened

_MATTERS: Any = SQLModel.metadata.tables["matters"]
_AUDITS: Any = SQLModel.metadata.tables["audits"]
IN_A_LINE = 60
"""Characters of a matter's words that stand in a line."""


def queue_matters(session: Session, actor: Actor) -> tuple[QueueLine, ...]:
    """The matters that wait for the actor and that they may see, what is due first at the top."""
    columns = (*(_MATTERS.c[name] for name in ("key", "workflow_digest", "stage", "places")),
               *(_AUDITS.c[name] for name in ("practitioner", "manager", "auditor")))  # fmt: skip
    joined = _MATTERS.outerjoin(_AUDITS, _AUDITS.c.key == _MATTERS.c.audit)
    asked = select(*columns).select_from(joined).where(_MATTERS.c.open)
    keys = [
        row["key"]
        for row in session.connection().execute(asked).mappings().all()
        if _may_wait_for(workflow_of(session, row["workflow_digest"]), dict(row), actor)
    ]
    reminded = reminded_of(session, actor, keys, day_of(now()))
    found = [matter_at_hand(session, key) for key in keys]
    seen = seen_by_role(session, actor, [one.audit["key"] for one in found if one.audit is not None])
    lines = [
        replace(_line(one), audit=shown_with(session, actor, one, seen), reminded=reminded.get(one.key))
        for one in found
        if _waits_for(one, actor) and sees(session, actor, one)
    ]
    return tuple(sorted(lines, key=lambda line: (line.due is None, line.due or date.min, line.reference)))


def _may_wait_for(workflow: ReadWorkflow, row: Row, actor: Actor) -> bool:
    """Whether a matter may wait for the actor, by what stands in its row alone: nothing else is read of the others."""
    name = workflow.stage(row["stage"]).waits_for
    if name is None:
        return False
    if name not in workflow.workflow.people_known:
        return name in actor.roles
    person: UUID | None = row[name] if name in ("practitioner", "manager", "auditor") else None
    person = keys_by_place(row["places"]).get(name, person)
    return (
        person == actor.person if person is not None else name in PEOPLE or chosen_from(workflow, name) in actor.roles
    )


def _waits_for(hand: MatterAtHand, actor: Actor) -> bool:
    name = hand.workflow.stage(hand.matter["stage"]).waits_for
    return name is not None and stands_as(hand.workflow, name, actor, hand.people)


def _line(hand: MatterAtHand) -> QueueLine:
    matter, title = hand.matter, hand.workflow.workflow.title
    stage, audit = hand.workflow.stage(matter["stage"]).title, hand.audit
    about = f" about {matter['subject']}" if matter["subject"] else ""
    words = " ".join(matter["words"].split()).rstrip(".")
    return QueueLine(
        reference=matter["reference"], case=audit["case"] if audit else "",
        practitioner=hand.names.get(audit["practitioner"]) if audit else None, number=None,
        stage_title=f"{title}{about}, {stage}: {shortened(words, IN_A_LINE)}",
        due=matter["due"], done=None, total=None, what=f"audit why {matter['reference']}", group=ME, work=STEPS,
        state=f"{stage[:1].lower()}{stage[1:]}", programme=title, returned=False, escalated=False,
        matter=True,
    )  # fmt: skip
