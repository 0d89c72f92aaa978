"""The ratings under an overall grade: drawn one by one, and together such that the limiting rules permit it."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from audit_engine.training.audits import CANNOT_TELL, Audit, Ladder
from audit_engine.training.ladders import best_grade
from audit_engine.training.words import CRITERIA, CRITICAL, GRADES, IMPACT, OVERSIGHT, SUPERVISION

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = GRADES
NOT_EXPECTED: Final = "not_expected"

_EXPECTED_WHEN: Final = {
    "safe.risk_reasoning": ("assessment_in_window",),
    "safe.da_assessed": ("da_disclosed",),
    "safe.sexual_harm": ("sexual_harm_concern",),
    "safe.s16a": ("significant_harm_concern",),
    "heard.seen": ("child_seen_required",),
    "heard.wishes": ("can_express_view",),
    "rep.plan": ("allocated",),
    "rep.advice": ("filing_made",),
    "en.letters": ("can_express_view",),
    "en.recs_shared": ("recommendation_made", "safe_to_share"),
    "en.family_understand": ("recommendation_made",),
}
"""By criterion: the facts none of which may be known not to be so. A fact that is not known leaves it expected."""
_BELOW: Final = {
    "safe.risk_identified": (0.34, 0.03),
    "safe.risk_reasoning": (0.55, 0.11),
    "safe.da_assessed": (0.32, 0.0),
    "safe.sexual_harm": (0.42, 0.05),
    "safe.s16a": (0.3, 0.03),
    "heard.seen": (0.14, 0.01),
    "heard.wishes": (0.3, 0.04),
    "heard.uniqueness": (0.1, 0.01),
    "rep.plan": (0.6, 0.15),
    "rep.advice": (0.26, 0.02),
    "rep.delay": (0.4, 0.05),
    "en.letters": (0.58, 0.19),
    "en.recs_shared": (0.78, 0.42),
    "en.family_understand": (0.3, 0.04),
    IMPACT: (0.45, 0.03),
    "rec.readable": (0.3, 0.04),
}
"""By criterion: how likely below good, (in work that is weak overall, in work that is good overall)."""
_LADDER_BELOW: Final = {"found": (0.28, 0.04), "partly": (0.85, 0.4), "not_found": (1.0, 1.0)}
"""The same by evidence, for oversight and supervision."""
_BRILLIANT: Final = {INADEQUATE: 0.02, REQUIRES_IMPROVEMENT: 0.06, GOOD: 0.17, OUTSTANDING: 0.68}
"""By overall grade: how likely a criterion that is good or better is outstanding."""
_FAILED: Final = {INADEQUATE: 0.22, REQUIRES_IMPROVEMENT: 0.06}
"""By overall grade: how likely a criterion below good is inadequate."""
_MOST_BELOW_IN_GOOD: Final = 2
"""With a third criterion below good the suggested overall is no longer good."""
_RARELY: Final = 0.004
_NEVER_CANNOT_TELL: Final = (*CRITICAL, "heard.seen", OVERSIGHT, SUPERVISION, IMPACT)
"""Limiting rules read these; oversight and supervision have columns of their own to say so."""


@dataclass(slots=True)
class _Sheet:
    """The ratings of one graded audit while they are drawn."""

    overall: str
    """The best overall grade anybody gave it."""
    left: list[str]
    """Expected criteria without a grade yet."""
    grades: dict[str, str] = field(default_factory=dict)

    @property
    def below(self) -> int:
        """How many are below good."""
        return sum(grade in (INADEQUATE, REQUIRES_IMPROVEMENT) for grade in self.grades.values())

    @property
    def may_be_below(self) -> bool:
        """One more below good leaves the overall grade permitted."""
        if self.overall == OUTSTANDING:
            return False
        return self.overall != GOOD or self.below < _MOST_BELOW_IN_GOOD


def rate_audits(rng: Random, audits: list[Audit]) -> None:
    """Fill the rating columns of every audit. One without grades says only what was not expected."""
    for audit in audits:
        said = _not_expected(audit)
        if audit.graded:
            said |= _graded(rng, audit, [criterion for criterion in CRITERIA if criterion not in said])
        audit.ratings = said


def _not_expected(audit: Audit) -> dict[str, str]:
    """What has no grade for want of applicability: `not_expected`, or `cannot_tell`."""
    said = {criterion: NOT_EXPECTED for criterion in CRITERIA if not _is_expected(audit, criterion)}
    for criterion, ladder in _ladders(audit).items():
        if not ladder.is_expected:
            said[criterion] = CANNOT_TELL if ladder.expected == CANNOT_TELL else NOT_EXPECTED
    return said


def _ladders(audit: Audit) -> dict[str, Ladder]:
    return {OVERSIGHT: audit.oversight, SUPERVISION: audit.supervision}


def _is_expected(audit: Audit, criterion: str) -> bool:
    facts = audit.case.facts
    if criterion == "rep.delay":
        return audit.case.is_delayed(audit.audited_on)
    if criterion == "safe.s16a" and facts.law_type != "private":
        return False
    return not any(facts.denies(fact) for fact in _EXPECTED_WHEN.get(criterion, ()))


def _graded(rng: Random, audit: Audit, expected: list[str]) -> dict[str, str]:
    sheet = _Sheet(best_grade(audit), expected)
    # First, because their evidence is already fixed and must fit into what may be below good.
    for criterion, ladder in _ladders(audit).items():
        if criterion in sheet.left:
            _draw(rng, sheet, criterion, _LADDER_BELOW[ladder.evidence])
    unseen = [c for c in sheet.left if c not in _NEVER_CANNOT_TELL and rng.random() < _RARELY]
    sheet.left = [criterion for criterion in sheet.left if criterion not in unseen]
    rng.shuffle(sheet.left)
    for criterion in list(sheet.left):
        _draw(rng, sheet, criterion, _BELOW[criterion])
    _bear_out(rng, sheet)
    return sheet.grades | dict.fromkeys(unseen, CANNOT_TELL)


def _draw(rng: Random, sheet: _Sheet, criterion: str, below: tuple[float, float]) -> None:
    """Grade one criterion. A chance of 1 is a certainty, whatever else is below good already."""
    sheet.left.remove(criterion)
    weak = sheet.overall in _FAILED
    chance = below[0] if weak else below[1]
    if chance == 1.0 or (sheet.may_be_below and rng.random() < chance):
        sheet.grades[criterion] = _grade_below(rng, sheet, criterion)
    else:
        sheet.grades[criterion] = OUTSTANDING if rng.random() < _BRILLIANT[sheet.overall] else GOOD


def _grade_below(rng: Random, sheet: _Sheet, criterion: str) -> str:
    """Inadequate only where the overall grade allows it: a critical one makes the whole inadequate."""
    if sheet.overall not in _FAILED or (criterion in CRITICAL and sheet.overall != INADEQUATE):
        return REQUIRES_IMPROVEMENT
    return INADEQUATE if rng.random() < _FAILED[sheet.overall] else REQUIRES_IMPROVEMENT


def _bear_out(rng: Random, sheet: _Sheet) -> None:
    """Where the draw came out better or worse than the overall grade, move some criteria until it bears it out."""
    if sheet.overall == INADEQUATE:
        _fail_a_critical_one(rng, sheet)
    elif sheet.overall == REQUIRES_IMPROVEMENT:
        _weaken(rng, sheet)
    elif sheet.overall == OUTSTANDING:
        _lift(rng, sheet)
    elif sheet.grades[IMPACT] == OUTSTANDING and sheet.below == 0:
        sheet.grades[IMPACT] = GOOD


def _fail_a_critical_one(rng: Random, sheet: _Sheet) -> None:
    critical = [criterion for criterion in CRITICAL if criterion in sheet.grades]
    if not any(sheet.grades[criterion] == INADEQUATE for criterion in critical):
        weakest = [criterion for criterion in critical if sheet.grades[criterion] == REQUIRES_IMPROVEMENT]
        sheet.grades[rng.choice(weakest or critical)] = INADEQUATE


def _weaken(rng: Random, sheet: _Sheet) -> None:
    """Three below good, or one reason that is enough alone. Oversight keeps the grade its evidence gave it."""
    while sheet.below <= _MOST_BELOW_IN_GOOD and not _is_reason_enough(sheet):
        sound = [c for c, grade in sheet.grades.items() if c in _BELOW and grade in (GOOD, OUTSTANDING)]
        weights = [_BELOW[criterion][0] for criterion in sound]
        sheet.grades[rng.choices(sound, weights)[0]] = REQUIRES_IMPROVEMENT


def _is_reason_enough(sheet: _Sheet) -> bool:
    return INADEQUATE in sheet.grades.values() or sheet.grades.get("safe.da_assessed") == REQUIRES_IMPROVEMENT


def _lift(rng: Random, sheet: _Sheet) -> None:
    """An outstanding difference for the child, and at least half of the criteria outstanding."""
    sheet.grades[IMPACT] = OUTSTANDING
    while 2 * sum(grade == OUTSTANDING for grade in sheet.grades.values()) < len(sheet.grades):
        good = [criterion for criterion, grade in sheet.grades.items() if grade == GOOD]
        sheet.grades[rng.choice(good)] = OUTSTANDING
