"""`audit render`: one audit as a document."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import now
from audit_engine.cli.talk import print_text
from audit_engine.cli.workspace import find

if TYPE_CHECKING:
    from audit_engine.cli.workspace import Workspace
    from audit_engine.engine.permission import Actor
    from audit_engine.records.database import Database
    from audit_engine.summaries.audit_document import AuditDocument


@click.command(short_help="Write an audit as a document.")
@click.argument("reference", metavar="AUDIT")
@click.option(
    "--for", "reader", type=click.Choice(["file", "practitioner"]), default="file", show_default=True,
    help="With everything, or what its practitioner reads.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["html", "md"]), help="Markdown, unless FILE ends in .html.")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it here.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@click.pass_context
def render(ctx: click.Context, reference: str, reader: str, form: str | None, file: Path | None, force: bool) -> None:
    """Write AUDIT as a document, or print it. That it was rendered is recorded, on your own chain.

    \b
    Examples:
      audit render L-2324Q3-0001
      audit render L-2324Q3-0001 --for practitioner --to result.html
    """
    from audit_engine.actions.looking import looked
    from audit_engine.cli.files import write_whole
    from audit_engine.queries.looking import audit_key_of
    from audit_engine.summaries.audit_document import CLOSING
    from audit_engine.summaries.rendering import html, markdown

    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    document = _document(workspace, database, actor, reference, reader)
    text = markdown("audit.md.j2", figures=False, audit=document)
    if form == "html" or (form is None and file is not None and file.suffix == ".html"):
        text = html(text, document.title, document.marking, figures=False, closing=CLOSING)
    with database.read() as session:
        key = audit_key_of(session, reference)
    looked(database, actor, "rendered", "audit", key, at=now())
    if file is None:
        print_text(text.rstrip("\n"))
    else:
        print_text(str(write_whole(file, text, force=force)))


def _document(
    workspace: "Workspace", database: "Database", actor: "Actor", reference: str, reader: str
) -> "AuditDocument":
    from audit_engine.queries.audit_file import audit_file, for_practitioner
    from audit_engine.summaries.audit_document import file_document, practitioner_document

    marking = ("TRAINING", "INTERNAL") if database.mode == "training" else ("INTERNAL",)
    catalogue = workspace.catalogue()
    with database.read() as session:
        if reader == "file":
            return file_document(audit_file(session, actor, reference, catalogue), marking)
        return practitioner_document(for_practitioner(session, actor, reference, catalogue), marking)
