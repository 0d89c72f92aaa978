"""A small invented service in a real SQLite workspace, made from the files of the training service, once per run."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel

from audit_engine.actions import imports
from audit_engine.actions.allocation import allocate
from audit_engine.actions.command import Command
from audit_engine.actions.draws import draw
from audit_engine.actions.workspace import open_workspace
from audit_engine.calendars import quarter
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.exchange.audits import read_audits
from audit_engine.exchange.cases import read_cases
from audit_engine.exchange.people import read_people
from audit_engine.queries.people import actor_by_reference, known
from audit_engine.records.database import Database, open_database
from audit_engine.records.verification import verify
from audit_engine.training import SMALL, write_service
from audit_engine.views import AllocationView, DrawView

AT = datetime(2024, 1, 8, 9, 30, tzinfo=UTC)
TODAY = AT.date()
QUARTER = quarter("2023-24-Q4")
LOCAL = "local_quality_and_impact"


@dataclass
class Round:
    """A workspace with people, cases and past audits, and what the quality lead can do in one call."""

    db: Database
    catalogue: Catalogue
    lead: Actor

    def draw(self, programme: str = LOCAL, size: int | None = 30, **how: Any) -> DrawView:
        how = {"actor": self.lead, "command": Command(), "quarter": QUARTER, "today": TODAY, "at": AT, **how}
        actor, command, asked = how.pop("actor"), how.pop("command"), how.pop("quarter")
        catalogue = how.pop("catalogue", self.catalogue)
        return draw(self.db, actor, command, catalogue, programme, asked, size=size, **how)

    def allocate(self, **how: Any) -> tuple[AllocationView, ...]:
        how = {"actor": self.lead, "command": Command(), "today": TODAY, "at": AT, **how}
        return allocate(self.db, how.pop("actor"), how.pop("command"), **how)

    def person(self, reference: str) -> Actor:
        with self.db.read() as session:
            return actor_by_reference(session, reference, TODAY)

    def rows(self, table: type[SQLModel]) -> list[Mapping[str, Any]]:
        with self.db.read() as session:
            return [dict(row) for row in session.connection().execute(select(table)).mappings()]

    def names(self, people: type[SQLModel]) -> dict[UUID, str]:
        return {row["key"]: row["reference"] for row in self.rows(people)}

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        with self.db.read() as session:
            return {
                name: len(session.connection().execute(select(*table.primary_key.columns)).all())
                for name, table in SQLModel.metadata.tables.items()
            }

    def is_sound(self) -> bool:
        found = verify(self.db)
        assert found.entries > 500
        assert not found.findings
        return found.sound


def build(folder: Path, catalogue: Catalogue, address: str | None = None) -> Path:
    """The workspace's file, made by the imports people use. With an `address` the workspace is there instead."""
    files = folder / "files"
    write_service(files, 7, SMALL)
    path = folder / "workspace.db"
    with open_workspace(
        address or path, mode="training", account="uid:1000", reference="T-1", name="Gwen Oak", at=AT
    ) as db:
        with db.read() as session:
            actor = actor_by_reference(session, "T-1", TODAY)
        imports.import_people(db, actor, *read_people(files / "people.csv"), at=AT)
        with db.read() as session:
            here = known(session)
        codebook = catalogue.codebooks["case_facts"]
        imports.import_cases(db, actor, *read_cases(files / "cases.csv", here, codebook), at=AT)
        with db.read() as session:
            here = known(session)
        read, lines = read_audits(files / "audits.csv", here, catalogue)
        imports.import_audits(db, actor, read, lines, catalogue=catalogue, at=AT)
    return path


def copied(made: Path, to: Path, catalogue: Catalogue) -> Round:
    """A copy of a workspace, to do with as a test likes."""
    shutil.copy(made, to)
    return opened(to, catalogue)


def opened(address: Path | str, catalogue: Catalogue) -> Round:
    """A workspace, and its quality lead at the keyboard."""
    db = open_database(address)
    with db.read() as session:
        return Round(db, catalogue, actor_by_reference(session, "P-00001", TODAY))
