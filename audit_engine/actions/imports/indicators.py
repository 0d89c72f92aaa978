"""Figures from elsewhere: a new value replaces the old one, and the ledger keeps both."""

from collections.abc import Sequence

from sqlmodel import Session

from audit_engine.actions.imports.comparing import Plan, Row, differences, standing
from audit_engine.exchange.lines import IndicatorLine
from audit_engine.records.tables import Indicator


def plan_indicators(session: Session, lines: Sequence[IndicatorLine]) -> Plan:
    """What a file of figures would change. A figure is known by indicator, period and area together."""
    here = {_identity(row): (key, row) for key, row in standing(session, Indicator)}
    plan = Plan(inserts={Indicator: []})
    for line in lines:
        row = _row(line)
        found = here.get(_identity(row))
        if found is None:
            plan.added += 1
            plan.add(Indicator, "indicator", row)
        elif found[1] == row:
            plan.unchanged += 1
        else:
            plan.change(Indicator, "indicator", found[0], row, found[1])
            plan.show(" ".join(word for word in _identity(row) if word), differences(found[1], row))
    plan.absent = len(here) - plan.changed - plan.unchanged
    return plan


def _identity(row: Row) -> tuple[str, str, str]:
    return row["indicator"], row["period"], row["area"]


def _row(line: IndicatorLine) -> Row:
    return {
        "indicator": line.indicator,
        "period": line.period,
        "area": line.area,
        "numerator": line.numerator,
        "denominator": line.denominator,
        "value": line.value,
        "unit": line.unit,
        "source": line.source,
    }
