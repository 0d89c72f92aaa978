"""Everything that happened, append-only. The only module that writes `entries` and `payloads`.

Each thing (an audit, a case, a person, ...) has a chain of its own: entries numbered 1, 2, 3, ... by turn,
each holding the hash of the one before. What an entry said, its payload, stands apart and salted, so that
it can be erased and the chain still verifies.

What a payload holds, so that `verify` can derive the standing rows again:

    the first entry of a thing   {"row": {column: value, ...}}, every column but `key` and `turn`
      of an audit, besides       "ratings": [{"criterion": ..., every other column but `audit`}, ...]
      of a person, besides       "roles": [{"number": ..., every other column but `person`}, ...]
    a later `changed`            {"changed": {column: [old, new]}}
      of an audit, besides       "ratings": those it adds or replaces, "ratings_gone": criteria without one from now on
      of a person, besides       "roles": all that are held from now on
    `bound`, of a person         {"account": "uid:1000"}

Other keys are welcome and kept.
"""

import hashlib
import json
import secrets
import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, insert, select
from sqlmodel import Session, SQLModel, col

from audit_engine import __version__
from audit_engine.records.canonical import canonical
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.prepared import Prepared

KINDS = frozenset(
    {
        *("opened", "recorded", "changed", "imported", "bound", "file_imported", "viewed", "exported", "rendered"),
        *("erased", "drawn", "rated", "undone", "moved", "assigned", "raised", "decided", "moderated"),
        *("migrated", "rubric_changed", "upgraded", "reminded", "told"),
    }
)
"""What can happen. `erased` says that payloads of its chain are gone on purpose; else a gone one is a finding."""
PROGRAM = f"audit-engine {__version__}"
SALT_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CHUNK = 2_000
_ASKED = 400
"""Chains in one question; SQLite takes 32,766 parameters, PostgreSQL plans short lists better."""

# Made once: building a statement costs more than running it, and every keystroke runs these.
_ENTRIES, _PAYLOADS = SQLModel.metadata.tables["entries"], SQLModel.metadata.tables["payloads"]
_NEW_ENTRY, _NEW_PAYLOAD = insert(_ENTRIES), insert(_PAYLOADS)
_ONE_ENTRY, _ONE_PAYLOAD = (Prepared(insert(table), *table.columns.keys()) for table in (_ENTRIES, _PAYLOADS))
_LATER = _ENTRIES.alias("later")
_NEWEST = select(_ENTRIES.c.chain, _ENTRIES.c.turn, _ENTRIES.c.hash, _ENTRIES.c.ts_utc).where(
    _ENTRIES.c.chain.in_(bindparam("chains", expanding=True)),
    _ENTRIES.c.turn == select(func.max(_LATER.c.turn)).where(_LATER.c.chain == _ENTRIES.c.chain).scalar_subquery(),
)
_NEWEST_OF = Prepared(
    select(_ENTRIES.c.turn, _ENTRIES.c.hash, _ENTRIES.c.ts_utc)
    .where(_ENTRIES.c.chain == bindparam("chain"))
    .order_by(_ENTRIES.c.turn.desc())
    .limit(1)
)
_FEW = 4
"""So many of one command are asked for and written one by one: what many at once need costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, in which role, and how they were known: `os account` or `training`."""

    person: UUID | None
    role: str
    identified: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to the thing with key `chain`, not yet written down."""

    chain: UUID
    about: str
    kind: str
    payload: Mapping[str, Any]
    workflow_digest: str = ""
    rubric_digest: str = ""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of a story."""

    turn: int
    at: datetime
    """UTC."""
    kind: str
    actor: UUID | None
    role: str
    payload: dict[str, Any] | None
    """None when erased."""
    workflow_digest: str = ""
    """Of the workflow it happened under; empty where there was none."""
    rubric_digest: str = ""
    """Of the rubric, likewise."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain."""

    turn: int
    hash: bytes
    ts_utc: int


def append(
    session: Session,
    workspace: UUID,
    author: Author,
    happenings: Sequence[Happening],
    at: datetime,
    progress: Callable[[int], None] | None = None,
    *,
    fresh: Collection[UUID] = frozenset(),
    known: Mapping[UUID, Head] | None = None,
) -> dict[UUID, int]:
    """Write down what happened, in the session's write transaction, in the order given.

    Args:
        workspace: `Database.workspace`.
        happenings: Several of one chain are allowed; they follow each other.
        at: With time zone. Before the newest entry of a chain it is kept and flagged `clock_back`.
        progress: Told how many are written so far, every 2,000.
        fresh: Chains known to have no entry yet, which saves asking; being wrong about it fails the transaction.
        known: Newest entries read in this same transaction, which saves asking; being wrong about one fails it, too.

    Returns:
        The newest turn of every chain written to.

    Raises:
        ValueError: a kind that is not in `KINDS`.
        TypeError: a payload the ledger has no rule for (canonical.py), or `at` without time zone.
    """
    connection = session.connection()
    known = known or {}
    chains = dict.fromkeys(happening.chain for happening in happenings)
    asked = [chain for chain in chains if chain not in fresh and chain not in known]
    heads = {**known, **(_heads(connection, asked) if asked else {})}
    ts_utc = microseconds(at)
    for start in range(0, len(happenings), _CHUNK):
        entries: list[dict[str, Any]] = []
        payloads: list[dict[str, Any]] = []
        for happening in happenings[start : start + _CHUNK]:
            entry, payload = _written(workspace, author, happening, ts_utc, heads.get(happening.chain))
            heads[happening.chain] = Head(entry["turn"], entry["hash"], ts_utc)
            entries.append(entry)
            payloads.append(payload)
        if len(entries) <= _FEW:
            for entry, payload in zip(entries, payloads, strict=True):
                _ONE_ENTRY.write(connection, entry)
                _ONE_PAYLOAD.write(connection, payload)
        else:
            connection.execute(_NEW_ENTRY, entries)
            connection.execute(_NEW_PAYLOAD, payloads)
        if progress is not None:
            progress(start + len(entries))
    return {happening.chain: heads[happening.chain].turn for happening in happenings}


def led_to(payload: Mapping[str, Any]) -> str | None:
    """The stage an entry led to, as it says itself or by what changed; None where it led to none."""
    to: str | None = payload.get("to") or payload.get("changed", {}).get("stage", (None, None))[1]
    return to


def story(session: Session, chain: UUID) -> list[EntryLine]:
    """Everything that happened to one thing, oldest first."""
    statement = (
        select(
            col(Entry.turn),
            col(Entry.ts_utc),
            col(Entry.kind),
            col(Entry.actor),
            col(Entry.role),
            col(Payload.text),
            col(Entry.workflow_digest),
            col(Entry.rubric_digest),
        )
        .outerjoin(Payload, and_(col(Payload.chain) == col(Entry.chain), col(Payload.turn) == col(Entry.turn)))
        .where(col(Entry.chain) == chain)
        .order_by(col(Entry.turn))
    )
    return [
        EntryLine(turn, moment(ts_utc), kind, actor, role, None if text is None else json.loads(text), *digests)
        for turn, ts_utc, kind, actor, role, text, *digests in session.connection().execute(statement)
    ]


def microseconds(at: datetime) -> int:
    """Microseconds since 1970, UTC.

    Raises:
        TypeError: `at` has no time zone.
    """
    return (at - _EPOCH) // _MICROSECOND


def moment(ts_utc: int) -> datetime:
    """The moment `ts_utc` microseconds after 1970, UTC."""
    return _EPOCH + ts_utc * _MICROSECOND


def opening(workspace: str, chain: str) -> bytes:
    """What stands for the entry before the first: 32 bytes. Keys as 32 hexadecimal digits."""
    return hashlib.sha256(b"audit-open-v1" + workspace.encode() + chain.encode()).digest()


def commitment(salt: bytes, text: str) -> bytes:
    """What an entry keeps of its payload: 32 bytes."""
    return hashlib.sha256(b"audit-payload-v1" + salt + text.encode()).digest()


def entry_hash(fields: Sequence[str | int | bytes]) -> bytes:
    """The hash of one entry, 32 bytes.

    Args:
        fields: workspace key, chain, about, turn, prev, kind, actor (empty when None), role, identified,
            workflow_digest, rubric_digest, program, ts_utc, ts_flag, commitment. Keys as 32 lower-case
            hexadecimal digits, numbers in decimal, text in UTF-8; each behind its length in four bytes,
            so that ("ab", "c") and ("a", "bc") differ.
    """
    parts = [b"audit-entry-v1"]
    for field in fields:
        written = field if type(field) is bytes else str(field).encode()
        parts += (_length(len(written)), written)
    return hashlib.sha256(b"".join(parts)).digest()


_length = struct.Struct(">I").pack


def _heads(connection: Connection, chains: Sequence[UUID]) -> dict[UUID, Head]:
    if len(chains) <= _FEW:
        found = ((chain, _NEWEST_OF.first(connection, {"chain": chain})) for chain in chains)
        return {chain: Head(row[0], bytes(row[1]), row[2]) for chain, row in found if row is not None}
    return dict(
        head for start in range(0, len(chains), _ASKED) for head in _asked(connection, chains[start : start + _ASKED])
    )


def _asked(connection: Connection, chains: Sequence[UUID]) -> Iterator[tuple[UUID, Head]]:
    for chain, turn, hash_, ts_utc in connection.execute(_NEWEST, {"chains": chains}):
        yield chain, Head(turn, bytes(hash_), ts_utc)


def _written(
    workspace: UUID, author: Author, happening: Happening, ts_utc: int, head: Head | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of `entries` and `payloads` for one happening."""
    if happening.kind not in KINDS:
        raise ValueError(f"{happening.kind!r} is no kind of entry")
    chain, turn = happening.chain, 1 if head is None else head.turn + 1
    prev = opening(workspace.hex, chain.hex) if head is None else head.hash
    text, salt = canonical(happening.payload), secrets.token_bytes(SALT_BYTES)
    entry: dict[str, Any] = {
        "chain": chain,
        "about": happening.about,
        "turn": turn,
        "prev": prev,
        "kind": happening.kind,
        "actor": author.person,
        "role": author.role,
        "identified": author.identified,
        "workflow_digest": happening.workflow_digest,
        "rubric_digest": happening.rubric_digest,
        "program": PROGRAM,
        "ts_utc": ts_utc,
        "ts_flag": "ok" if head is None or ts_utc >= head.ts_utc else "clock_back",
        "commitment": commitment(salt, text),
    }
    actor = "" if author.person is None else author.person.hex
    # The order of the keys above is the order of the fields in the hash.
    fields = [workspace.hex, *(entry | {"chain": chain.hex, "actor": actor}).values()]
    entry["hash"] = entry_hash(fields)
    return entry, {"chain": chain, "turn": turn, "salt": salt, "text": text}
