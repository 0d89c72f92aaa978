"""`audit rubric print`: a rubric as a handbook page to hang on the wall."""

from pathlib import Path

import click

from audit_engine.cli.rubric_named import in_site, read_named, site_of
from audit_engine.cli.talk import print_text
from audit_engine.problems import unusable


@click.command("print", short_help="Print a rubric as a handbook, HTML or PDF.")
@click.argument("rubric_name", metavar="RUBRIC")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="A file that ends in .html or .pdf. Else HTML on the standard output.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the file.")
@in_site
@click.pass_context
def print_(ctx: click.Context, rubric_name: str, file: Path | None, force: bool, site: Path | None) -> None:
    """Set RUBRIC as a handbook: each question with what to look for and what each grade looks like, and the rules.

    PDF needs the extra `pdf`. The page fetches nothing.

    \b
    Examples:
      audit rubric print quality_and_impact --to handbook.html
      audit rubric print thematic_domestic_abuse --to handbook.pdf --force
    """
    from audit_engine.cli.files import write_whole
    from audit_engine.summaries.rubric_handbook import handbook_page, handbook_words

    if file is not None and file.suffix not in (".html", ".pdf"):
        raise unusable(str(file), "W071", "a handbook is HTML or PDF", "Let the name end in .html or .pdf.")
    rubric = read_named(ctx, rubric_name, site_of(ctx, site))
    if file is None:
        print_text(handbook_page(rubric))
    elif file.suffix == ".html":
        print_text(str(write_whole(file, handbook_page(rubric), force=force)))
    else:
        from audit_engine.summaries.pdf import rubric_pdf

        print_text(str(write_whole(file, rubric_pdf(handbook_words(rubric)), force=force)))
