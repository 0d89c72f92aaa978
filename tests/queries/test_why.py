"""What can happen now, for whom, and why not."""

from typing import Any

import pytest

from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused
from audit_engine.queries.story import story_view
from audit_engine.queries.why import why
from audit_engine.work_views import MachineView, StepView
from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, LEAD, MAX, Live, role

SOUTH = "P-10"
"""A head of practice of another area."""


def machines(live: Live, who: str, audit: str) -> dict[str, MachineView]:
    with live.db.read() as session:
        return {machine.what: machine for machine in why(session, live.who(who), audit).machines}


def step(machine: MachineView, event: str) -> StepView:
    return next(one for one in machine.steps if one.event == event)


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


def test_it_names_whom_it_waits_for_and_since_when(live: Live, audit: str) -> None:
    auditor = live.auditor(audit)
    found = machines(live, LEAD, audit)["audit"]

    assert found.waits_for == f"the auditor of this audit ({auditor})"
    assert found.stage == "Allocated"
    assert found.due == live.audit(audit)["due"]
    assert found.since is not None
    begin = step(found, "begin")
    assert (begin.possible, begin.mine, begin.to) == (True, False, "Being graded")
    assert f"it is for the auditor of this audit ({auditor})" in begin.against_me[0]
    assert step(machines(live, auditor, audit)["audit"], "begin").mine


def test_every_reason_is_given_at_once(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "safe.da_assessed", grade="inadequate")
    submit = step(machines(live, auditor, audit)["audit"], "submit")

    told = " ".join(submit.reasons)
    for words in ("14 expected criteria have no answer", "needs evidence", "needs a note", "nobody has been told"):
        assert words in told
    assert len(submit.reasons) == 4
    assert "depends on what is not known" not in told
    assert submit.to == "Submitted for moderation or Decided"


def test_a_conflict_is_a_reason(live: Live, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    take = step(machines(live, EVE, audit)["audit"], "take")
    assert (take.mine, take.possible) == (True, True)
    assert not step(machines(live, LEAD, audit)["audit"], "take").mine


def test_moderation_and_open_escalations_have_their_own(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    found = machines(live, EVE, audit)

    assert list(found) == ["audit", "moderation", "escalation 1"]
    lock = step(found["moderation"], "lock")
    assert lock.mine
    assert "have no blind grade yet" in lock.reasons[0]
    everybody = f"the manager of this audit ({CARA}), a head of practice or a quality lead"
    assert found["escalation 1"].waits_for == everybody
    assert step(found["escalation 1"], "acknowledge").possible
    assert "withheld while you grade blind" in found["escalation 1"].says[0]
    assert machines(live, CARA, audit)["escalation 1"].says[0].endswith("The child is not safe.")
    live.escalation_closed(audit)
    assert list(machines(live, LEAD, audit)) == ["audit", "moderation"]
    assert "escalation 1" not in machines(live, ADA, audit)


def test_reasons_made_of_grades_are_for_those_who_see_them(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "safe.da_assessed", grade="inadequate")
    for who in (EVE, CARA, ADA):
        submit = step(machines(live, who, audit)["audit"], "submit")
        assert len(submit.reasons) == 1
        assert "withheld" in submit.reasons[0]
        assert (submit.withheld, submit.possible) == (True, False)
    assert not step(machines(live, auditor, audit)["audit"], "submit").withheld


def test_the_end_has_no_steps(live: Live, audit: str) -> None:
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
    found = machines(live, LEAD, audit)["audit"]

    assert (found.waits_for, found.steps) == (None, ())


@pytest.mark.parametrize(("who", "reference"), [(MAX, None), (LEAD, "L-0")])
def test_not_theirs_is_said_as_not_there(live: Live, audit: str, who: str, reference: str | None) -> None:
    with pytest.raises(Refused) as refused:
        machines(live, who, reference or audit)
    told: Any = refused.value.reasons[0]
    assert "There is no audit of this reference" in told.text


def test_it_says_whose_case_and_whose_work_it_is(live: Live, audit: str) -> None:
    with live.db.read() as session:
        view = why(session, live.who(CARA), audit)
    assert (view.practitioner, view.auditor) == (ADA, live.auditor(audit))
    assert view.case == live.row("cases", key=live.audit(audit)["case_key"])["reference"]


def test_can_is_never_said_of_what_the_action_refuses(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    undecided = step(machines(live, EVE, audit)["audit"], "finalise")
    assert "not decided yet" in undecided.reasons[0]
    assert "not decided yet" not in repr(machines(live, auditor, audit)["audit"].steps)
    live.give_back(audit, EVE)
    live.submit(audit, auditor, "inadequate")

    take = step(machines(live, EVE, audit)["audit"], "take")
    assert not take.mine
    assert take.against_me == tuple(one.text for one in live.refused(lambda: live.take(audit, EVE)).reasons)
    assert "saw the auditor's grades" in take.against_me[0]
    assert step(machines(live, EDGAR, audit)["audit"], "take").mine
    live.take(audit, EDGAR)
    for event in ("finalise", "return"):
        early = step(machines(live, EDGAR, audit)["audit"], event)
        assert (early.mine, early.possible) == (True, False)
    refused = live.refused(lambda: live.finalise(audit, EDGAR, "inadequate"))
    assert step(machines(live, EDGAR, audit)["audit"], "finalise").reasons == (refused.reasons[0].text,)
    live.grade_all(audit, EDGAR, blind=True)
    live.blind_overall(audit, EDGAR, "good")
    assert step(machines(live, EDGAR, audit)["moderation"], "lock").possible
    live.rate(audit, EDGAR, "heard.seen", grade="inadequate", blind=True)
    assert "needs a note" in " ".join(step(machines(live, EDGAR, audit)["moderation"], "lock").reasons)


def test_whoever_may_take_it_on_may_ask_wherever_they_are_and_reads_its_story_blind(live: Live, audit: str) -> None:
    live.import_people(P_10=PersonLine(20, SOUTH, "Sal Birch", (role("head_of_practice", area="South"),)))
    auditor = live.begun(audit)
    with pytest.raises(Refused):
        machines(live, SOUTH, audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor)
    live.submit(audit, auditor, "inadequate")

    assert step(machines(live, SOUTH, audit)["audit"], "take").mine
    with live.db.read() as session:
        story = story_view(session, live.who(SOUTH), audit, live.catalogue)
    assert "it may be moderated" in (story.withheld or "")
    assert "Seen inadequate" not in repr(story)
    live.take(audit, EVE)
    with pytest.raises(Refused):
        machines(live, SOUTH, audit)


def test_whoever_ends_an_answered_audit_reads_the_answer_first(live: Live, audit: str) -> None:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    assert machines(live, CARA, audit)["audit"].says == ()
    live.answer(audit, ADA, "challenged", "The visit of 3 May is not in it.")

    found = machines(live, CARA, audit)["audit"]
    assert found.says[0].startswith(f"{ADA} challenged what was found")
    assert found.says[0].endswith("The visit of 3 May is not in it.")
    assert "The visit of 3 May is not in it.\nNothing leads on" in step(found, "close").lasting


def test_an_acted_on_escalation_waits_for_everybody_whose_queue_holds_it(live: Live, audit: str) -> None:
    live.begun(audit)
    live.escalate(audit, ADA)
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Seen to.")
    waits = machines(live, LEAD, audit)["escalation 1"].waits_for
    assert waits == f"a quality lead, the manager of this audit ({CARA}) or a head of practice"
