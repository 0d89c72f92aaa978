"""Writes the files. One table of columns per file, in the shape the ordinary import reads."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from audit_engine.training.audits import Audit, involve_people, plan_audits
from audit_engine.training.cases import Case, cases_of
from audit_engine.training.facts import FACT_COLUMNS
from audit_engine.training.feedback import Feedback, feedback_of
from audit_engine.training.grades import grade_audits, moderate
from audit_engine.training.indicators import Indicator, indicators_of
from audit_engine.training.ladders import climb_ladders
from audit_engine.training.matching import allocate_auditors, match_cases
from audit_engine.training.observations import Observation, observations_of
from audit_engine.training.people import RoleLine, Staff, staff_of
from audit_engine.training.ratings import rate_audits
from audit_engine.training.size import FULL, Size
from audit_engine.training.words import CRITERIA

Row = dict[str, str]
Progress = Callable[[str, int, int], None]
"""Called with what is being made, how many are made, and how many there will be."""

_PERIOD: Final = "2023-24-Q3"


def write_service(
    folder: Path, seed: int = 20231231, size: Size = FULL, progress: Progress | None = None
) -> list[Path]:
    """Invent a whole organisation and write its six files; those already there are replaced.

    Args:
        folder: Made when it does not exist.
        seed: The same seed and size give the same bytes, on every machine.
        progress: Told about people, cases, audits and each file, with counts of them.

    Returns:
        people, cases, audits, observations, indicators and feedback, the order in which to import them.

    Raises:
        OSError: a file cannot be written.
        ValueError: the size asks for what cannot be, such as more audits than there are cases for.
    """
    tell = progress or _say_nothing
    rng = Random(seed)
    staff = staff_of(rng, size)
    headcount = len({line.person for line in staff.lines})
    tell("people", headcount, headcount)
    cases = cases_of(rng, size, staff, tell)
    audits = _audits(rng, size, staff, cases, tell)
    rows: dict[str, list[Row]] = {
        "people.csv": [_person_row(line) for line in staff.lines],
        "cases.csv": [_case_row(case) for case in cases],
        "audits.csv": [_audit_row(audit) for audit in audits],
        "observations.csv": [_observation_row(one) for one in observations_of(rng, size, staff)],
        "indicators.csv": [_indicator_row(one) for one in indicators_of(cases, staff)],
        "feedback.csv": [_feedback_row(one) for one in feedback_of(rng, audits, size)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / name, lines, tell) for name, lines in rows.items()]


def _audits(rng: Random, size: Size, staff: Staff, cases: list[Case], tell: Progress) -> list[Audit]:
    """All audits by day, complete. The steps build on each other: a grade leans on its team, evidence on the grade."""
    audits = plan_audits(rng, size)
    match_cases(rng, audits, cases, size)
    tell("audits", 0, size.audits)
    allocate_auditors(rng, audits, staff)
    involve_people(rng, audits, size)
    grade_audits(rng, audits, size, staff)
    moderate(rng, audits, size, staff)
    climb_ladders(rng, audits, size)
    rate_audits(rng, audits)
    tell("audits", size.audits, size.audits)
    return audits


def _say_nothing(what: str, done: int, of: int) -> None:
    """Nobody wants to know."""


def _write(path: Path, rows: Sequence[Row], tell: Progress) -> Path:
    # The line ends are fixed: the same bytes on every machine.
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    tell(path.name, len(rows), len(rows))
    return path


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes_no(holds: bool) -> str:
    return "yes" if holds else "no"


def _person_row(line: RoleLine) -> Row:
    return {
        "person": line.person,
        "name": line.name,
        "role": line.role,
        "team": line.team,
        "area": line.area,
        "manages_team": line.manages_team,
        "from": _day(line.since),
        "to": _day(line.until),
    }


def _case_row(case: Case) -> Row:
    row = {
        "case": case.case,
        "area": case.team.area,
        "team": case.team.name,
        "practitioner": case.practitioner,
        "law_type": case.facts.law_type,
        "work_type": case.facts.work_type,
        "opened": _day(case.opened),
        "closed": _day(case.closed),
    }
    return (
        row
        | {column: case.facts.known[column] for column in FACT_COLUMNS}
        | {
            "situational_triggers": ";".join(case.triggers_on(case.as_at)) or "none",
            "oversight_points": ";".join(case.points_on(case.as_at)) or "none",
        }
    )


def _audit_row(audit: Audit) -> Row:
    row = {
        "audit": audit.audit,
        "case": audit.case.case,
        "stream": audit.stream,
        "subject": "case",
        "graded": _yes_no(audit.graded),
        "auditor": audit.auditor,
        "audited_on": _day(audit.audited_on),
        "practice_from": _day(audit.practice_from),
        "practice_to": _day(audit.practice_to),
        "overall": audit.overall,
        "collaborative": _yes_no(audit.collaborative),
        "feedback_from": ";".join(audit.feedback_from) or "none",
        "oversight_expected": audit.oversight.expected,
        "oversight_evidence": audit.oversight.evidence,
        "oversight_impact": audit.oversight.impact,
        "supervision_expected": audit.supervision.expected,
        "supervision_evidence": audit.supervision.evidence,
        "supervision_impact": audit.supervision.impact,
        "moderator": audit.moderator,
        "moderated_on": _day(audit.moderated_on),
        "moderator_overall": audit.moderator_overall,
        "final_overall": audit.final_overall,
        "moderation_reason": audit.moderation_reason,
    }
    return row | {f"rating:{criterion}": audit.ratings.get(criterion, "") for criterion in CRITERIA}


def _observation_row(one: Observation) -> Row:
    return {
        "observation": one.observation,
        "practitioner": one.practitioner,
        "team": one.team.name,
        "area": one.team.area,
        "observed_on": _day(one.observed_on),
        "work_type": one.work_type,
        "consent": _yes_no(one.consented),
        "feedback_given_on": _day(one.feedback_given_on),
    }


def _indicator_row(one: Indicator) -> Row:
    return {
        "indicator": one.indicator,
        "period": _PERIOD,
        "area": "",
        "numerator": one.numerator,
        "denominator": one.denominator,
        "value": one.value,
        "unit": one.unit,
        "source": one.source,
    }


def _feedback_row(one: Feedback) -> Row:
    return {
        "audit_or_case": one.audit,
        "respondent": one.respondent,
        "received_on": _day(one.received_on),
        "channel": one.channel,
        "asked": "yes",
        "given": _yes_no(one.given),
        "theme": one.theme,
        "text": one.text,
    }
