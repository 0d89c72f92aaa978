"""Ratings as one person gave them, and what of them is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit_engine.definitions.answers import Answer
from audit_engine.definitions.rubric import ReadRubric

EXPECTED, CANNOT_TELL = "expected", "cannot_tell"
BY_RULE, BY_JUDGEMENT = "not_expected_by_rule", "not_expected_by_judgement"
Answered = Mapping[str, str]
"""Answers by question id."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One criterion as one person rated it. `grade` is None when expected and not recorded."""

    applicability: str
    grade: str | None = None
    reason: str | None = None
    """Why it is not expected by judgement, or why it cannot be told: an id."""
    evidence: str | None = None
    impact: str | None = None
    note: str | None = None
    pointer: str | None = None
    answers: Answered = field(default_factory=dict)
    members: Mapping[str, Answered] = field(default_factory=dict)
    """Of the repeat group, by what each is called: its own answers."""

    @property
    def begun(self) -> bool:
        """Whether anything was said that only an expected criterion is asked."""
        return any((self.grade, self.evidence, self.impact, self.answers, self.members))


def rated_as_answered(answer: Answer) -> Rated:
    """An answer from a file as a rating; without a grade it waits for one."""
    if answer.not_expected is not None:
        return Rated(BY_JUDGEMENT, None, answer.reason, note=answer.note, pointer=answer.pointer)
    if answer.cannot_tell is not None:
        return Rated(CANNOT_TELL, None, answer.cannot_tell, note=answer.note, pointer=answer.pointer)
    return Rated(
        EXPECTED, answer.grade, None, answer.evidence, answer.impact, answer.note, answer.pointer,
        answer.answers, answer.each,
    )  # fmt: skip


def recorded_grades(rubric: ReadRubric, ratings: Mapping[str, Rated]) -> tuple[dict[str, str], set[str]]:
    """The grades by criterion, and the criteria that are expected, or not rated at all, and have no grade."""
    grades: dict[str, str] = {}
    missing: set[str] = set()
    for criterion, written in rubric.criteria.items():
        if not written.graded:
            continue
        rated = ratings.get(criterion)
        if rated is None or (rated.applicability == EXPECTED and rated.grade is None):
            missing.add(criterion)
        elif rated.applicability == EXPECTED and rated.grade is not None:
            grades[criterion] = rated.grade
    return grades, missing
