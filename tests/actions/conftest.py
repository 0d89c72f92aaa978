"""A small invented service in a real SQLite file: six people, four cases, three past audits."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from audit_engine.actions import imports
from audit_engine.actions.imports import ImportPreview, ImportResult
from audit_engine.actions.workspace import open_workspace
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.engine.permission import Actor
from audit_engine.exchange.lines import (
    AuditLine,
    CaseLine,
    FactValue,
    FileRead,
    IndicatorLine,
    ModerationLine,
    ObservationLine,
    PersonLine,
    RatingLine,
    RoleLine,
)
from audit_engine.queries.people import actor_by_account, actor_by_reference
from audit_engine.records.database import Database
from audit_engine.records.ledger import EntryLine, story
from audit_engine.records.verification import verify

AT = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)
TODAY = AT.date()
KINDS = ("people", "cases", "audits", "observations", "indicators")


def role(name: str, team: str | None = None, area: str | None = None, **more: Any) -> RoleLine:
    return RoleLine(name, team, area, more.get("manages"), more.get("since", date(2019, 1, 7)), more.get("until"))


def people() -> list[PersonLine]:
    return [
        PersonLine(2, "P-2", "Ada Moss", (role("practitioner", "North Heron", "North"),)),
        PersonLine(3, "P-3", "Ben Yarrow", (role("practitioner", "North Wren", "North", until=date(2024, 3, 29)),)),
        PersonLine(4, "P-4", "Cara Æsc", (role("manager", "North Heron", "North", manages="North Heron"),)),
        PersonLine(5, "P-5", "Dee Flint", (role("auditor"),)),
        PersonLine(6, "P-6", "Eli Marsh", (role("head_of_practice", area="North"), role("auditor", area="North"))),
        PersonLine(8, "P-7", "Fay Reed", (role("quality_lead"),)),
    ]


def cases() -> list[CaseLine]:
    facts: dict[str, FactValue] = {
        "law_type": "public",
        "children": 2,
        "da_disclosed": True,
        "situational_triggers": ["moved", "risk"],
    }
    return [
        CaseLine(n + 1, f"C-{n}", "North", "North Heron", "P-2" if n != 4 else None, date(2023, 4, n), None, facts)
        for n in (1, 2, 3, 4)
    ]


def moderation(decided: str | None) -> ModerationLine:
    return ModerationLine("P-6", date(2023, 12, 8), "good", decided, "Talked it through.")


def audit(number: int, **other: Any) -> AuditLine:
    ratings = (
        RatingLine("safe.risk_identified", "expected", grade="good"),
        RatingLine("heard.seen", "not_expected_by_judgement", reason="too_young"),
        RatingLine("ov.mgmt_oversight", "expected", grade="requires_improvement", evidence="partly", impact="yes"),
    )
    line = AuditLine(
        row=number + 1, reference=f"A-{number}", case=f"C-{number}", stream="local", subject="case", graded=True,
        auditor="P-5", audited_on=date(2023, 11, number), practice_from=date(2023, 5, 1), practice_to=None,
        overall="good", final_overall="good", collaborative=True, feedback="given", feedback_from=("child", "carer"),
        ratings=ratings, moderation=None, as_found=None, rubric="quality_and_impact",
        facts={"law_type": "public", "weeks_open": 20 + number, "situational_triggers": ["moved"]},
        area="North", team="North Heron", practitioner="P-2",
    )  # fmt: skip
    return replace(line, **other)


def audits() -> list[AuditLine]:
    learning = audit(3, graded=False, overall=None, final_overall=None, feedback=None, feedback_from=None)
    return [
        audit(1),
        audit(2, final_overall="requires_improvement", moderation=moderation("requires_improvement")),
        learning,
    ]


def observations() -> list[ObservationLine]:
    return [
        ObservationLine(n + 1, f"O-{n}", "P-2", "North Heron", "North", date(2023, 10, n), "s31", n == 1, None)
        for n in (1, 2)
    ]


def indicators() -> list[IndicatorLine]:
    return [
        IndicatorLine(2, "caseload", "2023-24-Q3", "", None, None, "19.3", "cases", "Workforce return"),
        IndicatorLine(3, "training", "2023-24-Q3", "North", 97, 100, None, "people", "Learning system"),
    ]


LINES: dict[str, Callable[[], list[Any]]] = {
    "people": people, "cases": cases, "audits": audits, "observations": observations, "indicators": indicators,
}  # fmt: skip


def file_of(kind: str, lines: Sequence[Any]) -> FileRead:
    """The file that holds these lines: other lines, another digest."""
    return FileRead(kind, f"{kind}.csv", hashlib.sha256(repr(lines).encode()).hexdigest(), len(lines))


@dataclass
class Service:
    """A workspace, the person at the keyboard, and what they can do in one call."""

    db: Database
    path: Path
    actor: Actor
    catalogue: Catalogue
    told: list[tuple[int, int]] = field(default_factory=list)
    """What progress said."""

    def bring_in(self, kind: str, lines: Sequence[Any] | None = None, **how: Any) -> ImportResult:
        """Import lines of a kind; the usual ones unless told."""
        lines = LINES[kind]() if lines is None else lines
        how = {"at": AT, "progress": lambda done, of: self.told.append((done, of))} | how
        if kind == "audits":
            how["catalogue"] = self.catalogue
        actor = how.pop("actor", self.actor)
        result = getattr(imports, f"import_{kind}")(self.db, actor, file_of(kind, lines), lines, **how)
        assert isinstance(result, ImportResult)
        return result

    def preview(self, kind: str, lines: Sequence[Any], actor: Actor | None = None) -> ImportPreview:
        read = file_of(kind, lines)
        return imports.preview(self.db, actor or self.actor, read, lines, at=AT, catalogue=self.catalogue)

    def bring_in_all(self) -> None:
        for kind in KINDS:
            self.bring_in(kind)

    def person(self, reference: str) -> Actor:
        with self.db.read() as session:
            return actor_by_reference(session, reference, TODAY)

    def row(self, table: type[SQLModel], **where: Any) -> dict[str, Any]:
        """The one row of a table that has these values."""
        rows = [r for r in self.rows(table) if all(r[name] == value for name, value in where.items())]
        assert len(rows) == 1
        return rows[0]

    def rows(self, table: type[SQLModel]) -> list[dict[str, Any]]:
        with self.db.read() as session:
            return [dict(row) for row in session.connection().execute(select(table)).mappings()]

    def story(self, table: type[SQLModel], **where: Any) -> list[EntryLine]:
        with self.db.read() as session:
            return story(session, self.row(table, **where)["key"])

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table as the file holds it."""
        connection = sqlite3.connect(self.path)
        try:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for (name,) in tables}
        finally:
            connection.close()

    def is_sound(self) -> bool:
        """Whether `verify` finds nothing, having looked at something."""
        verified = verify(self.db)
        assert verified.entries > 0
        assert verified.checkpoints > 0
        assert not verified.findings
        return verified.sound


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture
def service(tmp_path: Path, catalogue: Catalogue) -> Iterator[Service]:
    """A training workspace with its first person only."""
    path = tmp_path / "workspace.db"
    with open_workspace(path, mode="training", account="uid:1000", reference="P-1", name="Gwen Oak", at=AT) as db:
        with db.read() as session:
            actor = actor_by_account(session, "uid:1000", TODAY)
        yield Service(db, path, actor, catalogue)


@pytest.fixture
def full(service: Service) -> Service:
    """A training workspace into which every kind of file was imported."""
    service.bring_in_all()
    return service
