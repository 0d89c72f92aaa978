"""`audit check` and `audit verify`: are the definitions usable, and is the ledger whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import now
from audit_engine.cli.figures import as_json
from audit_engine.cli.talk import marking, print_json, print_text, progress, say
from audit_engine.cli.workspace import FILE, find
from audit_engine.problems import Unusable

if TYPE_CHECKING:
    from audit_engine.records.verification import Verification


@click.command(short_help="Judge every YAML definition.")
@as_json
@click.pass_context
def check(ctx: click.Context, json_: bool) -> None:
    """Judge every rubric, criterion, scale, measure and programme: the shipped ones and the workspace's own.

    Prints every problem in every file, place first. Exit code 1 when there is any.

    \b
    Examples:
      audit check
      audit --workspace demo check
    """
    from audit_engine.definitions.catalogue import load

    try:
        site: Path | None = find(ctx).folder
    except Unusable as error:
        # Without a workspace the shipped definitions are judged alone; a workspace that was named must exist.
        if ctx.find_root().obj[0] is not None or FILE in str(error):
            raise
        site = None
    try:
        catalogue = load(site)
    except Unusable as error:
        if json_:
            told = [
                {"place": str(p.place), "code": p.code, "message": p.message, "help": p.help} for p in error.problems
            ]
            print_json({"problems": told})
        else:
            for problem in error.problems:
                print_text(str(problem))
            print_text(f"{len(error.problems)} problem{'s' if len(error.problems) != 1 else ''}.")
        ctx.exit(1)
    if json_:
        print_json({"problems": [], "files": catalogue.files})
    else:
        print_text(f"{catalogue.files} definitions, no problems.")


@click.command(short_help="Check the ledger against itself and its anchors.")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="An anchor file kept elsewhere; may be given several times. Else the workspace's own.",
)
@click.option("--make-anchor", is_flag=True, help="When nothing is wrong, anchor the ledger as it is now.")
@as_json
@click.pass_context
def verify(ctx: click.Context, anchors: tuple[Path, ...], make_anchor: bool, json_: bool) -> None:
    """Check every entry of the ledger, derive every row again from it, and hold both against the anchors.

    Exit code 1 when anything was found. What was written after the newest anchor could be rewritten by somebody
    who can write the file without this command noticing; it says how much that is.

    \b
    Examples:
      audit verify
      audit verify --make-anchor
      audit verify --anchor /media/usb/anchor-26159b81-000007.json
    """
    from audit_engine.actions.anchoring import anchor_newest, checkpoint
    from audit_engine.engine.permission import require
    from audit_engine.records.verification import verify as verify_ledger

    workspace = find(ctx)
    database = workspace.open()
    require(workspace.actor(database), "verify", "verify the ledger")
    kept = anchors or tuple(sorted(workspace.checkpoints.glob("*.json")))
    with progress("Verifying") as moved:
        result = verify_ledger(database, kept, progress=lambda done: moved(done, 0))
    if json_:
        print_json(
            {
                "sound": result.sound, "chains": result.chains, "entries": result.entries,
                "anchors": len(kept), "anchored": result.anchored_entries, "not_anchored": result.unanchored_entries,
                "findings": [
                    {"code": f.code, "about": f.about, "turn": f.turn, "says": f.sentence} for f in result.findings
                ],
            }
        )  # fmt: skip
    else:
        for line in marking(database.mode):
            print_text(line)
        for finding in result.findings:
            print_text(f"{finding.code} {finding.sentence}")
        print_text(_in_words(result))
    if make_anchor and result.sound:
        checkpoint(database, now())
        say(f"Anchored: {anchor_newest(database, workspace.checkpoints)}")
    ctx.exit(0 if result.sound else 1)


def _in_words(result: "Verification") -> str:
    found, left = len(result.findings), result.unanchored_entries
    counted = f"{result.entries:,} entries in {result.chains:,} chains"
    if found:
        return f"{counted}: {'one thing is' if found == 1 else f'{found:,} things are'} wrong, as listed."
    anchored = f"{counted}: nothing wrong was found. Anchored up to {result.anchored_entries:,}"
    if not left:
        return f"{anchored}; that is all of them."
    return f"{anchored}; the last {'one is' if left == 1 else f'{left:,} are'} not yet anchored."
