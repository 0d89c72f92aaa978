"""The table of drafts: what somebody is still writing.

Number 0003, after 0002. Types are spelled out and no table class is named, as in 0001.
"""

import sqlalchemy as sa
from alembic import op

from audit_engine.records import strict_types

assert strict_types is not None  # noqa: S101 - imported for what importing does

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: a file is never taken back to older tables."""
    op.create_table(
        "drafts",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("audit", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(place) BETWEEN 1 AND 120", name=op.f("ck_drafts_place")),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_drafts_audit"),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name="fk_drafts_person"),
        sa.PrimaryKeyConstraint("person", "audit", "place", name="pk_drafts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
