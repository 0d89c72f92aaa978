"""Which heads of practice are told of an escalation, and when: the same in queue, why and refusals."""

from datetime import date, timedelta

import pytest

from audit_engine.calendars import now
from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused
from audit_engine.queries.queue import queue_counts, queue_page
from audit_engine.queries.why import why
from tests.actions.live.at_work import CARA, EDGAR, EVE, HERON, LEAD, Live, people, role

SOON = date(2024, 1, 9)
"""Long ago: whatever was raised then and is not acknowledged is overdue."""


def told(live: Live, who: str, audit: str) -> set[str]:
    """Where this person is told that an escalation is open."""
    actor = live.who(who)
    with live.db.read() as session:
        view = why(session, actor, audit)
        lines = [one for one in queue_page(session, actor, size=1_000) if one.reference == audit]
        counts = queue_counts(session, actor, live.now.date())
    found = {"why"} if any(machine.number is not None for machine in view.machines) else set()
    found |= {"reason"} if "still open" in repr(view) else set()
    found |= {"risk" for one in lines if one.escalated and one.number is None}
    found |= {"line" for one in lines if one.number is not None}
    return found | ({"count"} if counts.escalations else set())


EVERYWHERE = {"why", "reason", "risk", "line", "count"}


@pytest.fixture
def audit(live: Live) -> str:
    """Submitted, with an escalation that is neither acknowledged nor due."""
    live.now = now() - timedelta(hours=3)
    live.submitted(live.audits[0], "inadequate", safe_da_assessed="inadequate")
    return live.audits[0]


def test_whoever_may_grade_it_blind_is_told_nothing_while_others_see_to_it(live: Live, audit: str) -> None:
    for who in (EVE, EDGAR):
        assert told(live, who, audit) == set()
    for who in (LEAD, CARA):
        assert {"why", "line", "count"} <= told(live, who, audit)
    live.take(audit, EVE)
    assert told(live, EVE, audit) == told(live, EDGAR, audit) == set()
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    assert told(live, EVE, audit) == EVERYWHERE
    assert told(live, EDGAR, audit) == set()


def test_a_head_who_will_never_moderate_it_is_told(live: Live, audit: str) -> None:
    lines = people()
    manages = PersonLine(lines[EDGAR].row, EDGAR, "Edgar Lund", (*lines[EDGAR].roles, role("manager", HERON, HERON)))
    live.import_people(P_8=manages)

    assert {"why", "line", "count"} <= told(live, EDGAR, audit)
    assert told(live, EVE, audit) == set()


def test_the_child_comes_first_once_its_day_has_passed_and_nobody_took_it_in_hand(live: Live) -> None:
    audit = live.audits[0]
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    assert live.escalations(audit)[0]["due"] == SOON
    live.take(audit, EVE)

    # Not among what stands in the way of withdrawing it, which also asks what only inadequate work has hanging on it.
    assert told(live, EVE, audit) == EVERYWHERE - {"reason"}
    assert {"why", "line", "count"} <= told(live, EDGAR, audit)
    with live.db.read() as session:
        (raised,) = [one for one in why(session, live.who(EVE), audit).machines if one.number is not None]
    assert raised.withheld  # that there is one, and not what is feared
    live.concern(audit, CARA, "acknowledge")
    assert told(live, EVE, audit) == told(live, EDGAR, audit) == set()


def test_a_head_is_told_where_nobody_else_could_bring_it_on(live: Live) -> None:
    live.now = now() - timedelta(hours=3)
    audit, lines = live.audits[0], people()
    live.begun(audit)
    live.escalate(audit, LEAD)
    assert told(live, EVE, audit) == set()
    live.import_people(P_4=PersonLine(lines[CARA].row, CARA, "Cara Marsh", (role("auditor"),)))

    assert {"why", "line"} <= told(live, EVE, audit)


def test_whoever_takes_part_in_it_goes_on_being_told(live: Live, audit: str) -> None:
    live.concern(audit, EVE, "acknowledge")  # heard of in another way, and never refused

    assert "line" in told(live, EVE, audit)
    assert told(live, EDGAR, audit) == set()


def test_no_refusal_tells_a_blind_head_whether_one_is_open(live: Live, audit: str) -> None:
    without = live.audits[1]
    auditor = live.begun(without)
    live.grade_all(without, auditor)
    live.submit(without, auditor, "inadequate", overall_reason="The whole is worse than its parts.")

    def refusals(reference: str) -> list[str]:
        tries = (
            lambda: live.move(reference, EVE, "withdraw", "wrong_case_drawn"),
            lambda: live.concern(reference, EVE, "close", "Safe."),
            lambda: live.concern(reference, EVE, "act", "Done."),
            lambda: live.concern(reference, EVE, "forget"),
        )
        return [str(live.refused(each)) for each in tries]

    assert refusals(audit) == refusals(without)
    with pytest.raises(Refused, match="still open"):
        live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
