"""The live path's workspace under workflows that let things hang on an audit, and who does what with those."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_engine.actions.command import Command
from audit_engine.actions.matters import move_by_clock, move_matter
from audit_engine.actions.opening import open_matter
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.queries.matter_view import matter_view
from tests.actions.live.at_work import ADA, Live
from tests.actions.live.conftest import copied, prepared, unselected

from .workflows import write


@dataclass
class Following(Live):
    """A workspace in which things hang on audits."""

    def open(self, who: str, name: str, words: str = "See that it is done.", **more: Any) -> str:
        """Something is opened. Gives its reference."""
        command = more.pop("command", None) or self.command()
        return open_matter(
            self.db, self.who(who), command, name, self.catalogue, at=self.at(), words=words, **more
        )  # fmt: skip

    def event(self, reference: str, who: str, event: str, **more: Any) -> None:
        """An event of a matter."""
        command = more.pop("command", None) or self.command()
        move_matter(
            self.db, self.who(who), command, reference, event, at=self.at(), definitions=lambda: self.catalogue, **more
        )

    def clock(self, reference: str, who: str, event: str) -> None:
        """An event of a matter that is given to the clock."""
        runner, key, at = self.who(who), self.matter(reference)["key"], self.at()
        self.db.transact(
            lambda session: move_by_clock(
                session, self.db.workspace, runner, key, event, at=at, definitions=lambda: self.catalogue
            )
        )

    def matter(self, reference: str) -> dict[str, Any]:
        return self.row("matters", reference=reference)

    def person(self, reference: str) -> UUID:
        key: UUID = self.row("people", reference=reference)["key"]
        return key

    def told(self, reference: str, who: str) -> tuple[str, ...]:
        """The story of a matter as somebody hears it, without its moments."""
        with self.db.read() as session:
            view = matter_view(session, self.who(who), reference)
        return tuple(f"{line.who} as {line.role}: {' '.join(line.says)}" for line in view.story)

    # Longer ways.

    def shared(self, audit: str) -> str:
        """The audit is decided and shared. Gives back its auditor."""
        auditor = self.submitted(audit)
        self.move(audit, auditor, "share")
        return auditor

    def acting(self, audit: str) -> str:
        """An action hangs on a shared audit, owned by the manager of the case. Gives its reference."""
        return self.open(self.shared(audit), "action", "Write the safety plan anew.", hangs_on=audit)

    def evidenced(self, audit: str) -> str:
        """The evidence of an action waits for somebody else."""
        action, owner = self.acting(audit), self.owner(audit)
        self.event(action, owner, "start")
        self.event(action, owner, "tell_progress", said={"progress": "nearly"})
        self.event(action, owner, "submit_evidence", said={"evidence": "The plan is on the record."})
        return action

    def owner(self, audit: str) -> str:
        """Who manages the practitioner of an audit."""
        return str(self.row("people", key=self.audit(audit)["manager"])["reference"])

    def challenged(self, audit: str) -> str:
        """The practitioner challenges what was found. Gives the reference of the challenge."""
        self.shared(audit)
        self.answer(audit, ADA, "challenged", "I saw the children twice.")
        return str(self.row("matters", workflow="challenge")["reference"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace with workflows of its own."""
    return write(tmp_path_factory.mktemp("follow_up"))


@pytest.fixture(scope="session")
def catalogue(site: Path) -> Catalogue:
    return load(site)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The file every test's own is copied from."""
    path = tmp_path_factory.mktemp("follow_up_file") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


def following(live: Live) -> Following:
    """The same workspace, in which things hang on audits."""
    return Following(live.db, live.address, live.catalogue, live.now, live.audits)


@pytest.fixture
def live(workspace: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Following]:
    """Six audits, allocated."""
    found = following(copied(workspace, tmp_path / "workspace.db", catalogue))
    with found.db:
        yield found


@pytest.fixture
def audit(live: Following) -> str:
    """One of them that the lot does not select for moderation."""
    return unselected(live)


def again(live: Following, path: Path, catalogue: Catalogue) -> Following:
    """A copy of the workspace as it is now, at the same moment."""
    live.db.close()
    shutil.copyfile(live.address, path)
    found = following(copied(path, path.with_suffix(".copy"), catalogue))
    found.now = live.now
    return found


__all__ = ["Command", "Following", "again", "following"]
