"""The first tables.

Number 0001, after nothing. Types are spelled out and no table class is named: what this file makes does not
change when they do.
"""

import sqlalchemy as sa
from alembic import op

from audit_engine.records import strict_types, triggers

assert strict_types is not None  # noqa: S101 - imported for what importing does

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: a file is never taken back to older tables."""
    _checkpoints()
    _definitions()
    _entries()
    _imported_files()
    _indicators()
    _payloads()
    _people()
    _teams()
    _workspace()
    _accounts()
    _cases()
    _checkpoint_heads()
    _observations()
    _roles_held()
    _draws()
    _audits()
    _moderations()
    _ratings()
    for statement in triggers.statements(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def _checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_checkpoints"),
        sqlite_strict=True,
    )


def _definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_definitions"),
        sqlite_strict=True,
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("identified", sa.String(), nullable=False),
        sa.Column("workflow_digest", sa.String(), nullable=False),
        sa.Column("rubric_digest", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("ts_utc", sa.BigInteger(), nullable=False),
        sa.Column("ts_flag", sa.String(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("ts_flag IN ('ok', 'clock_back')", name=op.f("ck_entries_ts_flag")),
        sa.PrimaryKeyConstraint("chain", "turn", name="pk_entries"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _imported_files() -> None:
    op.create_table(
        "imported_files",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_imported_files"),
        sqlite_strict=True,
    )
    op.create_index("ix_imported_files_digest", "imported_files", ["digest"], unique=False)


def _indicators() -> None:
    op.create_table(
        "indicators",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_indicators"),
        sa.UniqueConstraint("indicator", "period", "area", name="uq_indicators_indicator_period_area"),
        sqlite_strict=True,
    )


def _payloads() -> None:
    op.create_table(
        "payloads",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "turn", name="pk_payloads"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_people"),
        sa.UniqueConstraint("reference", name="uq_people_reference"),
        sqlite_strict=True,
    )


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_teams"),
        sqlite_strict=True,
    )
    op.create_index("ix_teams_area", "teams", ["area"], unique=False)


def _workspace() -> None:
    op.create_table(
        "workspace",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('live', 'training')", name=op.f("ck_workspace_mode")),
        sa.PrimaryKeyConstraint("key", name="pk_workspace"),
        sqlite_strict=True,
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name="fk_accounts_person"),
        sa.PrimaryKeyConstraint("account", name="pk_accounts"),
        sqlite_strict=True,
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("practitioner", sa.Uuid(), nullable=True),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practitioner"], ["people.key"], name="fk_cases_practitioner"),
        sa.PrimaryKeyConstraint("key", name="pk_cases"),
        sa.UniqueConstraint("reference", name="uq_cases_reference"),
        sqlite_strict=True,
    )
    op.create_index("ix_cases_opened_closed", "cases", ["opened", "closed"], unique=False)
    op.create_index("ix_cases_practitioner", "cases", ["practitioner"], unique=False)


def _checkpoint_heads() -> None:
    op.create_table(
        "checkpoint_heads",
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["checkpoint"], ["checkpoints.number"], name="fk_checkpoint_heads_checkpoint"),
        sa.PrimaryKeyConstraint("checkpoint", "chain", name="pk_checkpoint_heads"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _observations() -> None:
    op.create_table(
        "observations",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("practitioner", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("work_type", sa.String(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("feedback_given_on", sa.Date(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practitioner"], ["people.key"], name="fk_observations_practitioner"),
        sa.PrimaryKeyConstraint("key", name="pk_observations"),
        sa.UniqueConstraint("reference", name="uq_observations_reference"),
        sqlite_strict=True,
    )
    op.create_index("ix_observations_observed_on", "observations", ["observed_on"], unique=False)


def _roles_held() -> None:
    op.create_table(
        "roles_held",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("manages_team", sa.String(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name="fk_roles_held_person"),
        sa.PrimaryKeyConstraint("person", "number", name="pk_roles_held"),
        sqlite_strict=True,
    )
    op.create_index("ix_roles_held_manages_team", "roles_held", ["manages_team"], unique=False)
    op.create_index("ix_roles_held_role", "roles_held", ["role"], unique=False)


def _draws() -> None:
    op.create_table(
        "draws",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("programme_digest", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frame_size", sa.Integer(), nullable=False),
        sa.Column("frame_digest", sa.String(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["programme_digest"], ["definitions.digest"], name="fk_draws_programme_digest"),
        sa.PrimaryKeyConstraint("key", name="pk_draws"),
        sqlite_strict=True,
    )


def _audits() -> None:
    op.create_table(
        "audits",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("case_key", sa.Uuid(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("graded", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("auditor", sa.Uuid(), nullable=True),
        sa.Column("practitioner", sa.Uuid(), nullable=True),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("manager", sa.Uuid(), nullable=True),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("practice_from", sa.Date(), nullable=True),
        sa.Column("practice_to", sa.Date(), nullable=True),
        sa.Column("overall", sa.String(), nullable=True),
        sa.Column("final_overall", sa.String(), nullable=True),
        sa.Column("collaborative", sa.Boolean(), nullable=True),
        sa.Column("feedback", sa.String(), nullable=True),
        sa.Column("feedback_from", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("feedback_reason", sa.String(), nullable=True),
        sa.Column("counts_on", sa.Date(), nullable=True),
        sa.Column("as_found", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("workflow_digest", sa.String(), nullable=True),
        sa.Column("rubric_digest", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=True),
        sa.Column("draw", sa.Uuid(), nullable=True),
        sa.Column("drawn_on", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("suggested", sa.String(), nullable=True),
        sa.Column("overall_reason", sa.String(), nullable=True),
        sa.Column("selected", sa.Boolean(), nullable=True),
        sa.Column("selected_because", sa.String(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("returned_times", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_text", sa.String(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('accepted', 'challenged')", name=op.f("ck_audits_answer")),
        sa.CheckConstraint("feedback IN ('given', 'none')", name=op.f("ck_audits_feedback")),
        sa.ForeignKeyConstraint(["auditor"], ["people.key"], name="fk_audits_auditor"),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name="fk_audits_case_key"),
        sa.ForeignKeyConstraint(["draw"], ["draws.key"], name="fk_audits_draw"),
        sa.ForeignKeyConstraint(["manager"], ["people.key"], name="fk_audits_manager"),
        sa.ForeignKeyConstraint(["practitioner"], ["people.key"], name="fk_audits_practitioner"),
        sa.ForeignKeyConstraint(["rubric_digest"], ["definitions.digest"], name="fk_audits_rubric_digest"),
        sa.ForeignKeyConstraint(["workflow_digest"], ["definitions.digest"], name="fk_audits_workflow_digest"),
        sa.PrimaryKeyConstraint("key", name="pk_audits"),
        sa.UniqueConstraint("reference", name="uq_audits_reference"),
        sqlite_strict=True,
    )
    op.create_index("ix_audits_auditor", "audits", ["auditor"], unique=False)
    op.create_index("ix_audits_case_key", "audits", ["case_key"], unique=False)
    op.create_index("ix_audits_draw", "audits", ["draw"], unique=False)
    op.create_index("ix_audits_counts_on_stream", "audits", ["counts_on", "stream"], unique=False)


def _moderations() -> None:
    op.create_table(
        "moderations",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("audit", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("workflow_digest", sa.String(), nullable=True),
        sa.Column("moderator", sa.Uuid(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("moderated_on", sa.Date(), nullable=True),
        sa.Column("blind_overall", sa.String(), nullable=True),
        sa.Column("decided_overall", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint("direction IN ('agreed', 'raised', 'lowered')", name=op.f("ck_moderations_direction")),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_moderations_audit"),
        sa.ForeignKeyConstraint(["moderator"], ["people.key"], name="fk_moderations_moderator"),
        sa.PrimaryKeyConstraint("key", name="pk_moderations"),
        sa.ForeignKeyConstraint(["workflow_digest"], ["definitions.digest"], name="fk_moderations_workflow_digest"),
        sa.UniqueConstraint("audit", "number", name="uq_moderations_audit_number"),
        sqlite_strict=True,
    )
    op.create_index("ix_moderations_moderated_on", "moderations", ["moderated_on"], unique=False)


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("audit", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("applicability", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("grade_order", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("impact", sa.String(), nullable=True),
        sa.Column("pointer", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("given_applicability", sa.String(), nullable=True),
        sa.Column("given_grade", sa.String(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "applicability IN ('expected', 'not_expected_by_rule', 'not_expected_by_judgement', 'not_expected',"
            " 'cannot_tell')",
            name=op.f("ck_ratings_applicability"),
        ),
        sa.CheckConstraint("evidence IN ('found', 'partly', 'not_found')", name=op.f("ck_ratings_evidence")),
        sa.CheckConstraint("impact IN ('yes', 'no', 'cannot_tell')", name=op.f("ck_ratings_impact")),
        sa.ForeignKeyConstraint(["audit"], ["audits.key"], name="fk_ratings_audit"),
        sa.PrimaryKeyConstraint("audit", "criterion", name="pk_ratings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
