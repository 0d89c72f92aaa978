"""Headline figures that come from other systems, beside which audit findings are read."""

from dataclasses import dataclass

from audit_engine.training.cases import Case
from audit_engine.training.days import LAST_DAY
from audit_engine.training.people import Staff


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of indicators.csv, national, for the last quarter. Numbers as texts, as they are written."""

    indicator: str
    numerator: str
    denominator: str
    """Both empty where only the value is known."""
    value: str
    unit: str
    """percent, weeks or count."""
    source: str


def indicators_of(cases: list[Case], staff: Staff) -> list[Indicator]:
    """Headline figures of the last quarter. Those about open cases agree with the case list; the rest are invented."""
    live = [case for case in cases if case.closed is None]
    practitioners = sum(len(team.practitioners) for team in staff.teams)
    children = sum(int(case.facts.known["children"]) for case in live)
    over = sum(case.is_over_52_weeks(LAST_DAY) for case in live)
    closed = [case for case in cases if case.closed is not None]
    weeks = sum(case.weeks_open(LAST_DAY) for case in closed) / max(1, len(closed))
    visits, plans = len(live) * 4 // 5, len(live) * 9 // 10
    return [
        _ratio("children_seen", visits * 980 // 1000, visits, "case system"),
        _ratio("children_seen_in_person", visits * 923 // 1000, visits, "case system"),
        _ratio("plans_reviewed_by_manager", plans * 924 // 1000, plans, "case system"),
        _ratio("plans_updated", plans * 841 // 1000, plans, "case system"),
        _ratio("cases_over_52_weeks", over, len(live), "case system"),
        _ratio("domestic_abuse_training_done", practitioners * 97 // 100, practitioners, "learning system"),
        _plain("open_cases", str(len(live)), "count", "case system"),
        _plain("children_in_open_cases", str(children), "count", "case system"),
        _plain("caseload_of_practitioner", f"{len(live) / practitioners:.1f}", "count", "case system"),
        _plain("weeks_from_opening_to_closing", f"{weeks:.1f}", "weeks", "case system"),
        _plain("agency_staff", "2.7", "percent", "staff system"),
    ]


def _ratio(indicator: str, numerator: int, denominator: int, source: str) -> Indicator:
    value = f"{100 * numerator / denominator:.1f}"
    return Indicator(indicator, str(numerator), str(denominator), value, "percent", source)


def _plain(indicator: str, value: str, unit: str, source: str) -> Indicator:
    return Indicator(indicator, "", "", value, unit, source)
