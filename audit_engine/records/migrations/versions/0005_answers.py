"""Answers to questions and members of repeat groups beside each rating, and the rules somebody looked past.

Number 0005, after 0004. Types are spelled out and no table class is named, as in 0001.
"""

import sqlalchemy as sa
from alembic import op

from audit_engine.records import strict_types

assert strict_types is not None  # noqa: S101 - imported for what importing does

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: a file is never taken back to older tables."""
    for table in ("ratings", "blind_ratings"):
        for column in ("answers", "members"):
            op.add_column(table, sa.Column(column, sa.JSON(none_as_null=True), nullable=True))
    op.add_column("audits", sa.Column("overridden", sa.JSON(none_as_null=True), nullable=True))
