"""`?`: every key of a screen, found by its words, and done from there."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest

import tui.screens
from tests.actions.live.at_work import Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.keymap import KEYMAP
from tui.screens.help import HelpScreen
from tui.screens.prompt import Prompt
from tui.screens.queue import QueueScreen
from tui.screens.workbench import WorkbenchScreen
from tui.widgets.frame import Framed


def screens_with_keys() -> list[type]:
    modules = [import_module(f"tui.screens.{one.name}") for one in iter_modules(tui.screens.__path__)]
    found = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    return sorted(
        (kind for kind in found if issubclass(kind, Framed) and kind.KEYS in KEYMAP), key=lambda k: k.__name__
    )


@pytest.mark.parametrize("kind", screens_with_keys())
def test_every_line_of_the_list_can_be_done(kind: type[Framed[object]]) -> None:
    assert len(screens_with_keys()) >= 5
    for key in KEYMAP[kind.KEYS]:
        name = key.action.partition("(")[0]
        assert name.startswith("app.") or inspect.iscoroutinefunction(getattr(kind, f"action_{name}", None)), key.id


@played
async def test_a_line_is_found_by_its_words_and_done(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.auditor(audit)) as screens:
        await screens.press("?")
        screens.screen(HelpScreen)
        for words in ("leave the program", "a child may be at risk", "copy the reference"):
            assert words in screens.pane("keys")
        await screens.press(*"hold these", "enter")
        assert "No key does that here." in screens.text()
        await screens.press("escape", "?", *"only what", "enter")
        screens.screen(Prompt)
        await screens.press("escape", "?", "escape")
        screens.screen(QueueScreen)


@played
async def test_the_list_never_grades_and_the_mouse_does_what_enter_does(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.begun(audit)

    async with sit(live, auditor) as screens:
        await screens.go_to(audit)
        await screens.press("?", *"this grade", "enter")
        screens.screen(WorkbenchScreen)
        assert "Press the digit itself, 1-9" in screens.text()
        await screens.press("?", *"done: save", "enter")
        assert "does that while you write" in screens.text()
        assert live.ratings(audit) == {}
        await screens.press("?", *"note")
        await screens.pilot.click("#keys", offset=(5, 0))
        await screens.settle()
        screens.screen(WorkbenchScreen)
        assert screens.app.screen.writing  # type: ignore[attr-defined]
