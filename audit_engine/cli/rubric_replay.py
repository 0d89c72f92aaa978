"""`audit rubric replay`: what another text of a rubric would have made of the audits that are finished."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import Period, quarter
from audit_engine.cli.figures import as_json, year_to_date
from audit_engine.cli.talk import marking, print_json, print_text, progress
from audit_engine.cli.workspace import find

if TYPE_CHECKING:
    from audit_engine.queries.replaying import Texts


@click.command(short_help="Judge finished audits once more, under another text.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--quarter", "quarter_name", required=True, metavar="QUARTER", help="As in 2023-24-Q3.")
@year_to_date
@click.option("--stream", metavar="STREAM", help="Only audits of this stream.")
@as_json
@click.pass_context
def replay(
    ctx: click.Context, old: str, new: str, quarter_name: str, year_to_date: bool, stream: str | None, json_: bool
) -> None:
    """Take the finished, graded audits of a quarter and say what NEW would have made of them, beside OLD.

    OLD is the name of a rubric: each of its audits is then judged under the very text it was graded under. Or it is
    a rubric file or NAME@VERSION: then all audits of that rubric are judged under this one text. NEW is a rubric's
    name (the text in force), a file (a text that is proposed) or NAME@VERSION (one that audits here began under).
    Nothing is written, and no audit is changed.

    \b
    Examples:
      audit rubric replay quality_and_impact trial/rubrics/quality_and_impact.yaml --quarter 2023-24-Q3
      audit rubric replay quality_and_impact quality_and_impact --quarter 2023-24-Q3 --year-to-date --json
    """
    from audit_engine.queries.replaying import replay as judge_again

    period = Period(quarter(quarter_name), year_to_date)
    workspace = find(ctx)
    catalogue = workspace.catalogue()
    texts = _texts(ctx, old, new, workspace.folder)
    database = workspace.open()
    actor = workspace.actor(database)
    with progress("Judging once more") as moved, database.read() as session:
        seen = judge_again(session, actor, catalogue, texts, period, stream, moved)
    if json_:
        print_json({"rubric": texts.name, "period": period.name, "stream": stream, **asdict(seen)})
        return
    from audit_engine.cli.replay_words import in_words

    of = f"{period.words}{f', stream {stream}' if stream else ''}"
    print_text("\n".join([*marking(database.mode), *in_words(seen, texts.name, of)]))


def _texts(ctx: click.Context, old: str, new: str, site: Path) -> "Texts":
    """The two texts as they were named. Raises Unusable."""
    from audit_engine.cli.rubric_named import is_path, read_named
    from audit_engine.queries.replaying import Texts

    first = read_named(ctx, old, site) if is_path(old) or "@" in old else None
    second = read_named(ctx, new, site)
    kept = "as it was kept"
    standing = "proposed" if is_path(new) else kept if "@" in new else "in force"
    called = f"{second.rubric.rubric} {second.rubric.version}, {standing}"
    origin = "from its file" if is_path(old) else kept
    return Texts(first.rubric.rubric if first else old, first, second, called, origin)
