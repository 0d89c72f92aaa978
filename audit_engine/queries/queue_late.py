"""Everything that is late and that somebody may see, whomever it waits for: for a talk about it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.workflow_names import ESCALATION, MATTER, MODERATION
from audit_engine.engine.permission import Actor
from audit_engine.queries.late import Thing, past_due, thing_now
from audit_engine.queries.steps import waits_for
from audit_engine.queries.ticked import hears
from audit_engine.queue_views import LateLine
from audit_engine.records.tables import Audit, Case


def late_lines(session: Session, actor: Actor, today: date) -> tuple[LateLine, ...]:
    """What is past its due day, of what the actor may see; what is due first comes first. Nothing tells a grade.

    Nobody learns more by it than by looking at each of them: see `ticked.hears`.
    """
    things = [(one.due, thing_now(session, one)) for one in past_due(session, today)]
    known = [(due, one) for due, one in things if one is not None and hears(session, actor, one, today)]
    cases = _cases(session, {one.audit for _, one in known if one.audit is not None})
    lines = [_line(one, due, today, cases.get(one.audit) if one.audit else None) for due, one in known]
    return tuple(sorted(lines, key=lambda line: (line.due, line.reference, line.number or 0, line.about)))


def _line(thing: Thing, due: date, today: date, case: str | None) -> LateLine:
    stage, title = thing.workflow.stage(thing.stage), thing.workflow.workflow.title
    before = {ESCALATION: f"Escalation {thing.number}: ", MODERATION: "Moderation: ", MATTER: f"{title}, "}
    return LateLine(
        reference=thing.reference, about=thing.about, number=thing.number, case=case,
        title=f"{before.get(thing.about, '')}{stage.title}", due=due, days=(today - due).days,
        waits_for=waits_for(thing.workflow, thing.stage, thing.people, thing.names),
        what=f"audit why {thing.reference}",
    )  # fmt: skip


def _cases(session: Session, audits: Iterable[UUID]) -> dict[UUID, str]:
    """What the cases of audits are called, by the audit's key."""
    asked = select(col(Audit.key), col(Case.reference)).join(Case, col(Case.key) == col(Audit.case_key))
    return dict(session.connection().execute(asked.where(col(Audit.key).in_(list(audits)))).all())
