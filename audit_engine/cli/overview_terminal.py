"""The quality overview on a terminal: readable at 80 columns, without colour, and when piped into a file."""

import sys
from collections.abc import Iterator
from shutil import get_terminal_size

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit_engine.safe_text import for_terminal
from audit_engine.summaries.overview import Grid, Overview, Part, Statement
from audit_engine.summaries.wording import lint

MIN_WIDTH, MAX_WIDTH = 72, 116
FIRST_COLUMN = 26
"""Characters of a row's name before it wraps; the numbers beside it never do."""


def print_overview(document: Overview) -> None:
    """Print the whole overview to stdout.

    Raises:
        Refused: a percentage would stand without its denominator; then nothing is printed.
    """
    width = max(MIN_WIDTH, min(MAX_WIDTH, get_terminal_size((100, 24)).columns))
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as printed:
        _whole(console, document)
    click.echo(printed.get(), file=sys.stdout, nl=False)


def _whole(console: Console, document: Overview) -> None:
    console.print(_text(" · ".join(document.marking), "bold"))
    console.print(_text(f"{document.title}: {document.period}", "bold"))
    console.print(_text(document.days))
    if document.empty:
        console.print(_text("\nNo audit counts in this period."))
    else:
        _body(console, document)
    _title(console, "How this was made")
    for name, words in document.provenance:
        console.print(_text(f"{name}: {words}"))


def _body(console: Console, document: Overview) -> None:
    if document.headlines:
        _title(console, "At a glance")
        console.print(_statements(document.headlines))
    _title(console, "Under target")
    if document.misses:
        console.print(_missed(document.misses))
    else:
        console.print(_text("Nothing stands on the wrong side of its target."))
    for part in document.parts:
        _part(console, part)


def _part(console: Console, part: Part) -> None:
    _title(console, part.title)
    for line in part.statements:
        console.print(_text(f"{line.title}: ", "bold") + _text(line.text))
        details = [words for words in (line.interval, line.target) if words]
        details += [f"beside it, {words}" for words in line.beside]
        details += [f"left out, {words}" for words in line.left_out]
        for words in details:
            console.print(Padding(_text(words, "dim"), (0, 0, 0, 4)))
    for grid in part.grids:
        for piece in _fitting(grid, console.width):
            console.print(_text(f"\n{piece.caption}", "bold"))
            console.print(_grid(piece))
        if grid.note:
            console.print(_text(grid.note, "dim"))


def _fitting(grid: Grid, width: int) -> Iterator[Grid]:
    """The grid cut into pieces of whole columns that fit the width: a figure is never torn from its denominator."""
    widths = [max(len(row[n]) for row in grid.rows) if grid.rows else 0 for n in range(len(grid.heads))]
    first = min(max(widths[0], len(grid.heads[0])), FIRST_COLUMN) + 3
    pieces: list[list[int]] = [[]]
    room = width - first
    for n in range(1, len(grid.heads)):
        needs = max(widths[n], *(len(word) for word in f"{grid.heads[n]} ".split(" "))) + 3
        if needs > room and pieces[-1]:
            pieces.append([])
            room = width - first
        pieces[-1].append(n)
        room -= needs
    for number, columns in enumerate(pieces):
        kept = [0, *columns]
        caption = grid.caption if number == 0 else f"{grid.caption}, continued"
        yield Grid(caption, tuple(grid.heads[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in grid.rows))


def _statements(lines: tuple[Statement, ...]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    for line in lines:
        table.add_row(_text(line.title), _text(line.text, "bold"))
    return table


def _missed(lines: tuple[Statement, ...]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    for line in lines:
        table.add_row(_text(line.title), _text(f"{line.text}; {line.target}"))
    return table


def _grid(grid: Grid) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="")
    table.add_column(_text(grid.heads[0]), vertical="bottom", max_width=FIRST_COLUMN)
    for n, head in enumerate(grid.heads[1:], start=1):
        longest = max((len(row[n]) for row in grid.rows), default=0)
        table.add_column(_text(head), justify="right", vertical="bottom", min_width=longest)
    for row in grid.rows:
        table.add_row(*(_text(cell) for cell in row))
    return table


def _title(console: Console, title: str) -> None:
    console.print()
    console.print(_text(title, "bold"))
    console.print(_text("─" * len(title)))


def _text(words: str, style: str = "") -> Text:
    """Words on their way to the terminal: linted as every written summary is, so piece by piece."""
    lint(words)
    return Text(for_terminal(words, lines=True), style=style)
