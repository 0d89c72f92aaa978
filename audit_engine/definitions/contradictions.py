"""What a rubric notices that does not fit together. Said kindly, to the auditor first; it bars nothing."""

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.reading import (
    CriterionId,
    Definition,
    Label,
    RuleName,
    Sentence,
    WholeNumber,
    YesNo,
    as_one_of,
    repeated,
)
from audit_engine.definitions.roll_ups import judged_condition
from audit_engine.definitions.rubric_rules import Judging
from audit_engine.definitions.sources import Route
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

AUDITOR, MODERATOR = "auditor", "moderator"
LONGEST = 60
"""Minutes within which equal grades may be noticed."""


class Contradiction(Definition):
    """Grades, answers and facts that do not fit together, and what to say of it."""

    id: RuleName
    title: Label
    when: str
    says: Sentence
    about: Annotated[tuple[CriterionId, ...], Field(min_length=1, max_length=20)]
    told_to: Annotated[tuple[Annotated[str, as_one_of((AUDITOR, MODERATOR))], ...], Field(min_length=1)] = (AUDITOR,)


class Notices(Definition):
    """What is noticed without a condition."""

    copied_note: YesNo = False
    """One note under two criteria."""
    same_grade_within_minutes: WholeNumber | None = None
    """Every criterion the same grade, all given within so many minutes."""


def read_contradictions(
    judging: Judging, written: tuple[Contradiction, ...], notices: Notices, criteria: Collection[str]
) -> tuple[tuple[tuple[Contradiction, Condition], ...], list[Problem]]:
    """The contradictions with their conditions, and everything wrong with them."""
    source = judging.source
    problems = repeated(
        source, [(("contradictions", n, "id"), one.id) for n, one in enumerate(written)], "D016", "contradiction"
    )
    read: list[tuple[Contradiction, Condition]] = []
    for n, one in enumerate(written):
        route: Route = ("contradictions", n)
        condition, wrong = judged_condition(source, (*route, "when"), judging.vocabulary, judging.ranges)
        problems += wrong
        if condition is not None:
            read.append((one, condition))
        for m, name in enumerate(one.about):
            if name not in criteria:
                message = f"this rubric has no criterion '{name}'"
                problems.append(source.problem((*route, "about", m), "D018", message, offered(name, criteria)))
        if AUDITOR not in one.told_to:
            message = "a contradiction is told to the auditor first, who can put it right"
            problems.append(source.problem((*route, "told_to"), "D049", message, "Add 'auditor' to the list."))
    minutes = notices.same_grade_within_minutes
    if minutes is not None and not 1 <= minutes <= LONGEST:
        route = ("notices", "same_grade_within_minutes")
        message = f"grades are held against the clock for 1 to {LONGEST} minutes"
        problems.append(source.problem(route, "D049", message, "Write a number in between."))
    return tuple(read), problems
