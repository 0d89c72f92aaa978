"""Collects what is wrong in one file, and says it once: sorted, bounded, every kind of problem among what is shown.

A million bad cells must neither fill the memory nor take minutes to word, so places are kept up to a bound, the
rest are counted, and help that has to be looked for is looked for only when it is shown.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from audit_engine.problems import Place, Problem, Unusable
from audit_engine.safe_text import for_terminal, shortened

LISTED = 200
"""Problems shown for one file. What is left over is one line with their number."""
KEPT = 5_000
"""Problems whose place is remembered. Rows come in order, so these are the first, and the first of each code."""

_COLUMN = 80
"""Characters of a column's name that are shown."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one value: a problem that has no place yet."""

    code: str
    message: str
    help: str | Callable[[], str]
    """A function where the words have to be looked for."""


TOLD = Wrong("X016", "the mapping gives this cell a value that cannot be", "")
"""For every cell that a bad translation of the mapping touches: the mapping has been told of, and that is enough."""


@dataclass(frozen=True, slots=True)
class _Found:
    row: int | None
    column: str | None
    wrong: Wrong

    @property
    def order(self) -> tuple[int, str, str, str]:
        return (self.row or 0, self.column or "", self.wrong.code, self.wrong.message)


class _Rest(Problem):
    """How many problems are not shown. About the whole file, and yet it stands after all others."""

    @property
    def order(self) -> tuple[str, int, str]:
        return (self.place.file, sys.maxsize, "")


class Tally:
    """The problems of one file."""

    def __init__(self, name: str) -> None:
        self.name = for_terminal(name)
        """How the file is called in every problem."""
        self.count = 0
        self._kept: list[_Found] = []
        self._codes: set[str] = set()

    def add(self, wrong: Wrong, row: int | None = None, column: str | None = None) -> None:
        """One more problem: about the whole file when `row` is None, about a whole row when `column` is."""
        self.count += 1
        if len(self._kept) < KEPT or wrong.code not in self._codes:
            self._codes.add(wrong.code)
            self._kept.append(_Found(row, column, wrong))

    def raise_any(self) -> None:
        """Raise Unusable with everything collected; nothing happens when that is nothing."""
        if self.count:
            raise Unusable(self._problems())

    def _problems(self) -> list[Problem]:
        shown = self._shown()
        problems = [_worded(self.name, found) for found in shown]
        left = self.count - len(shown)
        if left:
            message = f"and {left:,} more problem{'s' if left > 1 else ''} of the same kinds"
            problems.append(_Rest(Place(self.name), "X099", message, "Put these right, and read the file again."))
        return problems

    def _shown(self) -> list[_Found]:
        ordered = sorted(self._kept, key=lambda found: found.order)
        first_of_code: dict[str, int] = {}
        for place, found in enumerate(ordered):
            first_of_code.setdefault(found.wrong.code, place)
        # One of every code comes first, or "of the same kinds" would not be true of what is left.
        chosen = set(list(first_of_code.values())[:LISTED])
        for place in range(len(ordered)):
            if len(chosen) >= LISTED:
                break
            chosen.add(place)
        return [ordered[place] for place in sorted(chosen)]


def _worded(name: str, found: _Found) -> Problem:
    wrong = found.wrong
    words = wrong.help if isinstance(wrong.help, str) else wrong.help()
    column = None if found.column is None else for_terminal(shortened(found.column, _COLUMN))
    return Problem(Place(name, found.row, column), wrong.code, wrong.message, words)
