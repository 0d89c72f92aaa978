"""SQLModel with a state machine in bench_events.py, as the tutorials have it: objects, attributes, add, commit.

`drive` gives the machine's word: it is told the row and the event, and puts the row's new stage on it.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from events_alone import machine
from events_ledger import LEDGER, PRAGMAS, told_of, written
from events_walk import FACTS, Impossible, workflow
from sqlalchemy import create_engine, event
from sqlmodel import Field, Session, SQLModel, col, select
from transitions import MachineError

from audit_engine.calendars import now
from audit_engine.engine.machine import next_stage
from audit_engine.problems import Refused
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.live_tables import CommandDone

Drive = Callable[[Any, str], None]
"""Raises Impossible when the machine refuses."""


class PeerAudit(SQLModel, table=True):
    """A narrow row: fewer columns than an audit has, so that a peer carries no more than it must."""

    __tablename__ = "peer_audits"

    key: UUID = Field(primary_key=True)
    reference: str = Field(unique=True)
    stage: str
    auditor: UUID
    locked: bool = False
    turn: int = 0


class PeerHistory(SQLModel, table=True):
    """One line for each event."""

    __tablename__ = "peer_history"

    audit: UUID = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    event: str
    source: str
    target: str
    actor: UUID
    at: str


class SqlModelKept:
    """Rows as objects, driven by some machine."""

    table, refuses = "peer_audits", (Impossible,)

    def __init__(self, file: Path, audits: int, drive: Drive, *, ledger: bool = True) -> None:
        self.file, self.one_each = file, LEDGER if ledger else ("peer_history",)
        self._drive, self._ledger, self._workspace = drive, ledger, uuid4().hex
        self._engine = create_engine(f"sqlite:///{file}")

        @event.listens_for(self._engine, "connect")
        def settle(connection: Any, _record: Any) -> None:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

        names = ("peer_audits", "peer_history", "entries", "payloads", "commands")
        SQLModel.metadata.create_all(self._engine, tables=[SQLModel.metadata.tables[name] for name in names])
        with Session(self._engine) as session:
            session.add_all(
                PeerAudit(key=uuid4(), reference=f"A-{number}", stage="allocated", auditor=uuid4())
                for number in range(audits)
            )
            session.commit()

    def settings(self) -> tuple[str, int]:
        with self._engine.connect() as connection:
            mode, synchronous = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")
            )
            return mode, synchronous

    def fire(self, number: int, event: str) -> float:
        began = time.perf_counter()
        with Session(self._engine) as session:
            audit = session.exec(select(PeerAudit).where(PeerAudit.reference == f"A-{number}")).one()
            source = audit.stage
            self._drive(audit, event)
            audit.turn += 1
            if self._ledger:
                self._write(session, audit, event, source)
            else:
                session.add(PeerHistory(
                    audit=audit.key, turn=audit.turn, event=event, source=source, target=audit.stage,
                    actor=audit.auditor, at=now().isoformat(),
                ))  # fmt: skip
            session.commit()
        return time.perf_counter() - began

    def _write(self, session: Session, audit: PeerAudit, event: str, source: str) -> None:
        newest = select(Entry).where(Entry.chain == audit.key).order_by(col(Entry.turn).desc()).limit(1)
        head = session.exec(newest).first()
        told = told_of(event, source, audit.stage)
        entry, salt, text = written(
            self._workspace, audit.key.hex, audit.turn, head.hash if head else None, told, actor=audit.auditor.hex
        )
        session.add_all((
            Entry(**entry | {"chain": audit.key, "actor": audit.auditor}),
            Payload(chain=audit.key, turn=audit.turn, salt=salt, text=text),
            CommandDone(id=uuid4(), chain=audit.key, turn=audit.turn),
        ))  # fmt: skip


def by_transitions() -> Drive:
    """One shared machine, driven on the row itself."""
    events = machine(guarded=True).events

    def drive(row: Any, event: str) -> None:
        try:
            moved = events[event].trigger(row)
        except MachineError as no:
            raise Impossible(event) from no
        if not moved:
            raise Impossible(event)

    return drive


def by_our_engine() -> Drive:
    """The product's engine alone, with its facts given: what is left when nobody has to ask for them."""
    shipped = workflow()

    def drive(row: Any, event: str) -> None:
        try:
            row.stage = next_stage(shipped, row.stage, event, FACTS)
        except Refused as no:
            raise Impossible(event) from no

    return drive


def by_statemachine() -> Drive:
    """A machine made around each row, as its documentation has it."""
    from events_statemachine import machine_class  # noqa: PLC0415 - as above
    from statemachine.exceptions import TransitionNotAllowed  # noqa: PLC0415 - only where it is installed

    made = machine_class()

    def drive(row: Any, event: str) -> None:
        try:
            made(model=row, state_field="stage").send(event)
        except TransitionNotAllowed as no:
            raise Impossible(event) from no

    return drive


def by_sismic() -> Drive:
    """An interpreter made for each event, brought to where the row stands."""
    from events_sismic import at, decided, statechart  # noqa: PLC0415 - only where it is installed

    chart = statechart()

    def drive(row: Any, event: str) -> None:
        row.stage = decided(at(chart, row.stage), event)

    return drive
