"""The list of what is late: all of it that somebody may see, whomever it waits for, and nothing else."""

from datetime import date
from typing import Any

import pytest

from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused
from audit_engine.queries.queue_late import late_lines
from audit_engine.queries.why import why
from audit_engine.queue_views import LateLine
from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, MAX, Live, role
from tests.actions.live.timed import late, late_file, timed

__all__ = ["late", "late_file", "timed"]
SOUTH = "P-10"
DAY = date(2024, 1, 31)


@pytest.fixture
def live(late: Live) -> Live:
    """With a head of practice of another area."""
    late.import_people(P_10=PersonLine(20, SOUTH, "Sol Tarn", (role("head_of_practice", area="South"),)))
    return late


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


def listed(live: Live, who: str, day: date = DAY) -> list[LateLine]:
    with live.db.read() as session:
        return list(late_lines(session, live.who(who), day))


def things(live: Live, who: str, **asked: Any) -> list[tuple[str, str]]:
    return [(line.about, line.reference) for line in listed(live, who, **asked)]


def test_everything_past_its_day_is_listed_with_whom_it_waits_for(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.escalate(audit, auditor)

    (raised, *others) = listed(live, LEAD)

    assert (raised.about, raised.number, raised.title, raised.due) == (
        "escalation", 1, "Escalation 1: Raised", date(2024, 1, 9),
    )  # fmt: skip
    assert raised.waits_for is not None
    assert "manager" in raised.waits_for
    begun = next(line for line in others if line.reference == audit)
    assert (begun.about, begun.title, begun.due, begun.days) == ("audit", "Being graded", date(2024, 1, 22), 9)
    assert begun.waits_for == f"the auditor of this audit ({auditor})"
    assert begun.what == f"audit why {audit}"
    assert begun.case is not None
    assert {line.reference for line in others} == set(live.audits)
    assert [line.due for line in others] == sorted(line.due for line in others)


def test_nothing_is_late_on_its_day_and_one_day_late_on_the_next(live: Live) -> None:
    """Due on 15 January, all six of them."""
    assert listed(live, LEAD, date(2024, 1, 15)) == []
    assert [line.days for line in listed(live, LEAD, date(2024, 1, 16))] == [1] * 6


def test_what_no_workflow_reminds_of_is_late_all_the_same(live: Live, audit: str) -> None:
    live.in_moderation(audit)

    line = next(line for line in listed(live, LEAD) if line.reference == audit and line.about == "audit")

    assert line.title == "Being moderated"
    assert line.waits_for is not None


def test_each_sees_what_is_theirs_to_see_and_no_more(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.escalate(audit, auditor)

    for who in (LEAD, ADA, CARA, EVE, MAX, SOUTH, auditor, live.other_auditor(audit)):
        for line in listed(live, who):
            with live.db.read() as session:
                assert why(session, live.who(who), line.reference).reference == line.reference
    assert ("escalation", audit) in things(live, CARA)
    assert ("audit", audit) in things(live, CARA)
    assert things(live, MAX) == []  # of another team
    assert things(live, SOUTH) == []  # of another area
    assert ("escalation", audit) not in things(live, ADA)  # it may be about their own work
    other = live.other_auditor(audit)
    assert {name for _, name in things(live, other)} == {name for name in live.audits if live.auditor(name) == other}
    for name in live.audits:
        with live.db.read() as session, pytest.raises(Refused):
            why(session, live.who(MAX), name)


def test_looking_at_the_list_writes_nothing(live: Live) -> None:
    before = live.contents()
    listed(live, LEAD)
    assert live.contents() == before
