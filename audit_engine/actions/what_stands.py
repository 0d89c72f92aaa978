"""What stands once a moderator has decided: whether it permits the overall grade, and what is looked past."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audit_engine.actions import overriding
from audit_engine.engine.grading import Judgement
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason
from audit_engine.queries.at_hand import AtHand
from audit_engine.queries.deciding import unescalated
from audit_engine.queries.step_reasons import lacking


def past_rules(
    hand: AtHand, stands: Mapping[str, dict[str, Any] | None], actor: Actor, overall: str | None,
    overrides: Mapping[str, str], what: str,
) -> tuple[dict[str, Any] | None, list[Reason]]:  # fmt: skip
    """What of the rules looked past is kept with the audit, and what is wrong with it. Arguments as `looked_past`."""
    if not overrides:
        return None, []
    scale = hand.rubric.scale
    order = scale.order(overall) if overall in scale.ids and overall is not None else None
    kept, wrong = overriding.looked_past(with_decided(hand, stands).judged(), actor, overrides, order, what)
    return kept or None, wrong


def with_decided(hand: AtHand, stands: Mapping[str, dict[str, Any] | None]) -> AtHand:
    """The audit with the answers that stand after the decisions."""
    decided = {name: _reasoned(hand, row) for name, row in stands.items() if row is not None}
    return replace(hand, ratings={**hand.ratings, **decided})


def not_permitted(hand: AtHand, stands: Mapping[str, dict[str, Any] | None], overall: str | None) -> list[Reason]:
    """Why the overall grade may not be: the answers now standing must permit it and be whole, and nobody at risk be
    left alone."""
    if (overall is None) == hand.audit["graded"]:
        text = (
            "This audit is made without grades, so it has no overall grade. Leave it out."
            if overall
            else "Choose the overall grade that stands."
        )
        return [Reason("overall", text)]
    judged = with_decided(hand, stands).judged(overall)
    return [*judged.refused, *_incomplete(hand, judged), *lacking(hand, judged), *not_escalated(hand, judged)]


def _incomplete(hand: AtHand, judged: Judgement) -> list[Reason]:
    """What is expected, stands after the decisions and yet has no whole answer: to decide again, or to return."""
    missing = tuple(one.title for one in judged.missing) if hand.audit["graded"] else ()
    text = GUARDS["every_expected_criterion_answered"](MoveFacts(unanswered=missing))
    return [Reason("every_expected_criterion_answered", text)] if text is not None else []


def _reasoned(hand: AtHand, row: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that stands by a decision, with what is written for it: the moderator's own note and pointer where
    theirs stands; where a third does, the reason of the decision, and the pointer of either."""
    blind = hand.blind[row["criterion"]]
    if blind["decision"] == "moderator":
        return {**row, "note": blind["note"], "pointer": blind["pointer"]}
    return {**row, "note": blind["decided_reason"], "pointer": row.get("pointer") or blind["pointer"]}


def not_escalated(hand: AtHand, judged: Judgement) -> list[Reason]:
    """As at submitting, whoever finds it: a child may be at risk, and nobody was told."""
    name = "safety_critical_inadequate_is_escalated"
    text = GUARDS[name](MoveFacts(unescalated=unescalated(hand, judged)))
    return [Reason(name, text)] if text is not None else []


def direction(hand: AtHand, overall: str | None) -> str | None:
    """`agreed`, `raised` or `lowered`, beside the auditor's overall grade; None where one of them is missing."""
    given = hand.audit["overall"]
    if given is None or overall is None:
        return None
    scale = hand.rubric.scale
    difference = scale.order(overall) - scale.order(given)
    return "agreed" if difference == 0 else "raised" if difference > 0 else "lowered"
