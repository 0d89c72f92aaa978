"""Matters, notices, and what workflows keep beside a stage: when each was entered, the clock, records, places.

Number 0004, after 0003. Types are spelled out and no table class is named, as in 0001.
"""

import sqlalchemy as sa
from alembic import op

from audit_engine.records import strict_types

assert strict_types is not None  # noqa: S101 - imported for what importing does

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: a file is never taken back to older tables."""
    for table in ("audits", "moderations", "escalations"):
        op.add_column(table, sa.Column("entered", sa.JSON(none_as_null=True), nullable=True))
        op.add_column(table, sa.Column("clock_left", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("clock_stopped_at", sa.String(), nullable=True))
    for column in ("recorded", "places"):
        op.add_column("audits", sa.Column(column, sa.JSON(none_as_null=True), nullable=True))
    op.add_column("audits", sa.Column("hangs_on", sa.Uuid(), nullable=True))
    op.add_column("audits", sa.Column("link", sa.String(), nullable=True))
    op.create_index("ix_audits_hangs_on", "audits", ["hangs_on"], unique=False)
    _matters()
    _notices()


def _matters() -> None:
    op.create_table(
        "matters",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("workflow_digest", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("audit", sa.Uuid(), nullable=True),
        sa.Column("hangs_on", sa.Uuid(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("entered", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("clock_left", sa.Integer(), nullable=True),
        sa.Column("clock_stopped_at", sa.String(), nullable=True),
        sa.Column("recorded", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("places", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_matters_audit"),
        sa.ForeignKeyConstraint(["opened_by"], ["people.key"], name="fk_matters_opened_by"),
        sa.ForeignKeyConstraint(["workflow_digest"], ["definitions.digest"], name="fk_matters_workflow_digest"),
        sa.PrimaryKeyConstraint("key", name="pk_matters"),
        sa.UniqueConstraint("reference", name="uq_matters_reference"),
        sqlite_strict=True,
    )
    op.create_index("ix_matters_audit", "matters", ["audit"], unique=False)
    op.create_index("ix_matters_hangs_on", "matters", ["hangs_on"], unique=False)
    op.create_index("ix_matters_open_due", "matters", ["open", "due"], unique=False)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("audit", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("since_turn", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint("about IN ('audit', 'moderation', 'escalation', 'matter')", name=op.f("ck_notices_about")),
        sa.CheckConstraint("kind IN ('remind', 'tell')", name=op.f("ck_notices_kind")),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_notices_audit"),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name="fk_notices_person"),
        sa.PrimaryKeyConstraint("key", name="pk_notices"),
        sa.UniqueConstraint("thing", "since_turn", "step", name="uq_notices_thing_since_turn_step"),
        sqlite_strict=True,
    )
    op.create_index("ix_notices_person", "notices", ["person"], unique=False)
