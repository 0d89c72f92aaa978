"""One durable grade: our public action beside raw sqlite3, the ordinary SQLModel way, and Django with django-fsm.

All four write the same five rows (standing audit, entry, payload, rating, command) with the same SHA-256 work, in
WAL with synchronous FULL, one commit a grade. They take turns, so that a machine that drifts drifts for all; only
ratios are worth keeping. Each asserts what it wrote before its time counts. Where the disk is slow everything looks
alike, so it is measured twice: on the disk, and in memory, where the work itself is left.

Run: make bench, or python benchmarks/bench_grade.py (Django is left out where it is not installed).
"""

import secrets
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, event
from sqlmodel import Session, col, select

from audit_engine.actions.command import Command
from audit_engine.actions.rating import Answer, rate
from audit_engine.calendars import now
from audit_engine.definitions.catalogue import load
from audit_engine.records.canonical import canonical
from audit_engine.records.database import open_database
from audit_engine.records.ledger import PROGRAM, commitment, entry_hash, microseconds
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.live_tables import CommandDone
from audit_engine.records.tables import Audit, Rating
from audit_engine.records.verification import verify

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests know how to make an audit that can be graded
from tests.actions.live.conftest import opened, prepared

ROUNDS, EACH = 12, 40
CRITERIA = ("rep.plan", "heard.seen", "heard.wishes", "safe.da_assessed", "rec.readable")
GRADES = ("good", "outstanding", "requires_improvement")
Grade = Callable[[int], None]
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")


class Workspace:
    """A copy of one prepared file, and the audit that is graded in it."""

    def __init__(self, folder: Path, template: Path, name: str) -> None:
        self.file = folder / f"{name}.db"
        shutil.copyfile(template, self.file)
        self.file.chmod(0o600)
        with open_database(self.file) as db, db.read() as session:
            audit = session.exec(select(Audit).where(col(Audit.stage) == "grading")).one()
            self.workspace, self.key, self.reference = db.workspace, audit.key, audit.reference
            self.auditor, self.digests = audit.auditor, (audit.workflow_digest or "", audit.rubric_digest)

    def written(self, grades: int) -> bool:
        """Whether so many grades are in the file, and all of it verifies."""
        with open_database(self.file) as db, db.read() as session:
            entries = session.exec(select(Entry).where(col(Entry.chain) == self.key, col(Entry.kind) == "rated")).all()
            found = verify(db).findings
            assert not found, found
        return len(entries) == grades


def payload_of(criterion: str, grade: str, before: dict[str, Any] | None) -> dict[str, Any]:
    rating = dict.fromkeys(("reason", "evidence", "impact", "pointer", "note", "given_applicability", "given_grade"))
    order = {"requires_improvement": 1, "good": 2, "outstanding": 3}[grade]
    row = {"criterion": criterion, "applicability": "expected", "grade": grade, "grade_order": order, **rating}
    return {"criterion": criterion, "before": before, "ratings": [row]}


def ours(place: Workspace) -> Grade:
    live = opened(place.file, load())
    auditor = live.who(live.auditor(place.reference))

    def grade(number: int) -> None:
        answer = Answer(grade=GRADES[number % 3])
        rate(live.db, auditor, Command(), place.reference, CRITERIA[number % 5], answer, at=now())

    return grade


def raw(place: Workspace) -> Grade:
    """The limit: the same rows, with nothing asked but the turn, the stage and the newest hash."""
    connection = sqlite3.connect(place.file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    chain, auditor = place.key.hex, place.auditor.hex if place.auditor else ""

    def grade(number: int) -> None:
        criterion, given = CRITERIA[number % 5], GRADES[number % 3]
        connection.execute("BEGIN IMMEDIATE")
        turn, stage, locked, prev = connection.execute(
            "SELECT a.turn, a.stage, a.locked, e.hash FROM audits a JOIN entries e ON e.chain = a.key AND"
            " e.turn = a.turn WHERE a.reference = ?", (place.reference,)
        ).fetchone()  # fmt: skip
        assert (stage, locked) == ("grading", 0)
        before = connection.execute(
            "SELECT criterion, applicability, reason, grade, grade_order, evidence, impact, pointer, note,"
            " given_applicability, given_grade FROM ratings WHERE audit = ? AND criterion = ?", (chain, criterion)
        ).fetchone()  # fmt: skip
        told = payload_of(criterion, given, None if before is None else {"grade": before[3]})
        text, salt = canonical(told), secrets.token_bytes(32)
        fields = [chain, "audit", turn + 1, prev, "rated", auditor, "auditor", "training", *place.digests, PROGRAM,
                  microseconds(now()), "ok", commitment(salt, text)]  # fmt: skip
        hashed = entry_hash([place.workspace.hex, *fields])
        connection.execute("UPDATE audits SET turn = ? WHERE key = ? AND turn = ?", (turn + 1, chain, turn))
        connection.execute(
            "INSERT INTO entries (chain, about, turn, prev, kind, actor, role, identified, workflow_digest,"
            " rubric_digest, program, ts_utc, ts_flag, commitment, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (*fields, hashed),
        )  # fmt: skip
        connection.execute(
            "INSERT INTO payloads (chain, turn, salt, text) VALUES (?,?,?,?)", (chain, turn + 1, salt, text)
        )
        row = told["ratings"][0]
        connection.execute(
            "INSERT OR REPLACE INTO ratings (audit, criterion, applicability, grade, grade_order, turn)"
            " VALUES (?,?,?,?,?,?)", (chain, criterion, "expected", given, row["grade_order"], turn + 1)
        )  # fmt: skip
        connection.execute("INSERT INTO commands (id, chain, turn) VALUES (?,?,?)", (uuid4().hex, chain, turn + 1))
        connection.execute("COMMIT")

    return grade


def sqlmodel_way(place: Workspace) -> Grade:
    """As the tutorials have it: objects, attributes, add, commit."""
    engine = create_engine(f"sqlite:///{place.file}")

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def grade(number: int) -> None:
        criterion, given = CRITERIA[number % 5], GRADES[number % 3]
        with Session(engine) as session:
            audit = session.exec(select(Audit).where(Audit.reference == place.reference)).one()
            assert (audit.stage, audit.locked) == ("grading", False)
            head = session.exec(
                select(Entry).where(Entry.chain == audit.key).order_by(col(Entry.turn).desc()).limit(1)
            ).one()
            rating = session.get(Rating, (audit.key, criterion))
            told = payload_of(criterion, given, None if rating is None else {"grade": rating.grade})
            text, salt = canonical(told), secrets.token_bytes(32)
            audit.turn += 1
            entry = Entry(
                chain=audit.key, turn=audit.turn, about="audit", prev=head.hash, kind="rated", actor=place.auditor,
                role="auditor", identified="training", workflow_digest=place.digests[0],
                rubric_digest=place.digests[1], program=PROGRAM, ts_utc=microseconds(now()), ts_flag="ok",
                commitment=commitment(salt, text), hash=b"",
            )  # fmt: skip
            entry.hash = entry_hash(_fields(place.workspace, entry))
            rating = rating or Rating(audit=audit.key, criterion=criterion, applicability="expected")
            rating.grade, rating.grade_order, rating.turn = given, told["ratings"][0]["grade_order"], audit.turn
            session.add_all((entry, rating, Payload(chain=audit.key, turn=audit.turn, salt=salt, text=text),
                             CommandDone(id=uuid4(), chain=audit.key, turn=audit.turn)))  # fmt: skip
            session.commit()
            session.refresh(audit)

    return grade


def _fields(workspace: UUID, entry: Entry) -> list[str | int | bytes]:
    actor = entry.actor.hex if entry.actor else ""
    return [
        workspace.hex, entry.chain.hex, entry.about, entry.turn, entry.prev, entry.kind, actor, entry.role,
        entry.identified, entry.workflow_digest, entry.rubric_digest, entry.program, entry.ts_utc, entry.ts_flag,
        entry.commitment,
    ]  # fmt: skip


def django_way(place: Workspace) -> Grade | None:
    """Django's models and transactions, django-fsm's guarded transition, in tables of its own; None without them."""
    try:
        import grade_in_django  # noqa: PLC0415 - only where it is installed
    except ModuleNotFoundError:
        return None
    return grade_in_django.grade_in(place.file.with_suffix(".django.db"), CRITERIA, GRADES, payload_of)


def measure(folder: Path, where: str) -> None:
    template = folder / "template.db"
    live = prepared(template, load())
    live.begun(live.audits[0])
    live.db.close()
    places = {name: Workspace(folder, template, name) for name in ("raw", "ours", "orm", "django")}
    made = {"raw": raw(places["raw"]), "ours": ours(places["ours"]), "orm": sqlmodel_way(places["orm"]),
            "django": django_way(places["django"])}  # fmt: skip
    contenders = {name: grade for name, grade in made.items() if grade is not None}
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(2 * EACH):
        for grade in contenders.values():
            grade(number)
    for _ in range(ROUNDS):
        for name, grade in contenders.items():
            taken[name] += timed(grade)
    for name in ("raw", "ours", "orm"):
        assert places[name].written((ROUNDS + 2) * EACH)
    shown(where, {name: statistics.median(times) * 1e6 for name, times in taken.items()})


def timed(grade: Grade) -> list[float]:
    """Seconds of each of some grades."""
    times = []
    for number in range(EACH):
        started = time.perf_counter()
        grade(number)
        times.append(time.perf_counter() - started)
    return times


def shown(where: str, medians: dict[str, float]) -> None:
    names = {"raw": "raw sqlite3, the same rows (the limit)", "ours": "audit_engine.actions.rate",
             "orm": "SQLModel objects", "django": "Django and django-fsm"}  # fmt: skip
    print(f"One durable grade, {where}: median of {ROUNDS * EACH}, microseconds")
    for name, median in medians.items():
        print(f"  {names[name]:<40} {median:>8,.0f}   {median / medians['raw']:>5.2f} x raw")
    if "django" not in medians:
        print("  Django and django-fsm                    not installed: pip install -e '.[bench]'")
    else:
        print(f"  Django and django-fsm take {medians['django'] / medians['ours']:.2f} times as long as ours")


def main() -> None:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    for where, parent in (("on the disk", None), ("in memory, without waiting for a disk", memory)):
        if parent is not None and not parent.is_dir():
            continue
        with tempfile.TemporaryDirectory(dir=parent, prefix="bench-grade-") as folder:
            measure(Path(folder), where)


if __name__ == "__main__":
    main()
