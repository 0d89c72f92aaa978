"""What happened about the escalations of one audit, as one reader may hear it: each has a chain of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import AtHand, Row, at_hand
from audit_engine.queries.blindness import Withheld
from audit_engine.queries.entries import entries
from audit_engine.queries.escalations_told import TOLD_BY, grading_blind, told_of
from audit_engine.queries.feared import may_still_moderate, not_told
from audit_engine.records.live_tables import Escalation
from audit_engine.records.tables import Audit
from audit_engine.views import EntryView, EscalationStory

NOT_THEIRS = "What was written about it is withheld: it is for those who keep the child safe."
_TOOK_PART = ("raised_by", "acknowledged_by", "acted_by", "closed_by")
_WORDLESS = frozenset({"stage", "open", "due", "acknowledged_by", "acted_by", "closed_by"})
"""The columns of an escalation that tell nothing of what is feared."""
_ESCALATIONS: Any = SQLModel.metadata.tables["escalations"]


def escalation_stories(
    session: Session, actor: Actor, key: UUID, hidden: Withheld, day: date
) -> tuple[EscalationStory, ...]:
    """The escalations of an audit of which the actor may know, as they were raised.

    The practitioner knows of those they raised. Whoever may still grade the audit blind knows of an open one as
    `escalations_told` says, and of a closed one when they took part in it.
    """
    columns = [_ESCALATIONS.c[name] for name in dict.fromkeys(("key", "open", *TOLD_BY, *_TOOK_PART))]
    asked = select(*columns).where(_ESCALATIONS.c.audit == key)
    ordered = asked.order_by(col(Escalation.raised_at), col(Escalation.key))
    every = [dict(row) for row in session.connection().execute(ordered).mappings()]
    practitioner = session.connection().execute(select(col(Audit.practitioner)).where(col(Audit.key) == key)).scalar()
    theirs = practitioner == actor.person
    told = _told(session, actor, every, day) if every else []
    told = [one for one in told if not theirs or one["raised_by"] == actor.person]
    if not told:
        return ()
    hand = at_hand(session, key, ratings=False)
    blind = may_still_moderate(session, hand, actor, hidden, day)
    by_key = {one["key"]: (number, one) for number, one in enumerate(hand.escalations, start=1)}
    found = []
    for number, one in (by_key[one["key"]] for one in told):
        found.append(_story(session, hand, actor, number, one, blind=blind, practitioner=theirs))
    return tuple(found)


def _told(session: Session, actor: Actor, every: Sequence[Row], day: date) -> list[Row]:
    open_ones = told_of(session, actor, [one for one in every if one["open"]], day)
    blind = bool(grading_blind(session, actor, {every[0]["audit"]}, day))
    took_part = [one["key"] for one in every if actor.person in [one[name] for name in _TOOK_PART]]
    known = {one["key"] for one in open_ones}
    return [one for one in every if one["key"] in known or (not one["open"] and (not blind or one["key"] in took_part))]


def _story(
    session: Session, hand: AtHand, actor: Actor, number: int, one: Row, *, blind: bool, practitioner: bool
) -> EscalationStory:
    because = not_told(hand, one, actor, may_moderate=blind)
    told = entries(session, one["key"])
    if because is not None:
        told = tuple(_without_words(entry, because) for entry in told)
    elif practitioner:
        told = (*told[:1], *(_without_words(entry, NOT_THEIRS) for entry in told[1:]))
    criterion = None if because is not None else one["criterion"]
    return EscalationStory(number, one["workflow_digest"], criterion, told)


def _without_words(entry: EntryView, because: str) -> EntryView:
    payload = entry.payload
    if payload is None or entry.kind == "migrated":
        return entry
    if "row" in payload:
        return replace(entry, payload={"withheld": because})
    changed = {name: pair for name, pair in payload.get("changed", {}).items() if name in _WORDLESS}
    wordless = len(changed) == len(payload.get("changed", {}))
    return replace(
        entry, payload={"event": payload["event"], "changed": changed} | ({} if wordless else {"withheld": because})
    )
