"""The tables of matters and of notices. What `tables` says of rows holds here too."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit_engine.records.tables import STRICT


class Matter(SQLModel, table=True):
    """Anything that goes a way of its own beside audits: an action, a challenge, a recommendation, a summary."""

    __tablename__ = "matters"
    __table_args__ = (Index("ix_matters_open_due", "open", "due"), STRICT)

    key: UUID = Field(primary_key=True)
    reference: str = Field(unique=True)
    workflow: str
    """By its name; which text it runs under says the digest."""
    workflow_digest: str = Field(foreign_key="definitions.digest")
    stage: str
    open: bool
    """Whether its stage is not final."""
    words: str
    """What it is about, in somebody's words."""
    subject: str | None = None
    """Which area, team, period, ... it is about; None where it is about an audit."""
    audit: UUID | None = Field(default=None, foreign_key="audits.key", index=True)
    """The audit it is about."""
    hangs_on: UUID | None = Field(default=None, index=True)
    """The key of the audit or matter it was opened from."""
    link: str | None = None
    """By which link of that one's workflow."""
    opened_by: UUID = Field(foreign_key="people.key")
    opened_at: datetime
    ended_at: datetime | None = None
    due: date | None = None
    entered: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """When each stage was last entered, ISO days."""
    clock_left: int | None = None
    """Working days that were left when the clock was stopped."""
    clock_stopped_at: str | None = None
    recorded: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What was recorded, by record; days as ISO."""
    places: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """The keys of the people who stand in it, by place."""
    turn: int


class Notice(SQLModel, table=True):
    """Somebody was reminded of what is late, or told of it. Once for each time it came to that stage."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("about IN ('audit', 'moderation', 'escalation', 'matter')", name="about"),
        CheckConstraint("kind IN ('remind', 'tell')", name="kind"),
        UniqueConstraint("thing", "since_turn", "step"),
        STRICT,
    )

    key: UUID = Field(primary_key=True)
    thing: UUID
    """The key of what is late."""
    about: str
    audit: UUID | None = Field(default=None, foreign_key="audits.key")
    """The audit it belongs to, or is."""
    stage: str
    since_turn: int
    """The turn by which it came to this stage."""
    step: int
    """Which of the stage's overdue steps, from 0."""
    kind: str
    whom: str
    """As the workflow says it: a person of it, or a role."""
    person: UUID | None = Field(default=None, foreign_key="people.key", index=True)
    """Who that is, where it is one person."""
    due: date
    said_on: date
    turn: int
