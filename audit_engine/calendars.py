"""Periods of the public financial year, working days in England, and the clock.

A quarter is named by its financial year, April to March: `2023-24-Q3` is October to December 2023.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from audit_engine.problems import unusable

_ENGLAND = ZoneInfo("Europe/London")
_NAME = re.compile(r"(\d{4})-(\d{2})-Q([1-4])", re.ASCII)
_MONTHS = ("", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a financial year."""

    year: int
    """The calendar year in which the financial year starts (2023 for 2023-24)."""
    number: int
    """1 (April to June) to 4 (January to March)."""

    def __str__(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}-Q{self.number}"

    @property
    def first_day(self) -> date:
        """First day of the quarter."""
        return date(self.year, 3 * self.number + 1, 1) if self.number < 4 else date(self.year + 1, 1, 1)

    @property
    def last_day(self) -> date:
        """Last day of the quarter."""
        return self.following.first_day - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days a figure counts: one quarter, or April to the end of that quarter."""

    quarter: Quarter
    year_to_date: bool = False

    @property
    def first_day(self) -> date:
        """First day counted."""
        return date(self.quarter.year, 4, 1) if self.year_to_date else self.quarter.first_day

    @property
    def last_day(self) -> date:
        """Last day counted."""
        return self.quarter.last_day

    @property
    def name(self) -> str:
        """A name fit for files: `2023-24-Q3` or `2023-24-Q3-year-to-date`."""
        return f"{self.quarter}-year-to-date" if self.year_to_date else str(self.quarter)

    @property
    def words(self) -> str:
        """As people say it: `October to December 2023`, `April to December 2023 (year to date)`."""
        first, last = self.first_day, self.last_day
        start = _MONTHS[first.month] if first.year == last.year else f"{_MONTHS[first.month]} {first.year}"
        words = f"{start} to {_MONTHS[last.month]} {last.year}"
        return f"{words} (year to date)" if self.year_to_date else words


def quarter(name: str) -> Quarter:
    """The quarter called `name`.

    Raises:
        Unusable: the name is not a quarter, or its two years do not follow each other.
    """
    match = _NAME.fullmatch(name.strip())
    if match is None:
        raise unusable(
            "--quarter",
            "P001",
            f"'{name[:40]}' is not a quarter",
            "Write it like 2023-24-Q3: October to December 2023.",
        )
    year, following = int(match[1]), int(match[2])
    if (year + 1) % 100 != following or not 1900 <= year <= 2199:
        right = f"{year}-{(year + 1) % 100:02d}-Q{match[3]}"
        raise unusable(
            "--quarter", "P001", f"'{name}' names two years that do not follow each other", f"Did you mean {right}?"
        )
    return Quarter(year, int(match[3]))


def quarter_of(day: date) -> Quarter:
    """The quarter a day falls in."""
    return Quarter(day.year, (day.month - 1) // 3) if day.month > 3 else Quarter(day.year - 1, 4)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def working_days_after(day: date, days: int) -> date:
    """The working day in England that comes `days` working days after `day`; days of its own do not count.

    Saturdays, Sundays and the bank holidays of England are no working days. Future ones are those the law gives now;
    a day that is proclaimed later, as for a coronation, is known to the next version of the program.

    Args:
        days: 1 or more; 1 is the next working day.

    Raises:
        ValueError: `days` is less than one.
    """
    if days < 1:
        raise ValueError("the number of working days must be at least one")
    found = day
    while days:
        found += timedelta(days=1)
        days -= is_working_day(found)
    return found


def working_day_from(day: date, days: int) -> date:
    """The working day `days` working days after `day`, or before it; with 0 `day` itself, or the next working day.

    Args:
        days: Below 0 goes back.
    """
    if days > 0:
        return working_days_after(day, days)
    found = day
    while not is_working_day(found):
        found += timedelta(days=1)
    for _ in range(-days):
        found -= timedelta(days=1)
        while not is_working_day(found):
            found -= timedelta(days=1)
    return found


def last_working_day(day: date) -> date:
    """`day` itself, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days come after `first`, up to and with `last`; below 0 when `last` comes before `first`."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def is_working_day(day: date) -> bool:
    """Whether people in England are at work on `day`."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - most commands need no working days, and it is slow to load

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def now() -> datetime:
    """The present moment, UTC, to the microsecond."""
    return datetime.now(UTC)


def day_of(at: datetime) -> date:
    """The day on which a moment falls where the service works: in England, summer time included.

    In July, half past midnight in London is still June in UTC, and would count in the wrong quarter.

    Args:
        at: With time zone.
    """
    return at.astimezone(_ENGLAND).date()


def clock(at: datetime, *, seconds: bool = False) -> str:
    """The time of day in England, as people read it: `14:02`."""
    return at.astimezone(_ENGLAND).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_in_words(day: date | None) -> str:
    """`31 December 2023`; None is `not recorded`."""
    if day is None:
        return "not recorded"
    return f"{day.day} {_MONTHS[day.month]} {day.year}"
