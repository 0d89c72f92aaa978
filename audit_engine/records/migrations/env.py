"""Alembic runs this file for every command. The connection comes from `migrations.upgrade`."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from audit_engine.records import live_tables, matter_tables, strict_types, tables

assert strict_types is not None  # noqa: S101 - imported for what importing does
assert tables is not None  # noqa: S101 - likewise
assert live_tables is not None  # noqa: S101 - likewise
assert matter_tables is not None  # noqa: S101 - likewise


def run(connection: Connection) -> None:
    """Run what was asked on `connection`, inside its transaction."""
    if connection.dialect.name == "sqlite":
        # Alembic would make its own table without STRICT.
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)) STRICT"
        )
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
