"""Matters in the queue stand among the audits by the day they are due, on pages of every size."""

from audit_engine.queries.queue import queue_counts, queue_page
from audit_engine.queue_views import QueueLine
from tests.actions.live.at_work import EVE, LEAD

from .conftest import Following


def page(live: Following, who: str, start: int, size: int) -> tuple[QueueLine, ...]:
    with live.db.read() as session:
        return queue_page(session, live.who(who), start=start, size=size)


def test_pages_of_every_size_hold_the_same_lines(live: Following, audit: str) -> None:
    auditor = live.shared(audit)
    for number in range(3):
        live.open(LEAD, "action", f"Do it, {number}.", hangs_on=audit, named={"owner": auditor})
    live.open(EVE, "learning", "Ask who holds the key.", subject="North Heron")

    for who in (auditor, EVE, LEAD):
        whole = page(live, who, 0, 1_000)
        due = [line.due for line in whole if line.group == "me" and line.number is None]
        assert due == sorted(due, key=lambda day: (day is None, day)), who
        for size in range(1, len(whole) + 2):
            paged = [line for start in range(0, len(whole), size) for line in page(live, who, start, size)]
            assert tuple(paged) == whole, (who, size)
        with live.db.read() as session:
            assert queue_counts(session, live.who(who), live.now.date()).every == len(whole)
    assert sum(line.matter for line in page(live, auditor, 0, 1_000)) == 3
