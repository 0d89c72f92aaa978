"""Frozen values of the live path: what an auditor, a moderator and a practitioner see while they work on one audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from audit_engine.criterion_views import AnswerView, Choice, CriterionView, QuestionsView, QuestionView
from audit_engine.views import EntryView, TrackView

__all__ = [
    "AnswerView", "AskedRecord", "AuditFile", "Choice", "ComparisonView", "CriterionView", "DifferenceView",
    "EscalationView", "FiledCriterion", "MachineView", "ModerationFile", "NoticedView", "OverallView", "QuestionView",
    "QuestionsView", "SharedCriterion", "SharedView", "StepView", "WhyView", "WorkView",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class InNote:
    """What in the reader's own note may tell who somebody is. For whoever wrote the note, and for nobody else."""

    criterion: CriterionView
    text: str
    """`probable name in the note: 'Amy'`."""
    sentence: str
    """The same with the criterion named."""


@dataclass(frozen=True, slots=True)
class EscalationView:
    """One concern about the child."""

    stage: str
    stage_title: str
    open: bool
    raised_by: str
    raised_at: datetime
    due: date | None
    criterion: str | None
    """Its title."""
    concern: str
    action_taken: str | None
    acted_by: str | None
    outcome: str | None
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """Something that whoever does a step must say, and that is then recorded."""

    id: str
    title: str
    kind: str
    """`words`, `text`, `day` or `audit`."""
    choices: tuple[Choice, ...]
    """Of words: all of them, numbered from 1."""
    how: str
    """What can be said, in words: `given, refused or not_asked`."""


@dataclass(frozen=True, slots=True)
class StepView:
    """An event that leaves the present stage: who may do it, where it leads, and why not."""

    event: str
    title: str
    for_whom: tuple[str, ...]
    to: str | None
    """The title of the stage it leads to; None while that is not known."""
    mine: bool
    """Whether it is the reader's to do."""
    reasons: tuple[str, ...]
    """Why not now, whoever asks."""
    against_me: tuple[str, ...] = ()
    """Why the reader may not do it."""
    asks: tuple[str, ...] = ()
    """What whoever does it is asked on the way."""
    needs_words: bool = False
    reason_from: tuple[Choice, ...] = ()
    """The listed reasons one of which is asked for, numbered from 1."""
    lasting: str = ""
    """What cannot be undone once it is done, in a sentence; empty where little hangs on it."""
    records: tuple[AskedRecord, ...] = ()
    """What it asks to be said, in order."""
    names: tuple[str, ...] = ()
    """The places for which somebody is named with it."""
    opens: tuple[str, ...] = ()
    """What it opens, each with the condition on which it does."""
    window: str = ""
    """Until when it can be done, in a sentence; empty where no day ends that."""
    withheld: bool = False
    """Whether it can be done, or what is missing for it, is not told to this reader; `reasons` says only why not."""
    by_itself: bool = False
    """Only the clock does it, once it is late; nobody does it by hand."""

    @property
    def possible(self) -> bool:
        """Whether it can be done now, by those who may."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class OverallView:
    """What follows from the grades for the audit as a whole."""

    grades: tuple[Choice, ...]
    """The whole scale, best first; `text` says why one may not be given, and is empty where it may."""
    suggested: str | None
    because: str
    permitted: tuple[str, ...]
    """Grade ids, worst first."""
    provisional: bool
    """Something is still missing, so that what is permitted may change."""
    bound_by: tuple[str, ...]
    """The limiting rules that bind, each in a sentence."""
    chosen: str | None = None
    by_override: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Grades that may be given by looking past rules, for whoever may do so: the rules, by grade."""
    overridden: tuple[str, ...] = ()
    """The rules somebody looked past, each in a sentence with who and why."""
    leaves: tuple[str, ...] = ()
    """What each rule that binds from below leaves of the scale: floors, and single grades."""

    def label(self, grade: str | None) -> str:
        """What people call a grade."""
        return next((choice.label for choice in self.grades if choice.id == grade), "no grade")


@dataclass(frozen=True, slots=True)
class NoticedView:
    """Something that does not fit together. It bars nothing."""

    title: str
    says: str
    about: tuple[int, ...]
    """The numbers of the questions it is about."""


@dataclass(frozen=True, slots=True)
class WorkView:
    """One audit as whoever grades it sees it."""

    reference: str
    case: str
    programme: str
    rubric: str
    stage: str
    stage_title: str
    due: date | None
    turn: int
    blind: bool
    """True for a moderator before the lock: nothing of the auditor's answers is in here."""
    begun: bool
    """Whether answers can be written now."""
    graded: bool
    auditor: str | None
    practitioner: str | None
    moderator: str | None
    criteria: tuple[CriterionView, ...]
    overall: OverallView
    missing: int
    """Criteria that still ask for something."""
    to_do: tuple[str, ...]
    """Everything that stands in the way of handing in, in sentences."""
    at_risk: str | None
    """That a child may be at risk and nobody has been told, in a sentence; None otherwise, and for whoever is blind."""
    warnings: tuple[str, ...]
    escalations: tuple[EscalationView, ...]
    collaborative: bool | None
    feedback: str | None
    feedback_from: tuple[str, ...]
    feedback_reason: str | None
    returned_because: str | None
    """Why the moderator sent it back, when they did."""
    next: tuple[StepView, ...]
    noticed: tuple[NoticedView, ...] = ()
    """What does not fit together; empty for whoever is blind."""

    @property
    def done(self) -> int:
        """Criteria that ask for nothing more."""
        return len(self.criteria) - self.missing

    def criterion(self, name: str) -> CriterionView:
        """The criterion of this id. Raises KeyError."""
        for one in self.criteria:
            if one.id == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One criterion on which auditor and moderator differ."""

    criterion: CriterionView
    """Without an answer of its own."""
    auditor: AnswerView | None
    """None: it was not expected, by rule."""
    moderator: AnswerView | None
    apart: int | None
    """Grades between the two; None where one of them is no grade."""
    decision: str | None
    """`auditor`, `moderator` or `other`."""
    stands: str | None
    """What the decision makes of it, in words."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Auditor and moderator side by side, once the blind grades are locked."""

    reference: str
    stage: str
    """Of the moderation."""
    turn: int
    graded: bool
    auditor: str
    moderator: str
    same: int
    """Criteria on which the two agree."""
    differences: tuple[DifferenceView, ...]
    given_overall: str | None
    blind_overall: str | None
    decided_overall: str | None
    overall: OverallView
    """As the grades stand with what is decided so far."""
    undecided: int
    """Differences without a decision."""
    finished: bool
    """Decided: nothing more to do."""
    noticed: tuple[NoticedView, ...] = ()
    """What does not fit together in what stands, as far as the moderator is told."""


@dataclass(frozen=True, slots=True)
class SharedCriterion:
    """One criterion as the practitioner reads it."""

    title: str
    asks: str
    section: str
    answer: AnswerView | None
    text: str
    """What the grade looks like, in the rubric's words."""
    mark: str = ""
    """As `CriterionView.mark`."""


@dataclass(frozen=True, slots=True)
class SharedView:
    """An audit as its practitioner sees it once it is shared. Holds nothing of the moderation."""

    reference: str
    case: str
    programme: str
    stage: str
    stage_title: str
    due: date | None
    turn: int
    graded: bool
    auditor: str
    practitioner: str
    audited_on: date | None
    overall: str | None
    overall_label: str | None
    overall_means: str
    collaborative: bool | None
    feedback_from: tuple[str, ...]
    criteria: tuple[SharedCriterion, ...]
    answer: str | None
    answer_text: str | None
    answered_on: date | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class MachineView:
    """What can happen to one thing: the audit, its moderation, one of its escalations."""

    what: str
    stage: str
    waits_for: str | None
    """Whom, with the name where the audit has one: of an escalation everybody who can bring it on. None at its end."""
    since: datetime | None
    due: date | None
    steps: tuple[StepView, ...]
    says: tuple[str, ...] = ()
    """Of an escalation: what is feared, and what was done so far. Of an audit: what the practitioner answered."""
    number: int | None = None
    """Of an escalation: which of the audit's it is, from 1."""
    withheld: bool = False
    """Of an escalation: what is feared is not told to the reader."""
    stands_still: str = ""
    """That its time stands still, and what is left of it, in a sentence; empty while it runs."""
    reference: str | None = None
    """Of a matter: its own, by which it is moved on."""
    notices: tuple[str, ...] = ()
    """Who was reminded that it is late and who was told, since it came to this stage, in sentences."""


@dataclass(frozen=True, slots=True)
class WhyView:
    """What can happen to an audit now, and why not."""

    reference: str
    case: str
    """The reference of the child's case."""
    practitioner: str | None
    """Whose work it is."""
    auditor: str | None
    reader: str
    machines: tuple[MachineView, ...]
    turn: int
    track: TrackView


@dataclass(frozen=True, slots=True)
class ModerationFile:
    """One moderation as the file keeps it."""

    number: int
    moderator: str
    moderated_on: date | None
    stage: str
    blind_overall: str | None
    decided_overall: str | None
    direction: str | None
    reason: str | None
    differences: tuple[DifferenceView, ...]


@dataclass(frozen=True, slots=True)
class FiledCriterion:
    """One criterion as the file keeps it."""

    criterion: CriterionView
    """Its answer is the one that stands."""
    given: str | None
    """What the auditor gave, where moderation decided otherwise."""


@dataclass(frozen=True, slots=True)
class AuditFile:
    """One audit with everything, for its file. Only for those from whom nothing is withheld."""

    reference: str
    case: str
    programme: str
    rubric: str
    rubric_version: str
    rubric_digest: str
    stage_title: str
    area: str
    team: str
    graded: bool
    auditor: str
    practitioner: str
    manager: str
    audited_on: date | None
    counts_on: date | None
    given_overall: str | None
    final_overall: str | None
    overall_means: str
    suggested: str | None
    overall_reason: str | None
    because: str
    """Why it was suggested; empty where moderation has changed what it was made of."""
    bound_by: tuple[str, ...]
    overridden: tuple[str, ...]
    """The rules somebody looked past, each in a sentence with who and why."""
    collaborative: bool | None
    feedback: str
    as_found: str | None
    selected_because: str | None
    criteria: tuple[FiledCriterion, ...]
    moderations: tuple[ModerationFile, ...]
    escalations: tuple[EscalationView, ...]
    answer: str | None
    answer_text: str | None
    answered_on: date | None
    withdrawn_because: str | None
    story: tuple[EntryView, ...]
