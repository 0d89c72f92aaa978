"""One audit, and the plan of all of them: which stream, which day, graded or not, what was expected."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from audit_engine.training.cases import Case
from audit_engine.training.days import working_days
from audit_engine.training.draws import chosen
from audit_engine.training.size import LadderCounts, Size
from audit_engine.training.words import NOT_EXPECTED_REASONS, OVERSIGHT, RESPONDENTS, SUPERVISION

LOCAL: Final = "local"
NATIONAL: Final = "national"
PERFORMANCE_BOARD: Final = "performance_board"

EXPECTED: Final = "expected"
BY_RULE: Final = "not_expected:rule"
CANNOT_TELL: Final = "cannot_tell"
_FIRST_REASON_SHARE: Final = 0.6
_BEFORE_AUDIT: Final = timedelta(days=183)
"""An audit looks at about six months of practice."""


@dataclass(slots=True)
class Ladder:
    """Oversight or supervision in one audit, in the words of audits.csv."""

    expected: str = BY_RULE
    evidence: str = ""
    """Empty where it was not expected; so is the impact."""
    impact: str = ""

    @property
    def is_expected(self) -> bool:
        return self.expected == EXPECTED


@dataclass(slots=True)
class Audit:
    """One line of audits.csv, filled in step by step."""

    stream: str
    graded: bool
    audited_on: date
    oversight: Ladder = field(default_factory=Ladder)
    supervision: Ladder = field(default_factory=Ladder)
    audit: str = ""
    """The id: given in the order of the days."""
    of: Case | None = None
    """None until a case has been found for it."""
    auditor: str = ""
    practice_from: date = date.min
    practice_to: date = date.min
    collaborative: bool = False
    feedback_from: tuple[str, ...] = ()
    overall: str = ""
    """What the auditor gave; empty when the audit is not graded."""
    moderator: str = ""
    moderated_on: date | None = None
    """None when nobody moderated it."""
    moderator_overall: str = ""
    final_overall: str = ""
    moderation_reason: str = ""
    ratings: dict[str, str] = field(default_factory=dict)
    """By criterion: a grade, `not_expected` or `cannot_tell`. Absent is an empty cell."""

    @property
    def case(self) -> Case:
        """The case audited.

        Raises:
            ValueError: none has been found for it yet.
        """
        if self.of is None:
            raise ValueError("this audit has no case yet")
        return self.of


def plan_audits(rng: Random, size: Size) -> list[Audit]:
    """All audits by day, with their ids, streams and what was expected; no cases yet."""
    audits = [
        *_stream(rng, LOCAL, size.local.total, graded=True),
        *_stream(rng, LOCAL, size.local_ungraded, graded=False),
        *_stream(rng, NATIONAL, size.national.total, graded=True),
        *_stream(rng, PERFORMANCE_BOARD, size.performance_board.total, graded=True),
    ]
    rng.shuffle(audits)
    audits.sort(key=lambda audit: audit.audited_on)
    for number, audit in enumerate(audits, start=1):
        audit.audit = f"A-{number:05d}"
    _expect(rng, [(audit.oversight, 1.0) for audit in audits], size.oversight, NOT_EXPECTED_REASONS[OVERSIGHT])
    # Where oversight is expected supervision is likelier: both follow from how worrying a case is.
    worrying = [(audit.supervision, 1.6 if audit.oversight.is_expected else 1.0) for audit in audits]
    _expect(rng, worrying, size.supervision, NOT_EXPECTED_REASONS[SUPERVISION])
    return audits


def _stream(rng: Random, stream: str, count: int, *, graded: bool) -> list[Audit]:
    days = working_days()
    return [Audit(stream, graded, rng.choice(days)) for _ in range(count)]


def _expect(rng: Random, ladders: list[tuple[Ladder, float]], counts: LadderCounts, reasons: tuple[str, ...]) -> None:
    """Say for each ladder, weighed by how likely it is to be expected, which of the four states it is in."""
    for ladder, _ in chosen(rng, ladders, counts.expected, weight=lambda weighed: weighed[1]):
        ladder.expected = EXPECTED
    rest = [ladder for ladder, _ in ladders if not ladder.is_expected]
    for ladder in chosen(rng, rest, counts.judged):
        usual = rng.random() < _FIRST_REASON_SHARE
        ladder.expected = f"not_expected:{reasons[0] if usual else rng.choice(reasons[1:])}"
    rest = [ladder for ladder in rest if ladder.expected == BY_RULE]
    for ladder in chosen(rng, rest, counts.cannot_tell):
        ladder.expected = CANNOT_TELL


def look_back(rng: Random, audit: Audit) -> None:
    """Set the window of practice: about six months, ending shortly before the audit or when the case closed."""
    shortly_before = audit.audited_on - timedelta(days=rng.randrange(1, 15))
    audit.practice_to = min(shortly_before, audit.case.closed or shortly_before)
    audit.practice_from = max(audit.practice_to - _BEFORE_AUDIT, audit.case.opened)


def involve_people(rng: Random, audits: list[Audit], size: Size) -> None:
    """Say which audits were done together with the practitioner, and whose feedback they hold."""
    local = [audit for audit in audits if audit.stream == LOCAL]
    # A learning audit without grades is more often done together.
    for audit in chosen(rng, local, size.collaborative, weight=lambda audit: 1.0 if audit.graded else 2.0):
        audit.collaborative = True
    for audit in chosen(rng, audits, size.with_feedback, weight=lambda audit: 1.5 if audit.collaborative else 1.0):
        audit.feedback_from = _respondents(rng, audit.case)


def _respondents(rng: Random, case: Case) -> tuple[str, ...]:
    """Who gave feedback, at least one. A child who cannot express a view gives none."""
    chances = {
        "child": 0.0 if case.facts.denies("can_express_view") else 0.5,
        "parent": 0.65,
        "carer": 0.3 if case.facts.law_type == "public" else 0.08,
        "professional": 0.2,
    }
    answered = tuple(who for who in RESPONDENTS if rng.random() < chances[who])
    return answered or ("parent",)
