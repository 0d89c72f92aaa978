"""Audits read whole: how one stands, and its story from the ledger."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from audit_engine.calendars import day_of, now
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor, reaches
from audit_engine.problems import Reason, Refused
from audit_engine.queries.blindness import withheld
from audit_engine.queries.entries import entries
from audit_engine.queries.in_places import reached_by_place
from audit_engine.queries.question_views import question_words
from audit_engine.queries.queue_parts import theirs as theirs_at_all
from audit_engine.queries.queue_parts import to_take_on
from audit_engine.queries.readings import workflow_of
from audit_engine.queries.story_escalations import escalation_stories
from audit_engine.queries.visible import visible
from audit_engine.records.tables import Audit, Case, Definition, Moderation, Person, Rating
from audit_engine.views import AuditView, ModerationView, RatingView

_AT_ONCE = 400
"""Keys in one question to the database."""


def audit_key(session: Session, actor: Actor, reference: str) -> UUID:
    """The key of an audit the actor may see; a moderator sees what they moderate or may take on, wherever it is.

    Raises:
        Refused: there is none of this reference, or it is not theirs to see. The answer is the same for both.
    """
    found = _found(session, reference, _by_role(actor))
    if found is None and reaches(actor, "moderate"):
        found = _found(
            session, reference, and_(theirs_at_all(session, actor), to_take_on(session, actor, day_of(now())))
        )
    if found is None:
        found = reached_by_place(session, actor, reference)
    if found is None:
        who = "" if reaches(actor, "see_audit") else f" {actor.reference} has no role that sees audits."
        text = f"There is no audit of this reference that {actor.reference} may see. Check the reference.{who}"
        raise Refused("cannot show this audit", [Reason("see_audit", text)])
    return found


def seen_by_role(session: Session, actor: Actor, keys: Collection[UUID]) -> set[UUID]:
    """Those of these audits that the actor sees by a role or as their moderator; `audit_key` knows of more ways."""
    asked, found = sorted(set(keys)), set[UUID]()
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        where = (col(Audit.key).in_(some), _by_role(actor))
        found |= set(session.connection().execute(select(col(Audit.key)).where(*where)).scalars())
    return found


def _by_role(actor: Actor) -> ColumnElement[bool]:
    moderates = select(Moderation.audit).where(
        col(Moderation.moderator) == actor.person, col(Moderation.workflow_digest).is_not(None)
    )
    theirs = visible(actor, "see_audit")
    return or_(theirs, col(Audit.key).in_(moderates)) if reaches(actor, "moderate") else theirs


def _found(session: Session, reference: str, where: ColumnElement[bool]) -> UUID | None:
    return session.exec(select(Audit.key).where(col(Audit.reference) == reference, where)).one_or_none()


def audit_view(session: Session, actor: Actor, reference: str, catalogue: Catalogue) -> AuditView:
    """One audit as it stands and everything that happened to it, without what is withheld from the actor.

    Raises as `audit_key`.
    """
    audit = session.get_one(Audit, audit_key(session, actor, reference))
    case = session.get_one(Case, audit.case_key)
    pinned = session.get_one(Definition, audit.rubric_digest)
    hidden = withheld(session, actor, audit.key)
    moderations = _moderations(session, audit.key) if hidden.moderation is None else ()
    programme = catalogue.programme_of(audit.stream)
    shown = hidden.grades is None
    stage = workflow_of(session, audit.workflow_digest).stage(audit.stage) if audit.workflow_digest else None
    return AuditView(
        reference=audit.reference, case=case.reference, stream=audit.stream,
        programme=programme.title if programme else audit.stream, stage=audit.stage, graded=audit.graded,
        imported=audit.imported, area=audit.area, team=audit.team, auditor=_person(session, audit.auditor),
        practitioner=_person(session, audit.practitioner), audited_on=audit.audited_on,
        practice_from=audit.practice_from, practice_to=audit.practice_to,
        overall=None if not shown else audit.overall if hidden.moderation is None else audit.final_overall,
        final_overall=audit.final_overall if shown else None,
        overridden=dict(audit.overridden or {}) if shown else {},
        collaborative=audit.collaborative, feedback=audit.feedback, feedback_from=tuple(audit.feedback_from or ()),
        as_found=audit.as_found, rubric=pinned.name, rubric_version=pinned.version, rubric_digest=pinned.digest,
        facts=dict(audit.facts),
        ratings=_ratings(session, audit, catalogue, pinned.name) if shown else (),
        moderation=_moderation(session, moderations[-1]) if moderations else None,
        story=hidden.story(entries(session, audit.key)),
        moderation_story=tuple(entry for one in moderations for entry in entries(session, one.key)),
        escalations=escalation_stories(session, actor, audit.key, hidden, day_of(now())),
        withheld=hidden.grades,
        stage_title=stage.title if stage else audit.stage.replace("_", " "), at_end=stage is None or stage.final,
    )  # fmt: skip


def _moderations(session: Session, audit: UUID) -> Sequence[Moderation]:
    statement = select(Moderation).where(col(Moderation.audit) == audit).order_by(col(Moderation.number))
    return session.exec(statement).all()


def _person(session: Session, key: UUID | None) -> str | None:
    return None if key is None else session.get_one(Person, key).reference


def _ratings(session: Session, audit: Audit, catalogue: Catalogue, rubric: str) -> tuple[RatingView, ...]:
    """In the rubric's order; a criterion the rubric no longer has comes last."""
    read = catalogue.rubrics.get(rubric)
    order = list(read.criteria) if read else []
    titles = {name: criterion.title for name, criterion in read.criteria.items()} if read else {}
    rows = session.exec(select(Rating).where(col(Rating.audit) == audit.key)).all()
    placed = sorted(rows, key=lambda r: (order.index(r.criterion) if r.criterion in order else len(order), r.criterion))
    return tuple(
        RatingView(
            r.criterion,
            titles.get(r.criterion, r.criterion),
            r.applicability,
            r.reason,
            r.grade,
            r.evidence,
            r.impact,
            question_words(read.criteria[r.criterion], {"answers": r.answers, "members": r.members})
            if read and r.criterion in read.criteria
            else (),
        )
        for r in placed
    )


def _moderation(session: Session, moderation: Moderation) -> ModerationView:
    return ModerationView(
        session.get_one(Person, moderation.moderator).reference,
        moderation.moderated_on,
        moderation.blind_overall,
        moderation.decided_overall,
        moderation.direction,
        moderation.reason,
    )
