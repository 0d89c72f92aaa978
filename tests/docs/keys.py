"""Writes docs/reference/keys.md: every key of every screen. Run it with `python -m tests.docs.keys`."""

from pathlib import Path

from tui.keymap import KEYMAP, LEAVE, Key, written

PAGE = Path("docs/reference/keys.md")
TITLES = {
    "queue": "Queue", "workbench": "Workbench", "blind": "Workbench of a blind moderator", "check": "Submit check",
    "lock": "Before the blind grades are locked", "compare": "Comparison", "finish": "Before grades are final",
    "reading": "The practitioner's reading", "steps": "What can happen", "history": "History",
    "matter": "An action, a summary, ... on a page of its own",
    "whole": "A question on a whole screen", "help": "This list, on the screen itself",
    "asked": "The questions of one criterion",
    "prompt": "Words that are asked for",
    "long_prompt": "Several paragraphs that are asked for", "choosing": "A list to choose from",
    "two_texts": "Two texts for one place",
}  # fmt: skip
INTRODUCTION = """\
# Keys

Every key of every screen of `audit tui`. This page is written by `python -m tests.docs.keys` from the table the
screens themselves are made of, and a test fails when it is out of date; another test fails when a key would mean two
things on one screen.

Three rules hold everywhere. A digit is a grade, or an answer of a list, and never anything else; `1` is the best grade
of the scale. While NOTE MODE stands at the bottom, keys are text. `Esc` goes one step out, always.

The id of a key is what a file of your own keys would name; such files are not read yet.
"""


def page() -> str:
    """The page as it should be."""
    return "\n".join([INTRODUCTION, *(line for screen in KEYMAP for line in _screen(screen))])


def _screen(screen: str) -> list[str]:
    rows = [_row(key) for key in (*KEYMAP[screen], LEAVE) if key.says]
    return [f"## {TITLES[screen]}", "", "| key | does | id |", "|---|---|---|", *rows, ""]


def _row(key: Key) -> str:
    mode = " (in NOTE MODE)" if key.mode == "note" else ""
    return f"| `{written(key)}` | {key.says}{mode} | `{key.id}` |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
