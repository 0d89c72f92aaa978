"""Opens the screens: makes sure that there is a terminal, runs them, and leaves no trace of what was on them."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from audit_engine.problems import unusable
from tui.app import AuditApp
from tui.incoming import Incoming
from tui.keymap import clashes
from tui.screens.help import HelpScreen
from tui.screens.queue import QueueScreen
from tui.terminal import TOLD_TO_END, goes_away

if TYPE_CHECKING:
    from tui.desk.seat import Place


def app_for(place: "Place", opens: tuple[str, str] | None = None) -> AuditApp:
    """The program, not running yet. `opens`: as for `run`."""
    return AuditApp(place, partial(QueueScreen, opens), HelpScreen, Incoming)


def run(place: "Place", *, mouse: bool = True, opens: tuple[str, str] | None = None) -> None:
    """Run the screens until the person leaves.

    Args:
        opens: The work (`grade`, `moderate`, `answer`) and the audit to open at once, on top of the queue.

    Raises:
        Unusable: there is no terminal, or one that cannot show them.
        Exception: the mistake in the program that ended it, for whoever says so without its values.
    """
    _refuse_what_shows_no_screens()
    if found := clashes():
        raise unusable(
            "keys", "P011", f"a key would mean two things: {'; '.join(found)}", "Give each a key of its own."
        )
    os.umask(0o077)
    app = app_for(place, opens)
    try:
        with goes_away(app):
            app.run(mouse=mouse)
    finally:
        app.lane.close()
        if app.seat is not None:
            app.seat.close()
    if app.failed_with is not None:
        raise app.failed_with
    if app.return_code == TOLD_TO_END:
        sys.exit(TOLD_TO_END)


def _refuse_what_shows_no_screens() -> None:
    """Raises Unusable where there is no terminal, or one that can only write line after line."""
    help_ = "Open a terminal window and type the command there; in pipes, use `audit grade AUDIT --plain`."
    # Standard error, too: it is where the picture is drawn, and a file given for it would hold every screen.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise unusable("terminal", "P010", "the screens need a terminal, and this is none", help_)
    if os.environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        message = "the screens need a terminal that can place its cursor, and this one says that it cannot (TERM)"
        raise unusable("terminal", "P010", message, help_.replace("in pipes", "here"))
