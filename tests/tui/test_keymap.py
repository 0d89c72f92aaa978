"""The keymap is data: no clash, no dead key, help never cut, and no screen takes bare text."""

import ast
from pathlib import Path

import pytest

from tui import keymap
from tui.drawing.frame import footer
from tui.keymap import KEYMAP, Key, bindings, clashes, hints, written

TUI = Path(keymap.__file__).parent
SCREENS = {
    "queue": "tui.screens.queue:QueueScreen",
    "workbench": "tui.screens.workbench:WorkbenchScreen",
    "blind": "tui.screens.moderation:BlindWorkbench",
    "asked": "tui.screens.asked:AskedScreen",
    "check": "tui.screens.check:CheckScreen",
    "lock": "tui.screens.check:LockScreen",
    "finish": "tui.screens.finish:FinishScreen",
    "compare": "tui.screens.compare:CompareScreen",
    "reading": "tui.screens.reading:ReadingScreen",
    "steps": "tui.screens.steps:StepsScreen",
    "matter": "tui.screens.matter:MatterScreen",
    "history": "tui.screens.history:HistoryScreen",
    "whole": "tui.screens.whole:WholeScreen",
    "help": "tui.screens.help:HelpScreen",
    "prompt": "tui.screens.prompt:Prompt",
    "long_prompt": "tui.screens.prompt:LongPrompt",
    "choosing": "tui.screens.choosing:Choosing",
    "two_texts": "tui.screens.two_texts:TwoTexts",
}


def test_no_key_means_two_things() -> None:
    assert clashes() == []


def test_a_clash_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = (*KEYMAP["queue"], Key("queue.other", ("enter",), "other", "x"), Key("queue.nine", ("9",), "other", "x"))
    monkeypatch.setattr(keymap, "KEYMAP", {**KEYMAP, "queue": twice})

    assert clashes() == [
        "on the screen queue, enter means both queue.open and queue.other",
        "on the screen queue, the digit 9 is no answer but queue.nine",
    ]


@pytest.mark.parametrize("screen", KEYMAP)
def test_every_key_does_something_on_its_screen(screen: str) -> None:
    module, _, name = SCREENS[screen].partition(":")
    found = getattr(__import__(module, fromlist=[name]), name)

    assert screen == found.KEYS
    for key in KEYMAP[screen]:
        action = key.action.partition("(")[0]
        assert action == "app.leave" or callable(getattr(found, f"action_{action}", None)), key.id


@pytest.mark.parametrize("screen", KEYMAP)
def test_every_binding_has_an_id_and_no_two_share_one(screen: str) -> None:
    ids = [binding.id for binding in bindings(screen)]

    assert all(ids)
    assert len(ids) == len(set(ids))


ASKING = ("help", "prompt", "long_prompt", "choosing", "two_texts")
"""They ask one thing, and say all their keys."""


@pytest.mark.parametrize("screen", ASKING)
def test_a_question_says_all_its_keys_at_80_columns(screen: str) -> None:
    for mode in ("note", "list"):
        offered = [
            (key, f"{word} (your words are kept)" if (word == "back") else word) for key, word in hints(screen, mode)
        ]
        shown = footer(offered, 80, label="NOTE MODE").plain
        assert all(f"{key} {word}" in shown for key, word in offered)
        assert len(shown.rstrip()) <= 80


@pytest.mark.parametrize("screen", [screen for screen in KEYMAP if screen not in ASKING])
@pytest.mark.parametrize("width", [80, 100, 120])
def test_help_comes_first_in_the_footer_and_nothing_is_cut(screen: str, width: int) -> None:
    shown = footer(list(hints(screen)), width).plain

    assert shown.startswith(" ? help")
    assert len(shown.rstrip()) <= width
    offered = [f"{key} {word}" for key, word in hints(screen)]
    told = shown.strip().split("  ")
    assert told == offered[: len(told)]
    assert len(told) >= min(4, len(offered))


def test_what_help_lists_can_be_told_apart() -> None:
    for keys in KEYMAP.values():
        says = [key.says for key in keys if key.says]
        assert len(says) == len(set(says))
        assert all(written(key) for key in keys)


STOCK = {
    "Header",
    "Footer",
    "DataTable",
    "Input",
    "Label",
    "Button",
    "Markdown",
    "Tree",
    "OptionList",
    "RichLog",
    "Log",
}


@pytest.mark.parametrize("file", sorted(TUI.rglob("*.py")), ids=lambda file: str(file.relative_to(TUI)))
def test_no_widget_is_given_bare_text(file: Path) -> None:
    """Text from people could be markup or steer the terminal: only lines that were made safe are drawn."""
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets"):
            assert not STOCK & {name.name for name in node.names}, ast.unparse(node)
            if file.name not in ("manners.py", "field.py"):
                pytest.fail(f"only the two safe widgets are made of textual's: {ast.unparse(node)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, first = node.func.attr, node.args[0] if node.args else None
            if name == "from_markup":
                pytest.fail(f"no markup: {ast.unparse(node)}")
            if name in ("show", "update") and isinstance(first, ast.Constant | ast.JoinedStr):
                pytest.fail(f"bare text is drawn: {ast.unparse(node)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Content" and node.args:
            # Content(text) is only right for our own words; what people wrote goes through words().
            assert isinstance(node.args[0], ast.Constant | ast.BinOp | ast.Call), ast.unparse(node)
            if isinstance(node.args[0], ast.Call):
                assert ast.unparse(node.args[0].func) == "for_terminal", ast.unparse(node)
