"""One audit for whoever works on it now: its auditor, its moderator while blind and after the lock, its practitioner.

What is not there and what is not theirs get the same answer. Blind, nothing of the auditor's is read: what was never
read cannot leak.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.calendars import day_of, now
from audit_engine.definitions.contradictions import AUDITOR, MODERATOR
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.answering import answer_view, criteria_views, escalation_views, noticed_views, overall_view
from audit_engine.queries.at_hand import AtHand, Row, at_hand, workflow_of
from audit_engine.queries.blindness import was_shared
from audit_engine.queries.deciding import audit_facts, disagreements, moderation_facts, standing_after
from audit_engine.queries.steps import steps
from audit_engine.queries.visible import visible
from audit_engine.records.ledger import story
from audit_engine.records.tables import Audit
from audit_engine.work_views import (
    AnswerView,
    ComparisonView,
    CriterionView,
    DifferenceView,
    EscalationView,
    NoticedView,
    SharedCriterion,
    SharedView,
    StepView,
    WorkView,
)

AT_RISK = "safety_critical_inadequate_is_escalated"
IN_THE_WAY = (
    "every_expected_criterion_answered", "notes_where_demanded", "evidence_where_demanded", AT_RISK,
)  # fmt: skip
"""The guards of a submission that wait for more than what it asks on the way."""


def live_key(session: Session, actor: Actor, reference: str, action: str, what: str) -> UUID:
    """The key of a live audit to which the actor may do `action`.

    Raises:
        Refused: there is none, or it is not theirs; the answer is the same for both.
    """
    statement = select(col(Audit.key)).where(
        col(Audit.reference) == reference, col(Audit.imported).is_(False), visible(actor, action)
    )
    found: UUID | None = session.connection().execute(statement).scalar_one_or_none()
    if found is None:
        raise _none(action, actor, what)
    return found


def _none(action: str, actor: Actor, what: str) -> Refused:
    text = f"There is no live audit of this reference that {actor.reference} may {_ACTION[action]}."
    return Refused(f"cannot {what}", [Reason(action, text)])


_ACTION = {"grade": "grade", "moderate": "moderate", "answer": "answer", "see_audit": "see"}


def work(session: Session, actor: Actor, reference: str) -> WorkView:
    """An audit as its auditor sees it. Raises Refused when it is not theirs."""
    hand = at_hand(session, live_key(session, actor, reference, "grade", "show this work"))
    audit, facts = hand.audit, audit_facts(hand, actor.person, today=day_of(now()))
    in_the_way = {name: GUARDS[name](facts) for name in IN_THE_WAY}
    writing = hand.workflow.stage(audit["stage"]).grades and not audit["locked"]
    return _work_view(
        hand, hand.ratings, blind=False, begun=writing,
        to_do=tuple(text for text in in_the_way.values() if text is not None),
        at_risk=in_the_way[AT_RISK] if writing else None,
        escalations=escalation_views(hand, _workflows(session, hand)),
        next_=steps(hand.workflow, audit["stage"], facts, actor, hand.names),
        returned_because=_returned_because(hand), noticed=_noticed(session, hand),
    )  # fmt: skip


def _noticed(session: Session, hand: AtHand) -> tuple[NoticedView, ...]:
    """What does not fit together. When each grade was given is only read once nothing waits for an answer."""
    found, minutes = hand.judged().noticed, hand.rubric.rubric.notices.same_grade_within_minutes
    if minutes is not None and not hand.judged().missing:
        found = hand.noticed(_given_at(session, hand))
    return noticed_views(hand.rubric, found, AUDITOR)


def _given_at(session: Session, hand: AtHand) -> dict[str, datetime]:
    """When the grades were given: by the newest entry that changed each."""
    given: dict[str, datetime] = {}
    for entry in story(session, hand.key):
        payload = entry.payload or {}
        if entry.kind == "rated":
            before = (payload.get("before") or {}).get("grade")
            given |= {row["criterion"]: entry.at for row in payload.get("ratings", ()) if row["grade"] != before}
    return given


def blind_work(session: Session, actor: Actor, reference: str) -> WorkView:
    """An audit as its moderator sees it before the lock, or as whoever might take it on sees it before that.

    Raises:
        Refused: it waits for no moderator, somebody else moderates it, or the blind grades are locked.
    """
    what = "moderate this audit"
    hand = at_hand(session, live_key(session, actor, reference, "moderate", what), ratings=False)
    moderation, stage = hand.moderation, hand.audit["stage"]
    if stage != "moderation":
        waiting = any(event.written.id == "take" for event in hand.workflow.events_from(stage))
        if not waiting:
            text = f"It does not wait for a moderator: it is '{hand.workflow.stage(stage).title}'."
            raise Refused(f"cannot {what}", [Reason("stage", text)])
        return _blind_view(session, hand, actor, {})
    if moderation is None or moderation["moderator"] != actor.person:
        who = hand.names.get(moderation["moderator"], "somebody else") if moderation else "somebody else"
        raise Refused(f"cannot {what}", [Reason("by", f"{who} moderates this audit. Ask them.")])
    if hand.past_the_lock:
        raise Refused(f"cannot {what}", [Reason("locked", "The blind grades are locked. Compare and decide now.")])
    return _blind_view(session, hand, actor, hand.blind)


def _blind_view(session: Session, hand: AtHand, actor: Actor, blind: Mapping[str, Row]) -> WorkView:
    taken = hand.audit["stage"] == "moderation"
    if taken and hand.moderation is not None:
        workflow = workflow_of(session, hand.moderation["workflow_digest"])
        facts = moderation_facts(hand, actor.person, today=day_of(now()))
        next_ = steps(workflow, hand.moderation["stage"], facts, actor, hand.names)
    else:
        # A moderation before this one was returned: its blind grades are not this moderator's to go by.
        hand = replace(hand, moderation=None, blind={})
        facts = audit_facts(hand, actor.person, today=day_of(now()))
        next_ = tuple(
            one for one in steps(hand.workflow, hand.audit["stage"], facts, actor, hand.names) if one.event == "take"
        )
    to_do = tuple(text for text in (GUARDS["blind_grades_complete"](facts),) if text is not None)
    mine = tuple(one for one in hand.escalations if one["raised_by"] == actor.person)
    # What others fear for the child can tell their grades; whether somebody does is told elsewhere, or not at all.
    escalations = escalation_views(replace(hand, escalations=mine), _workflows(session, hand))
    return _work_view(
        hand, blind, blind=True, begun=taken, to_do=to_do, at_risk=None, escalations=escalations, next_=next_,
        returned_because=None,
    )  # fmt: skip


def _work_view(
    hand: AtHand, answers: Mapping[str, Row], *, blind: bool, begun: bool, to_do: tuple[str, ...],
    at_risk: str | None, escalations: tuple[EscalationView, ...], next_: tuple[StepView, ...],
    returned_because: str | None, noticed: tuple[NoticedView, ...] = (),
) -> WorkView:  # fmt: skip
    audit, names = hand.audit, hand.names
    chosen = (hand.moderation or {}).get("blind_overall") if blind else audit["overall"]
    judged = hand.judged_blind() if blind else hand.judged(chosen, audit["overall_reason"])
    criteria = criteria_views(hand, answers, judged)
    return WorkView(
        reference=audit["reference"], case=hand.case_reference, programme=_programme(hand),
        rubric=hand.rubric.rubric.title, stage=audit["stage"], stage_title=hand.workflow.stage(audit["stage"]).title,
        due=audit["due"], turn=audit["turn"], blind=blind, begun=begun, graded=audit["graded"],
        auditor=names.get(audit["auditor"]), practitioner=names.get(audit["practitioner"]),
        moderator=names.get(hand.moderation["moderator"]) if hand.moderation else None,
        criteria=criteria, overall=overall_view(hand.rubric, judged, chosen),
        missing=sum(one.open for one in criteria), to_do=to_do, at_risk=at_risk, warnings=judged.warnings,
        escalations=escalations,
        collaborative=audit["collaborative"], feedback=audit["feedback"],
        feedback_from=tuple(audit["feedback_from"] or ()), feedback_reason=audit["feedback_reason"],
        returned_because=returned_because, next=next_, noticed=noticed,
    )  # fmt: skip


def comparison(session: Session, actor: Actor, reference: str) -> ComparisonView:
    """Auditor and moderator side by side, for the moderator after the lock.

    Raises:
        Refused: it is not theirs, or the blind grades are not locked.
    """
    what = "compare"
    key = live_key(session, actor, reference, "moderate", what)
    blind = at_hand(session, key, ratings=False)
    moderation = blind.moderation
    if moderation is None or moderation["moderator"] != actor.person or not blind.past_the_lock:
        text = "You have locked no blind grades on this audit. Grade it blind and lock first."
        raise Refused(f"cannot {what}", [Reason("locked", text)])
    hand = as_given(at_hand(session, key))
    differing = disagreements(hand)
    views = tuple(difference(hand, view) for view in criteria_views(hand, {}, None) if view.id in differing)
    stands = {name: row for name in differing if (row := standing_after(hand, name)) is not None}
    merged = replace(hand, ratings={**hand.ratings, **stands})
    return ComparisonView(
        reference=reference, stage=moderation["stage"], turn=hand.audit["turn"], graded=hand.audit["graded"],
        auditor=hand.names[hand.audit["auditor"]], moderator=actor.reference,
        same=len(hand.rubric.criteria) - len(differing), differences=views,
        given_overall=hand.audit["overall"], blind_overall=moderation["blind_overall"],
        decided_overall=moderation["decided_overall"],
        overall=overall_view(
            hand.rubric, merged.judged(), moderation["decided_overall"], roles=actor.roles,
            overridden=hand.audit["overridden"],
        ),
        noticed=noticed_views(hand.rubric, merged.judged().noticed, MODERATOR),
        undecided=sum(view.decision is None for view in views),
        finished=workflow_of(session, moderation["workflow_digest"]).stage(moderation["stage"]).finalises,
    )  # fmt: skip


def difference(hand: AtHand, view: CriterionView) -> DifferenceView:
    """One criterion side by side. `hand` holds what the auditor gave, see `as_given`."""
    criterion, scale = hand.rubric.criteria[view.id], hand.rubric.scales[view.id]
    given, blind = hand.ratings.get(view.id), hand.blind.get(view.id)
    orders = [scale.order(row["grade"]) for row in (given, blind) if row and row["grade"] in scale.ids]
    stands = None
    if blind is not None and blind["decision"] is not None:
        kept = {**blind, "applicability": blind["decided_applicability"], "grade": blind["decided_grade"]}
        left = dict.fromkeys(("evidence", "impact", "answers", "members"))
        stands = _answer_words(answer_view(hand.rubric, criterion, {**kept, **left}))
    return DifferenceView(
        criterion=view, auditor=answer_view(hand.rubric, criterion, given),
        moderator=answer_view(hand.rubric, criterion, blind if blind and _answered(blind) else None),
        apart=abs(orders[0] - orders[1]) if len(orders) == 2 else None,
        decision=blind["decision"] if blind else None, stands=stands,
        reason=blind["decided_reason"] if blind else None,
    )  # fmt: skip


def as_given(hand: AtHand) -> AtHand:
    """The audit with the auditor's own answers, also where a decision has put another in their place."""
    given = {
        name: {**row, "applicability": row["given_applicability"], "grade": row["given_grade"]}
        for name, row in hand.ratings.items()
        if row["given_applicability"]
    }
    return replace(hand, ratings={**hand.ratings, **given})


def _answered(blind: Row) -> bool:
    """Whether the moderator said anything: a decision on a criterion they left to the facts makes a row, too."""
    return bool(blind["applicability"] != "not_expected_by_rule")


def _answer_words(answer: AnswerView | None) -> str | None:
    return answer.words if answer else None


def shared_view(session: Session, actor: Actor, reference: str) -> SharedView:
    """An audit as its practitioner sees it, once it is shared with them.

    Raises:
        Refused: it is not theirs, or not shared yet; the answer is the same for both.
    """
    what = "show this audit"
    key = live_key(session, actor, reference, "answer", what)
    if not was_shared(session, key):
        raise _none("answer", actor, what)
    return shared_of(at_hand(session, key), actor)


def shared_of(hand: AtHand, actor: Actor) -> SharedView:
    """What a practitioner is shown of an audit. Whether it is theirs to see was asked before."""
    audit, scale, stage = hand.audit, hand.rubric.scale, hand.workflow.stage(hand.audit["stage"])
    overall = audit["final_overall"]
    views = criteria_views(hand, _as_shared(hand), None)
    facts = audit_facts(hand, actor.person, today=day_of(now()))
    answers = steps(hand.workflow, stage.id, facts, actor, hand.names)
    return SharedView(
        reference=audit["reference"], case=hand.case_reference, programme=_programme(hand), stage=stage.id,
        stage_title=stage.title, due=audit["due"], turn=audit["turn"], graded=audit["graded"],
        auditor=hand.names.get(audit["auditor"], "not recorded"),
        practitioner=hand.names.get(audit["practitioner"], "not recorded"), audited_on=audit["audited_on"],
        overall=overall, overall_label=scale.label(overall) if overall else None,
        overall_means=scale.grades[scale.order(overall)].means if overall else "",
        collaborative=audit["collaborative"], feedback_from=tuple(audit["feedback_from"] or ()),
        criteria=tuple(
            SharedCriterion(
                one.title, one.asks, one.section, one.answer, one.grade_text(one.answer.grade if one.answer else None),
                one.mark,
            )
            for one in views
        ),
        answer=audit["answer"], answer_text=audit["answer_text"], answered_on=audit["answered_on"],
        may_answer=any(step.event == "answer" and step.mine for step in answers),
    )  # fmt: skip


def _as_shared(hand: AtHand) -> dict[str, Row]:
    """What stands, with words that fit it: where a decision put another grade in place of the auditor's, the
    auditor's note speaks of a grade that was not given, so the moderator's stands there, or none."""
    shared = dict(hand.ratings)
    for name, row in hand.ratings.items():
        if row["given_applicability"]:
            blind = hand.blind.get(name)
            theirs = blind if blind and blind["decision"] == "moderator" else {"note": None, "pointer": None}
            shared[name] = {**row, "note": theirs["note"], "pointer": theirs["pointer"]}
    return shared


def _returned_because(hand: AtHand) -> str | None:
    moderation = hand.moderation
    return moderation["reason"] if moderation and moderation["stage"] == "returned" else None


def _programme(hand: AtHand) -> str:
    named: str = hand.audit["programme"] or hand.audit["stream"]
    return named.replace("_", " ").capitalize()


def _workflows(session: Session, hand: AtHand) -> dict[str, ReadWorkflow]:
    digests = {one["workflow_digest"] for one in hand.escalations}
    return {digest: workflow_of(session, digest) for digest in digests}
