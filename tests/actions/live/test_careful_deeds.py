"""Moves that record, pause, take a place or open something: exactly once, and whole or not at all."""

from pathlib import Path

import pytest

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue

from .at_work import LEAD, MAX, Live, contents
from .careful import careful
from .conftest import copied, opened, prepared, unselected
from .cutting import cut_before
from .deeds import Deed
from .test_faults import LEAST, PowerCut, power_cut


def _viewed(live: Live, audit: str) -> None:
    live.submitted(audit)
    live.move(audit, LEAD, "give_leads_view", leads_view="stands")


def _paused(live: Live, audit: str) -> None:
    live.move(audit, live.begun(audit), "pause", awaited="The order.", not_until="2024-01-08")


def _pause(live: Live, audit: str) -> None:
    live.move(audit, live.auditor(audit), "pause", awaited="The order.", not_until="2024-01-10")


def _opinion(live: Live, audit: str) -> None:
    live.move(audit, LEAD, "give_leads_view", leads_view="doubtful")


def _doubt(live: Live, audit: str) -> None:
    live.move(audit, live.auditor(audit), "doubt", "Two dates do not fit.")


DEEDS: dict[str, Deed] = {
    "pause": Deed(Live.begun, _pause),
    "resume": Deed(_paused, lambda live, audit: live.move(audit, live.auditor(audit), "resume")),
    "opinion": Deed(Live.submitted, _opinion),
    "take_a_place": Deed(_viewed, lambda live, audit: live.move(audit, MAX, "check")),
    "open_something": Deed(Live.submitted, _doubt),
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return careful(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("careful") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


@pytest.mark.parametrize("name", DEEDS)
def test_cut_off_before_each_statement(name: str, workspace: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    deed, file, whole = DEEDS[name], tmp_path / "file.db", tmp_path / "whole.db"
    with (first := copied(workspace, file, catalogue)).db:
        audit = unselected(first)
        deed.prepare(first, audit)
    before = contents(file)
    with cut_before(0, power_cut) as statements, (live := copied(file, whole, catalogue)).db:
        statements.clear()
        deed.act(live, audit)
        count = statements.index("COMMIT") + 1
    sizes = {table: len(rows) for table, rows in contents(whole).items()}
    assert count >= LEAST

    for number in range(1, count + 1):
        path, command = tmp_path / f"{number}.db", Command()
        with cut_before(number, power_cut), (live := copied(file, path, catalogue)).db:
            live.next_command = command
            with pytest.raises(PowerCut):
                deed.act(live, audit)
        assert contents(path) == before
        with (again := opened(path, catalogue)).db:
            for _ in range(2):
                again.next_command = command
                deed.act(again, audit)
            assert {table: len(rows) for table, rows in again.contents().items()} == sizes
            assert again.is_sound()
