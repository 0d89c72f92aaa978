"""Working days in England, and months before a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.calendars import is_working_day, months_before, working_days_after

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2023, 12, 21), 1, date(2023, 12, 22)),
        (date(2023, 12, 22), 1, date(2023, 12, 27)),  # a weekend, Christmas Day, Boxing Day
        (date(2024, 3, 28), 1, date(2024, 4, 2)),  # Good Friday, a weekend, Easter Monday
        (date(2023, 5, 5), 1, date(2023, 5, 9)),  # the coronation, a Monday
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the funeral of the Queen
        (date(2021, 12, 24), 1, date(2021, 12, 29)),  # both days of Christmas given on the Monday and Tuesday
        (date(2024, 1, 6), 5, date(2024, 1, 12)),  # from a Saturday
        (date(2024, 1, 8), 10, date(2024, 1, 22)),
    ],
)
def test_working_days(day: date, days: int, expected: date) -> None:
    assert working_days_after(day, days) == expected


def test_scottish_holidays_are_working_days_in_england() -> None:
    assert is_working_day(date(2024, 1, 2))
    assert is_working_day(date(2023, 11, 30))


@given(DAYS, st.integers(1, 60))
def test_so_many_working_days_lie_between(day: date, days: int) -> None:
    found = working_days_after(day, days)

    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert is_working_day(found)
    assert sum(map(is_working_day, between)) == days


@pytest.mark.parametrize("days", [0, -1])
def test_no_working_days_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_days_after(date(2024, 1, 1), days)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 12, 31), 12, date(2023, 12, 31)),
        (date(2024, 1, 15), 1, date(2023, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 5, 6), 0, date(2024, 5, 6)),
        (date(2024, 5, 6), 29, date(2021, 12, 6)),
    ],
)
def test_months_before(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@given(DAYS, st.integers(0, 120))
def test_months_before_is_never_later_in_the_month(day: date, months: int) -> None:
    found = months_before(day, months)

    assert (day.year * 12 + day.month) - (found.year * 12 + found.month) == months
    assert found.day <= day.day
    assert found.day == day.day or (found + timedelta(days=1)).day == 1
