"""The quality overview as a document: sections of statements and tables, all of it words that are ready to print.

Nothing here is a number any more: a template, a terminal or a page can only arrange what stands here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit_engine.calendars import Period, day_in_words
from audit_engine.definitions.measures import ReadMeasureSet, sections
from audit_engine.definitions.programme import Programme
from audit_engine.summaries import wording
from audit_engine.views import DataCut, Figure, IndicatorView


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure in words."""

    measure: str
    title: str
    text: str
    """With its denominator."""
    interval: str
    target: str
    beside: tuple[str, ...]
    left_out: tuple[str, ...]
    """What is not in the denominator, each with its count."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table. The first cell of a row names the row."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One section."""

    id: str
    title: str
    says: str
    statements: tuple[Statement, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole document."""

    title: str
    period: str
    days: str
    marking: tuple[str, ...]
    """TRAINING, INTERNAL: words that stand on every rendition."""
    headlines: tuple[Statement, ...]
    misses: tuple[Statement, ...]
    """What stands on the wrong side of its target."""
    parts: tuple[Part, ...]
    provenance: tuple[tuple[str, str], ...]
    empty: bool
    """Nothing was audited in the period."""


def overview(
    measures: ReadMeasureSet,
    programmes: Iterable[Programme],
    period: Period,
    marking: Sequence[str],
    *,
    whole: Sequence[Figure],
    breakdowns: dict[str, Sequence[Figure]],
    elsewhere: Sequence[IndicatorView],
    cut: DataCut | None,
) -> Overview:
    """Put the figures of one period into words.

    Args:
        whole: The figures of the whole service.
        breakdowns: By `stream` and `area`, the figures of each group.

    Raises:
        Refused: one name would stand for two totals.
    """
    wording.one_total_each(whole)
    streams = {programme.stream: programme.title for programme in programmes}
    parts = [
        Part(
            section.id,
            section.title,
            section.says or "",
            *_section(section.id, section.title, whole, breakdowns, streams),
        )
        for section, _ in sections(measures)
    ]
    if elsewhere:
        parts.append(_elsewhere(elsewhere))
    return Overview(
        measures.measure_set.title,
        period.words,
        f"{day_in_words(period.first_day)} to {day_in_words(period.last_day)}",
        tuple(marking),
        tuple(statement(figure) for figure in whole if figure.headline),
        tuple(statement(figure) for figure in whole if figure.misses_target),
        tuple(parts),
        _provenance(measures, cut),
        not any(figure.population for figure in whole if figure.kind != "total" and figure.section == "audits"),
    )


def statement(figure: Figure) -> Statement:
    """One figure in words."""
    return Statement(
        figure.measure,
        figure.title,
        wording.in_words(figure),
        wording.interval_in_words(figure),
        wording.target_in_words(figure),
        tuple(wording.beside_in_words(figure)),
        tuple(wording.left_out_in_words(figure)),
    )


def _section(
    section: str, title: str, whole: Sequence[Figure], breakdowns: dict[str, Sequence[Figure]], streams: dict[str, str]
) -> tuple[tuple[Statement, ...], tuple[Grid, ...]]:
    those = [figure for figure in whole if figure.section == section]
    repeated = [figure for figure in those if "." in figure.measure]
    singles = [figure for figure in those if "." not in figure.measure]
    grids = [_lines(repeated)] if repeated else []
    grids += [_shares(figure) for figure in singles if figure.kind == "distribution"]
    for by, names in (("stream", streams), ("area", {})):
        grouped = {f.measure: [g for g in breakdowns.get(by, ()) if g.measure == f.measure] for f in singles}
        grids += [_spread(f, grouped[f.measure], by, names) for f in singles if f.shares and grouped[f.measure]]
        columns = [(f, grouped[f.measure]) for f in singles if not f.shares and grouped[f.measure]]
        if columns:
            grids.append(_side_by_side(title, columns, by, names))
    return tuple(statement(figure) for figure in singles if figure.kind != "distribution"), tuple(grids)


def _lines(figures: Sequence[Figure]) -> Grid:
    """Figures written once and counted for every criterion: one line each."""
    heads = ("Criterion", "Good or better, of those where expected", "Not expected", "Could not tell", "Not recorded")
    rows = []
    for figure in figures:
        out = {part.id: part.count for part in figure.left_out}
        unexpected = sum(count for name, count in out.items() if name.startswith("not_expected"))
        told = [wording.number(n) for n in (unexpected, out.get("cannot_tell", 0), out.get("not_recorded", 0))]
        rows.append((figure.title, wording.part_of(figure.numerator or 0, figure.denominator), *told))
    whole = f"{wording.number(figures[0].population)} {figures[0].population_called}"
    note = f"Each line starts from {whole}; the last three columns are what is not in its denominator."
    return Grid("Good or better by criterion", heads, tuple(rows), note)


def _shares(figure: Figure) -> Grid:
    rows = tuple((share.says, wording.part_of(share.count, figure.denominator)) for share in figure.shares)
    caption = f"{figure.title}: {wording.number(figure.denominator)} {figure.denominator_called}"
    return Grid(caption, ("", "How many"), rows, _note(figure))


def _spread(figure: Figure, groups: Sequence[Figure], by: str, names: dict[str, str]) -> Grid:
    """A distribution in each group: one column per value."""
    heads = (by.capitalize(), *(share.says for share in figure.shares))
    rows = [
        (_named(g, names), *(wording.part_of(share.count, g.denominator) for share in g.shares))
        for g in (*groups, figure)
    ]
    return Grid(f"{figure.title}, by {by}", heads, tuple(rows), _note(figure))


def _side_by_side(
    title: str, columns: Sequence[tuple[Figure, Sequence[Figure]]], by: str, names: dict[str, str]
) -> Grid:
    """Several figures in each group: one column per figure, each cell on its own denominator."""
    groups = sorted({g.group or "" for _, those in columns for g in those})
    told = [{g.group: _cell(g) for g in those} | {None: _cell(whole)} for whole, those in columns]
    rows = [(names.get(group, group), *(column.get(group, "none of 0") for column in told)) for group in groups]
    rows.append(("All", *(column[None] for column in told)))
    notes = [f"{whole.title}: of {whole.denominator_called}" for whole, _ in columns if whole.kind == "proportion"]
    note = f"Denominators. {'; '.join(notes)}." if notes else ""
    return Grid(f"{title}, by {by}", (by.capitalize(), *(whole.title for whole, _ in columns)), tuple(rows), note)


def _cell(figure: Figure) -> str:
    if figure.kind == "proportion":
        return wording.part_of(figure.numerator or 0, figure.denominator)
    return wording.number(figure.denominator if figure.kind == "count" else figure.numerator or 0)


def _named(figure: Figure, names: dict[str, str]) -> str:
    return "All" if figure.group is None else names.get(figure.group, figure.group)


def _note(figure: Figure) -> str:
    left_out = wording.left_out_in_words(figure)
    if not left_out:
        return ""
    whole = f"{wording.number(figure.population)} {figure.population_called}"
    return f"Left out of {whole}: {'; '.join(left_out)}."


def _elsewhere(indicators: Sequence[IndicatorView]) -> Part:
    """Figures of other systems. A percentage that came without its denominator is not printed as one."""
    rows = []
    for i in indicators:
        where = f" ({i.area})" if i.area else ""
        if i.numerator is not None and i.denominator:
            told = wording.part_of(i.numerator, i.denominator)
        elif i.unit == "percent":
            told = f"not shown: {i.source} gave no denominator"
        else:
            told = _as_supplied(i)
        rows.append((f"{i.indicator.replace('_', ' ').capitalize()}{where}", told, i.source))
    grid = Grid("Indicators of the quarter", ("Indicator", "Reported", "Source"), tuple(rows))
    return Part(
        "elsewhere", "Figures from elsewhere", "Shown beside the audit findings, never mixed into them.", (), (grid,)
    )


def _as_supplied(indicator: IndicatorView) -> str:
    if indicator.value is None:
        return "not recorded"
    whole = indicator.value.isdigit()
    value = wording.number(int(indicator.value)) if whole else indicator.value
    return value if indicator.unit == "count" else f"{value} {indicator.unit}"


def _provenance(measures: ReadMeasureSet, cut: DataCut | None) -> tuple[tuple[str, str], ...]:
    written = measures.measure_set
    lines = [("Measures", f"{written.measure_set}, version {written.version}")]
    if cut is not None:
        lines += [
            ("Data as they stood", cut.at.strftime("%Y-%m-%d %H:%M:%S UTC")),
            (
                "Ledger",
                f"{wording.number(cut.entries)} entries in {wording.number(cut.chains)} chains, root {cut.root[:16]}",
            ),
            ("Program", f"audit-engine {cut.program}"),
        ]
        if cut.as_found:
            lines.append(
                (
                    "Accepted as found",
                    f"{wording.number(cut.as_found)} audits that break a rule are counted and stay marked",
                )
            )
    return tuple(lines)
