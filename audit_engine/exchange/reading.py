"""One file being read: its rows with judged cells, and everything that is wrong with it, said at the end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit_engine.definitions.mapping import Mapping
from audit_engine.exchange.cells import BLANKS
from audit_engine.exchange.columns import Layout, Placed, place_columns
from audit_engine.exchange.files import Records, digest_of, read_bytes
from audit_engine.exchange.lines import FileRead
from audit_engine.exchange.tally import TOLD, Tally, Wrong
from audit_engine.problems import unusable
from audit_engine.safe_text import quoted

Progress = Callable[[int, int], None]
"""Called with how many rows are done, and about how many there are."""
_STEP = 1000


@dataclass(slots=True)
class Row:
    """One row with its cells judged."""

    number: int
    """The heading is row 1."""
    values: dict[str, Any]
    """By our column's name; None where the cell is empty or wrong."""
    wrong: set[str] = field(default_factory=set)
    """Columns whose value is not known because it was wrong, or because a required column is missing."""

    def get(self, name: str) -> Any:
        """The value; None when the cell is empty or wrong, or the column is not there."""
        return self.values.get(name)

    def lacks(self, name: str) -> bool:
        """Whether the cell is empty, or the column is not there: not where a problem has already been told."""
        return self.values.get(name) is None and name not in self.wrong


class Reading:
    """One file being read. Go through `rows`, tell what else is wrong, then `finished`."""

    def __init__(self, path: Path, layout: Layout, *, mapping: Mapping | None, encoding: str, name: str | None) -> None:
        """Read the bytes and the heading.

        Raises:
            Unusable: the file cannot be taken apart at all, or the mapping is for another kind of file.
        """
        self._kind = layout.kind
        self._tally = Tally(name or str(path))
        if mapping is not None and mapping.reads != layout.kind:
            message = (
                f"the mapping {quoted(mapping.mapping)} is for {mapping.reads}, and the file is read as {layout.kind}"
            )
            raise unusable(self._tally.name, "X016", message, "Give the mapping made for this kind of file.")
        raw = read_bytes(path, self._tally.name)
        self._digest = digest_of(raw, mapping)
        self._records = Records(raw, encoding, self._tally)
        self._placed: list[Placed] = []
        if self._records.heading:
            self._placed = place_columns(self._records.heading, layout, mapping, self._tally)
        self._called = {placed.name: placed.called for placed in self._placed}
        self._missing = {c.name for c in layout.columns if c.required and c.name not in self._called}
        self._rows = 0
        self._skipped = False

    @property
    def problems(self) -> int:
        """How many problems have been told so far."""
        return self._tally.count

    @property
    def whole(self) -> bool:
        """Whether every row so far was judged: only then can it be said that something stands nowhere in the file."""
        return bool(self._placed) and self._records.whole and not self._skipped

    def rows(self, progress: Progress | None = None) -> Iterator[Row]:
        """Every row that has as many cells as the heading, in order; empty rows are passed over.

        Raises:
            Unusable: bytes turn up that the encoding does not know.
        """
        if not self._placed:
            return
        heading, width = self._records.heading, len(self._records.heading)
        names = [placed.name for placed in self._placed]
        columns = [(placed.position, placed.values) for placed in self._placed]
        about = self._records.about
        for number, cells in self._records:
            if len(cells) != width or not cells[0]:
                if not any(cell.strip(BLANKS) for cell in cells):
                    continue
                if len(cells) != width:
                    self._skipped = True
                    self._tell_width(number, len(cells), width)
                    continue
            if cells == heading:
                self._tally.add(Wrong("X012", "the heading stands here once more", "Delete this row."), number)
                continue
            row = Row(
                number,
                dict(zip(names, [seen[cells[place]] for place, seen in columns], strict=True)),
                set(self._missing),
            )
            if any(seen.has_wrong for _, seen in columns):
                self._tell_cells(row)
            self._rows += 1
            if progress and self._rows % _STEP == 0:
                progress(self._rows, max(about, self._rows))
            yield row
        if progress:
            progress(self._rows, self._rows)

    def tell(
        self, row: int | None, column: str | None, code: str, message: str, words: str | Callable[[], str]
    ) -> None:
        """A problem that more than one cell makes.

        Args:
            row: None for the whole file.
            column: Ours; shown as the file calls it.
        """
        called = self._called.get(column, column) if column else None
        if called != column:
            message += f" (our column {quoted(str(column))})"
        self._tally.add(Wrong(code, message, words), row, called)

    def finished(self) -> FileRead:
        """The file, when nothing was wrong.

        Raises:
            Unusable: every problem told, by row.
        """
        if not self._tally.count and not self._rows:
            self._tally.add(Wrong("X009", "this file has a heading and no rows", "Give the file that holds the lines."))
        self._tally.raise_any()
        return FileRead(self._kind, self._tally.name, self._digest, self._rows)

    def _tell_width(self, number: int, cells: int, width: int) -> None:
        more = "more" if cells > width else "fewer"
        message = (
            f"this row has {cells} cell{'' if cells == 1 else 's'}, {more} than the {width} columns of the heading"
        )
        words = f"Cells are separated by {self._records.separated_by} here; put quotes around one that holds it."
        self._tally.add(Wrong("X017", message, words), number)

    def _tell_cells(self, row: Row) -> None:
        for name, value in row.values.items():
            if isinstance(value, Wrong):
                if value is not TOLD:
                    self._tally.add(value, row.number, self._called[name])
                row.wrong.add(name)
                row.values[name] = None


class Once:
    """Sees to it that a reference, or several values together, stand in one row only."""

    def __init__(self, reading: Reading, column: str, what: str) -> None:
        self._reading, self._column, self._what = reading, column, what
        self.first: dict[Any, int] = {}
        """Key -> the first row that has it."""

    def take(self, row: Row, key: Any, shown: str) -> None:
        """Remember the key, or tell of both rows."""
        first = self.first.setdefault(key, row.number)
        if first != row.number:
            message = f"{self._what} {quoted(shown)} stands here again, first in row {first}"
            self._reading.tell(
                row.number,
                self._column,
                "X040",
                message,
                f"Delete row {first} or row {row.number}, or give one its own reference.",
            )
