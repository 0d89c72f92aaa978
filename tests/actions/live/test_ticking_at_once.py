"""By however many the clock is run, and wherever it is cut off, what is late is done once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.queue_views import TickView
from audit_engine.records.database import open_database

from .at_work import CARA, Live
from .conftest import copied, prepared, unselected
from .cutting import cut_before
from .timed import EASTER, NOTHING, counts, easter, easter_file, shared, ticked, timed

__all__ = ["easter", "easter_file", "timed"]


def busy(live: Live) -> None:
    """Something late of every kind: reminders, an event, an escalation, a refusal."""
    one, two, three, *_ = live.audits
    for audit in (one, two):
        shared(live, audit)
    live.escalate(two, CARA)
    live.begun(three)


def outcome(live: Live) -> dict[str, object]:
    """What stands once it was run, without random keys and moments."""
    rows = [
        (row["about"], row["stage"], row["since_turn"], row["step"], row["kind"], row["whom"])
        for row in live.rows("notices")
    ]
    return {
        "notices": sorted(rows),
        "audits": [(row["reference"], row["stage"], row["turn"]) for row in live.rows("audits")],
        "sizes": {table: len(rows) for table, rows in live.contents().items()},
    }


def test_two_clocks_at_one_moment_do_each_thing_once(easter: Live, tmp_path: Path, timed: Catalogue) -> None:
    busy(easter)
    alone = copied_as_it_is(easter, tmp_path / "alone.db", timed)
    with alone.db:
        expected_counts = counts(ticked(alone, "2026-06-30"))
        expected = outcome(alone)
    clocks = [replace(easter, db=open_database(easter.address)) for _ in range(4)]
    barrier = Barrier(len(clocks))

    def run(clock: Live) -> TickView:
        barrier.wait()
        return ticked(clock, "2026-06-30")

    with ThreadPoolExecutor(len(clocks)) as pool:
        views = list(pool.map(run, clocks))
    for clock in clocks:
        clock.db.close()

    together = [sum(numbers) for numbers in zip(*(counts(view) for view in views), strict=True)]
    assert together[:3] == list(expected_counts[:3])
    assert outcome(easter) == expected
    assert easter.is_sound()


def copied_as_it_is(live: Live, to: Path, timed: Catalogue) -> Live:
    """A copy of a workspace whose connections are closed for the copying."""
    live.db.close()
    found = copied(Path(live.address), to, timed)
    found.now = live.now
    return found


class PowerCut(BaseException):
    """It went dark."""


def power_cut() -> None:
    raise PowerCut


def test_cut_off_before_each_statement_and_run_again(easter: Live, tmp_path: Path, timed: Catalogue) -> None:
    busy(easter)
    easter.db.close()
    whole = copied(Path(easter.address), tmp_path / "whole.db", timed)
    with cut_before(0, power_cut) as statements:
        counted = copied(Path(easter.address), tmp_path / "counted.db", timed)
        with counted.db:
            ticked(counted, "2026-06-30")
    with whole.db:
        ticked(whole, "2026-06-30")
        expected = outcome(whole)
    assert statements.count("COMMIT") >= 7
    writing = [n for n, text in enumerate(statements, 1) if not text.startswith("SELECT")]
    assert len(writing) > 50

    for number in writing:
        path = tmp_path / f"{number}.db"
        with cut_before(number, power_cut):
            live = copied(Path(easter.address), path, timed)
            with live.db, pytest.raises(PowerCut):
                ticked(live, "2026-06-30")
        again = copied(path, tmp_path / f"{number}-again.db", timed)
        with again.db:
            ticked(again, "2026-06-30")
            assert outcome(again) == expected, statements[number - 1]
            assert again.is_sound()
        path.unlink()


@pytest.mark.postgres
def test_on_postgresql_two_clocks_at_one_moment(postgres_address: str, timed: Catalogue) -> None:
    live = prepared(postgres_address, timed, at=EASTER, quarter_="2025-26-Q4")
    with live.db:
        live.now = EASTER.replace(hour=12)
        audit = unselected(live)
        shared(live, audit)
        others = [replace(live, db=open_database(live.address)) for _ in range(3)]
        barrier = Barrier(len(others))

        def run(clock: Live) -> TickView:
            barrier.wait()
            return ticked(clock, "2026-06-30")

        with ThreadPoolExecutor(len(others)) as pool:
            views = list(pool.map(run, others))
        for one in others:
            one.db.close()

        assert sum(view.moved for view in views) == 1
        assert sum(view.reminded for view in views) == 6
        notices = live.rows("notices")
        assert len({(row["thing"], row["since_turn"], row["step"]) for row in notices}) == len(notices) == 6
        assert live.audit(audit)["stage"] == "closed"
        assert counts(ticked(live, "2026-07-01")) == NOTHING
        assert live.is_sound()
