"""Figures: each measure counted on its own denominator, by the database, one statement per population.

Every row falls into exactly one place of a measure's waterfall: the first exclusion that holds takes it; if an
exclusion cannot be decided, or the numerator cannot, the row was "not recorded" and is counted there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlmodel import Session, col

from audit_engine import __version__
from audit_engine.calendars import Period
from audit_engine.definitions.measures import ReadMeasure, ReadMeasureSet, ReadPopulation
from audit_engine.definitions.names import names_for
from audit_engine.engine.permission import Actor, require
from audit_engine.queries.condition_sql import to_sql
from audit_engine.queries.counted_rows import CountedRows, rows_for
from audit_engine.records.ledger_tables import Checkpoint
from audit_engine.records.tables import Audit, Indicator
from audit_engine.views import NOT_RECORDED, Counted, DataCut, Figure, IndicatorView

_NOT_RECORDED, _OUT, _IN = -1, 1_000, 1_001
_UNPLACED = -1_000_000
"""Not known whether the row belongs at all."""
_COUNTED = 100
"""From here on a place is in the denominator; the values of a distribution come first."""


def figures(
    session: Session, actor: Actor, measures: ReadMeasureSet, period: Period, by: str | None = None
) -> tuple[Figure, ...]:
    """Every figure of a measure set for one period, in the order written; within a breakdown, groups by name.

    Args:
        by: `stream` or `area`: only the measures declared for that breakdown, one figure per group.

    Raises:
        Refused: the actor may not see figures.
    """
    require(actor, "see_figures", "see figures")
    wanted = [m for m in measures.measures if by is None or by in m.measure.by]
    counted: dict[str, list[Figure]] = {}
    for population in {m.population.population.id: m.population for m in wanted}.values():
        those = [m for m in wanted if m.population is population]
        for figure in _count(session, measures, population, those, period, by):
            counted.setdefault(figure.measure, []).append(figure)
    return tuple(figure for m in wanted for figure in counted.get(m.id, ()))


def _count(
    session: Session,
    measures: ReadMeasureSet,
    population: ReadPopulation,
    those: Sequence[ReadMeasure],
    period: Period,
    by: str | None,
) -> Iterable[Figure]:
    kinds = names_for(population.population.counts, measures.rubric)
    names = frozenset[str]().union(*(m.names for m in those))
    rows = rows_for(population.population.counts, period, names, kinds)
    belongs = to_sql(population.where.tree, rows.columns) if population.where is not None else None
    plans = [_plan(n, measure, rows, belongs) for n, measure in enumerate(those)]
    group = rows.groups[by] if by else literal("")
    unplaced = literal(0) if belongs is None else case((belongs.is_(None), 1), else_=0)
    inner = select(group.label("grouped"), unplaced.label("unplaced"), *(c for plan in plans for c in plan.inner))
    inner = inner.select_from(rows.source).where(rows.where)
    if belongs is not None:
        # Whether a row belongs may not be known. It is then in no figure, and every figure says how many there were.
        inner = inner.where(or_(belongs, belongs.is_(None)))
    placed = inner.subquery("placed")
    sums = [s.label(f"s{n}") for n, s in enumerate(s for plan in plans for s in plan.sums(placed.c))]
    counts = (func.count(), func.sum(placed.c.unplaced), *sums)
    statement = select(placed.c.grouped, *counts).group_by(placed.c.grouped).order_by(placed.c.grouped)
    found: Sequence[Sequence[Any]] = session.execute(statement).all()
    if by is None and not found:
        found = [("", 0, 0, *(0 for _ in sums))]
    for group_name, rows_found, outside, *sums_found in found:
        values = iter(int(v or 0) for v in sums_found)
        for plan in plans:
            yield plan.figure(rows_found - int(outside), values, str(group_name) if by else None, int(outside))


@dataclass(frozen=True)
class _Plan:
    """How one measure is counted: the columns each row gets, the sums over them, the figure they make."""

    number: int
    measure: ReadMeasure
    inner: tuple[ColumnElement[Any], ...]

    @property
    def places(self) -> list[int]:
        """Every place of the waterfall whose rows are counted, in the order of the sums."""
        values = range(len(self.measure.values)) if self.measure.measure.kind == "distribution" else ()
        return [
            *(-2 - n for n in range(len(self.measure.leave_out))),
            _NOT_RECORDED,
            _IN,
            *(_COUNTED + n for n in values),
        ]

    def sums(self, columns: Any) -> list[ColumnElement[Any]]:
        """Sums over the placed rows: one per place, one per part printed beside, one for a total."""
        place = columns[f"p{self.number}"]
        sums: list[ColumnElement[Any]] = [func.sum(case((place == literal(p), 1), else_=0)) for p in self.places]
        sums += [func.sum(columns[f"b{self.number}_{n}"]) for n in range(len(self.measure.beside))]
        if self.measure.measure.kind == "total":
            sums.append(func.sum(case((place >= literal(_COUNTED), columns[f"t{self.number}"]))))
        return sums

    def figure(self, population: int, values: Any, group: str | None, unplaced: int) -> Figure:
        """The figure, from the sums in their order."""
        read, measure = self.measure, self.measure.measure
        by_place = {place: next(values) for place in self.places}
        beside = tuple(Counted(f"beside_{n}", part.says, next(values)) for n, (part, _) in enumerate(read.beside))
        left_out = [Counted(p.id, p.says, by_place[-2 - n]) for n, (p, _) in enumerate(read.leave_out)]
        left_out.append(Counted(NOT_RECORDED, "not recorded", by_place[_NOT_RECORDED]))
        shares = tuple(Counted(v, label, by_place[_COUNTED + n]) for n, (v, label) in enumerate(read.values))
        numerator = {"proportion": by_place[_IN], "total": next(values) if measure.kind == "total" else 0}
        return Figure(
            read.id, read.title, read.means, measure.section, measure.kind, population,
            read.population.population.called, tuple(left_out), population - sum(c.count for c in left_out),
            _called(read, by_place[_NOT_RECORDED]), numerator.get(measure.kind),
            measure.numerator.says if measure.numerator else "",
            beside, shares, measure.better, measure.target, measure.source,
            measure.headline, unplaced, group,
        )  # fmt: skip


def _called(read: ReadMeasure, not_recorded: int) -> str:
    """What the denominator is called. What was never recorded makes it smaller, so it then needs its own name."""
    return f"{read.denominator}, where recorded: {read.title}" if not_recorded else read.denominator


def _plan(number: int, measure: ReadMeasure, rows: CountedRows, belongs: ColumnElement[Any] | None) -> _Plan:
    place = _place(measure, rows.columns)
    if belongs is not None:
        place = case((belongs.is_(None), _UNPLACED), else_=place)
    inner: list[ColumnElement[Any]] = [place.label(f"p{number}")]
    for n, (_, condition) in enumerate(measure.beside):
        counted = and_(place >= literal(_COUNTED), to_sql(condition.tree, rows.columns))
        inner.append(case((counted, 1), else_=0).label(f"b{number}_{n}"))
    if measure.measure.adds:
        inner.append(rows.columns[measure.measure.adds].label(f"t{number}"))
    return _Plan(number, measure, tuple(inner))


def _place(measure: ReadMeasure, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[int]:
    """Where a row falls: -2, -3, ... the exclusions in order, -1 not recorded, 1000 counted, 1001 in the numerator."""
    whens: list[tuple[ColumnElement[bool], Any]] = []
    for n, (_, condition) in enumerate(measure.leave_out):
        left_out = to_sql(condition.tree, columns)
        whens += [(left_out, -2 - n), (left_out.is_(None), _NOT_RECORDED)]
    if measure.numerator is not None:
        counted = to_sql(measure.numerator.tree, columns)
        whens += [(counted, _IN), (counted.is_(None), _NOT_RECORDED)]
    if measure.measure.over:
        over = columns[measure.measure.over]
        whens += [(over == literal(value), _COUNTED + n) for n, (value, _) in enumerate(measure.values)]
        # A grade of another scale is none of the declared values: it is not recorded on this one.
        return case(*whens, else_=_NOT_RECORDED)
    if measure.measure.adds:
        whens.append((columns[measure.measure.adds].is_(None), _NOT_RECORDED))
    return case(*whens, else_=_OUT) if whens else literal(_OUT)


def indicators(session: Session, actor: Actor, period: Period) -> tuple[IndicatorView, ...]:
    """Figures from elsewhere for the period's quarter, the whole service first."""
    require(actor, "see_figures", "see figures")
    statement = (
        select(Indicator)
        .where(col(Indicator.period) == str(period.quarter))
        .order_by(col(Indicator.area), col(Indicator.indicator))
    )
    return tuple(
        IndicatorView(i.indicator, i.area, i.numerator, i.denominator, i.value, i.unit, i.source)
        for i in session.scalars(statement)
    )


def data_cut(session: Session, actor: Actor, period: Period) -> DataCut | None:
    """What the ledger held at the newest checkpoint; None when nothing was ever imported."""
    require(actor, "see_figures", "see figures")
    newest = session.scalars(select(Checkpoint).order_by(col(Checkpoint.number).desc()).limit(1)).first()
    if newest is None:
        return None
    within = and_(col(Audit.counts_on) >= period.first_day, col(Audit.counts_on) <= period.last_day)
    as_found = session.scalar(select(func.count()).select_from(Audit).where(within, col(Audit.as_found).is_not(None)))
    return DataCut(newest.at, newest.entries, newest.chains, newest.root.hex(), __version__, as_found or 0)
