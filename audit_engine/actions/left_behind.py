"""What an event of an audit leaves behind beside its stage: records, places, the grade that stands, what opened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from audit_engine.actions.new_matters import Definitions, Opened
from audit_engine.actions.opening_by_event import from_audit, opened_by_event
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import taken_by
from audit_engine.engine.saying import audits_named, judged_said, no_such_audit
from audit_engine.problems import Reason
from audit_engine.queries.asking import is_of_case
from audit_engine.queries.at_hand import AtHand, Row
from audit_engine.safe_text import quoted


def finalise_grades(columns: dict[str, Any], finalises: bool, audit: Row, pending: Mapping[str, Any]) -> None:
    """What coming to a stage does to the grade that stands."""
    if finalises:
        # It counts on the day it was first submitted, and only once it is final. What was final before it was only
        # laid aside stays; what was handed in anew is what stands.
        columns["counts_on"] = pending.get("audited_on") or audit["audited_on"]
        stands = pending.get("overall") or audit["final_overall"] or audit["overall"]
        columns.setdefault("final_overall", stands)
    elif "overall" in pending and audit["final_overall"] is not None:
        columns["final_overall"] = None


def recorded_after(
    session: Session, hand: AtHand, event: str, said: Mapping[str, str], named: Mapping[str, str]
) -> tuple[dict[str, str], list[Reason]]:
    """All that is recorded after the event, without what was asked for and not said; and why it does not do."""
    workflow = hand.workflow
    changes, reasons = judged_said(workflow, event, said)
    for name, reference in audits_named(workflow, changes).items():
        if not is_of_case(session, reference, hand.audit["case_key"], other_than=hand.key):
            reasons.append(no_such_audit(workflow, name, reference))
    title = workflow.event(event).written.title
    reasons += [
        Reason("names", f"'{title}' names nobody, so {quoted(place)} cannot be named with it. Leave it out.")
        for place in named
    ]
    before = {name: kept for name, kept in hand.recorded.items() if name not in workflow.event(event).written.asks}
    return before | changes, reasons


def place_taken(workflow: ReadWorkflow, event: str, actor: Actor, hand: AtHand) -> dict[str, UUID]:
    """The place the actor takes by doing this, if it is one."""
    place = taken_by(workflow, workflow.event(event).written.by, actor, hand.people)
    return {place: actor.person} if place is not None else {}


def kept_columns(hand: AtHand, recorded: Mapping[str, str], taken: Mapping[str, UUID]) -> dict[str, Any]:
    """The columns of what is recorded and who stands where, where an event says either."""
    columns: dict[str, Any] = {}
    if recorded and recorded != hand.audit["recorded"]:
        columns["recorded"] = dict(recorded)
    if taken:
        columns["places"] = (hand.audit["places"] or {}) | {place: person.hex for place, person in taken.items()}
    return columns


def opened_with(
    session: Session, hand: AtHand, by: tuple[Actor | None, UUID | None], event: str, values: Mapping[str, Value],
    *, definitions: Definitions, at: datetime, reason: str | None,
) -> Opened:  # fmt: skip
    """What the event opens. Raises Refused when something cannot be.

    Args:
        hand: With the people as the event leaves them.
        by: Who does it, or who runs the clock.
        values: As the event leaves them.
    """
    read, (actor, runner) = hand.workflow.event(event), by
    opener = actor.person if actor is not None else runner
    if not read.opens or opener is None:
        return Opened()
    return opened_by_event(
        session,
        definitions(),
        from_audit(hand),
        read,
        values,
        by=opener,
        actor=actor.person if actor is not None else None,
        at=at,
        reason=reason,
    )
