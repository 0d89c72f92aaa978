"""Who plays in a simulation, who stands where at first, and what makes each guard fail."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MATTER, MODERATION, PEOPLE, ROLES
from audit_engine.definitions.workflow_parts import NAMING, OPENER
from audit_engine.engine.condition_words import with_article
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor
from audit_engine.engine.workflow_parts_words import plain, who

STAND_IN = "chosen"
"""The overall grade that is taken to be chosen."""
ANOTHER = "another_"
_ONE = ("a criterion",)
_ROLES = {"practitioner": "practitioner", "manager": "manager", "auditor": "auditor", "moderator": "head_of_practice"}

_FAILING: dict[str, dict[str, Any]] = {
    "every_expected_criterion_answered": {"unanswered": _ONE},
    "evidence_where_demanded": {"without_evidence": _ONE},
    "notes_where_demanded": {"without_note": _ONE},
    "overall_chosen_and_permitted": {"overall": None, "graded": True},
    "safety_critical_inadequate_is_escalated": {"unescalated": _ONE},
    "blind_grades_complete": {"blind_missing": _ONE},
    "every_disagreement_decided": {"undecided": _ONE},
    "no_open_escalation": {"open_escalations": 1},
}
"""By guard, facts under which it fails; those that look at people are in `failed`."""


@lru_cache(maxsize=32)
def cast(read: ReadWorkflow) -> dict[str, Actor]:
    """Everybody who plays, by the name `as` knows them: one for each person and place, one for each role, and another
    one for each role, who stands nowhere.
    """
    workflow = read.workflow
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name in workflow.people_known:
        role = workflow.places[name].role if name in workflow.places else _ROLES[name]
        found[name] = (who(read, name), (role,) if role is not None else ())
    for role in ROLES:
        if role not in found:
            found[role] = (with_article(plain(role)), (role,))
        found[f"{ANOTHER}{role}"] = (f"another {plain(role)}", (role,))
    return {
        name: Actor(UUID(int=n), called, roles, identified="invented")
        for n, (name, (called, roles)) in enumerate(found.items(), start=1)
    }


def at_first(read: ReadWorkflow) -> dict[str, UUID | None]:
    """Who stands where when it begins: those of the case, whoever opened it, and those who were named."""
    workflow, everybody = read.workflow, cast(read)
    there = {
        AUDIT: ("practitioner", "manager"),
        MODERATION: ("practitioner", "manager", "auditor"),
        ESCALATION: ("practitioner", "manager", "auditor"),
        MATTER: PEOPLE,
    }[workflow.governs]
    people: dict[str, UUID | None] = {
        name: everybody[name].person if name in there else None
        for name in workflow.people_known
        if name not in workflow.places
    }
    for name, place in workflow.places.items():
        people[name] = everybody[name].person if place.origin in (OPENER, NAMING) else None
    return people


def failed(facts: MoveFacts, guards: Iterable[str]) -> MoveFacts:
    """The same facts, with each of these guards failing, in its own sentence."""
    for guard in guards:
        changed = dict(_FAILING.get(guard, {}))
        if guard == "four_eyes":
            changed["people"] = {**facts.people, "auditor": facts.people.get("practitioner")}
        elif guard == "feedback_is_recorded":
            changed["values"] = {**facts.values, "feedback": "unknown"}
        elif guard == "somebody_took_it_on":
            changed["people"] = {**facts.people, "moderator": None}
        elif guard == "closed_by_somebody_else":
            changed["raised_by"] = facts.actor
        elif guard == "ended_by_somebody_else":
            changed["owner"] = facts.actor
        facts = replace(facts, **changed)
    return facts
