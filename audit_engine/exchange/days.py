"""From one cell to a day. ISO only, unless a mapping file names another way of writing: 01/02/2025 is two days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from audit_engine.calendars import day_in_words
from audit_engine.exchange.cells import day_in
from audit_engine.exchange.tally import Wrong
from audit_engine.safe_text import quoted

ISO = "YYYY-MM-DD"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Written out here: strptime reads months in the language of the machine, and two-digit years.
_FORMATS = {
    ISO: re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII),
    "DD/MM/YYYY": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    "MM/DD/YYYY": re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    "DD-MM-YYYY": re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})", re.ASCII),
    "DD Mon YYYY": re.compile(r"(?P<d>\d{1,2}) (?P<m>[A-Za-z]{3}) (?P<y>\d{4})", re.ASCII),
}
_NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", re.ASCII)
_SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?", re.ASCII)
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}.*", re.ASCII)
_SERIAL_START = date(1899, 12, 30)
"""Day 0 of a spreadsheet, as it counts since 1 March 1900."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, written in one way."""

    column: str
    """Ours, for the line of a mapping file that the help shows."""
    written: str = ISO

    def judge(self, text: str) -> date | Wrong:
        """The day."""
        match = _FORMATS[self.written].fullmatch(text)
        if match is None:
            return self._otherwise(text)
        month = match["m"]
        if not month.isdigit():
            if month.lower() not in _MONTHS:
                return Wrong(
                    "X029", f"there is no month {quoted(month)}", "Months are written Jan, Feb, Mar and so on."
                )
            month = str(_MONTHS.index(month.lower()) + 1)
        return day_in(text, match["y"], month, match["d"])

    def _otherwise(self, text: str) -> Wrong:
        if _SERIAL.fullmatch(text):
            day = day_in_words(_SERIAL_START + timedelta(days=int(text[:5])))
            message = f"{quoted(text)} is a spreadsheet's number for a day, perhaps {day}"
            return Wrong("X030", message, f"Format the column as {ISO} in the spreadsheet and save it again.")
        if self.written != ISO:
            return Wrong(
                "X028",
                f"{quoted(text)} is not a day written {self.written}, as the mapping says",
                "Put it right, or name another format under 'dates'.",
            )
        with_time = _WITH_TIME.fullmatch(text)
        if with_time:
            return Wrong("X028", f"{quoted(text)} is a day with a time", f"Write the day alone: {with_time[1]}.")
        numeric = _NUMERIC.fullmatch(text)
        if numeric:
            return self._numeric(text, int(numeric[1]), int(numeric[2]), numeric[3])
        return Wrong(
            "X028",
            f"{quoted(text)} is not a day written {ISO}",
            f"Write it like 2024-03-31, {self._mapping('DD Mon YYYY')}",
        )

    def _numeric(self, text: str, first: int, second: int, year: str) -> Wrong:
        if len(year) == 2:
            return Wrong(
                "X028", f"{quoted(text)} does not say which century", "Write all four digits of the year: 2024-03-31."
            )
        first_is_day, second_is_day = (
            not isinstance(day_in(text, year, str(m), str(d)), Wrong) for d, m in ((first, second), (second, first))
        )
        if first_is_day and second_is_day and first != second:
            message = f"{quoted(text)} could be two different days"
            return Wrong("X028", message, f"Write it like 2024-03-31, {self._mapping('DD/MM/YYYY')}")
        if not first_is_day and not second_is_day:
            return Wrong(
                "X029",
                f"there is no day {quoted(text)}, whichever number is the month",
                "Check the day and the month, and write it like 2024-03-31.",
            )
        format_ = "DD/MM/YYYY" if first_is_day else "MM/DD/YYYY"
        return Wrong(
            "X028", f"{quoted(text)} is not a day written {ISO}", f"Write it like 2024-03-31, {self._mapping(format_)}"
        )

    def _mapping(self, written: str) -> str:
        return f"or say in a mapping file how the file writes days: {{column: {self.column}, dates: {written}}}."
