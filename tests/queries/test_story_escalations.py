"""What an audit's story tells of its escalations, and to whom."""

from datetime import timedelta

import pytest

from audit_engine.calendars import now
from audit_engine.queries.story import story_view
from audit_engine.views import StoryLine
from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, LEAD, Live

FEARED, DONE, SAFE = (
    "No safety plan.",
    "The duty social worker went to see the child.",
    "The child was seen and is safe.",
)


def told(live: Live, who: str, audit: str) -> list[StoryLine]:
    with live.db.read() as session:
        lines = story_view(session, live.who(who), audit, live.catalogue).lines
    assert list(lines) == sorted(lines, key=lambda line: line.at)
    return [line for line in lines if line.about == "escalation"]


@pytest.fixture
def audit(live: Live) -> str:
    """Submitted, with a closed escalation."""
    live.now = now() - timedelta(hours=3)
    audit = live.audits[0]
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor, FEARED, criterion="safe.da_assessed")
    live.escalation_closed(audit)
    live.submit(audit, auditor, "inadequate")
    return audit


def test_it_is_told_from_the_fear_to_the_child_being_safe(live: Live, audit: str) -> None:
    auditor = live.auditor(audit)
    for who in (LEAD, CARA, auditor):
        lines = told(live, who, audit)
        assert [line.who for line in lines] == [auditor, CARA, CARA, LEAD]
        raised, _, acted, closed = (" ".join(line.says) for line in lines)
        assert raised.startswith("Escalation 1 was raised at Domestic abuse assessed.")
        assert FEARED in raised
        assert f"What was done: {DONE}" in acted
        assert closed.endswith(f"How it is known that the child is safe: {SAFE}")
        assert all(line.criteria == {"safe.da_assessed"} for line in lines)


def test_the_practitioner_learns_of_none_but_their_own(live: Live, audit: str) -> None:
    live.escalate(audit, ADA, "My own fear.")
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", DONE)

    lines = told(live, ADA, audit)
    assert [line.says[0].partition(" was")[0].partition(":")[0] for line in lines] == ["Escalation 2"] * 3
    assert "My own fear." in " ".join(lines[0].says)
    assert FEARED not in repr(lines)
    assert DONE not in repr(lines)


def test_whoever_may_still_grade_it_blind_learns_of_it_when_they_have_locked(live: Live, audit: str) -> None:
    live.take(audit, EVE)
    assert told(live, EVE, audit) == told(live, EDGAR, audit) == []
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    assert FEARED in repr(told(live, EVE, audit))
    assert told(live, EDGAR, audit) == []


def test_a_blind_head_who_is_told_because_it_is_late_reads_no_words_of_it(live: Live) -> None:
    audit = live.audits[1]
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    (line,) = told(live, EVE, audit)
    assert line.says[0] == "Escalation 1 was raised."
    assert "What is feared is withheld" in line.says[1]
    assert "not safe" not in repr(line)
