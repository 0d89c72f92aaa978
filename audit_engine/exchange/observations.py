"""observations.csv: observed sessions. They are not audits, and are counted apart."""

from datetime import date
from pathlib import Path

from audit_engine import calendars
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.mapping import Mapping
from audit_engine.exchange.cases import check_team, fact_kind, person_pointer, team_columns
from audit_engine.exchange.cells import YES_NO, Reference
from audit_engine.exchange.columns import Declared, Layout
from audit_engine.exchange.days import Day
from audit_engine.exchange.lines import FileRead, Known, ObservationLine
from audit_engine.exchange.reading import Once, Progress, Reading, Row


def read_observations(
    path: Path,
    known: Known,
    codebook: Codebook,
    *,
    mapping: Mapping | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> tuple[FileRead, list[ObservationLine]]:
    """Every observed session of a file, in the file's order.

    Args:
        name: How problems call the file; the path as given when None.
        today: The last day on which something can have happened; the clock's when None.

    Raises:
        Unusable: every problem of the file.
    """
    last = today or calendars.day_of(calendars.now())
    reading = Reading(path, _layout(known, codebook), mapping=mapping, encoding=encoding, name=name)
    once = Once(reading, "observation", "the observation")
    observations = []
    for row in reading.rows(progress):
        reference = row.get("observation")
        if reference is not None:
            once.take(row, reference, reference)
        check_team(reading, row, known)
        _check_days(reading, row, last)
        if reading.problems:
            continue
        columns = (
            "observation",
            "practitioner",
            "team",
            "area",
            "observed_on",
            "work_type",
            "consent",
            "feedback_given_on",
        )
        observations.append(ObservationLine(row.number, *(row.get(column) for column in columns)))
    return reading.finished(), observations


def _layout(known: Known, codebook: Codebook) -> Layout:
    work_type = codebook.fact("work_type")
    work = (Declared("work_type", fact_kind(work_type)),) if work_type else ()
    return Layout(
        "observations",
        (
            Declared("observation", Reference(), required=True, filled=True),
            Declared("practitioner", person_pointer(known), required=True, filled=True),
            *team_columns(known),
            Declared("observed_on", Day("observed_on"), required=True, filled=True),
            *work,
            Declared("consent", YES_NO),
            Declared("feedback_given_on", Day("feedback_given_on")),
        ),
    )


def _check_days(reading: Reading, row: Row, last: date) -> None:
    observed, told = row.get("observed_on"), row.get("feedback_given_on")
    if observed and observed > last:
        reading.tell(row.number, "observed_on", "X050", f"{observed} has not come yet", "Put the day right.")
    if observed and told and told < observed:
        message = f"feedback was given on {told}, before the session on {observed}"
        reading.tell(row.number, "feedback_given_on", "X049", message, "Put one of the two days right.")
