"""Overall grades: exactly as many of each as wanted, the better ones in the areas and teams that do better.

Then moderation: a head of practice grades some of them blind, and what stands may differ from what the auditor gave.
"""

from datetime import timedelta
from random import Random
from typing import Final

from audit_engine.training.audits import LOCAL, NATIONAL, PERFORMANCE_BOARD, Audit
from audit_engine.training.days import FIRST_DAY, LAST_DAY, working_day_from, working_days
from audit_engine.training.draws import chosen, noise
from audit_engine.training.people import Staff
from audit_engine.training.size import GradeCounts, ModerationCounts, Size
from audit_engine.training.words import GRADES

_AREA_SPREAD: Final = 0.16
"""From the weakest to the strongest area, where the noise of one audit has a standard deviation of 0.5."""
_TEAM_SPREAD: Final = 0.2
_GAIN: Final = 0.12
"""How much practice gets better over the nine months."""
_LAST_TO_MODERATE: Final = working_days()[-6]
"""Audits after this day are moderated in the next quarter."""
_AGREED: Final = (
    "Same grade on the same evidence.",
    "Blind grade matched; reasons and evidence hold up.",
    "Agreed. The impact for the child is well evidenced.",
    "Agreed; one criterion discussed, no change to the overall grade.",
)
_STOOD: Final = (
    "Graded lower at first; the auditor pointed to evidence of impact, so the grade stands.",
    "One grade apart; the missed entry was found in the case plan and the grade stands.",
)
_LOWERED: Final = (
    "Risk reasoning thinner than graded; lowered.",
    "Activity described, but no difference for the child shown; lowered.",
    "Recommendations were not shared before filing; lowered.",
    "Oversight present but administrative; lowered.",
    "Evidence quoted does not support the grade; lowered.",
)
_RAISED: Final = (
    "Child's own words shaped the advice; raised.",
    "Auditor missed the follow-up visit; raised.",
    "Reasons for the later letter are recorded and sound; raised.",
)
_REASONS: Final = {"agreed": _AGREED, "stood": _STOOD, "lowered": _LOWERED, "raised": _RAISED}
_ENDS: Final = {
    "lowered": ("requires_improvement", "good"),
    "raised": ("requires_improvement", "good", "outstanding"),
    "stood": ("good", "outstanding"),
    "agreed": GRADES,
}
"""How a moderation went, and the final grades with which it can have gone so."""


def grade_audits(rng: Random, audits: list[Audit], size: Size, staff: Staff) -> None:
    """Set the final overall grade of every graded audit; the auditor gave the same until moderation says otherwise."""
    leaning = _leanings(rng, staff)
    wanted = {LOCAL: size.local, NATIONAL: size.national, PERFORMANCE_BOARD: size.performance_board}
    for stream, counts in wanted.items():
        graded = [audit for audit in audits if audit.graded and audit.stream == stream]
        standing = [(_strength(rng, audit, leaning), audit.audit) for audit in graded]
        grades = dict(zip((audit for _, audit in sorted(standing)), _spread_out(counts), strict=True))
        for audit in graded:
            audit.overall = audit.final_overall = grades[audit.audit]


def _leanings(rng: Random, staff: Staff) -> dict[str, float]:
    """How far each team leans to better or worse practice: its area's place in a shuffled row, and its own luck."""
    row = list(range(len(staff.areas)))
    rng.shuffle(row)
    step = _AREA_SPREAD / max(1, len(row) - 1)
    of_area = {area: place * step for area, place in zip(staff.areas, row, strict=True)}
    return {team.name: of_area[team.area] + _TEAM_SPREAD * rng.random() for team in staff.teams}


def _strength(rng: Random, audit: Audit, leaning: dict[str, float]) -> float:
    """How good the audited practice is among the others. No unit: only the order counts."""
    gain = _GAIN * (audit.audited_on - FIRST_DAY).days / (LAST_DAY - FIRST_DAY).days
    return leaning[audit.case.team.name] + gain + noise(rng)


def _spread_out(counts: GradeCounts) -> list[str]:
    """Each grade as often as wanted, worst first."""
    return [grade for grade, count in zip(GRADES, counts.worst_first, strict=True) for _ in range(count)]


def moderate(rng: Random, audits: list[Audit], size: Size, staff: Staff) -> None:
    """Draw the audits that are moderated, and say how each moderation went.

    What stands was fixed by `grade_audits`; here the grade the auditor gave is moved away from it.
    """
    free = [audit for audit in audits if audit.graded and audit.audited_on <= _LAST_TO_MODERATE]
    for how, count in _in_order(size.moderations):
        # Nobody moves to or from a grade that the ratings on file would give no ground for.
        able = [audit for audit in free if not audit.moderator and audit.final_overall in _ENDS[how]]
        for audit in chosen(rng, able, count, weight=lambda audit: 1.0 if audit.stream == LOCAL else 0.7):
            _moderate_one(rng, audit, how, staff)


def _in_order(counts: ModerationCounts) -> list[tuple[str, int]]:
    """Those that need a certain final grade choose first."""
    return [
        ("lowered", counts.lowered),
        ("raised", counts.raised),
        ("stood", counts.stood),
        ("agreed", counts.agreed),
    ]


def _moderate_one(rng: Random, audit: Audit, how: str, staff: Staff) -> None:
    heads = [person for person in staff.heads[audit.case.team.area] if person != audit.auditor]
    audit.moderator = rng.choice(heads)
    some_days_later = audit.audited_on + timedelta(days=rng.randrange(2, 22))
    audit.moderated_on = working_day_from(some_days_later)
    if audit.moderated_on > LAST_DAY:
        audit.moderated_on = working_days()[-1]
    place = GRADES.index(audit.final_overall)
    audit.moderator_overall = audit.final_overall
    if how == "lowered":
        audit.overall = GRADES[place + 1]
    elif how == "raised":
        audit.overall = GRADES[place - 1]
    elif how == "stood":
        audit.moderator_overall = GRADES[place - 1]
    audit.moderation_reason = rng.choice(_REASONS[how])
