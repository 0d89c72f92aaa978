"""How commands speak: data to stdout, talk to stderr, nothing from a file unless it was made safe."""

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Any

import click

from audit_engine.problems import Problem, Refused
from audit_engine.safe_text import for_terminal

MAX_WIDTH = 100
"""Characters in a line of words; longer ones are hard to read however wide the terminal is."""

NARROWEST, PAGE = 40, 98
"""Of a page's lines: where the terminal is narrower still, it breaks them; and where there is none."""


def say(text: str) -> None:
    """One line of talk."""
    # The stream is named, or click would write UTF-8 into one that says it is something else.
    click.echo(for_terminal(text, lines=True), file=sys.stderr)


def marking(mode: str) -> list[str]:
    """The first line of what a training workspace prints; nothing in a live one."""
    return ["TRAINING"] if mode == "training" else []


def print_text(text: str) -> None:
    """Lines of data."""
    click.echo("\n".join(wrapped(line) for line in for_terminal(text, lines=True).split("\n")), file=sys.stdout)


def wrapped(line: str) -> str:
    """A line broken between words where a person reads it on a terminal; as it is where a program does."""
    width = min(MAX_WIDTH, get_terminal_size((80, 24)).columns)
    if not sys.stdout.isatty() or len(line) <= width:
        return line
    indent = len(line) - len(line.lstrip())
    broken = textwrap.fill(
        line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False, tabsize=1
    )
    # A prompt ends in a space, which would be lost.
    return broken + line[len(line.rstrip()) :]


def page_width() -> int:
    """Characters in a line of a page: the terminal's, as far as lines stay readable; always the same in a pipe."""
    if not sys.stdout.isatty():
        return PAGE
    return max(NARROWEST, min(MAX_WIDTH, get_terminal_size((80, 24)).columns))


def print_json(value: Any) -> None:
    """Data for programs: one JSON document. Hidden characters leave as \\u escapes."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=True, default=str), file=sys.stdout)


def say_problems(problems: Sequence[Problem]) -> None:
    """Every problem, place first."""
    for problem in problems:
        say(str(problem))
    if len(problems) > 1:
        say(f"{len(problems)} problems. Nothing was changed.")


def say_refusal(refused: Refused) -> None:
    """What was refused, and every reason."""
    say(f"{refused.what[:1].upper()}{refused.what[1:]}:")
    for reason in refused.reasons:
        say(f"  {reason.text}")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr for work that may take over a second; nothing where nobody watches.

    Yields:
        A function (done, of).
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)

        def moved(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield moved
