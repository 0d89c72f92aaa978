"""A workspace folder as a person has it, and terminals to open it in."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load
from tests.actions.live.at_work import LEAD, Live
from tests.actions.live.conftest import audit, live, workspace
from tests.actions.live.plain import plain, put_into
from tests.terminal.tmux import Terminal

__all__ = ["audit", "live", "workspace"]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The definitions in force, with audits that know of no windows: the screens play them years later."""
    return plain(load())


@dataclass
class Office:
    """A workspace folder, who audits what in it, and the windows that people have open."""

    folder: Path
    live: Live
    audit: str
    _open: ExitStack

    @property
    def auditor(self) -> str:
        """Whose audit it is."""
        return self.live.auditor(self.audit)

    def command(self, who: str | None = None, *more: str) -> list[str]:
        """`audit tui`, as a person."""
        workspace = ["--workspace", str(self.folder)]
        return [sys.executable, "-m", "audit_engine.cli", *workspace, "--as", who or self.auditor, "tui", *more]

    def terminal(self) -> Terminal:
        """A window with nothing in it."""
        return self._open.enter_context(Terminal(self.folder))

    def sit(
        self, who: str | None = None, size: tuple[int, int] = (80, 24), *, env: Mapping[str, str] | None = None
    ) -> Terminal:
        """A window in which somebody has opened the screens and sees their queue."""
        window = self.terminal()
        window.start(self.command(who), size, env=env)
        window.wait_for("Work queue", "To do", "? help")
        return window

    def at_workbench(
        self, size: tuple[int, int] = (80, 24), *, audit: str | None = None, env: Mapping[str, str] | None = None
    ) -> Terminal:
        """A window in which the auditor has opened the audit."""
        audit = audit or self.audit
        window = self.sit(self.live.auditor(audit), size, env=env)
        self.open(window, audit)
        return window

    def open(self, window: Terminal, audit: str | None = None) -> None:
        """From the queue to the audit."""
        window.keys("/")
        window.wait_for("Show only what holds")
        window.type(audit or self.audit)
        window.keys("Enter")
        window.wait_for(f"filter: {audit or self.audit}", f"> {audit or self.audit}")
        window.keys("Enter")
        window.wait_for(f"{audit or self.audit} ", "done", "0 n/a")

    def note(self, criterion: str) -> str | None:
        """The note that is on disk."""
        note: str | None = self.live.ratings(self.audit)[criterion]["note"]
        return note

    def drafts(self) -> dict[str, str]:
        """What is kept of texts that are not finished, by place."""
        return {row["place"]: row["text"] for row in self.live.rows("drafts")}


Offices = Callable[[], Office]


@pytest.fixture
def office(live: Live, audit: str, tmp_path: Path) -> Iterator[Office]:
    """Six audits, allocated, in a training workspace."""
    tmp_path.chmod(0o700)
    put_into(tmp_path)
    (tmp_path / "audit.toml").write_text(f'database = "{Path(live.address).name}"\nacts_as = "{LEAD}"\n')
    with ExitStack() as windows:
        yield Office(tmp_path, live, audit, windows)
