"""Quarters, days and working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.calendars import (
    Period,
    day_of,
    is_working_day,
    last_working_day,
    quarter,
    quarter_of,
    working_day_from,
    working_days_between,
)
from audit_engine.problems import Unusable

DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2023-24-Q1", date(2023, 4, 1), date(2023, 6, 30)),
        ("2023-24-Q3", date(2023, 10, 1), date(2023, 12, 31)),
        ("2023-24-Q4", date(2024, 1, 1), date(2024, 3, 31)),
        ("1999-00-Q4", date(2000, 1, 1), date(2000, 3, 31)),
    ],
)
def test_a_quarter_is_of_the_financial_year(name: str, first: date, last: date) -> None:
    found = quarter(name)

    assert (found.first_day, found.last_day, str(found)) == (first, last, name)


def test_the_year_to_date_begins_in_april_and_says_so() -> None:
    period = Period(quarter("2023-24-Q4"), year_to_date=True)

    assert period.first_day == date(2023, 4, 1)
    assert period.words == "April 2023 to March 2024 (year to date)"
    assert period.name == "2023-24-Q4-year-to-date"


@pytest.mark.parametrize(
    "name", ["2023-24-Q5", "2023-25-Q1", "2023-24", "Q3", "", "２０２３-24-Q1", "2023-24-Q1 OR 1=1"]
)
def test_what_is_no_quarter_is_refused(name: str) -> None:
    with pytest.raises(Unusable, match="P001"):
        quarter(name)


def test_half_past_midnight_in_a_london_july_is_july() -> None:
    """In UTC it is still June, which would be another quarter."""
    assert day_of(datetime(2024, 6, 30, 23, 31, tzinfo=UTC)) == date(2024, 7, 1)
    assert day_of(datetime(2024, 12, 31, 23, 31, tzinfo=UTC)) == date(2024, 12, 31)


# --- quarters by their days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 3, 31), "2025-26-Q4"),
        (date(2026, 4, 1), "2026-27-Q1"),
        (date(2025, 12, 31), "2025-26-Q3"),
        (date(2026, 1, 1), "2025-26-Q4"),
        (date(1999, 12, 31), "1999-00-Q3"),
    ],
)
def test_a_day_is_in_its_quarter(day: date, name: str) -> None:
    assert str(quarter_of(day)) == name


@given(DAYS)
def test_every_day_is_in_one_quarter_and_the_next_begins_when_it_ends(day: date) -> None:
    found = quarter_of(day)

    assert found.first_day <= day <= found.last_day
    assert found.following.first_day == found.last_day + timedelta(days=1)
    assert quarter_of(found.following.first_day) == found.following
    assert quarter(str(found)) == found


# --- working days ---------------------------------------------------------------------------------------------------

WITHOUT_WORK = (
    date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4),
    date(2026, 5, 25), date(2026, 8, 31), date(2021, 12, 27), date(2021, 12, 28), date(2022, 1, 3), date(2022, 9, 19),
)  # fmt: skip
"""Bank holidays of England, substitutes for a weekend's and one that was proclaimed among them."""


@pytest.mark.parametrize("day", WITHOUT_WORK)
def test_nobody_works_on_a_bank_holiday_of_england(day: date) -> None:
    assert not is_working_day(day)


def test_what_is_a_holiday_elsewhere_is_a_working_day_in_england() -> None:
    assert is_working_day(date(2026, 1, 2))  # Scotland's
    assert is_working_day(date(2026, 3, 17))  # Northern Ireland's
    assert is_working_day(date(2025, 12, 24))


@pytest.mark.parametrize(
    ("day", "days", "found"),
    [
        (date(2025, 12, 24), 0, date(2025, 12, 24)),
        (date(2025, 12, 25), 0, date(2025, 12, 29)),
        (date(2025, 12, 24), 1, date(2025, 12, 29)),
        (date(2025, 12, 24), 3, date(2025, 12, 31)),
        (date(2025, 12, 24), 4, date(2026, 1, 2)),  # across the year's end
        (date(2026, 1, 2), -1, date(2025, 12, 31)),
        (date(2025, 12, 28), -1, date(2025, 12, 24)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # across Easter
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 5, 1), 1, date(2026, 5, 5)),
        (date(2026, 5, 22), 1, date(2026, 5, 26)),
    ],
)
def test_so_many_working_days_from_a_day(day: date, days: int, found: date) -> None:
    assert working_day_from(day, days) == found


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2025, 12, 24), date(2026, 1, 2), 4),
        (date(2026, 1, 2), date(2025, 12, 24), -4),
        (date(2026, 4, 2), date(2026, 4, 6), 0),
        (date(2026, 4, 2), date(2026, 4, 7), 1),
        (date(2026, 4, 3), date(2026, 4, 3), 0),
    ],
)
def test_working_days_between_two_days(first: date, last: date, days: int) -> None:
    assert working_days_between(first, last) == days


@given(DAYS, st.integers(-70, 70))
def test_going_so_many_working_days_comes_to_a_working_day_so_far_away(day: date, days: int) -> None:
    found = working_day_from(day, days)

    assert is_working_day(found)
    assert working_days_between(last_working_day(day), working_day_from(last_working_day(day), days)) == days
    if days > 0:
        assert working_days_between(day, found) == days


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))

    assert working_days_between(first, middle) + working_days_between(middle, last) == working_days_between(first, last)
    assert working_days_between(last, first) == -working_days_between(first, last)


@given(DAYS)
def test_the_last_working_day_is_the_newest_that_is_not_after(day: date) -> None:
    found = last_working_day(day)

    assert is_working_day(found)
    assert found <= day
    assert working_days_between(found, day) == 0


# --- where the clocks change ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # Summer time begins on 29 March 2026 at 01:00 and ends on 25 October 2026 at 01:00, both UTC.
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 26, 0, 30, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_day_in_england_where_the_clocks_change(at: datetime, day: date) -> None:
    assert day_of(at) == day
