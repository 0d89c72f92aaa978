"""What waits for one person: the audits they grade, could moderate, answer or end."""

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from audit_engine.engine.permission import Actor, reaches
from audit_engine.engine.relations import stands_as
from audit_engine.queries.at_hand import AtHand, at_hand, workflow_of
from audit_engine.queries.visible import visible
from audit_engine.records.tables import Audit, Moderation
from audit_engine.work_views import QueueLine

_GRADES = "audit grade {} --plain"
_COMMANDS = {
    "auditor": _GRADES, "moderator": f"{_GRADES} --moderate", "practitioner": f"{_GRADES} --answer",
}  # fmt: skip
MOST = 200


def queue(session: Session, actor: Actor) -> tuple[QueueLine, ...]:
    """The live audits that wait for the actor, what is due first at the top; at most the first 200."""
    moderates = select(col(Moderation.audit)).where(col(Moderation.moderator) == actor.person)
    theirs = visible(actor, "see_audit")
    if reaches(actor, "moderate"):
        theirs = or_(theirs, col(Audit.key).in_(moderates))
    statement = (
        select(col(Audit.key), col(Audit.workflow_digest), col(Audit.stage))
        .where(col(Audit.imported).is_(False), theirs)
        .order_by(func.coalesce(col(Audit.due), col(Audit.drawn_on)), col(Audit.reference))
    )
    lines: list[QueueLine] = []
    for row in session.connection().execute(statement).all():
        name = workflow_of(session, row.workflow_digest).stage(row.stage).waits_for
        if name is None:
            continue
        hand = at_hand(session, row.key, ratings=False)
        if stands_as(hand.workflow, name, actor, hand.people):
            lines.append(_line(session, hand, actor, name))
        if len(lines) == MOST:
            break
    return tuple(lines)


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
