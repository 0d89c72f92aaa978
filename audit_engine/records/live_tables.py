"""The tables of the live path. What `tables` says of rows holds here too."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from audit_engine.records.tables import STRICT, STRICT_KEYED


class Draw(SQLModel, table=True):
    """One draw of a programme for one quarter: how cases came to be audited. Its whole frame is in its payload."""

    __tablename__ = "draws"
    __table_args__ = (STRICT,)

    key: UUID = Field(primary_key=True)
    programme: str
    programme_digest: str = Field(foreign_key="definitions.digest")
    quarter: str
    seed: str
    size: int
    frame_size: int
    frame_digest: str
    """SHA-256 over the references of the frame in order, one a line, hex."""
    drawn_on: date
    turn: int


class DrawMember(SQLModel, table=True):
    """One drawn case, with what its inclusion probability is made of: `stratum_drawn` of `stratum_size`."""

    __tablename__ = "draw_members"
    __table_args__ = (STRICT_KEYED,)

    draw: UUID = Field(foreign_key="draws.key", primary_key=True)
    number: int = Field(primary_key=True)
    """1, 2, ... in the order drawn."""
    case_key: UUID = Field(foreign_key="cases.key")
    audit: UUID = Field(foreign_key="audits.key")
    stratum: str
    stratum_size: int
    stratum_drawn: int


class BlindRating(SQLModel, table=True):
    """What a moderator gave one criterion before seeing the auditor's grade, and what was decided after."""

    __tablename__ = "blind_ratings"
    __table_args__ = (
        CheckConstraint(
            "applicability IN ('expected', 'not_expected_by_rule', 'not_expected_by_judgement', 'not_expected',"
            " 'cannot_tell')",
            name="applicability",
        ),
        CheckConstraint("decision IN ('auditor', 'moderator', 'other')", name="decision"),
        STRICT_KEYED,
    )

    moderation: UUID = Field(foreign_key="moderations.key", primary_key=True)
    criterion: str = Field(primary_key=True)
    applicability: str
    reason: str | None = None
    grade: str | None = None
    grade_order: int | None = None
    evidence: str | None = None
    impact: str | None = None
    pointer: str | None = None
    note: str | None = None
    decision: str | None = None
    """Whose answer stands, on a criterion where the two differ."""
    decided_applicability: str | None = None
    decided_grade: str | None = None
    decided_reason: str | None = None
    answers: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """To its questions, by question id."""
    members: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Of its repeat group, in their order: what each is `called`, and its `answers` by question id."""
    turn: int = 0
    """The audit's turn that touched it last."""


class Escalation(SQLModel, table=True):
    """A child may be at risk: raised from anywhere, closed by somebody else."""

    __tablename__ = "escalations"
    __table_args__ = (STRICT,)

    key: UUID = Field(primary_key=True)
    audit: UUID = Field(foreign_key="audits.key", index=True)
    stage: str
    open: bool
    workflow_digest: str = Field(foreign_key="definitions.digest")
    criterion: str | None = None
    concern: str
    raised_by: UUID = Field(foreign_key="people.key")
    raised_at: datetime
    due: date | None = None
    acknowledged_by: UUID | None = Field(default=None, foreign_key="people.key")
    acted_by: UUID | None = Field(default=None, foreign_key="people.key")
    action_taken: str | None = None
    closed_by: UUID | None = Field(default=None, foreign_key="people.key")
    outcome: str | None = None
    entered: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    clock_left: int | None = None
    clock_stopped_at: str | None = None
    turn: int


class CommandDone(SQLModel, table=True):
    """A command that was carried out, by its random id: the same one again changes nothing."""

    __tablename__ = "commands"
    __table_args__ = (STRICT_KEYED,)

    id: UUID = Field(primary_key=True)
    chain: UUID
    """What it was done to."""
    turn: int
    """The turn it made."""


class Draft(SQLModel, table=True):
    """What somebody is still writing. Nobody's record yet: in no ledger, replaced and deleted freely."""

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint("length(place) BETWEEN 1 AND 120", name="place"), STRICT_KEYED)

    person: UUID = Field(foreign_key="people.key", primary_key=True)
    audit: UUID = Field(foreign_key="audits.key", primary_key=True)
    place: str = Field(primary_key=True)
    """What is being written: `note:heard.seen`, `concern`, `answer`, ..."""
    text: str
    kept_at: datetime
