"""Rules that a past audit may have broken: four eyes, and the limiting rules of its rubric.

A broken rule is a problem, unless the mapping file accepts the audit "as found" with a reason; then it stays marked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit_engine.definitions.mapping import Mapping as MappingFile
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.rubric_rules import LimitingRule
from audit_engine.engine.grading import Rated, permitted_overall
from audit_engine.exchange.cells import near
from audit_engine.exchange.lines import Known, KnownCase, RatingLine
from audit_engine.exchange.reading import Reading, Row
from audit_engine.safe_text import quoted


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that an audit breaks."""

    column: str
    code: str
    message: str
    help: str


_ACCEPT = "or accept the audit as found, with a reason, in a mapping file."


def four_eyes(row: Row, case: KnownCase, known: Known) -> Iterator[Breach]:
    """Whether auditor and moderator were independent of the work, and held their roles on the day."""
    audited_on, moderated_on = row.get("audited_on"), row.get("moderated_on")
    auditor, moderator = row.get("auditor"), row.get("moderator")
    if audited_on and auditor:
        yield from _independent("auditor", auditor, case, known, (audited_on,))
        yield from _role("auditor", "auditor", auditor, known, audited_on)
    if not moderator:
        return
    days = tuple(day for day in (audited_on, moderated_on) if day)
    yield from _independent("moderator", moderator, case, known, days)
    if moderator == auditor:
        message = f"the moderator {quoted(moderator)} is the auditor"
        yield Breach("moderator", "X060", message, f"Name who moderated it, {_ACCEPT}")
    if moderated_on:
        yield from _role("moderator", "head_of_practice", moderator, known, moderated_on)


def _independent(column: str, person: str, case: KnownCase, known: Known, days: tuple[date, ...]) -> Iterator[Breach]:
    if person == case.practitioner:
        message = f"the {column} {quoted(person)} is the practitioner of case {quoted(case.reference)}"
        yield Breach(column, "X060", message, f"Name who did it, {_ACCEPT}")
    for day in days:
        managed = next((t for t in _teams(case, known, day) if known.people[person].managed(t, day)), None)
        if managed is not None:
            message = f"the {column} {quoted(person)} managed the practitioner's team {quoted(managed)} on {day}"
            yield Breach(column, "X060", message, f"Name who did it, {_ACCEPT}")
            return


def _teams(case: KnownCase, known: Known, day: date) -> list[str]:
    """The case's team, and the teams its practitioner was in on the day, which may have become others."""
    practitioner = known.people.get(case.practitioner or "")
    roles = practitioner.roles if practitioner else ()
    held = [
        role.team
        for role in roles
        if role.role == "practitioner"
        and role.team
        and (role.from_day is None or role.from_day <= day)
        and (role.to_day is None or day <= role.to_day)
    ]
    return list(dict.fromkeys([case.team, *held]))


def _role(column: str, role: str, person: str, known: Known, day: date) -> Iterator[Breach]:
    if not known.people[person].held(role, day):
        message = f"the {column} {quoted(person)} did not hold the role {role} on {day}"
        yield Breach(column, "X061", message, f"Put the people file right, {_ACCEPT}")


def limits(row: Row, rubric: ReadRubric, ratings: tuple[RatingLine, ...], facts: Mapping[str, Any]) -> Iterator[Breach]:
    """Limiting rules that certainly hold and that a grade of the audit is above.

    A rule that binds only because something is not recorded does not speak against a past audit; nor does one that
    may be overridden, because the file does not say whether it was.
    """
    rated = {line.criterion: Rated(line.applicability, line.grade) for line in ratings}
    order = rubric.scale.order
    holding = _certain(rubric, rated, facts)
    overall, final = row.get("overall"), row.get("final_overall")
    for column, grade in (("overall", overall), ("final_overall", final if final != overall else None)):
        for rule in holding:
            low, high = rule.left(rubric.scale)
            if grade is None or low <= order(grade) <= high:
                continue
            over = order(grade) > high
            end, most = (rubric.scale.ids[high], "most") if over else (rubric.scale.ids[low], "least")
            message = (
                f"{quoted(grade)} is {'above' if over else 'below'} '{end}', the {most} that rule {rule.id} "
                f"({rule.title}) permits: {rule.because.rstrip('.')}"
            )
            yield Breach(column, "X062", message, f"Put the grades right, {_ACCEPT}")


def _certain(rubric: ReadRubric, rated: Mapping[str, Rated], facts: Mapping[str, Any]) -> list[LimitingRule]:
    """The rules that hold whatever the grades were that the file does not say.

    Tried with every missing grade alike, from the worst to none at all: one inadequate grade that was recorded is
    inadequate however the others turned out.
    """
    bound = [one for one in permitted_overall(rubric, rated, facts).bound_by if not one.rule.overridable_by]
    certain = {binding.rule.id for binding in bound if not binding.unknown}
    if len(certain) < len(bound):
        missing = [c for c in rubric.named.graded if c not in rated or rated[c] == Rated("expected")]
        every = {binding.rule.id for binding in bound}
        for filled in _every_filling(rubric, missing):
            tried = permitted_overall(rubric, {**rated, **filled}, facts).bound_by
            every &= {binding.rule.id for binding in tried if not binding.unknown}
        certain |= every
    return [binding.rule for binding in bound if binding.rule.id in certain]


def _every_filling(rubric: ReadRubric, missing: list[str]) -> Iterator[dict[str, Rated]]:
    """All missing criteria alike: at the worst of their scales, then a step better, up to the best; and none at all."""
    for step in range(max((len(rubric.scales[c].ids) for c in missing), default=0)):
        yield {c: Rated("expected", rubric.scales[c].ids[min(step, len(rubric.scales[c].ids) - 1)]) for c in missing}
    yield dict.fromkeys(missing, Rated("not_expected"))


class AcceptedAsFound:
    """The audits that the mapping accepts though they break a rule, and which of them needed it."""

    def __init__(self, mapping: MappingFile | None, reading: Reading, settled: frozenset[str] = frozenset()) -> None:
        """`settled`: the audits that were imported, and so judged, before."""
        self._reading = reading
        self._settled = settled
        self._reasons: dict[str, str] = {}
        self._open: set[str] = set()
        for entry in mapping.accept_as_found if mapping else ():
            if entry.audit in self._reasons:
                reading.tell(
                    None, None, "X063", f"the mapping accepts {quoted(entry.audit)} as found twice", "Keep one."
                )
            self._reasons[entry.audit] = entry.reason
        self._open |= set(self._reasons)

    def judge(self, row: Row, breaches: list[Breach], *, whole: bool) -> str | None:
        """The reason an audit is accepted for, or None; tells of breaches that are not accepted.

        Args:
            whole: Everything else about the audit is known, so that an acceptance without a breach is not needed.
        """
        audit = row.get("audit")
        reason = self._reasons.get(audit) if audit else None
        if audit in self._settled:
            self._open.discard(audit)
            return reason
        if reason is None:
            for breach in breaches:
                self._reading.tell(row.number, breach.column, breach.code, breach.message, breach.help)
            return None
        self._open.discard(audit)
        if not breaches and whole:
            message = f"the mapping accepts {quoted(audit)} as found, and it breaks no rule"
            self._reading.tell(row.number, "audit", "X063", message, "Delete its entry under 'accept_as_found'.")
        return reason

    def finish(self, audits: Mapping[str, int]) -> None:
        """Tell of acceptances that name no audit of the file."""
        if not self._reading.whole:
            return
        for audit in sorted(self._open - set(audits)):
            message = f"the mapping accepts {quoted(audit)} as found, and the file has no such audit"
            words = near(audit, audits) or "Delete its entry under 'accept_as_found'."
            self._reading.tell(None, None, "X063", message, words)
