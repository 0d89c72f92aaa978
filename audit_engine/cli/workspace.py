"""Which workspace a command works in, and who acts."""

import os
import pwd
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from audit_engine.calendars import day_of, now
from audit_engine.cli.talk import say
from audit_engine.problems import Reason, Refused, Unusable, nearest, unusable
from audit_engine.safe_text import hidden_characters

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit_engine.definitions.catalogue import Catalogue
    from audit_engine.engine.permission import Actor
    from audit_engine.records.database import Database

T = TypeVar("T")

FILE = "audit.toml"
KEYS = {"database", "acts_as", "checkpoints"}
MAX_BYTES = 65_536


@dataclass(frozen=True)
class Workspace:
    """One workspace folder as its audit.toml describes it."""

    folder: Path
    database: str
    """A file inside the folder, or a PostgreSQL address."""
    acts_as: str | None
    """In training: the person who acts when nobody else is named."""
    checkpoints: Path
    """Where anchors are written. Better on another disk, or with another person."""
    as_person: str | None = None

    @property
    def address(self) -> str | Path:
        """Of the database."""
        return self.database if "://" in self.database else self.folder / self.database

    def open(self, *, patience: float | None = None) -> "Database":
        """The database. Raises Unusable when it cannot be used.

        Args:
            patience: Seconds to wait for a lock another program holds; the database's own when left out.
        """
        from audit_engine.records.database import PATIENCE, open_database

        return open_database(self.address, patience=PATIENCE if patience is None else patience)

    def catalogue(self) -> "Catalogue":
        """The definitions in force here. Raises Unusable with every problem of every file."""
        from audit_engine.definitions.catalogue import load

        return load(self.folder)

    def sound_catalogue(self) -> "Catalogue":
        """The same, with what is shipped in place of the site's files while one of those has a problem."""
        from audit_engine.definitions.catalogue import load_sound

        return load_sound(self.folder)

    def not_names(self) -> frozenset[str]:
        """Words that are no names here, for the check of notes. Raises Unusable."""
        from audit_engine.cli.note_words import not_names

        return not_names(self.folder)

    def actor(self, database: "Database") -> "Actor":
        """Who acts: in training the named person, else whoever the operating system says is at the keyboard."""
        from audit_engine.queries.people import actor_by_account, actor_by_reference

        with database.read() as session:
            if database.mode == "training":
                reference = self.as_person or self.acts_as
                if reference is not None:
                    return actor_by_reference(session, reference, today())
            elif self.as_person is not None:
                text = "In a live workspace everybody acts as the person their own account is bound to. Leave --as out."
                raise Refused("cannot act as somebody else", [Reason("identity", text)])
            return actor_by_account(session, account(), today())

    def kept(self, read: "Callable[[Any], T]") -> "T":
        """What `read` finds in the database. Raises Refused for whoever is not known there."""
        database = self.open()
        self.actor(database)
        with database.read() as session:
            return read(session)

    def anchor(self, database: "Database") -> None:
        """Write the newest checkpoint outside. What was done stays done when that fails: it is said, not refused."""
        from audit_engine.actions.anchoring import anchor_newest

        try:
            anchor_newest(database, self.checkpoints)
        except Unusable as error:
            say("Saved. But the anchor of the ledger could not be written:")
            for problem in error.problems:
                say(str(problem))


def find(ctx: click.Context) -> Workspace:
    """The workspace of this call: --workspace, else AUDIT_WORKSPACE, else the nearest folder upwards.

    Raises:
        Unusable: there is none, or its audit.toml cannot be read.
    """
    told, as_person = ctx.find_root().obj
    named = told or os.environ.get("AUDIT_WORKSPACE")
    folder = Path(named) if named else _nearest_upwards(Path.cwd())
    if folder is None:
        raise unusable(
            "workspace",
            "W050",
            "there is no workspace here or in a folder above",
            "Run `audit init DIR`, or name one with --workspace DIR.",
        )
    return read(folder, as_person)


def read(folder: Path, as_person: str | None = None) -> Workspace:
    """The workspace in `folder`. Raises Unusable when its audit.toml is missing or cannot be read."""
    file = folder / FILE
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES)
        written = tomllib.loads(raw.decode())
    except FileNotFoundError:
        raise unusable(
            str(folder),
            "W050",
            f"this folder is not a workspace: it holds no {FILE}",
            f"Run `audit init {folder}`, or name another folder.",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise unusable(
            str(file), "W051", f"this file cannot be read: {reason}", 'It needs the line: database = "audit.sqlite"'
        ) from None
    for key, value in written.items():
        if key not in KEYS:
            raise unusable(str(file), "W051", f"there is no setting called '{key}'", nearest(key, KEYS))
        if not isinstance(value, str) or not value:
            raise unusable(str(file), "W051", f"the setting '{key}' must be a text in quotes")
        if hidden := hidden_characters(value):
            said = f"there is a hidden or control character in the setting '{key}' ({hidden[0][1]})"
            raise unusable(str(file), "W051", said, "Delete it and type the text again.")
    if "database" not in written:
        raise unusable(
            str(file), "W051", "the setting 'database' is missing", 'Add the line: database = "audit.sqlite"'
        )
    return Workspace(
        folder,
        written["database"],
        written.get("acts_as"),
        folder / written.get("checkpoints", "checkpoints"),
        as_person,
    )


def _nearest_upwards(start: Path) -> Path | None:
    return next((folder for folder in (start, *start.parents) if (folder / FILE).is_file()), None)


def account() -> str:
    """The operating-system account, from the system itself: the environment can say anything."""
    return f"uid:{os.getuid()}"


def account_name() -> str:
    """What the system calls the account; its number when it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return account()


def account_called(name: str) -> str:
    """The account that this machine calls `name`. Raises Unusable when it has none."""
    try:
        return f"uid:{pwd.getpwnam(name).pw_uid}"
    except KeyError:
        help_ = "Write the name that `id -un` prints for them."
        raise unusable("account", "W054", f"this machine has no account called '{name[:40]}'", help_) from None


def today() -> date:
    """The day by which roles are judged."""
    return day_of(now())
