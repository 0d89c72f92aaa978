"""What it changes of a row that it comes to a stage: the stage, when it came, until when it waits, and its clock."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import SAME_STAGE
from audit_engine.engine.timing import Clock, clock_after, due_day, entered_after

Row = Mapping[str, Any]
COLUMNS = ("stage", "due", "entered", "clock_left", "clock_stopped_at")
"""Of audits, moderations, escalations and matters: set together or not at all."""


def begun(workflow: ReadWorkflow, on: date, recorded: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The columns of what begins at the first stage of its workflow.

    Args:
        on: The day it begins.
        recorded: Days that were said when it was begun, by record.
    """
    first = workflow.first
    due = due_day(first.due, on, recorded)
    return _columns(first.id, Clock(due), {first.id: on.isoformat()})


def arrived(
    workflow: ReadWorkflow, row: Row, event: str, to: str, on: date, recorded: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The columns of a row once an event has led it to the stage `to`.

    Args:
        row: As it stood before.
        on: The day of the event.
        recorded: What is recorded after it.
    """
    clock = Clock(row["due"], row["clock_left"], row["clock_stopped_at"])
    came_from = comes_from(workflow, event, row["stage"], to)
    entered = entered_after(row["entered"] or {}, came_from, to, on)
    return _columns(to, clock_after(workflow, clock, came_from, to, on, recorded), entered or None)


def comes_from(workflow: ReadWorkflow, event: str, stage: str, to: str) -> str:
    """From where the clock comes to `to`: a stage that an event names is entered, also from itself, and begins anew."""
    return stage if to != stage or stays(workflow, event, stage, to) else ""


def stays(workflow: ReadWorkflow, event: str, stage: str, to: str) -> bool:
    """Whether an event that led from `stage` to `to` left it where it was."""
    return stage == to and any(end.to == SAME_STAGE for end in workflow.event(event).ends)


def _columns(stage: str, clock: Clock, entered: Mapping[str, str] | None) -> dict[str, Any]:
    values = (stage, clock.due, dict(entered) if entered else None, clock.left, clock.stopped_at)
    return dict(zip(COLUMNS, values, strict=True))
