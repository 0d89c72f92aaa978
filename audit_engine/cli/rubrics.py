"""`audit rubric`: grade one audit from a file of answers, and print a rubric. Needs no workspace."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit_engine.cli.figures import as_json
from audit_engine.cli.rubric_checking import check, conformity, new
from audit_engine.cli.rubric_diff import diff
from audit_engine.cli.rubric_migration import migrate
from audit_engine.cli.rubric_named import EXIT_INCOMPLETE, EXIT_REFUSED, in_site, judge, read_named, site_of
from audit_engine.cli.rubric_print import print_
from audit_engine.cli.rubric_replay import replay
from audit_engine.cli.talk import print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit_engine.definitions.answers import ReadAnswers
    from audit_engine.definitions.rubric import ReadRubric
    from audit_engine.engine.grading import Bar, Judgement


@click.group(short_help="Grade by a rubric, and write, judge, compare or print one.")
def rubric() -> None:
    """Grade one audit from a file of answers, or print what a rubric asks.

    RUBRIC is the name of a rubric, or the path of a rubric file. Beside such a file, folders called criteria, scales,
    limits and codebooks count as well; everything else comes from the site and the shipped library. NAME@VERSION is a
    text that audits of the workspace began under.
    """


@rubric.command(short_help="Say what follows from the answers in a file.")
@click.argument("rubric_name", metavar="RUBRIC")
@click.argument("answers_file", metavar="ANSWERS.yaml", type=click.Path(path_type=Path, dir_okay=False))
@in_site
@as_json
@click.pass_context
def grade(ctx: click.Context, rubric_name: str, answers_file: Path, site: Path | None, json_: bool) -> None:
    """Say what follows from the facts, ratings and overall grade in ANSWERS.yaml.

    Exit code 0 when every expected criterion is answered, 3 when ratings are missing, 1 when a limiting rule bars
    the overall grade, 2 when a file cannot be used.

    \b
    Examples:
      audit rubric grade quality_and_impact answers.yaml
      audit rubric grade trial/rubrics/my_rubric.yaml answers.yaml --json
    """
    from audit_engine.cli.note_words import told_of_notes
    from audit_engine.definitions.answers import read_answers
    from audit_engine.definitions.sources import read_source

    folder = site_of(ctx, site)
    read = read_named(ctx, rubric_name, folder)
    answers = read_answers(read_source(answers_file), read)
    judged, in_notes = judge(read, answers), list(told_of_notes(read, answers, folder))
    if json_:
        print_json(judgement_as_json(read, answers, judged, in_notes))
    else:
        from audit_engine.cli.judgement_words import judgement_in_words

        print_text("\n".join(judgement_in_words(read, answers, judged, in_notes)))
    ctx.exit(exit_code(judged))


@rubric.command(short_help="Print a rubric: what it asks, and its rules.")
@click.argument("rubric_name", metavar="RUBRIC")
@in_site
@click.pass_context
def show(ctx: click.Context, rubric_name: str, site: Path | None) -> None:
    """Print RUBRIC in plain text: sections, questions, when they are expected, descriptors, rules.

    \b
    Example:
      audit rubric show quality_and_impact
    """
    from audit_engine.cli.rubric_words import rubric_in_words

    print_text("\n".join(rubric_in_words(read_named(ctx, rubric_name, site_of(ctx, site)))))


rubric.add_command(migrate)
rubric.add_command(replay)
for _command in (check, new, diff, print_, conformity):
    rubric.add_command(_command)


def exit_code(judged: "Judgement") -> int:
    """1 when the grade is barred whatever is still missing, 3 while ratings are missing, else 0."""
    if judged.certainly_refused:
        return EXIT_REFUSED
    return EXIT_INCOMPLETE if judged.missing else 0


def judgement_as_json(
    rubric: "ReadRubric", answers: "ReadAnswers", judged: "Judgement", in_notes: "Sequence[str]" = ()
) -> dict[str, Any]:
    """A judgement for programs. Grades are ids, worst first; `in_notes` are warnings beside the judgement's own."""
    from audit_engine.engine.grading import demands_in_words

    return {
        "rubric": rubric.rubric.rubric, "version": rubric.rubric.version, "practice_date": answers.practice_date,
        "overall": judged.overall, "chosen": answers.overall,
        "refused": [{"id": reason.rule, "because": reason.text} for reason in judged.refused],
        "needs_reason": judged.needs_reason,
        "suggested": judged.suggested, "because": judged.because,
        "permitted": list(judged.permitted), "provisional": judged.provisional,
        "bound_by": [
            _bar_as_json(rubric, bar)
            for bar in judged.bound_by
        ],
        "sections": [
            {"id": s.id, "title": s.title, "expected": s.expected, "grades": dict(s.grades), "worst": s.worst,
             "missing": s.missing, "not_expected": s.not_expected, "cannot_tell": s.cannot_tell,
             "rolls_up": s.rolls_up, "grade": s.grade, "because": s.because, "provisional": s.provisional}
            for s in judged.sections
        ],
        "criteria": [
            {"id": c.criterion, "grade": c.grade, "suggested": c.suggested, "because": c.because,
             "overridden": c.overridden}
            for c in judged.answered
        ],
        "second_look": [bar.id for bar in judged.second_look],
        "contradictions": [
            {"id": one.id, "title": one.title, "says": one.says, "about": list(one.about)} for one in judged.noticed
        ],
        "variants": dict(judged.variants),
        "missing": [missing.criterion for missing in judged.missing],
        "not_expected": [
            {"id": left.criterion, "by": left.by, "because": left.because} for left in judged.not_expected
        ],
        "cannot_tell": [{"id": left.criterion, "because": left.because} for left in judged.cannot_tell],
        "without_note": list(judged.without_note), "without_evidence": list(judged.without_evidence),
        "warnings": [*judged.warnings, *demands_in_words(rubric, judged), *in_notes],
    }  # fmt: skip


def _bar_as_json(rubric: "ReadRubric", bar: "Bar") -> dict[str, Any]:
    grades = rubric.scale.ids
    return {
        "id": bar.id, "title": bar.title,
        "at_most": grades[bar.highest] if bar.highest < len(grades) - 1 else None,
        "at_least": grades[bar.lowest] if bar.lowest else None,
        "holds": bar.holds, "because": bar.because, "criteria": list(bar.criteria),
        "opens_escalation": bar.opens_escalation, "second_look": bar.second_look, "gave_way": bar.gave_way,
        "overridable_by": list(bar.overridable_by),
        "overridden": {"by": bar.override.role, "reason": bar.override.reason} if bar.override else None,
    }  # fmt: skip
