"""What the program says when something cannot be used or is not allowed. Imports nothing of ours.

Two things go wrong, and only two: an input cannot be used (`Unusable`, exit code 2, every problem at
once) or the rules say no (`Refused`, exit code 1, every reason at once).
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file. YAML counts lines and columns from 1; a table counts rows from 1 (the heading is row 1)."""

    file: str
    line: int | None = None
    column: int | str | None = None
    """A number for text, the column's name for a table, None where only the line is known."""

    def __str__(self) -> str:
        if self.line is None:
            return self.file
        if isinstance(self.column, str):
            return f"{self.file}: row {self.line}, column {self.column!r}"
        if self.column is None:
            return f"{self.file}: row {self.line}"
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in an input, and what to do about it."""

    place: Place
    code: str
    """Stable, listed in docs/reference/problems.md."""
    message: str
    help: str = ""

    def __str__(self) -> str:
        line = f"{self.place}: {self.code} {self.message}"
        return f"{line}\n    help: {self.help}" if self.help else line

    @property
    def order(self) -> tuple[str, int, str]:
        """For sorting: file, then line, then the rest."""
        return (self.place.file, self.place.line or 0, f"{self.place.column!s:>9}{self.code}{self.message}")


class Unusable(Exception):  # noqa: N818 - it is read as a word: the input is unusable
    """An input cannot be used. Nothing was changed. Carries every problem, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda problem: problem.order))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unusable(file: str, code: str, message: str, help: str = "") -> Unusable:
    """One problem about a whole file or folder."""
    return Unusable([Problem(Place(file), code, message, help)])


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the engine says no: the rule's name and the sentence a person reads."""

    rule: str
    text: str


class Refused(Exception):  # noqa: N818 - it is read as a word: the engine refused
    """The rules say no. Nothing was changed. Carries every reason, not the first."""

    def __init__(self, what: str, reasons: Iterable[Reason]) -> None:
        self.what = what
        self.reasons: tuple[Reason, ...] = tuple(reasons)
        super().__init__(f"{what}: " + "; ".join(reason.text for reason in self.reasons))


def nearest(word: str, known: Iterable[str]) -> str:
    """A help sentence naming the nearest known word, or the known words when there are few, or nothing."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if 0 < len(choices) <= 8:
        return f"Known here: {', '.join(choices)}."
    return ""
