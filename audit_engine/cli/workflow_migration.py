"""`audit workflow migrate`: look first where everything open would land, then move all of it or nothing."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import day_in_words, now
from audit_engine.cli.figures import as_json
from audit_engine.cli.talk import marking, print_json, print_text, say
from audit_engine.cli.workspace import find
from audit_engine.problems import unusable

if TYPE_CHECKING:
    from audit_engine.views import LandingView, MigrationView

EXIT_REFUSED = 1
_MANY = {"audit": "audits", "moderation": "moderations", "escalation": "escalations"}


@click.command(short_help="Move what is open to the workflow in force.")
@click.argument("name", metavar="WORKFLOW")
@click.option("--from", "version", metavar="VERSION", help="Only what is open under this version.")
@click.option(
    "--map", "maps", metavar="OLD=NEW", multiple=True, help="What a stage becomes that is not there any more."
)
@click.option("--dry-run", is_flag=True, help="Only show where each would land.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@as_json
@click.pass_context
def migrate(
    ctx: click.Context, name: str, version: str | None, maps: tuple[str, ...], dry_run: bool, yes: bool, json_: bool
) -> None:
    """Move every open audit that began under another text of WORKFLOW to the one in force; of a workflow of moderations
    or of escalations, those. Without this, what is open keeps the text it began under.

    Shows first where each would land: at the stage of the same name, or at what --map says. All are moved, or none.
    Exit code 1 when any of them lands nowhere.

    \b
    Examples:
      audit workflow migrate case_audit --dry-run
      audit workflow migrate case_audit --from 1.1.0 --map submitted=waiting --yes
    """
    from audit_engine.queries.migrating import migration

    if dry_run and yes:
        raise unusable("migrate", "P006", "--dry-run writes nothing, and --yes writes", "Leave one of them out.")
    renamed = _renamed(maps)
    workspace = find(ctx)
    new = workspace.catalogue().workflow(name)
    database = workspace.open()
    actor = workspace.actor(database)
    with database.read() as session:
        seen = migration(session, actor, new, renamed, version)
    if not json_:
        print_text("\n".join([*marking(database.mode), *_in_words(seen)]))
    written = False
    if seen.possible and seen.landings and not dry_run:
        written = _write(ctx, name, renamed, version, yes=yes)
    if json_:
        print_json({**asdict(seen), "possible": seen.possible, "written": written})
    if not seen.possible:
        ctx.exit(EXIT_REFUSED)


def _write(ctx: click.Context, name: str, renamed: dict[str, str], version: str | None, *, yes: bool) -> bool:
    """Whether it was written: judged once more, in the transaction that writes it."""
    from audit_engine.actions.command import Command
    from audit_engine.actions.migrating import migrate as move_all

    if not yes and not (sys.stdin.isatty() and click.confirm("Write this?", default=False, err=True)):
        say("Nothing was written." + ("" if sys.stdin.isatty() else " Add --yes to write it."))
        return False
    workspace = find(ctx)
    database = workspace.open()
    moved = move_all(
        database, workspace.actor(database), Command(), workspace.catalogue(), name, renamed, at=now(), version=version
    )
    workspace.anchor(database)
    say(f"Saved: {moved:,} moved.")
    return True


def _renamed(maps: tuple[str, ...]) -> dict[str, str]:
    """Old stages and what they become. Raises Unusable for what does not say so."""
    renamed: dict[str, str] = {}
    for one in maps:
        old, equals, new = (part.strip() for part in one.partition("="))
        if not (old and equals and new):
            hint = "Write it like --map submitted=waiting."
            raise unusable("--map", "P013", "this does not say which stage becomes which", hint)
        if old in renamed:
            raise unusable("--map", "P013", f"this says twice what '{old}' becomes", "Keep one of them.")
        renamed[old] = new
    return renamed


def _in_words(seen: "MigrationView") -> list[str]:
    many = _MANY[seen.governs]
    if not seen.landings:
        return [f"No open {many[:-1]} is under another text of {seen.workflow} than version {seen.version}, in force."]
    refused = sum(bool(one.refused) for one in seen.landings)
    lines = [line for one in seen.landings for line in _landing(one, seen)]
    of = f"{len(seen.landings):,} {many if len(seen.landings) != 1 else many[:-1]}"
    if refused:
        return [*lines, f"{refused:,} of {of} cannot be moved, so none can."]
    how = "A stage that keeps its time keeps its due day; else it counts anew from the day the stage was entered."
    return [*lines, f"{of} can be moved to version {seen.version}. {how}"]


def _landing(one: "LandingView", seen: "MigrationView") -> list[str]:
    number = f" {seen.governs} {one.number}" if one.number is not None else ""
    begins = f" {one.from_digest[:8]}" if one.from_version == seen.version else ""
    came = f"{one.audit}{number}: '{one.from_stage}' ({one.from_version}{begins})"
    if one.to_stage is None:
        leads = f"{came} -> no stage"
    else:
        leads = f"{came} -> '{one.to_stage}' ({seen.version}), {_due(one)}"
    return [leads, *(f"    {reason}" for reason in one.refused)]


def _due(one: "LandingView") -> str:
    now_, then = (day_in_words(day) if day is not None else "no date" for day in (one.due, one.due_then))
    if one.due == one.due_then:
        return "no date" if one.due is None else f"due {now_}"
    return f"due {then} (before: {now_})" if one.due_then is not None else f"no date (before: {now_})"
