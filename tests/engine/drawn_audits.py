"""Audits drawn from a seed, under every shipped and example rubric."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from audit_engine.definitions.catalogue import load_rubric, shipped_folder
from audit_engine.definitions.criteria import CANNOT_TELL_REASONS, Criterion
from audit_engine.definitions.facts import Fact
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.grading import Judgement, judgement
from audit_engine.engine.in_force import Practice
from audit_engine.engine.ratings import BY_JUDGEMENT, CANNOT_TELL, EXPECTED, Rated
from tests.engine.conftest import shipped

EXAMPLES = sorted((shipped_folder() / "rubrics" / "examples").glob("*.yaml"))
RUBRICS: dict[str, ReadRubric] = {
    **shipped().rubrics, **{f"examples/{file.stem}": load_rubric(file) for file in EXAMPLES},
}  # fmt: skip
NAMES = sorted(RUBRICS)
SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
every_rubric = pytest.mark.parametrize("name", NAMES)
seeds = st.integers(0, 2**32 - 1)


class Chosen:
    """One audit drawn from a seed: facts, some of them unknown; ratings, some of them missing; days; overrides."""

    def __init__(self, rubric: ReadRubric, seed: int, missing: float = 0.2) -> None:
        self.rubric, self.draw = rubric, random.Random(seed)  # noqa: S311 - drawn from a seed, not for secrecy
        self.missing = missing
        self.facts = {fact.id: self.fact(fact) for fact in rubric.codebook.facts if self.draw.random() < 0.7}
        first = date(2024, 6, 1) + timedelta(days=self.draw.randrange(900))
        self.practice = self.draw.choice(
            (Practice(), Practice(first), Practice(first, first + timedelta(days=self.draw.randrange(300))))
        )
        self.ratings = {name: self.rating(criterion) for name, criterion in rubric.criteria.items()}

    def fact(self, fact: Fact) -> Any:
        words = [word.id for word in fact.words]
        if fact.type == "words":
            return tuple(self.draw.sample(words, self.draw.randrange(len(words) + 1)))
        if fact.type == "word":
            return self.draw.choice(words)
        return self.draw.random() < 0.5 if fact.type == "yes_no" else self.draw.randrange(60)

    def rating(self, criterion: Criterion) -> Rated:
        if self.draw.random() < self.missing:
            return Rated(EXPECTED)
        if criterion.not_expected_reasons and self.draw.random() < 0.1:
            return Rated(BY_JUDGEMENT, reason=criterion.not_expected_reasons[0].id)
        return (
            Rated(CANNOT_TELL, reason=next(iter(CANNOT_TELL_REASONS)))
            if self.draw.random() < 0.05
            else self.full(criterion)
        )

    def full(self, criterion: Criterion) -> Rated:
        asked = {q.id: self.draw.choice(q.words) for q in criterion.questions if not q.each}
        members = {
            f"member {n}": {q.id: self.draw.choice(q.words) for q in criterion.questions if q.each}
            for n in range(self.draw.randint(1, 3) if criterion.repeat else 0)
        }
        grade = self.draw.choice(self.rubric.scales[criterion.id].ids) if criterion.graded else None
        evidence, impact = ("found", "yes") if criterion.ladder else (None, None)
        return Rated(EXPECTED, grade, None, evidence, impact, answers=asked, members=members)

    def judged(self, ratings: Mapping[str, Rated] | None = None, **others: Any) -> Judgement:
        given = self.ratings if ratings is None else ratings
        return judgement(self.rubric, given, self.facts, **{"practice": self.practice, **others})
