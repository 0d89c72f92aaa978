"""`audit show`: one audit as it stands, and its story from the ledger."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import day_in_words, now
from audit_engine.cli.figures import as_json
from audit_engine.cli.matters import is_matter, show_matter
from audit_engine.cli.talk import marking, print_json, print_text
from audit_engine.cli.workspace import find

if TYPE_CHECKING:
    from audit_engine.definitions.catalogue import Catalogue
    from audit_engine.views import AuditView, ModerationView, RatingView, StoryLine

_APPLICABILITY = {
    "not_expected_by_rule": "not expected, by rule",
    "not_expected_by_judgement": "judged not expected",
    "not_expected": "not expected (how was not recorded)",
    "cannot_tell": "could not be told",
}


@click.command(short_help="Tell the story of an audit or a matter.")
@click.argument("reference", metavar="REFERENCE")
@as_json
@click.pass_context
def show(ctx: click.Context, reference: str, json_: bool) -> None:
    """Show an audit, an action, ... as it stands, and tell its story from the ledger. That you looked is recorded.

    \b
    Examples:
      audit show A-00001
      audit --as P-00001 show A-00001 --json
      audit show ACT-0001
    """
    from audit_engine.actions.looking import looked
    from audit_engine.queries.audits import audit_key, audit_view
    from audit_engine.queries.story import story_lines

    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    if is_matter(database, actor, reference):
        show_matter(database, actor, reference, json_=json_)
        return
    catalogue = workspace.catalogue()
    with database.read() as session:
        view = audit_view(session, actor, reference, catalogue)
        key = audit_key(session, actor, reference)
        story = story_lines(session, view)
    looked(database, actor, "viewed", "audit", key, at=now())
    if json_:
        print_json(asdict(view))
    else:
        print_text("\n".join([*_standing(view, catalogue, database.mode), *map(_told, story)]))


def _standing(view: "AuditView", catalogue: "Catalogue", mode: str) -> list[str]:
    lines = [*marking(mode), f"Audit {view.reference}, {view.programme}", f"Case {view.case}, {view.area}, {view.team}"]
    people = f"by {view.auditor or 'not recorded'}; practitioner {view.practitioner or 'not recorded'}"
    audited = (
        f"Audited on {day_in_words(view.audited_on)}" if view.audited_on or view.imported else "Not submitted yet;"
    )
    lines += [f"{audited} {people}", f"Stage: {view.stage_title}. {_graded(view)}."]
    lines.append(f"Together with the practitioner: {_yes_no(view.collaborative)}. Feedback: {_feedback(view)}.")
    if view.as_found:
        lines.append(f"ACCEPTED AS FOUND: {view.as_found}")
    if view.graded and view.withheld is None:
        lines.append(f"Overall: {_overall(view, catalogue)}")
        lines += [
            f"OVERRIDDEN: rule {rule}, by {one['by']}, {one['role'].replace('_', ' ')}: {one['reason']}"
            for rule, one in view.overridden.items()
        ]
    if view.moderation is not None:
        lines += _moderation(view.moderation, catalogue, view.rubric)
    if view.withheld is not None:
        lines += ["", f"Grades and notes: {view.withheld}."]
    else:
        given = [_rating(one, catalogue, view.rubric) for one in view.ratings]
        lines += ["", "Ratings", *(given or ["  none yet"])]
    lines += ["", f"Story (rubric {view.rubric} {view.rubric_version}, {view.rubric_digest[:12]})"]
    return lines


def _graded(view: "AuditView") -> str:
    """How far its grades are, by what the line above it says: whether it was submitted."""
    if not view.graded:
        return "Recorded without grades"
    if view.audited_on or view.imported:
        return "Graded"
    return "Not graded" if view.at_end else "To be graded"


def _overall(view: "AuditView", catalogue: "Catalogue") -> str:
    """The grade that stands, and the one the auditor gave, as far as there are any."""
    stands, gave = (_grade(catalogue, view.rubric, grade) for grade in (view.final_overall, view.overall))
    if view.final_overall is None and not view.at_end and (view.overall or not view.audited_on):
        stands = "none yet"
    return f"{stands} (the auditor gave {gave})" if view.overall or view.final_overall else stands


def _moderation(moderation: "ModerationView", catalogue: "Catalogue", rubric: str) -> list[str]:
    grades = (moderation.blind_overall, moderation.decided_overall)
    blind, decided = (_grade(catalogue, rubric, grade) for grade in grades)
    if moderation.moderated_on is None and moderation.decided_overall is None:
        return [f"Moderation by {moderation.moderator}, not decided. Blind: {blind}.", *_because(moderation)]
    when = f"Moderated on {day_in_words(moderation.moderated_on)} by {moderation.moderator}"
    lines = [f"{when}: blind {blind}, decided {decided}; {moderation.direction or 'direction not recorded'}"]
    return lines + _because(moderation)


def _because(moderation: "ModerationView") -> list[str]:
    """Why it was decided so, or returned."""
    return [f"  because: {moderation.reason}"] if moderation.reason else []


def _rating(rating: "RatingView", catalogue: "Catalogue", rubric: str) -> str:
    if rating.applicability != "expected":
        told = _APPLICABILITY[rating.applicability] + (f": {rating.reason.replace('_', ' ')}" if rating.reason else "")
    else:
        by_answers = rating.grade is None and bool(rating.answers)
        parts = ["answered"] if by_answers else [_grade(catalogue, rubric, rating.grade, rating.criterion)]
        parts += [f"evidence {rating.evidence.replace('_', ' ')}"] if rating.evidence else []
        parts += [f"made a difference: {rating.impact.replace('_', ' ')}"] if rating.impact else []
        told = "; ".join(parts)
    answers = "".join(f"\n    {one}" for one in rating.answers)
    return f"  {rating.title:<46} {told}{answers}"


def _told(line: "StoryLine") -> str:
    at = line.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    event = f", {line.event.replace('_', ' ')}" if line.event else ""
    what = line.about if line.turn is None else f"{line.about} {line.turn}"
    return f"  {at}  {what}: {line.kind} by {line.who} as {line.role}{event}: {' '.join(line.says)}"


def _grade(catalogue: "Catalogue", rubric: str, grade: str | None, criterion: str | None = None) -> str:
    if grade is None:
        return "no grade recorded"
    read = catalogue.rubrics.get(rubric)
    scale = read.scales.get(criterion or "", read.scale) if read else None
    return scale.label(grade) if scale and grade in scale.ids else grade


def _yes_no(value: bool | None) -> str:
    return "not recorded" if value is None else "yes" if value else "no"


def _feedback(view: "AuditView") -> str:
    return ", ".join(view.feedback_from) or view.feedback or "not recorded"
