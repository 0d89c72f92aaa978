"""One person at one audit, asked line by line: plain words, no control codes, the same when piped."""

import select
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

import click

from audit_engine.actions.command import Command
from audit_engine.calendars import now
from audit_engine.cli.talk import wrapped
from audit_engine.problems import Refused
from audit_engine.safe_text import for_terminal

if TYPE_CHECKING:
    from audit_engine.cli.workspace import Workspace
    from audit_engine.definitions.catalogue import Catalogue
    from audit_engine.engine.anonymity import Watch
    from audit_engine.engine.permission import Actor
    from audit_engine.records.database import Database
    from audit_engine.work_views import AskedRecord, Choice, InNote, WorkView

V = TypeVar("V", bound="HasTurn")


class HasTurn(Protocol):
    """A view that knows the turn of its audit."""

    @property
    def turn(self) -> int: ...


class Left(Exception):  # noqa: N818 - it is read as a word: the person left
    """The person leaves, or the input ended."""


def tell(*lines: str) -> None:
    """Lines of the conversation, each made safe: what a person once wrote cannot fake a line of ours."""
    for line in lines:
        click.echo(wrapped(for_terminal(line)))


def tell_refusal(refused: Refused) -> None:
    """What was refused, and every reason, in the order of the conversation."""
    tell(f"{refused.what[:1].upper()}{refused.what[1:]}:", *(f"  {reason.text}" for reason in refused.reasons))


def ask(prompt: str) -> str:
    """One line of answer, without spaces around it.

    Raises:
        Left: the input ended, or was interrupted.
    """
    click.echo(wrapped(for_terminal(prompt)), nl=not sys.stdin.isatty())
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        click.echo("")
        raise Left from None
    if not line:
        raise Left
    return line.strip()


def ask_text(prompt: str) -> str:
    """A note or a reason: one line. Lines pasted together at a terminal are one text, and never commands."""
    lines = [ask(prompt)]
    while lines[0] and sys.stdin.isatty() and select.select([sys.stdin], [], [], 0.05)[0]:
        more = sys.stdin.readline()
        if not more:
            break
        lines.append(more.rstrip("\n"))
    return "\n".join(lines).strip()


def ask_yes_no(prompt: str) -> bool | None:
    """Yes or no; None when the person goes back with Enter."""
    while True:
        typed = ask(f"{prompt} y yes, n no, Enter goes back: ").lower()
        if typed in ("", "y", "yes", "n", "no"):
            return typed.startswith("y") if typed else None
        tell(f"'{typed[:20]}' is neither yes nor no.")


def ask_choice(prompt: str, choices: "tuple[Choice, ...]") -> "Choice | None":
    """One of a list by its digit, its id or its label; None when the person goes back with Enter."""
    by_key = {key.lower(): one for one in choices for key in (one.key, one.id, one.label)}
    while True:
        typed = ask(prompt)
        if not typed:
            return None
        if typed.lower() in by_key:
            return by_key[typed.lower()]
        tell(f"'{typed[:40]}' is none of these. Type {_listed([one.key for one in choices])}.")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


@dataclass
class Desk:
    """Who works on which audit. Everything that is written goes through `done`."""

    workspace: "Workspace"
    reference: str
    database: "Database" = field(init=False)
    actor: "Actor" = field(init=False)
    catalogue: "Catalogue" = field(init=False)
    turn: int | None = None
    """The audit's turn when it was last seen."""
    watch: "Watch" = field(init=False, repr=False)
    """What the check of notes goes by."""

    def __post_init__(self) -> None:
        self.catalogue = self.workspace.catalogue()
        self.database = self.workspace.open()
        self.actor = self.workspace.actor(self.database)
        self.watch = self._watch()
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")

    def _watch(self) -> "Watch":
        from audit_engine.calendars import day_of
        from audit_engine.engine.anonymity import Watch
        from audit_engine.queries.names_in_notes import known_names

        with self.database.read() as session:
            return Watch(known_names(session), self.workspace.not_names(), day_of(now()))

    def in_notes(self, view: "WorkView") -> "tuple[InNote, ...]":
        """What in this person's own notes may tell who somebody is."""
        from audit_engine.queries.names_in_notes import in_notes

        return in_notes(view, self.watch)

    def see(self, query: "Callable[[Any, Actor, str], V]") -> V:
        """Read a view of the audit, and keep its turn. Raises Refused."""
        with self.database.read() as session:
            view = query(session, self.actor, self.reference)
        self.turn = view.turn
        return view

    def looked(self) -> None:
        """Write down, on the viewer's own chain, that the audit was looked at."""
        from audit_engine.actions.looking import looked
        from audit_engine.queries.looking import audit_key_of

        with self.database.read() as session:
            key = audit_key_of(session, self.reference)
        looked(self.database, self.actor, "viewed", "audit", key, at=now())

    def done(self, act: Callable[[Command], object], stamp: str = "saved") -> bool:
        """Carry out one command and say that it is saved, after the commit; or say why not and give False."""
        try:
            act(Command(turn=self.turn))
        except Refused as refused:
            tell_refusal(refused)
            return False
        if stamp:
            tell(f"{stamp} {now().astimezone().strftime('%H:%M:%S')}")
        return True

    def records(self, event: str) -> dict[str, str] | None:
        """What is to be recorded with an event, asked one after the other; None when the person goes back."""
        from audit_engine.queries.why import why

        with self.database.read() as session:
            view = why(session, self.actor, self.reference)
        said = dict[str, str]()
        for step in view.machines[0].steps:
            for record in step.records if step.event == event else ():
                given = _asked_for(record)
                if not given:
                    return None
                said[record.id] = given
        return said

    def begin(self) -> None:
        """The first line of every conversation."""
        marking = "TRAINING. " if self.database.mode == "training" else ""
        tell(f"{marking}Audit {self.reference}. You are {self.actor.reference}.")


def _asked_for(record: "AskedRecord") -> str:
    """What is said of one record; empty when the person goes back."""
    prompt = f"{record.title}: {record.how}. Enter goes back: "
    if record.choices:
        chosen = ask_choice(prompt, record.choices)
        return chosen.id if chosen is not None else ""
    return ask_text(prompt)


def leave() -> NoReturn:
    """Go out of the conversation."""
    raise Left
