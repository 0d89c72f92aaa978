"""Where things land under another text: each rule by itself, and what it says."""

from datetime import date

import pytest

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.landing import Landing, Placed, Situation, landing, situations_at
from tests.actions.live.other_texts import TEN_DAYS, changed, in_force, shipped_text
from tests.engine.moves import workflow

MONDAY, FRIDAY = date(2024, 1, 8), date(2024, 1, 12)
OPEN, LOCKED, FINAL = (
    Situation(locked=False, final=False, allocated=True),
    Situation(locked=True, final=False, allocated=True),
    Situation(locked=True, final=True, allocated=True),
)
DRAWN = Situation(locked=False, final=False, allocated=False)
AN_END = "'Closed' is an end, and nothing ends but by an event. Say which other stage it becomes."
PROMISES = """properties:
  - {says: Nobody is left alone., never: stage == 'shared' && !collaborative}
  - {says: It bears grades., always: stage != 'shared' || graded}
"""


def landed(
    new: ReadWorkflow, stage: str, how: Situation, renamed: dict[str, str] | None = None, **more: object
) -> Landing:
    placed = Placed(stage, frozenset({how}), MONDAY, FRIDAY, **more)  # type: ignore[arg-type]
    return landing(workflow("case_audit"), new, placed, renamed or {})


def another(*edits: tuple[str, str], **stages: str) -> ReadWorkflow:
    return changed(load(), *edits, **stages).workflow("case_audit")


@pytest.mark.parametrize(
    ("stage", "how"),
    [("drawn", DRAWN), ("allocated", OPEN), ("grading", OPEN), ("returned", OPEN), ("submitted", LOCKED),
     ("decided", FINAL), ("shared", FINAL), ("answered", FINAL)],
)  # fmt: skip
def test_under_a_text_that_says_the_same_everything_stays(stage: str, how: Situation) -> None:
    found = landed(another(), stage, how)

    assert found.stage is not None
    assert (found.stage.id, found.due, found.reasons) == (stage, FRIDAY, ())
    assert situations_at(workflow("case_audit"), stage) == {how}


@pytest.mark.parametrize(
    ("stage", "how", "to", "says"),
    [
        ("submitted", OPEN, "submitted", "Its grades are not locked, and at 'Submitted for moderation' they are."),
        ("grading", LOCKED, "grading", "Its grades are locked, and at 'Being graded' they are not."),
        ("decided", LOCKED, "decided", "Its grades are not final, and at 'Decided' they are."),
        ("submitted", FINAL, "submitted", "Its grades are final, and at 'Submitted for moderation' they are not."),
        ("grading", DRAWN, "grading", "It has no auditor yet, and at 'Being graded' it needs one."),
        ("drawn", OPEN, "drawn", "It has an auditor, and at 'Drawn' there is none yet."),
        ("gone", LOCKED, "closed", AN_END),
        ("gone", LOCKED, "moderation", "At 'Being moderated' audits are moderated, and nobody has taken this one on."),
    ],
)  # fmt: skip
def test_where_it_could_not_have_come_by_events_it_does_not_land(
    stage: str, how: Situation, to: str, says: str
) -> None:
    new = another(submitted="waiting") if stage == "gone" else another()
    renamed = {"submitted": to} if stage == "gone" else {}

    found = landed(new, "submitted" if stage == "gone" else stage, how, renamed)

    assert [reason.text for reason in found.reasons] == [says]


def test_while_it_is_moderated_it_stays_where_that_is_done() -> None:
    assert landed(another(), "moderation", LOCKED, moderated=True).reasons == ()
    (reason,) = landed(another(), "submitted", LOCKED, moderated=True).reasons
    assert reason.text.startswith("It is being moderated, and that is done at the stage 'moderation', not at")


def test_a_promise_is_broken_only_by_what_is_known() -> None:
    new = another(("properties:\n", PROMISES))

    def broken(**values: bool) -> list[str]:
        return [
            reason.text.partition("promises: ")[2] for reason in landed(new, "shared", FINAL, values=values).reasons
        ]

    assert broken() == []
    assert broken(collaborative=True, graded=True) == []
    assert broken(collaborative=False, graded=False) == ["Nobody is left alone.", "It bears grades."]


@pytest.mark.parametrize(
    ("time", "due"),
    [
        ("due: 10 working days", FRIDAY),
        ("due: 11 working days", date(2024, 1, 23)),
        ("due: 1 working day", date(2024, 1, 9)),
    ],
)
def test_the_due_day(time: str, due: date) -> None:
    new = another((TEN_DAYS, f"waits_for: auditor\n    {time}"))

    assert landed(new, "grading", OPEN).due == due


def test_what_several_ways_lead_to_is_asked_of_all_of_them() -> None:
    """Of a moderation only its stage is known: every situation it may be in must be one the new text has there."""
    old = workflow("moderation")
    text = shipped_text(load(), "moderation")
    new = in_force(load(), text.replace("version: 1.2.0", "version: 1.3.0"), "moderation").workflow("moderation")
    both = Placed("blind", frozenset({DRAWN, DRAWN._replace(locked=True)}), MONDAY, None)

    assert [reason.rule for reason in landing(old, new, both, {}).reasons] == ["locked"]
    assert landing(old, new, Placed("blind", frozenset({DRAWN}), MONDAY, None), {}).reasons == ()
