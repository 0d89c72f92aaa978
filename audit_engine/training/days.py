"""The nine months the files cover, and their working days."""

from datetime import date, timedelta
from typing import Final

FIRST_DAY: Final = date(2023, 4, 1)
LAST_DAY: Final = date(2023, 12, 31)
"""The day the case list was taken; nothing later is known."""

_BANK_HOLIDAYS: Final = (
    *(date(2023, 4, 7), date(2023, 4, 10), date(2023, 5, 1), date(2023, 5, 8), date(2023, 5, 29)),
    *(date(2023, 8, 28), date(2023, 12, 25), date(2023, 12, 26)),
)
_FRIDAY: Final = 4


def is_working_day(day: date) -> bool:
    """Monday to Friday and, within the nine months, no bank holiday in England."""
    return day.weekday() <= _FRIDAY and day not in _BANK_HOLIDAYS


def working_days() -> list[date]:
    """All of the nine months, earliest first."""
    span = (LAST_DAY - FIRST_DAY).days + 1
    return [day for day in (FIRST_DAY + timedelta(days=i) for i in range(span)) if is_working_day(day)]


def working_day_from(day: date) -> date:
    """`day`, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_until(day: date) -> date:
    """`day`, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
