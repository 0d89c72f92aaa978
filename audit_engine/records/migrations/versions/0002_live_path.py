"""The tables of the live path: draws' members, blind ratings, escalations, and what makes a command happen once.

Number 0002, after 0001. Types are spelled out and no table class is named, as in 0001.
"""

import sqlalchemy as sa
from alembic import op

from audit_engine.records import strict_types

assert strict_types is not None  # noqa: S101 - imported for what importing does

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPLICABILITY = "'expected', 'not_expected_by_rule', 'not_expected_by_judgement', 'not_expected', 'cannot_tell'"


def upgrade() -> None:
    """Forward only: a file is never taken back to older tables."""
    _draw_members()
    _blind_ratings()
    _escalations()
    _commands()


def _draw_members() -> None:
    op.create_table(
        "draw_members",
        sa.Column("draw", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("audit", sa.Uuid(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("stratum_size", sa.Integer(), nullable=False),
        sa.Column("stratum_drawn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_draw_members_audit"),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name="fk_draw_members_case_key"),
        sa.ForeignKeyConstraint(["draw"], ["draws.key"], name="fk_draw_members_draw"),
        sa.PrimaryKeyConstraint("draw", "number", name="pk_draw_members"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _blind_ratings() -> None:
    op.create_table(
        "blind_ratings",
        sa.Column("moderation", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("applicability", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("grade_order", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("impact", sa.String(), nullable=True),
        sa.Column("pointer", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_applicability", sa.String(), nullable=True),
        sa.Column("decided_grade", sa.String(), nullable=True),
        sa.Column("decided_reason", sa.String(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"applicability IN ({_APPLICABILITY})", name=op.f("ck_blind_ratings_applicability")),
        sa.CheckConstraint("decision IN ('auditor', 'moderator', 'other')", name=op.f("ck_blind_ratings_decision")),
        sa.ForeignKeyConstraint(["moderation"], ["moderations.key"], name="fk_blind_ratings_moderation"),
        sa.PrimaryKeyConstraint("moderation", "criterion", name="pk_blind_ratings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("audit", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("workflow_digest", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=True),
        sa.Column("concern", sa.String(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acted_by", sa.Uuid(), nullable=True),
        sa.Column("action_taken", sa.String(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], ["people.key"], name=f"fk_escalations_{column}")
            for column in ("raised_by", "acknowledged_by", "acted_by", "closed_by")
        ),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_escalations_audit"),
        sa.ForeignKeyConstraint(["workflow_digest"], ["definitions.digest"], name="fk_escalations_workflow_digest"),
        sa.PrimaryKeyConstraint("key", name="pk_escalations"),
        sqlite_strict=True,
    )
    op.create_index("ix_escalations_audit", "escalations", ["audit"], unique=False)


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_commands"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
