"""The built-in guards: named conditions of events. The name is the word in YAML, the docstring is the manual.

Each returns None when it holds, else the one sentence (or two) a person reads: why not, and what to do. A guard
looks at nothing but the facts it is given.
"""

from collections.abc import Callable, Sequence

from audit_engine.definitions.workflow_names import GUARDS as GUARD_NAMES
from audit_engine.engine.independence import conflicts
from audit_engine.engine.move_facts import MoveFacts

Guard = Callable[[MoveFacts], str | None]
GUARDS: dict[str, Guard] = {}
"""By name. Closed: only `guard` adds to it, and takes only names that workflows may use."""
SHOWN = 8
"""Titles listed in one sentence."""


def guard(function: Guard) -> Guard:
    """Make a function a guard under its own name."""
    name = getattr(function, "__name__", "")
    if name not in GUARD_NAMES:
        raise ValueError(f"{name} is not in definitions.workflow_names.GUARDS, so no workflow could use it")
    GUARDS[name] = function
    return function


def what_it_asks(name: str) -> str:
    """What must be so for a guard to hold, in a sentence or two: the manual's, without where it is built in."""
    return " ".join((GUARDS[name].__doc__ or "").partition("Built in")[0].split())


@guard
def every_expected_criterion_answered(facts: MoveFacts) -> str | None:
    """Every criterion expected in this case has an answer. Built in where an audit's grades are locked."""
    if not facts.unanswered:
        return None
    count = len(facts.unanswered)
    have, them, they, do = ("has", "it", "it", "does") if count == 1 else ("have", "them", "they", "do")
    what = _number(count, "expected criterion", "expected criteria")
    what = f"{what} {have} no answer yet: {_listed(facts.unanswered)}."
    if not facts.graded:
        return f"{what} Say whether {'it applies' if count == 1 else 'they apply'}."
    return f"{what} Grade {them}, or say why {they} {do} not apply."


@guard
def evidence_where_demanded(facts: MoveFacts) -> str | None:
    """Every grade that demands evidence points into the case record. Built in where an audit's grades are locked."""
    if not facts.without_evidence:
        return None
    what = _number(len(facts.without_evidence), "criterion needs evidence", "criteria need evidence")
    return f"{what} at the grade given: {_listed(facts.without_evidence)}. Say where in the case record it stands."


@guard
def notes_where_demanded(facts: MoveFacts) -> str | None:
    """Every grade that demands a note has one. Built in where an audit's grades are locked."""
    if not facts.without_note:
        return None
    what = _number(len(facts.without_note), "criterion needs a note", "criteria need a note")
    return f"{what} at the grade given: {_listed(facts.without_note)}. Write in a sentence or two why it is this grade."


@guard
def overall_chosen_and_permitted(facts: MoveFacts) -> str | None:
    """The overall grade is chosen, is one the limiting rules leave, and has a reason where it needs one.

    An audit without grades has none. Built in where an audit's grades are locked.
    """
    if not facts.graded:
        if facts.overall is None:
            return None
        return "This audit is made without grades, so it has no overall grade. Clear it, or grade the audit."
    choice = f"Choose one of: {', '.join(map(_plain, facts.permitted))}."
    if facts.overall is None:
        return f"No overall grade is chosen yet. {choice}"
    if facts.overall not in facts.permitted:
        why = " ".join(_sentence(rule) for rule in facts.bound_by)
        return f"The overall grade may not be {_plain(facts.overall)}. {why} {choice}".replace("  ", " ")
    if facts.overall_needs_reason:
        return "The overall grade differs from the one suggested. Say why, or choose the suggested one."
    return None


@guard
def safety_critical_inadequate_is_escalated(facts: MoveFacts) -> str | None:
    """Where something a child's safety depends on is inadequate, an escalation was raised at it, or one that names
    no criterion is open.

    Built in where an audit's grades are locked.
    """
    if not facts.unescalated:
        return None
    was = "was" if len(facts.unescalated) == 1 else "were"
    what = f"A child may be at risk, and nobody has been told: {_listed(facts.unescalated)} {was} graded inadequate."
    return f"{what} Raise an escalation now, so that somebody makes sure of the child."


@guard
def no_open_escalation(facts: MoveFacts) -> str | None:
    """No escalation on the audit is open. Built in where an audit ends."""
    if not facts.open_escalations:
        return None
    what = _number(facts.open_escalations, "escalation on this audit is", "escalations on this audit are")
    return f"{what} still open. Have {'it' if facts.open_escalations == 1 else 'them'} closed first."


@guard
def four_eyes(facts: MoveFacts) -> str | None:
    """Practitioner, their manager, auditor and moderator are different people, and the work is not moved on by the
    one whose work it is.

    Built in where an audit's grades are locked and where they become final.
    """
    unknown = [name for name in ("practitioner", "manager", "auditor") if name not in facts.people]
    if unknown or facts.people["auditor"] is None:
        who = " or ".join(unknown or ["auditor"])
        return f"It is not known who the {who} is, so the audit may not be independent. Record it first."
    said = [reason.text for reason in conflicts(facts.people, names=facts.names)]
    for name in ("practitioner", "manager"):
        if facts.actor is not None and facts.actor == facts.people[name] and not said:
            who = facts.names.get(facts.actor, "you")
            said.append(f"The {name} on this case may not do this, and here that is {who}. Ask the quality lead.")
    return " ".join(said) or None


@guard
def feedback_is_recorded(facts: MoveFacts) -> str | None:
    """It is recorded whether the child and family gave feedback, or why they did not."""
    feedback = facts.values.get("feedback")
    if feedback == "given" or (feedback == "none" and facts.feedback_explained):
        return None
    if feedback == "none":
        return "Nobody gave feedback, and it is not said why. Say in a sentence why not."
    return "Nothing is recorded about feedback. Say whether the child and family were asked for it, or why not."


@guard
def somebody_took_it_on(facts: MoveFacts) -> str | None:
    """There is a moderator who took the audit on."""
    if facts.people.get("moderator") is not None:
        return None
    return "Nobody has taken this audit on to moderate it. Take it on first, or ask a head of practice to."


@guard
def blind_grades_complete(facts: MoveFacts) -> str | None:
    """The moderator has graded every criterion blind. Built in where a moderation's grades are locked."""
    if not facts.blind_missing:
        return None
    count = len(facts.blind_missing)
    what = f"{_number(count, 'criterion has', 'criteria have')} no blind grade yet: {_listed(facts.blind_missing)}."
    return f"{what} Grade {'it' if count == 1 else 'them'} before you see the auditor's grades."


@guard
def every_disagreement_decided(facts: MoveFacts) -> str | None:
    """Where auditor and moderator differ, it is decided which grade stands. Built in where a moderation decides."""
    if not facts.undecided:
        return None
    what = _number(len(facts.undecided), "disagreement is", "disagreements are")
    return f"{what} not decided yet: {_listed(facts.undecided)}. Say for each whose grade stands, or give another."


@guard
def ended_by_somebody_else(facts: MoveFacts) -> str | None:
    """Whoever it is for does not end it. Built in where a matter ends."""
    if facts.actor is None or facts.owner is None or facts.actor != facts.owner:
        return None
    who = facts.names.get(facts.owner, "you")
    does = "do" if who == "you" else "does"
    return f"It is for {who}, so {who} {does} not end it: somebody else looks at it first. Ask one of them."


@guard
def closed_by_somebody_else(facts: MoveFacts) -> str | None:
    """Whoever closes an escalation did not raise it. Built in where an escalation ends."""
    if facts.raised_by is None or facts.actor is None:
        return "It is not known who raised this escalation, or who would close it. Record it first."
    if facts.raised_by != facts.actor:
        return None
    who = facts.names.get(facts.actor, "you")
    return f"This escalation was raised by {who}, so somebody else must close it. Ask a manager or the quality lead."


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _listed(titles: Sequence[str]) -> str:
    more = f" and {len(titles) - SHOWN} more" if len(titles) > SHOWN else ""
    return ", ".join(titles[:SHOWN]) + more


def _plain(grade: str) -> str:
    return grade.replace("_", " ")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
