"""What an import would change, worked out before anything is written. The same plan is previewed and carried out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.exchange.lines import FileRead
from audit_engine.problems import Place, Problem
from audit_engine.records.ledger import Happening
from audit_engine.records.tables import Person

EXAMPLES = 5
"""Changes shown before the rest is only counted."""
NAMED = 12
"""Columns named in one problem before the rest is only counted."""
ASKED = 500
"""References in one question; SQLite takes 32,766 parameters, PostgreSQL plans short lists better."""

T = TypeVar("T")
Table = type[SQLModel]
Row = dict[str, Any]
"""One row of a standing table by column, without `key` and `turn`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a file changes, in words. None: not recorded."""

    reference: str
    column: str
    """A column of the file; a fact goes by its id."""
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would do here. Counts are of people, cases, audits, ... and not of lines or ratings."""

    kind: str
    name: str
    """Of the file."""
    rows: int
    """In the file, its heading not counted."""
    added: int
    changed: int
    unchanged: int
    absent: int
    """Present here and not in the file: they stay as they are."""
    same_file_before: bool
    """The very same bytes, and mapping, were imported before."""
    examples: tuple[Change, ...]
    """The first few changes."""
    own_roles: bool
    """Whoever imports gives themselves a role, as the only administrator there is."""

    @property
    def nothing_changed(self) -> bool:
        """Whether everything the file says already stands here."""
        return self.added == 0 and self.changed == 0


@dataclass(frozen=True, slots=True)
class ImportResult(ImportPreview):
    """What a file did here."""

    file: UUID | None
    """Under which key the file was noted down; None when it was here before and nothing was written."""


@dataclass(slots=True)
class Plan:
    """Everything an import would write. `happenings` go to the ledger, the rest to the standing tables."""

    unchanged: int = 0
    absent: int = 0
    added: int = 0
    changed: int = 0
    own_roles: bool = False
    examples: list[Change] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    fresh: set[UUID] = field(default_factory=set)
    """Chains that begin with this import."""
    deletes: dict[Table, list[Row]] = field(default_factory=dict)
    """Each row names some columns: what has these values goes. First of all, so that a replacement finds room."""
    inserts: dict[Table, list[Row]] = field(default_factory=dict)
    """In the order of the tables here: what others point at comes first."""
    updates: dict[Table, list[Row]] = field(default_factory=dict)
    """Each row whole, found by its `key`."""

    def add(self, table: Table, about: str, row: Row, *, rubric: str = "", **parts: Any) -> UUID:
        """Plan a new thing with a chain of its own. Gives back its key.

        Args:
            rubric: The digest of the rubric it stands under.
            parts: What stands below its row, for the ledger: `ratings`, `roles`.
        """
        key = uuid4()
        self.fresh.add(key)
        self.happenings.append(Happening(key, about, "imported", {"row": row, **parts}, rubric_digest=rubric))
        self.inserts.setdefault(table, []).append({"key": key, **row})
        return key

    def change(self, table: Table, about: str, key: UUID, row: Row, old: Row, **parts: Any) -> None:
        """Plan other values for a thing that is here; the old ones stay in the ledger."""
        self.changed += 1
        self.happenings.append(Happening(key, about, "changed", {"changed": differences(old, row), **parts}))
        self.updates.setdefault(table, []).append({"key": key, **row})

    def show(
        self, reference: str, changed: Mapping[str, Sequence[Any]], names: Mapping[UUID, str] | None = None
    ) -> None:
        """Keep the first few changes in words. `names`: what people call the keys among the values."""
        room = EXAMPLES - len(self.examples)
        for column, old, new in list(_flat(changed))[: max(room, 0)]:
            self.examples.append(Change(reference, column, in_words(old, names or {}), in_words(new, names or {})))

    def preview(self, read: FileRead, same_file_before: bool) -> ImportPreview:
        """The plan in numbers."""
        return ImportPreview(**self._numbers(read, same_file_before))

    def result(self, read: FileRead, same_file_before: bool, file: UUID | None) -> ImportResult:
        """The plan in numbers, carried out."""
        return ImportResult(**self._numbers(read, same_file_before), file=file)

    def _numbers(self, read: FileRead, same_file_before: bool) -> dict[str, Any]:
        return {
            "kind": read.kind,
            "name": read.name,
            "rows": read.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "absent": self.absent,
            "same_file_before": same_file_before,
            "examples": tuple(self.examples),
            "own_roles": self.own_roles,
        }


def differences(old: Row, new: Row) -> dict[str, list[Any]]:
    """Column -> [old, new], for the columns that differ."""
    return {column: [old[column], value] for column, value in new.items() if old[column] != value}


def standing(session: Session, table: Table) -> Iterator[tuple[UUID, Row]]:
    """Every row of a standing table: its key, and its columns."""
    for found in session.connection().execute(select(table)).mappings():
        yield keyed(found)


def keyed(found: Mapping[Any, Any]) -> tuple[UUID, Row]:
    """A row as the database gave it, apart from its key and turn."""
    row = dict(found)
    key: UUID = row.pop("key")
    del row["turn"]
    return key, row


def people_by_reference(session: Session) -> dict[str, UUID]:
    """Everybody's key."""
    return dict(session.connection().execute(select(col(Person.reference), col(Person.key))).all())


def names_of(people: Mapping[str, UUID]) -> dict[UUID, str]:
    """Everybody's reference."""
    return {key: reference for reference, key in people.items()}


def nobody(read: FileRead, row: int, column: str, reference: str) -> Problem:
    """The problem of a line that names somebody who is not here."""
    message = f"there is no person '{reference}' here"
    return Problem(Place(read.name, row, column), "X092", message, "Import people.csv first, or correct the reference.")


def said_otherwise(read: FileRead, row: int, code: str, what: str, columns: Sequence[str]) -> Problem:
    """The problem of a line that contradicts what an earlier import said, naming the columns."""
    named = ", ".join(columns[:NAMED])
    more = f" and {len(columns) - NAMED} more" if len(columns) > NAMED else ""
    message = f"this {what} was imported before with other values: {named}{more}"
    help_ = f"An import never changes a past {what}. Put the values back as they were, or leave the line out."
    return Problem(Place(read.name, row), code, message, help_)


def in_chunks(values: Iterable[T], size: int = ASKED) -> Iterator[list[T]]:
    """`values` in lists of `size`, the last one shorter."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def in_words(value: Any, names: Mapping[UUID, str]) -> str | None:
    """A value as a person reads it. None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, UUID):
        return names.get(value, value.hex)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(in_words(one, names)) for one in value)
    return str(value)


def _flat(changed: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, Any, Any]]:
    """(column, old, new); facts one by one."""
    for column, (old, new) in changed.items():
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            both = sorted(old.keys() | new.keys())
            yield from ((fact, old.get(fact), new.get(fact)) for fact in both if old.get(fact) != new.get(fact))
        else:
            yield column, old, new
