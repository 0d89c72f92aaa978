"""Which policy a piece of work is judged by: that of the days on which it was done."""

from dataclasses import dataclass
from datetime import date

from audit_engine.definitions.criteria import InForce


@dataclass(frozen=True, slots=True)
class Practice:
    """The days of the work that is looked at, both included; None where a day is not known."""

    first: date | None = None
    last: date | None = None

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and last day, one standing for both where only one is known; None where neither is."""
        first, last = self.first or self.last, self.last or self.first
        return None if first is None or last is None else (first, last)


NOT_KNOWN = Practice()


@dataclass(frozen=True, slots=True)
class Held:
    """Whether something was in force: all the time (True), at no time (False), or not known (None)."""

    held: bool | None
    straddles: bool = False
    """A part of the work was done on days on which it was not in force."""


def in_force(window: InForce | None, practice: Practice) -> Held:
    """Whether a wording or criterion applies to work of these days. In part is enough, and is told."""
    if window is None:
        return Held(True)
    if practice.span is None:
        return Held(None)
    first, last = practice.span
    before = window.since is not None and last < window.since
    after = window.until is not None and first > window.until
    if before or after:
        return Held(False)
    begins_inside = window.since is not None and first < window.since
    ends_inside = window.until is not None and last > window.until
    return Held(True, straddles=begins_inside or ends_inside)


def days_in_words(window: InForce) -> str:
    """When something is in force, as a part of a sentence."""
    if window.since is not None and window.until is not None:
        return f"in force from {window.since} to {window.until}"
    return f"in force since {window.since}" if window.since is not None else f"in force until {window.until}"
