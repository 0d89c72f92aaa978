"""The quality overview on a terminal: readable at 80 columns, without colour, and when piped into a file."""

import sys
from shutil import get_terminal_size

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit_engine.safe_text import for_terminal
from audit_engine.summaries.overview import Grid, Overview, Part, Statement

MIN_WIDTH, MAX_WIDTH = 72, 116


def print_overview(document: Overview) -> None:
    """Print the whole overview to stdout."""
    width = max(MIN_WIDTH, min(MAX_WIDTH, get_terminal_size((100, 24)).columns))
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    console.print(_text(" · ".join(document.marking), "bold"))
    console.print(_text(f"{document.title}: {document.period}", "bold"))
    console.print(_text(document.days))
    if document.empty:
        console.print(_text("\nNo audit counts in this period."))
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
    _title(console, "How this was made")
    for name, words in document.provenance:
        console.print(_text(f"{name}: {words}"))


def _part(console: Console, part: Part) -> None:
    _title(console, part.title)
    if part.statements:
        console.print(_statements(part.statements))
    for line in part.statements:
        for words in (*line.beside, *(f"left out: {words}" for words in line.left_out)):
            console.print(Padding(_text(f"{line.title}: {words}"), (0, 0, 0, 2)))
    for grid in part.grids:
        console.print()
        console.print(_grid(grid))
        if grid.note:
            console.print(_text(grid.note, "dim"))


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
    from rich import box

    table = Table(
        title=_text(grid.caption, "bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1)
    )
    for n, head in enumerate(grid.heads):
        table.add_column(_text(head), justify="left" if n == 0 else "right", vertical="bottom")
    for row in grid.rows:
        table.add_row(*(_text(cell) for cell in row))
    return table


def _title(console: Console, title: str) -> None:
    console.print()
    console.print(_text(title, "bold"))
    console.print(_text("─" * len(title)))


def _text(words: str, style: str = "") -> Text:
    return Text(for_terminal(words, lines=True), style=style)
