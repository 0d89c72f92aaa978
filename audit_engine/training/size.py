"""How much is generated. Every number is met exactly, so that figures made from the files can be checked."""

from dataclasses import dataclass

from audit_engine.training.names import AREA_NAMES, TEAM_NAMES


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """How many audits end at each overall grade. In audits."""

    inadequate: int
    requires_improvement: int
    good: int
    outstanding: int

    @property
    def worst_first(self) -> tuple[int, int, int, int]:
        """The four counts in the order of `words.GRADES`."""
        return (self.inadequate, self.requires_improvement, self.good, self.outstanding)

    @property
    def total(self) -> int:
        return sum(self.worst_first)

    @property
    def good_or_better(self) -> int:
        return self.good + self.outstanding


@dataclass(frozen=True, slots=True)
class LadderCounts:
    """Oversight or supervision: where it was expected, what was found, whether it helped. In audits.

    The audits left over are not expected by rule.
    """

    expected: int
    found: int
    partly: int
    """Of the expected; what is neither found nor partly is not found."""
    impact_yes: int
    judged: int
    """Not expected by the auditor's judgement, with a reason."""
    cannot_tell: int

    @property
    def not_found(self) -> int:
        return self.expected - self.found - self.partly


@dataclass(frozen=True, slots=True)
class ModerationCounts:
    """What came of each moderation. In audits."""

    agreed: int
    stood: int
    """The blind grade was lower, and the auditor's stood after they talked."""
    lowered: int
    raised: int

    @property
    def total(self) -> int:
        return self.agreed + self.stood + self.lowered + self.raised


@dataclass(frozen=True, slots=True)
class Size:
    """Every count of one generated set of files.

    Raises:
        ValueError: the counts contradict each other, or there are more areas or teams than names for them.
    """

    areas: int
    teams: int
    practitioners: int
    local_auditors: int
    """Who only audit; every team manager audits other teams as well."""
    national_auditors: int
    heads_of_practice: int
    """At least two for every two neighbouring areas, or one could not moderate the other's audit."""
    quality_leads: int
    administrators: int
    open_cases: int
    """Open on 31 December 2023."""
    closed_cases: int
    """Closed in the nine months."""
    local: GradeCounts
    local_ungraded: int
    national: GradeCounts
    performance_board: GradeCounts
    collaborative: int
    """All of them local."""
    with_feedback: int
    audited_twice: int
    """Cases with a local audit and a later one from another stream."""
    oversight: LadderCounts
    supervision: LadderCounts
    moderations: ModerationCounts
    observations: int
    observations_without_consent: int
    feedback_lines: int
    """Lines of feedback.csv, all about audits counted in `with_feedback`."""

    def __post_init__(self) -> None:
        for holds, sentence in self._promises():
            if not holds:
                raise ValueError(sentence)

    def _promises(self) -> list[tuple[bool, str]]:
        ladders = (self.oversight, self.supervision)
        return [
            (1 <= self.areas <= len(AREA_NAMES), f"areas must be 1 to {len(AREA_NAMES)}"),
            (
                self.areas <= self.teams <= self.areas * len(TEAM_NAMES),
                f"each area has 1 to {len(TEAM_NAMES)} teams",
            ),
            (self.practitioners >= 3 * self.teams, "each team needs three practitioners or more"),
            (
                self.heads_of_practice >= 2 * ((self.areas + 1) // 2),
                "two heads of practice are needed for every two areas",
            ),
            (self.quality_leads >= 1 and self.administrators >= 1, "one quality lead and one administrator at least"),
            (self.collaborative <= self.local_audits, "only local audits are collaborative"),
            (
                self.audited_twice <= self.audits - self.local_audits,
                "a second audit is national or for the performance board",
            ),
            (all(x.not_found >= 0 for x in ladders), "more is found than expected"),
            (
                all(x.expected + x.judged + x.cannot_tell <= self.audits for x in ladders),
                "more is expected than audits",
            ),
        ]

    @property
    def local_audits(self) -> int:
        return self.local.total + self.local_ungraded

    @property
    def audits(self) -> int:
        return self.local_audits + self.national.total + self.performance_board.total


FULL = Size(
    areas=17,
    teams=85,
    practitioners=1530,
    local_auditors=34,
    national_auditors=10,
    heads_of_practice=18,
    quality_leads=4,
    administrators=2,
    open_cases=30_000,
    closed_cases=1_400,
    local=GradeCounts(207, 888, 1539, 326),
    local_ungraded=412,
    national=GradeCounts(22, 66, 262, 50),
    performance_board=GradeCounts(15, 70, 133, 29),
    collaborative=1802,
    with_feedback=1780,
    audited_twice=60,
    oversight=LadderCounts(expected=3012, found=2470, partly=322, impact_yes=1807, judged=217, cannot_tell=30),
    supervision=LadderCounts(expected=2604, found=2031, partly=301, impact_yes=1292, judged=235, cannot_tell=30),
    moderations=ModerationCounts(agreed=284, stood=17, lowered=56, raised=22),
    observations=1364,
    observations_without_consent=9,
    feedback_lines=400,
)
"""The published shape: the counts of a board paper on April to December 2023."""

SMALL = Size(
    areas=4,
    teams=8,
    practitioners=40,
    local_auditors=4,
    national_auditors=2,
    heads_of_practice=4,
    quality_leads=2,
    administrators=1,
    open_cases=380,
    closed_cases=20,
    local=GradeCounts(6, 27, 46, 10),
    local_ungraded=12,
    national=GradeCounts(1, 2, 8, 1),
    performance_board=GradeCounts(1, 2, 3, 1),
    collaborative=54,
    with_feedback=53,
    audited_twice=2,
    oversight=LadderCounts(expected=90, found=74, partly=10, impact_yes=54, judged=7, cannot_tell=1),
    supervision=LadderCounts(expected=78, found=61, partly=9, impact_yes=39, judged=7, cannot_tell=1),
    moderations=ModerationCounts(agreed=8, stood=1, lowered=2, raised=1),
    observations=20,
    observations_without_consent=1,
    feedback_lines=12,
)
"""The same shape in about a thirtieth of the audits, for tests."""
