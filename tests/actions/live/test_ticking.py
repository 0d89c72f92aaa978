"""What is late is done once, in order, however late and however often the clock is run, and by however many."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier

import pytest

from audit_engine.actions.ticking import tick
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.queue_views import TickView
from audit_engine.records.database import open_database

from .conftest import CARA, DAN, DEE, LEAD, Live, copied, prepared, unselected
from .cutting import cut_before
from .timed import noon, ticked, timed_catalogue

EASTER, CHRISTMAS = datetime(2026, 3, 23, 9, 30, tzinfo=UTC), datetime(2025, 12, 8, 9, 30, tzinfo=UTC)
"""Each a Monday: the audits are allocated that day, and due at 'Allocated' five working days later."""
NOTHING = (0, 0, 0, 0)


@pytest.fixture(scope="session")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return timed_catalogue(tmp_path_factory.mktemp("timed"))


@pytest.fixture(scope="session")
def begun_file(tmp_path_factory: pytest.TempPathFactory, timed: Catalogue) -> Path:
    """A workspace at the Monday a week and a half before Easter."""
    path = tmp_path_factory.mktemp("easter") / "workspace.db"
    prepared(path, timed, at=EASTER, quarter_="2025-26-Q4").db.close()
    return path


@pytest.fixture
def easter(begun_file: Path, tmp_path: Path, timed: Catalogue) -> Iterator[Live]:
    live = copied(begun_file, tmp_path / "workspace.db", timed)
    live.now = EASTER.replace(hour=12)
    with live.db:
        yield live


@pytest.fixture
def audit(easter: Live) -> str:
    return unselected(easter)


def counts(view: TickView) -> tuple[int, int, int, int]:
    return view.reminded, view.told, view.moved, view.refused


def did(view: TickView, reference: str) -> list[str]:
    return [f"{line.did}: {line.says}" for line in view.lines if line.reference == reference]


def shared(live: Live, audit: str) -> None:
    """Handed in and shared on the day it is now."""
    live.move(audit, live.submitted(audit), "share")


# --- one thing on its way ---------------------------------------------------------------------------------------


def test_nothing_is_late_on_the_day_it_is_due_nor_on_easter(easter: Live, audit: str) -> None:
    """Allocated on Monday 23 March: due on Monday the 30th, late on Tuesday."""
    assert easter.audit(audit)["due"] == date(2026, 3, 30)
    assert counts(ticked(easter, "2026-03-30")) == NOTHING

    view = ticked(easter, "2026-03-31")

    assert counts(view) == (6, 0, 0, 0)
    assert view.looked_at == 6
    assert did(view, audit) == ["reminded: the auditor is reminded"]
    notice = easter.row("notices", thing=easter.audit(audit)["key"])
    auditor = easter.row("people", reference=easter.auditor(audit))["key"]
    assert (notice["about"], notice["stage"], notice["kind"], notice["whom"]) == (
        "audit", "allocated", "remind", "auditor",
    )  # fmt: skip
    assert (notice["person"], notice["step"], notice["due"]) == (auditor, 0, date(2026, 3, 30))
    assert (notice["said_on"], notice["audit"]) == (date(2026, 3, 31), notice["thing"])
    (entry,) = easter.story(notice["key"])
    assert (entry.kind, entry.role) == ("reminded", "clock")
    assert entry.actor == easter.who(LEAD).person
    assert easter.is_sound()


def test_bank_holidays_make_nothing_late(easter: Live, audit: str) -> None:
    """Begun on 20 March in the evening of a Monday that is no holiday; its tenth working day comes after Easter."""
    easter.now = noon("2026-03-24")
    easter.begun(audit)

    assert easter.audit(audit)["due"] == date(2026, 4, 9)
    for day in ("2026-04-03", "2026-04-06", "2026-04-09"):
        assert did(ticked(easter, day), audit) == []
    assert did(ticked(easter, "2026-04-10"), audit) == ["reminded: the auditor is reminded"]
    assert did(ticked(easter, "2026-04-15"), audit) == []
    assert did(ticked(easter, "2026-04-16"), audit) == ["told: the quality lead is told"]
    assert did(ticked(easter, "2026-05-05"), audit) == []
    assert easter.is_sound()


def test_across_christmas_and_the_years_end(tmp_path: Path, timed: Catalogue) -> None:
    live = prepared(tmp_path / "christmas.db", timed, at=CHRISTMAS, quarter_="2025-26-Q3")
    with live.db:
        audit = unselected(live)
        live.now = noon("2025-12-16")
        live.begun(audit)

        assert live.audit(audit)["due"] == date(2026, 1, 2)
        for day in ("2025-12-25", "2026-01-01", "2026-01-02", "2026-01-04"):
            assert did(ticked(live, day), audit) == []
        assert did(ticked(live, "2026-01-05"), audit) == ["reminded: the auditor is reminded"]
        assert did(ticked(live, "2026-01-08"), audit) == []
        assert did(ticked(live, "2026-01-09"), audit) == ["told: the quality lead is told"]
        assert live.is_sound()


def test_the_day_is_that_of_england_also_where_the_clocks_change(easter: Live, audit: str) -> None:
    """Due on Monday 30 March. Half past eleven that evening in UTC is Tuesday in England, since Sunday."""
    lead = easter.who(LEAD)

    before = tick(easter.db, lead, lambda: easter.catalogue, at=datetime(2026, 3, 30, 22, 59, tzinfo=UTC))
    after = tick(easter.db, lead, lambda: easter.catalogue, at=datetime(2026, 3, 30, 23, 30, tzinfo=UTC))

    assert (counts(before), counts(after)) == (NOTHING, (6, 0, 0, 0))
    assert easter.row("notices", thing=easter.audit(audit)["key"])["said_on"] == date(2026, 3, 31)


def test_a_clock_that_is_late_itself_does_each_step_once_and_in_order(easter: Live, audit: str) -> None:
    """Two weeks missed."""
    easter.now = noon("2026-03-24")
    easter.begun(audit)

    view = ticked(easter, "2026-04-30")

    assert did(view, audit) == ["reminded: the auditor is reminded", "told: the quality lead is told"]
    assert counts(ticked(easter, "2026-04-30")) == NOTHING
    assert counts(ticked(easter, "2026-12-31")) == NOTHING
    assert easter.is_sound()


def test_what_comes_again_to_a_stage_is_reminded_of_again(easter: Live, audit: str) -> None:
    ticked(easter, "2026-03-31")
    easter.reallocate(audit, LEAD, easter.other_auditor(audit))

    assert did(ticked(easter, "2026-04-09"), audit) == []
    assert did(ticked(easter, "2026-04-10"), audit) == ["reminded: the auditor is reminded"]
    notices = [row for row in easter.rows("notices") if row["thing"] == easter.audit(audit)["key"]]
    assert len({row["since_turn"] for row in notices}) == len({row["person"] for row in notices}) == 2
    assert easter.is_sound()


def test_what_moved_on_in_time_is_left_alone(easter: Live, audit: str) -> None:
    easter.now = noon("2026-03-30")
    easter.begun(audit)

    view = ticked(easter, "2026-03-31")

    assert did(view, audit) == []
    assert counts(view) == (5, 0, 0, 0)


# --- what is given to the clock -----------------------------------------------------------------------------------


def test_the_clock_closes_what_nobody_answered(easter: Live, audit: str) -> None:
    shared(easter, audit)
    assert easter.audit(audit)["due"] == date(2026, 4, 8)

    assert did(ticked(easter, "2026-04-09"), audit) == ["reminded: the practitioner is reminded"]
    assert did(ticked(easter, "2026-04-21"), audit) == []
    turn = easter.audit(audit)["turn"]
    view = ticked(easter, "2026-04-22")

    assert did(view, audit) == [
        "moved: 'Close it, since nobody answered' happened by itself, it is now 'Closed'",
    ]
    row = easter.audit(audit)
    assert (row["stage"], row["due"], row["turn"]) == ("closed", None, turn + 1)
    assert row["counts_on"] == date(2026, 3, 23), "its grades were final, so it counts"
    last = easter.story(row["key"])[-1]
    assert (last.kind, last.role, last.actor) == ("moved", "clock", easter.who(LEAD).person)
    assert last.payload is not None
    assert last.payload["event"] == "lapse"
    assert easter.is_sound()


def test_once_it_moved_on_later_steps_of_the_stage_it_left_do_not_happen(easter: Live, audit: str) -> None:
    shared(easter, audit)

    view = ticked(easter, "2026-06-30")

    assert did(view, audit) == [
        "reminded: the practitioner is reminded",
        "moved: 'Close it, since nobody answered' happened by itself, it is now 'Closed'",
    ]
    assert easter.is_sound()


def test_the_clock_never_closes_over_an_open_escalation(easter: Live, audit: str) -> None:
    """It says so, does everything else, and tries again each time."""
    shared(easter, audit)
    easter.escalate(audit, DEE if easter.auditor(audit) == DEE else DAN)

    first = ticked(easter, "2026-04-24")
    again = ticked(easter, "2026-04-27")

    mine = [line for line in first.lines if line.reference == audit and line.about == "audit"]
    assert [line.did for line in mine] == ["reminded", "refused", "told"]
    assert mine[1].says == "'Close it, since nobody answered' should happen by itself, and cannot"
    assert mine[1].reasons == ("1 escalation on this audit is still open. Have it closed first.",)
    assert (again.refused, again.moved) == (1, 0)
    assert easter.audit(audit)["stage"] == "shared"

    easter.escalation_closed(audit)
    last = ticked(easter, "2026-04-28")

    assert (last.refused, last.moved) == (0, 1)
    assert easter.audit(audit)["stage"] == "closed"
    assert easter.is_sound()


def test_people_cannot_do_what_is_given_to_the_clock(easter: Live, audit: str) -> None:
    shared(easter, audit)

    refused = easter.refused(lambda: easter.move(audit, LEAD, "lapse"))

    assert [reason.rule for reason in refused.reasons] == ["by"]
    assert "happens by itself" in refused.reasons[0].text


# --- escalations and moderations ----------------------------------------------------------------------------------


def test_an_escalation_that_waits_is_reminded_of_told_and_passed_on(easter: Live, audit: str) -> None:
    """Raised on Thursday before Easter: due on Tuesday."""
    easter.now = noon("2026-04-02")
    easter.escalate(audit, LEAD)
    (raised,) = easter.escalations(audit)
    assert raised["due"] == date(2026, 4, 7)

    def of_escalation(day: str) -> list[str]:
        return [line.says for line in ticked(easter, day).lines if line.about == "escalation"]

    assert of_escalation("2026-04-07") == []
    assert of_escalation("2026-04-08") == ["the manager is reminded", "the quality lead is told"]
    assert of_escalation("2026-04-09") == ["'Pass it on' happened by itself, it is now 'Passed on'"]
    (passed_on,) = easter.escalations(audit)
    assert (passed_on["stage"], passed_on["open"], passed_on["due"]) == ("passed_on", True, None)
    easter.concern(audit, LEAD, "acknowledge")
    manager = easter.row("people", reference=CARA)["key"]
    assert {row["person"] for row in easter.rows("notices") if row["whom"] == "manager"} == {manager}
    assert easter.is_sound()


def test_a_moderation_that_waits_is_reminded_of_told_and_hurried(easter: Live, audit: str) -> None:
    """Taken on on 23 March, for five working days. Its audit goes on with it: both tell of what happened."""
    easter.in_moderation(audit)
    (moderation,) = easter.moderations(audit)
    turn = easter.audit(audit)["turn"]
    assert moderation["due"] == date(2026, 3, 30)

    def of_moderation(day: str) -> list[str]:
        return [line.says for line in ticked(easter, day).lines if line.about == "moderation"]

    assert of_moderation("2026-03-31") == ["the moderator is reminded"]
    assert of_moderation("2026-04-06") == ["the quality lead is told"]
    assert of_moderation("2026-04-07") == ["'Hurry' happened by itself, it is now 'Being graded blind in a hurry'"]
    assert easter.moderations(audit)[0]["stage"] == "hurried"
    assert easter.audit(audit)["turn"] == turn + 1
    assert easter.story(moderation["key"])[-1].role == "clock"
    assert {row["person"] for row in easter.rows("notices") if row["whom"] == "moderator"} == {moderation["moderator"]}
    assert easter.is_sound()


def test_whoever_may_not_see_an_audit_is_told_numbers_only(easter: Live, audit: str) -> None:
    view = ticked(easter, "2026-03-31", who="P-9")

    assert counts(view) == (6, 0, 0, 0)
    assert view.lines == ()


# --- at once, and cut off -----------------------------------------------------------------------------------------


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
