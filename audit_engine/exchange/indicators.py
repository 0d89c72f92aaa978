"""indicators.csv: figures from elsewhere, kept as their source wrote them and never mixed with ours."""

from decimal import Decimal as Exact
from pathlib import Path

from audit_engine.definitions.mapping import Mapping
from audit_engine.exchange.cells import Decimal, Label, QuarterName, Reference, Whole, one_of
from audit_engine.exchange.columns import Declared, Layout
from audit_engine.exchange.lines import FileRead, IndicatorLine, Known
from audit_engine.exchange.reading import Once, Progress, Reading, Row
from audit_engine.safe_text import quoted

UNITS = ("percent", "count", "weeks", "days", "ratio", "pounds")
_PARTS_OF_A_WHOLE = ("percent", "count")
"""Units whose numerator is a part of the denominator. An average number of weeks may well be above one."""
_HUNDRED = 100


def read_indicators(
    path: Path,
    known: Known,
    *,
    mapping: Mapping | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
    progress: Progress | None = None,
) -> tuple[FileRead, list[IndicatorLine]]:
    """Every figure of a file, in the file's order. An empty area stands for the whole service.

    Args:
        name: How problems call the file; the path as given when None.

    Raises:
        Unusable: every problem of the file.
    """
    reading = Reading(path, _layout(known), mapping=mapping, encoding=encoding, name=name)
    once = Once(reading, "indicator", "the figure")
    figures = []
    for row in reading.rows(progress):
        if not row.wrong & {"indicator", "period", "area"}:
            once.take(row, (row.get("indicator"), row.get("period"), row.get("area")), row.get("indicator"))
        _check_figure(reading, row)
        if reading.problems:
            continue
        numbers = (row.get("numerator"), row.get("denominator"), row.get("value"))
        words = (row.get("indicator"), row.get("period"), row.get("area") or "")
        figures.append(IndicatorLine(row.number, *words, *numbers, row.get("unit"), row.get("source")))
    return reading.finished(), figures


def _layout(known: Known) -> Layout:
    areas = frozenset(known.teams.values())
    return Layout(
        "indicators",
        (
            Declared("indicator", Reference(), required=True, filled=True),
            Declared("period", QuarterName(), required=True, filled=True),
            Declared("area", Label(areas, "area", "X044", "Leave it empty for the whole service.")),
            Declared("numerator", Whole()),
            Declared("denominator", Whole()),
            Declared("value", Decimal()),
            Declared("unit", one_of(UNITS, "a unit"), required=True, filled=True),
            Declared("source", Label(what="source"), required=True, filled=True),
        ),
    )


def _check_figure(reading: Reading, row: Row) -> None:
    """Told at the first thing that does not fit: the rest would be about the same slip."""
    numerator, denominator, value = row.get("numerator"), row.get("denominator"), row.get("value")
    unit = row.get("unit")
    if row.lacks("numerator") and row.lacks("denominator") and row.lacks("value"):
        reading.tell(
            row.number, "value", "X070", "this row holds no figure", "Write a value, or a numerator and a denominator."
        )
        return
    for there, absent in (("numerator", "denominator"), ("denominator", "numerator")):
        if row.get(there) is not None and row.lacks(absent):
            message = f"the {there} {row.get(there):,} stands without a {absent}"
            reading.tell(row.number, absent, "X071", message, "Write both, or neither.")
            return
    part = unit in _PARTS_OF_A_WHOLE and numerator is not None and denominator is not None
    if part and denominator < numerator:
        message = f"the denominator {denominator:,} is smaller than the numerator {numerator:,}"
        reading.tell(row.number, "denominator", "X072", message, "Put one of the two right.")
        return
    if unit == "percent" and value is not None:
        _check_percentage(reading, row, Exact(value))


def _check_percentage(reading: Reading, row: Row, value: Exact) -> None:
    if value > _HUNDRED:
        message = f"{quoted(str(value))} is no percentage: it is above 100"
        reading.tell(row.number, "value", "X073", message, "Put the value right, or the unit.")
        return
    numerator, denominator = row.get("numerator"), row.get("denominator")
    if numerator is None or not denominator:
        return
    # One in the last place written: sources round, and not all of them alike.
    last_place = Exact(1).scaleb(int(value.as_tuple().exponent))
    exact = Exact(_HUNDRED * numerator) / denominator
    if abs(exact - value) > last_place:
        message = f"{numerator:,} of {denominator:,} is {exact:.1f} percent, not {value}"
        reading.tell(row.number, "value", "X074", message, "Put the value right, or leave it empty.")
