"""What whoever runs the clock hears of what it did: no more than they would find out by looking."""

from datetime import date

from sqlmodel import Session

from audit_engine.definitions.workflow_names import ESCALATION, MATTER
from audit_engine.engine.permission import Actor
from audit_engine.problems import Refused
from audit_engine.queries.audits import audit_key
from audit_engine.queries.blindness import withheld
from audit_engine.queries.escalations_told import grading_blind, told_of
from audit_engine.queries.late import Thing
from audit_engine.queries.matter_at_hand import matter_at_hand
from audit_engine.queries.matters import sees

SAID_TO_NOBODY = "Why not is withheld from you: it may tell what you are not to know yet. A quality lead can see it."


def hears(session: Session, actor: Actor, thing: Thing, day: date) -> bool:
    """Whether the actor may know that something is late, and what came of it."""
    if thing.about == MATTER:
        return sees(session, actor, matter_at_hand(session, thing.key))
    try:
        audit_key(session, actor, thing.reference)
    except Refused:
        return False
    if thing.about != ESCALATION:
        return True
    if thing.people.get("practitioner") == actor.person:
        return bool(thing.row["raised_by"] == actor.person)
    return bool(told_of(session, actor, [thing.row], day))


def hears_why(session: Session, actor: Actor, thing: Thing, day: date) -> bool:
    """Whether the actor may hear why something could not happen: it may be for a grade, or an open escalation."""
    if thing.audit is None:
        return True
    if thing.people.get("practitioner") == actor.person or grading_blind(session, actor, {thing.audit}, day):
        return False
    hidden = withheld(session, actor, thing.audit)
    return hidden.grades is None and hidden.moderation is None
