"""What the tests of the engine share: the shipped rubric, and a case in which all of it is expected."""

from functools import cache
from typing import Any

import pytest

from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.grading import Rated

FACTS: dict[str, Any] = {
    "law_type": "private", "work_type": "wafh_s7", "weeks_open": 30, "standard_weeks": 26, "allocated": True,
    "child_seen_required": True, "can_express_view": True, "da_disclosed": True, "sexual_harm_concern": True,
    "significant_harm_concern": True, "assessment_in_window": True, "filing_made": True, "recommendation_made": True,
    "safe_to_share": True, "situational_triggers": ("child_not_seen",), "oversight_points": ("allocation",),
}  # fmt: skip
"""By fact id. Every criterion of the shipped rubrics is expected."""


@cache
def shipped() -> Catalogue:
    """The shipped definitions, read once."""
    return load()


def rated(grade: str) -> Rated:
    """A rating that lacks nothing, whatever the rubric demands."""
    return Rated("expected", grade, evidence="found", impact="yes", note="Seen in the record.", pointer="Note of 3 May")


def all_rated(rubric: ReadRubric, grade: str, **others: str) -> dict[str, Rated]:
    """Every criterion with one grade; `others` have their own, with two underscores for the point of a name."""
    ratings = {criterion: rated(grade) for criterion in rubric.criteria}
    return ratings | {name.replace("__", "."): rated(other) for name, other in others.items()}


@pytest.fixture(scope="session")
def rubric() -> ReadRubric:
    """The shipped rubric with the most criteria."""
    return shipped().rubric("quality_and_impact")
