"""A command happens exactly once: its random id is kept in the transaction that carries it out."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from audit_engine.records.live_tables import CommandDone
from audit_engine.records.prepared import Prepared

_NEW = Prepared(insert(SQLModel.metadata.tables["commands"]), "id", "chain", "turn")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person asked for."""

    id: UUID = field(default_factory=uuid4)
    """Made where the key was pressed, so that sending it twice is one command."""
    turn: int | None = None
    """The turn of the thing when the person last saw it; None when they did not look."""


def already_done(session: Session, command: Command) -> bool:
    """Whether this very command was carried out before."""
    done = select(col(CommandDone.id)).where(col(CommandDone.id) == command.id)
    return session.connection().execute(done).first() is not None


def remember(session: Session, command: Command, chain: UUID, turn: int) -> None:
    """Keep that the command was carried out, in the transaction that does so."""
    _NEW.write(session.connection(), {"id": command.id, "chain": chain, "turn": turn})
