"""From an audit at hand to what guards and conditions look at. Read in the transaction that will move it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import ASK_OF_GRADES
from audit_engine.definitions.workflow_parts_checks import words_of_records
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import Judgement, Missing
from audit_engine.engine.move_facts import MoveFacts, kept_values
from audit_engine.engine.saying import as_recorded
from audit_engine.queries.at_hand import AtHand, Row


def audit_facts(
    hand: AtHand, actor: UUID | None, pending: Mapping[str, Any] | None = None, *, today: date,
    event: str | None = None,
) -> MoveFacts:  # fmt: skip
    """What an event of the audit is decided on.

    Args:
        event: Which one it is, when it is one: where nothing of it asks what the grades come to, that is not worked
            out, and nothing here tells of it; nor do the values then tell of what hangs on it.
        pending: Columns the event is about to set, as if they were set: the chosen overall grade, what is recorded;
            and by their places, who takes one.
        today: The day of the event, for windows.
    """
    audit = {**hand.audit, **(pending or {})}
    recorded = as_recorded(hand.workflow, audit["recorded"])
    asked = _EVERYTHING if event is None else _asked(hand.workflow, event)
    links = hand.workflow.workflow.links if asked.links else {}
    kept = kept_values(recorded, hand.links, _words(hand.workflow), links)
    known = MoveFacts(
        values=_values(hand, audit) | kept,
        overall=audit["overall"],
        graded=audit["graded"],
        feedback_explained=bool((audit["feedback_reason"] or "").strip()),
        open_escalations=hand.open_escalations,
        people={**hand.people, **{k: v for k, v in (pending or {}).items() if k in hand.people}},
        names=hand.names,
        actor=actor,
        links=hand.links,
        recorded=recorded,
        entered=hand.audit["entered"] or {},
        today=today,
    )
    if not asked.grades:
        return known
    judged = hand.judged(audit["overall"], audit["overall_reason"])
    titles = {name: criterion.title for name, criterion in hand.rubric.criteria.items()}
    missing = still_missing(judged, hand.ratings, graded=audit["graded"])
    return replace(
        known,
        values={**known.values, "suggested": judged.suggested or "none"},
        unanswered=tuple(one.title for one in missing),
        without_evidence=tuple(titles[name] for name in judged.without_evidence),
        without_note=tuple(titles[name] for name in judged.without_note),
        permitted=judged.permitted,
        bound_by=_barring(hand, judged, audit["overall"]),
        overall_needs_reason=audit["graded"] and judged.needs_reason,
        unescalated=unescalated(hand, judged),
    )


def _barring(hand: AtHand, judged: Judgement, chosen: str | None) -> tuple[str, ...]:
    """The sentences of the rules that take the chosen grade away; of all that take any, where there is no such grade.

    A rule that only warns takes none, nor does one that was looked past.
    """
    scale = hand.rubric.scale
    orders = [scale.order(chosen)] if chosen in scale.ids else range(len(scale.ids))
    return tuple(bar.because for bar in judged.bound_by if any(bar.bars(order) for order in orders))


def still_missing(judged: Judgement, rows: Collection[str], *, graded: bool) -> list[Missing]:
    """The criteria that still wait for an answer.

    Args:
        rows: The criteria of which something was said.
        graded: Where the audit is made without grades, whatever was said is an answer, but for open questions.
    """
    return [one for one in judged.missing if graded or one.criterion not in rows or "answers" in one.lacks]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What anything of an event asks."""

    grades: bool
    """What the auditor's grades come to, or what they lack."""
    links: bool
    """How what hangs on it stands, in a condition. What demands ask of links they ask for themselves."""


_EVERYTHING = _Asked(grades=True, links=True)


@lru_cache(maxsize=1024)
def _asked(workflow: ReadWorkflow, event: str) -> _Asked:
    found = workflow.event(event)
    conditions = [condition for condition, _ in found.conditions]
    conditions += [end.when for end in found.ends if end.when is not None]
    conditions += [when for _, when in found.opens if when is not None]
    names = {name for condition in conditions for name in condition.names}
    links = any(name.partition(".")[0] in workflow.workflow.links for name in names)
    return _Asked("suggested" in names or not ASK_OF_GRADES.isdisjoint(_guards(found)), links)


def _guards(event: ReadEvent) -> frozenset[str]:
    return frozenset((*event.guards, *(guard for end in event.ends for guard in end.guards)))


@lru_cache(maxsize=64)
def _words(workflow: ReadWorkflow) -> Mapping[str, object]:
    return words_of_records(workflow.workflow)


def unescalated(hand: AtHand, judged: Judgement) -> tuple[str, ...]:
    """Titles of the criteria that must be escalated and are not.

    An escalation that names the criterion tells of it, also when it is closed by now. One that names none may have
    been about anything: it tells of it while it is open, when whoever works on it can still be told.
    """
    told = {one["criterion"] for one in hand.escalations if one["criterion"] or one["open"]}
    if None in told:
        return ()
    return tuple(hand.rubric.criteria[name].title for name in judged.escalates if name not in told)


def _values(hand: AtHand, audit: Row) -> dict[str, Value]:
    values: dict[str, Value] = {
        "graded": audit["graded"],
        "escalation.open": hand.open_escalations > 0,
        "feedback": audit["feedback"] or "unknown",
        "answer": audit["answer"] or "none",
        "returned_times": audit["returned_times"],
        "overall": audit["final_overall"] or audit["overall"] or "none",
    }
    known = {"collaborative": audit["collaborative"], "selected_for_moderation": audit["selected"]}
    values |= {name: value for name, value in known.items() if value is not None}
    return values | as_values(audit["facts"])


def moderation_facts(
    hand: AtHand, actor: UUID | None, pending: Mapping[str, Any] | None = None, *, today: date,
    event: ReadEvent | None = None,
) -> MoveFacts:  # fmt: skip
    """What an event of the moderation is decided on. Before the lock `hand` holds no rating of the auditor's.

    Args:
        event: Which one it is, when it is one: what the blind grades lack, and what is not decided yet, is then only
            worked out where a guard of it asks.
        pending: Columns the event is about to set; with the overall grade that is decided, also whether what stands is
            `adjusted`. Until somebody decides, that is not known: it would tell of grades.
    """
    moderation = {**(hand.moderation or {}), **(pending or {})}
    graded = hand.audit["graded"]
    guards = _guards(event) if event is not None else frozenset(("blind_grades_complete", "every_disagreement_decided"))
    missing = _blind_missing(hand, moderation) if "blind_grades_complete" in guards else []
    values: dict[str, Value] = {"graded": graded, "escalation.open": hand.open_escalations > 0}
    if "adjusted" in (pending or {}):
        values["adjusted"] = moderation["adjusted"]
    return MoveFacts(
        values=values | as_values(hand.audit["facts"]),
        graded=graded,
        open_escalations=hand.open_escalations,
        people=hand.people,
        names=hand.names,
        blind_missing=tuple(missing),
        undecided=tuple(undecided(hand, moderation)) if "every_disagreement_decided" in guards else (),
        actor=actor,
        entered=moderation.get("entered") or {},
        today=today,
    )


def _blind_missing(hand: AtHand, moderation: Row) -> list[str]:
    """Titles of the criteria without a blind grade, the overall grade among them."""
    graded = hand.audit["graded"]
    missing = [one.title for one in still_missing(hand.judged_blind(), hand.blind, graded=graded)]
    if graded and moderation.get("blind_overall") is None:
        missing.append("the overall grade")
    return missing


def escalation_facts(hand: AtHand, escalation: Row, actor: UUID | None, *, today: date) -> MoveFacts:
    """What an event of an escalation is decided on."""
    return MoveFacts(
        values={"graded": hand.audit["graded"], "escalation.open": True},
        open_escalations=hand.open_escalations,
        people=hand.people,
        names=hand.names,
        raised_by=escalation["raised_by"],
        actor=actor,
        entered=escalation["entered"] or {},
        today=today,
    )


def differs(given: Row | None, blind: Row | None, *, ladder: bool = False, answers: bool = False) -> bool:
    """Whether auditor and moderator answered one criterion differently.

    In whether it applies, or in its grade; on a ladder also in what evidence there is or whether it made a difference.

    Args:
        answers: Its questions are all there is to answer, so that they are held against each other. Members are
            compared by what is answered of each: two people may call one child differently.
    """
    ours, theirs = (_answer(row, ladder=ladder, answers=answers) for row in (given, blind))
    return ours != theirs


def _answer(row: Row | None, *, ladder: bool, answers: bool) -> tuple[object, ...]:
    """Not expected is not expected, however it was decided; only the moderator's list of reasons may differ."""
    if row is None:
        return ("not_expected", None)
    applicability = row["applicability"]
    if applicability.startswith("not_expected"):
        return ("not_expected", None)
    steps = (row["evidence"], row["impact"]) if ladder and applicability == "expected" else ()
    said = (row["answers"] or {}, _of_members(row)) if answers and applicability == "expected" else ()
    return (applicability, row["grade"], *steps, *said)


def _of_members(row: Row) -> list[list[tuple[str, str]]]:
    return sorted(sorted(one["answers"].items()) for one in row["members"] or ())


def disagreements(hand: AtHand) -> tuple[str, ...]:
    """The criteria on which auditor and moderator differ, in the rubric's order. Only after the lock."""
    given, blind = dict(hand.ratings), dict(hand.blind)
    return tuple(
        name
        for name, criterion in hand.rubric.criteria.items()
        if differs(
            given.get(name),
            blind.get(name),
            ladder=bool(criterion.ladder),
            answers=bool(criterion.questions) and not (criterion.graded and hand.audit["graded"]),
        )
    )


def undecided(hand: AtHand, moderation: Row) -> list[str]:
    """Titles of the disagreements without a decision, the overall grade among them."""
    if not hand.ratings:
        return []
    open_ones = [
        hand.rubric.criteria[name].title
        for name in disagreements(hand)
        if name not in hand.blind or hand.blind[name]["decision"] is None
    ]
    if hand.audit["graded"] and moderation.get("decided_overall") is None:
        open_ones.append("the overall grade")
    return open_ones


_FOUND = ("evidence", "impact", "answers", "members")
"""What was found for a grade: it goes with whose grade stands."""


def standing_after(hand: AtHand, criterion: str) -> dict[str, Any] | None:
    """The rating that stands after the decision, with what the auditor gave beside it; None when theirs stands."""
    blind, given = hand.blind.get(criterion), hand.ratings.get(criterion)
    if blind is None or blind["decision"] in (None, "auditor"):
        return None
    grade = blind["decided_grade"]
    found = {name: blind[name] for name in _FOUND}
    row = dict(given) if given else {"criterion": criterion, **found}
    row = {name: value for name, value in row.items() if name not in ("audit", "turn")}
    if blind["decision"] == "moderator":
        row |= found | {"reason": blind["reason"]}
    elif not given or given["applicability"] != "expected":
        # A third answer is a grade: why the auditor left it out is not said of it, what the moderator found is.
        row |= found | {"reason": None}
    return row | {
        "applicability": blind["decided_applicability"], "grade": grade,
        "grade_order": None if grade is None else hand.rubric.scales[criterion].order(grade),
        "given_applicability": given["applicability"] if given else "not_expected_by_rule",
        "given_grade": given["grade"] if given else None,
    }  # fmt: skip
