"""A small workspace in which every kind of thing has a story, and the file it lives in."""

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel

from audit_engine.records.checkpoints import CheckpointLine, make_checkpoint, write_anchor
from audit_engine.records.database import Database, create_database
from audit_engine.records.ledger import Author, Happening, append

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TEXT = '{"rubric": "rubric: quality\\nversion: 1.0.0\\n"}'
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


def table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


@dataclass
class Storyteller:
    """Writes standing rows and their entries together, as the actions do."""

    db: Database
    seed: int = 1

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - drawn from a seed, not for secrecy
        self.clock = START
        self.turns: dict[UUID, int] = {}
        self.rows: dict[UUID, tuple[str, str, dict[str, Any]]] = {}
        self.author = Author(None, "administrator", "os account")

    def say(self, session: Session, happening: Happening) -> int:
        self.clock += timedelta(minutes=1)
        self.turns |= append(session, self.db.workspace, self.author, [happening], self.clock)
        return self.turns[happening.chain]

    def record(
        self, session: Session, about: str, name: str, row: dict[str, Any], **parts: list[dict[str, Any]]
    ) -> UUID:
        key = uuid4()
        session.connection().execute(insert(table(name)).values(key=key, turn=1, **row))
        self.rows[key] = (about, name, row)
        where = {"ratings": ("ratings", "audit"), "roles": ("roles_held", "person")}
        for part, lines in parts.items():
            part_table, owner = where[part]
            session.connection().execute(insert(table(part_table)), [{owner: key, **line} for line in lines])
        self.say(
            session, Happening(key, about, "imported", {"row": row, **parts, "file": "cases.csv"}, rubric_digest=DIGEST)
        )
        return key

    def change(self, session: Session, key: UUID, column: str, new: Any) -> None:
        about, name, row = self.rows[key]
        turn = self.say(session, Happening(key, about, "changed", {"changed": {column: [row[column], new]}}))
        row[column] = new
        there = table(name)
        session.connection().execute(update(there).where(there.c.key == key).values({column: new, "turn": turn}))

    def bind(self, session: Session, person: UUID, account: str) -> None:
        turn = self.say(session, Happening(person, "person", "bound", {"account": account}))
        session.connection().execute(insert(table("accounts")).values(account=account, person=person))
        people = table("people")
        session.connection().execute(update(people).where(people.c.key == person).values(turn=turn))

    def look(self, session: Session, person: UUID, viewer: UUID) -> None:
        self.say(session, Happening(viewer, "viewer", "viewed", {"person": person, "screen": "queue"}))

    def checkpoint(self, session: Session) -> CheckpointLine:
        return make_checkpoint(session, self.clock)

    def person(self, session: Session, number: int) -> UUID:
        roles = [
            {
                "number": n,
                "role": role,
                "team": "Team 1",
                "area": None,
                "manages_team": None,
                "from_day": None,
                "to_day": None,
            }
            for n, role in enumerate(("auditor", "practitioner")[: 1 + number % 2], 1)
        ]
        return self.record(
            session, "person", "people", {"reference": f"P-{number:03d}", "name": f"Zoë {number}"}, roles=roles
        )

    def case(self, session: Session, number: int, practitioner: UUID) -> UUID:
        row = {
            "reference": f"C-{number:05d}",
            "area": "North",
            "team": "Team 1",
            "practitioner": practitioner,
            "opened": date(2025, 4, 1) + timedelta(days=number),
            "closed": None,
            "facts": {
                "law_type": "public",
                "weeks_open": number,
                "domestic_abuse": True,
                "themes": ["neglect", "café"],
            },
        }
        return self.record(session, "case", "cases", row)

    def audit(self, session: Session, number: int, case: UUID, auditor: UUID) -> UUID:
        row: dict[str, Any] = {
            column.name: None for column in table("audits").columns if column.name not in {"key", "turn"}
        }
        row |= {
            "reference": f"A-{number:05d}",
            "case_key": case,
            "stream": "local",
            "subject": "case",
            "graded": True,
            "imported": number % 2 == 0,
            "stage": "grading",
            "auditor": auditor,
            "area": "North",
            "team": "Team 1",
            "audited_on": date(2025, 10, 1) + timedelta(days=number),
            "feedback_from": ["child", "parent"],
            "facts": {"law_type": "public"},
            "rubric_digest": DIGEST,
            "locked": False,
            "returned_times": 0,
        }
        ratings = [
            {
                "criterion": criterion,
                "applicability": "expected",
                "reason": None,
                "grade": self.random.choice(["good", "outstanding"]),
                "grade_order": 2,
                "evidence": "found",
                "impact": None,
                "turn": 0,
            }
            for criterion in ("plan.clear", "safe.da_assessed", "heard.met")
        ]
        return self.record(session, "audit", "audits", row, ratings=ratings)

    def everything(self, session: Session, size: int = 6) -> None:
        definition = {"digest": DIGEST, "kind": "rubric", "name": "quality", "version": "1.0.0", "text": TEXT}
        session.connection().execute(insert(table("definitions")).values(**definition))
        people = [self.person(session, number) for number in range(4)]
        self.author = Author(people[0], "quality_lead", "os account")
        self.bind(session, people[0], "uid:1000")
        cases = [self.case(session, number, people[1]) for number in range(size)]
        audits = [self.audit(session, number, case, people[0]) for number, case in enumerate(cases)]
        for audit in audits[: size // 2]:
            self.change(session, audit, "stage", "closed")
            self.change(session, audit, "counts_on", date(2025, 11, 30))
        moderation = {
            "audit": audits[0],
            "number": 1,
            "stage": "decided",
            "moderator": people[2],
            "moderated_on": date(2025, 12, 1),
            "blind_overall": "good",
            "decided_overall": None,
            "direction": "agreed",
            "reason": None,
        }
        self.record(session, "moderation", "moderations", moderation)
        observation = {
            "reference": "O-1",
            "practitioner": people[1],
            "team": "Team 1",
            "area": "North",
            "observed_on": date(2025, 12, 2),
            "work_type": None,
            "consent": True,
            "feedback_given_on": None,
        }
        self.record(session, "observation", "observations", observation)
        indicator = {
            "indicator": "timeliness",
            "period": "2025-26-Q3",
            "area": "",
            "numerator": 41,
            "denominator": 50,
            "value": "82.0",
            "unit": "per cent",
            "source": "case system",
        }
        self.record(session, "indicator", "indicators", indicator)
        file = {
            "kind": "cases",
            "digest": "ab" * 32,
            "name": "cases.csv",
            "rows": 6,
            "added": 6,
            "changed": 0,
            "at": START,
        }
        self.record(session, "file", "imported_files", file)
        viewer = uuid4()
        for person in people:
            self.look(session, person, viewer)


@dataclass(frozen=True)
class Told:
    """A workspace on disk, closed, with anchors outside it."""

    file: Path
    anchors: tuple[Path, ...]


@pytest.fixture(scope="session")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Two checkpoints, both anchored; the newest covers everything."""
    folder = tmp_path_factory.mktemp("told")
    file, anchors = folder / "audit.db", []
    with create_database(file, mode="live", at=START) as db:
        teller = Storyteller(db)
        with db.write() as session:
            teller.everything(session)
            anchors.append(write_anchor(folder, teller.checkpoint(session)))
        with db.write() as session:
            for key in [key for key, (about, _, _) in teller.rows.items() if about == "case"][:3]:
                teller.change(session, key, "closed", date(2026, 1, 2))
            anchors.append(write_anchor(folder, teller.checkpoint(session)))
    return Told(file, tuple(anchors))


@pytest.fixture
def copied(told_once: Told, tmp_path: Path) -> Callable[[str], Told]:
    """A fresh copy of the workspace, as often as one likes."""

    def copy(name: str = "audit.db") -> Told:
        target = tmp_path / name
        shutil.copy(told_once.file, target)
        return Told(target, told_once.anchors)

    return copy


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty live workspace."""
    with create_database(tmp_path / "audit.db", mode="live", at=START) as opened:
        yield opened
