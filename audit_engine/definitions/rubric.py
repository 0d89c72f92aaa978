"""Rubrics: what is graded, and how one grade follows from many. Criteria come from the shared library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.contradictions import Contradiction, Notices
from audit_engine.definitions.criteria import (
    TAGS,
    Criterion,
    InForce,
)
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.questions import ReadQuestions
from audit_engine.definitions.reading import (
    CriterionId,
    Definition,
    Identifier,
    Label,
    Sentence,
    Version,
    WholeNumber,
    YesNo,
    as_one_of,
)
from audit_engine.definitions.roll_ups import ReadRollUp, RollUp
from audit_engine.definitions.rubric_names import (
    Named,
)
from audit_engine.definitions.rubric_rules import LimitingRule, RuleOrName
from audit_engine.definitions.scales import Scale

SUBJECTS = ("case", "audit", "area", "practice_observation", "practitioner")
GRADED = ("always", "optional", "never")


class Section(Definition):
    """A part of a rubric; where it rolls up, with a grade of its own."""

    id: Identifier
    title: Label
    expected_when: str | None = None
    """For all its criteria, beside their own conditions."""
    expected_in_words: Sentence | None = None
    in_force: InForce | None = None
    criteria: Annotated[tuple[CriterionId, ...], Field(min_length=1, max_length=60)]
    scale: Identifier | None = None
    """Of the section's grade; the rubric's when left out."""
    rolls_up: RollUp | None = None
    counts: YesNo = True
    """No: nothing counts its criteria, on purpose."""


class Conformity(Definition):
    """A share of the audits to which a section applies that must reach a grade."""

    section: Identifier
    grade: Identifier
    at_least: WholeNumber
    """Per cent."""
    basis: Sentence


class Rubric(Definition):
    """What is graded, as written."""

    rubric: Identifier
    version: Version
    title: Label
    purpose: Sentence
    tried: YesNo | None = None
    """Whether practitioners have tried it; nothing is said of it where None."""
    subject: Annotated[str, as_one_of(SUBJECTS)]
    scale: Identifier
    facts: Identifier
    graded: Annotated[str, as_one_of(GRADED)]
    overall_grade: YesNo = True
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=30)]
    limiting_rules: Annotated[tuple[RuleOrName, ...], Field(max_length=50)] = ()
    suggested_overall: RollUp | None = None
    contradictions: Annotated[tuple[Contradiction, ...], Field(max_length=50)] = ()
    notices: Notices = Notices()
    conformity: Annotated[tuple[Conformity, ...], Field(max_length=30)] = ()


def set_aside(rubric: Rubric) -> frozenset[str]:
    """The criteria of sections that nothing counts."""
    return frozenset(c for section in rubric.sections if not section.counts for c in section.criteria)


@dataclass(frozen=True)
class ReadRubric:
    """A rubric with everything it speaks of: ready to grade under, frozen."""

    rubric: Rubric
    scale: Scale
    """Of the overall grade."""
    codebook: Codebook
    criteria: Mapping[str, Criterion]
    """By id, in the rubric's order."""
    scales: Mapping[str, Scale]
    """Of each criterion, by its id; of one without a grade, the rubric's."""
    section_scales: Mapping[str, Scale]
    expected: Mapping[str, Condition] = field(default_factory=dict)
    """By criterion id, where a condition decides."""
    sections_expected: Mapping[str, Condition] = field(default_factory=dict)
    variants: Mapping[tuple[str, str], Condition] = field(default_factory=dict)
    """By criterion and variant id, where a condition chooses."""
    questions: Mapping[str, ReadQuestions] = field(default_factory=dict)
    limits: tuple[tuple[LimitingRule, Condition], ...] = ()
    roll_ups: Mapping[str, ReadRollUp] = field(default_factory=dict)
    """By section id, of the sections with a grade of their own."""
    overall: ReadRollUp | None = None
    """What suggests the overall grade; None where there is none."""
    contradictions: tuple[tuple[Contradiction, Condition], ...] = ()

    @cached_property
    def tagged(self) -> dict[str, frozenset[str]]:
        """The criteria of every tag that are counted."""
        counted = self.named.counted
        return {tag: frozenset(name for name, one in counted.items() if tag in one.tags) for tag in TAGS}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of every criterion."""
        return {criterion: section for section in self.rubric.sections for criterion in section.criteria}

    @cached_property
    def named(self) -> Named:
        """What conditions about ratings may name."""
        return Named(
            self.codebook, self.scale, self.criteria, self.scales,
            {name: self.section_scales[name] for name in self.roll_ups}, set_aside(self.rubric),
        )  # fmt: skip

    def label(self, criterion: str, grade: str) -> str:
        """What people call a grade of a criterion."""
        return self.scales[criterion].label(grade)
