"""`audit programme ...` and `audit allocate`: audits begin, and get their auditors."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import day_in_words, quarter
from audit_engine.cli.figures import as_json
from audit_engine.cli.talk import marking, print_json, print_text, progress
from audit_engine.cli.workspace import find, today

if TYPE_CHECKING:
    from audit_engine.definitions.programme import ReadProgramme
    from audit_engine.views import AllocationView, DrawView

SHOWN = 60
"""Strata or audits printed before the rest is only counted; --json prints all."""


@click.group(short_help="List the programmes, and draw their cases.")
def programme() -> None:
    """A programme is a round of audits: which cases are drawn, under which workflow and rubric.

    \b
    Examples:
      audit programme list
      audit programme draw local_quality_and_impact --quarter 2023-24-Q4
    """


@programme.command(name="list", short_help="Every programme, and how it draws.")
@as_json
@click.pass_context
def list_(ctx: click.Context, json_: bool) -> None:
    """Every programme of this workspace, and how it draws its cases.

    \b
    Example:
      audit programme list
    """
    workspace = find(ctx)
    listed = workspace.catalogue().read_programmes
    if json_:
        print_json([one.programme.model_dump() for one in listed.values()])
        return
    print_text(
        "\n".join([*marking(workspace.open().mode), *(line for one in listed.values() for line in _programme(one))])
    )


def _programme(read: "ReadProgramme") -> list[str]:
    one, sampling = read.programme, read.programme.sampling
    lines = [f"{one.programme} {one.version}: {one.title}", f"  stream {one.stream}, rubric {one.rubric}"]
    if sampling is None:
        return [*lines, "  draws nothing: its audits are imported", ""]
    divided = " and ".join(name.replace("_", " ") for name in sampling.strata) or "nothing"
    lines.append(f"  draws {sampling.size:,} open cases a quarter into {one.workflow}, divided by {divided}")
    if sampling.where:
        lines.append(f"  only where {sampling.where}")
    if sampling.not_again_within:
        lines.append(f"  not again within {sampling.not_again_within} months")
    if one.moderation:
        always = "".join(f", and always where {rule.when}" for rule in one.moderation.always)
        lines.append(f"  moderated: one in {one.moderation.one_in} by lot{always}")
    return [*lines, ""]


@programme.command(short_help="Draw cases for a quarter, and begin an audit of each.")
@click.argument("name", metavar="PROGRAMME")
@click.option("--quarter", "quarter_name", required=True, metavar="QUARTER", help="Such as 2023-24-Q4.")
@click.option("--size", type=click.IntRange(min=1), help="Audits the quarter is to have in all.")
@click.option("--seed", help="Any text: the same seed draws the same cases from the same frame.")
@as_json
@click.pass_context
def draw(ctx: click.Context, name: str, quarter_name: str, size: int | None, seed: str | None, json_: bool) -> None:
    """Draw cases for QUARTER as PROGRAMME declares, and begin an audit of each.

    The seed and the whole frame are kept, so that the draw can be repeated by anybody. Drawing again adds nothing,
    unless --size asks for more in all than there are: then the difference is drawn. Audits that were withdrawn count
    as drawn; to replace two, ask for two more.

    \b
    Examples:
      audit programme draw local_quality_and_impact --quarter 2023-24-Q4
      audit programme draw national_practice_quality --quarter 2023-24-Q4 --size 132
    """
    from audit_engine.actions import draws
    from audit_engine.actions.command import Command

    period = quarter(quarter_name)
    workspace = find(ctx)
    catalogue = workspace.catalogue()
    database = workspace.open()
    actor = workspace.actor(database)
    with progress("Drawing") as moved:
        drawn = draws.draw(
            database, actor, Command(), catalogue, name, period, size=size, seed=seed, today=today(), progress=moved
        )
    if drawn.added:
        workspace.anchor(database)
    if json_:
        print_json(asdict(drawn))
    else:
        print_text("\n".join([*marking(database.mode), *_drawn(drawn)]))


def _drawn(view: "DrawView") -> list[str]:
    lines = [f"{view.title}, {view.quarter}"]
    if view.added:
        lines.append(f"Drew {_audits(view.added)}; the quarter has {view.drawn:,} in all.")
    else:
        lines.append(f"Nothing was drawn: the quarter has {_audits(view.drawn)} already.")
    if view.withdrawn:
        lines.append(
            f"{view.withdrawn:,} of them were withdrawn since. To replace any, draw again with a larger --size."
        )
    # The frame is told of the day it was drawn from: beside 'nothing was drawn' it would say what is true no more.
    if not view.added:
        return [*lines, *_newest(view)]
    if view.open_on is not None and view.open_cases is not None:
        lines += ["", f"{view.open_cases:>9,}  cases open on {day_in_words(view.open_on)}"]
        lines += [f"{'- ' + format(one.count, ','):>9}  {one.says}" for one in view.left_out]
        lines += [f"{view.frame_size:>9,}  cases that could be drawn", ""]
    lines += [f"  {one.drawn:>5,} of {one.size:>6,}  {one.name}" for one in view.strata[:SHOWN]]
    lines += [f"  and {len(view.strata) - SHOWN:,} more strata"] if len(view.strata) > SHOWN else []
    return [*lines, "", *_newest(view)]


def _newest(view: "DrawView") -> list[str]:
    if not view.audits:
        return []
    which = "Audits" if view.added else "The last draw made the audits"
    return [
        f"{which} {view.audits[0].audit} to {view.audits[-1].audit}. Seed {view.seed}.",
        f"Frame {view.frame_digest[:12]}. Next: audit allocate {view.programme}",
    ]


@click.command(short_help="Give every drawn audit an independent auditor.")
@click.argument("name", metavar="[PROGRAMME]", required=False)
@as_json
@click.pass_context
def allocate(ctx: click.Context, name: str | None, json_: bool) -> None:
    """Give an auditor to every audit that waits for one; of PROGRAMME only when it is named.

    Never the practitioner, whoever held the case before, or whoever manages the team. Whoever has the fewest open
    audits comes first. Every choice is shown with its reason, and kept. All audits are allocated, or none.

    \b
    Examples:
      audit allocate
      audit allocate local_quality_and_impact --json
    """
    from audit_engine.actions import allocation
    from audit_engine.actions.command import Command

    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    with progress("Allocating") as moved:
        done = allocation.allocate(database, actor, Command(), programme=name, today=today(), progress=moved)
    if done:
        workspace.anchor(database)
    if json_:
        print_json([asdict(one) for one in done])
    else:
        print_text("\n".join([*marking(database.mode), *_allocated(done)]))


def _allocated(done: "tuple[AllocationView, ...]") -> list[str]:
    if not done:
        return ["No audit waits for an auditor."]
    people = len({one.auditor for one in done})
    lines = [f"{_audits(len(done))} allocated to {people:,} {'auditor' if people == 1 else 'auditors'}.", ""]
    for one in done:
        due = f", due {day_in_words(one.due)}" if one.due else ""
        lines += [f"{one.audit}  {one.auditor}{due}", f"  {one.because}"]
    return lines


def _audits(count: int) -> str:
    return f"{count:,} {'audit' if count == 1 else 'audits'}"
