from tests.actions.live.conftest import EVE, Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
import pytest


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_look(live: Live, sit: Sit, audit: str, size) -> None:
    import asyncio

    live.compared(audit, safe_da_assessed="good", heard_seen="requires_improvement")

    async def run():
        async with sit(live, EVE, size) as s:
            print(s.text())
            await s.press("j", "enter")
            print(s.text())
            await s.press("tab")
            print(s.text())
            await s.press("a")
            print(s.text())
            await s.write("It is not in the record.")
            await s.press("enter")
            print(s.text())
            await s.press("d")
            print(s.text())
            await s.press("escape", "R")
            print(s.text())
            await s.press("escape", "q")
            print(s.text())

    asyncio.run(run())
