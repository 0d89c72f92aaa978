"""What a file said, line by line, once it has been judged: frozen, typed, and free of anything hidden.

None always means "not recorded": the cell was empty, or the column was not in the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

FactValue = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of one person, for a time."""

    role: str
    team: str | None
    area: str | None
    manages_team: str | None
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person with all the roles the file gives them, in the file's order."""

    row: int
    """The first row that names the person; the heading is row 1."""
    reference: str
    name: str
    roles: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a case list."""

    row: int
    reference: str
    area: str
    team: str
    practitioner: str | None
    """The person's reference."""
    opened: date
    closed: date | None
    facts: Mapping[str, FactValue]
    """By fact id, only those the file held; law_type, work_type, children and child_age are facts too."""


@dataclass(frozen=True, slots=True)
class RatingLine:
    """What a past audit said of one criterion."""

    criterion: str
    applicability: str
    """`expected`, `not_expected_by_rule`, `not_expected_by_judgement`, `cannot_tell`; `not_expected`: unknown how."""
    reason: str | None = None
    grade: str | None = None
    evidence: str | None = None
    impact: str | None = None


@dataclass(frozen=True, slots=True)
class ModerationLine:
    """What a head of practice decided on a past audit."""

    moderator: str
    moderated_on: date
    blind_overall: str | None
    decided_overall: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One past audit."""

    row: int
    reference: str
    case: str
    stream: str
    subject: str
    graded: bool
    auditor: str
    audited_on: date
    practice_from: date | None
    practice_to: date | None
    overall: str | None
    final_overall: str | None
    collaborative: bool | None
    feedback: str | None
    """`given`, `none`, or None when the file did not say."""
    feedback_from: tuple[str, ...] | None
    ratings: tuple[RatingLine, ...]
    moderation: ModerationLine | None
    as_found: str | None
    """The mapping file's reason for accepting an audit that breaks four eyes or a limiting rule."""
    rubric: str
    """The rubric of the stream's programme."""
    facts: Mapping[str, FactValue]
    """The case's facts on the day of the audit, derived ones included."""
    area: str
    team: str
    practitioner: str | None


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """One observed session."""

    row: int
    reference: str
    practitioner: str
    team: str
    area: str
    observed_on: date
    work_type: str | None
    consent: bool | None
    feedback_given_on: date | None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One figure from elsewhere."""

    row: int
    indicator: str
    period: str
    area: str
    numerator: int | None
    denominator: int | None
    value: str | None
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the importers need them: who they are and what they did when."""

    reference: str
    roles: tuple[RoleLine, ...]

    def held(self, role: str, day: date) -> bool:
        """Whether the person held a role on a day."""
        return any(r.role == role and _within(r, day) for r in self.roles)

    def managed(self, team: str, day: date) -> bool:
        """Whether the person managed a team on a day."""
        return any(r.manages_team == team and _within(r, day) for r in self.roles)


def _within(role: RoleLine, day: date) -> bool:
    return (role.from_day is None or role.from_day <= day) and (role.to_day is None or day <= role.to_day)


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as the audit importer needs it."""

    reference: str
    area: str
    team: str
    practitioner: str | None
    opened: date
    closed: date | None
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace already holds, by reference."""

    people: Mapping[str, KnownPerson]
    teams: Mapping[str, str]
    """Team -> area."""
    cases: Mapping[str, KnownCase]
    audits: frozenset[str] = frozenset()
    """Imported before. They were judged then, by the facts of that day: newer facts do not judge them again."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file that was read whole and found good."""

    kind: str
    name: str
    digest: str
    """SHA-256 of the file's bytes, hex; with a mapping, of both."""
    rows: int
