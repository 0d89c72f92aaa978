"""From a heading, and a mapping where there is one, to which cell is judged as what."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from audit_engine.definitions.mapping import Column as Mapped
from audit_engine.definitions.mapping import Mapping as MappingFile
from audit_engine.exchange.cells import BLANKS, Kind, Words, hostile, likeliest, near, told
from audit_engine.exchange.days import Day
from audit_engine.exchange.files import MAX_COLUMNS
from audit_engine.exchange.tally import TOLD, Tally, Wrong
from audit_engine.safe_text import quoted

MAX_HEADING = 200
_LINE_END = re.compile(r"[ \t\r\n]*[\t\r\n]+[ \t\r\n]*")


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
    """Find our columns in the heading. What does not fit goes to the tally; what was found is returned all the same."""
    renames = _Renames(layout, mapping, tally)
    called = [_LINE_END.sub(" ", cell.strip(BLANKS)) for cell in heading]
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
        _tell_unknown(one, layout, renames, set(placed), tally)
    return list(placed.values())


class _Renames:
    """The mapping, turned around: from headings to our columns."""

    def __init__(self, layout: Layout, mapping: MappingFile | None, tally: Tally) -> None:
        self._layout = layout
        self._of = {column.column: column for column in mapping.columns} if mapping else {}
        self._ours: dict[str, Declared] = {}
        self.ignored = set(mapping.ignore) if mapping else set()
        self.renamed = {name: column.called for name, column in self._of.items() if column.called not in (None, name)}
        self.doubtful: set[str | None] = set()
        """Headings that the mapping contradicts itself about; told of there."""
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
            self.doubtful.add(called)
            tally.add(Wrong("X016", f"the mapping both reads and ignores {quoted(called)}", "Keep one of the two."))
        if self._ours.setdefault(called, declared) is not declared:
            self.doubtful.add(called)
            both = f"{quoted(self._ours[called].name)} and {quoted(mapped.column)}"
            message = f"the mapping reads both {both} from {quoted(called)}"
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
    for column in layout.columns:
        called = renames.renamed.get(column.name)
        if column.name in found or called in renames.doubtful or not (called or column.required):
            continue
        likely = likeliest(called or column.name, unknown)
        if likely is not None:
            unknown.remove(likely)
        if called:
            message = f"the mapping reads our column {quoted(column.name)} from {quoted(called)}, which the file lacks"
            words = f"Is it {quoted(likely)}? Put" if likely else "Put"
            tally.add(Wrong("X016", message, f"{words} the name right in the mapping, or take it out there."), 1)
            continue
        words = f"Add it, or say in a mapping file what it is called here: {{column: {column.name}, called: ...}}."
        if likely is not None:
            words = f"Is it {quoted(likely)}? Rename that, or map it: {{column: {column.name}, called: {likely}}}."
        tally.add(Wrong("X013", f"the column {quoted(column.name)} is missing", words), 1)


def _tell_unknown(called: str, layout: Layout, renames: _Renames, found: set[str], tally: Tally) -> None:
    if called in layout.refused:
        message = f"{quoted(called)} cannot be imported: it is worked out here, as {layout.refused[called]}"
        tally.add(Wrong("X015", message, "Delete the column, or add it to 'ignore' in a mapping file."), 1)
        return
    if called in renames.renamed:
        elsewhere = quoted(str(renames.renamed[called]))
        message = f"the mapping reads our column {quoted(called)} from {elsewhere}, and the file has both"
        tally.add(
            Wrong("X014", message, "Add this one to 'ignore' in the mapping, or take the other name out there."), 1
        )
        return
    likely = likeliest(called, [name for name in layout.names if name not in found])
    words = f"Did you mean {quoted(likely)}? " if likely else ""
    message = f"there is no column {quoted(called)} in a file of {layout.kind}"
    tally.add(Wrong("X014", message, f"{words}To leave it unread, add it to 'ignore' in a mapping file."), 1)


def _judge_of(declared: Declared, called: str, mapped: Mapped | None, tally: Tally) -> Callable[[str], Any]:
    """What turns a cell of this column into its value or a Wrong."""
    kind = declared.kind
    if mapped and mapped.dates and isinstance(kind, Day):
        kind = replace(kind, written=mapped.dates)
    words = {theirs.strip(BLANKS): ours for theirs, ours in mapped.words.items()} if mapped else {}
    parts = words if isinstance(kind, Words) else {}
    beside = f" (our column {quoted(declared.name)})" if called != declared.name else ""
    untranslatable = _untranslatable(declared.name, kind, words, tally)

    def judge(written: str) -> Any:
        text = written.strip(BLANKS)
        if not text:
            return (
                Wrong("X023", f"this cell is empty{beside}", "Every row needs a value here.")
                if declared.filled
                else None
            )
        if text in untranslatable:
            return TOLD
        value = kind.judge(words[text]) if text in words else hostile(text) or kind.judge(_in_our_words(text, parts))
        if beside and isinstance(value, Wrong):
            return replace(value, message=value.message + beside)
        return value

    return judge


def _in_our_words(text: str, parts: Mapping[str, str]) -> str:
    """A list of words with each of them translated."""
    return ";".join(parts.get(part.strip(), part) for part in text.split(";")) if parts else text


def _untranslatable(name: str, kind: Kind, words: Mapping[str, str], tally: Tally) -> set[str]:
    """The words that the mapping turns into something the column cannot hold; each is told once."""
    found = set()
    for theirs, ours in words.items():
        wrong = hostile(ours) or kind.judge(ours)
        if isinstance(wrong, Wrong):
            message = (
                f"the mapping turns {quoted(theirs)} into {quoted(ours)}, which the column {quoted(name)} cannot hold"
            )
            tally.add(Wrong("X016", message, wrong.help))
            found.add(theirs)
    return found
