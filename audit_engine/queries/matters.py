"""Who may see which matters, and the matters that hang on an audit.

A matter can tell of an audit's grades: that there is an action says that something was found wanting. So whoever may
not see the grades of its audit does not see it either, but for those who stand in it: they are asked to do something.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import PEOPLE, ROLES
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.audits import audit_key
from audit_engine.queries.blindness import withheld
from audit_engine.queries.matter_at_hand import MatterAtHand, find_matter, matter_at_hand
from audit_engine.queries.visible import visible
from audit_engine.records.live_tables import CommandDone
from audit_engine.records.tables import Audit, Moderation

_MATTERS: Any = SQLModel.metadata.tables["matters"]


def seen_matter(session: Session, actor: Actor, reference: str, what: str) -> MatterAtHand:
    """The matter of a reference, for somebody who may see it.

    Args:
        what: The deed in words, for the refusal: `show this matter`.

    Raises:
        Refused: there is none of this reference, or it is not theirs to see. The answer is the same for both.
    """
    found = found_matter(session, actor, reference)
    if found is None:
        text = f"There is no matter of this reference that {actor.reference} may see. Check the reference."
        raise Refused(f"cannot {what}", [Reason("see_matter", text)])
    return found


def found_matter(session: Session, actor: Actor, reference: str) -> MatterAtHand | None:
    """The matter of a reference; None when there is none, or it is not theirs to see."""
    found = find_matter(session, reference)
    return found if found is not None and sees(session, actor, found) else None


def sees(session: Session, actor: Actor, hand: MatterAtHand) -> bool:
    """Whether the actor may see a matter: who stands in it, a quality lead, whoever may see its audit and its grades.

    One without an audit is seen by those whose roles its workflow names; an administrator is never one of them.
    """
    if stands_in(hand, actor.person):
        return True
    named = bool(({"quality_lead"} | roles_named(hand.workflow)) & set(actor.roles))
    if hand.audit is None:
        return named
    # Whoever is several things gets the least: a quality lead who may have to moderate it, or whose work it is.
    return (named or _sees_audit(session, actor, hand.audit["key"])) and _may_know(session, actor, hand.audit["key"])


def shown_with(session: Session, actor: Actor, hand: MatterAtHand, seen: Collection[UUID] = ()) -> str | None:
    """The audit with which somebody finds a matter; None where it has none, one not theirs to see, or a past one.

    Args:
        seen: Audits of which it is known that the actor may see them.
    """
    if hand.audit is None or hand.audit["imported"]:
        return None
    if hand.audit["key"] not in seen:
        try:
            audit_key(session, actor, hand.audit["reference"])
        except Refused:
            return None
    return str(hand.audit["reference"])


def stands_in(hand: MatterAtHand, person: UUID) -> bool:
    """Whether somebody has a place in a matter, opened it, or is the one of its audit for whom it waits.

    A moderator does not stand in it by that: they may have to grade its audit blind.
    """
    waits_for = hand.workflow.stage(hand.matter["stage"]).waits_for
    of_audit = hand.people.get(waits_for) if waits_for in PEOPLE and waits_for != "moderator" else None
    known = waits_for in hand.workflow.workflow.people_known
    return person in (hand.matter["opened_by"], *hand.places.values()) or (known and of_audit == person)


def roles_named(workflow: ReadWorkflow) -> set[str]:
    """The roles a workflow gives something to, or has a place filled from: those who may come to act on it."""
    written = workflow.workflow
    named = {name for event in written.events for name in event.by}
    named |= {stage.waits_for for stage in written.stages if stage.waits_for is not None}
    roles = {name for name in named if name in ROLES and name not in written.people_known}
    roles |= {place.role for place in written.places.values() if place.role is not None}
    return roles - {"administrator"}


def _sees_audit(session: Session, actor: Actor, key: UUID) -> bool:
    moderates = exists().where(col(Moderation.audit) == key, col(Moderation.moderator) == actor.person)
    asked = select(col(Audit.key)).where(col(Audit.key) == key, or_(visible(actor, "see_audit"), moderates))
    return session.connection().execute(asked).first() is not None


def _may_know(session: Session, actor: Actor, key: UUID) -> bool:
    return withheld(session, actor, key).grades is None


def matters_of(session: Session, actor: Actor, audit: UUID) -> Iterator[MatterAtHand]:
    """The open matters about an audit, or that hang on it or on one of these, which the actor may see; oldest first."""
    asked = select(_MATTERS.c.key).where(_MATTERS.c.audit == audit, _MATTERS.c.open)
    for key in session.connection().execute(asked.order_by(_MATTERS.c.opened_at, _MATTERS.c.reference)).scalars().all():
        hand = matter_at_hand(session, key)
        if sees(session, actor, hand):
            yield hand


def reference_of(session: Session, command: UUID) -> str:
    """The reference of what a command opened."""
    for table in (_MATTERS, SQLModel.metadata.tables["audits"]):
        asked = select(table.c.reference).join(CommandDone, col(CommandDone.chain) == table.c.key)
        found = session.connection().execute(asked.where(col(CommandDone.id) == command)).scalar()
        if found is not None:
            return str(found)
    raise LookupError(command)


def hanging_on(session: Session, actor: Actor, key: UUID) -> Iterator[MatterAtHand]:
    """The matters opened from an audit or a matter that the actor may see, oldest first."""
    asked = select(_MATTERS.c.key).where(_MATTERS.c.hangs_on == key)
    for one in session.connection().execute(asked.order_by(_MATTERS.c.opened_at, _MATTERS.c.reference)).scalars().all():
        hand = matter_at_hand(session, one)
        if sees(session, actor, hand):
            yield hand
