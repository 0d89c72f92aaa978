"""`audit workflow`: read a workflow in words, draw it, compare two, begin one, prove it. Needs no workspace."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit_engine.cli.figures import as_json
from audit_engine.cli.files import write_whole
from audit_engine.cli.own_definitions import begin, tell_differences
from audit_engine.cli.rubric_named import is_path, site_of
from audit_engine.cli.talk import page_width, print_json, print_text
from audit_engine.cli.workflow_migration import migrate
from audit_engine.cli.workspace import find
from audit_engine.definitions.workflow_names import AUDIT, MATTER
from audit_engine.problems import nearest, unusable
from audit_engine.safe_text import quoted

if TYPE_CHECKING:
    from audit_engine.definitions.workflow import ReadWorkflow

EXIT_DIFFERENT = 1
in_site = click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder with workflows/ of its own. Else the workspace, where there is one.",
)


@click.group(short_help="Read a workflow in words, draw it, compare two, begin one, try it out, prove it.")
def workflow() -> None:
    """Show what a workflow says: who may do what, when, where it leads, and why not.

    WORKFLOW is the name of a workflow, or the path of a workflow file, which need not be in force yet. Names are
    those of the workspace, where there is one, and of the shipped workflows. NAME@VERSION is a text that audits of
    the workspace began under.
    """


@workflow.command(short_help="Print a workflow in plain words.")
@click.argument("name", metavar="[WORKFLOW]", required=False)
@click.option(
    "--for", "person", metavar="PERSON",
    help="Only what this person, place or role may do; the_clock: what happens by itself.",
)  # fmt: skip
@in_site
@as_json
@click.pass_context
def show(ctx: click.Context, name: str | None, person: str | None, site: Path | None, json_: bool) -> None:
    """Print WORKFLOW in plain words: its stages, then what everybody may do, and every reason why not.

    Without WORKFLOW: what there is, or with --for what somebody may do under each.

    \b
    Examples:
      audit workflow show case_audit
      audit workflow show --for moderator
      audit workflow show trial/workflows/case_audit.yaml --json
    """
    site = site_of(ctx, site)
    if name is None and person is None:
        _list(_all(site), json_=json_)
        return
    from audit_engine.cli.workflow_page import as_json as for_programs
    from audit_engine.cli.workflow_page import page, part
    from audit_engine.engine.workflow_words import persons_of, told

    found = _all(site) if name is None else [read_named(ctx, name, site)]
    if person is not None:
        found = _that_know(found, person)
    if json_:
        made = [for_programs(told(one), persons_of(one, person) if person else None) for one in found]
        print_json(made if name is None else made[0])
        return
    width = page_width()
    for n, one in enumerate(found):
        lines = page(told(one), width) if person is None else part(told(one), persons_of(one, person), width)
        print_text("\n".join([*([""] if n else []), *lines]))


@workflow.command(short_help="Draw a workflow.")
@click.argument("name", metavar="WORKFLOW")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it here: .svg a picture, .mmd Mermaid."
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@in_site
@click.pass_context
def draw(ctx: click.Context, name: str, file: Path | None, force: bool, site: Path | None) -> None:
    """Draw WORKFLOW: its stages in lanes by whom they wait for, and its events as arrows between them.

    Prints a Mermaid state diagram, which many programs draw. With --to FILE.svg it writes a picture, one page of A4.

    \b
    Examples:
      audit workflow draw case_audit --to case_audit.svg
      audit workflow draw trial/workflows/case_audit.yaml
    """
    from audit_engine.engine.workflow_words import told
    from audit_engine.summaries.workflow_drawing import svg
    from audit_engine.summaries.workflow_mermaid import mermaid

    if file is not None and file.suffix not in (".svg", ".mmd"):
        raise unusable(str(file), "P012", "the name of a drawing ends in .svg or .mmd", "Name it so.")
    words = told(read_named(ctx, name, site_of(ctx, site)))
    if file is None:
        print_text(mermaid(words).rstrip("\n"))
        return
    print_text(str(write_whole(file, (svg if file.suffix == ".svg" else mermaid)(words), force=force)))


@workflow.command(short_help="Say what changed from one workflow to another.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@in_site
@as_json
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, site: Path | None, json_: bool) -> None:
    """Say in sentences what is not in NEW as it was in OLD. Both are names, files or NAME@VERSION.

    Exit code 0 when they say the same, 1 when anything differs, 2 when one of them cannot be used. Comments and
    the version do not count.

    \b
    Examples:
      audit workflow diff case_audit trial/workflows/case_audit.yaml
      audit workflow diff case_audit@1.0.0 case_audit
      audit workflow diff before.yaml after.yaml --json
    """
    from audit_engine.engine.workflow_differences import differences

    site = site_of(ctx, site)
    before, after = (read_named(ctx, name, site, linking=False) for name in (old, new))
    found = differences(before, after)
    sides = {
        key: {"workflow": read.workflow.workflow, "version": read.workflow.version, "digest": read.digest}
        for key, read in (("old", before), ("new", after))
    }
    tell_differences(found, sides, json_=json_)
    ctx.exit(EXIT_DIFFERENT if found else 0)


@workflow.command(short_help="Begin a workflow of your own.")
@click.argument("name")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="Write it here. Else into the workspace's workflows/, or as NAME.yaml where there is no workspace.",
)  # fmt: skip
@click.option(
    "--governs", type=click.Choice((AUDIT, MATTER)), default=AUDIT, show_default=True,
    help="Audits, or matters: anything else that goes a way of its own, such as an action or a challenge.",
)  # fmt: skip
@click.pass_context
def new(ctx: click.Context, name: str, file: Path | None, governs: str) -> None:
    """Write a small workflow called NAME, with comments, to begin with. It can be used as it stands.

    Never replaces a file.

    \b
    Examples:
      audit workflow new follow_up_audit
      audit workflow new follow_up_audit --to trial/follow_up_audit.yaml
      audit workflow new improvement --governs matter
    """
    from audit_engine.definitions.catalogue import load
    from audit_engine.definitions.starting import starting_workflow

    site = site_of(ctx, None)
    begin(
        "workflow", name, file, site, lambda place: starting_workflow(name, place, governs),
        lambda: load(site).workflows,
    )  # fmt: skip


@workflow.command(short_help="Step through a workflow with invented people.")
@click.argument("name", metavar="WORKFLOW")
@click.option(
    "--script",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take its steps, and stop where something is not as expected.",
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Something that is known from the start.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it begins. Else today.")
@in_site
@as_json
@click.pass_context
def simulate(
    ctx: click.Context, name: str, file: Path | None, settings: tuple[str, ...], day: datetime | None,
    site: Path | None, json_: bool,
) -> None:  # fmt: skip
    """Step through WORKFLOW with invented people and facts: what can be done, by whom, and why not. Nothing is kept.

    Lines are typed, or come through a pipe: `as auditor: begin`, `set overall inadequate`, `wait 10 working
    days`; ? tells them all. A script has one in each line, and `expect stage grading` among them.

    Exit code with --script 0 when everything is as expected, 1 when something is not, 2 when the script cannot be
    read.

    \b
    Examples:
      audit workflow simulate case_audit
      audit workflow simulate case_audit --set selected_for_moderation=yes --on 2026-04-07
      audit workflow simulate trial/workflows/case_audit.yaml --script trial/returned.txt
    """
    from audit_engine.calendars import day_of, now
    from audit_engine.cli.workflow_simulation import script, session

    read = read_named(ctx, name, site_of(ctx, site))
    begins = day.date() if day is not None else day_of(now())
    if file is None:
        if json_:
            raise unusable("--json", "P006", "this goes with --script", "Add --script FILE, or leave it out.")
        session(read, settings, begins)
        return
    ctx.exit(0 if script(read, file, settings, begins, json_=json_) else EXIT_DIFFERENT)


@workflow.command(short_help="Prove what a workflow promises, or tell how it is broken.")
@click.argument("names", metavar="[WORKFLOW]...", nargs=-1)
@click.option(
    "--situations", type=click.IntRange(1), default=2_000_000, show_default=True, help="Give up after so many of each."
)
@click.option("--seconds", type=click.IntRange(1), help="Give up on each after so many seconds.")
@in_site
@as_json
@click.pass_context
def prove(
    ctx: click.Context, names: tuple[str, ...], situations: int, seconds: int | None, site: Path | None, json_: bool
) -> None:
    """Try every situation WORKFLOW can come to: prove its properties, and what every workflow must keep, or tell the
    shortest story that breaks them.

    Without WORKFLOW: all that are in force. Exit code 0 when all is proved, 1 when anything is broken or not proved,
    2 when a workflow cannot be used.

    \b
    Examples:
      audit workflow prove
      audit workflow prove trial/workflows/case_audit.yaml
      audit workflow prove case_audit --json
    """
    from audit_engine.cli.workflow_proofs import as_json as for_programs
    from audit_engine.cli.workflow_proofs import page, watch
    from audit_engine.definitions.catalogue import load
    from audit_engine.definitions.proofs import PROVED
    from audit_engine.definitions.proofs import prove as proof_of

    site = site_of(ctx, site)
    everything = load(site, proving=False).workflows
    found = [read_named(ctx, name, site, proving=False) for name in names]
    found = found or [read for _, read in sorted(everything.items())]
    proofs = [
        proof_of(read, everything, most=situations, go_on=watch(read.workflow.workflow, seconds)) for read in found
    ]
    if json_:
        print_json([for_programs(proof) for proof in proofs])
    else:
        print_text("\n\n".join("\n".join(page(proof)) for proof in proofs))
    ctx.exit(EXIT_DIFFERENT if any(proof.state != PROVED for proof in proofs) else 0)


workflow.add_command(migrate)


def read_named(
    ctx: click.Context, name: str, site: Path | None, *, proving: bool = True, linking: bool = True
) -> "ReadWorkflow":
    """A workflow by its name in the catalogue, from its file, or as the workspace kept it (NAME@VERSION).

    Args:
        proving: As for `definitions.catalogue.load`.
        linking: As for `definitions.catalogue.load_workflow`.

    Raises:
        Unusable: there is none, or it has problems: all of them.
    """
    from audit_engine.definitions.catalogue import load, load_workflow

    if not is_path(name):
        called, at, version = name.partition("@")
        if at:
            from audit_engine.queries.begun_under import begun_under

            return find(ctx).kept(lambda session: begun_under(session, called, version))
        return load(site, proving=proving).workflow(name)
    if not Path(name).is_file():
        hint = "Give the path of a workflow file, or a workflow's name."
        raise unusable(name, "D001", "there is no such file", hint)
    return load_workflow(Path(name), site, proving=proving, linking=linking)


def _all(site: Path | None) -> "list[ReadWorkflow]":
    from audit_engine.definitions.catalogue import load

    return [read for _, read in sorted(load(site).workflows.items())]


def _that_know(found: "list[ReadWorkflow]", person: str) -> "list[ReadWorkflow]":
    """The workflows that know somebody of this name. Raises Unusable when none does."""
    from audit_engine.engine.workflow_words import known_names

    knowing = [read for read in found if person in known_names(read)]
    if not knowing:
        known = {name for read in found for name in known_names(read)}
        message = "there is nobody of this name here: no person, place or role"
        raise unusable(
            quoted(person), "D018", message, nearest(person, known) or f"Known here: {', '.join(sorted(known))}."
        )
    return knowing


def _list(found: "list[ReadWorkflow]", *, json_: bool) -> None:
    written = [read.workflow for read in found]
    if json_:
        print_json([{"workflow": w.workflow, "version": w.version, "title": w.title, "governs": w.governs}
                    for w in written])  # fmt: skip
        return
    wide = max(len(w.workflow) for w in written)
    print_text("\n".join(f"{w.workflow:<{wide}}  {w.title}, version {w.version}" for w in written))
