"""The tables of the ledger: what happened, what was said of it, and the checkpoints over both. Nothing here changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

from audit_engine.records.tables import STRICT, STRICT_KEYED


def _hash_column(**options: Any) -> Any:
    return Column(LargeBinary, nullable=False, **options)


class Entry(SQLModel, table=True):
    """Ledger: one thing that happened to one thing. Its key is its place in that thing's story."""

    __tablename__ = "entries"
    __table_args__ = (CheckConstraint("ts_flag IN ('ok', 'clock_back')", name="ts_flag"), STRICT_KEYED)

    chain: UUID = Field(primary_key=True)
    """The random key of the audit, case, person, ... the story is about."""
    turn: int = Field(primary_key=True)
    about: str
    """Which kind of thing: audit, case, person, moderation, observation, indicator, file, workspace, viewer."""
    prev: bytes = Field(sa_column=_hash_column())
    kind: str
    actor: UUID | None = None
    """None only for the entry that opens the workspace, before anybody is known."""
    role: str
    identified: str
    """How the actor was known: `os account` or `training`."""
    workflow_digest: str = ""
    rubric_digest: str = ""
    program: str
    ts_utc: int = Field(sa_column=Column(BigInteger, nullable=False))
    """Microseconds since 1970, UTC."""
    ts_flag: str
    commitment: bytes = Field(sa_column=_hash_column())
    hash: bytes = Field(sa_column=_hash_column())


class Payload(SQLModel, table=True):
    """What an entry said, apart from it, so that it can be erased and the chain still verifies."""

    __tablename__ = "payloads"
    __table_args__ = (STRICT_KEYED,)

    chain: UUID = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    salt: bytes = Field(sa_column=_hash_column())
    text: str
    """Canonical JSON: sorted keys, no spaces, no floats, NFC."""


class Checkpoint(SQLModel, table=True):
    """One root over the heads of all chains at one moment."""

    __tablename__ = "checkpoints"
    __table_args__ = (STRICT,)

    number: int = Field(primary_key=True)
    at: datetime
    chains: int
    entries: int
    root: bytes = Field(sa_column=_hash_column())


class CheckpointHead(SQLModel, table=True):
    """The head of one chain when a checkpoint was made; only chains that moved since the one before."""

    __tablename__ = "checkpoint_heads"
    __table_args__ = (STRICT_KEYED,)

    checkpoint: int = Field(foreign_key="checkpoints.number", primary_key=True)
    chain: UUID = Field(primary_key=True)
    turn: int
    hash: bytes = Field(sa_column=_hash_column())
    """Of the entry at `turn`, so that `verify` can name the chain whose story was rewritten."""
