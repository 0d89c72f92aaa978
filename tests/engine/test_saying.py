"""What is said of an event's records: taken as asked for, or refused with every reason at once."""

from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import load_workflow
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.saying import audits_named, is_day, judged_said, no_such_audit
from audit_engine.safe_text import MAX_TEXT

WORKFLOW = """
workflow: promise
version: 1.0.0
title: Something promised
governs: matter
references: PRO
about: audit
records:
  kept: {title: Whether it was kept, one_of: [wholly, partly, not_at_all]}
  evidence: {title: What shows it, text: yes}
  again: {title: The day it is looked at again, day: yes}
  other: {title: The audit that looked again, audit: yes}
  outcome: {title: What came of it, one_of: [open, done], at_first: open}
stages:
  - {id: promised, title: Promised, waits_for: manager}
  - {id: done, title: Done, final: yes}
events:
  - id: show
    title: Show that it was done
    from: [promised]
    by: [manager]
    asks: [kept, evidence, again, other]
    sets: {outcome: done}
    ends:
      - {to: done}
  - id: drop
    title: Drop it
    from: [promised]
    by: [manager]
    ends:
      - {to: done}
"""
SAID = {"kept": "partly", "evidence": "Seen in the log.", "again": "2024-03-18", "other": "L-2324Q4-0001"}


@pytest.fixture
def workflow(tmp_path: Path) -> ReadWorkflow:
    file = tmp_path / "promise.yaml"
    file.write_text(WORKFLOW, encoding="utf-8")
    return load_workflow(file)


def texts(workflow: ReadWorkflow, event: str = "show", **said: str) -> list[str]:
    """What is refused, where the rest is said as it should be."""
    reasons = judged_said(workflow, event, (SAID if event == "show" else {}) | said)[1]
    assert {reason.rule for reason in reasons} <= {"asks"}
    return [reason.text for reason in reasons]


def test_what_is_asked_is_taken_and_what_it_sets_is_set(workflow: ReadWorkflow) -> None:
    changes, reasons = judged_said(workflow, "show", SAID | {"evidence": "  Seen\u200b in the log.\x1b "})

    assert reasons == []
    assert changes == SAID | {"outcome": "done"}
    assert audits_named(workflow, changes) == {"other": "L-2324Q4-0001"}


def test_everything_that_was_not_said_is_told_at_once(workflow: ReadWorkflow) -> None:
    changes, reasons = judged_said(workflow, "show", {"evidence": " \n"})

    assert [reason.text for reason in reasons] == [
        "'Show that it was done' asks for kept: Whether it was kept. Say it: wholly, partly or not_at_all.",
        "'Show that it was done' asks for evidence: What shows it. Say it: a sentence or more.",
        "'Show that it was done' asks for again: The day it is looked at again. Say it: a day, like 2024-03-18.",
        (
            "'Show that it was done' asks for other: The audit that looked again. "
            "Say it: the reference of another audit of this case."
        ),
    ]
    assert changes == {"outcome": "done"}


def test_what_does_not_do(workflow: ReadWorkflow) -> None:
    assert texts(workflow, kept="nearly") == [
        "Whether it was kept: 'nearly' is none of its words. Say wholly, partly or not_at_all."
    ]
    assert texts(workflow, again="2023-02-29") == [
        "The day it is looked at again: '2023-02-29' is no day there is. Say a day, like 2024-03-18."
    ]
    assert texts(workflow, evidence="x" * (MAX_TEXT + 1)) == [
        f"What shows it: this text is {MAX_TEXT + 1:,} characters long, and {MAX_TEXT:,} is the most. Shorten it."
    ]
    assert texts(workflow, outcome="open") == [
        "'Show that it was done' does not ask for 'outcome'. It asks for: kept, evidence, again, other."
    ]
    assert texts(workflow, "drop", kept="partly") == ["'Drop it' does not ask for 'kept'. It asks for nothing."]


@pytest.mark.parametrize("text", ["20240318", "2024-W12-1", "2024-3-18", "18 March 2024", "٢٠٢٤-٠٣-١٨", "2024-13-01"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    assert not is_day(text)


def test_a_day_that_there_is() -> None:
    assert is_day("2024-02-29")


def test_an_audit_that_there_is_not(workflow: ReadWorkflow) -> None:
    reason = no_such_audit(workflow, "other", "L-9\x1b")

    assert reason.rule == "asks"
    assert reason.text == (
        "The audit that looked again: there is no audit 'L-9<U+001B>' of this case. Check the reference."
    )
