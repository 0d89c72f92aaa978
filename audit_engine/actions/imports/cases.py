"""Case lists: new cases are added, changed ones keep their history, absent ones stay."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from audit_engine.actions.imports.comparing import (
    Plan,
    Row,
    differences,
    names_of,
    nobody,
    people_by_reference,
    standing,
)
from audit_engine.exchange.lines import CaseLine, FileRead
from audit_engine.problems import Problem, Unusable
from audit_engine.records.tables import Case


def plan_cases(session: Session, read: FileRead, lines: Sequence[CaseLine]) -> Plan:
    """What a case list would change. A fact the list no longer holds is no longer known; the ledger keeps it.

    Raises:
        Unusable: X092, a practitioner who is not here.
    """
    people = people_by_reference(session)
    problems = _strangers(read, lines, people)
    if problems:
        raise Unusable(problems)
    here = {row["reference"]: (key, row) for key, row in standing(session, Case)}
    names, plan = names_of(people), Plan(inserts={Case: []})
    for line in lines:
        row = _row(line, people)
        found = here.get(line.reference)
        if found is None:
            plan.added += 1
            plan.add(Case, "case", row)
        elif found[1] == row:
            plan.unchanged += 1
        else:
            plan.change(Case, "case", found[0], row, found[1])
            plan.show(line.reference, differences(found[1], row), names)
    plan.absent = len(here) - plan.changed - plan.unchanged
    return plan


def _row(line: CaseLine, people: Mapping[str, UUID]) -> Row:
    return {
        "reference": line.reference,
        "area": line.area,
        "team": line.team,
        "practitioner": None if line.practitioner is None else people[line.practitioner],
        "opened": line.opened,
        "closed": line.closed,
        "facts": plain_facts(line.facts),
    }


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: by id, lists of words as lists, nothing that is not known."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in facts.items() if value is not None
    }


def _strangers(read: FileRead, lines: Sequence[CaseLine], people: Mapping[str, UUID]) -> list[Problem]:
    return [
        nobody(read, line.row, "practitioner", line.practitioner)
        for line in lines
        if line.practitioner is not None and line.practitioner not in people
    ]
