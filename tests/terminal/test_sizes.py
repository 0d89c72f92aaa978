"""Windows of every size: one sentence where nothing could be read, and everything as it was once there is room."""

import random

import pytest

from tests.actions.live.at_work import Live
from tests.terminal.bytes_sent import colours
from tests.terminal.conftest import Office
from tests.tui.conftest import Sit, sit
from tests.tui.playing import played
from tui.widgets.field import Field

__all__ = ["sit"]

TYPED = "Seen alone on 3 January."
SMALL = ((1, 1), (79, 23), (80, 23), (79, 24))


def test_too_small_and_back_in_either_mode(office: Office) -> None:
    window = office.at_workbench()
    for writing in (False, True):
        if writing:
            window.keys("e")
            window.wait_for("NOTE MODE")
            window.type(TYPED)
            window.wait_for(TYPED)
        for width, height in SMALL:
            window.resize(width, height)
            if width > 1:
                window.wait_for(f"audit needs 80 x 24. This window is {width} x {height}. Your work is saved.")
            window.resize(300, 100)
            window.wait_for("? help" if not writing else "NOTE MODE", "18 Record the child")
            window.resize(80, 24)
            window.wait_for("s submit" if not writing else TYPED, "TRAINING")
    window.type(" And at school.")
    window.wait_for(f"{TYPED} And at school.")
    window.keys("Escape")
    window.wait_gone("NOTE MODE")
    assert office.note("safe.risk_identified") == f"{TYPED} And at school."
    window.keys("C-q")
    assert window.ended() == 0


def test_without_colour_nothing_is_coloured(office: Office) -> None:
    window = office.at_workbench(env={"NO_COLOR": "1"})
    window.keys("e")
    window.wait_for("NOTE MODE")
    window.keys("Escape", "2")
    window.wait_for("saved")
    window.keys("C-q")
    assert window.ended() == 0
    assert colours(window.sent()) == set()


def test_with_colour_something_is(office: Office) -> None:
    """So that the test above could fail."""
    window = office.at_workbench()
    window.keys("2")
    window.wait_for("saved")
    assert 32 in colours(window.sent())


async def storm(live: Live, sit: Sit, audit: str, count: int) -> None:
    chance = random.Random(7)  # noqa: S311 - not for secrecy
    async with sit(live, live.auditor(audit)) as screens:
        await screens.press("enter", "e")
        field = screens.app.screen.query_one("#field", Field)
        typed = ""
        for number in range(count):
            await screens.pilot.resize_terminal(chance.randint(1, 300), chance.randint(1, 100))
            if number % 10 == 0:
                await screens.pilot.resize_terminal(chance.randint(80, 300), chance.randint(24, 100))
                await screens.press("x")
                typed += "x"
        await screens.pilot.resize_terminal(80, 24)
        await screens.settle()
        assert field.text == typed
        assert screens.app.focused is field
        await screens.press("escape")
        assert "saved" in screens.text()
    assert typed in {row["note"] for row in live.ratings(audit).values()}


@played
async def test_a_storm_of_sizes(live: Live, sit: Sit, audit: str) -> None:
    await storm(live, sit, audit, 60)


@pytest.mark.long
@played
async def test_a_long_storm_of_sizes(live: Live, sit: Sit, audit: str) -> None:
    await storm(live, sit, audit, 500)
