"""`audit summary`, `audit explain`, `audit interval`: figures, always on their denominators."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit_engine.calendars import Period, quarter
from audit_engine.cli.talk import marking, print_json, print_text, progress
from audit_engine.cli.workspace import Workspace, find
from audit_engine.problems import nearest, unusable

if TYPE_CHECKING:
    from audit_engine.engine.permission import Actor
    from audit_engine.records.database import Database
    from audit_engine.summaries.overview import Overview
    from audit_engine.views import DataCut, Figure

year_to_date = click.option("--year-to-date", is_flag=True, help="From April to the end of the quarter.")
measures = click.option(
    "--measures", "measure_set", default="quality_overview", show_default=True, help="Which set of measures."
)
as_json = click.option("--json", "json_", is_flag=True, help="Print JSON for programs.")


@click.command(short_help="Print or write the quality overview of a quarter.")
@click.argument("quarter_name", metavar="QUARTER")
@year_to_date
@measures
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write it here as HTML and Markdown."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@as_json
@click.pass_context
def summary(
    ctx: click.Context,
    quarter_name: str,
    year_to_date: bool,
    measure_set: str,
    folder: Path | None,
    force: bool,
    json_: bool,
) -> None:
    """Print the quality overview of QUARTER (2023-24-Q3 is October to December 2023).

    \b
    Examples:
      audit summary 2023-24-Q3
      audit summary 2023-24-Q3 --year-to-date --to summaries
      audit summary 2023-24-Q3 --json
    """
    period = Period(quarter(quarter_name), year_to_date)
    workspace = find(ctx)
    database = workspace.open()
    counted = Counting(workspace, database, workspace.actor(database), period, measure_set)
    if json_:
        print_json(counted.as_json())
        return
    document = counted.document()
    if folder is None:
        from audit_engine.cli.overview_terminal import print_overview

        print_overview(document)
        return
    for file in write_documents(document, period, folder, force=force):
        print_text(str(file))


@click.command(short_help="Print the waterfall behind one figure.")
@click.argument("measure")
@click.option("--quarter", "quarter_name", required=True, metavar="QUARTER", help="As in 2023-24-Q3.")
@year_to_date
@measures
@as_json
@click.pass_context
def explain(
    ctx: click.Context, measure: str, quarter_name: str, year_to_date: bool, measure_set: str, json_: bool
) -> None:
    """Print how the figure MEASURE comes about: its population, what is left out and why, what remains.

    \b
    Example:
      audit explain supervision_recorded --quarter 2023-24-Q3 --year-to-date
    """
    period = Period(quarter(quarter_name), year_to_date)
    workspace = find(ctx)
    database = workspace.open()
    counted = Counting(workspace, database, workspace.actor(database), period, measure_set)
    figure = counted.figure(measure)
    if json_:
        print_json(figure_as_json(figure))
        return
    from audit_engine.summaries.waterfall import waterfall

    print_text("\n".join([*marking(database.mode), period.words, *waterfall(figure)]))


@click.command(short_help="The 95 per cent interval of X of N.")
@click.argument("x", type=int)
@click.argument("n", type=int)
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Between 0 and 1.")
@as_json
def interval(x: int, n: int, confidence: float, json_: bool) -> None:
    """The Wilson score interval for X of N.

    \b
    Examples:
      audit interval 312 400
      audit interval 18 20 --json
    """
    from audit_engine.statistics.intervals import wilson

    try:
        low, high = wilson(x, n, confidence)
    except OverflowError:
        raise unusable("interval", "P002", "these numbers are too large", "As in: audit interval 312 400") from None
    except ValueError as error:
        raise unusable("interval", "P002", str(error), "As in: audit interval 312 400") from None
    if json_:
        print_json({"x": x, "n": n, "confidence": confidence, "low": low, "high": high})
    else:
        hundred = f"{low * 100:.1f} to {high * 100:.1f} in every hundred"
        print_text(f"{x:,} of {n:,}: {confidence * 100:g} per cent interval {hundred}")


class Counting:
    """One period's figures for one actor, read in one transaction each."""

    def __init__(
        self, workspace: Workspace, database: "Database", actor: "Actor", period: Period, measure_set: str
    ) -> None:
        self.catalogue = workspace.catalogue()
        self.database, self.actor, self.period = database, actor, period
        self.measures = self.catalogue.measure_set(measure_set)

    def figure(self, measure: str) -> "Figure":
        """One figure. Raises Unusable when there is no such measure."""
        known = [m.id for m in self.measures.measures]
        if measure not in known:
            raise unusable(
                "explain",
                "P003",
                f"there is no measure called '{measure}'",
                nearest(measure, known) or "`audit summary ... --json` lists them.",
            )
        return next(figure for figure in self.whole() if figure.measure == measure)

    def whole(self) -> "tuple[Figure, ...]":
        """The figures of the whole service."""
        from audit_engine.queries.figures import figures

        with self.database.read() as session:
            return figures(session, self.actor, self.measures, self.period)

    def read(self) -> "tuple[tuple[Figure, ...], dict[str, tuple[Figure, ...]], DataCut | None, Any]":
        """Whole, breakdowns, data cut and figures from elsewhere, all from one moment."""
        from audit_engine.queries.figures import data_cut, figures, indicators

        with progress("Counting") as moved, self.database.read() as session:
            whole = figures(session, self.actor, self.measures, self.period)
            moved(1, 3)
            breakdowns = {}
            for n, by in enumerate(("stream", "area")):
                breakdowns[by] = figures(session, self.actor, self.measures, self.period, by)
                moved(2 + n, 3)
            cut = data_cut(session, self.actor, self.period)
            return whole, breakdowns, cut, indicators(session, self.actor, self.period)

    def document(self) -> "Overview":
        """The overview in words."""
        from audit_engine.summaries.overview import overview

        whole, breakdowns, cut, elsewhere = self.read()
        marking = ("TRAINING", "INTERNAL") if self.database.mode == "training" else ("INTERNAL",)
        programmes = self.catalogue.programmes.values()
        return overview(
            self.measures, programmes, self.period, marking,
            whole=whole, breakdowns=dict(breakdowns), elsewhere=elsewhere, cut=cut,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """All figures for programs."""
        whole, breakdowns, cut, _ = self.read()
        period = self.period
        return {
            "period": period.name,
            "from": period.first_day.isoformat(),
            "to": period.last_day.isoformat(),
            "training": self.database.mode == "training",
            "data_cut": {"at": cut.at.isoformat(), "entries": cut.entries, "root": cut.root} if cut else None,
            "figures": [figure_as_json(figure) for figure in whole],
            "by": {by: [figure_as_json(figure) for figure in those] for by, those in breakdowns.items()},
        }


def figure_as_json(figure: "Figure") -> dict[str, Any]:
    """One figure for programs: never a share without both of its numbers."""
    from audit_engine.summaries.wording import in_words
    from audit_engine.views import percent

    told: dict[str, Any] = {
        "measure": figure.measure, "title": figure.title, "kind": figure.kind, "group": figure.group,
        "population": {"count": figure.population, "called": figure.population_called},
        "left_out": [{"id": part.id, "says": part.says, "count": part.count} for part in figure.left_out],
        "denominator": {"count": figure.denominator, "called": figure.denominator_called},
        "in_words": in_words(figure),
    }  # fmt: skip
    if figure.numerator is not None:
        told["numerator"] = {"count": figure.numerator, "called": figure.numerator_says}
    if figure.beside:
        told["beside"] = [{"says": part.says, "count": part.count} for part in figure.beside]
    if figure.shares:
        told["shares"] = [{"id": part.id, "says": part.says, "count": part.count} for part in figure.shares]
    if figure.interval is not None and figure.numerator is not None:
        low, high = figure.interval
        told["percent"] = float(percent(figure.numerator, figure.denominator))
        told["interval_95"] = {"low": low, "high": high}
    if figure.target is not None:
        told["target"] = {"in_every_hundred": figure.target, "better": figure.better, "missed": figure.misses_target}
    return told


def write_documents(document: "Overview", period: Period, folder: Path, *, force: bool = False) -> list[Path]:
    """The overview as HTML and Markdown in `folder`."""
    from audit_engine.cli.files import write_whole
    from audit_engine.summaries.rendering import html, markdown

    text = markdown("overview.md.j2", overview=document)
    page = html(text, f"{document.title}, {document.period}", document.marking)
    name = f"quality-overview-{period.name}"
    files = [(folder / f"{name}.html", page), (folder / f"{name}.md", text)]
    for file, _ in files:
        if file.exists() and not force:
            raise unusable(str(file), "W060", "this file exists", "Add --force to replace it, or name another folder.")
    return [write_whole(file, written, force=force) for file, written in files]
