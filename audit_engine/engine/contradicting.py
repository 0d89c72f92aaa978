"""What does not fit together in one audit: told kindly, to the auditor first. It bars nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit_engine.definitions.contradictions import AUDITOR
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.grading_words import sentence, titles
from audit_engine.engine.rated_case import RatedCase
from audit_engine.engine.ratings import EXPECTED, Rated

FEWEST_WORDS = 4
"""A shorter note ('Not seen.') may well be right twice."""
FEWEST_GRADES = 5
"""With fewer, the same grade throughout says nothing."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing that does not fit."""

    id: str
    title: str
    says: str
    about: tuple[str, ...]
    told_to: tuple[str, ...]


def noticed(
    rubric: ReadRubric, case: RatedCase, ratings: Mapping[str, Rated], given_at: Mapping[str, datetime] | None = None
) -> tuple[Noticed, ...]:
    """Everything the rubric notices of one audit.

    A contradiction that cannot be decided, because something is not known, is not told.

    Args:
        given_at: When each criterion's grade was given; None where nobody knows, as in a file of answers.
    """
    found = [
        Noticed(one.id, one.title, sentence(one.says), one.about, one.told_to)
        for one, condition in rubric.contradictions
        if case.outcome_of(condition).held
    ]
    notices = rubric.rubric.notices
    if notices.copied_note:
        found += _copied_notes(rubric, ratings)
    if notices.same_grade_within_minutes is not None and given_at:
        found += _same_grades(ratings, given_at, notices.same_grade_within_minutes)
    return tuple(found)


def _copied_notes(rubric: ReadRubric, ratings: Mapping[str, Rated]) -> list[Noticed]:
    under: defaultdict[str, list[str]] = defaultdict(list)
    for criterion, rated in ratings.items():
        words = (rated.note or "").casefold().split()
        if len(words) >= FEWEST_WORDS:
            under[" ".join(words)].append(criterion)
    return [
        Noticed(
            "copied_note", "One note under several criteria",
            f"The same note stands under {titles(rubric, criteria)}. Say in each what was seen for that criterion.",
            tuple(criteria), (AUDITOR,),
        )
        for criteria in under.values()
        if len(criteria) > 1
    ]  # fmt: skip


def _same_grades(ratings: Mapping[str, Rated], given_at: Mapping[str, datetime], minutes: int) -> list[Noticed]:
    graded = {c: r.grade for c, r in ratings.items() if r.applicability == EXPECTED and r.grade is not None}
    times = [given_at[c] for c in graded if c in given_at]
    if len(graded) < FEWEST_GRADES or len(times) < len(graded) or len(set(graded.values())) > 1:
        return []
    if max(times) - min(times) > timedelta(minutes=minutes):
        return []
    within = "1 minute" if minutes == 1 else f"{minutes} minutes"
    says = (
        f"All {len(graded)} graded criteria have the same grade, given within {within}. If that is what you saw, "
        "leave it so; if you meant to come back to some of them, do it now."
    )
    return [Noticed("same_grade", "The same grade throughout", says, tuple(graded), (AUDITOR,))]
