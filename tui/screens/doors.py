"""Which screen opens for what. Each is read only when it opens: the first picture needs none of them."""

from importlib import import_module
from typing import Any

SCREENS = {
    "grade": ("tui.screens.workbench", "WorkbenchScreen"),
    "moderate": ("tui.screens.moderation", "begin_moderating"),
    "answer": ("tui.screens.reading", "ReadingScreen"),
    "steps": ("tui.screens.steps", "StepsScreen"),
}
"""Work -> what opens for it, given the audit's reference."""
MATTER = ("tui.screens.matter", "MatterScreen")
"""What opens for a matter that is shown with no audit."""


def opened(module: str, name: str, *arguments: Any) -> Any:
    """A screen of a module that is read now."""
    return getattr(import_module(module), name)(*arguments)
