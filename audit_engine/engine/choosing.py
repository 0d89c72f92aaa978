"""Who audits: the choice among those who may, with its reason in words. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from audit_engine.engine.independence import conflicts
from audit_engine.problems import Reason

PRACTITIONER, MANAGER, EARLIER, OTHER = "practitioner", "manager", "earlier", "other"
_WHO = {
    PRACTITIONER: "the practitioner", MANAGER: "who manages the team", EARLIER: "who held the case before",
    OTHER: "who is not independent",
}  # fmt: skip
_COUNTED = {
    PRACTITIONER: ("is the practitioner", "are practitioners on it"), MANAGER: ("manages the team", "manage the team"),
    EARLIER: ("held the case before", "held the case before"), OTHER: ("is not independent", "are not independent"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who holds the role today."""

    person: UUID
    reference: str
    teams: frozenset[str] = frozenset()
    """In which they work, or which they manage."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One audit that needs an auditor, and who may never have it."""

    audit: str
    """Its reference."""
    team: str
    people: Mapping[str, UUID | None] = field(default_factory=dict)
    """practitioner and manager."""
    practitioners: frozenset[UUID] = frozenset()
    """On the case when it was drawn, and now."""
    managers: frozenset[UUID] = frozenset()
    """Who manage the practitioner's team, or the case's."""
    earlier: frozenset[UUID] = frozenset()
    """Who held the case at any time."""
    last_auditor: UUID | None = None
    """Who audited the practitioner's work last: somebody else is preferred."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who, and why."""

    candidate: Candidate
    because: str


def choose(
    seat: Seat, candidates: Sequence[Candidate], load: Mapping[UUID, int], lot: Callable[[str], bytes]
) -> Choice | Reason:
    """The auditor of one audit, or why nobody can be.

    Never the practitioner, whoever manages them, or whoever held the case. Among the others: not whoever audited the
    same practitioner last, unless nobody else may; then whoever has the fewest open audits; then somebody of another
    team; then by lot.

    Args:
        candidates: Everybody who holds the role.
        load: Open audits by person, those chosen just now included; nobody's is 0.
        lot: Gives each reference its place when all else is equal.
    """
    barred = {one.person: why for one in candidates if (why := _bar(seat, one)) is not None}
    free = [one for one in candidates if one.person not in barred]
    if not free:
        return _nobody(seat, candidates, barred)
    others = [one for one in free if one.person != seat.last_auditor] or free
    fewest = min(load.get(one.person, 0) for one in others)
    equal = [one for one in others if load.get(one.person, 0) == fewest]
    apart = [one for one in equal if seat.team not in one.teams]
    chosen = min(apart or equal, key=lambda one: (lot(one.reference), one.reference))
    parts = [f"fewest open audits of {len(others):,} who may: {fewest:,}"]
    parts += [f"not {one.reference}, {_WHO[barred[one.person]]}" for one in candidates if one.person in barred]
    last = next((one.reference for one in free if one.person == seat.last_auditor), None)
    if last is not None:
        same = last == chosen.reference
        parts.append("audited this practitioner last time, too: nobody else may" if same else
                     f"not {last}, who audited this practitioner last")  # fmt: skip
    if not apart:
        parts.append("of the same team as the case: nobody of another team has as few")
    return Choice(chosen, "; ".join(parts))


def _bar(seat: Seat, candidate: Candidate) -> str | None:
    """Why somebody may never have this audit; None when they may."""
    person = candidate.person
    for why, people in ((PRACTITIONER, seat.practitioners), (MANAGER, seat.managers), (EARLIER, seat.earlier)):
        if person in people:
            return why
    return OTHER if conflicts({**seat.people, "auditor": person}) else None


def _nobody(seat: Seat, candidates: Sequence[Candidate], barred: Mapping[UUID, str]) -> Reason:
    counts = Counter(barred.values())
    why = ", ".join(f"{counts[name]:,} {_COUNTED[name][counts[name] > 1]}" for name in _COUNTED if counts[name])
    who = (
        "the one auditor is not independent" if len(candidates) == 1 else f"none of {len(candidates):,} is independent"
    )
    hint = "Give somebody else the role of auditor, or withdraw the audit."
    return Reason("auditor", f"{seat.audit} has nobody who may audit it; {who}: {why}. {hint}")
