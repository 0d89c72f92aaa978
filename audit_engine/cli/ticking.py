"""`audit tick`: what is late by now. People are reminded and told, and what is given to the clock happens."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import day_in_words, now
from audit_engine.cli.figures import as_json
from audit_engine.cli.talk import marking, print_json, print_text, progress
from audit_engine.cli.workspace import find
from audit_engine.engine.saying import is_day
from audit_engine.problems import Reason, Refused, unusable
from audit_engine.safe_text import for_terminal

if TYPE_CHECKING:
    from audit_engine.queue_views import TickLine, TickView


@click.command(short_help="Do what is late by now: remind, tell, move on.")
@as_json
@click.option("--on", metavar="DATE", help="As if it were noon of this day (training workspaces only).")
@click.pass_context
def tick(ctx: click.Context, json_: bool, on: str | None) -> None:
    """Do what the workflows say of everything that is late by now. Run it once a day; more often does no harm.

    What was done is listed where you may see it, and counted elsewhere. Nothing is sent to anybody: people see what
    they are reminded of in their queue.

    \b
    Examples:
      audit tick
      audit --workspace demo tick --on 2024-01-16
    """
    from audit_engine.actions.ticking import tick as run_clock

    workspace = find(ctx)
    day = _day(on) if on is not None else None
    database = workspace.open()
    if day is not None and database.mode != "training":
        text = "Only a training workspace has a clock that can be set. Leave --on out: it is done as of today."
        raise Refused("cannot set the clock", [Reason("mode", text)])
    actor = workspace.actor(database)
    at = datetime.combine(day, time(12), UTC) if day is not None else now()
    with progress("Looking at what is late") as moved:
        view = run_clock(database, actor, workspace.sound_catalogue, at=at, progress=moved)
    if json_:
        print_json(asdict(view))
        return
    for line in marking(database.mode):
        print_text(line)
    for one in view.lines:
        print_text("\n".join(_lines(one)))
    print_text(_counts(view))


def _day(text: str) -> date:
    """The day that was typed. Raises Unusable when it is none."""
    if not is_day(text):
        help_ = "Write it as year, month and day: 2024-01-16."
        raise unusable("--on", "P014", f"'{for_terminal(text[:40])}' is no day there is", help_)
    return date.fromisoformat(text)


def _lines(one: "TickLine") -> list[str]:
    what = f" escalation {one.number}" if one.number is not None else " moderation" if one.about == "moderation" else ""
    says = f"{one.reference}{what} {one.stage_title}, due {day_in_words(one.due)}: {one.says}."
    return [for_terminal(says), *(f"  {for_terminal(reason)}" for reason in one.reasons)]


def _counts(view: "TickView") -> str:
    if not view.looked_at:
        return "Nothing is late of which a workflow says what then happens."
    done = f"reminded {view.reminded:,}, told {view.told:,}, moved on {view.moved:,}"
    done += f", could not move on {view.refused:,}" if view.refused else ""
    return f"{view.looked_at:,} {'thing is' if view.looked_at == 1 else 'things are'} late: {done}."
