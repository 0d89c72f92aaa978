"""What waits for one person: open escalations they can go on with, then audits they grade, moderate, answer or end."""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from audit_engine.engine.machine import possible
from audit_engine.engine.permission import Actor, reaches
from audit_engine.engine.relations import may_do, stands_as
from audit_engine.queries.at_hand import AtHand, Row, at_hand, workflow_of
from audit_engine.queries.deciding import escalation_facts
from audit_engine.queries.visible import visible
from audit_engine.records.live_tables import Escalation
from audit_engine.records.tables import Audit, Moderation
from audit_engine.work_views import QueueLine

_GRADES = "audit grade {} --plain"
_COMMANDS = {
    "auditor": _GRADES, "moderator": f"{_GRADES} --moderate", "practitioner": f"{_GRADES} --answer",
}  # fmt: skip
MOST = 200
_ASKED = (Audit.key, Audit.workflow_digest, Audit.stage, Audit.auditor, Audit.practitioner, Audit.manager)


def queue(session: Session, actor: Actor) -> tuple[QueueLine, ...]:
    """What waits for the actor, what is due first at the top; at most the first 200.

    Open escalations come before everything: a child may be at risk.
    """
    lines = _escalations(session, actor)[:MOST]
    moderates = select(col(Moderation.audit)).where(col(Moderation.moderator) == actor.person)
    theirs = visible(actor, "see_audit")
    if reaches(actor, "moderate"):
        theirs = or_(theirs, col(Audit.key).in_(moderates))
    statement = (
        select(*(col(column) for column in _ASKED))
        .where(col(Audit.imported).is_(False), theirs)
        .order_by(func.coalesce(col(Audit.due), col(Audit.drawn_on)), col(Audit.reference))
    )
    for row in session.connection().execute(statement).all():
        workflow = workflow_of(session, str(row.workflow_digest))
        name = workflow.stage(row.stage).waits_for
        if name is None or _is_anothers(name, row, actor):
            continue
        hand = at_hand(session, row.key, ratings=False)
        if stands_as(hand.workflow, name, actor, hand.people):
            lines.append(_line(session, hand, actor, name))
        if len(lines) >= MOST:
            break
    return tuple(lines[:MOST])


def _escalations(session: Session, actor: Actor) -> list[QueueLine]:
    """The open escalations that the actor can bring on now, whatever the stage of their audits, closed ones too.

    They are for whoever the event that comes next is for: by the workflow as shipped the manager of the practitioner,
    the heads of practice of the area, and the quality lead. Not for a moderator who still grades blind.
    """
    found = (
        select(col(Audit.key))
        .where(col(Audit.imported).is_(False), visible(actor, "see_audit"))
        .where(col(Audit.key).in_(select(col(Escalation.audit)).where(col(Escalation.open))))
    )
    lines = []
    for key in session.connection().execute(found).scalars().all():
        hand = at_hand(session, key, ratings=False)
        if hand.moderation is not None and hand.moderator == actor.person and hand.moderation["stage"] == "blind":
            continue
        for one in hand.escalations:
            if one["open"] and _can_go_on(session, hand, one, actor):
                title = workflow_of(session, one["workflow_digest"]).stage(one["stage"]).title
                reference = hand.audit["reference"]
                why = f"audit why {reference}"
                lines.append(QueueLine(reference, f"Escalation: {title}", one["due"], None, None, why))
    return sorted(lines, key=lambda line: (line.due is None, line.due or date.min, line.reference))


def _can_go_on(session: Session, hand: AtHand, one: Row, actor: Actor) -> bool:
    workflow = workflow_of(session, one["workflow_digest"])
    facts = escalation_facts(hand, one, actor.person)
    return any(
        not event.reasons and not may_do(workflow, event.event, actor, hand.people)
        for event in possible(workflow, one["stage"], facts)
    )


def _is_anothers(name: str, row: Any, actor: Actor) -> bool:
    """Whether it certainly waits for somebody else; most audits do, and need not be read whole."""
    if name in ("auditor", "practitioner", "manager"):
        return getattr(row, name) not in (None, actor.person)
    return name != "moderator" and name not in actor.roles


def _line(session: Session, hand: AtHand, actor: Actor, name: str) -> QueueLine:
    audit, stage, total, done = hand.audit, hand.workflow.stage(hand.audit["stage"]), len(hand.rubric.criteria), None
    if stage.grades and audit["auditor"] == actor.person:
        done = total - len(at_hand(session, hand.key).judged().missing)
    elif hand.moderation is not None and hand.moderator == actor.person:
        done = total - len(hand.judged_blind().missing)
    command = _COMMANDS.get(name, "audit why {}").format(audit["reference"])
    return QueueLine(
        audit["reference"], stage.title, audit["due"], done, total if done is not None else None,
        "audit why " + audit["reference"] if stage.finalises else command,
    )  # fmt: skip
