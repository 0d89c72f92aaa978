"""When things are due, what the clock does on the way, and windows, on the days England works."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.calendars import is_working_day, quarter_of, working_day_from, working_days_between
from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.workflow import ReadWorkflow, Workflow
from audit_engine.definitions.workflow_parts import Demand
from audit_engine.definitions.workflow_reading import read_workflow
from audit_engine.definitions.workflow_timing import (
    AFTER,
    IN_NEXT_QUARTER,
    IN_QUARTER,
    QUARTER_END,
    RECORDED,
    Due,
)
from audit_engine.engine.timing import Clock, against_window, clock_after, due_day, entered_after, late_steps

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
TIMED = """\
workflow: timed
version: 1.0.0
title: Timed
governs: audit
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
records:
  retest: {title: The day it is looked at again, day: yes}
stages:
  - id: working
    title: Being worked on
    waits_for: auditor
    due: 10 working days
    overdue:
      - {after: 5 working days, tell: quality_lead}
      - {after: 0 working days, remind: auditor}
      - {after: 10 working days, event: lapse}
      - {after: 5 working days, remind: manager}
  - {id: asked, title: A question is open, waits_for: auditor, clock: pauses}
  - {id: court, title: A court has the record, waits_for: auditor, clock: pauses}
  - {id: checked, title: Being checked, waits_for: auditor, due: 3 working days, clock: runs_on}
  - {id: resting, title: Nobody hurries, waits_for: auditor}
  - {id: retested, title: Looked at again, waits_for: auditor, due: on the day of retest}
  - {id: decided, title: Decided, final: yes, finalises: yes}
  - {id: closed, title: Closed, final: yes}
events:
  - id: go_on
    title: Go on
    from: [any_open_stage]
    by: [auditor]
    asks: [retest]
    locks: grades
    ends:
      - {to: asked, when: feedback == 'given'}
      - {to: court, when: feedback == 'none'}
      - {to: checked, when: graded}
      - {to: resting, when: collaborative}
      - {to: retested, when: escalation.open}
      - {to: decided, when: returned_times > 3}
      - {to: working}
  - {id: lapse, title: Let it lapse, from: [working], by: [the_clock], ends: [{to: closed}]}
"""


def read(text: str) -> ReadWorkflow:
    source = source_from(text.encode(), "timed.yaml")
    written = judged(source, Workflow)
    assert not isinstance(written, list), written
    found = read_workflow(source, written, {}, {}, {})
    assert isinstance(found, ReadWorkflow), found
    return found


@pytest.fixture(scope="session")
def timed() -> ReadWorkflow:
    return read(TIMED)


WORKFLOW = read(TIMED)
"""For properties, which take no fixture."""


# --- due days -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "on", "day"),
    [
        (Due(AFTER, 10), date(2025, 12, 18), date(2026, 1, 6)),  # Christmas and New Year between
        (Due(AFTER, 5), date(2026, 3, 31), date(2026, 4, 9)),  # Easter between
        (Due(AFTER, 1), date(2026, 5, 1), date(2026, 5, 5)),
        (Due(AFTER, 1), date(2026, 5, 2), date(2026, 5, 5)),
        (Due(IN_QUARTER, 1), date(2026, 1, 20), date(2026, 1, 2)),  # New Year's Day is none
        (Due(IN_QUARTER, 15), date(2026, 4, 1), date(2026, 4, 23)),
        (Due(IN_QUARTER, 1), date(2028, 4, 14), date(2028, 4, 3)),  # the quarter begins on a Saturday
        (Due(IN_NEXT_QUARTER, 1), date(2025, 12, 31), date(2026, 1, 2)),
        (Due(IN_NEXT_QUARTER, 15), date(2026, 2, 1), date(2026, 4, 23)),
        (Due(QUARTER_END), date(2025, 10, 1), date(2025, 12, 31)),
        (Due(QUARTER_END), date(2029, 2, 1), date(2029, 3, 29)),  # Good Friday is 30 March
    ],
)
def test_what_is_due_when(due: Due, on: date, day: date) -> None:
    assert due_day(due, on) == day


def test_nothing_is_due_without_a_limit_or_while_its_day_is_not_recorded() -> None:
    on, retest = date(2026, 1, 5), Due(RECORDED, record="retest")

    assert due_day(None, on) is None
    assert due_day(retest, on) is None
    assert due_day(retest, on, {"other": "2026-02-01"}) is None
    assert due_day(retest, on, {"retest": "2026-02-01"}) == date(2026, 2, 1)


@given(st.sampled_from((AFTER, IN_QUARTER, IN_NEXT_QUARTER, QUARTER_END)), st.integers(1, 59), DAYS)
def test_a_counted_due_day_is_always_a_working_day(kind: str, days: int, on: date) -> None:
    found = due_day(Due(kind, 0 if kind == QUARTER_END else days), on)

    assert found is not None
    assert is_working_day(found)
    if kind == AFTER:
        assert working_days_between(on, found) == days


@given(st.integers(1, 55), DAYS)
def test_days_of_a_quarter_are_counted_from_its_first_working_day(days: int, on: date) -> None:
    quarter = quarter_of(on)
    this, following = due_day(Due(IN_QUARTER, days), on), due_day(Due(IN_NEXT_QUARTER, days), on)
    last = due_day(Due(QUARTER_END), on)

    assert this is not None
    assert following is not None
    assert last is not None
    assert working_days_between(quarter.first_day - timedelta(days=1), this) == days
    assert following == due_day(Due(IN_QUARTER, days), quarter.following.first_day)
    assert quarter.first_day <= last <= quarter.last_day
    assert working_days_between(last, quarter.last_day) == 0


# --- the clock on its way -------------------------------------------------------------------------------------------


def test_the_clock_begins_anew_at_a_stage_that_says_nothing_else(timed: ReadWorkflow) -> None:
    on = date(2026, 1, 5)

    assert clock_after(timed, Clock(date(2026, 1, 6)), "resting", "working", on) == Clock(date(2026, 1, 19))
    assert clock_after(timed, Clock(date(2026, 1, 6)), "working", "resting", on) == Clock()


def test_the_clock_runs_on_and_starts_where_none_ran(timed: ReadWorkflow) -> None:
    on, ran = date(2026, 1, 5), Clock(date(2026, 1, 19))

    assert clock_after(timed, ran, "working", "checked", on) == ran
    assert clock_after(timed, Clock(), "resting", "checked", on) == Clock(date(2026, 1, 8))


def test_a_paused_clock_has_as_many_days_as_were_left(timed: ReadWorkflow) -> None:
    """Stopped on Thursday with 8 of 10 days left; nine weeks, New Year and a change of the clocks do not count."""
    began = clock_after(timed, Clock(), "resting", "working", date(2025, 10, 14))
    stopped = clock_after(timed, began, "working", "asked", date(2025, 10, 16))
    again = clock_after(timed, stopped, "asked", "working", date(2026, 1, 2))

    assert began == Clock(date(2025, 10, 28))
    assert stopped == Clock(None, 8, "working")
    assert again == Clock(date(2026, 1, 14))


def test_a_pause_after_a_pause_is_one_pause(timed: ReadWorkflow) -> None:
    stopped = clock_after(timed, Clock(date(2026, 1, 14)), "working", "asked", date(2026, 1, 5))
    longer = clock_after(timed, stopped, "asked", "court", date(2026, 1, 20))

    assert longer == stopped == Clock(None, 7, "working")
    assert clock_after(timed, longer, "court", "working", date(2026, 2, 2)) == Clock(date(2026, 2, 11))


def test_a_clock_that_was_late_when_it_stopped_is_as_late_afterwards(timed: ReadWorkflow) -> None:
    stopped = clock_after(timed, Clock(date(2026, 3, 31)), "working", "asked", date(2026, 4, 2))
    again = clock_after(timed, stopped, "asked", "working", date(2026, 5, 5))

    assert stopped == Clock(None, -2, "working")
    assert again == Clock(date(2026, 4, 30))
    assert working_days_between(date(2026, 4, 30), date(2026, 5, 5)) == 2


def test_a_stopped_clock_that_goes_elsewhere_begins_anew_or_runs_on(timed: ReadWorkflow) -> None:
    stopped, on = Clock(None, 2, "working"), date(2026, 1, 5)

    assert clock_after(timed, stopped, "asked", "resting", on) == Clock()
    assert clock_after(timed, stopped, "asked", "checked", on) == Clock(date(2026, 1, 7))
    assert clock_after(timed, Clock(None, 0, "working"), "asked", "checked", on) == Clock(on)


def test_where_nothing_was_due_a_pause_leaves_nothing_due(timed: ReadWorkflow) -> None:
    stopped = clock_after(timed, Clock(), "resting", "asked", date(2026, 1, 5))

    assert stopped == Clock(None, None, "resting")
    assert clock_after(timed, stopped, "asked", "resting", date(2026, 1, 6)) == Clock()


def test_an_end_stops_every_clock(timed: ReadWorkflow) -> None:
    for clock in (Clock(date(2026, 1, 5)), Clock(None, 4, "working")):
        assert clock_after(timed, clock, "asked", "closed", date(2026, 1, 6)) == Clock()


def test_the_same_stage_keeps_the_clock_but_for_a_day_that_is_recorded(timed: ReadWorkflow) -> None:
    on, running, stopped = date(2026, 1, 5), Clock(date(2026, 1, 6)), Clock(None, 3, "working")
    retest = {"retest": "2026-02-02"}

    assert clock_after(timed, running, "working", "working", on, retest) == running
    assert clock_after(timed, stopped, "asked", "asked", on, retest) == stopped
    assert clock_after(timed, Clock(), "retested", "retested", on, retest) == Clock(date(2026, 2, 2))


@given(DAYS, DAYS)
def test_stopping_the_clock_and_starting_it_at_once_changes_nothing(day: date, on: date) -> None:
    running = Clock(working_day_from(day, 0))
    stopped = clock_after(WORKFLOW, running, "working", "asked", on)

    assert clock_after(WORKFLOW, stopped, "asked", "working", on) == running


@given(DAYS, st.integers(-15, 40), st.integers(0, 200), st.lists(st.sampled_from(("asked", "court")), max_size=3))
def test_working_days_left_are_kept_whatever_lies_between(on: date, left: int, away: int, stops: list[str]) -> None:
    due, back = working_day_from(on, left), on + timedelta(days=away)
    left = working_days_between(on, due)
    clock, here = Clock(due), "working"
    for stop in ("asked", *stops):
        clock = clock_after(WORKFLOW, clock, here, stop, on)
        here = stop
    again = clock_after(WORKFLOW, clock, here, "working", back)

    assert clock.due is None
    assert again.due is not None
    assert is_working_day(again.due)
    assert working_days_between(back, again.due) == left
    assert (again.left, again.stopped_at) == (None, None)


def test_a_stage_was_last_entered_on_the_day_it_was_entered_last() -> None:
    entered = entered_after({}, "", "working", date(2026, 1, 5))
    entered = entered_after(entered, "working", "asked", date(2026, 1, 6))

    assert entered_after(entered, "asked", "asked", date(2026, 1, 9)) == entered
    assert entered_after(entered, "asked", "working", date(2026, 1, 12)) == {
        "working": "2026-01-12", "asked": "2026-01-06",
    }  # fmt: skip


# --- what is late ---------------------------------------------------------------------------------------------------


def did(workflow: ReadWorkflow, due: date | None, today: date) -> list[tuple[int, int]]:
    return [(number, step.after) for number, step in late_steps(workflow, "working", due, today)]


def test_what_is_late_comes_earliest_first_and_then_as_written(timed: ReadWorkflow) -> None:
    due = date(2026, 3, 31)

    assert did(timed, None, due) == []
    assert did(timed, due, due) == []
    assert did(timed, due, date(2026, 4, 1)) == [(1, 0)]
    assert did(timed, due, date(2026, 4, 8)) == [(1, 0)]
    assert did(timed, due, date(2026, 4, 9)) == [(1, 0), (0, 5), (3, 5)]  # the fifth working day, after Easter
    assert did(timed, due, date(2026, 4, 16)) == [(1, 0), (0, 5), (3, 5), (2, 10)]


def test_nothing_is_late_on_a_day_without_work_that_was_not_late_before(timed: ReadWorkflow) -> None:
    assert did(timed, date(2026, 4, 2), date(2026, 4, 6)) == []
    assert did(timed, date(2026, 4, 2), date(2026, 4, 7)) == [(1, 0)]
    assert did(timed, date(2025, 12, 24), date(2025, 12, 28)) == []


@given(DAYS, st.integers(0, 40))
def test_once_late_always_late_and_never_first_on_a_day_without_work(day: date, days: int) -> None:
    due = working_day_from(day, 0)
    today = due + timedelta(days=days)
    before, now = did(WORKFLOW, due, today - timedelta(days=1)), did(WORKFLOW, due, today)

    assert now[: len(before)] == before
    assert is_working_day(today) or now == before


# --- windows --------------------------------------------------------------------------------------------------------


def window(on: date, entered: Mapping[str, str], **asked: object) -> str | None:
    return against_window(WORKFLOW, Demand.model_validate(asked), "asked", entered, {}, on)


def test_a_window_closes_when_more_working_days_have_passed() -> None:
    asked = {"within": "5 working days", "of": "working"}
    entered = {"working": "2026-03-31"}

    assert window(date(2026, 4, 9), entered, **asked) is None
    assert (
        window(date(2026, 4, 10), entered, **asked)
        == "This could be done until 9 April 2026: 5 working days after 'Being worked on'."
    )


def test_a_window_opens_when_more_working_days_have_passed() -> None:
    asked = {"after": "5 working days", "of": "working"}
    entered = {"working": "2026-03-31"}

    assert window(date(2026, 4, 10), entered, **asked) is None
    assert (
        window(date(2026, 4, 9), entered, **asked)
        == "This can be done from 10 April 2026 on: more than 5 working days after 'Being worked on'."
    )


def test_a_window_counts_from_here_or_says_that_it_was_never_there() -> None:
    asked = {"within": "1 working day", "otherwise": "Too late to ask."}

    assert window(date(2025, 12, 29), {"asked": "2025-12-24"}, **asked) is None
    assert window(date(2025, 12, 30), {"asked": "2025-12-24"}, **asked) == (
        "Too late to ask. This could be done until 29 December 2025: 1 working day after 'A question is open'."
    )
    assert window(date(2026, 1, 5), {}, within="1 working day", of="court") == (
        "It was never at 'A court has the record', from where this is counted."
    )


@given(DAYS, st.integers(0, 60), st.integers(-5, 120))
def test_of_two_windows_of_one_length_exactly_one_is_open(began: date, days: int, later: int) -> None:
    today, entered = began + timedelta(days=later), {"asked": began.isoformat()}
    within = window(today, entered, within=f"{days} working days")
    after = window(today, entered, after=f"{days} working days")

    assert (within is None) != (after is None)
    assert (within is None) == (working_days_between(began, today) <= days)


@given(DAYS, st.integers(0, 30))
def test_a_window_says_the_very_days_it_opens_and_closes(began: date, days: int) -> None:
    entered, asked = {"asked": began.isoformat()}, f"{days} working days"
    states = [window(began + timedelta(days=n), entered, after=asked) is None for n in range(80)]
    first = began + timedelta(days=states.index(True))

    assert states == sorted(states)
    assert is_working_day(first)
    refused = window(began, entered, after=asked)
    assert refused is not None
    assert f"from {first.day} " in refused


def test_a_recorded_day_must_have_come() -> None:
    demand = Demand.model_validate({"not_before": "retest", "otherwise": "Wait."})

    def asked(recorded: Mapping[str, str], today: date) -> str | None:
        return against_window(WORKFLOW, demand, "retested", {}, recorded, today)

    assert asked({"retest": "2026-01-05"}, date(2026, 1, 5)) is None
    assert (
        asked({"retest": "2026-01-05"}, date(2026, 1, 4))
        == "Wait. Not before 5 January 2026: The day it is looked at again."
    )
    assert asked({}, date(2026, 1, 4)) == (
        "Wait. It is not recorded from which day on: The day it is looked at again. Record it first."
    )


def test_a_clock_is_a_value(timed: ReadWorkflow) -> None:
    clock = Clock(date(2026, 1, 5))
    clock_after(timed, clock, "working", "asked", date(2026, 1, 5))

    assert clock == replace(clock) == Clock(date(2026, 1, 5))
