"""Where events lead, and every reason when they lead nowhere."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.workflow import ReadWorkflow, Workflow
from audit_engine.definitions.workflow_reading import read_workflow
from audit_engine.engine import machine as machine_module
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.machine import next_stage, possible, reason_missing
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.problems import Reason, Refused
from tests.engine.moves import (
    AUDITOR,
    MODERATOR,
    OTHER,
    PAST_THE_WINDOW,
    PEOPLE,
    READY,
    with_facts,
    with_values,
    workflow,
)

GOLDEN = Path(__file__).parents[1] / "definitions" / "bad" / "workflows"


@pytest.fixture
def case_audit() -> ReadWorkflow:
    return workflow("case_audit")


@pytest.fixture
def moderation() -> ReadWorkflow:
    return workflow("moderation")


@pytest.fixture
def escalation() -> ReadWorkflow:
    return workflow("escalation")


def reasons_of(read: ReadWorkflow, stage: str, event: str, facts: MoveFacts) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        next_stage(read, stage, event, facts)
    rules = [reason.rule for reason in refused.value.reasons]
    assert len(rules) == len(set(rules)), "no reason is told twice"
    return {reason.rule: reason.text for reason in refused.value.reasons}


def workflow_of(text: str) -> ReadWorkflow:
    source = source_from(text.encode(), "test.yaml")
    written = judged(source, Workflow)
    assert not isinstance(written, list), written
    read = read_workflow(source, written, {}, {}, {})
    assert isinstance(read, ReadWorkflow), read
    return read


SMALL = """\
workflow: small
version: 1.0.0
title: Small
governs: audit
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
  moderator: {role: head_of_practice, independent_of: [practitioner, manager, auditor]}
stages:
  - {id: grading, title: Being graded, waits_for: auditor, grades: yes}
  - {id: once, title: Once, waits_for: moderator}
  - {id: twice, title: Twice, waits_for: moderator}
  - {id: decided, title: Decided, finalises: yes, final: yes}
events:
  - id: submit
    title: Submit
    from: [grading]
    by: [auditor]
    only_if:
      - when: collaborative || returned_times < 3
        otherwise: Talk it over with the practitioner first.
    locks: grades
    ends:
      - {to: once, when: selected_for_moderation && returned_times == 0}
      - {to: twice, when: selected_for_moderation}
      - {to: decided}
  - id: finalise
    title: Make final
    from: [once, twice]
    by: [moderator]
    ends:
      - {to: decided}
"""


# --- the shipped workflows --------------------------------------------------------------------------------------


def test_an_audit_goes_all_the_way(case_audit: ReadWorkflow) -> None:
    selected = with_values(selected_for_moderation=True)
    moderated = with_facts(people={**PEOPLE, "moderator": MODERATOR}, actor=MODERATOR)
    stage, seen = case_audit.first.id, []
    for event, facts in (
        ("allocate", READY), ("begin", READY), ("submit", selected), ("take", moderated), ("return", moderated),
        ("submit", selected), ("take", moderated), ("finalise", moderated), ("share", READY), ("answer", READY),
        ("close", READY),
    ):  # fmt: skip
        stage = next_stage(case_audit, stage, event, facts)
        seen.append(stage)

    assert seen == ["allocated", "grading", "submitted", "moderation", "returned", "submitted", "moderation", "decided",
                    "shared", "answered", "closed"]  # fmt: skip


def test_an_audit_that_is_not_selected_is_decided_at_once(case_audit: ReadWorkflow) -> None:
    assert next_stage(case_audit, "grading", "submit", READY) == "decided"


def test_every_reason_is_told_at_once(case_audit: ReadWorkflow) -> None:
    facts = with_facts(
        values={"selected_for_moderation": True}, unanswered=("A", "B", "C"), without_evidence=("D",),
        without_note=("E",), overall=None, unescalated=("F",), people={**PEOPLE, "practitioner": AUDITOR},
    )  # fmt: skip

    assert list(reasons_of(case_audit, "grading", "submit", facts)) == [
        "every_expected_criterion_answered",
        "evidence_where_demanded",
        "notes_where_demanded",
        "overall_chosen_and_permitted",
        "safety_critical_inadequate_is_escalated",
        "feedback_is_recorded",
        "four_eyes",
    ]


def test_a_refusal_as_a_person_sees_it(case_audit: ReadWorkflow) -> None:
    with pytest.raises(Refused) as refused:
        next_stage(case_audit, "grading", "submit", with_facts(unanswered=("A", "B", "C")))

    assert str(refused.value) == (
        "cannot submit from grading: 3 expected criteria have no answer yet: A, B, C. "
        "Grade them, or say why they do not apply."
    )


def test_the_selection_must_be_known(case_audit: ReadWorkflow) -> None:
    said = reasons_of(case_audit, "grading", "submit", with_values(selected_for_moderation=None))

    assert said == {
        "ends": "Where this leads depends on what is not known: whether it is selected for moderation. Record it first."
    }


def test_withdrawing_is_possible_from_every_open_stage_and_from_no_other(case_audit: ReadWorkflow) -> None:
    for stage in case_audit.workflow.stages:
        if stage.final:
            assert reasons_of(case_audit, stage.id, "withdraw", READY) == {
                "stage": f"'Withdraw the audit' is not possible at '{stage.title}'. Possible there: nothing."
            }
        else:
            assert next_stage(case_audit, stage.id, "withdraw", READY) == "withdrawn"


@pytest.mark.parametrize("event", ["close", "close_unanswered", "withdraw"])
def test_no_audit_ends_over_an_open_escalation(event: str, case_audit: ReadWorkflow) -> None:
    stage = case_audit.event(event).leaves[-1]

    facts = with_facts(open_escalations=1, today=PAST_THE_WINDOW)
    assert list(reasons_of(case_audit, stage, event, facts)) == ["no_open_escalation"]
    assert next_stage(case_audit, stage, event, replace(facts, open_escalations=0)) in ("closed", "withdrawn")


def test_a_moderation_and_an_escalation_go_all_the_way(moderation: ReadWorkflow, escalation: ReadWorkflow) -> None:
    facts = with_facts(raised_by=AUDITOR, actor=OTHER)
    for read, events, last in (
        (moderation, ("begin_blind", "lock", "compare", "decide"), "agreed"),
        (moderation, ("begin_blind", "lock", "compare", "refer", "report_back", "decide"), "agreed"),
        (moderation, ("begin_blind", "lock", "compare", "return"), "returned"),
        (escalation, ("acknowledge", "act", "close"), "closed"),
    ):
        stage = read.first.id
        for event in events:
            stage = next_stage(read, stage, event, facts)
        assert stage == last
    assert next_stage(moderation, "compared", "decide", with_values(adjusted=True)) == "adjusted"


def test_where_a_moderation_ends_follows_from_what_is_decided(moderation: ReadWorkflow) -> None:
    assert reasons_of(moderation, "compared", "decide", with_values(adjusted=None)) == {
        "ends": "Where this leads depends on what is not known: whether something else stands than the auditor gave. "
        "Record it first."
    }


def test_moderations_and_escalations_ask_what_is_built_in(moderation: ReadWorkflow, escalation: ReadWorkflow) -> None:
    facts = with_facts(blind_missing=("A",), undecided=("B",), raised_by=OTHER, actor=OTHER)

    assert list(reasons_of(moderation, "blind", "lock", facts)) == ["blind_grades_complete"]
    assert list(reasons_of(moderation, "compared", "decide", facts)) == ["every_disagreement_decided"]
    assert list(reasons_of(escalation, "acted", "close", facts)) == ["closed_by_somebody_else"]


# --- events, stages and names that are not there ----------------------------------------------------------------


def test_an_event_that_does_not_leave_the_stage_says_what_does(case_audit: ReadWorkflow) -> None:
    assert reasons_of(case_audit, "moderation", "begin", READY) == {
        "stage": "'Begin the audit' is not possible at 'Being moderated'. Possible there: finalise (Make the grades "
        "final), return (Return the audit to its auditor), withdraw (Withdraw the audit)."
    }


@pytest.mark.parametrize("event", ["", "to_closed", "trigger", "__init__", "os.system", "may_close", "state"])
def test_there_is_no_other_way_to_move(event: str, case_audit: ReadWorkflow) -> None:
    said = reasons_of(case_audit, "answered", event, READY)

    assert said["stage"].startswith(f"Nothing called '{event}' can be done here. Possible at 'Answered by")


@pytest.mark.parametrize("stage", ["", "zzz", "closd", "any_open_stage", "__class__"])
def test_a_stage_that_is_not_there_leads_nowhere(stage: str, case_audit: ReadWorkflow) -> None:
    assert reasons_of(case_audit, stage, "close", READY)["stage"].startswith(f"It is at '{stage}', which")
    assert possible(case_audit, stage, READY) == []


def test_a_refused_or_failing_move_leaves_the_machine_as_it_was(case_audit: ReadWorkflow) -> None:
    reasons_of(case_audit, "grading", "submit", with_facts(unanswered=("A",)))

    assert next_stage(case_audit, "grading", "submit", READY) == "decided"


def test_a_guard_that_fails_is_heard_and_moves_nothing(
    case_audit: ReadWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(facts: MoveFacts) -> str | None:
        raise LookupError("a slip of ours")

    monkeypatch.setitem(GUARDS, "four_eyes", broken)
    with pytest.raises(LookupError):
        next_stage(case_audit, "grading", "submit", READY)


# --- conditions -------------------------------------------------------------------------------------------------


def test_a_condition_that_does_not_hold_says_its_sentence() -> None:
    facts = with_values(collaborative=False, returned_times=3)

    assert reasons_of(workflow_of(SMALL), "grading", "submit", facts) == {
        "only_if": "Talk it over with the practitioner first."
    }


def test_a_condition_that_cannot_be_decided_refuses_and_names_what_is_missing() -> None:
    said = reasons_of(workflow_of(SMALL), "grading", "submit", with_values(collaborative=False))

    assert said["only_if"] == "Talk it over with the practitioner first. It is not known how often it was returned."


def test_what_does_not_matter_need_not_be_known() -> None:
    assert next_stage(workflow_of(SMALL), "grading", "submit", with_values(collaborative=True)) == "decided"


@pytest.mark.parametrize(
    ("selected", "times", "expected"),
    [(True, 0, "once"), (True, 2, "twice"), (False, 0, "decided"), (False, 2, "decided")],
)
def test_the_first_end_whose_condition_holds_decides(selected: bool, times: int, expected: str) -> None:
    facts = with_values(selected_for_moderation=selected, returned_times=times)

    assert next_stage(workflow_of(SMALL), "grading", "submit", facts) == expected


def test_an_end_that_is_refused_never_leads_to_the_next_one() -> None:
    """`transitions` would try the next: an audit that may not go to moderation would be decided instead."""
    facts = with_facts(
        values={"selected_for_moderation": True, "returned_times": 0, "collaborative": True}, unanswered=("A",)
    )
    small = workflow_of(SMALL)

    assert list(reasons_of(small, "grading", "submit", facts)) == ["every_expected_criterion_answered"]
    assert possible(small, "grading", facts)[0].to == "once"


def test_the_stage_is_known_to_conditions_whatever_the_caller_says() -> None:
    text = SMALL.replace("collaborative || returned_times < 3", "stage == 'grading'")

    assert next_stage(workflow_of(text), "grading", "submit", with_values(stage="decided")) == "decided"


# --- built in: what a workflow leaves out is asked all the same -------------------------------------------------


def test_built_in_guards_cannot_be_left_out() -> None:
    facts = with_facts(
        values={"selected_for_moderation": False, "collaborative": True}, unanswered=("A",), without_evidence=("A",),
        without_note=("A",), overall="outstanding", unescalated=("A",), people={}, open_escalations=2,
    )  # fmt: skip

    assert list(reasons_of(workflow_of(SMALL), "grading", "submit", facts)) == [
        "every_expected_criterion_answered", "evidence_where_demanded", "notes_where_demanded",
        "overall_chosen_and_permitted", "safety_critical_inadequate_is_escalated", "four_eyes", "no_open_escalation",
    ]  # fmt: skip
    assert list(reasons_of(workflow_of(SMALL), "twice", "finalise", facts)) == ["four_eyes", "no_open_escalation"]


# --- what can be done next, and why not -------------------------------------------------------------------------


def test_what_is_possible_and_why_not(case_audit: ReadWorkflow) -> None:
    found = possible(case_audit, "grading", with_facts(unanswered=("A",)))

    assert [(p.event, p.title, p.by, p.to) for p in found] == [
        ("reallocate", "Allocate the audit to somebody else", ("quality_lead",), "allocated"),
        ("pause", "Pause the audit", ("auditor",), "paused"),
        ("give_view", "Say how you see your own work", ("practitioner",), "grading"),
        ("submit", "Submit the audit", ("auditor",), "decided"),
        ("withdraw", "Withdraw the audit", ("quality_lead",), "withdrawn"),
    ]
    assert [p.event for p in found if p.reasons] == ["submit"]
    assert [reason.rule for reason in found[3].reasons] == ["every_expected_criterion_answered"]


def test_where_it_leads_is_open_while_that_is_not_known(case_audit: ReadWorkflow) -> None:
    found = possible(case_audit, "grading", with_values(selected_for_moderation=None))
    submit = next(one for one in found if one.event == "submit")

    assert submit.to is None
    assert [reason.rule for reason in submit.reasons] == ["ends"]


def test_reasons_people_give(case_audit: ReadWorkflow) -> None:
    assert reason_missing(case_audit, "submit", None) is None
    assert reason_missing(case_audit, "return", "The grades of two criteria are mixed up.") is None
    assert reason_missing(case_audit, "withdraw", "case_not_open") is None
    assert reason_missing(case_audit, "return", "  ") == Reason(
        "reason", "'Return the audit to its auditor' needs a reason. Say in a sentence why, or what was done."
    )
    missing = reason_missing(case_audit, "withdraw", "because")
    assert missing is not None
    assert missing.text.startswith(
        "'Withdraw the audit' needs one of the listed reasons. Choose one: audited_already ("
    )


# --- one machine for all of them -----------------------------------------------------------------------------------


def test_one_machine_serves_every_reading_of_one_text() -> None:
    assert machine_module._machine(workflow_of(SMALL)) is machine_module._machine(workflow_of(SMALL))


def test_no_callback_of_a_bad_file_was_ever_run() -> None:
    """Names of code stand in golden files; none of them is a name `transitions` could be given."""
    texts = [file.read_text("utf-8") for file in GOLDEN.glob("code_*.yaml")]

    assert len(texts) >= 3
    assert all(re.search(r"os\.system|eval|__import__", text) for text in texts)
