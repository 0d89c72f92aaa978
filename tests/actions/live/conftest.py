"""A training workspace, made once and copied for each test: a real SQLite file, as people have it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit_engine.actions import imports
from audit_engine.actions.allocation import allocate
from audit_engine.actions.command import Command
from audit_engine.actions.draws import draw
from audit_engine.actions.workspace import open_workspace
from audit_engine.calendars import quarter
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.exchange.lines import FileRead
from audit_engine.records.database import open_database

from .at_work import (
    AT,
    AUDITS,
    LEAD,
    PROGRAMME,
    QUARTER,
    Live,
    cases,
)


def prepared(address: str | Path, catalogue: Catalogue, at: datetime = AT, quarter_: str = QUARTER) -> Live:
    """A new workspace with people, cases, and allocated audits, opened.

    Args:
        at: When it is; every case was opened five weeks before.
        quarter_: Which quarter the audits are drawn for.
    """
    db = open_workspace(address, mode="training", account="uid:1000", reference=LEAD, name="Gwen Oak", at=at)
    live = Live(db, address, catalogue, now=at)
    live.import_people()
    lines = cases((at - timedelta(days=35)).date())
    imports.import_cases(db, live.who(LEAD), FileRead("cases", "cases.csv", "c", len(lines)), lines, at=live.at())
    today = live.now.date()
    drawn = draw(
        db, live.who(LEAD), Command(), catalogue, PROGRAMME, quarter(quarter_),
        size=AUDITS, seed="heron", today=today, at=live.at(),
    )  # fmt: skip
    assert drawn.added == AUDITS
    allocate(db, live.who(LEAD), Command(), today=today, at=live.at())
    live.audits = tuple(sorted(row["reference"] for row in live.rows("audits")))
    return live


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The file every test's own is copied from."""
    path = tmp_path_factory.mktemp("live") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


def opened(file: Path, catalogue: Catalogue) -> Live:
    """A workspace that is there, an hour after it was made or after the newest thing in it."""
    live = Live(open_database(file), file, catalogue, now=AT + timedelta(hours=3))
    live.audits = tuple(sorted(row["reference"] for row in live.rows("audits")))
    return live


def copied(workspace: Path, to: Path, catalogue: Catalogue) -> Live:
    """A copy of a workspace nobody has open, opened."""
    shutil.copyfile(workspace, to)
    to.chmod(0o600)
    live = opened(to, catalogue)
    live.now = AT + timedelta(hours=1)
    return live


@pytest.fixture
def live(workspace: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Live]:
    """Six audits, allocated."""
    found = copied(workspace, tmp_path / "workspace.db", catalogue)
    with found.db:
        yield found


Workers = Callable[[list[dict[str, Any]]], list[int]]
Prepared = Callable[[str], tuple[Path, str]]


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Gives work to processes that run at the same moment, and says how each ended: see `worker`."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "tests.actions.live.worker"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def ask(parts: list[dict[str, Any]]) -> list[int]:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps(parts) + "\n")
            server.stdin.flush()
            ended: list[int] = json.loads(server.stdout.readline())
            return ended

        yield ask
        server.stdin.close()


@pytest.fixture(scope="session")
def prepared_files(workspace: Path, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Prepared:
    """For each deed a file in which it can be done, and the audit it is done to; made when first asked for."""
    folder, known = tmp_path_factory.mktemp("deeds"), dict[str, tuple[Path, str]]()

    def prepare(name: str) -> tuple[Path, str]:
        from .deeds import DEEDS

        if name not in known:
            live = copied(workspace, folder / f"{name}.db", catalogue)
            with live.db:
                known[name] = (folder / f"{name}.db", unselected(live))
                DEEDS[name].prepare(live, known[name][1])
        return known[name]

    return prepare


@pytest.fixture
def audit(live: Live) -> str:
    """One of them that the lot does not select for moderation."""
    return unselected(live)


def unselected(live: Live) -> str:
    from audit_engine.statistics.sampling import selected_for_moderation

    return next(name for name in live.audits if not selected_for_moderation("heron", name, 10))
