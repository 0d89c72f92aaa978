import asyncio
from tests.tui.conftest import *
async def go(live, sit, audit):
    who = live.auditor(audit)
    async with sit(live, who) as s:
        print(s.text())
        await s.press("enter")
        print(s.text())
        await s.press("2","2","3")
        print(s.text())
        await s.press("q")
        print(s.text())
def test_try(live, sit, audit):
    asyncio.run(go(live, sit, audit))
