"""The tables. Rows here are never handed out: queries turn them into frozen views.

Standing tables (people, cases, audits, ratings, moderations, observations, indicators) say how things
stand; each can be derived again from the ledger (`entries` and `payloads`), and `audit verify` does so.
Every table is STRICT on SQLite: a grade that is not text, a date that is not text, is refused by the
database itself. Nothing is deleted or overwritten in the ledger.

An empty column (NULL) always means "not recorded", never "no" and never "not expected".
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

STRICT = {"sqlite_strict": True}
STRICT_KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""For tables read by their whole key: the row lives in the key's tree, one read instead of two."""


class Workspace(SQLModel, table=True):
    """The one row that says what this file is."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("mode IN ('live', 'training')", name="mode"), STRICT)

    key: UUID = Field(primary_key=True)
    mode: str
    opened_at: datetime


class Definition(SQLModel, table=True):
    """The exact text of a rubric, programme, measure set or mapping that something was done under."""

    __tablename__ = "definitions"
    __table_args__ = (STRICT,)

    digest: str = Field(primary_key=True)
    """SHA-256 of `text`, hex."""
    kind: str
    name: str
    version: str
    text: str


class Person(SQLModel, table=True):
    """Somebody who works here. One person may have several accounts and roles, and counts once."""

    __tablename__ = "people"
    __table_args__ = (STRICT,)

    key: UUID = Field(primary_key=True)
    reference: str = Field(unique=True)
    name: str
    turn: int


class RoleHeld(SQLModel, table=True):
    """One role of one person, for a time. `manages_team` is set on managers only."""

    __tablename__ = "roles_held"
    __table_args__ = (STRICT,)

    person: UUID = Field(foreign_key="people.key", primary_key=True)
    number: int = Field(primary_key=True)
    """1, 2, 3, ... within the person."""
    role: str = Field(index=True)
    team: str | None = None
    area: str | None = None
    manages_team: str | None = Field(default=None, index=True)
    from_day: date | None = None
    to_day: date | None = None


class Account(SQLModel, table=True):
    """An operating-system account bound to a person. `account` is `uid:1000`, from the system, never from a name."""

    __tablename__ = "accounts"
    __table_args__ = (STRICT,)

    account: str = Field(primary_key=True)
    person: UUID = Field(foreign_key="people.key")


class Team(SQLModel, table=True):
    """A team and the area it belongs to, as people.csv says."""

    __tablename__ = "teams"
    __table_args__ = (STRICT,)

    name: str = Field(primary_key=True)
    area: str = Field(index=True)


class Case(SQLModel, table=True):
    """A child's case, known by a pseudonymous reference."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_opened_closed", "opened", "closed"), STRICT)

    key: UUID = Field(primary_key=True)
    reference: str = Field(unique=True)
    area: str
    team: str
    practitioner: UUID | None = Field(default=None, foreign_key="people.key", index=True)
    opened: date
    closed: date | None = None
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """By fact id, only the known ones. Values: text, number, true/false, or a list of words."""
    turn: int


class Audit(SQLModel, table=True):
    """One examination of one case: how it stands."""

    __tablename__ = "audits"
    __table_args__ = (
        CheckConstraint("feedback IN ('given', 'none')", name="feedback"),
        CheckConstraint("answer IN ('accepted', 'challenged')", name="answer"),
        Index("ix_audits_counts_on_stream", "counts_on", "stream"),
        STRICT,
    )

    key: UUID = Field(primary_key=True)
    reference: str = Field(unique=True)
    case_key: UUID = Field(foreign_key="cases.key", index=True)
    stream: str
    subject: str
    graded: bool
    imported: bool
    stage: str
    """`closed` for an imported audit: it came finished."""
    auditor: UUID | None = Field(default=None, foreign_key="people.key", index=True)
    practitioner: UUID | None = Field(default=None, foreign_key="people.key")
    """Whose work it was when it was audited."""
    area: str
    team: str
    manager: UUID | None = Field(default=None, foreign_key="people.key")
    """Who managed the practitioner's team when the audit was allocated; they may neither audit nor moderate it."""
    audited_on: date | None = None
    """When it was first submitted; None until then."""
    practice_from: date | None = None
    practice_to: date | None = None
    overall: str | None = None
    """What the auditor gave."""
    final_overall: str | None = None
    """What stands: the auditor's, or after moderation the decided one."""
    collaborative: bool | None = None
    feedback: str | None = None
    """`given` (by anybody), `none`, or not recorded."""
    feedback_from: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    feedback_reason: str | None = None
    """Why nobody was asked, when nobody gave any."""
    counts_on: date | None = None
    """The day that decides the period: `audited_on` when imported, the first submission when live, once finalised."""
    as_found: str | None = None
    """Why an audit that breaks a rule was accepted all the same; it stays marked."""
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """The case's facts on the day of the audit, derived ones included."""
    workflow_digest: str | None = Field(default=None, foreign_key="definitions.digest")
    """None for an imported audit: it ran under no workflow of ours."""
    rubric_digest: str = Field(foreign_key="definitions.digest")
    programme: str | None = None
    """By its id; None for an imported audit."""
    draw: UUID | None = Field(default=None, foreign_key="draws.key", index=True)
    drawn_on: date | None = None
    due: date | None = None
    """When whoever it waits for should have moved it on."""
    suggested: str | None = None
    """What the rubric suggested when it was submitted."""
    overall_reason: str | None = None
    """Why another overall grade than the suggested one was chosen."""
    selected: bool | None = None
    """For moderation; decided and recorded at the first submission."""
    selected_because: str | None = None
    locked: bool = False
    """Nobody writes grades."""
    returned_times: int = 0
    answer: str | None = None
    """The practitioner's: `accepted` or `challenged`."""
    answer_text: str | None = None
    answered_on: date | None = None
    withdrawn_because: str | None = None
    entered: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """When each stage was last entered, ISO days; None for what began before that was kept."""
    clock_left: int | None = None
    """Working days that were left when the clock was stopped."""
    clock_stopped_at: str | None = None
    """The stage whose time stands still."""
    recorded: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What its workflow has people record, by record; days as ISO."""
    places: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """The keys of further people its workflow has places for."""
    hangs_on: UUID | None = Field(default=None, index=True)
    """The key of the audit or matter that opened it; None for one that was drawn or imported."""
    link: str | None = None
    """By which link of that one's workflow."""
    overridden: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """By limiting rule that somebody looked past when the grades became final: `by`, `role` and `reason`."""
    turn: int


class Rating(SQLModel, table=True):
    """What one audit says of one criterion."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint(
            "applicability IN ('expected', 'not_expected_by_rule', 'not_expected_by_judgement', 'not_expected',"
            " 'cannot_tell')",
            name="applicability",
        ),
        CheckConstraint("evidence IN ('found', 'partly', 'not_found')", name="evidence"),
        CheckConstraint("impact IN ('yes', 'no', 'cannot_tell')", name="impact"),
        STRICT_KEYED,
    )

    audit: UUID = Field(foreign_key="audits.key", primary_key=True)
    criterion: str = Field(primary_key=True)
    applicability: str
    """Plain `not_expected` is kept from a file that did not say how it was decided."""
    reason: str | None = None
    """Which reason, when not expected by judgement or when it could not be told."""
    grade: str | None = None
    grade_order: int | None = None
    """The grade's place on its scale, worst 0 upwards."""
    evidence: str | None = None
    impact: str | None = None
    pointer: str | None = None
    """Where in the case record the evidence stands, with a short redacted quote."""
    note: str | None = None
    given_applicability: str | None = None
    """What the auditor gave, where moderation decided otherwise; then the columns above say what stands."""
    given_grade: str | None = None
    answers: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """To its questions, by question id."""
    members: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Of its repeat group, in their order: what each is `called`, and its `answers` by question id."""
    turn: int = 0
    """The audit's turn that touched it last; 0 when it was imported."""


class Moderation(SQLModel, table=True):
    """A second person's look at an audit: blind grade, and what was decided."""

    __tablename__ = "moderations"
    __table_args__ = (
        CheckConstraint("direction IN ('agreed', 'raised', 'lowered')", name="direction"),
        UniqueConstraint("audit", "number"),
        STRICT,
    )

    key: UUID = Field(primary_key=True)
    audit: UUID = Field(foreign_key="audits.key")
    number: int = 1
    """1, 2, ... within the audit: one that is returned may be moderated again."""
    stage: str = "decided"
    workflow_digest: str | None = Field(default=None, foreign_key="definitions.digest")
    moderator: UUID = Field(foreign_key="people.key")
    assigned_on: date | None = None
    due: date | None = None
    moderated_on: date | None = Field(default=None, index=True)
    """When it was decided; None until then, and for one that was returned."""
    blind_overall: str | None = None
    decided_overall: str | None = None
    direction: str | None = None
    """What stands against what the auditor gave. None when either is not recorded."""
    reason: str | None = None
    """Why another overall grade than the auditor's was decided, or why the audit was returned."""
    entered: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    clock_left: int | None = None
    clock_stopped_at: str | None = None
    turn: int


class Observation(SQLModel, table=True):
    """A practitioner's observed session. Observations are not audits."""

    __tablename__ = "observations"
    __table_args__ = (STRICT,)

    key: UUID = Field(primary_key=True)
    reference: str = Field(unique=True)
    practitioner: UUID = Field(foreign_key="people.key")
    team: str
    area: str
    observed_on: date = Field(index=True)
    work_type: str | None = None
    consent: bool | None = None
    feedback_given_on: date | None = None
    turn: int


class Indicator(SQLModel, table=True):
    """A figure from elsewhere, shown beside ours and never mixed in."""

    __tablename__ = "indicators"
    __table_args__ = (UniqueConstraint("indicator", "period", "area"), STRICT)

    key: UUID = Field(primary_key=True)
    indicator: str
    period: str
    area: str = ""
    """Empty for the whole service."""
    numerator: int | None = None
    denominator: int | None = None
    value: str | None = None
    """As the source wrote it: a decimal number in text, so that nothing is rounded on the way."""
    unit: str
    source: str
    turn: int


class ImportedFile(SQLModel, table=True):
    """One file that was imported: by its digest the same file is known again."""

    __tablename__ = "imported_files"
    __table_args__ = (STRICT,)

    key: UUID = Field(primary_key=True)
    kind: str
    digest: str = Field(index=True)
    name: str
    rows: int
    added: int
    changed: int
    at: datetime
    turn: int
