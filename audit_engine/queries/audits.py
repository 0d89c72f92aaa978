"""Audits read whole: how one stands, and its story from the ledger."""

from uuid import UUID

from sqlmodel import Session, col, select

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor, reaches
from audit_engine.problems import Reason, Refused
from audit_engine.queries.visible import visible
from audit_engine.records.ledger import story
from audit_engine.records.tables import Audit, Case, Definition, Moderation, Person, Rating
from audit_engine.views import AuditView, EntryView, ModerationView, RatingView


def audit_key(session: Session, actor: Actor, reference: str) -> UUID:
    """The key of an audit the actor may see.

    Raises:
        Refused: there is none of this reference, or it is not theirs to see. The answer is the same for both.
    """
    found = session.exec(
        select(Audit.key).where(col(Audit.reference) == reference, visible(actor, "see_audit"))
    ).one_or_none()
    if found is None:
        who = "" if reaches(actor, "see_audit") else f" {actor.reference} holds no role that sees audits."
        text = f"There is no audit of this reference that {actor.reference} may see.{who}"
        raise Refused("cannot show this audit", [Reason("see_audit", text)])
    return found


def audit_view(session: Session, actor: Actor, reference: str, catalogue: Catalogue) -> AuditView:
    """One audit as it stands and everything that happened to it. Raises as `audit_key`."""
    audit = session.get_one(Audit, audit_key(session, actor, reference))
    case = session.get_one(Case, audit.case_key)
    pinned = session.get_one(Definition, audit.rubric_digest)
    moderation = session.exec(select(Moderation).where(col(Moderation.audit) == audit.key)).one_or_none()
    programme = catalogue.programme_of(audit.stream)
    return AuditView(
        audit.reference,
        case.reference,
        audit.stream,
        programme.title if programme else audit.stream,
        audit.stage,
        audit.graded,
        audit.imported,
        audit.area,
        audit.team,
        _person(session, audit.auditor),
        _person(session, audit.practitioner),
        audit.audited_on,
        audit.practice_from,
        audit.practice_to,
        audit.overall,
        audit.final_overall,
        audit.collaborative,
        audit.feedback,
        tuple(audit.feedback_from or ()),
        audit.as_found,
        pinned.name,
        pinned.version,
        pinned.digest,
        dict(audit.facts),
        _ratings(session, audit, catalogue, pinned.name),
        _moderation(session, moderation),
        entries(session, audit.key),
        entries(session, moderation.key) if moderation else (),
    )


def entries(session: Session, chain: UUID) -> tuple[EntryView, ...]:
    """The story of one thing, oldest first."""
    lines = story(session, chain)
    keys = {line.actor for line in lines if line.actor is not None}
    names = dict(session.exec(select(Person.key, Person.reference).where(col(Person.key).in_(keys))).all())
    return tuple(
        EntryView(
            line.turn,
            line.at,
            line.kind,
            names.get(line.actor, "nobody") if line.actor else "nobody",
            line.role,
            dict(line.payload) if line.payload is not None else None,
        )
        for line in lines
    )


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
            r.criterion, titles.get(r.criterion, r.criterion), r.applicability, r.reason, r.grade, r.evidence, r.impact
        )
        for r in placed
    )


def _moderation(session: Session, moderation: Moderation | None) -> ModerationView | None:
    if moderation is None:
        return None
    return ModerationView(
        session.get_one(Person, moderation.moderator).reference,
        moderation.moderated_on,
        moderation.blind_overall,
        moderation.decided_overall,
        moderation.direction,
        moderation.reason,
    )
