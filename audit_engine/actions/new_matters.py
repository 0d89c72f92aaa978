"""The rows and entries of what is opened: a matter, or another audit of the same case. Checks are its callers'."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue, Pin
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.arriving import begun
from audit_engine.engine.saying import as_recorded
from audit_engine.queries.at_hand import Row
from audit_engine.records.ledger import Happening
from audit_engine.records.matter_tables import Matter
from audit_engine.records.pins import pin
from audit_engine.records.tables import Audit

Definitions = Callable[[], Catalogue]
"""Gives the definitions in force. Asked only where an event opens something, so that nothing else waits for them."""
Writer = Callable[[Session, Mapping[UUID, int]], None]
"""Writes rows once the ledger is written; given the turns by chain."""


@dataclass
class Opened:
    """What is opened beside what else happens, for the same transaction."""

    happenings: list[Happening] = field(default_factory=list)
    rows: list[Writer] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    """In the order opened."""

    def add(self, table: type[SQLModel], row: Row, happening: Happening) -> None:
        """One more of them. `row`: every column but `key` and `turn`."""
        key = happening.chain
        self.happenings.append(happening)
        self.references.append(row["reference"])

        def write(session: Session, turns: Mapping[UUID, int]) -> None:
            session.connection().execute(insert(table), [{"key": key, "turn": turns[key], **row}])

        self.rows.append(write)


@dataclass(frozen=True, slots=True)
class Hanging:
    """Where something hangs: what it was opened from, and by which of its links."""

    key: UUID
    reference: str
    link: str
    event: str | None = None
    """None when it was opened by hand."""

    @property
    def told(self) -> dict[str, Any]:
        """As the entry tells it."""
        by = {"event": self.event} if self.event is not None else {}
        return {"opened_from": {"reference": self.reference, "link": self.link, **by}}


@dataclass(frozen=True, slots=True)
class Words:
    """What a matter is about."""

    words: str
    subject: str | None = None
    audit: UUID | None = None


def add_matter(
    session: Session, opened: Opened, workflow: ReadWorkflow, kept: Pin, about: Words, places: Mapping[str, UUID], *,
    by: UUID, at: datetime, hanging: Hanging | None = None,
) -> None:  # fmt: skip
    """Open a matter at the first stage of its workflow.

    Args:
        kept: The text of its workflow.
        places: Who stands in it.
        by: Whoever opens it; whoever ran the clock, when that does.
    """
    day, written, recorded = day_of(at), workflow.workflow, as_recorded(workflow, None)
    row: dict[str, Any] = {
        "reference": _next_reference(session, written.references or "", opened.references),
        "workflow": written.workflow, "workflow_digest": pin(session, kept), **begun(workflow, day, recorded),
        "open": not workflow.first.final,
        "words": about.words, "subject": about.subject, "audit": about.audit,
        "hangs_on": hanging.key if hanging else None, "link": hanging.link if hanging else None,
        "opened_by": by, "opened_at": at, "ended_at": None, "recorded": recorded,
        "places": {name: person.hex for name, person in places.items()},
    }  # fmt: skip
    payload = {"row": row, **(hanging.told if hanging else {})}
    opened.add(Matter, row, Happening(uuid4(), "matter", "opened", payload, row["workflow_digest"]))


def _next_reference(session: Session, prefix: str, in_hand: list[str]) -> str:
    """The next free number of a prefix. Two at once may find the same one: the table lets only one of them have it."""
    beginning = f"{prefix}-"
    taken = select(col(Matter.reference)).where(col(Matter.reference).startswith(beginning, autoescape=True))
    last = taken.order_by(func.length(col(Matter.reference)).desc(), col(Matter.reference).desc()).limit(1)
    found = [*session.connection().execute(last).scalars(), *in_hand]
    number = max((int(one[len(beginning) :]) for one in found if one.startswith(beginning)), default=0)
    while True:
        number += 1
        reference = f"{beginning}{number:04d}"
        asked = select(col(Audit.key)).where(col(Audit.reference) == reference)
        if session.connection().execute(asked).first() is None:
            return reference


def pinned_text(catalogue: Catalogue, workflow: str) -> Pin:
    """The text of a workflow that is in force."""
    return catalogue.pins["workflow", workflow]
