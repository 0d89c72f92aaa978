"""Observed sessions: new ones are added; one that says something else than before is refused."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from audit_engine.actions.imports.comparing import (
    Plan,
    Row,
    differences,
    nobody,
    people_by_reference,
    said_otherwise,
    standing,
)
from audit_engine.exchange.lines import FileRead, ObservationLine
from audit_engine.problems import Problem, Unusable
from audit_engine.records.tables import Observation


def plan_observations(session: Session, read: FileRead, lines: Sequence[ObservationLine]) -> Plan:
    """What a list of observed sessions would add.

    Raises:
        Unusable: X091, a session imported before with other values; X092, a practitioner who is not here.
    """
    people = people_by_reference(session)
    here = {row["reference"]: row for _, row in standing(session, Observation)}
    plan, problems = Plan(inserts={Observation: []}), list[Problem]()
    for line in lines:
        if line.practitioner not in people:
            problems.append(nobody(read, line.row, "practitioner", line.practitioner))
            continue
        row, old = _row(line, people), here.get(line.reference)
        if old is None:
            plan.added += 1
            plan.add(Observation, "observation", row)
        elif old == row:
            plan.unchanged += 1
        else:
            problems.append(said_otherwise(read, line.row, "X091", "observation", list(differences(old, row))))
    if problems:
        raise Unusable(problems)
    plan.absent = len(here) - plan.unchanged
    return plan


def _row(line: ObservationLine, people: Mapping[str, UUID]) -> Row:
    return {
        "reference": line.reference,
        "practitioner": people[line.practitioner],
        "team": line.team,
        "area": line.area,
        "observed_on": line.observed_on,
        "work_type": line.work_type,
        "consent": line.consent,
        "feedback_given_on": line.feedback_given_on,
    }
