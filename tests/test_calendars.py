"""Quarters, days and working days."""

from datetime import UTC, date, datetime

import pytest

from audit_engine.calendars import Period, day_of, quarter
from audit_engine.problems import Unusable


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
