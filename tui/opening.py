"""Opens the screens: makes sure that there is a terminal, runs them, and leaves no trace of what was on them."""

import os
import sys
from typing import TYPE_CHECKING

from audit_engine.problems import unusable
from tui.app import AuditApp
from tui.screens.help import HelpScreen
from tui.screens.queue import QueueScreen
from tui.terminal import goes_away

if TYPE_CHECKING:
    from tui.desk.seat import Place


def app_for(place: "Place") -> AuditApp:
    """The program, not running yet."""
    return AuditApp(place, QueueScreen, HelpScreen)


def run(place: "Place", *, mouse: bool = True) -> None:
    """Run the screens until the person leaves.

    Raises:
        Unusable: there is no terminal.
        Exception: the mistake in the program that ended it, for whoever says so without its values.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        help_ = "Open a terminal window and type the command there; in pipes, use `audit grade AUDIT --plain`."
        raise unusable("terminal", "P010", "the screens need a terminal, and this is none", help_)
    os.umask(0o077)
    app = app_for(place)
    try:
        with goes_away(app):
            app.run(mouse=mouse)
    finally:
        app.lane.close()
        if app.seat is not None:
            app.seat.close()
    if app.failed_with is not None:
        raise app.failed_with
