"""Four eyes: every pair that must not be one person."""

import itertools
from collections.abc import Mapping
from uuid import UUID

import pytest

from audit_engine.definitions import workflow_names
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine import permission
from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do, stands_as
from tests.engine.moves import AUDITOR, MANAGER, MODERATOR, NAMES, OTHER, PEOPLE, PRACTITIONER, workflow

APART = [("auditor", "practitioner"), ("auditor", "manager"), ("moderator", "practitioner"), ("moderator", "manager"),
         ("moderator", "auditor")]  # fmt: skip
FULL = {**PEOPLE, "moderator": MODERATOR}


@pytest.fixture
def case_audit() -> ReadWorkflow:
    return workflow("case_audit")


@pytest.fixture
def moderation() -> ReadWorkflow:
    return workflow("moderation")


@pytest.fixture
def escalation() -> ReadWorkflow:
    return workflow("escalation")


def actor(person: UUID, *roles: str) -> Actor:
    return Actor(person, NAMES[person], roles)


# --- who must not be whom ---------------------------------------------------------------------------------------


def test_different_people_are_independent() -> None:
    assert conflicts(FULL) == []
    assert conflicts({}) == []
    assert conflicts(dict.fromkeys(FULL)) == []


@pytest.mark.parametrize(("one", "other"), APART)
def test_nobody_stands_in_two_places_that_are_apart(one: str, other: str) -> None:
    people = {**FULL, one: FULL[other]}

    assert f"{one}_is_{other}" in [reason.rule for reason in conflicts(people)]


def test_the_manager_may_also_be_the_practitioner() -> None:
    """Some managers hold cases themselves; that is no matter of this audit."""
    assert conflicts({**FULL, "manager": PRACTITIONER}) == []


def test_exactly_the_pairs_that_are_apart_are_refused() -> None:
    for choice in itertools.product((PRACTITIONER, MANAGER, AUDITOR), repeat=4):
        people = dict(zip(workflow_names.PEOPLE, choice, strict=True))

        rules = {reason.rule for reason in conflicts(people)}

        assert rules == {f"{one}_is_{other}" for one, other in APART if people[one] == people[other]}


def test_sentences_name_people_and_say_what_to_do() -> None:
    people = {**FULL, "auditor": PRACTITIONER}

    assert conflicts(people)[0].text == (
        "The auditor is the practitioner on this case, so may not audit it. Choose another auditor."
    )
    assert conflicts(people, names=NAMES)[0].text == (
        "P-1 is the practitioner on this case, so may not audit it. Choose another auditor."
    )


def test_declared_conflicts_bar_both() -> None:
    also = {AUDITOR: "managed the practitioner until 3 March 2024", MODERATOR: "knows the family"}

    found = conflicts(FULL, also, NAMES)

    assert [reason.rule for reason in found] == ["auditor_has_a_conflict", "moderator_has_a_conflict"]
    assert found[0].text == (
        "P-3 managed the practitioner until 3 March 2024, so may not audit it. Choose another auditor."
    )


# --- who may do an event ----------------------------------------------------------------------------------------


def may(read: ReadWorkflow, event: str, who: Actor, people: Mapping[str, UUID | None] = FULL) -> bool:
    return not may_do(read, event, who, people, NAMES)


def test_the_people_of_the_audit_go_before_roles(case_audit: ReadWorkflow) -> None:
    assert may(case_audit, "close", actor(MANAGER))
    assert not may(case_audit, "close", actor(OTHER, "manager")), "a manager, but not of this practitioner"
    assert may(case_audit, "close", actor(OTHER, "quality_lead"))
    assert not may(case_audit, "submit", actor(OTHER, "auditor"))
    assert may(case_audit, "submit", actor(AUDITOR)), "was made the auditor of this audit"


def test_a_refusal_says_whom_to_ask(case_audit: ReadWorkflow) -> None:
    found = may_do(case_audit, "share", actor(OTHER, "practitioner"), FULL, NAMES)

    assert [(reason.rule, reason.text) for reason in found] == [
        ("by", "P-5 may not do this: it is for the auditor of this audit (P-3) or a quality lead. Ask them.")
    ]


def test_a_head_of_practice_may_take_an_audit_that_nobody_took(case_audit: ReadWorkflow) -> None:
    assert may(case_audit, "take", actor(OTHER, "head_of_practice"), PEOPLE)
    assert not may(case_audit, "take", actor(OTHER, "auditor"), PEOPLE)
    assert not may(case_audit, "take", actor(OTHER, "head_of_practice"), FULL), "somebody else took it"


@pytest.mark.parametrize("person", [PRACTITIONER, MANAGER, AUDITOR])
def test_nobody_takes_an_audit_they_are_part_of(person: UUID, case_audit: ReadWorkflow) -> None:
    found = may_do(case_audit, "take", actor(person, "head_of_practice", "quality_lead"), PEOPLE, NAMES)

    assert len(found) == 1
    assert found[0].rule.startswith("moderator_is_")


def test_nobody_becomes_the_practitioner_by_a_role(case_audit: ReadWorkflow) -> None:
    assert not may(case_audit, "answer", actor(OTHER, "practitioner"), {**FULL, "practitioner": None})


def test_administrators_do_nothing_in_an_audit(case_audit: ReadWorkflow, moderation: ReadWorkflow) -> None:
    administrator = actor(OTHER, "administrator")

    assert not any(may(case_audit, event, administrator) for event in case_audit.events)
    assert not any(may(moderation, event, administrator) for event in moderation.events)


def test_moderations_and_escalations_have_the_people_of_their_audit(
    moderation: ReadWorkflow, escalation: ReadWorkflow
) -> None:
    assert may(moderation, "lock", actor(MODERATOR))
    assert not may(moderation, "lock", actor(AUDITOR, "head_of_practice"))
    assert may(escalation, "acknowledge", actor(MANAGER))
    assert may(escalation, "acknowledge", actor(OTHER, "head_of_practice"))
    assert not may(escalation, "acknowledge", actor(OTHER, "manager"))


def test_who_a_stage_waits_for(case_audit: ReadWorkflow) -> None:
    assert stands_as(case_audit, "quality_lead", actor(OTHER, "quality_lead"), FULL)
    assert stands_as(case_audit, "moderator", actor(OTHER, "head_of_practice"), PEOPLE)
    assert not stands_as(case_audit, "moderator", actor(AUDITOR, "head_of_practice"), PEOPLE)


def test_roles_are_those_of_permission() -> None:
    assert permission.ROLES is workflow_names.ROLES
