"""The screens over a real workspace: keys in, screen and database out."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from audit_engine.cli.note_words import not_names
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.engine.permission import Actor
from audit_engine.records.database import Database, open_database
from tests.actions.live.at_work import Live
from tests.actions.live.conftest import audit, live, workspace
from tests.actions.live.plain import plain
from tui.app import AuditApp
from tui.opening import app_for
from tui.widgets.lines import LinesPane

__all__ = ["audit", "live", "workspace"]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The definitions in force, with audits that know of no windows: the screens play them years later."""
    return plain(load())


PATIENCE = 20.0
"""Seconds after which a screen that does not come to rest is a failure."""
S = TypeVar("S", bound=Screen[Any])


@dataclass
class At:
    """A workspace as the command line would hand it to the screens."""

    live: Live
    person: str

    def open(self, *, patience: float) -> Database:
        return open_database(self.live.address, patience=patience)

    def catalogue(self) -> Catalogue:
        return self.live.catalogue

    def sound_catalogue(self) -> Catalogue:
        return self.live.catalogue

    def actor(self, database: Database) -> Actor:
        return self.live.who(self.person)

    def not_names(self) -> frozenset[str]:
        return not_names(folder_of(self.live))


class Screens:
    """One person at the screens."""

    def __init__(self, app: AuditApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def settle(self) -> None:
        """Until every key is done with, everything asked of the lane is answered, and it is drawn."""
        quiet, deadline = 0, monotonic() + PATIENCE
        while quiet < 3:
            assert monotonic() < deadline, f"it does not come to rest:\n{self.text()}"
            await self.pilot.pause()
            await self.app.lane.ask(lambda: None)
            quiet = quiet + 1 if self.app.idle else 0
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Keys as the terminal brings them, all at once: whatever is not ready for the next must make it wait."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            character = key if len(key) == 1 else {"space": " ", "minus": "-"}.get(key)
            self.app.post_message(events.Key(name, character))
        await self.settle()

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def paste(self, text: str) -> None:
        """Paste a text, as a terminal that marks what is pasted brings it."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def go_to(self, reference: str) -> None:
        """From the queue, open one audit."""
        await self.press("slash", *reference, "enter", "enter")
        assert reference in self.text(), self.text()

    def screen(self, kind: type[S]) -> S:
        """The screen on top, which is of this kind."""
        found = self.app.screen
        assert isinstance(found, kind)
        return found

    def text(self) -> str:
        """The whole screen as a person reads it, without colour."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines)

    def pane(self, id: str) -> str:
        """All lines of a pane, those out of sight too."""
        return "\n".join(line.plain for line in self.app.screen.query_one(f"#{id}", LinesPane).shown)


Sit = Callable[..., AbstractAsyncContextManager[Screens]]


@pytest.fixture
def sit(live: Live) -> Sit:
    """Sit down as somebody: `async with sit(live, "P-5") as screens`."""

    @asynccontextmanager
    async def seated(
        live: Live, person: str, size: tuple[int, int] = (80, 24), opens: tuple[str, str] | None = None,
        *, settled: bool = True,
    ) -> AsyncIterator[Screens]:  # fmt: skip
        app = app_for(At(live, person), opens)
        try:
            async with app.run_test(size=size) as pilot:
                screens = Screens(app, pilot)
                if settled:
                    await screens.settle()
                yield screens
        finally:
            app.lane.close()
            if app.seat is not None:
                app.seat.close()

    return seated


def folder_of(live: Live) -> Path:
    """Where its file is."""
    return Path(live.address).parent
