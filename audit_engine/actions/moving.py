"""Moves: an event leads an audit from stage to stage, when the machine and the people it needs say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.actions.changing import Change, change_audit, clean_text, due_after
from audit_engine.actions.command import Command
from audit_engine.actions.moderation_rows import on_moderation
from audit_engine.actions.selecting import Selection, selection
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.by_the_clock import clock_may
from audit_engine.engine.grading import Judgement
from audit_engine.engine.independence import conflicts
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.permission import Actor
from audit_engine.engine.ratings import BY_RULE
from audit_engine.engine.relations import may_do
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, workflow_of
from audit_engine.queries.deciding import audit_facts, moderation_facts
from audit_engine.queries.people import held_on
from audit_engine.queries.standing import barred
from audit_engine.records.database import Database
from audit_engine.records.tables import Person, RoleHeld
from audit_engine.safe_text import quoted

RESPONDENTS = ("child", "parent", "carer", "professional")


def moved(
    hand: AtHand, actor: Actor | None, event: str, *, at: datetime, pending: Mapping[str, Any],
    reason: str | None = None, against: Sequence[Reason] = (),
) -> Change:  # fmt: skip
    """What an event changes: the stage, when it is due, what it locks and makes final.

    Args:
        actor: None when the clock does it: then the workflow must give it to the clock.
        pending: Columns set together with it, and `moderator`; guards see them as if they were set.
        against: What the caller found against it already, so that a refusal says everything at once.

    Raises:
        Refused: with every reason at once: who may, the reason that is asked for, every guard.
    """
    workflow, audit = hand.workflow, hand.audit
    what = _what(hand, event)
    if event not in workflow.events:
        raise Refused(
            f"cannot {what}", [Reason("event", f"There is no event {quoted(event)} in this audit's workflow.")]
        )
    people = {**hand.people, **{k: v for k, v in pending.items() if k in hand.people}}
    reason = clean_text(reason, what) if reason is not None else None
    not_theirs = (
        may_do(workflow, event, actor, hand.people, hand.names)
        if actor is not None
        else clock_may(workflow, event, audit["stage"], hand.people, hand.names)
    )
    reasons = [*not_theirs, *against]
    missing = reason_missing(workflow, event, reason)
    reasons += [missing] if missing else []
    person = actor.person if actor is not None else None
    try:
        to = next_stage(workflow, audit["stage"], event, audit_facts(hand, person, {**pending, **people}))
    except Refused as refused:
        # Whoever may not do this may not know of an escalation either: a head of practice who grades it blind.
        more = [one for one in refused.reasons if not (not_theirs and one.rule == "no_open_escalation")]
        raise Refused(f"cannot {what}", [*reasons, *more]) from None
    if reasons:
        raise Refused(f"cannot {what}", reasons)
    stage = workflow.stage(to)
    columns: dict[str, Any] = {name: value for name, value in pending.items() if name in audit}
    columns |= {
        "stage": to,
        "due": due_after(stage.due, at),
        "locked": workflow.locked_after(event, to, audit["locked"]),
    }
    if stage.finalises:
        # It counts on the day it was first submitted, and only once it is final.
        columns["counts_on"] = pending.get("audited_on") or audit["audited_on"]
        columns.setdefault("final_overall", pending.get("overall") or audit["overall"])
    told: dict[str, Any] = {"event": event, "to": to}
    if reason:
        told["reason"] = reason
    return Change("moved", columns=columns, told=told)


def _what(hand: AtHand, event: str) -> str:
    known = hand.workflow.events.get(event)
    title = known.written.title if known else event.replace("_", " ")
    return f"{title[:1].lower()}{title[1:]}"


def move(
    db: Database, actor: Actor, command: Command, reference: str, event: str, *, at: datetime, reason: str | None = None
) -> None:
    """A plain move: begin, share, close, withdraw. Those that need more have actions of their own.

    Args:
        reason: What the person wrote, or the id of the listed reason they chose.

    Raises:
        Refused: every reason why not, or that this event is made by another action.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        return plain_move(session, hand, actor, event, at=at, reason=reason)

    change_audit(db, actor, command, reference, event.replace("_", " "), decide, at=at)


def plain_move(
    session: Session, hand: AtHand, actor: Actor | None, event: str, *, at: datetime, reason: str | None = None
) -> Change:
    """What a plain move changes, an end included. Raises Refused as `move`.

    Args:
        actor: None when the clock does it.
    """
    if event in _WITH_MORE:
        text = f"'{_what(hand, event)}' needs more than this: {_WITH_MORE[event]}."
        raise Refused(f"cannot {_what(hand, event)}", [Reason("event", text)])
    change = moved(hand, actor, event, at=at, pending={}, reason=reason)
    to = hand.workflow.stage(change.columns["stage"])
    if to.final and to.id in _without_final_grades(hand.workflow):
        # It counts no more, also where its grades were final.
        change.columns["counts_on"] = None
        if hand.workflow.event(event).written.reason_from is not None:
            change.columns["withdrawn_because"] = reason
    if to.final:
        _end_moderation(session, hand, actor, change)
    return change


def _without_final_grades(workflow: ReadWorkflow) -> frozenset[str]:
    """The stages an audit can come to without its grades having become final.

    Whatever its event is called, an audit that ends at one of them does not count: that end does not say of it that
    anybody stood by its grades.
    """
    found, ahead = set[str](), [workflow.first.id]
    while ahead:
        stage = ahead.pop()
        if stage not in found and not workflow.stage(stage).finalises:
            found.add(stage)
            ahead += [end.to for event in workflow.events_from(stage) for end in event.ends]
    return frozenset(found)


def _end_moderation(session: Session, hand: AtHand, actor: Actor | None, change: Change) -> None:
    """A moderation that is under way ends with its audit."""
    moderation = hand.moderation
    if moderation is None or moderation["workflow_digest"] is None:
        return
    workflow = workflow_of(session, moderation["workflow_digest"])
    if not workflow.stage(moderation["stage"]).final:
        person = actor.person if actor is not None else None
        to = next_stage(workflow, moderation["stage"], "withdraw", moderation_facts(hand, person))
        on_moderation(change, hand, {"stage": to}, {}, "moved", event="withdraw")


_WITH_MORE = {
    "allocate": "`audit allocate` chooses an independent auditor",
    "reallocate": "the new auditor",
    "submit": "the overall grade and the feedback line",
    "take": "`audit grade AUDIT --moderate` takes it on",
    "finalise": "the decisions of the moderator",
    "return": "the decisions of the moderator",
    "answer": "the practitioner's own words",
}


@dataclass(frozen=True, slots=True)
class Submission:
    """What an auditor says when they submit."""

    overall: str | None
    """None for an audit without grades."""
    overall_reason: str | None = None
    """Why it differs from the suggested one."""
    collaborative: bool | None = None
    feedback_from: tuple[str, ...] | None = None
    """Who gave feedback; empty when nobody did, None when it was not said."""
    feedback_reason: str | None = None
    """Why nobody was asked or answered."""


def submit(
    db: Database,
    actor: Actor,
    command: Command,
    reference: str,
    said: Submission,
    catalogue: Catalogue,
    *,
    at: datetime,
) -> None:
    """Hand in an audit: what the facts made not expected is written down, grades lock, selection is drawn and kept.

    Raises:
        Refused: everything that is still missing, all at once.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        what = "submit the audit"
        pending, against = _said(said, what)
        judged = hand.judged(said.overall, pending["overall_reason"])
        pending |= {"suggested": judged.suggested, "audited_on": hand.audit["audited_on"] or day_of(at)}
        if hand.audit["selected"] is None:
            chosen: Selection = selection(session, hand, catalogue, {**hand.audit, **pending})
            pending |= {"selected": chosen.selected, "selected_because": chosen.because}
        change = moved(hand, actor, "submit", at=at, pending=pending, against=against)
        change.ratings |= _by_rule(hand, judged)
        return change

    change_audit(db, actor, command, reference, "submit the audit", decide, at=at, action="grade")


def _by_rule(hand: AtHand, judged: Judgement) -> dict[str, dict[str, Any]]:
    """What the facts made not expected, written down as that; a note or pointer that was left there stays."""
    rows = {}
    for left_out in judged.not_expected:
        row = hand.ratings.get(left_out.criterion, {})
        if left_out.by == "rule" and row.get("applicability") != BY_RULE:
            kept = {name: row.get(name) for name in ("note", "pointer")}
            rows[left_out.criterion] = {"criterion": left_out.criterion, "applicability": BY_RULE, **kept}
    return rows


def _said(said: Submission, what: str) -> tuple[dict[str, Any], list[Reason]]:
    """The columns it sets, and what cannot be kept of it. Whether its overall grade may be is asked by a guard."""
    pending: dict[str, Any] = {"overall": said.overall}
    against: list[Reason] = []
    pending["overall_reason"] = clean_text(said.overall_reason or "", what) or None
    if said.collaborative is not None:
        pending["collaborative"] = said.collaborative
    if said.feedback_from is not None:
        unknown = [one for one in said.feedback_from if one not in RESPONDENTS]
        if unknown:
            text = f"{quoted(unknown[0])} is nobody who gives feedback. Known: {', '.join(RESPONDENTS)}."
            against.append(Reason("feedback", text))
        pending |= {"feedback": "given" if said.feedback_from else "none", "feedback_from": list(said.feedback_from)}
        pending["feedback_reason"] = clean_text(said.feedback_reason or "", what) or None
    return pending, against


def answer(
    db: Database, actor: Actor, command: Command, reference: str, said: str, text: str = "", *, at: datetime
) -> None:
    """The practitioner's answer to a shared audit.

    Args:
        said: `accepted` or `challenged`; a challenge needs its words.

    Raises:
        Refused: not shared with them, or a challenge without words.
    """

    def decide(_session: Session, hand: AtHand) -> Change:
        words, against = clean_text(text, "answer"), []
        if said not in ("accepted", "challenged"):
            against = [Reason("answer", "An answer is either accepted or challenged. Say which of the two.")]
        elif said == "challenged" and not words:
            against = [Reason("answer", "A challenge needs your reasons. Say what you see differently.")]
        pending = {"answer": said, "answer_text": words or None, "answered_on": day_of(at)}
        return moved(hand, actor, "answer", at=at, pending=pending, against=against)

    change_audit(db, actor, command, reference, "answer", decide, at=at, action="answer")


def reallocate(
    db: Database, actor: Actor, command: Command, reference: str, auditor: str, reason: str, *, at: datetime
) -> None:
    """Give an audit to another auditor. What was graded so far stays, and is theirs to change.

    Raises:
        Refused: nobody of this reference, not an auditor today, or not independent.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        person = _auditor(session, auditor, at)
        also = barred(session, hand, day_of(at)).everywhere
        against = conflicts({**hand.people, "auditor": person}, also, {**dict(hand.names), person: auditor})
        if person == hand.audit["auditor"]:
            against = [*against, Reason("auditor", f"{auditor} is its auditor already. Choose somebody else.")]
        return moved(hand, actor, "reallocate", at=at, pending={"auditor": person}, reason=reason, against=against)

    change_audit(db, actor, command, reference, "allocate the audit to somebody else", decide, at=at)


def _auditor(session: Session, reference: str, at: datetime) -> UUID:
    statement = select(col(Person.key)).join(RoleHeld, col(RoleHeld.person) == col(Person.key))
    statement = statement.where(
        col(Person.reference) == reference, col(RoleHeld.role) == "auditor", held_on(day_of(at))
    )
    found: UUID | None = session.connection().execute(statement.limit(1)).scalar_one_or_none()
    if found is None:
        text = f"{quoted(reference)} is nobody who holds the role auditor today. Check the reference, or people.csv."
        raise Refused("cannot allocate the audit to them", [Reason("auditor", text)])
    return found
