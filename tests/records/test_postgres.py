"""The same promises on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, func, select

from audit_engine.problems import Unusable
from audit_engine.records import findings
from audit_engine.records.checkpoints import make_checkpoint, write_anchor
from audit_engine.records.database import Database, create_database, open_database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.tables import Person
from audit_engine.records.verification import verify

from .conftest import START, Storyteller

pytestmark = pytest.mark.postgres

ANNA = Author(uuid4(), "auditor", "training")


def test_a_workspace_is_made_told_and_sound(postgres_address: str, tmp_path: Path) -> None:
    with create_database(postgres_address, mode="training", at=START) as made:
        teller = Storyteller(made)
        with made.write() as session:
            teller.everything(session)
            anchor = write_anchor(tmp_path, teller.checkpoint(session))
    with open_database(postgres_address) as db:
        found = verify(db, [anchor])

    assert (db.mode, db.workspace) == ("training", made.workspace)
    assert found.findings == ()
    assert found.entries > 30
    assert found.unanchored_entries == 0


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entries SET role = 'x' WHERE about = 'audit' AND turn = 2", findings.CHANGED),
        ("DELETE FROM entries WHERE about = 'audit' AND turn = 2", findings.GONE),
        ("UPDATE payloads SET text = replace(text, 'closed', 'opened')", findings.PAYLOAD_CHANGED),
        ("UPDATE audits SET facts = '{}' WHERE reference = 'A-00001'", findings.STANDING_DIFFERS),
        ("UPDATE audits SET audited_on = '2025-01-01' WHERE reference = 'A-00001'", findings.STANDING_DIFFERS),
        ("UPDATE observations SET consent = false", findings.STANDING_DIFFERS),
        ("DELETE FROM observations", findings.STANDING_GONE),
        ("UPDATE checkpoints SET entries = 1", findings.CHECKPOINT_CHANGED),
        ("DELETE FROM entries WHERE about = 'viewer'", findings.HEAD_DIFFERS),
    ],
)
def test_tampering_is_noticed(postgres_address: str, statement: str, code: str) -> None:
    with create_database(postgres_address, mode="live", at=START) as db:
        teller = Storyteller(db)
        with db.write() as session:
            teller.everything(session)
            teller.checkpoint(session)
        engine = create_engine(postgres_address)
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no trigger fires
            assert connection.exec_driver_sql(statement).rowcount > 0
        engine.dispose()

        assert code in {finding.code for finding in verify(db).findings}


def test_the_ledger_refuses_changes_and_a_dropped_trigger_is_noticed(postgres_address: str) -> None:
    with create_database(postgres_address, mode="live") as db:
        for statement in ("UPDATE entries SET role = 'x'", "DELETE FROM entries", "TRUNCATE payloads"):
            with pytest.raises(Unusable, match=r"W016 .*the ledger keeps what was written"), db.write() as session:
                session.connection().exec_driver_sql(statement)
        assert verify(db).findings == ()

        with db.write() as session:
            session.connection().exec_driver_sql("ALTER TABLE entries DISABLE TRIGGER entries_refuse_update")
        assert [finding.code for finding in verify(db).findings] == [findings.TRIGGERS_DIFFER]


def test_a_reader_cannot_write(postgres_address: str) -> None:
    with (
        create_database(postgres_address, mode="live") as db,
        pytest.raises(Unusable, match="W008"),
        db.read() as session,
    ):
        session.connection().execute(insert(Person).values(key=uuid4(), reference="P-1", name="A", turn=1))


def test_writers_on_one_chain_are_tried_again_until_all_are_written(postgres_address: str) -> None:
    chain = uuid4()
    with create_database(postgres_address, mode="live", at=START) as db:
        tries = _append_at_once(db, chain, writers=6, each=8)
        found = verify(db)

    assert tries > 48, "nobody met anybody: the test proved nothing"
    assert (found.entries, found.findings) == (49, ())


def _append_at_once(db: Database, chain: UUID, *, writers: int, each: int) -> int:
    """How often the transactions ran, all taken together."""
    start, counted = threading.Barrier(writers), list[int]()

    def write(session: Session) -> int:
        counted.append(1)
        return append(session, db.workspace, ANNA, [Happening(chain, "viewer", "viewed", {})], START)[chain]

    def work() -> list[int]:
        start.wait()
        return [db.transact(write) for _ in range(each)]

    with ThreadPoolExecutor(writers) as pool:
        turns = [turn for done in [pool.submit(work) for _ in range(writers)] for turn in done.result()]
    assert sorted(turns) == list(range(1, writers * each + 1))
    return len(counted)


def test_without_trying_again_the_second_writer_is_told(postgres_address: str) -> None:
    chain = uuid4()
    with create_database(postgres_address, mode="live", at=START) as db:
        with pytest.raises(Unusable, match="W014 somebody else saved at the same moment"):
            _write_across(db, chain)
        assert verify(db).findings == ()


def _write_across(db: Database, chain: UUID) -> None:
    """Write to a chain that somebody else wrote to since we looked."""
    said = Happening(chain, "viewer", "viewed", {})
    with db.write() as slow:
        slow.exec(select(func.count()).select_from(Person)).one()
        with db.write() as quick:
            append(quick, db.workspace, ANNA, [said], START)
        append(slow, db.workspace, ANNA, [said], START)


def test_a_fault_that_is_no_conflict_is_not_tried_again(postgres_address: str) -> None:
    tried: list[int] = []

    def act(session: Session) -> None:
        tried.append(1)
        row = {"reference": "P-1", "name": "A", "turn": 1}
        session.connection().execute(insert(Person), [{"key": uuid4(), **row}, {"key": uuid4(), **row}])

    with create_database(postgres_address, mode="live") as db, pytest.raises(Unusable) as refused:
        db.transact(act)
    assert len(tried) == 1
    assert "uq_people_reference" in str(refused.value)
    assert "P-1" not in str(refused.value)


def test_a_database_that_is_not_ours(postgres_address: str) -> None:
    with pytest.raises(Unusable, match="W005"):
        open_database(postgres_address)
    engine = create_engine(postgres_address)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (a int)")
    engine.dispose()
    with pytest.raises(Unusable, match="W011"):
        create_database(postgres_address, mode="live")
    with pytest.raises(Unusable, match="W001 there is no such database"):
        open_database(postgres_address.replace("/t_", "/none_"))


def test_a_newer_database_is_refused(postgres_address: str) -> None:
    create_database(postgres_address, mode="live").close()
    engine = create_engine(postgres_address)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0006'")
    with pytest.raises(Unusable, match="W006"):
        open_database(postgres_address)
    engine.dispose()


def test_a_large_ledger_streams(postgres_address: str) -> None:
    with create_database(postgres_address, mode="live", at=START) as db:
        with db.write() as session:
            happenings = [Happening(uuid4(), "viewer", "viewed", {"n": number}) for number in range(5_000)]
            append(session, db.workspace, ANNA, happenings, START)
            make_checkpoint(session, START)
        found = verify(db)
    assert (found.entries, found.findings) == (5_001, ())


def test_the_driver_would_have_said_more(postgres_address: str) -> None:
    """Why faults are translated: the driver's own sentence holds what people wrote."""
    engine = create_engine(postgres_address, hide_parameters=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a text UNIQUE)")
        connection.exec_driver_sql("INSERT INTO t VALUES ('canary')")
    with pytest.raises(DBAPIError, match="canary"), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (%s)", ("canary",))
    engine.dispose()
