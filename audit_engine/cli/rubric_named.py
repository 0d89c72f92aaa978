"""How `audit rubric` finds a rubric, where a site is, and what follows from answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit_engine.cli.workspace import FILE, find
from audit_engine.problems import Unusable, unusable

if TYPE_CHECKING:
    from audit_engine.definitions.answers import ReadAnswers
    from audit_engine.definitions.catalogue import Catalogue
    from audit_engine.definitions.rubric import ReadRubric
    from audit_engine.engine.grading import Judgement

EXIT_REFUSED, EXIT_INCOMPLETE = 1, 3
in_site = click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder with rubrics/ of its own. Else the workspace, where there is one.",
)


def read_named(ctx: click.Context, name: str, site: Path | None) -> "ReadRubric":
    """A rubric by its name in the catalogue, from its file, or as the workspace kept it (NAME@VERSION).

    Raises:
        Unusable: there is none, or it has problems: all of them.
        Refused: it is asked of the workspace by somebody who is not known there.
    """
    from audit_engine.definitions.catalogue import load_rubric

    if is_path(name):
        if not Path(name).is_file():
            raise unusable(name, "D001", "there is no such file", "Give the path of a rubric file, or a rubric's name.")
        return load_rubric(Path(name), site)
    called, at, version = name.partition("@")
    if at:
        from audit_engine.queries.begun_under import rubric_begun_under

        return find(ctx).kept(lambda session: rubric_begun_under(session, called, version))
    return rubrics_of(site).rubric(name)


def rubrics_of(site: Path | None) -> "Catalogue":
    """The rubrics of a site and the shipped ones, with what they are made of. Raises Unusable."""
    from audit_engine.definitions.catalogue import RUBRICS, load_folders

    return load_folders(RUBRICS, site)


def is_path(name: str) -> bool:
    """Whether a definition was named by its file, and not as the catalogue calls it."""
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def judge(rubric: "ReadRubric", answers: "ReadAnswers") -> "Judgement":
    """What follows from answers that were read."""
    from audit_engine.engine.facts import with_tables
    from audit_engine.engine.grading import Override, Practice, judgement
    from audit_engine.engine.ratings import rated_as_answered

    facts = {**with_tables(rubric.codebook, answers.facts), **answers.facts}
    ratings = {criterion: rated_as_answered(answer) for criterion, answer in answers.ratings.items()}
    return judgement(
        rubric, ratings, facts, answers.overall, answers.overall_reason,
        practice=Practice(answers.practice_date, answers.practice_date),
        overrides={rule: Override(one.by, one.reason) for rule, one in answers.overrides.items()},
    )  # fmt: skip


def site_of(ctx: click.Context, site: Path | None) -> Path | None:
    """The folder given, else the workspace's; none where there is no workspace and none was named."""
    if site is not None:
        return site
    try:
        return find(ctx).folder
    except Unusable as error:
        if ctx.find_root().obj[0] is not None or FILE in str(error):
            raise
        return None
