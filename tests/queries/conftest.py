"""A workspace with a few people, some of whom hold their roles for a time only."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from audit_engine.actions.imports import import_cases, import_people
from audit_engine.actions.workspace import open_workspace
from audit_engine.exchange.lines import CaseLine, FileRead, PersonLine, RoleLine
from audit_engine.queries.people import actor_by_account
from audit_engine.records.database import Database
from tests.actions.live.conftest import catalogue, live, workspace

__all__ = ["catalogue", "live", "workspace"]  # fixtures of the live path

AT = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)
TODAY = AT.date()
PEOPLE = (
    PersonLine(2, "P-2", "Ada Moss", (RoleLine("practitioner", "Heron", "North", None, None, date(2023, 12, 31)),)),
    PersonLine(
        3,
        "P-3",
        "Ben Yarrow",
        (
            RoleLine("head_of_practice", None, "South", None, date(2024, 2, 1), None),
            RoleLine("head_of_practice", None, "North", None, date(2020, 1, 1), None),
            RoleLine("manager", "Wren", "South", "Wren", None, None),
            RoleLine("manager", "Heron", "North", "Heron", None, date(2022, 1, 1)),
            RoleLine("auditor", None, "West", None, None, None),
        ),
    ),
)
CASES = (
    CaseLine(2, "C-1", "North", "Heron", "P-2", date(2023, 4, 1), None, {"children": 2, "situational_triggers": ["a"]}),
    CaseLine(3, "C-2", "South", "Wren", None, date(2023, 4, 2), date(2023, 9, 1), {}),
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "workspace.db"
    with open_workspace(path, mode="training", account="uid:1000", reference="P-1", name="Gwen Oak", at=AT) as opened:
        with opened.read() as session:
            actor = actor_by_account(session, "uid:1000", TODAY)
        import_people(opened, actor, _file("people", PEOPLE), PEOPLE, at=AT)
        import_cases(opened, actor, _file("cases", CASES), CASES, at=AT)
        yield opened


def _file(kind: str, lines: tuple[Any, ...]) -> FileRead:
    return FileRead(kind, f"{kind}.csv", kind.encode().hex(), len(lines))
