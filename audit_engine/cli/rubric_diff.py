"""`audit rubric diff`: what changed from one rubric to another, in sentences."""

from pathlib import Path

import click

from audit_engine.cli.figures import as_json
from audit_engine.cli.own_definitions import tell_differences
from audit_engine.cli.rubric_named import in_site, read_named, rubrics_of, site_of

EXIT_DIFFERENT = 1


@click.command(short_help="Say what changed from one rubric to another.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@in_site
@as_json
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, site: Path | None, json_: bool) -> None:
    """Say in sentences what is not in NEW as it was in OLD. Both are names, files or NAME@VERSION.

    Exit code 0 when they say the same, 1 when anything differs, 2 when one of them cannot be used. Comments and the
    version do not count; criteria are held together by their ids.

    \b
    Examples:
      audit rubric diff quality_and_impact trial/rubrics/quality_and_impact.yaml
      audit rubric diff quality_and_impact@1.0.0 quality_and_impact
      audit rubric diff before.yaml after.yaml --json
    """
    from audit_engine.engine.rubric_differences import rubric_differences

    site = site_of(ctx, site)
    before, after = read_named(ctx, old, site), read_named(ctx, new, site)
    found = rubric_differences(before, after, rubrics_of(site).mappings)
    sides = {
        key: {"rubric": read.rubric.rubric, "version": read.rubric.version}
        for key, read in (("old", before), ("new", after))
    }
    tell_differences(found, sides, json_=json_)
    ctx.exit(EXIT_DIFFERENT if found else 0)
