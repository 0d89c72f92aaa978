"""A simulation of the shipped audit goes as a real one does: the same stages, days, locks and refusals."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from audit_engine.calendars import day_of
from audit_engine.engine.simulating import Said, Simulation, begun, does, escalated, until, with_guard, with_value
from audit_engine.problems import Refused

from .at_work import ADA, CARA, EVE, LEAD, Live

Act = Callable[[], None]


def same(live: Live, audit: str, simulated: Simulation) -> None:
    """How both stand."""
    row = live.audit(audit)
    assert (simulated.stage, simulated.clock.due) == (row["stage"], row["due"])
    assert simulated.today == day_of(live.now)


def test_a_whole_audit_goes_the_same_way(live: Live, audit: str) -> None:
    """Handed in too early, moderated, returned, moderated again, shared, answered, closed over no open concern."""
    workflow = live.catalogue.workflow("case_audit")
    simulated = does(begun(workflow, day_of(live.now)), "quality_lead", "allocate")
    same(live, audit, simulated)

    auditor = live.begun(audit)
    simulated = does(simulated, "auditor", "begin")
    same(live, audit, simulated)

    # What is not graded yet, nobody hands in.
    both_refuse(
        live,
        lambda: live.submit(audit, auditor, "inadequate"),
        lambda: does(with_guard(simulated, "every_expected_criterion_answered", holds=False), "auditor", "submit"),
        "every_expected_criterion_answered",
    )
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor)
    simulated = escalated(simulated, 1)
    live.submit(audit, auditor, "inadequate")
    simulated = does(with_value(simulated, "selected_for_moderation", True), "auditor", "submit")
    same(live, audit, simulated)

    # Three days later it is taken on, compared and given back.
    live.now += timedelta(days=3)
    simulated = until(simulated, day_of(live.now))
    live.take(audit, EVE)
    simulated = does(simulated, "moderator", "take")
    same(live, audit, simulated)
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    live.give_back(audit, EVE)
    simulated = does(simulated, "moderator", "return", Said("Look at section two again."))
    same(live, audit, simulated)
    assert simulated.values["returned_times"] == live.audit(audit)["returned_times"] == 1

    live.submit(audit, auditor, "inadequate")
    simulated = does(simulated, "auditor", "submit")
    same(live, audit, simulated)


def test_it_ends_the_same_way(live: Live, audit: str) -> None:
    workflow = live.catalogue.workflow("case_audit")
    auditor = live.submitted(audit)
    simulated = with_value(begun(workflow, day_of(live.now)), "overall", "good")
    for who, event in (("quality_lead", "allocate"), ("auditor", "begin"), ("auditor", "submit")):
        simulated = does(simulated, who, event)
    same(live, audit, simulated)

    live.move(audit, auditor, "share")
    simulated = does(simulated, "auditor", "share")
    same(live, audit, simulated)
    live.answer(audit, ADA, "accepted")
    simulated = does(simulated, "practitioner", "answer", Said(values={"answer": "accepted"}))
    same(live, audit, simulated)

    live.escalate(audit, auditor)
    simulated = escalated(simulated, 1)
    both_refuse(live, lambda: live.move(audit, CARA, "close"), lambda: does(simulated, "manager", "close"),
                "no_open_escalation")  # fmt: skip
    live.escalation_closed(audit)
    simulated = escalated(simulated, -1)
    both_refuse(
        live, lambda: live.move(audit, LEAD, "begin"), lambda: does(simulated, "quality_lead", "begin"), "stage"
    )
    live.move(audit, CARA, "close")
    simulated = does(simulated, "manager", "close")
    same(live, audit, simulated)


def both_refuse(live: Live, real: Act, simulated: Callable[[], Simulation], rule: str) -> None:
    refused = live.refused(real)
    with pytest.raises(Refused) as also:
        simulated()

    assert rule in [reason.rule for reason in refused.reasons]
    assert rule in [reason.rule for reason in also.value.reasons]
