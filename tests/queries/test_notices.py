"""Who sees that they were reminded of what is late, or told of it; for how long; and that nobody else does."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused
from audit_engine.queries.queue import queue, queue_counts, queue_page
from audit_engine.queries.why import why
from audit_engine.queue_views import QueueLine
from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, MAX, Live, role
from tests.actions.live.conftest import copied
from tests.actions.live.timed import late, late_file, ticked, timed

__all__ = ["late", "late_file", "timed"]
SOUTH, BOTH = "P-10", "P-11"
EVERYBODY = (LEAD, ADA, CARA, "P-5", "P-6", EVE, "P-8", MAX, SOUTH)


@pytest.fixture
def live(late: Live) -> Live:
    """With a head of practice of another area."""
    late.import_people(P_10=PersonLine(20, SOUTH, "Sol Tarn", (role("head_of_practice", area="South"),)))
    return late


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


def lines(live: Live, who: str, **asked: Any) -> list[QueueLine]:
    with live.db.read() as session:
        return list(queue_page(session, live.who(who), **{"size": 1_000, **asked}))


def reminded(live: Live, who: str) -> dict[str, date]:
    return {line.reference: line.reminded for line in lines(live, who) if line.reminded is not None}


def told(live: Live, who: str) -> dict[tuple[str, int | None], date]:
    return {(line.reference, line.number): line.told for line in lines(live, who) if line.told is not None}


def test_whoever_should_have_gone_on_sees_it_at_their_line(live: Live, audit: str) -> None:
    ticked(live, "2024-01-16")
    auditor = live.auditor(audit)
    mine = {name for name in live.audits if live.auditor(name) == auditor}

    assert reminded(live, auditor) == dict.fromkeys(mine, date(2024, 1, 16))
    assert all(line.group == "me" for line in lines(live, auditor) if line.reminded)
    for other in EVERYBODY:
        if other != auditor:
            assert audit not in reminded(live, other), other
        assert told(live, other) == {}, other


def test_a_reminder_is_gone_when_it_moved_on_and_when_somebody_else_has_it(live: Live, audit: str) -> None:
    ticked(live, "2024-01-16")
    first = live.auditor(audit)
    other = live.other_auditor(audit)
    live.reallocate(audit, LEAD, other)

    assert audit not in reminded(live, first) | reminded(live, other)

    ticked(live, "2024-01-24")

    assert reminded(live, other)[audit] == date(2024, 1, 24)
    live.move(audit, other, "begin")
    assert audit not in reminded(live, other)


def test_whoever_is_told_sees_a_line_of_its_own_after_what_waits_for_them(live: Live, audit: str) -> None:
    """Begun on the day it was allocated: due on 22 January, and five working days later the lead is told."""
    live.begun(audit)
    ticked(live, "2024-01-29")

    assert told(live, LEAD) == {(audit, None): date(2024, 1, 29)}
    line = next(line for line in lines(live, LEAD) if line.told)
    assert (line.group, line.work, line.state) == ("told", "steps", "late: with the auditor")
    assert (line.stage_title, line.due, line.done, line.escalated) == ("Being graded", date(2024, 1, 22), None, False)
    assert line.case.startswith("C-")
    assert line.practitioner == ADA
    with live.db.read() as session:
        counts = queue_counts(session, live.who(LEAD), live.now.date())
        listed = queue(session, live.who(LEAD))
    assert (counts.told, counts.every) == (1, len(lines(live, LEAD)))
    assert [one for one in listed if one.told] == [line]
    for other in EVERYBODY[1:]:
        assert told(live, other) == {}, other


def test_pages_of_every_size_hold_the_same_lines(live: Live, audit: str) -> None:
    for name in live.audits[:3]:
        live.begun(name)
    for name in live.audits[3:5]:
        live.escalate(name, CARA)
    ticked(live, "2024-01-31")

    whole = lines(live, LEAD)

    assert len({(line.reference, line.number) for line in whole}) == len(whole)
    assert [line.group for line in whole] == sorted((line.group for line in whole), key=["me", "told", "others"].index)
    assert sum(line.group == "told" for line in whole) >= 3
    for size in range(1, len(whole) + 2):
        paged = [line for start in range(0, len(whole), size) for line in lines(live, LEAD, start=start, size=size)]
        assert paged == whole, size
    assert lines(live, LEAD, start=len(whole)) == []
    few = lines(live, LEAD, matching="with the auditor")
    assert {line.reference for line in few} >= set(live.audits[:3])
    assert lines(live, LEAD, matching="with the auditor", start=1, size=2) == few[1:3]


def test_an_escalation_tells_its_manager_and_the_lead_and_nobody_else(live: Live, audit: str) -> None:
    """Raised on a Monday, due on Tuesday; on Thursday it is passed on, and then nobody is reminded any more."""
    live.escalate(audit, live.auditor(audit))

    ticked(live, "2024-01-10")

    line = next(line for line in lines(live, CARA) if line.number is not None)
    assert (line.group, line.reminded) == ("me", date(2024, 1, 10))
    # The lead can bring it on, too: one thing is one line, or it is looked at twice and counted twice.
    (line,) = (line for line in lines(live, LEAD) if line.number is not None)
    assert (line.group, line.told) == ("me", date(2024, 1, 10))
    with live.db.read() as session:
        counts = queue_counts(session, live.who(LEAD), live.now.date())
    assert (counts.told, counts.escalations, counts.every) == (0, 1, len(lines(live, LEAD)))
    for other in (ADA, EVE, SOUTH, MAX, live.auditor(audit)):
        assert told(live, other) == {}, other
        assert all(line.reminded is None for line in lines(live, other)), other

    ticked(live, "2024-01-11")
    assert told(live, LEAD) == {}


def test_why_says_who_was_reminded_and_told(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    ticked(live, "2024-01-23")
    ticked(live, "2024-01-29")

    for who in (auditor, LEAD, CARA):
        with live.db.read() as session:
            (machine,) = why(session, live.who(who), audit).machines
        assert machine.notices == (
            f"The auditor of this audit ({auditor}) was reminded on 23 January 2024 that it is late.",
            "Everybody who is a quality lead was told on 29 January 2024 that it is late.",
        )
    live.reallocate(audit, LEAD, live.other_auditor(audit))
    with live.db.read() as session:
        (machine,) = why(session, live.who(LEAD), audit).machines
    assert machine.notices == ()
    with live.db.read() as session, pytest.raises(Refused):
        why(session, live.who(MAX), audit)


def test_a_head_of_practice_is_told_only_of_their_area_and_of_no_grade(
    late_file: Path, tmp_path: Path, timed: Catalogue
) -> None:
    """The notice says 'head of practice', whom every head is; what is theirs to see decides."""
    live = copied(late_file, tmp_path / "heads.db", timed)
    with live.db:
        live.import_people(P_10=PersonLine(20, SOUTH, "Sol Tarn", (role("head_of_practice", area="South"),)))
        audit = live.audits[0]
        live.begun(audit)
        ticked(live, "2024-02-05")

        assert set(told(live, EVE)) == {(audit, None)}
        assert set(told(live, SOUTH)) == set()
        line = next(line for line in lines(live, EVE) if line.told)
        assert (line.done, line.total, line.escalated) == (None, None, False)
