"""Which open escalations a head of practice is told of, who may have to grade that audit without knowing its grades.

Something a child's safety depends on that was graded inadequate must be escalated, so that there is an escalation hints
at the grade. The child comes first: whoever may still grade an audit blind is not told of an escalation only while
somebody else can bring it on and it is in hand, or not yet due. `docs/adr/0011` has the reasons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import Row, is_past_the_lock, workflow_of
from audit_engine.queries.blindness import MODERATED, withheld
from audit_engine.queries.people import held_on
from audit_engine.queries.queue_taking import NEWEST, independent
from audit_engine.records.tables import Audit, Moderation, RoleHeld

TOLD_BY = ("audit", "stage", "workflow_digest", "due", "raised_by", "acknowledged_by", "acted_by")
"""The columns of an escalation that say whether it is told. None says what is feared."""
_AUDITS: Any = SQLModel.metadata.tables["audits"]


def told_of(session: Session, actor: Actor, escalations: Sequence[Row], day: date) -> list[Row]:
    """Those open escalations that the actor may know of, in the same order. Reads no grade and no concern.

    Args:
        escalations: With the columns of `TOLD_BY`, of audits that are the actor's to see or to moderate.
        day: By which it is judged what is due, and who holds which role.
    """
    waiting = [one for one in escalations if _can_wait(actor, one, day)]
    blind = grading_blind(session, actor, {one["audit"] for one in waiting}, day) if waiting else set()
    waiting = [one for one in waiting if one["audit"] in blind]
    others = _Others.on(session, {one["audit"] for one in waiting}, day) if waiting else None
    untold = [one for one in waiting if others is not None and others.can_go_on(session, one)]
    return [one for one in escalations if not any(one is other for other in untold)]


def grading_blind(session: Session, actor: Actor, audits: Iterable[UUID], day: date) -> set[UUID]:
    """Those of the audits that the actor, a head of practice, grades blind or may still come to.

    A quality lead is not among them, whatever else they are: they answer for every escalation.
    """
    keys = list(audits)
    if not keys or "head_of_practice" not in actor.roles or "quality_lead" in actor.roles:
        return set()
    asked = select(col(Moderation.audit), col(Moderation.stage), col(Moderation.workflow_digest)).where(
        NEWEST, col(Moderation.audit).in_(keys), col(Moderation.moderator) == actor.person
    )
    own = [dict(row) for row in session.connection().execute(asked).mappings()]
    mine = {row["audit"]: is_past_the_lock(session, row) for row in own if row["stage"] != "returned"}
    free = select(col(Audit.key)).where(col(Audit.key).in_(keys), independent(actor.person, day))
    may = set(session.connection().execute(free).scalars())
    return {
        key
        for key in keys
        if (not mine[key] if key in mine else key in may) and withheld(session, actor, key).grades == MODERATED
    }


def _can_wait(actor: Actor, one: Row, day: date) -> bool:
    """Whether it is in hand or not yet due, and nothing to do with the actor so far."""
    if actor.person in (one["raised_by"], one["acknowledged_by"], one["acted_by"]):
        return False
    return one["acknowledged_by"] is not None or (one["due"] is not None and one["due"] >= day)


@dataclass(frozen=True, slots=True)
class _Others:
    """Who can bring an escalation on beside the heads of practice."""

    leads: frozenset[UUID]
    managing: frozenset[tuple[UUID, str | None]]
    """Managers with the teams they manage."""
    audits: dict[UUID, Row]

    @classmethod
    def on(cls, session: Session, keys: set[UUID], day: date) -> "_Others":
        held = select(col(RoleHeld.person), col(RoleHeld.role), col(RoleHeld.manages_team)).where(
            col(RoleHeld.role).in_(("quality_lead", "manager")), held_on(day)
        )
        roles = session.connection().execute(held).all()
        columns = (_AUDITS.c.key, _AUDITS.c.practitioner, _AUDITS.c.manager, _AUDITS.c.team)
        rows = session.connection().execute(select(*columns).where(_AUDITS.c.key.in_(keys))).mappings()
        return cls(
            frozenset(person for person, role, _ in roles if role == "quality_lead"),
            frozenset((person, team) for person, role, team in roles if role == "manager"),
            {row["key"]: dict(row) for row in rows},
        )

    def can_go_on(self, session: Session, one: Row) -> bool:
        """Whether somebody holds today a role that the workflow gives the next event to: whoever raised it aside,
        who may not close it."""
        audit, workflow = self.audits[one["audit"]], workflow_of(session, one["workflow_digest"])
        by = {name for event in workflow.events_from(one["stage"]) for name in event.written.by}
        manager = (audit["manager"], audit["team"])
        if "manager" in by and manager in self.managing and manager[0] != one["raised_by"]:
            return True
        return "quality_lead" in by and bool(self.leads - {one["raised_by"], audit["practitioner"]})
