"""From one cell to a day. ISO only, unless a mapping file names another way of writing: 01/02/2025 is two days."""

import re
from dataclasses import dataclass, replace
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
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})[/.\-](\d{4}|\d{2})", re.ASCII)
_WRITTEN = {("/", True): "DD/MM/YYYY", ("/", False): "MM/DD/YYYY", ("-", True): "DD-MM-YYYY"}
"""Sign between the numbers, and whether the first can be the day -> the format a mapping file would name."""
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
            return self._numeric(text, int(numeric[1]), int(numeric[3]), numeric[2], numeric[4])
        in_words = _FORMATS["DD Mon YYYY"].fullmatch(text) is not None
        return self._not_iso(text, "DD Mon YYYY" if in_words else None)

    def _numeric(self, text: str, first: int, second: int, sign: str, year: str) -> Wrong:
        if len(year) == 2:
            message = f"{quoted(text)} does not say which century"
            return Wrong("X028", message, "Write all four digits of the year, as in 2024-03-31.")
        day_first, month_first = _is_day(year, second, first), _is_day(year, first, second)
        if not day_first and not month_first:
            message = f"there is no day {quoted(text)}, whichever number is the month"
            return Wrong("X029", message, "Check the day and the month, and write it like 2024-03-31.")
        written = _WRITTEN.get((sign, day_first))
        wrong = self._not_iso(text, written)
        if day_first and month_first and first != second:
            return replace(wrong, message=f"{quoted(text)} could be two different days")
        return wrong

    def _not_iso(self, text: str, written: str | None) -> Wrong:
        words = "Write it like 2024-03-31"
        if written is not None:
            line = f"{{column: {self.column}, dates: {written}}}"
            words += f", or say in a mapping file how the file writes days: {line}"
        return Wrong("X028", f"{quoted(text)} is not a day written {ISO}", words + ".")


def _is_day(year: str, month: int, day: int) -> bool:
    return not isinstance(day_in("", year, str(month), str(day)), Wrong)
