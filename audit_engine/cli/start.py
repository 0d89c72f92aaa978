"""`audit init` and `audit demo`: a workspace begins, whole or not at all."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import click

from audit_engine.calendars import Period, now, quarter
from audit_engine.cli.talk import print_text, progress, say
from audit_engine.cli.workspace import FILE, Workspace, account, account_name, read
from audit_engine.problems import unusable

DATABASE = "audit.sqlite"
DEMO_QUARTER = "2023-24-Q3"
QUALITY_LEAD = "P-00001"
"""Who acts in the demo when nobody is named: a quality lead of the invented service."""
IMPORTED = ("people", "cases", "audits", "observations", "indicators")


@click.command(short_help="Make a workspace in a folder.")
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--training", is_flag=True, help="For practice and synthetic people only; everything says TRAINING.")
@click.option("--person", "reference", help="What you are called in people.csv; your account's name when left out.")
@click.option("--name", help="Your name; your account's name when left out.")
@click.option(
    "--database", metavar="ADDRESS", help="A PostgreSQL address for a team; a SQLite file in the folder when left out."
)
def init(folder: Path, training: bool, reference: str | None, name: str | None, database: str | None) -> None:
    """Make a workspace in FOLDER. Whoever runs this becomes its first administrator.

    \b
    Examples:
      audit init quality-2023
      audit init --training practice
    """
    if (folder / FILE).exists():
        raise unusable(str(folder), "W052", "this folder is a workspace already", "Name another folder.")
    if database is not None and urlsplit(database).password:
        help_ = "Leave it out of the address, and put it into PostgreSQL's password file (~/.pgpass)."
        raise unusable("--database", "W055", "a password in the address would be kept in plain text", help_)
    made_for = reference or account_name()
    made = begin(folder, training=training, reference=reference, name=name, database=database)
    words = "training workspace" if training else "workspace"
    print_text(f"Made the {words} {made.folder}.")
    say(
        f"You are its first administrator. An administrator imports and keeps order, and reads no audit; to do more,\n"
        f"give {made_for} further roles in people.csv. Next: audit --workspace {folder} people import people.csv"
    )


def begin(
    folder: Path, *, training: bool, reference: str | None = None, name: str | None = None, database: str | None = None
) -> Workspace:
    """Make the database first and audit.toml last: a folder without audit.toml is no workspace yet."""
    from audit_engine.actions.workspace import open_workspace

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(
            str(folder), "W061", f"this folder cannot be made: {(error.strerror or '').lower()}", "Name another place."
        ) from None
    address = database or folder / DATABASE
    opened = open_workspace(
        address,
        mode="training" if training else "live",
        account=account(),
        reference=reference or account_name(),
        name=name or account_name(),
        at=now(),
    )
    try:
        _settings(folder, database or DATABASE)
        made = read(folder)
        made.anchor(opened)
    finally:
        opened.close()
    return made


def _settings(folder: Path, database: str, acts_as: str | None = None) -> None:
    from audit_engine.cli.files import write_whole

    lines = [
        "# The settings of this workspace.",
        f'database = "{database}"',
        "# Anchors of the ledger. They show a cut or rewritten ledger only while they are kept elsewhere too:",
        "# copy them to another disk, or name a folder there.",
        'checkpoints = "checkpoints"',
    ]
    if acts_as:
        lines += ["# Training only: who acts when nobody is named with --as.", f'acts_as = "{acts_as}"']
    write_whole(folder / FILE, "\n".join(lines) + "\n", force=True)


@click.command(short_help="Build the training workspace and print its quality overview.")
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
@click.option("--seed", type=int, default=20231231, show_default=True, help="Another seed invents another service.")
def demo(folder: Path, seed: int) -> None:
    """Invent a whole service, import its files as a user would, and print its quality overview.

    Everybody in it is invented. A folder that an earlier demo made is replaced; any other folder is refused.
    """
    from audit_engine.cli.figures import Counting, write_documents
    from audit_engine.cli.overview_terminal import print_overview

    _refuse_other_folders(folder)
    building = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    try:
        workspace = _build(building, seed)
        shutil.rmtree(folder, ignore_errors=True)
        building.replace(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    workspace = read(folder)
    database = workspace.open()
    period = Period(quarter(DEMO_QUARTER), year_to_date=True)
    counted = Counting(workspace, database, workspace.actor(database), period, "quality_overview")
    document = counted.document()
    files = write_documents(document, period, folder / "summaries")
    print_overview(document)
    _try_next(folder, files)


def _refuse_other_folders(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise unusable(str(folder), "W053", "this is not a folder", "Name another place for the demo.")
    if folder.exists() and any(folder.iterdir()) and not (folder / "files" / "people.csv").is_file():
        raise unusable(
            str(folder), "W053", "this folder holds something that no demo made", "Name another folder: audit demo DIR"
        )


def _build(folder: Path, seed: int) -> Workspace:
    from audit_engine.cli.imports import Importing
    from audit_engine.training import write_service

    files = folder / "files"
    workspace = begin(folder, training=True)
    with progress("Inventing the service") as moved:
        files.mkdir(mode=0o700)
        write_service(files, seed, progress=lambda _what, done, of: moved(done, of))
    database = workspace.open()
    try:
        importing = Importing(workspace, database)
        for kind in IMPORTED:
            read_file, lines = importing.read(kind, files / f"{kind}.csv")
            done = importing.write(read_file, lines)
            say(f"Imported {done.rows:,} rows of {kind}.")
        workspace.anchor(database)
    finally:
        database.close()
    _settings(folder, DATABASE, QUALITY_LEAD)
    return workspace


def _try_next(folder: Path, files: list[Path]) -> None:
    shown = os.path.relpath(folder)
    print_text("")
    print_text(f"Read it as a document:     {files[0]}")
    here = f"audit --workspace {shown}"
    waterfall = f"{here} explain supervision_recorded --quarter {DEMO_QUARTER} --year-to-date"
    print_text(f"See behind a figure:       {waterfall}")
    print_text(f"Read one audit's story:    {here} show A-00001")
    print_text(f"Open the screens:          {here} tui")
