"""What is feared for a child, and from whom it is withheld: in what can be done, and in the story."""

from datetime import date

from sqlmodel import Session

from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import AtHand, Row
from audit_engine.queries.blindness import MODERATED, Withheld
from audit_engine.queries.standing import barred


def may_still_moderate(session: Session, hand: AtHand, actor: Actor, hidden: Withheld, day: date) -> bool:
    """Whether the actor may come to grade this audit blind, and so must not know what its grades could be."""
    if hidden.grades != MODERATED:
        return False
    against = barred(session, hand, day)
    people = {**hand.people, "moderator": actor.person}
    return not any(
        reason.rule.startswith("moderator")
        for reason in conflicts(people, against.everywhere, moderating=against.moderating)
    )


def not_told(hand: AtHand, one: Row, actor: Actor, *, may_moderate: bool) -> str | None:
    """Why what is feared is not for whoever grades the audit blind, or may come to: it can tell them the grades.

    None where they are told.
    """
    if one["raised_by"] == actor.person:
        return None
    if hand.moderator == actor.person and not hand.past_the_lock:
        return "What is feared is withheld while you grade blind. Leave it to somebody else, or lock first."
    if may_moderate:
        return "What is feared is withheld: you may still moderate this audit, blind. Leave it to somebody else."
    return None
