"""One root over the heads of all chains, and its copy outside the database.

A chain alone cannot tell that its tail was cut. A checkpoint can, and an anchor, the checkpoint written to
a file that somebody else keeps, can tell even when the whole database was replaced by an older one.
"""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from audit_engine.problems import Unusable, unusable
from audit_engine.records.ledger_tables import Checkpoint, CheckpointHead
from audit_engine.records.rows import stream
from audit_engine.records.tables import Workspace

_ANCHOR_LIMIT = 10_000
_CHUNK = 5_000
_HEADS = (
    "SELECT e.chain, e.turn, e.hash, h.turn FROM entries e"
    " JOIN (SELECT chain, max(turn) AS turn FROM entries GROUP BY chain) n ON n.chain = e.chain AND n.turn = e.turn"
    " LEFT JOIN (SELECT chain, max(turn) AS turn FROM checkpoint_heads GROUP BY chain) h ON h.chain = e.chain"
    " ORDER BY e.chain"
)


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """One checkpoint, as it stands in the database and in an anchor."""

    workspace: UUID
    number: int
    """1, 2, 3, ..."""
    at: datetime
    """UTC."""
    chains: int
    entries: int
    root: str
    """32 bytes as hexadecimal digits."""


class Merkle:
    """The root over leaves given one by one, in memory that grows with the number's logarithm only.

    The shape is that of RFC 6962: a full tree of the largest power of two, then the same of the rest. Leaves
    and nodes are hashed apart (bytes 0 and 1), so that no node can pass for a leaf.
    """

    __slots__ = ("_full", "leaves")

    def __init__(self) -> None:
        self.leaves = 0
        self._full: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf, 32 bytes, as `leaf_hash` makes it."""
        size = 1
        while self._full and self._full[-1][0] == size:
            leaf = _node(self._full.pop()[1], leaf)
            size *= 2
        self._full.append((size, leaf))
        self.leaves += 1

    def root(self) -> bytes:
        """32 bytes; the SHA-256 of nothing when there is no leaf."""
        if not self._full:
            return hashlib.sha256(b"").digest()
        root = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            root = _node(left, root)
        return root


def leaf_hash(chain: str, turn: int, hash_: bytes) -> bytes:
    """The leaf for one head. `chain` as 32 hexadecimal digits."""
    return hashlib.sha256(b"\x00" + f"{chain}:{turn}:".encode() + hash_).digest()


def make_checkpoint(session: Session, at: datetime) -> CheckpointLine:
    """Keep the head of every chain as it is now; stores only the heads that moved since the last checkpoint.

    Call it in a write transaction. An anchor of it belongs outside: `write_anchor`.
    """
    connection = session.connection()
    number = int(connection.execute(select(func.coalesce(func.max(col(Checkpoint.number)), 0))).scalar_one()) + 1
    tree, entries = Merkle(), 0
    moved: list[dict[str, Any]] = []
    for chain, turn, hash_, known in stream(connection, _HEADS):
        tree.add(leaf_hash(chain, turn, hash_))
        entries += turn
        if turn != known:
            moved.append({"checkpoint": number, "chain": UUID(chain), "turn": turn, "hash": hash_})
    line = CheckpointLine(
        workspace=connection.execute(select(col(Workspace.key))).scalar_one(),
        number=number,
        at=at.astimezone(UTC),
        chains=tree.leaves,
        entries=entries,
        root=tree.root().hex(),
    )
    connection.execute(
        insert(Checkpoint).values(number=number, at=line.at, chains=line.chains, entries=entries, root=tree.root())
    )
    for start in range(0, len(moved), _CHUNK):
        connection.execute(insert(CheckpointHead), moved[start : start + _CHUNK])
    return line


def write_anchor(folder: Path, line: CheckpointLine) -> Path:
    """Write `line` to a file of its own in `folder`, whole or not at all, readable by its owner only.

    Raises:
        Unusable: W030: the folder cannot be written to.
    """
    text = json.dumps(
        {
            "workspace": str(line.workspace),
            "number": line.number,
            "at": line.at.isoformat(timespec="microseconds"),
            "chains": line.chains,
            "entries": line.entries,
            "root": line.root,
        },
        indent=2,
    )
    file = folder / f"anchor-{line.workspace.hex[:8]}-{line.number:06d}.json"
    try:
        _replace(file, text + "\n")
    except OSError as wrong:
        message = f"the anchor cannot be written ({wrong.strerror})"
        raise unusable(str(file), "W030", message, "Make the folder, or name another.") from None
    return file


def read_anchor(file: Path) -> CheckpointLine:
    """What an anchor says.

    Raises:
        Unusable: W031: there is no such file, or it is no anchor.
    """
    try:
        with file.open("rb") as opened:
            said = json.loads(opened.read(_ANCHOR_LIMIT))
        return _line(said)
    except OSError as wrong:
        raise unusable(str(file), "W031", f"the anchor cannot be read ({wrong.strerror})", "Check the name.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_anchor(file) from None


def _line(said: Any) -> CheckpointLine:
    numbers = {name: said[name] for name in ("number", "chains", "entries")}
    if not all(type(number) is int and number >= 0 for number in numbers.values()):
        raise ValueError("a count is not a whole number")
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None or len(bytes.fromhex(said["root"])) != hashlib.sha256().digest_size:
        raise ValueError("no time zone, or no root")
    return CheckpointLine(workspace=UUID(said["workspace"]), at=at.astimezone(UTC), root=said["root"], **numbers)


def _no_anchor(file: Path) -> Unusable:
    return unusable(str(file), "W031", "this file is no anchor", "Name a file that audit verify or audit backup wrote.")


def _replace(file: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".anchor-")  # made with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name itself must survive a power cut
    finally:
        os.close(folder)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
