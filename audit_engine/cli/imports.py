"""`audit people import` and `audit import ...`: look first, then write all of it or nothing."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit_engine.calendars import now
from audit_engine.cli.figures import as_json
from audit_engine.cli.talk import print_json, print_text, progress, say
from audit_engine.cli.workspace import Workspace, find
from audit_engine.safe_text import quoted

if TYPE_CHECKING:
    from audit_engine.actions.imports import ImportPreview
    from audit_engine.definitions.catalogue import Catalogue
    from audit_engine.definitions.mapping import Mapping
    from audit_engine.engine.permission import Actor
    from audit_engine.exchange.lines import FileRead
    from audit_engine.records.database import Database

FACTS = "case_facts"


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        as_json,
        click.option("--yes", is_flag=True, help="Write without asking."),
        click.option("--encoding", default="utf-8", show_default=True, help="How the file is encoded; never guessed."),
        click.option(
            "--mapping",
            type=click.Path(path_type=Path, dir_okay=False),
            help="A YAML file that renames columns and words.",
        ),
        click.argument("file", type=click.Path(path_type=Path)),
        click.pass_context,
    ):
        command = option(command)
    return command


@click.group(short_help="Import the people and their roles.")
def people() -> None:
    """The people who work here, and their roles."""


@people.command(short_help="Bind an operating-system account to a person.")
@click.argument("person")
@click.argument("account")
@click.pass_context
def bind(ctx: click.Context, person: str, account: str) -> None:
    """Bind ACCOUNT, an account of this machine, to PERSON, so that in a live workspace they are known by it.

    \b
    Example:
      audit people bind P-00017 rowan
    """
    from audit_engine.actions.binding import bind_account
    from audit_engine.actions.command import Command
    from audit_engine.cli.workspace import account_called

    workspace = find(ctx)
    database = workspace.open()
    bind_account(database, workspace.actor(database), Command(), person, account_called(account), at=now())
    print_text(f"{person} is known by the account {account} from now on.")


@click.group(name="import", short_help="Import cases, past audits, observations or indicators.")
def import_() -> None:
    """Import a file: what it would change is shown first; nothing is written without a yes.

    \b
    Examples:
      audit import cases cases.csv
      audit import audits audits.csv --mapping our_system.yaml --yes
    """


def _command(group: click.Group, name: str, kind: str, words: str) -> None:
    @group.command(name, short_help=words)
    @_options
    def run(ctx: click.Context, file: Path, mapping: Path | None, encoding: str, yes: bool, json_: bool) -> None:
        _run(find(ctx), kind, file, mapping, encoding, yes=yes, json_=json_)

    run.help = f"{words}\n\n\b\nExample:\n  audit {group.name} {name} {kind}.csv --yes"


for _group, _name, _kind, _words in (
    (people, "import", "people", "Import people.csv: people, roles and teams."),
    (import_, "people", "people", "Import people.csv: people, roles and teams."),
    (import_, "cases", "cases", "Import a case list."),
    (import_, "audits", "audits", "Import past audits with their ratings and moderations."),
    (import_, "observations", "observations", "Import practice observations."),
    (import_, "indicators", "indicators", "Import figures from elsewhere."),
):
    _command(_group, _name, _kind, _words)


def _run(
    workspace: Workspace, kind: str, file: Path, mapping: Path | None, encoding: str, *, yes: bool, json_: bool
) -> None:
    from audit_engine.actions.imports import preview

    importing = Importing(workspace, workspace.open())
    read, lines = importing.read(kind, file, mapping, encoding)
    seen = preview(importing.database, importing.actor, read, lines, at=now(), catalogue=importing.catalogue)
    if not json_ and (seen.nothing_changed or not yes):
        print_text("\n".join(_in_words(seen, written=False)))
    if seen.nothing_changed and seen.same_file_before:
        if json_:
            print_json({**asdict(seen), "written": False})
        return
    if not yes and not _agreed():
        if json_:
            print_json({**asdict(seen), "written": False})
        say("Nothing was written." + ("" if sys.stdin.isatty() else " Add --yes to write it."))
        return
    done = importing.write(read, lines)
    workspace.anchor(importing.database)
    if json_:
        print_json({**asdict(done), "written": True})
    else:
        print_text("\n".join(_in_words(done, written=True)))


def _agreed() -> bool:
    return sys.stdin.isatty() and click.confirm("Write this?", default=False, err=True)


class Importing:
    """Reads and writes the files of one workspace; also what `audit demo` imports with."""

    def __init__(self, workspace: Workspace, database: "Database") -> None:
        self.catalogue: Catalogue = workspace.catalogue()
        self.database = database
        self.actor: Actor = workspace.actor(database)

    def read(
        self, kind: str, file: Path, mapping: Path | None = None, encoding: str = "utf-8"
    ) -> "tuple[FileRead, list[Any]]":
        """Judge a file, for somebody who may import: problems name people and cases that are here.

        Raises:
            Refused: the actor may not import.
            Unusable: every problem of the file.
        """
        from audit_engine.engine.permission import require
        from audit_engine.exchange.audits import read_audits
        from audit_engine.exchange.cases import read_cases
        from audit_engine.exchange.indicators import read_indicators
        from audit_engine.exchange.observations import read_observations
        from audit_engine.exchange.people import read_people
        from audit_engine.queries.people import known

        require(self.actor, "import", f"import {kind}")
        mapped = _mapping(mapping, kind)
        if kind == "people":
            return read_people(file, mapping=mapped, encoding=encoding)
        with self.database.read() as session:
            here = known(session)
        codebook = self.catalogue.codebooks[FACTS]
        with progress(f"Reading {kind}") as moved:
            if kind == "cases":
                return read_cases(file, here, codebook, mapping=mapped, encoding=encoding, progress=moved)
            if kind == "audits":
                return read_audits(file, here, self.catalogue, mapping=mapped, encoding=encoding, progress=moved)
            if kind == "observations":
                return read_observations(file, here, codebook, mapping=mapped, encoding=encoding, progress=moved)
            return read_indicators(file, here, mapping=mapped, encoding=encoding, progress=moved)

    def write(self, read: "FileRead", lines: "list[Any]") -> "ImportPreview":
        """Write a file that was judged: all of it, or nothing."""
        from audit_engine.actions import imports

        with progress(f"Writing {read.kind}") as moved:
            acts: dict[str, Callable[..., ImportPreview]] = {
                "people": imports.import_people,
                "cases": imports.import_cases,
                "audits": partial(imports.import_audits, catalogue=self.catalogue),
                "observations": imports.import_observations,
                "indicators": imports.import_indicators,
            }
            return acts[read.kind](self.database, self.actor, read, lines, at=now(), progress=moved)


def _mapping(file: Path | None, kind: str) -> "Mapping | None":
    if file is None:
        return None
    from audit_engine.definitions.mapping import read_mapping
    from audit_engine.definitions.sources import read_source

    return read_mapping(read_source(file), kind)


def _in_words(seen: "ImportPreview", *, written: bool) -> list[str]:
    if seen.nothing_changed:
        return [f"{seen.name}: nothing changed ({seen.unchanged:,} {seen.kind} stand as the file says)."]
    verb = "" if written else "would be "
    parts = [f"{seen.added:,} {verb}added", f"{seen.changed:,} {verb}changed", f"{seen.unchanged:,} unchanged"]
    if seen.absent:
        parts.append(f"{seen.absent:,} already here and not in the file, which stay")
    lines = [f"{seen.name}, {seen.rows:,} rows of {seen.kind}: {', '.join(parts)}."]
    if seen.own_roles:
        lines.append(
            f"You {'gave' if written else 'would give'} yourself a role: you are the only administrator with an "
            "account. The ledger says so."
        )
    if not written:
        for change in seen.examples:
            old, new = (("not recorded" if v is None else quoted(v)) for v in (change.old, change.new))
            lines.append(f"  for example {change.reference}, {change.column}: {old} becomes {new}")
    return lines
