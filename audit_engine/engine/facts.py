"""The facts of a case on a day: what the case list said, and what is worked out from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.facts import Codebook

DAYS_IN_A_WEEK = 7


def facts_on(
    codebook: Codebook, listed: Mapping[str, Any], opened: date, closed: date | None, day: date
) -> dict[str, Any]:
    """All known facts of a case on `day`, derived ones included.

    Weeks open are whole weeks from opening to `day`. The standard weeks come from the codebook's table by work
    type. Without the fact they depend on, derived facts stay unknown.
    """
    facts = with_tables(codebook, listed)
    for fact in codebook.facts:
        if fact.derived is None or fact.table:
            continue
        if fact.id == "weeks_open" and opened <= day:
            facts["weeks_open"] = (day - opened).days // DAYS_IN_A_WEEK
        elif fact.id == "case_closed":
            facts["case_closed"] = closed is not None and closed <= day
    return facts


def with_tables(codebook: Codebook, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts, with those that follow from the type of work by a declared table."""
    work_type = facts.get("work_type")
    found = {fact.id: fact.table[work_type] for fact in codebook.facts if fact.derived and work_type in fact.table}
    return {**facts, **found}


def as_values(facts: Mapping[str, Any]) -> dict[str, Value]:
    """Facts as conditions take them: `facts.<id>` -> value, lists as tuples, unknown ones left out."""
    return {
        f"facts.{name}": tuple(value) if isinstance(value, list) else value
        for name, value in facts.items()
        if value is not None
    }
