"""The queue the slow and obvious way: each audit read whole. What the quick one is held against."""

from datetime import date
from typing import Any

from sqlmodel import Session, select

from audit_engine.calendars import day_of, now
from audit_engine.engine.independence import conflicts
from audit_engine.engine.machine import possible
from audit_engine.engine.permission import Actor, Subject, allowed
from audit_engine.engine.relations import may_do, stands_as
from audit_engine.queries.at_hand import AtHand, at_hand, workflow_of
from audit_engine.queries.blindness import MODERATED, was_shared, withheld
from audit_engine.queries.deciding import escalation_facts
from audit_engine.queries.standing import barred
from audit_engine.records.tables import Audit


def expected(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Group and reference of every line, escalations first, the slow and obvious way."""
    hands = [at_hand(session, key, ratings=False) for key in session.exec(select(Audit.key)).all()]
    raised = [(one["due"], hand) for hand in hands for one in hand.escalations if goes_on(session, actor, hand, one)]
    raised.sort(key=lambda pair: (pair[0] or date.max, pair[1].audit["reference"]))
    groups: dict[str, list[AtHand]] = {"me": [], "others": [], "done": []}
    for hand in hands:
        if group := group_of(session, actor, hand):
            groups[group].append(hand)
    for group in ("me", "others"):
        groups[group].sort(key=lambda hand: (hand.audit["due"] or date.max, hand.audit["reference"]))
    groups["done"].sort(key=lambda hand: hand.audit["reference"])
    groups["done"].sort(key=lambda hand: hand.audit["counts_on"] or hand.audit["audited_on"] or date.min, reverse=True)
    waiting = [("escalation", hand.audit["reference"]) for _, hand in raised]
    return waiting + [(group, hand.audit["reference"]) for group in groups for hand in groups[group]]


def group_of(session: Session, actor: Actor, hand: AtHand) -> str | None:
    audit, stage = hand.audit, hand.workflow.stage(hand.audit["stage"])
    subject = Subject(audit["area"], audit["team"], audit["auditor"], audit["practitioner"])
    sees, moderates = allowed(actor, "see_audit", subject), allowed(actor, "moderate", subject)
    mine = hand.moderator == actor.person
    if stage.waits_for == "moderator" and hand.moderator is None:
        against = barred(session, hand, day_of(now()))
        as_moderator = {**hand.people, "moderator": actor.person}
        kept_out = conflicts(as_moderator, against.everywhere, moderating=against.moderating)
        if moderates and stands_as(hand.workflow, "moderator", actor, hand.people) and not kept_out:
            return "me"
    elif stage.waits_for and stands_as(hand.workflow, stage.waits_for, actor, hand.people):
        return "me" if sees or (moderates and mine) else None
    newest = hand.moderation
    if stage.final:
        mine = newest is not None and newest["moderator"] == actor.person and newest["stage"] != "returned"
    shared = audit["practitioner"] == actor.person and was_shared(session, hand.key)
    if (sees and (audit["auditor"] == actor.person or shared)) or ((sees or moderates) and mine):
        return "done" if stage.final else "others"
    return None


def goes_on(session: Session, actor: Actor, hand: AtHand, one: Any) -> bool:
    audit = hand.audit
    subject = Subject(audit["area"], audit["team"], audit["auditor"], audit["practitioner"])
    if not one["open"] or not allowed(actor, "see_audit", subject) or not is_told(session, actor, hand, one):
        return False
    workflow, facts = (
        workflow_of(session, one["workflow_digest"]),
        escalation_facts(hand, one, actor.person, today=day_of(now())),
    )
    ways = possible(workflow, one["stage"], facts)
    return any(not way.reasons and not may_do(workflow, way.event, actor, hand.people) for way in ways)


def is_told(session: Session, actor: Actor, hand: AtHand, one: Any) -> bool:
    """Where there is a quality lead and a manager, whoever raised it: one of them can bring it on."""
    if "head_of_practice" not in actor.roles or "quality_lead" in actor.roles:
        return True
    late = one["acknowledged_by"] is None and one["due"] < day_of(now())
    if late or actor.person in (one["raised_by"], one["acknowledged_by"], one["acted_by"]):
        return True
    against = barred(session, hand, day_of(now()))
    as_moderator = {**hand.people, "moderator": actor.person}
    kept_out = conflicts(as_moderator, against.everywhere, moderating=against.moderating)
    moderates = hand.moderator == actor.person and withheld(session, actor, hand.key).grades == MODERATED
    return not moderates and (bool(kept_out) or withheld(session, actor, hand.key).grades != MODERATED)
