"""Makes the pictures of the screens that README and docs show, from the screens themselves.

Run: python -m tests.docs.pictures [FOLDER]. Everybody in them is invented. No address of a font is left in a picture.
"""

import asyncio
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from audit_engine.calendars import Quarter, now
from audit_engine.definitions.catalogue import load
from tests.actions.live.at_work import EVE, Live
from tests.actions.live.conftest import prepared
from tests.tui.conftest import At, Screens
from tui.opening import app_for

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
NOTE = "Two of the three checks were read within a day. The third arrived on 4 May and was read on 19 May."


async def _picture(live: Live, person: str, name: str, *keys: str, size: tuple[int, int] = (100, 30)) -> None:
    app = app_for(At(live, person))
    async with app.run_test(size=size) as pilot:
        screens = Screens(app, pilot)
        await screens.settle()
        for key in keys:
            if key.startswith("open "):
                await screens.go_to(key.removeprefix("open "))
            elif key.startswith("filter "):
                await screens.press("slash", *key.removeprefix("filter "), "enter")
            elif len(key) > 1 and " " in key:
                await screens.write(key)
            else:
                await screens.press(key)
        svg = app.export_screenshot(title=f"audit tui - {name}")
    app.lane.close()
    if app.seat is not None:
        app.seat.close()
    (FOLDER / f"{name}.svg").write_text(_FONT.sub("", _COMMENT.sub("", svg)))


def main() -> None:
    """Play four short stories, and keep a picture of each."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # Of today: in a picture nothing should be years overdue.
        at = now() - timedelta(hours=8)
        year, number = (at.year, at.month // 3 - (at.month % 3 == 0)) if at.month > 3 else (at.year - 1, 4)
        live = prepared(Path(folder) / "workspace.db", load(), at, str(Quarter(year, number)))
        first, second, third = live.audits[:3]
        blind = {"safe_da_assessed": "requires_improvement", "heard_seen": "outstanding"}
        live.compared(third, overall="requires_improvement", **blind)
        who = live.begun(first)
        live.grade_all(second, live.begun(second))
        asyncio.run(_picture(live, who, "queue"))
        keys = ["2", "2", "3", NOTE]
        asyncio.run(_picture(live, who, "workbench", f"open {first}", "2", "2"))
        asyncio.run(_picture(live, who, "note", f"open {first}", *keys[2:]))
        asyncio.run(_picture(live, live.auditor(second), "check", f"open {second}", "s"))
        asyncio.run(_picture(live, EVE, "compare", f"filter {third}", "down", "enter", size=(120, 34)))
        live.db.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        FOLDER = Path(sys.argv[1])
    main()
