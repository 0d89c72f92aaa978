"""Workflows in which something happens when it is late: a catalogue of a site, read from its files."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit_engine.actions.ticking import tick
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.queue_views import TickView
from tests.actions.live.at_work import AT, LEAD, Live
from tests.actions.live.conftest import copied, prepared

WORKFLOWS = Path(__file__).parent / "timed_workflows"
EASTER = datetime(2026, 3, 23, 9, 30, tzinfo=UTC)
"""A Monday: the audits are allocated that day, and due at 'Allocated' five working days later."""
NOTHING = (0, 0, 0, 0)
"""The counts of a run at which nothing was late."""


@pytest.fixture(scope="session")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The shipped workflows with something that happens when it is late."""
    return timed_catalogue(tmp_path_factory.mktemp("timed"))


@pytest.fixture(scope="session")
def easter_file(tmp_path_factory: pytest.TempPathFactory, timed: Catalogue) -> Path:
    """A workspace at the Monday a week and a half before Easter."""
    path = tmp_path_factory.mktemp("easter") / "workspace.db"
    prepared(path, timed, at=EASTER, quarter_="2025-26-Q4").db.close()
    return path


@pytest.fixture
def easter(easter_file: Path, tmp_path: Path, timed: Catalogue) -> Iterator[Live]:
    """Six audits, allocated that Monday."""
    live = copied(easter_file, tmp_path / "easter.db", timed)
    live.now = EASTER.replace(hour=12)
    with live.db:
        yield live


@pytest.fixture(scope="session")
def late_file(tmp_path_factory: pytest.TempPathFactory, timed: Catalogue) -> Path:
    """A workspace whose audits were allocated on Monday 8 January 2024: for what is asked of the present day."""
    path = tmp_path_factory.mktemp("late") / "workspace.db"
    prepared(path, timed, at=AT).db.close()
    return path


@pytest.fixture
def late(late_file: Path, tmp_path: Path, timed: Catalogue) -> Iterator[Live]:
    """Six audits, allocated years ago; due on 15 January 2024."""
    live = copied(late_file, tmp_path / "late.db", timed)
    with live.db:
        yield live


def timed_catalogue(folder: Path) -> Catalogue:
    """What is in force in a workspace whose files say what happens when something is late."""
    shutil.copytree(WORKFLOWS, folder / "workflows")
    return load(folder)


def noon(text: str) -> datetime:
    """Noon of a day, UTC: the day in England, too."""
    return datetime.fromisoformat(f"{text}T12:00:00").replace(tzinfo=UTC)


def ticked(live: Live, on: str, who: str = LEAD) -> TickView:
    """Run the clock at noon of a day."""
    live.now = noon(on)
    return tick(live.db, live.who(who), lambda: live.catalogue, at=live.now)


def counts(view: TickView) -> tuple[int, int, int, int]:
    """How many were reminded, told, moved and refused."""
    return view.reminded, view.told, view.moved, view.refused


def shared(live: Live, audit: str) -> None:
    """Handed in and shared on the day it is now."""
    live.move(audit, live.submitted(audit), "share")
