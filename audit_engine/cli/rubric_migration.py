"""`audit rubric migrate`: look first what becomes of every audit in progress, then move all of them or none."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import now
from audit_engine.cli.figures import as_json
from audit_engine.cli.talk import marking, print_json, print_text, say
from audit_engine.cli.workspace import find
from audit_engine.problems import unusable

if TYPE_CHECKING:
    from audit_engine.definitions.rubric import ReadRubric
    from audit_engine.queries.rubric_migrating import RubricLandingView, RubricMigrationView

EXIT_REFUSED = 1
SHOWN = 10
"""Audits named in one line."""


@click.command(short_help="Move audits in progress to the rubric in force.")
@click.argument("name", metavar="RUBRIC")
@click.option("--only", metavar="AUDIT", multiple=True, help="Only this audit; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of each.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@as_json
@click.pass_context
def migrate(ctx: click.Context, name: str, only: tuple[str, ...], dry_run: bool, yes: bool, json_: bool) -> None:
    """Move the audits in progress that began under another text of RUBRIC to the one in force.

    Ratings stay with their criterion by its id, never by its place. Shown first is, for each audit, which criteria
    are kept, which are new and wait for an answer, which fall away, and which grades are called otherwise. All are
    moved, or none. Audits whose grades are locked, and those that are moderated, keep their text.
    Exit code 1 when any of them cannot be moved.

    \b
    Examples:
      audit rubric migrate quality_and_impact --dry-run
      audit rubric migrate quality_and_impact --only L-2324Q4-0001 --yes
    """
    from audit_engine.queries.rubric_migrating import rubric_migration

    if dry_run and yes:
        raise unusable("migrate", "P006", "--dry-run writes nothing, and --yes writes", "Leave one of them out.")
    workspace = find(ctx)
    catalogue = workspace.catalogue()
    new = catalogue.rubric(name)
    database = workspace.open()
    actor = workspace.actor(database)
    with database.read() as session:
        seen = rubric_migration(session, actor, catalogue, name, only)
    if not json_:
        print_text("\n".join([*marking(database.mode), *_in_words(seen, new)]))
    written = False
    if seen.possible and seen.landings and not dry_run:
        written = _write(ctx, name, only, yes=yes)
    if json_:
        print_json({**asdict(seen), "possible": seen.possible, "written": written})
    if not seen.possible:
        ctx.exit(EXIT_REFUSED)


def _write(ctx: click.Context, name: str, only: Sequence[str], *, yes: bool) -> bool:
    """Whether it was written: judged once more, in the transaction that writes it."""
    from audit_engine.actions.command import Command
    from audit_engine.actions.rubric_migrating import migrate_rubric

    if not yes and not (sys.stdin.isatty() and click.confirm("Write this?", default=False, err=True)):
        say("Nothing was written." + ("" if sys.stdin.isatty() else " Add --yes to write it."))
        return False
    workspace = find(ctx)
    database = workspace.open()
    moved = migrate_rubric(
        database, workspace.actor(database), Command(), workspace.catalogue(), name, at=now(), only=only
    )
    workspace.anchor(database)
    say(f"Saved: {moved:,} moved.")
    return True


def _in_words(seen: "RubricMigrationView", new: "ReadRubric") -> Iterator[str]:
    yield from _differences(seen, new)
    for one in seen.landings:
        yield from _landing(one, seen, new)
    yield from _staying(seen)
    refused, count = sum(bool(one.refused) for one in seen.landings), len(seen.landings)
    of = f"{count:,} audit{'s' if count != 1 else ''}"
    if not count:
        yield f"No audit that could be moved is under another text of {seen.rubric} than version {seen.version}."
    elif refused:
        yield f"{refused:,} of {of} cannot be moved, so none can."
    else:
        yield f"{of} can be moved to version {seen.version}."


def _differences(seen: "RubricMigrationView", new: "ReadRubric") -> Iterator[str]:
    """What every audit of one old text has in common, once for each."""
    texts = {one.from_digest: one for one in seen.landings}
    for digest, one in texts.items():
        yield f"From version {one.from_version} ({digest[:8]}) to {seen.version} ({seen.digest[:8]}):"
        yield f"    kept: {len(one.kept):,} of {len(new.criteria):,} criteria"
        if one.new:
            yield f"    new, asked for where the case expects them: {', '.join(one.new)}"
        if one.falling_away:
            yield (
                f"    fall away: {', '.join(one.falling_away)}. What was said of them stays in the audit's story, and "
                "counts no more."
            )


def _landing(one: "RubricLandingView", seen: "RubricMigrationView", new: "ReadRubric") -> Iterator[str]:
    yield f"{one.audit}: '{one.stage}' ({one.from_version}) -> {seen.version}"
    yield from (f"    {reason}" for reason in one.refused)
    if one.refused:
        return
    if one.withheld is not None:
        yield f"    What its grades come to is {one.withheld}."
        return
    if one.waiting:
        waiting = "; ".join(f"{name} ({new.criteria[name].title})" for name in one.waiting)
        yield f"    will wait for an answer: {waiting}"
    if one.ratings_gone:
        yield f"    ratings that fall away, kept in the ledger: {', '.join(one.ratings_gone)}"
    for grade in one.changed_grades or ():
        because = f" {grade.because}" if grade.because else ""
        yield f"    {grade.title}: {grade.was} becomes {grade.becomes} ({grade.how}).{because}"
    yield f"    {_standing(one)}"
    yield from (f"    {reason}" for reason in one.barred)


def _standing(one: "RubricLandingView") -> str:
    unanswered = f"{one.unanswered:,} unanswered"
    suggested = f"suggested: {one.suggested or 'nothing yet'}"
    return f"then: {unanswered}; {suggested}; overall: {one.overall or 'not chosen yet'}"


def _staying(seen: "RubricMigrationView") -> Iterator[str]:
    because: dict[str, list[str]] = {}
    for one in seen.staying:
        because.setdefault(one.because, []).append(one.audit)
    for why, audits in because.items():
        more = f" and {len(audits) - SHOWN:,} more" if len(audits) > SHOWN else ""
        yield f"Keep the text they began under, {len(audits):,}: {', '.join(audits[:SHOWN])}{more}. {why}"
