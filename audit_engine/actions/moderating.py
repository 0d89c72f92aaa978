"""Moderation: a second person grades blind, locks, sees both, decides each disagreement, and returns or finalises.

The audit and its moderation have each a chain of their own; what moves both is one transaction with an entry on
each. Until the lock, nothing here reads the auditor's ratings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session, SQLModel, col

from audit_engine.actions import overriding
from audit_engine.actions.changing import Change, change_audit, clean_text
from audit_engine.actions.command import Command
from audit_engine.actions.moderation_rows import on_moderation
from audit_engine.actions.moving import NOTHING_SAID, moved
from audit_engine.actions.new_matters import Definitions
from audit_engine.actions.what_stands import direction, not_escalated, not_permitted, past_rules
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.arriving import arrived, begun
from audit_engine.engine.independence import conflicts
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, workflow_of
from audit_engine.queries.deciding import disagreements, moderation_facts, standing_after
from audit_engine.queries.standing import barred
from audit_engine.queries.step_reasons import lacking, not_compared
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening
from audit_engine.records.pins import pin
from audit_engine.records.prepared import Prepared
from audit_engine.records.tables import Moderation

WORKFLOW = "moderation"
BLIND_COLUMNS = (
    "criterion", "applicability", "reason", "grade", "grade_order", "evidence", "impact", "pointer", "note",
    "decision", "decided_applicability", "decided_grade", "decided_reason", "answers", "members",
)  # fmt: skip

_MODERATIONS = SQLModel.metadata.tables["moderations"]
_NEW = Prepared(insert(_MODERATIONS), *_MODERATIONS.columns.keys())
_COUNT = Prepared(select(func.count()).select_from(Moderation).where(col(Moderation.audit) == bindparam("of")))


def take(
    db: Database, actor: Actor, command: Command, reference: str, catalogue: Catalogue, *, at: datetime,
    records: Mapping[str, str] = NOTHING_SAID,
) -> None:  # fmt: skip
    """Take a submitted audit to moderate it: from now on the actor is its moderator, and grades blind.

    Args:
        records: What is said of the records that taking it on asks for, where it asks for any.

    Raises:
        Refused: not waiting for a moderator, or the actor is not independent.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        taking = {"moderator": actor.person}
        change = moved(session, hand, actor, "take", at=at, pending=taking, definitions=lambda: catalogue, said=records)
        workflow = catalogue.workflows[WORKFLOW]
        digest = pin(session, catalogue.pins["workflow", WORKFLOW])
        counted = _COUNT.first(session.connection(), {"of": hand.key})
        number = (int(counted[0]) if counted is not None else 0) + 1
        to, first = workflow.event("begin_blind").ends[-1].to, begun(workflow, day_of(at))
        key = uuid4()
        row: dict[str, Any] = {
            "audit": hand.key, "number": number, "workflow_digest": digest, "moderator": actor.person,
            "assigned_on": day_of(at), "moderated_on": None, "blind_overall": None, "decided_overall": None,
            "direction": None, "reason": None, **arrived(workflow, first, "begin_blind", to, day_of(at)),
        }  # fmt: skip
        change.happenings.append(Happening(key, "moderation", "assigned", {"row": row, "blind_ratings": []}, digest))

        def add(session: Session, turns: Mapping[UUID, int]) -> None:
            _NEW.write(session.connection(), {**row, "key": key, "turn": turns[key]})

        change.rows.append(add)
        return change

    change_audit(db, actor, command, reference, "take this audit on", decide, at=at, action="moderate", ratings=False)


def choose_blind_overall(
    db: Database, actor: Actor, command: Command, reference: str, overall: str, *, at: datetime
) -> None:
    """The moderator's own overall grade, before they see the auditor's. Raises Refused as `rate`."""

    def decide(_session: Session, hand: AtHand) -> Change:
        what = "save this grade"
        may_grade_blind(hand, actor, what)
        if not hand.audit["graded"]:
            text = "This audit is made without grades, so it has no overall grade. Leave the overall grade out."
            raise Refused(f"cannot {what}", [Reason("graded", text)])
        if overall not in hand.rubric.scale.ids:
            text = f"'{overall}' is no grade of this scale. Choose: {', '.join(reversed(hand.rubric.scale.ids))}."
            raise Refused(f"cannot {what}", [Reason("overall", text)])
        barred = _barred(hand, overall)
        if barred:
            raise Refused(f"cannot {what}", barred)
        return blind_change(hand, actor, {}, what, columns={"blind_overall": overall})

    change_audit(db, actor, command, reference, "save this grade", decide, at=at, action="moderate", ratings=False)


def may_grade_blind(hand: AtHand, actor: Actor, what: str) -> Mapping[str, Any]:
    """The moderation in which the actor grades blind now. Raises Refused when there is none."""
    moderation = _mine(hand, actor, what)
    if moderation["stage"] != "blind":
        text = "Blind grades are locked: the auditor's grades were shown after that. Decide the disagreements instead."
        raise Refused(f"cannot {what}", [Reason("locked", text)])
    return moderation


def blind_change(
    hand: AtHand, actor: Actor, rows: Mapping[str, dict[str, Any]], what: str, columns: Mapping[str, Any] | None = None
) -> Change:
    """What saving blind answers changes: nothing on the audit but its turn, the rest on the moderation."""
    moderation = may_grade_blind(hand, actor, what)
    whole = {name: {column: row.get(column) for column in BLIND_COLUMNS} for name, row in rows.items()}
    change = Change("moderated", told={"moderation": moderation["key"]})
    on_moderation(change, hand, columns or {}, whole, "rated")
    return change


def lock(db: Database, actor: Actor, command: Command, reference: str, *, at: datetime) -> None:
    """Lock the blind grades for good and see the auditor's. Raises Refused while any is missing."""
    what = "lock the blind grades"

    def decide(session: Session, hand: AtHand) -> Change:
        moderation, workflow = _mine(hand, actor, what), _workflow(session, hand, actor, what)
        day = day_of(at)
        facts = moderation_facts(hand, actor.person, today=day)
        against = _not_theirs(workflow, "lock", actor, hand)
        against += _against_locking(hand) if moderation["stage"] == "blind" else []
        locked = _next(workflow, moderation["stage"], "lock", facts, what, against)
        columns = arrived(workflow, moderation, "lock", locked, day)
        compared = next_stage(workflow, locked, "compare", facts)
        columns = arrived(workflow, columns, "compare", compared, day)
        change = Change("moderated", told={"moderation": moderation["key"], "event": "lock"})
        on_moderation(change, hand, columns, {}, "moved", event="lock")
        return change

    change_audit(db, actor, command, reference, what, decide, at=at, action="moderate", ratings=False)


def _against_locking(hand: AtHand) -> list[Reason]:
    """What the moderator's own grades forbid: an overall grade above them, a child at risk whom nobody heard of, a
    grade without the note or the pointer that it demands of the auditor, too."""
    judged = hand.judged_blind()
    chosen = hand.moderation["blind_overall"] if hand.moderation else None
    against = _barred(hand, chosen) if chosen is not None and not judged.missing else []
    return [*against, *lacking(hand, judged), *not_escalated(hand, judged)]


def _barred(hand: AtHand, overall: str) -> list[Reason]:
    return list(hand.judged_blind(overall).refused)


def _next(
    workflow: ReadWorkflow, stage: str, event: str, facts: MoveFacts, what: str, against: Sequence[Reason]
) -> str:
    """Where an event of the moderation leads. Raises Refused with what the guards say and `against`."""
    try:
        to = next_stage(workflow, stage, event, facts)
    except Refused as refused:
        raise Refused(f"cannot {what}", [*refused.reasons, *against]) from None
    if against:
        raise Refused(f"cannot {what}", against)
    return to


@dataclass(frozen=True, slots=True)
class Decision:
    """Whose answer stands on one disagreement, and why."""

    whose: str
    """`auditor`, `moderator` or `other`."""
    reason: str
    grade: str | None = None
    """With `other`: the grade that stands."""


def decide_disagreement(
    db: Database, actor: Actor, command: Command, reference: str, criterion: str, decision: Decision, *, at: datetime
) -> None:
    """Decide whose answer stands on one criterion where the two differ. Needs a reason.

    Raises:
        Refused: before the lock, on a criterion where they agree, or without a reason.
    """
    what = "decide this"

    def decide(session: Session, hand: AtHand) -> Change:
        _compared(session, hand, actor, what)
        if criterion not in disagreements(hand):
            raise Refused(
                f"cannot {what}",
                [Reason("criterion", "Auditor and moderator agree on it; there is nothing to decide.")],
            )
        words = clean_text(decision.reason, what)
        if not words:
            raise Refused(f"cannot {what}", [Reason("reason", "A decision needs its reason. Say why in a sentence.")])
        row = _decided(hand, criterion, replace(decision, reason=words), what)
        change = Change("moderated", told={"moderation": _mine(hand, actor, what)["key"]})
        on_moderation(change, hand, {}, {criterion: row}, "decided")
        return change

    change_audit(db, actor, command, reference, what, decide, at=at, action="moderate", criterion=criterion)


def finalise(
    db: Database, actor: Actor, command: Command, reference: str, overall: str | None, reason: str | None = None, *,
    at: datetime, definitions: Definitions, records: Mapping[str, str] = NOTHING_SAID,
    overrides: Mapping[str, str] = overriding.NONE,
) -> None:  # fmt: skip
    """Decide the overall grade and make the grades final; what the auditor gave and what was blind stay beside them.

    Args:
        overrides: Why a limiting rule that bars the grade is looked past, by rule; they stay marked.
        records: What is said of the records that finalising asks for, where it asks for any.

    Raises:
        Refused: a disagreement is not decided, the grade is not permitted, or it differs without a reason.
    """
    what = "finalise this audit"

    def decide(session: Session, hand: AtHand) -> Change:
        moderation, workflow = _compared(session, hand, actor, what), _workflow(session, hand, actor, what)
        stands = {name: standing_after(hand, name) for name in disagreements(hand)}
        words = clean_text(reason or "", what) or None
        against = _not_theirs(workflow, "decide", actor, hand)
        past, wrong = past_rules(hand, stands, actor, overall, overrides, what)
        standing = replace(hand, audit={**hand.audit, "overridden": past})
        against += [*wrong, *not_permitted(standing, stands, overall), *_still_independent(session, hand, at)]
        if overall is not None and overall != hand.audit["overall"] and words is None:
            text = "Another overall grade than the auditor's needs a reason. Say why in a sentence."
            against.append(Reason("reason", text))
        adjusted = overall != hand.audit["overall"] or any(row is not None for row in stands.values())
        pending = {"decided_overall": overall, "adjusted": adjusted}
        facts = moderation_facts(hand, actor.person, pending, today=day_of(at), event=workflow.events.get("decide"))
        to = _next(workflow, moderation["stage"], "decide", facts, what, against)
        final = {"final_overall": overall, "overridden": past}
        change = moved(session, hand, actor, "finalise", at=at, pending=final, definitions=definitions, said=records)
        change.ratings |= {name: row for name, row in stands.items() if row is not None}
        columns = arrived(workflow, moderation, "decide", to, day_of(at)) | {
            "decided_overall": overall, "moderated_on": day_of(at), "reason": words,
            "direction": direction(hand, overall),
        }  # fmt: skip
        on_moderation(change, hand, columns, {}, "moved", event="decide")
        return change

    change_audit(db, actor, command, reference, what, decide, at=at, action="moderate")


def return_to_auditor(
    db: Database, actor: Actor, command: Command, reference: str, reason: str, *, at: datetime,
    definitions: Definitions, records: Mapping[str, str] = NOTHING_SAID,
) -> None:  # fmt: skip
    """Send the audit back to its auditor, with the reason; the blind grades stay kept. Raises Refused without one."""
    what = "return this audit"

    def decide(session: Session, hand: AtHand) -> Change:
        moderation, workflow = _compared(session, hand, actor, what), _workflow(session, hand, actor, what)
        words = clean_text(reason, what)
        missing = reason_missing(workflow, "return", words)
        against = _not_theirs(workflow, "return", actor, hand)
        against += [missing] if missing is not None else []
        facts = moderation_facts(hand, actor.person, today=day_of(at), event=workflow.events.get("return"))
        to = _next(workflow, moderation["stage"], "return", facts, what, against)
        change = moved(
            session, hand, actor, "return", at=at, pending={}, definitions=definitions, reason=words, said=records
        )
        change.columns["returned_times"] = hand.audit["returned_times"] + 1
        columns = arrived(workflow, moderation, "return", to, day_of(at)) | {"reason": words}
        on_moderation(change, hand, columns, {}, "moved", event="return")
        return change

    change_audit(db, actor, command, reference, what, decide, at=at, action="moderate")


def _mine(hand: AtHand, actor: Actor, what: str) -> Mapping[str, Any]:
    moderation = hand.moderation
    if moderation is None or hand.audit["stage"] != "moderation":
        here, reference = hand.workflow.stage(hand.audit["stage"]), hand.audit["reference"]
        text = f"It came to its end at '{here.title}'. To read what was recorded: audit show {reference}."
        text = text if here.final else "This audit is not being moderated. Take it on first."
        raise Refused(f"cannot {what}", [Reason("stage", text)])
    if moderation["moderator"] != actor.person:
        who = hand.names.get(moderation["moderator"], "somebody else")
        raise Refused(f"cannot {what}", [Reason("by", f"{who} moderates this audit. Ask them.")])
    return moderation


def _not_theirs(workflow: ReadWorkflow, event: str, actor: Actor, hand: AtHand) -> list[Reason]:
    """Why the moderation's own workflow does not let the actor do this."""
    moderation = hand.moderation
    assert moderation is not None  # noqa: S101 - `_mine` has seen that there is one
    return may_do(workflow, event, actor, hand.people, hand.names, moderation["stage"])


def _compared(session: Session, hand: AtHand, actor: Actor, what: str) -> Mapping[str, Any]:
    moderation = _mine(hand, actor, what)
    if (not_now := not_compared(session, hand)) is not None:
        raise Refused(f"cannot {what}", [Reason("locked", not_now)])
    return moderation


def _workflow(session: Session, hand: AtHand, actor: Actor, what: str) -> ReadWorkflow:
    moderation = _mine(hand, actor, what)
    return workflow_of(session, moderation["workflow_digest"])


def _decided(hand: AtHand, criterion: str, decision: Decision, what: str) -> dict[str, Any]:
    blind, given = hand.blind.get(criterion), hand.ratings.get(criterion)
    source = {"auditor": given, "moderator": blind}.get(decision.whose)
    if decision.whose == "other":
        if not hand.rubric.criteria[criterion].graded:
            text = "It is answered by its questions alone and has no grade. Say whose answers stand."
            raise Refused(f"cannot {what}", [Reason("grade", text)])
        if decision.grade not in hand.rubric.scales[criterion].ids:
            text = f"Say which grade stands: {', '.join(reversed(hand.rubric.scales[criterion].ids))}."
            raise Refused(f"cannot {what}", [Reason("grade", text)])
        if hand.rubric.criteria[criterion].ladder and not _whole(given) and not _whole(blind):
            text = "A grade alone is no whole answer here: neither said what evidence there is and what came of it."
            raise Refused(f"cannot {what}", [Reason("decision", f"{text} Choose one of the two, or return the audit.")])
        applicability: str = "expected"
        grade: str | None = decision.grade
    elif decision.whose in ("auditor", "moderator"):
        applicability = source["applicability"] if source else "not_expected_by_rule"
        grade = source["grade"] if source else None
    else:
        raise Refused(f"cannot {what}", [Reason("decision", "Say whose answer stands: auditor, moderator or other.")])
    row = dict(blind) if blind else {"criterion": criterion, "applicability": "not_expected_by_rule"}
    return {column: row.get(column) for column in BLIND_COLUMNS} | {
        "decision": decision.whose, "decided_applicability": applicability, "decided_grade": grade,
        "decided_reason": decision.reason,
    }  # fmt: skip


def _whole(row: Mapping[str, Any] | None) -> bool:
    return row is not None and row["evidence"] is not None and row["impact"] is not None


def _still_independent(session: Session, hand: AtHand, at: datetime) -> list[Reason]:
    """Auditor and moderator as people stand today, not as they stood when the audit was allocated."""
    against = barred(session, hand, day_of(at))
    return conflicts(hand.people, against.everywhere, hand.names, against.moderating)
