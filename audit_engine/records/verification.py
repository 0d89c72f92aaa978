"""Whether everything is as it was left: chains, payloads, standing rows, checkpoints, anchors.

One pass in the order of the keys, streamed: entries, checkpointed heads and standing rows run side by side, so
memory does not grow with the ledger. What cannot be found: whoever may write the file can rewrite all that
happened since the newest anchor that somebody else keeps. That stretch is reported as not anchored.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from audit_engine.records import findings, schema, triggers
from audit_engine.records.checkpoints import CheckpointLine, Merkle, leaf_hash, read_anchor
from audit_engine.records.database import HEAD, Database
from audit_engine.records.findings import Finding, key_of, subject
from audit_engine.records.ledger import commitment, entry_hash, opening
from audit_engine.records.rows import Row, moment_text, stream
from audit_engine.records.standing import StandingRows, definitions, pointing, teams

_ENTRIES = (
    "SELECT e.chain, e.about, e.turn, e.prev, e.kind, e.actor, e.role, e.identified, e.workflow_digest,"
    " e.rubric_digest, e.program, e.ts_utc, e.ts_flag, e.commitment, e.hash, p.salt, p.text"
    " FROM entries e LEFT JOIN payloads p ON p.chain = e.chain AND p.turn = e.turn ORDER BY e.chain, e.turn"
)
_HEADS = "SELECT chain, checkpoint, turn, hash FROM checkpoint_heads ORDER BY chain, checkpoint"
_ALONE = (
    "SELECT chain, turn FROM payloads p WHERE NOT EXISTS"
    " (SELECT 1 FROM entries e WHERE e.chain = p.chain AND e.turn = p.turn) ORDER BY chain, turn"
)
_ABOUT, _TURN, _PREV, _KIND, _ACTOR, _COMMITMENT, _HASH, _SALT, _TEXT = 1, 2, 3, 4, 5, 13, 14, 15, 16
_TOLD_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What verification found, and how far it can be relied on."""

    chains: int
    entries: int
    erased: int
    """Payloads that are gone on purpose."""
    checkpoints: int
    """Checkpoints whose root was worked out again."""
    anchored_entries: int
    """Entries that an anchor outside the database vouches for."""
    findings: tuple[Finding, ...]

    @property
    def unanchored_entries(self) -> int:
        """Entries written since the newest anchor that holds: nobody outside vouches for them yet."""
        return max(0, self.entries - self.anchored_entries)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(db: Database, anchors: Sequence[Path] = (), progress: Callable[[int], None] | None = None) -> Verification:
    """Check the whole workspace. Changes nothing.

    Args:
        anchors: Files of `write_anchor`, kept elsewhere.
        progress: Told how many entries are checked so far, every 2,000.

    Raises:
        Unusable: an anchor cannot be read, or the database cannot.
    """
    kept = [read_anchor(file) for file in anchors]
    damage = db.damage()
    with db.read() as session:
        walk = _Walk(session.connection(), db.workspace.hex, progress)
        if damage is not None:
            walk.found.append(
                Finding(findings.DAMAGED, "the structure of the file is damaged; restore it from a backup")
            )
        try:
            walk.run()
        except (DBAPIError, sqlite3.Error, UnicodeError) as wrong:
            if damage is None and not _unreadable(wrong):
                raise
            walk.found.append(
                Finding(findings.DAMAGED, f"reading stopped after {walk.entries} entries: a page is damaged")
            )
        anchored = _check_anchors(walk, kept, db.workspace.hex)
    return Verification(walk.chains, walk.entries, walk.erased, len(walk.checkpoints), anchored, tuple(walk.found))


def _unreadable(wrong: BaseException) -> bool:
    """Whether what is stored makes it fail, rather than a lock or a lost connection."""
    driver = wrong.orig if isinstance(wrong, DBAPIError) else wrong
    codes = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
    return getattr(driver, "sqlite_errorcode", 0) & 0xFF in codes or "decode" in str(driver)


@dataclass(slots=True)
class _Kept:
    """One checkpoint: what its row says, and what its list of heads adds up to."""

    at: str
    chains: int
    entries: int
    root: bytes
    tree: Merkle = field(default_factory=Merkle)
    listed_entries: int = 0
    holds: bool = False


class _Walk:
    """One pass over everything."""

    def __init__(self, connection: Connection, workspace: str, progress: Callable[[int], None] | None) -> None:
        self._connection, self._workspace, self._progress = connection, workspace, progress
        self.found: list[Finding] = []
        self.chains = self.entries = self.erased = 0
        self.checkpoints: dict[int, _Kept] = {}

    def run(self) -> None:
        self._check_triggers()
        self._check_tables()
        self.checkpoints = _checkpoints(self._connection)
        self._standing = StandingRows(self._connection)
        heads = _Grouped(stream(self._connection, _HEADS))
        opened = False
        for chain, rows in groupby(stream(self._connection, _ENTRIES), itemgetter(0)):
            opened = opened or chain == self._workspace
            for gone, listed in heads.before(chain):
                self._chain_gone(gone, listed)
            self._check_chain(chain, rows, heads.of(chain))
        for gone, listed in heads.before(None):
            self._chain_gone(gone, listed)
        if not opened:
            sentence = "the entry that opened this workspace is gone: the ledger was emptied or replaced"
            self.found.append(Finding(findings.LEDGER_EMPTY, sentence))
        self.found.extend(self._standing.rest())
        for chain, turn in stream(self._connection, _ALONE):
            sentence = f"there is a payload without its entry, turn {turn} of {chain}"
            self.found.append(Finding(findings.PAYLOAD_ALONE, sentence, key_of(chain), turn=turn))
        for check in (definitions, teams, pointing):
            self.found.extend(check(self._connection))
        self._check_checkpoints()

    def _check_triggers(self) -> None:
        dialect = self._connection.dialect.name
        if triggers.fingerprint(self._connection) != triggers.expected_fingerprint(dialect):
            sentence = "the triggers that keep the ledger from being changed are not the ones it was made with"
            self.found.append(Finding(findings.TRIGGERS_DIFFER, sentence))

    def _check_tables(self) -> None:
        rows = self._connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
        if [str(number) for (number,) in rows] != [HEAD]:
            sentence = f"the number of the tables is not {HEAD}"
            self.found.append(Finding(findings.SCHEMA_DIFFERS, sentence))
        if schema.fingerprint(self._connection) != schema.EXPECTED.get(self._connection.dialect.name):
            sentence = "the tables, indexes or views are not the ones this program makes"
            self.found.append(Finding(findings.SCHEMA_DIFFERS, sentence))

    def _check_chain(self, chain: str, rows: Iterator[Row], listed: Sequence[Row]) -> None:
        reading = _Chain(self._workspace, chain, {row[2]: row[3] for row in listed})
        for row in rows:
            reading.read(row)
            self.entries += 1
            if self._progress is not None and self.entries % _TOLD_EVERY == 0:
                self._progress(self.entries)
        reading.finish()
        self.chains += 1
        self.erased += reading.erased
        compared, reference = self._standing.compare(chain, reading.about, reading.turn, reading.told)
        for code, turn, said in reading.wrong:
            sentence = f"{subject(reading.about, reference, chain)}: {said}"
            self.found.append(Finding(code, sentence, key_of(chain), reading.about, reference, turn))
        # A chain that is broken itself also differs from its standing row; once is enough.
        self.found.extend(compared if not reading.wrong else [f for f in compared if f.chain != key_of(chain)])
        self._list_heads(chain, listed)

    def _chain_gone(self, chain: str, listed: Sequence[Row]) -> None:
        number, turn = listed[-1][1], listed[-1][2]
        sentence = f"a whole chain is gone: {chain}, {turn} entries when checkpoint {number} was made"
        self.found.append(Finding(findings.HEAD_DIFFERS, sentence, key_of(chain), turn=1))
        self._list_heads(chain, listed)

    def _list_heads(self, chain: str, listed: Sequence[Row]) -> None:
        """Add the chain's head to every checkpoint made since it has one."""
        moves = {row[1]: (row[2], leaf_hash(chain, row[2], row[3])) for row in listed}
        turn, leaf = 0, b""
        for number, kept in self.checkpoints.items() if listed else ():
            turn, leaf = moves.pop(number, (turn, leaf))
            if turn:
                kept.tree.add(leaf)
                kept.listed_entries += turn
        if moves:
            sentence = f"checkpoint {min(moves)} is gone, its list of heads is still here"
            if not any(f.sentence == sentence for f in self.found):
                self.found.append(Finding(findings.CHECKPOINT_GONE, sentence))

    def _check_checkpoints(self) -> None:
        for missing in sorted(set(range(1, max(self.checkpoints, default=0) + 1)) - set(self.checkpoints)):
            self.found.append(Finding(findings.CHECKPOINT_GONE, f"checkpoint {missing} is gone"))
        for number, kept in self.checkpoints.items():
            listed = (kept.tree.leaves, kept.listed_entries, kept.tree.root())
            kept.holds = listed == (kept.chains, kept.entries, kept.root)
            if not kept.holds:
                sentence = f"checkpoint {number} was changed: its root is not the one its heads give"
                self.found.append(Finding(findings.CHECKPOINT_CHANGED, sentence))


class _Chain:
    """Reads one chain, oldest entry first, and keeps what is wrong with it: code, turn, the rest of the sentence."""

    def __init__(self, workspace: str, chain: str, heads: Mapping[int, bytes]) -> None:
        self._workspace, self._chain, self._heads = workspace, chain, dict(heads)
        self._expected = opening(workspace, chain)
        self._payloads: list[Mapping[str, Any]] = []
        self._missing: list[int] = []
        self._erasure = self._broken = False
        self.wrong: list[tuple[str, int, str]] = []
        self.about, self.turn, self.erased = "", 0, 0

    @property
    def told(self) -> list[Mapping[str, Any]] | None:
        """Every payload; None when some are gone or the chain cannot be trusted."""
        return None if self._missing or self.wrong else self._payloads

    def read(self, row: Row) -> None:
        """Check the next entry against the one before it, itself, its payload and the checkpoints."""
        if self._broken:
            return
        turn = row[_TURN]
        self.about = self.about or row[_ABOUT]
        if turn != self.turn + 1:
            gone = (
                f"entry {self.turn + 1} is gone"
                if turn == self.turn + 2
                else f"entries {self.turn + 1} to {turn - 1} are gone"
            )
            self._break(findings.GONE, self.turn + 1, gone)
        elif row[_PREV] != self._expected:
            self._break(findings.OUT_OF_LINE, turn, f"entry {turn} does not follow the one before it")
        elif entry_hash(self._fields(row)) != row[_HASH]:
            self._break(findings.CHANGED, turn, f"entry {turn} was changed after it was written")
        elif self._heads.pop(turn, row[_HASH]) != row[_HASH]:
            self._break(
                findings.HEAD_DIFFERS, turn, f"entry {turn} is not the one a checkpoint saw: the story was rewritten"
            )
        else:
            self._read_payload(row)
            self.turn, self._expected = turn, row[_HASH]

    def finish(self) -> None:
        """What only the end of a chain can tell: a cut tail, payloads gone without an erasure."""
        self.erased = len(self._missing) if self._erasure else 0
        if self._missing and not self._erasure and not self._broken:
            turn = self._missing[0]
            self.wrong.append(
                (findings.PAYLOAD_GONE, turn, f"what entry {turn} said is gone, and no erasure explains it")
            )
        if self._heads and not self._broken:
            cut = f"the last entries are gone: a checkpoint saw entry {max(self._heads)}, the story ends at {self.turn}"
            self.wrong.append((findings.HEAD_DIFFERS, self.turn + 1, cut))

    def _read_payload(self, row: Row) -> None:
        turn, text = row[_TURN], row[_TEXT]
        self._erasure = self._erasure or row[_KIND] == "erased"
        if text is None:
            self._missing.append(turn)
        elif commitment(row[_SALT], text) != row[_COMMITMENT]:
            self.wrong.append(
                (findings.PAYLOAD_CHANGED, turn, f"what entry {turn} said was changed after it was written")
            )
        else:
            self._payloads.append(json.loads(text))

    def _fields(self, row: Row) -> list[str | int | bytes]:
        fields = [self._workspace, self._chain, *row[_ABOUT:_HASH]]
        fields[_ACTOR + 1] = row[_ACTOR] or ""
        return fields

    def _break(self, code: str, turn: int, sentence: str) -> None:
        self._broken = True
        self.wrong.append((code, turn, sentence))


class _Grouped:
    """Listed heads, taken chain by chain in the order of the keys."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = ((chain, list(group)) for chain, group in groupby(rows, itemgetter(0)))
        self._next = next(self._groups, None)

    def before(self, chain: str | None) -> Iterator[tuple[str, list[Row]]]:
        """Every group before `chain`; all that are left when None."""
        while self._next is not None and (chain is None or self._next[0] < chain):
            taken, self._next = self._next, next(self._groups, None)
            yield taken

    def of(self, chain: str) -> list[Row]:
        """The heads of `chain`, by checkpoint; empty when it has none."""
        if self._next is None or self._next[0] != chain:
            return []
        taken, self._next = self._next, next(self._groups, None)
        return taken[1]


def _checkpoints(connection: Connection) -> dict[int, _Kept]:
    rows = stream(connection, "SELECT number, at, chains, entries, root FROM checkpoints ORDER BY number")
    return {number: _Kept(moment_text(at), chains, entries, root) for number, at, chains, entries, root in rows}


def _check_anchors(walk: _Walk, anchors: Sequence[CheckpointLine], workspace: str) -> int:
    """How many entries an anchor vouches for; what the anchors disagree with goes to the findings."""
    anchored = 0
    for anchor in sorted(anchors, key=lambda line: line.number):
        kept, name = walk.checkpoints.get(anchor.number), f"anchor {anchor.number}"
        if anchor.workspace.hex != workspace:
            walk.found.append(Finding(findings.ANCHOR_FOREIGN, f"{name} belongs to another workspace"))
        elif kept is None and anchor.number > max(walk.checkpoints, default=0):
            sentence = f"the database is older than {name} of {anchor.at:%d %B %Y}: it was replaced by an earlier one"
            walk.found.append(Finding(findings.ROLLED_BACK, sentence))
        elif kept is None:
            walk.found.append(Finding(findings.CHECKPOINT_GONE, f"{name} has no checkpoint in the database any more"))
        elif (kept.at, kept.chains, kept.entries, kept.root.hex()) != (
            moment_text(anchor.at),
            anchor.chains,
            anchor.entries,
            anchor.root,
        ):
            walk.found.append(Finding(findings.ANCHOR_DIFFERS, f"{name} and its checkpoint in the database differ"))
        elif kept.holds:
            anchored = max(anchored, anchor.entries)
    return anchored
