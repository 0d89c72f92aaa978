"""Why somebody may not stand where a step takes them: what the action will ask, for whoever asks before they try."""

from datetime import date

from sqlmodel import Session

from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason
from audit_engine.queries.at_hand import AtHand
from audit_engine.queries.standing import barred

MODERATOR, AUDITOR = "moderator", "auditor"
_ROLES = {MODERATOR: "head_of_practice", AUDITOR: "auditor"}


def role_gone(actor: Actor, role: str) -> Reason:
    """That somebody does not hold the role which their place takes."""
    words = role.replace("_", " ")
    text = f"{actor.reference} does not hold the role {words} any more. Ask the quality lead who goes on."
    return Reason("role", text)


def kept_out(session: Session, hand: AtHand, actor: Actor, place: str, day: date) -> list[Reason]:
    """Why the actor may not be the auditor or the moderator of this audit; empty when they may. Reads no grade.

    Args:
        place: `auditor` or `moderator`.
        day: By which it is judged.
    """
    role, against = _ROLES[place], barred(session, hand, day)
    reasons = []
    if role not in actor.roles:
        reasons.append(role_gone(actor, role))
    mine = actor.person
    also = {mine: against.everywhere[mine]} if mine in against.everywhere else {}
    moderating = {mine: against.moderating[mine]} if place == MODERATOR and mine in against.moderating else {}
    names = {**hand.names, mine: actor.reference}
    return reasons + conflicts({**hand.people, place: mine}, also, names, moderating)
