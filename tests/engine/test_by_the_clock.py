"""What the clock may do: what is given to it, where nobody holds the thing, and nothing that bears a name."""

from uuid import UUID

from audit_engine.engine.by_the_clock import clock_may
from tests.engine.moves import AUDITOR, NAMES, PEOPLE
from tests.engine.test_machine import workflow_of

HELD = """\
workflow: held
version: 1.0.0
title: Held
governs: audit
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
stages:
  - id: grading
    title: Being graded
    waits_for: auditor
    grades: yes
    held_by: auditor
    due: 5 working days
    overdue: [{after: 1 working day, event: chase}, {after: 9 working days, event: take_away}]
  - {id: decided, title: Decided, finalises: yes, final: yes}
  - {id: taken_away, title: Taken away, final: yes}
events:
  - {id: submit, title: Submit, from: [grading], by: [auditor], locks: grades, ends: [{to: decided}]}
  - {id: chase, title: Chase, from: [grading], by: [the_clock, auditor], ends: [{to: same_stage}]}
  - {id: take_away, title: Take it away, from: [grading], by: [the_clock], breaks_hold: yes, ends: [{to: taken_away}]}
"""
ESCALATION = """\
workflow: escalation
version: 1.0.0
title: Escalation
governs: escalation
stages:
  - id: raised
    title: Raised
    waits_for: manager
    due: 1 working day
    overdue: [{after: 1 working day, event: acknowledge}]
  - {id: acknowledged, title: Acknowledged, waits_for: manager}
  - {id: acted, title: Acted on, waits_for: manager}
  - {id: closed, title: Closed, final: yes}
events:
  - {id: acknowledge, title: Acknowledge it, from: [raised], by: [manager, the_clock], ends: [{to: acknowledged}]}
  - {id: act, title: Act, from: [acknowledged], by: [manager], reason: required, ends: [{to: acted}]}
  - {id: close, title: Close, from: [acted], by: [manager], reason: required, ends: [{to: closed}]}
"""


def said(text: str, event: str, stage: str, people: dict[str, UUID | None] = PEOPLE) -> list[str]:
    return [f"{one.rule}: {one.text}" for one in clock_may(workflow_of(text), event, stage, people, NAMES)]


def test_only_what_is_given_to_it() -> None:
    assert said(HELD, "submit", "grading") == [
        "by: 'Submit' is not given to the clock: it is for the auditor of this audit (P-3). Ask them.",
    ]


def test_nothing_while_somebody_holds_it_but_what_breaks_the_hold() -> None:
    assert said(HELD, "chase", "grading") == [
        "held: It is held by the auditor of this audit (P-3) at present, so nothing happens to it by itself. Ask them.",
    ]
    assert said(HELD, "take_away", "grading") == []
    assert said(HELD, "chase", "grading", {**PEOPLE, "auditor": None}) == []
    assert PEOPLE["auditor"] == AUDITOR


def test_nothing_that_bears_somebodys_name() -> None:
    assert said(ESCALATION, "acknowledge", "raised") == [
        "by: 'Acknowledge it' bears somebody's name, so the clock cannot do it. Somebody must.",
    ]
