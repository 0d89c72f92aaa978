"""What can happen to an audit, seen and done from the screens; and its story."""

from tests.actions.live.conftest import ADA, CARA, DAN, DEE, EVE, LEAD, Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.screens.steps import StepsScreen
from tui.screens.history import HistoryScreen


@played
async def test_look(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.submitted(audit)
    for who in (auditor, LEAD):
        async with sit(live, who) as screens:
            screens.app.push_screen(StepsScreen(audit))
            await screens.settle()
            print(screens.text())
            screens.app.push_screen(HistoryScreen(audit))
            await screens.settle()
            print(screens.text())
    live.escalate(audit, auditor)
    async with sit(live, CARA) as screens:
        print(screens.text())
        await screens.press("enter")
        print(screens.text())
        await screens.press("enter")
        print(screens.text())
        await screens.press("enter")
        await screens.type("abc")
        print(screens.text())
        await screens.press("enter")
        print(screens.text())
        await screens.press("q")
        print(screens.text())
    async with sit(live, LEAD) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("enter")
        await screens.type("abc")
        await screens.press("enter")
        print(screens.text())
        await screens.press("1")
        print(screens.text())
        await screens.press("enter")
        print(screens.text())
        await screens.press("1")
        print(screens.text())
    async with sit(live, ADA) as screens:
        await screens.press("enter")
        print(screens.text())
        await screens.press("a", "1")
        print(screens.text())
        await screens.press("q")
        print(screens.text())
    assert 0
