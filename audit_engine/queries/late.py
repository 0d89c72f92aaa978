"""What is late, and what of it is still to be done. It looks at everything: shown to nobody as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MATTER, MODERATION
from audit_engine.definitions.workflow_timing import Overdue
from audit_engine.engine.timing import late_steps
from audit_engine.queries.at_hand import AtHand, Row, at_hand, workflow_of
from audit_engine.queries.matter_at_hand import matter_at_hand
from audit_engine.records.ledger import story
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.matter_tables import Notice

CLOCK = "clock"
"""The role of entries that were made because something was late."""
_CAME = ("drawn", "opened", "assigned", "raised", "moved")
"""The kinds of entries by which something comes to a stage. What is said at the same stage is of another kind."""
_ASKED = 400
"""Chains in one question; SQLite takes 32,766 parameters, PostgreSQL plans short lists better."""


@dataclass(frozen=True, slots=True)
class Late:
    """Something that is late."""

    about: str
    key: UUID
    digest: str
    """Of its workflow."""
    stage: str
    due: date


@dataclass(frozen=True)
class Thing:
    """Something with a workflow as it stands in this transaction."""

    about: str
    key: UUID
    workflow: ReadWorkflow
    row: Row
    """Its own, by column."""
    reference: str
    """Of its audit, or its own."""
    audit: UUID | None
    """The audit it is, or belongs to."""
    people: Mapping[str, UUID | None]
    names: Mapping[UUID, str]
    number: int | None = None
    """Of an escalation: which of the audit's it is, from 1."""

    @property
    def stage(self) -> str:
        """Where it is."""
        return str(self.row["stage"])


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that should have happened by now, and has not."""

    number: int
    """Its place among the stage's, from 0."""
    written: Overdue
    since: int
    """The turn by which it came to this stage."""


def late(session: Session, today: date) -> list[Late]:
    """Everything that is late and whose workflow says what then happens; what is due first comes first."""
    found = [one for about in SOURCES for one in _late_of(session, about, today)]
    return sorted(found, key=lambda one: (one.due, one.about, one.key.hex))


def past_due(session: Session, today: date) -> list[Late]:
    """Everything past the day it is due, whatever its workflow says of that; what is due first comes first."""
    found = [one for about in SOURCES for one in _late_of(session, about, today, every=True)]
    return sorted(found, key=lambda one: (one.due, one.about, one.key.hex))


def _late_of(session: Session, about: str, today: date, *, every: bool = False) -> Iterator[Late]:
    """Of one kind. `every`: also where nothing then happens."""
    table, is_open = SOURCES[about]
    where = (*is_open, table.c.due < today, table.c.workflow_digest.is_not(None))
    pairs = session.connection().execute(select(table.c.workflow_digest, table.c.stage).where(*where).distinct()).all()
    speaking: dict[str, list[str]] = {}
    for digest, stage in pairs:
        if every or workflow_of(session, digest).stage(stage).overdue:
            speaking.setdefault(digest, []).append(stage)
    for digest, stages in speaking.items():
        asked = select(table.c.key, table.c.stage, table.c.due)
        asked = asked.where(*where, table.c.workflow_digest == digest, table.c.stage.in_(stages))
        for key, stage, due in session.connection().execute(asked).all():
            yield Late(about, key, digest, stage, due)


def _table(name: str) -> Any:
    return SQLModel.metadata.tables[name]


SOURCES: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    AUDIT: (_table("audits"), (_table("audits").c.imported.is_(False),)),
    MODERATION: (_table("moderations"), ()),
    ESCALATION: (_table("escalations"), (_table("escalations").c.open,)),
    MATTER: (_table("matters"), (_table("matters").c.open,)),
}
"""By what it is: where it stands, and which of them are looked at. An end is never late: nothing is due there."""


def to_be_done(session: Session, today: date, every: Sequence[Late]) -> list[Late]:
    """Those of the late things for which something is still to be done, or to be tried again."""
    keys = [one.key for one in every]
    came, done = came_by(session, keys), _noticed(session, keys)
    return [
        one
        for one in every
        if any(
            step.event is not None or (one.key, came[one.key], number) not in done
            for number, step in late_steps(workflow_of(session, one.digest), one.stage, one.due, today)
        )
    ]


def moves(session: Session, one: Late) -> bool:
    """Whether something late may move on by itself, today or later."""
    return any(step.event is not None for step in workflow_of(session, one.digest).stage(one.stage).overdue)


def steps_left(session: Session, thing: Thing, today: date) -> list[Step]:
    """What should have happened by today to one thing, for this coming to its stage, and has not; in order."""
    since = came_by(session, [thing.key])[thing.key]
    noticed = _noticed(session, [thing.key])
    by_itself = _by_itself(session, thing.key, since)
    left = []
    for number, step in late_steps(thing.workflow, thing.stage, thing.row["due"], today):
        if step.event is not None and step.event in by_itself:
            by_itself.remove(step.event)
        elif (thing.key, since, number) not in noticed:
            left.append(Step(number, step, since))
    return left


def came_by(session: Session, keys: Sequence[UUID]) -> dict[UUID, int]:
    """By which turn each thing came to the stage it is at."""
    found = dict.fromkeys(keys, 1)
    for some in _chunks(keys):
        asked = select(col(Entry.chain), func.max(col(Entry.turn))).group_by(col(Entry.chain))
        asked = asked.where(col(Entry.chain).in_(some), col(Entry.kind).in_(_CAME))
        found |= {chain: int(turn) for chain, turn in session.connection().execute(asked).all()}
    return found


def _noticed(session: Session, keys: Sequence[UUID]) -> set[tuple[UUID, int, int]]:
    """Thing, turn and step of everything of which somebody was reminded or told."""
    found = set[tuple[UUID, int, int]]()
    for some in _chunks(keys):
        asked = select(col(Notice.thing), col(Notice.since_turn), col(Notice.step)).where(col(Notice.thing).in_(some))
        found |= {(thing, since, step) for thing, since, step in session.connection().execute(asked).all()}
    return found


def _by_itself(session: Session, chain: UUID, since: int) -> list[str]:
    """The events that happened by themselves since it came to this stage, and left it there."""
    later = select(col(Entry.turn)).where(col(Entry.chain) == chain, col(Entry.turn) > since, col(Entry.role) == CLOCK)
    if session.connection().execute(later.limit(1)).first() is None:
        return []
    lines = [line for line in story(session, chain) if line.turn > since and line.role == CLOCK]
    return [str((line.payload or {}).get("event")) for line in lines]


def _chunks(keys: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (keys[start : start + _ASKED] for start in range(0, len(keys), _ASKED))


def thing_now(session: Session, one: Late) -> Thing | None:
    """Something late as it stands now; None when it moved on meanwhile."""
    table, _ = SOURCES[one.about]
    row = session.connection().execute(select(table).where(table.c.key == one.key)).mappings().one()
    if row["stage"] != one.stage or row["workflow_digest"] != one.digest:
        return None
    return _thing(session, one.about, dict(row))


def stage_of(session: Session, thing: Thing) -> str:
    """Where a thing is by now."""
    table, _ = SOURCES[thing.about]
    return str(session.connection().execute(select(table.c.stage).where(table.c.key == thing.key)).scalar_one())


def _thing(session: Session, about: str, row: Row) -> Thing:
    if about == MATTER:
        matter = matter_at_hand(session, row["key"])
        return Thing(
            about, row["key"], matter.workflow, row, row["reference"], row["audit"], matter.people, matter.names
        )
    key: UUID = row["key"] if about == AUDIT else row["audit"]
    hand = at_hand(session, key, ratings=False)
    return Thing(
        about, row["key"], workflow_of(session, row["workflow_digest"]), row, hand.audit["reference"], key,
        hand.people, hand.names, _number(hand, row["key"]) if about == ESCALATION else None,
    )  # fmt: skip


def _number(hand: AtHand, key: UUID) -> int:
    return next(number for number, one in enumerate(hand.escalations, start=1) if one["key"] == key)
