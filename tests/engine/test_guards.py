"""What each guard says, and when it says nothing."""

import re
from dataclasses import replace

import pytest

from audit_engine.definitions import workflow_names
from audit_engine.engine.guards import GUARDS, guard
from audit_engine.engine.move_facts import MoveFacts
from tests.engine.moves import (
    AUDITOR,
    MANAGER,
    MODERATOR,
    OTHER,
    PEOPLE,
    PRACTITIONER,
    READY,
    with_facts,
    with_values,
)

SAID: list[tuple[str, MoveFacts, str]] = [
    ("every_expected_criterion_answered", with_facts(unanswered=("A", "B", "C")),
     "3 expected criteria have no answer yet: A, B, C. Grade them, or say why they do not apply."),
    ("every_expected_criterion_answered", with_facts(unanswered=("A",)),
     "1 expected criterion has no answer yet: A. Grade it, or say why it does not apply."),
    ("every_expected_criterion_answered", with_facts(unanswered=("A", "B"), graded=False),
     "2 expected criteria have no answer yet: A, B. Say whether they apply."),
    ("every_expected_criterion_answered", with_facts(unanswered=tuple("ABCDEFGHIJ")),
     ("10 expected criteria have no answer yet: A, B, C, D, E, F, G, H and 2 more. "
     "Grade them, or say why they do not apply.")),
    ("evidence_where_demanded", with_facts(without_evidence=("A",)),
     "1 criterion needs evidence at the grade given: A. Say where in the case record it stands."),
    ("evidence_where_demanded", with_facts(without_evidence=("A", "B")),
     "2 criteria need evidence at the grade given: A, B. Say where in the case record it stands."),
    ("notes_where_demanded", with_facts(without_note=("A", "B")),
     "2 criteria need a note at the grade given: A, B. Write in a sentence or two why it is this grade."),
    ("overall_chosen_and_permitted", with_facts(overall=None),
     "No overall grade is chosen yet. Choose one of: inadequate, requires improvement, good."),
    ("overall_chosen_and_permitted", with_facts(overall="outstanding", bound_by=("No policy was followed",)),
     ("The overall grade may not be outstanding. No policy was followed. "
     "Choose one of: inadequate, requires improvement, good.")),
    ("overall_chosen_and_permitted", with_facts(overall="outstanding"),
     "The overall grade may not be outstanding. Choose one of: inadequate, requires improvement, good."),
    ("overall_chosen_and_permitted", with_facts(overall_needs_reason=True),
     "The overall grade differs from the one suggested. Say why, or choose the suggested one."),
    ("overall_chosen_and_permitted", with_facts(graded=False),
     "This audit is made without grades, so it has no overall grade. Clear it, or grade the audit."),
    ("safety_critical_inadequate_is_escalated", with_facts(unescalated=("Risk is identified",)),
     ("A child may be at risk, and nobody has been told: Risk is identified was graded inadequate. "
     "Raise an escalation now, so that somebody makes sure of the child.")),
    ("no_open_escalation", with_facts(open_escalations=1),
     "1 escalation on this audit is still open. Have it closed first."),
    ("no_open_escalation", with_facts(open_escalations=2),
     "2 escalations on this audit are still open. Have them closed first."),
    ("four_eyes", with_facts(people={}),
     ("It is not known who the practitioner or manager or auditor is, so the audit may not be independent. "
     "Record it first.")),
    ("four_eyes", with_facts(people={**PEOPLE, "auditor": None}),
     "It is not known who the auditor is, so the audit may not be independent. Record it first."),
    ("four_eyes", with_facts(people={**PEOPLE, "auditor": MANAGER}),
     "P-2 manages the practitioner on this case, so may not audit it. Choose another auditor."),
    ("four_eyes", with_facts(people={**PEOPLE, "moderator": AUDITOR}),
     "P-3 audited this case, so may not moderate it. Choose another moderator."),
    ("four_eyes", with_facts(actor=PRACTITIONER),
     "The practitioner on this case may not do this, and here that is P-1. Ask the quality lead."),
    ("feedback_is_recorded", with_values(feedback="unknown"),
     "Nothing is recorded about feedback. Say whether the child and family were asked for it, or why not."),
    ("feedback_is_recorded", with_values(feedback="none"),
     "Nobody gave feedback, and it is not said why. Say in a sentence why not."),
    ("feedback_is_recorded", with_values(feedback=None),
     "Nothing is recorded about feedback. Say whether the child and family were asked for it, or why not."),
    ("somebody_took_it_on", READY,
     "Nobody has taken this audit on to moderate it. Take it on first, or ask a head of practice to."),
    ("blind_grades_complete", with_facts(blind_missing=("A", "B")),
     "2 criteria have no blind grade yet: A, B. Grade them before you see the auditor's grades."),
    ("every_disagreement_decided", with_facts(undecided=("A",)),
     "1 disagreement is not decided yet: A. Say for each whose grade stands, or give another."),
    ("closed_by_somebody_else", with_facts(raised_by=AUDITOR),
     "This escalation was raised by P-3, so somebody else must close it. Ask a manager or the quality lead."),
    ("closed_by_somebody_else", with_facts(raised_by=OTHER, actor=None),
     "It is not known who raised this escalation, or who would close it. Record it first."),
    ("closed_by_somebody_else", READY,
     "It is not known who raised this escalation, or who would close it. Record it first."),
    ("ended_by_somebody_else", with_facts(owner=AUDITOR),
     "This is for P-3, so somebody else must end it, after looking at it. `audit why` says who may."),
]  # fmt: skip
HOLDS: list[tuple[str, MoveFacts]] = [
    *((name, READY) for name in GUARDS if name not in ("somebody_took_it_on", "closed_by_somebody_else")),
    ("overall_chosen_and_permitted", with_facts(graded=False, overall=None, permitted=())),
    ("four_eyes", with_facts(people={**PEOPLE, "practitioner": None, "manager": None})),
    ("feedback_is_recorded", replace(with_values(feedback="none"), feedback_explained=True)),
    ("somebody_took_it_on", with_facts(people={**PEOPLE, "moderator": MODERATOR})),
    ("closed_by_somebody_else", with_facts(raised_by=AUDITOR, actor=OTHER)),
    ("ended_by_somebody_else", with_facts(owner=AUDITOR, actor=OTHER)),
    ("ended_by_somebody_else", with_facts(owner=AUDITOR, actor=None)),
]


@pytest.mark.parametrize(("name", "facts", "expected"), SAID)
def test_what_it_says(name: str, facts: MoveFacts, expected: str) -> None:
    assert GUARDS[name](facts) == expected


@pytest.mark.parametrize(("name", "facts"), HOLDS)
def test_when_it_holds(name: str, facts: MoveFacts) -> None:
    assert GUARDS[name](facts) is None


def test_every_guard_is_tried_both_ways() -> None:
    assert {name for name, _, _ in SAID} == {name for name, _ in HOLDS} == set(GUARDS)


def test_the_registry_holds_what_workflows_may_name() -> None:
    assert set(GUARDS) == set(workflow_names.GUARDS)
    built_in = (
        workflow_names.BUILT_IN_AT_LOCK, workflow_names.BUILT_IN_AT_FINALISING, workflow_names.BUILT_IN_AT_FINAL,
    )  # fmt: skip
    for kind, names in [pair for table in built_in for pair in table.items()]:
        assert all(kind in workflow_names.GUARDS[name] for name in names)


def test_the_registry_is_closed() -> None:
    def anything_goes(facts: MoveFacts) -> str | None:
        return None

    with pytest.raises(ValueError, match="anything_goes is not in"):
        guard(anything_goes)


def test_every_guard_has_its_manual_and_every_sentence_says_what_to_do() -> None:
    assert all((function.__doc__ or "").strip() for function in GUARDS.values())
    for _, _, text in SAID:
        assert re.fullmatch(r"[A-Z0-9].*\. .*\.", text), "why, and then what to do"


def test_people_without_a_name_are_called_you_or_by_what_they_are() -> None:
    facts = with_facts(names={}, people={**PEOPLE, "auditor": PRACTITIONER})

    assert str(GUARDS["four_eyes"](facts)).startswith("The auditor is the practitioner on this case")
    assert "raised by you" in str(GUARDS["closed_by_somebody_else"](with_facts(names={}, raised_by=AUDITOR)))
