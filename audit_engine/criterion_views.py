"""Frozen values of one criterion: what it asks, its questions, what was answered, and what is still asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: a grade, or a reason of a list."""

    key: str
    """The digit that chooses it: for grades 1 is the best of the scale."""
    id: str
    label: str
    text: str = ""
    """For a grade of a criterion: what it looks like there."""
    prompt: str = ""
    """What is asked of whoever chooses this grade; empty where nothing is."""
    examples: tuple[str, ...] = ()
    """What it may look like in an invented case."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What one person said of one criterion."""

    applicability: str
    grade: str | None
    grade_label: str | None
    reason_label: str | None
    """Why it does not apply, or could not be told."""
    evidence: str | None
    impact: str | None
    note: str | None
    pointer: str | None
    words: str
    """All of it but note and pointer, in one line."""
    answers: tuple[str, ...] = ()
    """The answers to its questions, each in a line with its question, and with the member it was asked of."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question under a criterion: asked once, or of one member of its repeat group."""

    id: str
    asks: str
    answers: tuple[Choice, ...]
    member: str | None
    given: str | None
    """The answer's id."""

    @property
    def label(self) -> str:
        """The answer that was given; empty for none."""
        return next((one.label for one in self.answers if one.id == self.given), "")


@dataclass(frozen=True, slots=True)
class QuestionsView:
    """The questions under one criterion that are asked now, and what their answers lead to."""

    questions: tuple[QuestionView, ...]
    """Those asked once before those asked of each member."""
    called: str
    """What they are asked for one by one, such as 'Each child of the sibling group'; empty where nothing is."""
    members: tuple[str, ...]
    at_most: int
    """Members there may be."""
    suggested: str | None
    """The grade the answers lead to; None while it cannot be told."""
    suggested_label: str
    because: str
    taken: bool
    """The grade stands unless somebody overrides it with a note."""
    overridden: bool
    """Another grade stands than the one that is taken from the answers."""

    @property
    def answered(self) -> int:
        """How many were answered."""
        return sum(one.given is not None for one in self.questions)


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One question, with what was answered and what is still asked for."""

    number: int
    """1, 2, ... in the rubric's order."""
    id: str
    title: str
    section: str
    asks: str
    look_for: tuple[str, ...]
    variant: str | None
    """What the wording is called that applies to this work in place of the ordinary one; None for that."""
    expected: str
    """By the facts of the case and the days of the work: `expected`, `not_expected`, `not_in_force` or `unknown`."""
    expected_because: str
    """The sentence of its rule; empty where it is always expected."""
    grades: tuple[Choice, ...]
    """Best first."""
    ladder: bool
    """Whether it also asks what was recorded and whether it made a difference."""
    not_expected_reasons: tuple[Choice, ...]
    cannot_tell_reasons: tuple[Choice, ...]
    answer: AnswerView | None
    demands: tuple[str, ...]
    """What is still asked for: answers, grade, evidence, impact, reason, note, pointer."""
    graded: bool = True
    """No: it is answered by its questions alone."""
    asked: QuestionsView | None = None
    """Its questions; None where it has none."""
    waiting: tuple[str, ...] = ()
    """The questions that wait for an answer, with the member they are asked of."""

    @property
    def mark(self) -> str:
        """`**` behind a grade that overrides the one taken from the answers; else empty."""
        return " **" if self.asked is not None and self.asked.overridden else ""

    @property
    def left_out(self) -> bool:
        """Whether it takes no part unless somebody answers it all the same."""
        return self.expected in ("not_expected", "not_in_force")

    @property
    def open(self) -> bool:
        """Whether something is still asked for."""
        return bool(self.demands)

    def grade_text(self, grade: str | None) -> str:
        """What a grade looks like here; empty for none."""
        return next((choice.text for choice in self.grades if choice.id == grade), "")

    @property
    def prompt(self) -> str:
        """What the grade that was chosen asks; empty for none."""
        given = self.answer.grade if self.answer else None
        return next((choice.prompt for choice in self.grades if choice.id == given), "")
