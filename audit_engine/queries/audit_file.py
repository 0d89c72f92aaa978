"""One audit whole, for its file, and what its practitioner is given to read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.answering import criteria_views, escalation_views, override_words
from audit_engine.queries.at_hand import AtHand, Row, at_hand, is_past_the_lock, names_of, workflow_of
from audit_engine.queries.audits import audit_key
from audit_engine.queries.blindness import stages_been, withheld
from audit_engine.queries.deciding import disagreements
from audit_engine.queries.entries import entries
from audit_engine.queries.work import as_given, difference, shared_of
from audit_engine.records.live_tables import BlindRating
from audit_engine.records.tables import Definition, Moderation
from audit_engine.work_views import AuditFile, CriterionView, DifferenceView, FiledCriterion, ModerationFile, SharedView

_STAND_IN = "case_audit"
"""The workflow whose stages name where an imported audit is: it ran under none."""
_WHAT = "render this audit"


def audit_file(session: Session, actor: Actor, reference: str, catalogue: Catalogue) -> AuditFile:
    """Everything about one audit, for those from whom nothing of it is withheld.

    Raises:
        Refused: it is not theirs to see, or something of it is withheld from them.
    """
    hand = _whole(session, actor, reference, catalogue)
    audit, scale = hand.audit, hand.rubric.scale
    pinned = session.get_one(Definition, audit["rubric_digest"])
    final = audit["final_overall"] or audit["overall"]
    judged = hand.judged(final)
    programme = catalogue.programme_of(audit["stream"])
    views = criteria_views(hand, hand.ratings, None)
    return AuditFile(
        reference=reference, case=hand.case_reference, programme=programme.title if programme else audit["stream"],
        rubric=hand.rubric.rubric.title, rubric_version=pinned.version, rubric_digest=pinned.digest,
        stage_title=hand.workflow.stage(audit["stage"]).title, area=audit["area"], team=audit["team"],
        graded=audit["graded"], auditor=_name(hand, "auditor"), practitioner=_name(hand, "practitioner"),
        manager=_name(hand, "manager"), audited_on=audit["audited_on"], counts_on=audit["counts_on"],
        given_overall=_label(hand, audit["overall"]), final_overall=_label(hand, final),
        overall_means=scale.grades[scale.order(final)].means if final in scale.ids else "",
        suggested=_label(hand, audit["suggested"]), overall_reason=audit["overall_reason"],
        because=judged.because if judged.suggested == audit["suggested"] else "",
        bound_by=tuple(f"{bar.title}: {bar.because}" for bar in judged.bound_by if bar.holds and bar.override is None),
        overridden=override_words(hand.rubric, audit["overridden"]),
        collaborative=audit["collaborative"], feedback=_feedback(audit), as_found=audit["as_found"],
        selected_because=audit["selected_because"],
        criteria=tuple(_filed(hand, view) for view in views), moderations=_moderations(session, hand, views),
        escalations=escalation_views(hand, {one["workflow_digest"]: workflow_of(session, one["workflow_digest"])
                                            for one in hand.escalations}),
        answer=audit["answer"], answer_text=audit["answer_text"], answered_on=audit["answered_on"],
        withdrawn_because=audit["withdrawn_because"], story=entries(session, hand.key),
    )  # fmt: skip


def for_practitioner(session: Session, actor: Actor, reference: str, catalogue: Catalogue) -> SharedView:
    """What the practitioner of an audit is given to read, for them and for those who give it to them.

    Raises:
        Refused: it is not theirs to see, or its grades are not final, or not shared with the practitioner who asks.
    """
    key = audit_key(session, actor, reference)
    hidden = withheld(session, actor, key).grades
    hand = at_hand(session, key, ratings=hidden is None, workflow=_stand_in(session, key, catalogue))
    final = hand.audit["imported"] or any(stage.finalises for stage in stages_been(session, key))
    if hidden is None and not final:
        hidden = "not final yet: what the practitioner reads is what stands"
    if hidden is not None:
        raise Refused(f"cannot {_WHAT}", [Reason("withheld", f"Its grades are {hidden}.")])
    programme = catalogue.programme_of(hand.audit["stream"])
    view = shared_of(hand, actor)
    return replace(view, programme=programme.title) if programme else view


def _whole(session: Session, actor: Actor, reference: str, catalogue: Catalogue) -> AtHand:
    key = audit_key(session, actor, reference)
    hidden = withheld(session, actor, key)
    why = hidden.grades or hidden.moderation or hidden.entered
    if why is not None:
        raise Refused(f"cannot {_WHAT} for its file", [Reason("withheld", f"Part of it is {why}.")])
    return at_hand(session, key, workflow=_stand_in(session, key, catalogue))


def _stand_in(session: Session, key: UUID, catalogue: Catalogue) -> Any:
    audits = SQLModel.metadata.tables["audits"]
    digest = session.connection().execute(select(audits.c.workflow_digest).where(audits.c.key == key)).scalar_one()
    return catalogue.workflow(_STAND_IN) if digest is None else None


def _name(hand: AtHand, place: str) -> str:
    return hand.names.get(hand.audit[place], "not recorded")


def _label(hand: AtHand, grade: str | None, criterion: str | None = None) -> str | None:
    """What people call a grade: of a criterion on its own scale, else the overall grade."""
    scale = hand.rubric.scale if criterion is None else hand.rubric.scales[criterion]
    return scale.label(grade) if grade in scale.ids else grade


def _feedback(audit: Row) -> str:
    if audit["feedback_from"]:
        return f"given by {', '.join(audit['feedback_from'])}"
    if audit["feedback"] == "none":
        return f"none: {audit['feedback_reason']}" if audit["feedback_reason"] else "none"
    return audit["feedback"] or "not recorded"


def _filed(hand: AtHand, view: CriterionView) -> FiledCriterion:
    row = hand.ratings.get(view.id)
    if row is None or not row["given_applicability"]:
        return FiledCriterion(view, None)
    given = _label(hand, row["given_grade"], view.id) or row["given_applicability"].replace("_", " ")
    return FiledCriterion(view, given)


def _moderations(session: Session, hand: AtHand, views: tuple[CriterionView, ...]) -> tuple[ModerationFile, ...]:
    table = SQLModel.metadata.tables[str(Moderation.__tablename__)]
    statement = select(table).where(table.c.audit == hand.key).order_by(table.c.number)
    rows = [dict(row) for row in session.connection().execute(statement).mappings()]
    names = names_of(session, {row["moderator"] for row in rows})
    return tuple(_moderation(session, hand, row, names, views, newest=row is rows[-1]) for row in rows)


def _moderation(
    session: Session, hand: AtHand, row: Row, names: Mapping[UUID, str], views: tuple[CriterionView, ...],
    *, newest: bool,
) -> ModerationFile:  # fmt: skip
    """One moderation. What a returned one compared with was graded again since, so its differences are not told."""
    differences: tuple[DifferenceView, ...] = ()
    stage = row["stage"]
    if row["workflow_digest"] is not None:
        stage = workflow_of(session, row["workflow_digest"]).stage(stage).title
    if newest and row["workflow_digest"] is not None and is_past_the_lock(session, row):
        before = replace(as_given(hand), blind=_blind(session, row["key"]))
        differing = disagreements(before)
        differences = tuple(difference(before, replace(v, answer=None)) for v in views if v.id in differing)
    return ModerationFile(
        row["number"], names[row["moderator"]], row["moderated_on"], str(stage), _label(hand, row["blind_overall"]),
        _label(hand, row["decided_overall"]), row["direction"], row["reason"], differences,
    )  # fmt: skip


def _blind(session: Session, moderation: UUID) -> dict[str, Row]:
    table = SQLModel.metadata.tables[str(BlindRating.__tablename__)]
    statement = select(table).where(col(BlindRating.moderation) == moderation)
    return {row["criterion"]: dict(row) for row in session.connection().execute(statement).mappings()}
