"""Where the names of measure conditions stand in the tables: one selectable per thing that is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, or_, select
from sqlmodel import col

from audit_engine.calendars import Period
from audit_engine.definitions.conditions import Kind
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.records.tables import Audit, Case, Moderation, Observation, Rating

RE_AUDIT = "re_audit"
"""The stream of audits that were opened to look again at one case: chosen for what was found there, they would make
any figure worse than the work is, so they are in none."""


@dataclass(frozen=True)
class CountedRows:
    """The rows of one period, and the column behind each name."""

    source: FromClause
    where: ColumnElement[bool]
    columns: dict[str, ColumnElement[Any]]
    groups: dict[str, ColumnElement[Any]]
    """By breakdown: `stream`, `area`."""


def _element(column: Any) -> ColumnElement[Any]:
    """An attribute of a table class as the column it is."""
    return cast("ColumnElement[Any]", col(column))


def rows_for(counted: str, period: Period, names: Iterable[str], kinds: dict[str, Kind]) -> CountedRows:
    """What is counted in a period.

    Audits count by `counts_on`, moderations by the day they were decided, observations by the day of the session,
    open cases on the period's last day. Audits of the stream `re_audit`, and their moderations, count nowhere.

    Args:
        names: The names that conditions use; only their ratings are read.
        kinds: The kinds of all names of this vocabulary.
    """
    wanted = sorted(set(names))
    if counted == "observations":
        return _observations(period)
    if counted == "open_cases":
        return open_cases(period.last_day, wanted, kinds)
    return _audits(period, wanted, kinds, moderated=counted == "moderations")


def _audits(period: Period, names: list[str], kinds: dict[str, Kind], *, moderated: bool) -> CountedRows:
    within = _between(Moderation.moderated_on if moderated else Audit.counts_on, period)
    source: FromClause = Audit.__table__  # type: ignore[attr-defined]  # SQLModel sets it
    if moderated:
        within = and_(within, col(Audit.counts_on).is_not(None))
        source = source.join(Moderation.__table__, col(Moderation.audit) == col(Audit.key))  # type: ignore[attr-defined]  # likewise
    within = and_(within, col(Audit.stream) != RE_AUDIT)
    columns = _audit_columns(names, kinds)
    rated = [name for name in names if name.split(".", 1)[0] in _ASPECTS]
    if rated:
        ratings = _ratings_side_by_side(rated, within, moderated=moderated)
        source = source.outerjoin(ratings, ratings.c.audit == col(Audit.key))
        columns |= {name: ratings.c[name] for name in rated}
    groups: dict[str, ColumnElement[Any]] = {"stream": _element(Audit.stream), "area": _element(Audit.area)}
    return CountedRows(source, within, columns, groups)


def _audit_columns(names: list[str], kinds: dict[str, Kind]) -> dict[str, ColumnElement[Any]]:
    columns: dict[str, ColumnElement[Any]] = {}
    for name in names:
        owner, _, rest = name.partition(".")
        if owner == "facts":
            columns[name] = _fact(_element(Audit.facts), rest, kinds[name])
        elif owner == "audit":
            columns[name] = getattr(Audit, rest)
        elif owner == "moderation":
            columns[name] = getattr(Moderation, rest)
    return columns


_ASPECTS = {
    "grade": Rating.grade,
    "applies": Rating.applicability,
    "evidence": Rating.evidence,
    "impact": Rating.impact,
}


def _ratings_side_by_side(names: list[str], within: ColumnElement[bool], *, moderated: bool) -> Subquery:
    """One row per audit with the wanted ratings as columns: one pass over the ratings, in the order of their key.

    A criterion that is not expected or could not be told has no grade, evidence or impact: the word is `none`.
    """
    columns, criteria = [], set()
    for name in names:
        aspect, _, criterion = name.partition(".")
        criteria.add(criterion)
        value: Any = _ASPECTS[aspect]
        if aspect != "applies":
            value = case((col(Rating.applicability) != "expected", NO_GRADE), else_=value)
        columns.append(func.max(case((col(Rating.criterion) == criterion, value))).label(name))
    statement: Any = (
        select(col(Rating.audit).label("audit"), *columns)
        .join(Audit, col(Audit.key) == col(Rating.audit))
        .where(within, col(Rating.criterion).in_(sorted(criteria)))
        .group_by(col(Rating.audit))
    )
    if moderated:
        statement = statement.join(Moderation, col(Moderation.audit) == col(Audit.key))
    side_by_side: Subquery = statement.subquery("ratings_side_by_side")
    return side_by_side


def _observations(period: Period) -> CountedRows:
    columns: dict[str, ColumnElement[Any]] = {
        "observation.consent": _element(Observation.consent),
        "observation.work_type": _element(Observation.work_type),
        "observation.area": _element(Observation.area),
        "observation.team": _element(Observation.team),
    }
    table: FromClause = Observation.__table__  # type: ignore[attr-defined]  # SQLModel sets it
    return CountedRows(table, _between(Observation.observed_on, period), columns, {"area": _element(Observation.area)})


def open_cases(day: date, names: Iterable[str], kinds: Mapping[str, Kind]) -> CountedRows:
    """The cases open on `day`: opened by then, and not closed by its end.

    Args:
        names: The names that conditions use: `facts.*`, and those of the case, which are always there.
    """
    where = and_(col(Case.opened) <= day, or_(col(Case.closed).is_(None), col(Case.closed) > day))
    columns: dict[str, ColumnElement[Any]] = {"case.area": _element(Case.area), "case.team": _element(Case.team)}
    for name in names:
        if name.startswith("facts."):
            columns[name] = _fact(_element(Case.facts), name.removeprefix("facts."), kinds[name])
    return CountedRows(Case.__table__, where, columns, {"area": _element(Case.area)})  # type: ignore[attr-defined]  # likewise


def _fact(facts: ColumnElement[Any], name: str, kind: Kind) -> ColumnElement[Any]:
    value: Any = facts[name]
    if kind.word == "yes_no":
        found: ColumnElement[Any] = value.as_boolean()
    else:
        found = value.as_integer() if kind.word == "number" else value.as_string()
    return found


def _between(column: Any, period: Period) -> ColumnElement[bool]:
    return and_(col(column) >= period.first_day, col(column) <= period.last_day)
