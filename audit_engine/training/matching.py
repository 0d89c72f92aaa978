"""Finds a case for every audit, and an auditor who may do it."""

from datetime import date, timedelta
from random import Random
from typing import Final

from audit_engine.training.audits import BY_RULE, CANNOT_TELL, LOCAL, NATIONAL, Audit, Ladder, look_back
from audit_engine.training.cases import Case
from audit_engine.training.draws import chosen
from audit_engine.training.people import Staff
from audit_engine.training.size import Size

_OPEN_BEFORE_AUDIT: Final = timedelta(weeks=5)
"""A case must have been open this long before it is worth auditing."""
_CLOSED_BEFORE_AUDIT: Final = timedelta(weeks=8)
"""An audit comes no later than this after its case closed."""
_BETWEEN_AUDITS: Final = timedelta(weeks=3)
_TRIES: Final = 400
"""Draws before every case is looked at in turn: nearly always enough in a long list."""
_CLOSED_SHARE: Final = 0.12
"""Of draws, those among the closed cases alone. Short work is best audited when it is done."""
_OWN_AREA_SHARE: Final = 0.75
"""Of local audits, the share done by an auditor of the same area."""


class _Deck:
    """The cases, to be drawn from again and again."""

    def __init__(self, rng: Random, cases: list[Case]) -> None:
        self.cases = list(cases)
        rng.shuffle(self.cases)
        self._rng = rng
        self._closed = [case for case in self.cases if case.closed]

    def draw(self) -> Case:
        """Any case, and a closed one rather more often than there are."""
        closed = self._closed and self._rng.random() < _CLOSED_SHARE
        return self._rng.choice(self._closed if closed else self.cases)


def match_cases(rng: Random, audits: list[Audit], cases: list[Case], size: Size) -> None:
    """Give every audit a case whose facts bear out what the audit expected.

    A few cases are audited twice: locally, and later from another stream.

    Args:
        audits: By day, so that the early ones, which few cases are old enough for, choose first.

    Raises:
        ValueError: there are not enough cases for the audits.
    """
    deck = _Deck(rng, cases)
    used: set[str] = set()
    others = [audit for audit in audits if audit.stream != LOCAL]
    # Later ones: a second audit needs a local one to come after.
    seconds = chosen(rng, others[len(others) // 2 :], size.audited_twice)
    second_ids = {audit.audit for audit in seconds}
    for audit in audits:
        if audit.audit not in second_ids:
            _take(audit, _unused_case(audit, deck, used), used)
    firsts = [audit for audit in audits if audit.stream == LOCAL]
    for audit in seconds:
        _take(audit, _case_again(rng, audit, firsts), used)
    _settle(rng, audits)


def _take(audit: Audit, case: Case, used: set[str]) -> None:
    audit.of = case
    used.add(case.case)


def _settle(rng: Random, audits: list[Audit]) -> None:
    for audit in audits:
        # In the order of the days: a case audited twice shows what was known at the later audit.
        audit.case.as_at = audit.audited_on
        look_back(rng, audit)


def _unused_case(audit: Audit, deck: _Deck, used: set[str]) -> Case:
    """A case nobody has audited: by luck, else the first that fits, else the first whose dates do."""
    for _ in range(_TRIES):
        case = deck.draw()
        if case.case not in used and _fits(case, audit):
            return case
    left = [case for case in deck.cases if case.case not in used and _was_there(case, audit.audited_on)]
    for case in left:
        if _bears_out(case, audit):
            return case
    if not left:
        raise ValueError(f"no case is left to audit on {audit.audited_on}")
    return left[0]


def _case_again(rng: Random, audit: Audit, firsts: list[Audit]) -> Case:
    """A case with a local audit some weeks earlier, if possible one whose facts bear both out.

    Taken out of `firsts`, so that none is audited a third time.
    """
    day = audit.audited_on
    before = [first for first in firsts if first.audited_on + _BETWEEN_AUDITS <= day and _was_there(first.case, day)]
    alike = [first for first in before if _bears_out(first.case, audit) and _unchanged(first.case, first, audit)]
    if not before:
        raise ValueError(f"no audited case can be audited again on {day}")
    first = rng.choice(alike or before)
    firsts.remove(first)
    return first.case


def _unchanged(case: Case, first: Audit, again: Audit) -> bool:
    """What was expected at the first audit is still so, as one line of facts stands for both."""
    one, other = first.audited_on, again.audited_on
    return bool(case.triggers_on(one)) == bool(case.triggers_on(other)) and bool(case.points_on(one)) == bool(
        case.points_on(other)
    )


def _fits(case: Case, audit: Audit) -> bool:
    return _was_there(case, audit.audited_on) and _bears_out(case, audit)


def _was_there(case: Case, day: date) -> bool:
    """Open long enough by `day`, and not closed too long ago."""
    recently = case.closed is None or case.closed + _CLOSED_BEFORE_AUDIT >= day
    return recently and case.opened + _OPEN_BEFORE_AUDIT <= min(day, case.closed or day)


def _bears_out(case: Case, audit: Audit) -> bool:
    """The case's triggers and oversight points agree with what the audit says was expected."""
    day = audit.audited_on
    return _agrees(audit.supervision, case.triggers_on(day)) and _agrees(audit.oversight, case.points_on(day))


def _agrees(ladder: Ladder, grounds: list[str]) -> bool:
    """By rule there are no grounds. A judged 'not expected' sets grounds aside, so it has some."""
    if ladder.expected == CANNOT_TELL:
        return True
    return (ladder.expected != BY_RULE) == bool(grounds)


def allocate_auditors(rng: Random, audits: list[Audit], staff: Staff) -> None:
    """Name the auditor of each audit: never the practitioner, never the practitioner's manager."""
    for audit in audits:
        barred = (audit.case.practitioner, audit.case.team.manager)
        pool = [person for person in _auditors(rng, audit, staff) if person not in barred]
        audit.auditor = rng.choice(pool or [p for p in staff.national_auditors if p not in barred])


def _auditors(rng: Random, audit: Audit, staff: Staff) -> list[str]:
    if audit.stream == NATIONAL:
        return staff.national_auditors
    if audit.stream != LOCAL:
        return staff.board_auditors
    own = rng.random() < _OWN_AREA_SHARE
    return staff.area_auditors[audit.case.team.area if own else rng.choice(staff.areas)]
