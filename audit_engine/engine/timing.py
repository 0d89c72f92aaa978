"""When things are due, what the clock does on the way from stage to stage, and windows. Pure: told the day it is.

Days are days in England. A day is counted by working days, so nothing is ever late on a bank holiday that was not
late on the working day before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from audit_engine.calendars import (
    day_in_words,
    last_working_day,
    quarter_of,
    working_day_from,
    working_days_after,
    working_days_between,
)
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts import Demand
from audit_engine.definitions.workflow_timing import (
    AFTER,
    IN_NEXT_QUARTER,
    PAUSES,
    QUARTER_END,
    RECORDED,
    RUNS_ON,
    Due,
    Overdue,
    in_working_days,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock of one thing stands."""

    due: date | None = None
    left: int | None = None
    """Working days that were left when it was stopped; below 0 when it was late by then. None while it runs."""
    stopped_at: str | None = None
    """The stage whose time stands still."""


def due_day(due: Due | None, on: date, recorded: Mapping[str, str] | None = None) -> date | None:
    """The day something is due that waits from `on`.

    Args:
        recorded: Days that were said, ISO, by the names of their records; one that is missing gives no day.
    """
    if due is None:
        return None
    if due.kind == AFTER:
        return working_days_after(on, due.days)
    if due.kind == RECORDED:
        said = (recorded or {}).get(due.record)
        return date.fromisoformat(said) if said else None
    quarter = quarter_of(on)
    if due.kind == QUARTER_END:
        return working_day_from(quarter.following.first_day, -1)
    first = (quarter.following if due.kind == IN_NEXT_QUARTER else quarter).first_day
    # The first working day of the quarter is working day 1, also where the quarter begins with one.
    return working_day_from(working_day_from(first, 0), due.days - 1)


def clock_after(
    workflow: ReadWorkflow, clock: Clock, came_from: str, to: str, on: date,
    recorded: Mapping[str, str] | None = None,
) -> Clock:  # fmt: skip
    """How the clock stands once `to` is entered from `came_from`.

    Args:
        clock: As it stood before.
        to: The same stage when an event left it where it is: then nothing changes, but for a day that is recorded now.
    """
    stage = workflow.stage(to)
    if to == came_from:
        said = stage.due is not None and stage.due.kind == RECORDED
        return replace(clock, due=due_day(stage.due, on, recorded)) if said else clock
    if stage.final:
        return Clock()
    if stage.clock == PAUSES:
        return clock if clock.stopped_at is not None else _stopped(clock, came_from, on)
    if clock.stopped_at == to or (stage.clock == RUNS_ON and (clock.due or clock.left) is not None):
        return Clock(clock.due if clock.left is None else _with_left(on, clock.left))
    return Clock(due_day(stage.due, on, recorded))


def _with_left(on: date, left: int) -> date:
    """The day until which `left` working days are left on `on`.

    A day without work counts like the working day before it: whoever has no day left on a Saturday had to be done on
    Friday, and is late on Monday.
    """
    return working_day_from(last_working_day(on), left)


def _stopped(clock: Clock, at: str, on: date) -> Clock:
    return Clock(None, None if clock.due is None else working_days_between(on, clock.due), at)


def entered_after(entered: Mapping[str, str], came_from: str, to: str, on: date) -> dict[str, str]:
    """When each stage was last entered, ISO days by stage, once `to` is entered."""
    return dict(entered) if to == came_from else {**entered, to: on.isoformat()}


def late_steps(workflow: ReadWorkflow, stage: str, due: date | None, today: date) -> Iterator[tuple[int, Overdue]]:
    """What should have happened by today to what is late, each with its place in the file, earliest first."""
    if due is None:
        return
    late = working_days_between(due, today)
    steps = enumerate(workflow.stage(stage).overdue)
    for number, step in sorted(steps, key=lambda one: (one[1].after, one[0])):
        if late >= max(step.after, 1):
            yield number, step


def against_window(
    workflow: ReadWorkflow, demand: Demand, stage: str, entered: Mapping[str, str],
    recorded: Mapping[str, str], today: date,
) -> str | None:  # fmt: skip
    """Why a window is not open today; None when it is.

    Args:
        demand: One of `within`, `after` and `not_before`.
        entered: When each stage was last entered, ISO days.
        recorded: What was recorded.
    """
    if demand.not_before is not None:
        return _not_before(workflow, demand, recorded, today)
    since = demand.of or stage
    title = workflow.stage(since).title
    if since not in entered:
        return demand.otherwise or f"It was never at '{title}', from where this is counted."
    days = demand.within if demand.within is not None else demand.after or 0
    began = date.fromisoformat(entered[since])
    # Counted, not compared with a day: so of two windows of one length exactly one is open, on a Sunday, too.
    is_within = working_days_between(began, today) <= days
    if demand.within is not None:
        last = working_day_from(last_working_day(began), days)
        counted = f"until {day_in_words(last)}: {in_working_days(days)} after '{title}'."
        return None if is_within else _both(demand.otherwise, f"This could be done {counted}")
    first = working_day_from(last_working_day(began), days + 1)
    counted = f"from {day_in_words(first)} on: more than {in_working_days(days)} after '{title}'."
    return _both(demand.otherwise, f"This can be done {counted}") if is_within else None


def closes_on(demand: Demand, stage: str, entered: Mapping[str, str]) -> date | None:
    """The last day of a window that is counted from a stage; None of what is no such window, or has not begun."""
    since = entered.get(demand.of or stage)
    if demand.within is None or since is None:
        return None
    return working_day_from(last_working_day(date.fromisoformat(since)), demand.within)


def _not_before(workflow: ReadWorkflow, demand: Demand, recorded: Mapping[str, str], today: date) -> str | None:
    name = demand.not_before or ""
    said, title = recorded.get(name), workflow.workflow.records[name].title
    if not said:
        return _both(demand.otherwise, f"It is not recorded from which day on: {title}. Record it first.")
    day = date.fromisoformat(said)
    return None if today >= day else _both(demand.otherwise, f"Not before {day_in_words(day)}: {title}.")


def _both(written: str | None, made: str) -> str:
    return f"{written} {made}" if written else made
