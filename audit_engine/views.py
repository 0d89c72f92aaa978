"""Frozen values handed to commands, screens and templates. No rows, no sessions, nothing that can write."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from audit_engine.statistics.intervals import wilson

NOT_RECORDED = "not_recorded"
"""The id of the last exclusion of every figure."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a waterfall, or one value of a distribution: how many, and what they are."""

    id: str
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on its denominator, with everything that was left out on the way there."""

    measure: str
    title: str
    means: str
    section: str
    kind: str
    """`count`, `total`, `proportion` or `distribution`."""
    population: int
    population_called: str
    left_out: tuple[Counted, ...]
    """In the order declared; what was never recorded comes last, under the id `not_recorded`."""
    denominator: int
    """The population minus all that is left out."""
    denominator_called: str
    numerator: int | None
    """For a proportion. For a total: the sum."""
    numerator_says: str
    beside: tuple[Counted, ...]
    shares: tuple[Counted, ...]
    """For a distribution: every declared value, best first, zeros included."""
    better: str
    target: int | None
    """In every hundred."""
    source: str
    headline: bool = False
    unplaced: int = 0
    """Of which it is not recorded whether they belong to the population; they are in no part of the figure."""
    group: str | None = None
    """The stream or area, when the figure is one line of a breakdown."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 per cent Wilson interval of a proportion, from 0 to 1; None without a denominator."""
        if self.kind != "proportion" or self.numerator is None or self.denominator == 0:
            return None
        return wilson(self.numerator, self.denominator)

    @property
    def misses_target(self) -> bool:
        """Whether the figure stands on the worse side of its target. Compared exactly, before any rounding."""
        if self.target is None or self.numerator is None or self.denominator == 0:
            return False
        reached, wanted = 100 * self.numerator, self.target * self.denominator
        return reached < wanted if self.better == "higher" else reached > wanted


def percent(part: int, whole: int, places: int = 1) -> Decimal:
    """Part of whole in the hundred, rounded half up. Only for use beside both numbers. Raises when whole is 0."""
    return (Decimal(100 * part) / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of a story."""

    turn: int | None
    """None where it would tell the reader how many entries are withheld from them."""
    at: datetime
    """Of what stands for entries that are withheld: the moment of the entry before them."""
    kind: str
    actor: str
    """The person's reference, or `nobody` for the opening of the workspace."""
    role: str
    payload: dict[str, Any] | None
    """None when it was erased."""
    workflow_digest: str = ""
    """Of the workflow it happened under; empty where there was none."""
    rubric_digest: str = ""
    """Of the rubric, likewise."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened."""

    at: datetime
    about: str
    """`audit`, `moderation` or `escalation`."""
    turn: int | None
    """None where the reader is not told it, and of escalations: each has a number instead."""
    kind: str
    event: str | None
    who: str
    role: str
    says: tuple[str, ...]
    """What happened, then what goes with it."""
    criteria: frozenset[str]
    """The ids of those it is about."""


@dataclass(frozen=True, slots=True)
class TrackStage:
    """One stage on the way of an audit."""

    title: str
    state: str
    """PASSED, HERE or AHEAD."""
    on: date | None
    """When it was last entered; None for what lies ahead, and where it was never kept."""


PASSED, HERE, AHEAD = "passed", "here", "ahead"


@dataclass(frozen=True, slots=True)
class TrackView:
    """The place of an audit on its way: what it passed, where it is, and where it goes when nothing comes between."""

    stages: tuple[TrackStage, ...]
    """In the order they were passed, then the present one, then those ahead."""
    due: date | None
    late: bool
    stands_still: str
    """That its time stands still, and what is left of it, in a sentence; empty while it runs."""
    waits: tuple[str, ...]
    """What waits on whom: the audit, its moderation, escalations and matters, each in a few words."""


@dataclass(frozen=True, slots=True)
class StoryView:
    """What happened to one audit."""

    reference: str
    programme: str
    lines: tuple[StoryLine, ...]
    """Oldest first; of one moment the audit's before its moderation's."""
    withheld: str | None
    """Why grades and notes are not in here for this reader; None when they are."""
    track: TrackView | None = None
    """None for an audit that was imported: it came finished."""

    def about(self, criterion: str) -> tuple[StoryLine, ...]:
        """What happened to one criterion."""
        return tuple(line for line in self.lines if criterion in line.criteria)


@dataclass(frozen=True, slots=True)
class RatingView:
    """One criterion of one audit."""

    criterion: str
    title: str
    applicability: str
    reason: str | None
    grade: str | None
    evidence: str | None
    impact: str | None
    answers: tuple[str, ...] = ()
    """To its questions, each in a line with its question."""


@dataclass(frozen=True, slots=True)
class ModerationView:
    """A moderation of one audit."""

    moderator: str
    moderated_on: date | None
    blind_overall: str | None
    decided_overall: str | None
    direction: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class EscalationStory:
    """What happened about one concern for a child, for those who are told of it."""

    number: int
    """Which of the audit's it is, from 1."""
    workflow_digest: str
    criterion: str | None
    """Where it was seen; None at none, and where what is feared is withheld."""
    entries: tuple[EntryView, ...]
    """Oldest first. Without words where what is feared is withheld."""


@dataclass(frozen=True, slots=True)
class AuditView:
    """One audit as it stands, with its story."""

    reference: str
    case: str
    stream: str
    programme: str
    stage: str
    graded: bool
    imported: bool
    area: str
    team: str
    auditor: str | None
    practitioner: str | None
    audited_on: date | None
    practice_from: date | None
    practice_to: date | None
    overall: str | None
    final_overall: str | None
    overridden: dict[str, Any]
    """By limiting rule that was looked past: `by`, `role` and `reason`."""
    collaborative: bool | None
    feedback: str | None
    feedback_from: tuple[str, ...]
    as_found: str | None
    rubric: str
    rubric_version: str
    rubric_digest: str
    facts: dict[str, Any]
    ratings: tuple[RatingView, ...]
    moderation: ModerationView | None
    story: tuple[EntryView, ...]
    moderation_story: tuple[EntryView, ...]
    escalations: tuple[EscalationStory, ...] = ()
    """Those the reader is told of, closed ones too."""
    withheld: str | None = None
    """Why grades, notes and what was entered are not in here for this reader; None when they are."""
    stage_title: str = ""
    """What people call its stage; its id where it was imported, without a workflow."""
    at_end: bool = False
    """Whether nothing leads on from its stage; always, where it was imported."""


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One figure from elsewhere."""

    indicator: str
    area: str
    numerator: int | None
    denominator: int | None
    value: str | None
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class DataCut:
    """What the workspace held when its figures were counted."""

    at: datetime
    """The moment of the newest checkpoint."""
    entries: int
    chains: int
    root: str
    """The checkpoint's root, hex."""
    program: str
    as_found: int
    """Audits in the period that were accepted although they break a rule."""


@dataclass(frozen=True, slots=True)
class StratumView:
    """One stratum of a draw."""

    name: str
    size: int
    """Cases of the frame in it."""
    drawn: int


@dataclass(frozen=True, slots=True)
class DrawnView:
    """One audit that a draw made. Its case was drawn with the probability `drawn / size`, exactly."""

    audit: str
    stratum: str
    drawn: int
    """How many of the stratum were drawn."""
    size: int
    """How many cases of the frame are in it."""


@dataclass(frozen=True, slots=True)
class DrawView:
    """The newest draw of a programme for a quarter, with its frame, and how many the quarter has in all."""

    programme: str
    title: str
    quarter: str
    added: int
    """Audits that this call made; 0 when there were enough already."""
    drawn: int
    """Audits drawn for the quarter so far, by this draw and those before it."""
    withdrawn: int
    """Those among them that were withdrawn since."""
    drawn_on: date
    open_on: date | None
    """The day on which the cases of the frame were open. This and what follows on the frame: None and empty when the
    draw's ledger entry was erased."""
    seed: str
    open_cases: int | None
    left_out: tuple[Counted, ...]
    """Between the open cases and the frame, in this order."""
    frame_size: int
    frame_digest: str
    strata: tuple[StratumView, ...]
    audits: tuple[DrawnView, ...]
    """In the order drawn."""


@dataclass(frozen=True, slots=True)
class AllocationView:
    """Who got one audit, and why."""

    audit: str
    programme: str
    stage: str
    auditor: str
    manager: str | None
    """Who manages the practitioner, and so may not look at this audit; None when nobody does."""
    due: date | None
    because: str


@dataclass(frozen=True, slots=True)
class LandingView:
    """Where one open audit, moderation or escalation lands under another text of its workflow."""

    audit: str
    number: int | None
    """Which of the audit's moderations or escalations it is; None for the audit itself."""
    from_version: str
    from_digest: str
    from_stage: str
    """The stage's title, as all of these."""
    to_stage: str | None
    """None where there is none."""
    due: date | None
    """As it stands now."""
    due_then: date | None
    refused: tuple[str, ...]
    """Why it cannot be moved; empty when it can."""


@dataclass(frozen=True, slots=True)
class MigrationView:
    """What moving everything open to the text in force comes to."""

    workflow: str
    governs: str
    version: str
    digest: str
    landings: tuple[LandingView, ...]

    @property
    def possible(self) -> bool:
        """Whether all of them can be moved: else none is."""
        return not any(one.refused for one in self.landings)
