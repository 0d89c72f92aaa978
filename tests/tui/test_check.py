"""The three checks: submitting, locking blind grades, making grades final. Keys in, screen and database out."""

import re
from typing import Any

import pytest

from audit_engine.queries.drafts import drafts
from tests.actions.live.at_work import CARA, EVE, LEAD, Live
from tui.desk.grading import AtGrading
from tui.drawing.check import LOCKS
from tui.keymap import KEYMAP
from tui.screens.check import CheckScreen, LockScreen
from tui.screens.compare import CompareScreen
from tui.screens.finish import FinishScreen
from tui.screens.prompt import Prompt
from tui.screens.queue import QueueScreen
from tui.screens.workbench import WorkbenchScreen

from .conftest import Screens, Sit
from .playing import played


def _graded(live: Live, audit: str, **grades: Any) -> str:
    """Everything is answered. Gives back the auditor."""
    who = live.begun(audit)
    live.grade_all(audit, who, **grades)
    return who


def _submissions(live: Live, audit: str) -> int:
    return sum((one.payload or {}).get("event") == "submit" for one in live.story(live.audit(audit)["key"]))


def _kept(live: Live, who: str, audit: str) -> dict[str, str]:
    with live.db.read() as session:
        return drafts(session, live.who(who), audit)


def _chosen(at: Screens) -> str:
    """The line where the person is."""
    (line,) = [line for line in at.pane("points").splitlines() if line.startswith(" >")]
    return line


@played
async def test_s_and_five_more_keys_submit_an_audit_of_which_nothing_was_said_yet(
    live: Live, sit: Sit, audit: str
) -> None:
    """`S` asks what is missing, one after the other; however quickly the answers come, each lands where it belongs."""
    who = _graded(live, audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "S", "1", "3", "enter", "1")

        row = live.audit(audit)
        assert (row["stage"], row["overall"], row["overall_reason"]) == ("decided", "good", None)
        assert (row["feedback"], row["feedback_from"], row["collaborative"]) == ("given", ["child", "carer"], True)
        at.screen(QueueScreen)
        told = " ".join(at.text().split())
        assert re.search(rf"{audit} submitted, saved \d\d:\d\d:\d\d\. It is now 'Decided'; next: share the audit", told)
    assert _kept(live, who, audit) == {}
    assert live.is_sound()


@played
async def test_s_s_is_enough_once_the_rest_was_said_and_submits_once(live: Live, sit: Sit, audit: str) -> None:
    """What was said is kept when the check is left; pressing again submits nothing again."""
    who = _graded(live, audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "t", "t", "F", "2", "enter", "q")
        assert _kept(live, who, audit) == {"feedback": "parent", "together": "no"}
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "S", "S", "S")

        row = live.audit(audit)
        assert (row["stage"], row["feedback_from"], row["collaborative"]) == ("decided", ["parent"], False)
    assert _submissions(live, audit) == 1
    assert live.is_sound()


@played
async def test_what_must_be_done_first_is_shown_gone_to_and_stops_submitting(live: Live, sit: Sit, audit: str) -> None:
    who = _graded(live, audit)
    live.rate(audit, who, "rep.plan", grade="requires_improvement")
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("home", "m", "s")
        assert "17 of 18 done; 1 thing stops you from submitting; 1 to look at." in at.text()
        assert "1 Risk spotted and acted" in at.pane("points")  # marked to come back: it stops nothing
        assert LOCKS["check"] in " ".join(at.text().split())

        await at.press("end", "S")
        assert "Not yet. 9 Child Plan is live still asks for a note. Enter goes there." in at.text()
        assert "9 Child Plan is live" in _chosen(at)

        await at.press("enter")
        assert at.screen(WorkbenchScreen).criterion.id == "rep.plan"
    assert live.audit(audit)["stage"] == "grading"


@played
async def test_a_child_of_whom_nobody_was_told_is_escalated_from_the_line_that_says_so(
    live: Live, sit: Sit, audit: str
) -> None:
    who = _graded(live, audit, safe_da_assessed="inadequate")
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "S")
        assert "1 thing stops you" in at.text()
        assert "Raise an escalation now" in at.pane("points")
        await at.press("enter")
        at.screen(Prompt)
        await at.write("She is hit at home.")
        await at.press("enter")

        assert "18 of 18 done; nothing is open." in at.text()
        assert "Raise an escalation now, so that" not in at.pane("points")
    (raised,) = live.escalations(audit)
    assert (raised["criterion"], raised["concern"]) == ("safe.da_assessed", "She is hit at home.")


@played
async def test_another_overall_grade_needs_its_reason_and_a_barred_one_names_its_rule(
    live: Live, sit: Sit, audit: str
) -> None:
    """A reason that was begun and left is kept; a choice that was made is there the next time."""
    who = _graded(live, audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s")
        assert "2 Good, as suggested" in _chosen(at)
        await at.press("1")
        assert "Outstanding may not be given. Rule L3 (Outstanding means" in " ".join(at.text().split())
        await at.press("9")
        assert "9 is no overall grade: 1 to 4." in at.text()

        await at.press("3")
        await at.write("Too late")
        await at.press("escape")
        assert "2 Good, as suggested" in at.pane("points")
        assert _kept(live, who, audit) == {"overall_reason": "Too late"}

        await at.press("3")
        await at.write(" for her [/b].")
        await at.press("enter", "q")
        await at.press("s")
        assert "3 Requires improvement, chosen by you" in at.pane("points")
        assert "Too late for her [/b]." in at.pane("points")
        assert "`S` submits it with the overall grade Requires improvement" in at.text()
        await at.press("S", "1", "enter", "2")

        row = live.audit(audit)
        assert (row["overall"], row["suggested"], row["overall_reason"]) == (
            "requires_improvement", "good", "Too late for her [/b].",
        )  # fmt: skip
    assert _kept(live, who, audit) == {}
    assert live.is_sound()


@played
async def test_the_suggested_grade_is_taken_back_with_its_own_digit(live: Live, sit: Sit, audit: str) -> None:
    who = _graded(live, audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "4")
        await at.write("No.")
        await at.press("enter")
        assert "4 Inadequate, chosen by you" in at.pane("points")
        await at.press("2")
        assert "2 Good, as suggested" in at.pane("points")
        assert _kept(live, who, audit) == {}
        await at.press("S", "1", "enter", "2")
    row = live.audit(audit)
    assert (row["overall"], row["overall_reason"]) == ("good", None)


@played
async def test_when_nobody_gave_feedback_it_is_asked_why(live: Live, sit: Sit, audit: str) -> None:
    who = _graded(live, audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "t", "S", "enter", "enter")
        assert "This needs some words." in at.text()
        await at.press("escape")
        assert live.audit(audit)["stage"] == "grading"
        assert "not said yet" in _chosen(at)
        await at.press("S", "enter")
        await at.write("They moved away.")
        await at.press("enter")

        row = live.audit(audit)
        assert (row["stage"], row["feedback"], row["feedback_reason"]) == ("decided", "none", "They moved away.")
    assert live.is_sound()


@played
async def test_a_returned_audit_still_says_what_was_said_before(live: Live, sit: Sit, audit: str) -> None:
    who = live.compared(audit)
    live.give_back(audit, EVE)
    live.rate(audit, who, "safe.da_assessed", grade="good", note="", pointer="")
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s")
        assert "2 Good, as suggested" in at.pane("points")
        assert "Before     You gave Inadequate when it was handed in before." in at.pane("points")
        assert "Feedback   child" in at.pane("points")
        await at.press("S")

        row = live.audit(audit)
        assert (row["stage"], row["overall"], row["collaborative"]) == ("submitted", "good", False)
    assert _submissions(live, audit) == 2
    assert live.is_sound()


@played
async def test_a_refusal_says_every_reason_and_loses_nothing(live: Live, sit: Sit, audit: str) -> None:
    """Somebody else was there first: the audit is no longer this auditor's to submit."""
    who = _graded(live, audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "t", "F", "4", "enter")
        live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
        await at.press("S")

        assert "NOT SAVED" in at.text()
        assert "Not done: cannot" in at.text()
        assert "professional" in at.pane("points")
        at.screen(CheckScreen)
        await at.press("S", "F", "t", "3")
        assert "It is 'Withdrawn': nothing can be submitted now." in at.text()
    assert live.audit(audit)["stage"] == "withdrawn"
    assert _submissions(live, audit) == 0


@played
async def test_no_overall_grade_is_chosen_while_an_answer_is_missing(live: Live, sit: Sit, audit: str) -> None:
    who = live.begun(audit)
    live.rate(audit, who, "rep.plan", grade="good")
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s", "3")
        assert "Answer what must be done first" in at.text()
        assert "Overall    not chosen yet: a digit chooses it" in at.pane("points")
    assert _kept(live, who, audit) == {}


@played
async def test_after_submitting_it_can_be_read_and_nothing_more(live: Live, sit: Sit, audit: str) -> None:
    who = _graded(live, audit)
    live.submit(audit, who, "requires_improvement", overall_reason="Too late.")
    before = live.audit(audit)
    async with sit(live, who) as at:
        at.app.push_screen(CheckScreen(AtGrading(at.app.here, audit)))
        await at.settle()
        assert "3 Requires improvement, as handed in" in at.pane("points")
        assert "18 of 18 done." in at.text()
        await at.press("S", "F", "t", "3", "enter")
        assert "It is 'Decided': nothing can be submitted now." in at.text()
    assert live.audit(audit) == before
    assert _kept(live, who, audit) == {}


@played
async def test_without_grades_there_is_no_overall_grade(live: Live, sit: Sit, audit: str) -> None:
    who = live.begun(audit)
    live.ungraded(audit)
    for criterion in live.expected():
        live.rate(audit, who, criterion, note="Talked through.")
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("s")
        assert "Overall" not in at.pane("points")
        await at.press("2")
        assert "This audit is made without grades" in at.text()
        await at.press("S", "1", "enter", "1")

        row = live.audit(audit)
        assert (row["stage"], row["overall"], row["feedback_from"]) == ("decided", None, ["child"])
    assert live.is_sound()


@played
async def test_blind_grades_lock_only_when_whole_and_only_after_a_second_yes(live: Live, sit: Sit, audit: str) -> None:
    live.in_moderation(audit)
    live.concern(audit, CARA, "acknowledge")
    live.grade_all(audit, EVE, blind=True)
    live.rate(audit, EVE, "rep.plan", grade="requires_improvement", blind=True)
    async with sit(live, EVE) as at:
        await at.go_to(audit)
        await at.press("L", "L")
        at.screen(LockScreen)
        assert "Not yet. 9 Child Plan is live still asks for a note" in at.text()
        live.rate(audit, EVE, "rep.plan", note="Late.", blind=True)
        await at.press("q", "L", "1")
        assert "Outstanding may not be given. Rule L3" in at.text()
        await at.press("3", "L")
        assert LOCKS["lock"] in " ".join(at.text().split())
        await at.press("2")
        assert live.moderations(audit)[0]["stage"] == "blind"
        at.screen(LockScreen)

        await at.press("L", "1")
        (row,) = live.moderations(audit)
        assert (row["stage"], row["blind_overall"]) == ("compared", "requires_improvement")
        at.screen(CompareScreen)
    assert live.is_sound()


@played
async def test_a_moderator_who_finds_a_child_at_risk_escalates_before_the_lock(
    live: Live, sit: Sit, audit: str
) -> None:
    """The lock is refused with its reason; `!` raises it without leaving; the grade that was chosen is still there."""
    who = _graded(live, audit, safe_risk_identified="inadequate")
    live.escalate(audit, who, criterion="safe.risk_identified")
    live.concern(audit, CARA, "acknowledge")
    live.submit(audit, who, "inadequate")
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed="inadequate")
    async with sit(live, EVE) as at:
        await at.go_to(audit)
        await at.press("L", "L", "1")
        at.screen(LockScreen)
        assert "A child may be at risk" in at.text()
        await at.press("exclamation_mark")
        await at.write("He came back.")
        await at.press("enter")
        await at.press("L", "1")
    (row,) = live.moderations(audit)
    assert (row["stage"], row["blind_overall"]) == ("compared", "inadequate")
    assert len(live.escalations(audit)) == 2
    assert live.is_sound()


@pytest.mark.parametrize(("digit", "overall", "direction"), [(None, "inadequate", "agreed"), ("2", "good", "raised")])
@played
async def test_the_auditors_grade_is_offered_and_another_needs_its_reason(
    live: Live, sit: Sit, audit: str, digit: str | None, overall: str, direction: str
) -> None:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "moderator")
    live.escalation_closed(audit)
    async with sit(live, EVE) as at:
        await at.go_to(audit)
        await at.press("f")
        at.screen(FinishScreen)
        assert "4 Inadequate, as the auditor gave it" in _chosen(at)
        assert "You        Good, given blind" in at.pane("points")
        assert "Suggested  Good." in at.pane("points")
        if digit:
            await at.press(digit)
            assert "Why Good, and not the auditor's Inadequate?" in at.text()
            await at.write("It was assessed.")
            await at.press("enter")
        await at.press("S", "2")
        assert live.audit(audit)["stage"] == "moderation"
        await at.press("S", "1")

        at.screen(QueueScreen)
        assert f"{audit} is final, saved" in at.text()
    (row,) = live.moderations(audit)
    assert (row["stage"], row["decided_overall"], row["direction"]) == ("decided", overall, direction)
    assert row["reason"] == ("It was assessed." if digit else None)
    assert live.audit(audit)["final_overall"] == overall
    assert _kept(live, EVE, audit) == {}
    assert live.is_sound()


def test_every_check_says_what_it_locks() -> None:
    assert set(LOCKS) <= set(KEYMAP)
    assert {screen.KEYS for screen in (CheckScreen, LockScreen, FinishScreen)} == set(LOCKS)
