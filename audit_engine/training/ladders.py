"""Oversight and supervision where they were expected: whether a record was found, and whether it made a difference."""

from collections.abc import Callable
from random import Random
from typing import Final

from audit_engine.training.audits import Audit, Ladder
from audit_engine.training.draws import chosen
from audit_engine.training.size import LadderCounts, Size
from audit_engine.training.words import GRADES

_LACKING: Final = {"inadequate": 4.0, "requires_improvement": 2.0, "good": 0.8, "outstanding": 0.0}
"""How likely a record is to be lacking beside the work it is about. Outstanding work has nothing lacking."""
_UNGRADED: Final = 1.2
_HELPED: Final = {"inadequate": 0.4, "requires_improvement": 0.8, "good": 1.2, "outstanding": 2.0}
_CANNOT_TELL_SHARE: Final = {"found": 0.12, "partly": 0.2, "not_found": 0.05}
"""Of records that are not known to have helped, by evidence: the share where nobody could tell."""


def climb_ladders(rng: Random, audits: list[Audit], size: Size) -> None:
    """Set evidence and impact of both, exactly as often as wanted, in keeping with the overall grades."""
    _climb(rng, audits, size.oversight, lambda audit: audit.oversight)
    _climb(rng, audits, size.supervision, lambda audit: audit.supervision)


def best_grade(audit: Audit) -> str:
    """The best overall grade anybody gave; the ratings must permit all of them. Empty when not graded."""
    given = (audit.overall, audit.moderator_overall, audit.final_overall)
    return max((grade for grade in given if grade), key=GRADES.index, default="")


def _climb(rng: Random, audits: list[Audit], counts: LadderCounts, ladder_of: Callable[[Audit], Ladder]) -> None:
    expected = [audit for audit in audits if ladder_of(audit).is_expected]
    for audit in expected:
        ladder_of(audit).evidence = "found"
    for evidence, count in (("not_found", counts.not_found), ("partly", counts.partly)):
        found = [audit for audit in expected if ladder_of(audit).evidence == "found"]
        for audit in chosen(rng, found, count, weight=_lacking):
            ladder_of(audit).evidence = evidence
    recorded = [audit for audit in expected if ladder_of(audit).evidence != "not_found"]
    for audit in chosen(rng, recorded, counts.impact_yes, weight=lambda audit: _helped(audit, ladder_of(audit))):
        ladder_of(audit).impact = "yes"
    for audit in expected:
        ladder = ladder_of(audit)
        if ladder.impact != "yes":
            ladder.impact = "cannot_tell" if rng.random() < _CANNOT_TELL_SHARE[ladder.evidence] else "no"


def _lacking(audit: Audit) -> float:
    return _LACKING.get(best_grade(audit), _UNGRADED)


def _helped(audit: Audit, ladder: Ladder) -> float:
    return _HELPED.get(best_grade(audit), 1.0) * (1.0 if ladder.evidence == "found" else 0.5)
