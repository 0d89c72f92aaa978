"""Criteria, and the libraries they live in: one criterion means one thing in every rubric that takes it in."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.reading import (
    CriterionId,
    Day,
    Definition,
    Identifier,
    Label,
    Sentence,
    Version,
    WholeNumber,
    YesNo,
    as_one_of,
)

TAGS = ("safety_critical", "impact", "child_centred", "oversight", "supervision", "recording")
LADDER = ("recorded", "quality", "impact")
CANNOT_TELL_REASONS = {
    "record_withheld": "The record was withheld from the auditor",
    "system_gap": "The system did not show it, or was down",
}
"""Why an auditor could not look. Looking and finding nothing is not among them: that is evidence not found."""
EVIDENCE, IMPACT = ("found", "partly", "not_found"), ("yes", "no", "cannot_tell")
"""The answers to a ladder's first and last step."""
FACTS = "case_facts"
"""The codebook criteria speak of when their library names none."""
FROM_ANSWERS = ("suggested", "taken")


class InForce(Definition):
    """The days of practice to which something applies, both included."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")


class Reason(Definition):
    """Why an auditor may judge a criterion not expected."""

    id: Identifier
    label: Label


class Example(Definition):
    """What a grade may look like, in an invented case."""

    grade: Identifier
    text: Sentence


class AnswerWord(Definition):
    """One of the answers to a question."""

    id: Identifier
    label: Label


class Question(Definition):
    """One of the questions whose answers lead to a criterion's grade."""

    id: Identifier
    asks: Sentence
    answers: Annotated[tuple[AnswerWord, ...], Field(min_length=2, max_length=10)]
    asked_when: str | None = None
    """A condition over the facts and the answers before it; None when it is always asked."""
    each: YesNo = False
    """Asked for each member of the criterion's repeat group."""
    note_demanded: tuple[Identifier, ...] = ()
    """Answers that need the criterion's note."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The ids of its answers."""
        return tuple(answer.id for answer in self.answers)


class Repeat(Definition):
    """What a criterion's questions are asked for one by one: each sibling, each visit."""

    id: Identifier
    called: Label
    at_most: WholeNumber = 12


class GradeRule(Definition):
    """One rule of a roll-up. The first that holds decides; the last has no `when` and is the last resort."""

    when: str | None = None
    grade: Identifier
    because: Sentence


class Variant(Definition):
    """Another wording of one criterion, for other work: what it does not name stays as it is."""

    id: Identifier
    title: Label
    when: str | None = None
    in_force: InForce | None = None
    asks: Sentence | None = None
    look_for: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    prompts: dict[str, Sentence] = {}
    descriptors: dict[str, Sentence] = {}


class Criterion(Definition):
    """One question an auditor answers with a grade, or by its questions alone."""

    id: CriterionId
    title: Label
    asks: Sentence
    scale: Identifier | None = None
    """None: that of the rubric that takes it in."""
    graded: YesNo = True
    expected_when: str | None = None
    """A condition over the case's facts; None when it is always expected."""
    expected_in_words: Sentence | None = None
    in_force: InForce | None = None
    not_expected_reasons: Annotated[tuple[Reason, ...], Field(max_length=12)] = ()
    ladder: tuple[Annotated[str, as_one_of(LADDER)], ...] = ()
    """For oversight criteria: recorded, quality and impact are three answers, counted separately."""
    tags: tuple[Annotated[str, as_one_of(TAGS)], ...] = ()
    look_for: Annotated[tuple[Label, ...], Field(min_length=1, max_length=20)]
    examples: Annotated[tuple[Example, ...], Field(max_length=20)] = ()
    evidence_demanded: tuple[Identifier, ...] = ()
    """Grades at which the auditor points to the evidence."""
    note_demanded: tuple[Identifier, ...] = ()
    """Grades at which the auditor writes a note."""
    prompts: dict[str, Sentence] = {}
    """What the auditor is asked at the moment of choosing, by grade id."""
    descriptors: dict[str, Sentence] = {}
    """What each grade looks like for this criterion, by grade id."""
    questions: Annotated[tuple[Question, ...], Field(max_length=40)] = ()
    repeat: Repeat | None = None
    suggests: Annotated[tuple[GradeRule, ...], Field(max_length=40)] = ()
    grade_from_answers: Annotated[str, as_one_of(FROM_ANSWERS)] = "suggested"
    """`taken`: the grade the answers lead to stands, unless somebody overrides it with a note."""
    variants: Annotated[tuple[Variant, ...], Field(max_length=12)] = ()

    def question(self, name: str) -> Question | None:
        """The question called `name`."""
        return next((question for question in self.questions if question.id == name), None)


class Library(Definition):
    """A file of shared criteria."""

    library: Identifier
    version: Version
    title: Label
    facts: Identifier = FACTS
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class Wording:
    """A criterion as it reads for one piece of work."""

    variant: Variant | None
    asks: str
    look_for: tuple[str, ...]
    prompts: dict[str, str]
    descriptors: dict[str, str]


def wording(criterion: Criterion, variant: Variant | None = None) -> Wording:
    """The criterion's words, with those of a variant in their place."""
    if variant is None:
        return Wording(None, criterion.asks, criterion.look_for, criterion.prompts, criterion.descriptors)
    return Wording(
        variant,
        variant.asks or criterion.asks,
        variant.look_for or criterion.look_for,
        criterion.prompts | variant.prompts,
        variant.descriptors or criterion.descriptors,
    )
