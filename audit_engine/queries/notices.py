"""Who was reminded of what is late, and who was told: for as long as it stays late at that stage.

Nothing is sent anywhere. Whoever looks at their queue, or at what is late, sees it there, and nobody sees a notice of
something that they may not see.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_in_words
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import ESCALATION, MATTER, MODERATION, PEOPLE, ROLES
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import chosen_from, who_is
from audit_engine.queries.at_hand import Row, workflow_of
from audit_engine.queries.escalations_told import TOLD_BY, told_of
from audit_engine.queries.late import SOURCES, came_by
from audit_engine.queries.matter_at_hand import matter_at_hand
from audit_engine.queries.matters import sees, shown_with
from audit_engine.queries.visible import visible
from audit_engine.queue_views import QueueLine
from audit_engine.records.matter_tables import Notice
from audit_engine.records.tables import Case, Person

TOLD = "told"
"""The group of lines that somebody is told of, though they wait for somebody else."""
_NOTICES: Any = SQLModel.metadata.tables["notices"]
_AUDITS: Any = SQLModel.metadata.tables["audits"]
_ESCALATIONS: Any = SQLModel.metadata.tables["escalations"]


def reminded_of(session: Session, actor: Actor, keys: Sequence[UUID], day: date) -> dict[UUID, date]:
    """Since when somebody was reminded of things that wait for them, by thing; the newest day.

    Args:
        keys: Of audits, moderations, escalations or matters that wait for the actor.
    """
    found: dict[UUID, date] = {}
    for one in _open(session, day, col(Notice.thing).in_(keys), col(Notice.kind) == "remind") if keys else ():
        if _is_theirs(session, actor, one):
            found[one["thing"]] = max(one["said_on"], found.get(one["thing"], one["said_on"]))
    return found


def told_lines(session: Session, actor: Actor, day: date) -> list[QueueLine]:
    """What is late and waits for somebody else, of which the actor was told or reminded; what is due first comes first.

    Only of what they may see. Nothing in these lines tells a grade.
    """
    # Roles, and places that nobody has taken yet, are few among the notices that name no person.
    mine = or_(col(Notice.person) == actor.person, col(Notice.person).is_(None))
    found = [one for one in _open(session, day, mine) if _is_told(session, actor, one)]
    audits = _audits(session, actor, {one["audit"] for one in found if one["audit"] is not None})
    escalations = _escalations(session, actor, [one["thing"] for one in found if one["about"] == ESCALATION], day)
    lines: dict[UUID, QueueLine] = {}
    for one in found:
        audit = audits.get(one["audit"])
        if one["about"] == MATTER:
            matter = matter_at_hand(session, one["thing"])
            known = {"reference": matter.matter["reference"], "case": "", "practitioner": None, "called": None}
            known |= {"programme": matter.workflow.workflow.title, "stream": ""} | dict(audit or {})
            if sees(session, actor, matter):
                line = _line(session, one, known | {"reference": matter.matter["reference"]}, None)
                lines[one["thing"]] = replace(line, matter=True, audit=shown_with(session, actor, matter))
        elif audit is not None and _may_hear(actor, one, audit):
            number = escalations.get(one["thing"])
            if one["about"] != ESCALATION or number is not None:
                lines[one["thing"]] = _line(session, one, audit, number)
    return sorted(lines.values(), key=lambda line: (line.due or date.min, line.reference, line.number or 0))


def _is_told(session: Session, actor: Actor, one: Row) -> bool:
    """Whether a notice is for the actor, and not of something that waits for whom it reminds."""
    workflow = workflow_of(session, one["workflow_digest"])
    if one["kind"] == "remind" and one["whom"] == workflow.stage(one["stage"]).waits_for:
        return False
    if one["person"] is not None or one["whom"] not in workflow.workflow.people_known:
        return one["person"] == actor.person or one["whom"] in actor.roles
    return chosen_from(workflow, one["whom"]) in actor.roles


def _may_hear(actor: Actor, one: Row, audit: Row) -> bool:
    """Whether the actor may see the audit of a notice in the place or role in which it is for them."""
    if one["person"] == actor.person:
        return True
    apart = (audit["practitioner"],) if one["whom"] in ROLES else (audit[name] for name in PEOPLE[:3])
    return bool(audit["sees"]) and actor.person not in apart


def _audits(session: Session, actor: Actor, keys: Collection[UUID]) -> dict[UUID, Row]:
    """What a line says of an audit, by its key: of those that the actor may see, or may come to moderate."""
    if not keys:
        return {}
    columns = [_AUDITS.c[name] for name in ("key", "reference", *PEOPLE[:3], "programme", "stream")]
    columns += [col(Case.reference).label("case"), col(Person.reference).label("called")]
    asked = (
        select(*columns, visible(actor, "see_audit").label("sees"))
        .join(Case, col(Case.key) == _AUDITS.c.case_key)
        .outerjoin(Person, col(Person.key) == _AUDITS.c.practitioner)
        .where(_AUDITS.c.key.in_(keys), or_(visible(actor, "see_audit"), visible(actor, "moderate")))
    )
    return {row["key"]: dict(row) for row in session.connection().execute(asked).mappings()}


def _escalations(session: Session, actor: Actor, keys: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Which of its audit's each escalation is, from 1: of those that the actor may know of."""
    if not keys:
        return {}
    of = select(_ESCALATIONS.c.audit).where(_ESCALATIONS.c.key.in_(keys))
    columns = [_ESCALATIONS.c.key, *(_ESCALATIONS.c[name] for name in TOLD_BY), _AUDITS.c.practitioner]
    asked = select(*columns).join(_AUDITS, _AUDITS.c.key == _ESCALATIONS.c.audit).where(_ESCALATIONS.c.audit.in_(of))
    rows = session.connection().execute(asked.order_by(_ESCALATIONS.c.raised_at, _ESCALATIONS.c.key)).mappings()
    numbers, before, meant = dict[UUID, int](), Counter[UUID](), list[Row]()
    for row in rows:
        before[row["audit"]] += 1
        numbers[row["key"]] = before[row["audit"]]
        # The practitioner is told of none but those they raised.
        if row["key"] in keys and (row["practitioner"] != actor.person or row["raised_by"] == actor.person):
            meant.append(dict(row))
    return {one["key"]: numbers[one["key"]] for one in told_of(session, actor, meant, day)}


def notice_words(
    session: Session, key: UUID, workflow: ReadWorkflow, people: Mapping[str, UUID | None], names: Mapping[UUID, str]
) -> tuple[str, ...]:
    """Who was reminded and told since something came to the stage it is at, in sentences."""
    asked = select(_NOTICES).where(_NOTICES.c.thing == key).order_by(_NOTICES.c.said_on, _NOTICES.c.step)
    rows = [dict(row) for row in session.connection().execute(asked).mappings()]
    if not rows:
        return ()
    came = came_by(session, [key])[key]
    return tuple(_sentence(row, workflow, people, names) for row in rows if row["since_turn"] == came)


def _sentence(
    row: Row, workflow: ReadWorkflow, people: Mapping[str, UUID | None], names: Mapping[UUID, str]
) -> str:  # fmt: skip
    whom = row["whom"]
    if whom in workflow.workflow.people_known:
        # Who stood there on that day: somebody else may by now.
        who = who_is(workflow, whom, {**people, whom: row["person"]}, names)
    else:
        who = f"everybody who is {_with_article(whom.replace('_', ' '))}"
    did = "reminded" if row["kind"] == "remind" else "told"
    return f"{who[:1].upper()}{who[1:]} was {did} on {day_in_words(row['said_on'])} that it is late."


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _open(session: Session, day: date, *where: ColumnElement[bool]) -> list[Row]:
    """Notices of what is late now, at the stage of which they speak, since it came there; oldest first.

    Each with the workflow of its thing, and with the day that is due now.
    """
    asked = select(_NOTICES.c.about, _NOTICES.c.thing).where(*where)
    things = set(session.connection().execute(asked).all())
    rows: list[Row] = []
    for about in dict.fromkeys(about for about, _ in things):
        table, is_open = SOURCES[about]
        columns = (*_NOTICES.c, table.c.workflow_digest, table.c.due.label("due_now"))
        still = and_(table.c.key == _NOTICES.c.thing, table.c.stage == _NOTICES.c.stage, table.c.due < day)
        found = select(*columns).join(table, still).where(_NOTICES.c.about == about, *is_open, *where)
        rows += [dict(row) for row in session.connection().execute(found).mappings()]
    came = came_by(session, list({row["thing"] for row in rows}))
    rows = [row for row in rows if row["since_turn"] == came[row["thing"]]]
    return sorted(rows, key=lambda row: (row["said_on"], row["step"]))


def _waits_for(session: Session, one: Row) -> str | None:
    return workflow_of(session, one["workflow_digest"]).stage(one["stage"]).waits_for


def _is_theirs(session: Session, actor: Actor, one: Row) -> bool:
    """Whether a reminder of something that waits for the actor is for the actor."""
    if one["person"] is not None:
        return bool(one["person"] == actor.person)
    return one["whom"] == _waits_for(session, one) or one["whom"] in actor.roles


def _line(session: Session, one: Row, audit: Row, number: int | None) -> QueueLine:
    """One line. `audit`: as `_audits` gives it."""
    stage = workflow_of(session, one["workflow_digest"]).stage(one["stage"])
    called = {ESCALATION: f"Escalation {number}: ", MODERATION: "Moderation: "}.get(one["about"], "")
    waits_for = (stage.waits_for or "").replace("_", " ")
    return QueueLine(
        reference=audit["reference"], case=audit["case"], practitioner=audit["called"], number=number,
        stage_title=f"{called}{stage.title}", due=one["due_now"], done=None, total=None,
        what=f"audit why {audit['reference']}", group=TOLD, work="steps",
        state=f"late: with the {waits_for}" if waits_for else "late",
        programme=(audit["programme"] or audit["stream"]).replace("_", " ").capitalize(), returned=False,
        escalated=one["about"] == ESCALATION, told=one["said_on"],
    )  # fmt: skip
