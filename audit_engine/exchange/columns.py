"""From a heading, and a mapping where there is one, to which cell is judged as what."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from audit_engine.definitions.mapping import Column as Mapped
from audit_engine.definitions.mapping import Mapping as MappingFile
from audit_engine.exchange.cells import Kind, Words, hostile, near, told
from audit_engine.exchange.days import Day
from audit_engine.exchange.files import MAX_COLUMNS
from audit_engine.exchange.tally import Tally, Wrong
from audit_engine.safe_text import quoted

MAX_HEADING = 200


@dataclass(frozen=True, slots=True)
class Declared:
    """One column we read."""

    name: str
    kind: Kind
    required: bool = False
    """The column must be there."""
    filled: bool = False
    """None of its cells may be empty."""


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of one kind of file."""

    kind: str
    columns: tuple[Declared, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    """Columns that may not be there, with the reason."""

    @property
    def names(self) -> tuple[str, ...]:
        """What we call them."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Declared | None:
        """The column we call `name`."""
        return next((column for column in self.columns if column.name == name), None)


class Seen(dict[str, Any]):
    """Cell as written -> value or Wrong, judged when first met. Most columns hold few different texts."""

    def __init__(self, judge: Callable[[str], Any]) -> None:
        super().__init__()
        self._judge = judge
        self.has_wrong = False

    def __missing__(self, written: str) -> Any:
        value = self[written] = self._judge(written)
        self.has_wrong = self.has_wrong or isinstance(value, Wrong)
        return value


@dataclass(frozen=True, slots=True)
class Placed:
    """One of our columns found in the file."""

    position: int
    """From 0."""
    name: str
    called: str
    """The heading in the file."""
    values: Seen


def place_columns(heading: Sequence[str], layout: Layout, mapping: MappingFile | None, tally: Tally) -> list[Placed]:
    """Find our columns in the heading. What does not fit goes to the tally; the columns found are returned all the same."""
    renames = _Renames(layout, mapping, tally)
    called = [cell.strip() for cell in heading]
    if len(called) > MAX_COLUMNS:
        tally.add(
            Wrong(
                "X004", f"row 1 has {len(called):,} columns", f"The most is {MAX_COLUMNS}; delete what is not needed."
            ),
            1,
        )
        return []
    if not any(renames.ours(one) for one in called) and not any(one in layout.refused for one in called):
        message = f"row 1 names no column of a file of {layout.kind}: it begins with {quoted(called[0])}"
        tally.add(Wrong("X010", message, f"Put the heading in the first row: {', '.join(layout.names[:4])}, ..."), 1)
        return []
    named = [
        (place, one) for place, one in enumerate(called) if _is_named(place, one, tally) and one not in renames.ignored
    ]
    _tell_repeated(named, tally)
    placed: dict[str, Placed] = {}
    unknown = []
    for place, one in named:
        ours = renames.ours(one)
        if ours is None:
            unknown.append(one)
        elif ours.name not in placed:
            judge = _judge_of(ours, one, renames.of(ours.name), tally)
            placed[ours.name] = Placed(place, ours.name, one, Seen(judge))
    _tell_missing(layout, renames, set(placed), unknown, tally)
    for one in unknown:
        _tell_unknown(one, layout, set(placed), tally)
    return list(placed.values())


class _Renames:
    """The mapping, turned around: from headings to our columns."""

    def __init__(self, layout: Layout, mapping: MappingFile | None, tally: Tally) -> None:
        self._layout = layout
        self._of = {column.column: column for column in mapping.columns} if mapping else {}
        self._ours: dict[str, Declared] = {}
        self.ignored = set(mapping.ignore) if mapping else set()
        self.renamed = {name: column.called for name, column in self._of.items() if column.called not in (None, name)}
        for column in layout.columns:
            if column.name not in self.renamed:
                self._ours[column.name] = column
        for mapped in self._of.values():
            self._take(mapped, tally)

    def ours(self, called: str) -> Declared | None:
        """Our column for a heading of the file."""
        return self._ours.get(called)

    def of(self, name: str) -> Mapped | None:
        """What the mapping says of our column."""
        return self._of.get(name)

    def _take(self, mapped: Mapped, tally: Tally) -> None:
        declared = self._layout.column(mapped.column)
        if declared is None:
            words = near(mapped.column, self._layout.names) or told(self._layout.names)
            tally.add(
                Wrong("X016", f"the mapping speaks of {quoted(mapped.column)}, which is no column of ours", words)
            )
            return
        if mapped.dates and not isinstance(declared.kind, Day):
            message = f"the mapping gives a way of writing days for {quoted(mapped.column)}, which holds no days"
            tally.add(Wrong("X016", message, "Delete 'dates' there."))
        called = mapped.called or mapped.column
        if called in self.ignored:
            tally.add(Wrong("X016", f"the mapping both reads and ignores {quoted(called)}", "Keep one of the two."))
        if self._ours.setdefault(called, declared) is not declared:
            message = f"the mapping reads both {quoted(self._ours[called].name)} and {quoted(mapped.column)} from {quoted(called)}"
            tally.add(Wrong("X016", message, "Give one of them another heading."))


def _is_named(place: int, called: str, tally: Tally) -> bool:
    if not called:
        tally.add(Wrong("X010", f"column number {place + 1} has no name", "Name it, or delete the column."), 1)
        return False
    wrong = hostile(called)
    if wrong is None and len(called) > MAX_HEADING:
        wrong = Wrong(
            "X022", f"the name of column number {place + 1} is longer than {MAX_HEADING} characters", "Shorten it."
        )
    if wrong is not None:
        tally.add(wrong, 1, f"number {place + 1}")
    return wrong is None


def _tell_repeated(named: Sequence[tuple[int, str]], tally: Tally) -> None:
    for one, times in Counter(called for _, called in named).items():
        if times > 1:
            message = f"the column {quoted(one)} stands in the heading {times} times"
            tally.add(Wrong("X011", message, "Keep one of them, or give the others other names."), 1)


def _tell_missing(layout: Layout, renames: _Renames, found: set[str], unknown: list[str], tally: Tally) -> None:
    """Missing columns. A heading that is one of them misspelt is taken out of `unknown`: one mistake, one problem."""
    for name, called in renames.renamed.items():
        if name not in found and called and layout.column(name):
            message = (
                f"the mapping reads our column {quoted(name)} from {quoted(called)}, and the file has no such column"
            )
            close = near(called, unknown)
            tally.add(Wrong("X016", message, close or "Put the name right in the mapping, or take it out there."), 1)
    for column in layout.columns:
        if not column.required or column.name in found or column.name in renames.renamed:
            continue
        close = near(column.name, unknown)
        named = next((one for one in unknown if close == f"Did you mean '{one}'?"), None)
        words = f"Add it, or say in a mapping file what it is called here: {{column: {column.name}, called: ...}}."
        if named is not None:
            unknown.remove(named)
            words = f"Is it {quoted(named)}? Rename that, or map it: {{column: {column.name}, called: {named}}}."
        tally.add(Wrong("X013", f"the column {quoted(column.name)} is missing", words), 1)


def _tell_unknown(called: str, layout: Layout, found: set[str], tally: Tally) -> None:
    if called in layout.refused:
        message = f"{quoted(called)} cannot be imported: it is worked out here, as {layout.refused[called]}"
        tally.add(Wrong("X015", message, "Delete the column, or add it to 'ignore' in a mapping file."), 1)
        return
    close = near(called, [name for name in layout.names if name not in found])
    words = f"{close} " if close.startswith("Did") else ""
    message = f"there is no column {quoted(called)} in a file of {layout.kind}"
    tally.add(Wrong("X014", message, f"{words}To leave it unread, add it to 'ignore' in a mapping file."), 1)


def _judge_of(declared: Declared, called: str, mapped: Mapped | None, tally: Tally) -> Callable[[str], Any]:
    """What turns a cell of this column into its value or a Wrong."""
    kind = declared.kind
    if mapped and mapped.dates and isinstance(kind, Day):
        kind = replace(kind, written=mapped.dates)
    words = dict(mapped.words) if mapped else {}
    parts = words if isinstance(kind, Words) else {}
    beside = f" (our column {quoted(declared.name)})" if called != declared.name else ""
    _check_translations(declared.name, kind, words, tally)

    def judge(written: str) -> Any:
        text = written.strip()
        if not text:
            return (
                Wrong("X023", f"this cell is empty{beside}", "Every row needs a value here.")
                if declared.filled
                else None
            )
        value = kind.judge(words[text]) if text in words else hostile(text) or kind.judge(_in_our_words(text, parts))
        if beside and isinstance(value, Wrong):
            return replace(value, message=value.message + beside)
        return value

    return judge


def _in_our_words(text: str, parts: Mapping[str, str]) -> str:
    """A list of words with each of them translated."""
    return ";".join(parts.get(part.strip(), part) for part in text.split(";")) if parts else text


def _check_translations(name: str, kind: Kind, words: Mapping[str, str], tally: Tally) -> None:
    for theirs, ours in words.items():
        wrong = hostile(ours) or kind.judge(ours)
        if isinstance(wrong, Wrong):
            message = (
                f"the mapping turns {quoted(theirs)} into {quoted(ours)}, which the column {quoted(name)} cannot hold"
            )
            tally.add(Wrong("X016", message, wrong.help))
