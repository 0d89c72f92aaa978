"""Steps that ask for records, and the place of an audit on its way, under a workflow that asks, pauses and opens."""

from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue
from tests.actions.live.at_work import LEAD, MAX, Live
from tests.actions.live.careful import careful
from tests.actions.live.conftest import prepared
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.screens.history import HistoryScreen
from tui.screens.steps import StepsScreen


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return careful(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("careful") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


@played
async def test_each_record_is_asked_for_and_a_text_is_kept_on_the_way_out(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.begun(audit)

    async with sit(live, auditor) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        assert "[HERE: Being graded 8 Jan]" in screens.text()
        assert "asks for What the audit waits for [awaited]: a sentence or more" in screens.pane("steps")
        await screens.press("home", "j", "j", "enter")
        assert "Pause the audit. What the audit waits for: a sentence or more." in screens.text()
        await screens.write("The order.")
        await screens.press("escape")
        assert "Nothing was done. What you wrote is kept." in screens.text()
        assert [row["place"] for row in live.rows("drafts")] == ["step:pause:awaited"]
        await screens.press("enter")
        assert "The order." in screens.text()
        await screens.press("enter")
        await screens.write("2024-02-30")
        await screens.press("enter")
        assert "This is no day there is." in screens.text()
        await screens.press("backspace", "backspace")
        await screens.write("10")
        await screens.press("enter")
        assert "It is now 'Paused'" in " ".join(screens.text().split())
        assert "[HERE: Paused" in screens.text()
        assert "Its time stands still:" in screens.pane("steps")

    assert live.audit(audit)["recorded"] == {
        "outcome": "unchecked", "awaited": "The order.", "not_until": "2024-02-10",
    }  # fmt: skip
    assert live.rows("drafts") == []


@played
async def test_a_word_is_chosen_by_its_digit(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit)

    async with sit(live, LEAD, (120, 40)) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("home", "j", "enter")
        assert "Say what the quality lead thinks of it. What the quality lead thinks of it?" in screens.text()
        await screens.press("2")
        assert "It is now 'Decided'" in screens.text()
        screens.app.push_screen(HistoryScreen(audit))
        await screens.settle()
        assert "What the quality lead thinks of it: doubtful." in screens.text()
        assert "[HERE: Decided" in screens.text()

    assert live.audit(audit)["recorded"]["leads_view"] == "doubtful"


@played
async def test_what_waits_on_whom_stands_with_the_way(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.submitted(audit)
    live.move(audit, LEAD, "give_leads_view", leads_view="stands")
    live.move(audit, auditor, "doubt", "Two dates do not fit.")

    async with sit(live, LEAD, (120, 40)) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        assert (
            f"Waits on the auditor of this audit ({auditor}); doubt about an audit DBT-0001 (raised):" in screens.text()
        )
        assert "opens doubt" in screens.pane("steps")
        await screens.press("G", "k", "enter", "1")
        assert "Saved: Settle it. It is at its end." in screens.text()
    assert [one["stage"] for one in live.rows("matters")] == ["settled"]
    async with sit(live, MAX) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        assert "Not you" not in screens.text()
