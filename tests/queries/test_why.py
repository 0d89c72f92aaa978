"""What can happen now, for whom, and why not."""

from typing import Any

import pytest

from audit_engine.problems import Refused
from audit_engine.queries.why import why
from audit_engine.work_views import MachineView, StepView
from tests.actions.live.conftest import ADA, CARA, EVE, LEAD, MAX, Live


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
    assert found["escalation 1"].waits_for == f"the manager of this audit ({CARA})"
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
