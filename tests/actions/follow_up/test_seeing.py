"""Who sees which matters, what they are told of them, and that nothing of an audit's grades is told by them."""

from collections.abc import Callable
from typing import Any

import pytest

from audit_engine.cli.moves import step_lines
from audit_engine.problems import Refused
from audit_engine.queries.matter_view import matter_view, matter_why
from audit_engine.queries.queue_matters import queue_matters
from audit_engine.queries.story import story_view
from audit_engine.queries.why import why
from audit_engine.work_views import WhyView
from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, HERON, LEAD, MAX, people, role

from .conftest import Following

CANARY = "GRADED-INADEQUATE-7"


def may_see(live: Following, who: str, reference: str) -> bool:
    """Whether somebody may see a matter; both that show it say the same."""
    told = []
    for ask in (matter_view, matter_why):
        with live.db.read() as session:
            try:
                ask(session, live.who(who), reference)
            except Refused as refused:
                told.append(refused.reasons[0].rule != "see_matter")
            else:
                told.append(True)
    assert len(set(told)) == 1
    return told[0]


def asked_why(live: Following, who: str, audit: str) -> WhyView:
    with live.db.read() as session:
        return why(session, live.who(who), audit)


def queued(live: Following, who: str) -> list[str]:
    with live.db.read() as session:
        return [line.reference for line in queue_matters(session, live.who(who))]


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value)


def test_an_action_is_seen_by_those_who_have_to_do_with_it(live: Following, audit: str) -> None:
    auditor = live.shared(audit)
    action = live.open(auditor, "action", hangs_on=audit)
    other = live.other_auditor(audit)

    assert {who: may_see(live, who, action) for who in (LEAD, ADA, CARA, auditor, EVE, MAX, other, "P-3")} == {
        LEAD: True, ADA: True, CARA: True, auditor: True, EVE: True, MAX: True, other: False, "P-3": False,
    }  # fmt: skip


def test_there_is_none_and_it_is_not_theirs_are_one_answer(live: Following, audit: str) -> None:
    action = live.acting(audit)
    other = live.other_auditor(audit)

    def asked(reference: str) -> str:
        return refusal(lambda: live.event(reference, other, "start"))

    assert asked(action) == asked("ACT-0777")


def test_a_learning_point_is_not_for_administrators_or_those_it_does_not_name(live: Following) -> None:
    point = live.open(EVE, "learning", subject="North Heron")
    live.import_people(P_9=type(people()[MAX])(9, MAX, "Max Fenn", (role("administrator"),)))

    assert may_see(live, EVE, point)
    assert may_see(live, EDGAR, point)
    assert may_see(live, LEAD, point)
    assert not may_see(live, MAX, point)
    assert not may_see(live, CARA, point)
    assert queued(live, EDGAR) == [point]
    assert queued(live, MAX) == []


@pytest.fixture
def graded(live: Following, audit: str) -> str:
    """Being graded inadequate by its auditor, who has written down already what there is to learn. Gives the point."""
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor)
    return live.open(auditor, "lesson", f"{CANARY}: see that a plan is there.", hangs_on=audit)


def test_whoever_may_moderate_is_told_nothing_that_tells_grades(live: Following, audit: str, graded: str) -> None:
    live.submit(audit, live.auditor(audit), "inadequate")
    assert live.audit(audit)["stage"] == "submitted"

    for who in (EVE, EDGAR):
        assert not may_see(live, who, graded)
        assert queued(live, who) == []
        assert CANARY not in repr(asked_why(live, who, audit))
        assert "learning" not in repr(asked_why(live, who, audit)).lower()
        with live.db.read() as session:
            told = story_view(session, live.who(who), audit, live.catalogue)
        assert graded not in repr(told)
        assert "learning" not in withdrawing(live, who, audit).lower()
        assert opening(live, who, "LP-0777") == opening(live, who, graded)


def withdrawing(live: Following, who: str, audit: str) -> str:
    return refusal(lambda: live.move(audit, who, "withdraw", "wrong_case_drawn"))


def opening(live: Following, who: str, on: str) -> str:
    return refusal(lambda: live.open(who, "help", hangs_on=on))


def test_what_can_happen_is_the_same_for_them_whether_there_is_one_or_not(
    live: Following, audit: str, graded: str
) -> None:
    live.submit(audit, live.auditor(audit), "inadequate")
    before = asked_why(live, EVE, audit)
    live.open(LEAD, "lesson", "Another one.", hangs_on=audit)
    after = asked_why(live, EVE, audit)

    assert before.machines == after.machines
    assert before.track == after.track


def test_the_moderator_sees_it_once_the_blind_grades_are_locked(live: Following, audit: str, graded: str) -> None:
    live.submit(audit, live.auditor(audit), "inadequate")
    live.take(audit, EVE)
    assert not may_see(live, EVE, graded)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed="inadequate")
    live.blind_overall(audit, EVE, "inadequate")
    assert not may_see(live, EVE, graded)
    live.lock(audit, EVE)

    assert may_see(live, EVE, graded)
    assert not may_see(live, EDGAR, graded)


def test_whoever_is_several_things_gets_the_least(live: Following, audit: str, graded: str) -> None:
    lines = people()
    live.import_people(P_7=type(lines[EVE])(9, EVE, "Eve Ash", (*lines[EVE].roles, role("quality_lead"))))

    assert not may_see(live, EVE, graded)
    assert may_see(live, LEAD, graded)


def test_the_practitioner_sees_it_when_the_audit_is_shared(live: Following, audit: str) -> None:
    auditor = live.submitted(audit)
    point = live.open(auditor, "lesson", hangs_on=audit)
    assert not may_see(live, ADA, point)
    live.move(audit, auditor, "share")

    assert may_see(live, ADA, point)


def test_whoever_it_is_for_has_it_in_their_queue(live: Following, audit: str) -> None:
    action = live.acting(audit)

    assert queued(live, CARA) == [action]
    assert queued(live, MAX) == queued(live, ADA) == []
    live.event(action, CARA, "start")
    live.event(action, CARA, "tell_progress", said={"progress": "nearly"})
    live.event(action, CARA, "submit_evidence", said={"evidence": "It is done."})
    assert queued(live, CARA) == []
    assert queued(live, MAX) == [action]
    live.event(action, MAX, "verify")
    assert queued(live, MAX) == []


def test_what_is_due_first_is_at_the_top(live: Following, audit: str) -> None:
    first = live.acting(audit)
    second = live.open(LEAD, "action", hangs_on=audit)
    live.event(first, CARA, "start")

    assert queued(live, CARA) == [second, first]


def test_why_lists_what_hangs_on_the_audit(live: Following, audit: str) -> None:
    action = live.acting(audit)
    view = asked_why(live, CARA, audit)

    (machine,) = [one for one in view.machines if one.reference == action]
    assert (machine.what, machine.stage, machine.waits_for) == (f"{action}, action", "Assigned", "the owner (P-4)")
    assert machine.says == ("Write the safety plan anew.",)
    start = next(step for step in machine.steps if step.event == "start")
    assert (start.mine, start.possible, start.to) == (True, True, "In progress")
    hand_over = next(step for step in machine.steps if step.event == "hand_over")
    assert "whoever is the owner from then on [owner]" in hand_over.asks
    withdraw = next(step for step in machine.steps if step.event == "withdraw")
    assert (withdraw.mine, withdraw.possible) == (False, True)
    (lapse,) = [step for step in machine.steps if step.by_itself]
    assert step_lines(lapse) == ["  by itself, when it is late: Let the action lapse [lapse] -> Lapsed"]
    assert step_lines(withdraw)[0].startswith("  can: Withdraw the action [withdraw]")
    live.event(action, LEAD, "withdraw", reason="Twice.")
    assert [one for one in asked_why(live, CARA, audit).machines if one.reference] == []


def test_why_of_an_action_says_what_is_missing(live: Following, audit: str) -> None:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    help_ = live.open(CARA, "help", hangs_on=action)
    with live.db.read() as session:
        view = matter_why(session, live.who(CARA), action)

    assert [machine.reference for machine in view.machines] == [action, help_]
    submit = next(step for step in view.machines[0].steps if step.event == "submit_evidence")
    assert submit.reasons == (
        "The action is not nearly done. Tell how far it is first.",
        "Still open here: request for help. Have it brought to an end first.",
    )
    assert any("What shows that it was done" in words for words in submit.asks)


def test_the_manager_of_another_team_sees_no_audit_by_it(live: Following, audit: str) -> None:
    """Whoever may come to check an action sees the action, and nothing more of its audit."""
    action = live.acting(audit)

    assert may_see(live, MAX, action)
    with pytest.raises(Refused):
        asked_why(live, MAX, audit)
    assert HERON not in str(live.told(action, MAX))
