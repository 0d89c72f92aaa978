"""The command `audit`: one module per group of commands, imported only when one of them is called."""

import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from audit_engine import __version__
from audit_engine.problems import Refused, Unusable, unusable

EXIT_REFUSED, EXIT_UNUSABLE = 1, 2

COMMANDS = {
    "init": ("audit_engine.cli.start", "init"),
    "demo": ("audit_engine.cli.start", "demo"),
    "people": ("audit_engine.cli.imports", "people"),
    "import": ("audit_engine.cli.imports", "import_"),
    "programme": ("audit_engine.cli.programmes", "programme"),
    "allocate": ("audit_engine.cli.programmes", "allocate"),
    "tui": ("audit_engine.cli.screens", "tui"),
    "queue": ("audit_engine.cli.moves", "queue"),
    "grade": ("audit_engine.cli.grading", "grade"),
    "why": ("audit_engine.cli.moves", "why"),
    "move": ("audit_engine.cli.moves", "move"),
    "open": ("audit_engine.cli.matters", "open_"),
    "escalate": ("audit_engine.cli.moves", "escalate"),
    "show": ("audit_engine.cli.audits", "show"),
    "render": ("audit_engine.cli.documents", "render"),
    "summary": ("audit_engine.cli.figures", "summary"),
    "explain": ("audit_engine.cli.figures", "explain"),
    "interval": ("audit_engine.cli.figures", "interval"),
    "rubric": ("audit_engine.cli.rubrics", "rubric"),
    "workflow": ("audit_engine.cli.workflows", "workflow"),
    "check": ("audit_engine.cli.checks", "check"),
    "verify": ("audit_engine.cli.checks", "verify"),
}
HELP = {
    "init": "Make a workspace in a folder.",
    "demo": "Build the training workspace and print its quality overview.",
    "people": "Import the people and their roles.",
    "import": "Import cases, past audits, observations or indicators.",
    "programme": "List the programmes, and draw their cases.",
    "allocate": "Give every drawn audit an independent auditor.",
    "tui": "Open the screens: queue, workbench, moderation.",
    "queue": "List what waits for you.",
    "grade": "Grade, moderate or answer an audit, question by question.",
    "why": "Say what can happen to something now, for whom, and why not.",
    "move": "Move an audit or a matter on: share, close, withdraw.",
    "open": "Open an action, a challenge, a learning point, another audit.",
    "escalate": "A child may be at risk: raise an escalation, or act on one.",
    "show": "Tell the story of an audit or a matter.",
    "render": "Write an audit as a document.",
    "summary": "Print or write the quality overview of a quarter.",
    "explain": "Print the waterfall behind one figure.",
    "interval": "The 95 per cent interval of X of N.",
    "rubric": "Grade an audit from a file of answers, or print a rubric.",
    "workflow": "Read a workflow in words, draw it, compare two, begin one.",
    "check": "Judge every YAML definition.",
    "verify": "Check the ledger against itself and its anchors.",
}


class _Lazy(click.Group):
    """Knows its commands by name, so that `audit --help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        with formatter.section("Commands"):
            formatter.write_dl(list(HELP.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="audit-engine", message="%(prog)s %(version)s")
@click.option(
    "--workspace", metavar="DIR", help="The workspace folder. Else AUDIT_WORKSPACE, else the nearest upwards."
)
@click.option("--as", "as_person", metavar="PERSON", help="Act as this person (training workspaces only).")
@click.pass_context
def audit(ctx: click.Context, workspace: str | None, as_person: str | None) -> None:
    """Quality audit of casework: graded on declared rubrics, counted on the right denominator.

    \b
    Examples:
      audit demo
      audit --workspace demo summary 2023-24-Q3 --year-to-date
      audit --workspace demo explain supervision_recorded --quarter 2023-24-Q3
    """
    ctx.obj = (workspace, as_person)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0 fine, 1 the answer is no, 2 the input cannot be used."""
    _open_what_is_closed()
    try:
        _refuse_unreadable(sys.argv[1:] if arguments is None else arguments)
        code = audit.main(args=arguments, prog_name="audit", standalone_mode=False) or 0
        sys.stdout.flush()
        sys.exit(code)
    except Unusable as error:
        from audit_engine.cli.talk import say_problems

        say_problems(error.problems)
        sys.exit(EXIT_UNUSABLE)
    except Refused as refused:
        from audit_engine.cli.talk import say_refusal

        say_refusal(refused)
        sys.exit(EXIT_REFUSED)
    except click.exceptions.Abort:
        click.echo("Stopped. Nothing was changed.", err=True)
        sys.exit(EXIT_UNUSABLE)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_UNUSABLE)
    except BrokenPipeError:
        # The reader of our output (`| head`) has left; what it did not read needs no message.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        click.echo("Stopped. Nothing was changed.", err=True)
        sys.exit(130)
    except OSError as error:
        _leave("P008", f"the system could not do this: {(error.strerror or type(error).__name__).lower()}")
    except Exception as error:  # noqa: BLE001 - a traceback or the error's own words may hold what people wrote
        _leave("P009", f"this is a mistake in the program: {type(error).__name__}, {_place_of(error)}")


def _open_what_is_closed() -> None:
    """Give every closed stream (`<&-`) somewhere to go, before a file gets its number; and let every stream write.

    What an encoding cannot hold is written as `?`.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", closefd=False, encoding="utf-8"))  # noqa: SIM115 - stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refuse_unreadable(arguments: Sequence[str]) -> None:
    """Refuse what is not UTF-8 before anything is made of it: it could neither be stored nor printed."""
    given = [(f"argument {number}", text) for number, text in enumerate(arguments, start=1)]
    for place, text in [*given, ("AUDIT_WORKSPACE", os.environ.get("AUDIT_WORKSPACE", ""))]:
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise unusable(place, "P007", "this is not UTF-8 text", "Type it again, in a terminal that uses UTF-8.")


def _place_of(error: BaseException) -> str:
    """File and line of the innermost code of ours; never a value."""
    ours, place = Path(__file__).parent.parent, "place unknown"
    import traceback

    for frame, line in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ours) or file.is_relative_to(ours.parent / "tui"):
            place = f"{file.relative_to(ours.parent)}:{line}"
    return place


def _leave(code: str, message: str) -> NoReturn:
    """Say one sentence and leave. What still waits to be written is given up: it would fail again on the way out."""
    from audit_engine.cli.talk import say

    with suppress(OSError):
        say(f"audit: {code} {message}")
    with suppress(OSError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(EXIT_UNUSABLE)
