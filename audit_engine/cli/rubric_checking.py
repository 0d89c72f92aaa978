"""`audit rubric check`, `new` and `conformity`: is a rubric sound, begin one, and shares over many audits."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit_engine.cli.figures import as_json
from audit_engine.cli.own_definitions import begin
from audit_engine.cli.rubric_named import EXIT_INCOMPLETE, EXIT_REFUSED, in_site, judge, read_named, rubrics_of, site_of
from audit_engine.cli.talk import print_json, print_text
from audit_engine.problems import Problem, Unusable, unusable

if TYPE_CHECKING:
    from audit_engine.engine.conforming import Share


@click.command(short_help="Say whether rubrics can be used, or everything that is wrong with them.")
@click.argument("names", metavar="[RUBRIC]...", nargs=-1)
@in_site
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], site: Path | None) -> None:
    """Judge each RUBRIC, a name or a file; all of the workspace's and the shipped ones where none is named.

    Exit code 0 when all can be used, 2 with every problem, its place and what to do about it.

    \b
    Examples:
      audit rubric check
      audit rubric check trial/rubrics/my_rubric.yaml
    """
    site = site_of(ctx, site)
    problems: list[Problem] = []
    for name in names:
        try:
            read_named(ctx, name, site)
        except Unusable as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise Unusable(problems)
    number = len(names) if names else len(rubrics_of(site).rubrics)
    print_text(f"{number} {'rubric' if number == 1 else 'rubrics'}, no problems.")


@click.command(short_help="Begin a rubric of your own.")
@click.argument("name")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="Write it here. Else into the workspace's rubrics/, or as NAME.yaml where there is no workspace.",
)  # fmt: skip
@click.pass_context
def new(ctx: click.Context, name: str, file: Path | None) -> None:
    """Write a small rubric called NAME, with comments, to begin with. It can be used as it stands.

    Never replaces a file.

    \b
    Examples:
      audit rubric new closing_audit
      audit rubric new closing_audit --to trial/rubrics/closing_audit.yaml
    """
    from audit_engine.definitions.starting import starting_rubric

    site = site_of(ctx, None)
    begin("rubric", name, file, site, lambda place: starting_rubric(name, place), lambda: rubrics_of(site).rubrics)


@click.command(short_help="Say which shares of many audits a rubric asks for were reached.")
@click.argument("rubric_name", metavar="RUBRIC")
@click.argument("answers", metavar="ANSWERS...", nargs=-1, required=True, type=click.Path(path_type=Path))
@in_site
@as_json
@click.pass_context
def conformity(ctx: click.Context, rubric_name: str, answers: tuple[Path, ...], site: Path | None, json_: bool) -> None:
    """Judge many files of answers, and say of each share RUBRIC asks for whether it was reached.

    ANSWERS are files, or folders of them. An audit to which a section does not apply is in no part of its share; one
    whose grade cannot be said yet is left out and told.

    Exit code 0 when every share was reached, 1 when one was not, 3 when one cannot be told yet or an audit was left out
    because it is not complete, 2 when a file cannot be used.

    \b
    Examples:
      audit rubric conformity rubrics/examples/child_and_family_review.yaml reviews/
      audit rubric conformity review.yaml one.yaml two.yaml --json
    """
    from audit_engine.definitions.answers import read_answers
    from audit_engine.definitions.sources import read_source
    from audit_engine.engine.conforming import shares

    rubric = read_named(ctx, rubric_name, site_of(ctx, site))
    if not rubric.rubric.conformity:
        hint = "Add 'conformity' to it, or name another rubric."
        raise unusable(rubric_name, "D001", "this rubric asks for no share of many audits", hint)
    problems: list[Problem] = []
    judged = []
    for file in _files(answers):
        try:
            judged.append(judge(rubric, read_answers(read_source(file), rubric)))
        except Unusable as error:
            problems += error.problems
    if problems:
        raise Unusable(problems)
    found = shares(rubric, judged)
    if json_:
        print_json({"rubric": rubric.rubric.rubric, "version": rubric.rubric.version, "audits": len(judged),
                    "shares": [_as_json(one) for one in found]})  # fmt: skip
    else:
        print_text("\n".join(one.says for one in found))
    if any(one.reached is False for one in found):
        ctx.exit(EXIT_REFUSED)
    ctx.exit(EXIT_INCOMPLETE if any(one.incomplete or one.reached is None for one in found) else 0)


def _files(given: tuple[Path, ...]) -> list[Path]:
    files: list[Path] = []
    for path in given:
        inside = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not inside:
            raise unusable(str(path), "D001", "this folder holds no file that ends in .yaml", "Name another folder.")
        files += inside
    return list(dict.fromkeys(files))


def _as_json(one: "Share") -> dict[str, Any]:
    return {
        "section": one.section, "grade": one.grade, "at_least": one.at_least, "numerator": one.numerator,
        "denominator": one.denominator, "not_applicable": one.not_applicable, "incomplete": one.incomplete,
        "reached": one.reached, "says": one.says,
    }  # fmt: skip
