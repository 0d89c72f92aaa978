"""Moves: an event leads an audit from stage to stage, when the machine and the people it needs say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.actions.changing import Change, change_audit, clean_text
from audit_engine.actions.command import Command
from audit_engine.actions.left_behind import (
    finalise_grades,
    kept_columns,
    opened_with,
    place_taken,
    recorded_after,
)
from audit_engine.actions.moderation_rows import on_moderation
from audit_engine.actions.new_matters import Definitions
from audit_engine.actions.selecting import selection
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.arriving import arrived, stays
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


NOTHING_SAID: Mapping[str, str] = {}


def moved(
    session: Session, hand: AtHand, actor: Actor | None, event: str, *, at: datetime, pending: Mapping[str, Any],
    definitions: Definitions, reason: str | None = None, said: Mapping[str, str] = NOTHING_SAID,
    named: Mapping[str, str] = NOTHING_SAID, against: Sequence[Reason] = (), runner: UUID | None = None,
) -> Change:  # fmt: skip
    """What an event changes: the stage, when it is due, what is recorded, who takes a place, what is locked and final.

    Args:
        actor: None when the clock does it: then the workflow must give it to the clock.
        pending: Columns set together with it, and `moderator`; guards see them as if they were set.
        definitions: Under which it opens what it opens.
        said: What the actor says of the records the event asks for.
        named: Whom the actor names for places. No event of an audit names anybody.
        against: What the caller found against it already, so that a refusal says everything at once.
        runner: Whoever runs the clock, when that does it.

    Raises:
        Refused: with every reason at once: who may, what is asked for and was not said, every guard.
    """
    workflow, audit = hand.workflow, hand.audit
    what = _what(hand, event)
    if event not in workflow.events:
        text = f"Nothing called {quoted(event)} can be done with an audit. `audit why AUDIT` says what can."
        raise Refused(f"cannot {what}", [Reason("event", text)])
    reason = clean_text(reason, what) if reason is not None else None
    not_theirs = _not_theirs(hand, event, actor)
    reasons = [*not_theirs, *against]
    missing = reason_missing(workflow, event, reason)
    reasons += [missing] if missing else []
    recorded, unsaid = recorded_after(session, hand, event, said, named)
    reasons += unsaid
    left_out = [name for name in workflow.event(event).written.asks if name not in recorded]
    taken = {} if not_theirs or actor is None else place_taken(workflow, event, actor, hand)
    seen = {**pending, **taken, "recorded": recorded}
    try:
        facts = audit_facts(hand, _person(actor), seen, today=day_of(at), event=event)
        to = next_stage(workflow, audit["stage"], event, facts, unsaid=left_out)
        left = replace(hand, audit={**audit, **kept_columns(hand, recorded, taken)})
        opened = opened_with(
            session, left, (actor, runner), event, {**facts.values, "stage": to}, definitions=definitions, at=at,
            reason=reason or pending.get("answer_text"),
        )  # fmt: skip
    except Refused as refused:
        # Whoever may not do this may not know what is open either: a head of practice who grades it blind.
        more = [one for one in refused.reasons if not (not_theirs and one.rule in _TELLING_WHAT_IS_OPEN)]
        raise Refused(f"cannot {what}", [*reasons, *more]) from None
    if reasons:
        raise Refused(f"cannot {what}", reasons)
    columns: dict[str, Any] = {name: value for name, value in pending.items() if name in audit}
    columns |= arrived(workflow, audit, event, to, day_of(at), recorded)
    columns["locked"] = workflow.locked_after(event, to, audit["locked"])
    columns |= kept_columns(hand, recorded, taken)
    told: dict[str, Any] = {"event": event}
    if reason:
        told["reason"] = reason
    if opened.references:
        told["opened"] = list(opened.references)
    change = Change("recorded", columns=columns, told=told, happenings=opened.happenings, rows=opened.rows)
    if not stays(workflow, event, audit["stage"], to):
        finalise_grades(columns, workflow.stage(to).finalises, audit, pending)
        change.kind, change.told = "moved", {"event": event, "to": to, **told}
    return change


def _not_theirs(hand: AtHand, event: str, actor: Actor | None) -> list[Reason]:
    workflow, stage = hand.workflow, str(hand.audit["stage"])
    if actor is None:
        return clock_may(workflow, event, stage, hand.people, hand.names)
    return may_do(workflow, event, actor, hand.people, hand.names, stage)


def _person(actor: Actor | None) -> UUID | None:
    return actor.person if actor is not None else None


_TELLING_WHAT_IS_OPEN = frozenset({"no_open_escalation", "closed", "opened"})


def _what(hand: AtHand, event: str) -> str:
    known = hand.workflow.events.get(event)
    title = known.written.title if known else event.replace("_", " ")
    return f"{title[:1].lower()}{title[1:]}"


def move(
    db: Database, actor: Actor, command: Command, reference: str, event: str, *, at: datetime,
    definitions: Definitions, reason: str | None = None, said: Mapping[str, str] = NOTHING_SAID,
    named: Mapping[str, str] = NOTHING_SAID,
) -> None:  # fmt: skip
    """A plain move: begin, share, close, withdraw, pause. Those that need more have actions of their own.

    Args:
        definitions: Under which the event opens what it opens.
        reason: What the person wrote, or the id of the listed reason they chose.
        said: What they say of the records the event asks for, by record.
        named: Whom they name, by place; nobody, of an audit.

    Raises:
        Refused: every reason why not, or that this event is made by another action.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        return plain_move(
            session, hand, actor, event, at=at, definitions=definitions, reason=reason, said=said, named=named
        )

    change_audit(db, actor, command, reference, event.replace("_", " "), decide, at=at, event=event)


def plain_move(
    session: Session, hand: AtHand, actor: Actor | None, event: str, *, at: datetime, definitions: Definitions,
    reason: str | None = None, said: Mapping[str, str] = NOTHING_SAID, named: Mapping[str, str] = NOTHING_SAID,
    runner: UUID | None = None,
) -> Change:  # fmt: skip
    """What a plain move changes, an end included. Raises Refused as `move`.

    Args:
        actor: None when the clock does it.
        runner: Whoever runs the clock, when that does it.
    """
    if event in _WITH_MORE:
        text = f"'{_what(hand, event)}' needs more than this: {_WITH_MORE[event]}."
        raise Refused(f"cannot {_what(hand, event)}", [Reason("event", text)])
    change = moved(
        session, hand, actor, event, at=at, pending={}, definitions=definitions, reason=reason, said=said, named=named,
        runner=runner,
    )  # fmt: skip
    to = hand.workflow.stage(change.columns["stage"])
    if to.final and to.id in _without_final_grades(hand.workflow):
        # It counts no more, also where its grades were final.
        change.columns["counts_on"] = None
        if hand.workflow.event(event).written.reason_from is not None:
            change.columns["withdrawn_because"] = reason
    if to.final:
        _end_moderation(session, hand, actor, change, day_of(at))
    return change


@lru_cache(maxsize=64)
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
            ahead += [workflow.workflow.arrives(end, stage) for one in workflow.events_from(stage) for end in one.ends]
    return frozenset(found)


def _end_moderation(session: Session, hand: AtHand, actor: Actor | None, change: Change, day: date) -> None:
    """A moderation that is under way ends with its audit."""
    moderation = hand.moderation
    if moderation is None or moderation["workflow_digest"] is None:
        return
    workflow = workflow_of(session, moderation["workflow_digest"])
    if not workflow.stage(moderation["stage"]).final:
        facts = moderation_facts(hand, _person(actor), today=day, event=workflow.events.get("withdraw"))
        to = next_stage(workflow, moderation["stage"], "withdraw", facts)
        on_moderation(change, hand, arrived(workflow, moderation, "withdraw", to, day), {}, "moved", event="withdraw")


_WITH_MORE = {
    "allocate": "`audit allocate` chooses an independent auditor",
    "reallocate": "the new auditor, with --to PERSON",
    "submit": "the overall grade and the feedback line, which `audit grade AUDIT` asks for",
    "take": "`audit grade AUDIT --moderate` takes it on",
    "finalise": "the decisions of the moderator, which `audit grade AUDIT --moderate` asks for",
    "return": "the decisions of the moderator, which `audit grade AUDIT --moderate` asks for",
    "answer": "the practitioner's own words, which `audit grade AUDIT --answer` asks for",
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
    records: Mapping[str, str] = field(default_factory=dict)
    """What is said of the records that submitting asks for, where it asks for any."""


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
            chosen = selection(session, hand, catalogue, {**hand.audit, **pending}, judged.second_look)
            pending |= {"selected": chosen.selected, "selected_because": chosen.because}
        change = moved(
            session,
            hand,
            actor,
            "submit",
            at=at,
            pending=pending,
            definitions=lambda: catalogue,
            said=said.records,
            against=against,
        )
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
    db: Database, actor: Actor, command: Command, reference: str, said: str, text: str = "", *, at: datetime,
    definitions: Definitions, records: Mapping[str, str] = NOTHING_SAID,
) -> None:  # fmt: skip
    """The practitioner's answer to a shared audit.

    Args:
        said: `accepted` or `challenged`; a challenge needs its words.
        records: What is said of the records that answering asks for, where it asks for any.

    Raises:
        Refused: not shared with them, or a challenge without words.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        words, against = clean_text(text, "answer"), []
        if said not in ("accepted", "challenged"):
            against = [Reason("answer", "An answer is either accepted or challenged. Say which of the two.")]
        elif said == "challenged" and not words:
            against = [Reason("answer", "A challenge needs your reasons. Say what you see differently.")]
        pending = {"answer": said, "answer_text": words or None, "answered_on": day_of(at)}
        return moved(
            session, hand, actor, "answer", at=at, pending=pending, definitions=definitions, said=records,
            against=against,
        )  # fmt: skip

    change_audit(db, actor, command, reference, "answer", decide, at=at, action="answer")


def reallocate(
    db: Database, actor: Actor, command: Command, reference: str, auditor: str, reason: str, *, at: datetime,
    definitions: Definitions, records: Mapping[str, str] = NOTHING_SAID,
) -> None:  # fmt: skip
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
        pending = {"auditor": person}
        return moved(
            session,
            hand,
            actor,
            "reallocate",
            at=at,
            pending=pending,
            definitions=definitions,
            reason=reason,
            said=records,
            against=against,
        )

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
