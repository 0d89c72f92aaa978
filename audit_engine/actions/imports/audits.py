"""Past audits: new ones enter as the file held them; one that says something else than before is refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from audit_engine.actions.imports.cases import plain_facts
from audit_engine.actions.imports.comparing import (
    Plan,
    Row,
    in_chunks,
    keyed,
    nobody,
    people_by_reference,
    said_otherwise,
)
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.scales import Scale
from audit_engine.exchange.lines import AuditLine, FileRead, RatingLine
from audit_engine.problems import Place, Problem, Unusable
from audit_engine.records.tables import Audit, Case, Definition, Moderation, Rating

_SAID = {
    "case_key": "case", "stream": "stream", "subject": "subject", "graded": "graded", "auditor": "auditor",
    "audited_on": "audited_on", "practice_from": "practice_from", "practice_to": "practice_to", "overall": "overall",
    "final_overall": "final_overall", "collaborative": "collaborative", "feedback": "feedback_from",
    "feedback_from": "feedback_from",
}  # fmt: skip
"""What the file itself says of an audit: our column -> the file's. The rest comes from the case, the people and the
rubric as they were on the day of the import, and may be known better by now without the audit having changed."""
_SAID_IN_MODERATION = {
    "moderator": "moderator", "moderated_on": "moderated_on", "blind_overall": "moderator_overall",
    "decided_overall": "final_overall", "reason": "moderation_reason",
}  # fmt: skip


@dataclass(slots=True)
class _Here:
    """What stands here of one audit."""

    row: Row
    ratings: dict[str, Row] = field(default_factory=dict)
    """By criterion."""
    moderation: Row = field(default_factory=dict)
    """Empty when it was not moderated."""


def plan_audits(session: Session, read: FileRead, lines: Sequence[AuditLine], catalogue: Catalogue) -> Plan:
    """What a file of past audits would add.

    Raises:
        Unusable: X090, an audit imported before with other values, one problem each; X092 and X093, a person or
            case that is not here. D018, a rubric that is not here.
    """
    writer = _Writer(session, catalogue)
    here = dict(_here(session, [line.reference for line in lines]))
    problems: list[Problem] = []
    for line in lines:
        unknown = list(writer.unknown(read, line))
        old = here.get(line.reference)
        if unknown:
            problems += unknown
        elif old is None:
            writer.add(line)
        elif differing := _differing(old, line, writer):
            problems.append(said_otherwise(read, line.row, "X090", "audit", differing))
        else:
            writer.plan.unchanged += 1
    if problems:
        raise Unusable(problems)
    counted = session.connection().execute(select(func.count()).select_from(Audit)).scalar_one()
    writer.plan.absent = counted - writer.plan.unchanged
    return writer.plan


class _Writer:
    """Turns lines into rows and plans them."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._people = people_by_reference(session)
        connection = session.connection()
        self._cases: dict[str, UUID] = dict(connection.execute(select(col(Case.reference), col(Case.key))).all())
        self._pinned = set(connection.execute(select(col(Definition.digest))).scalars())
        self.plan = Plan(inserts={Definition: [], Audit: [], Rating: [], Moderation: []})

    def unknown(self, read: FileRead, line: AuditLine) -> Iterator[Problem]:
        """The people and the case the line names that are not here."""
        moderator = line.moderation.moderator if line.moderation else None
        named = {"auditor": line.auditor, "practitioner": line.practitioner, "moderator": moderator}
        for column, reference in named.items():
            if reference is not None and reference not in self._people:
                yield nobody(read, line.row, column, reference)
        if line.case not in self._cases:
            message = f"there is no case '{line.case}' here"
            yield Problem(Place(read.name, line.row, "case"), "X093", message, "Import the case list it is in first.")

    def add(self, line: AuditLine) -> None:
        """Plan a new audit, its ratings and its moderation."""
        rubric = self._pin(line.rubric)
        read = self._catalogue.rubric(line.rubric)
        scale, scales = read.scale, read.scales
        row, ratings = self.row(line, rubric), [rating_row(one, scales[one.criterion]) for one in line.ratings]
        key = self.plan.add(Audit, "audit", row, rubric=rubric, ratings=ratings)
        self.plan.inserts[Rating] += [{"audit": key, **rating} for rating in ratings]
        if line.moderation is not None:
            moderation = {"audit": key, **self.moderation_row(line), "direction": direction(scale, line)}
            self.plan.add(Moderation, "moderation", moderation, rubric=rubric)
        self.plan.added += 1

    def row(self, line: AuditLine, rubric: str) -> Row:
        """Every column of an imported audit but `key` and `turn`."""
        return {
            "reference": line.reference,
            "case_key": self._cases[line.case],
            "stream": line.stream,
            "subject": line.subject,
            "graded": line.graded,
            "imported": True,
            "stage": "closed",
            "auditor": self._people[line.auditor],
            "practitioner": None if line.practitioner is None else self._people[line.practitioner],
            "area": line.area,
            "team": line.team,
            "audited_on": line.audited_on,
            "practice_from": line.practice_from,
            "practice_to": line.practice_to,
            "overall": line.overall,
            "final_overall": line.final_overall,
            "collaborative": line.collaborative,
            "feedback": line.feedback,
            "feedback_from": None if line.feedback_from is None else list(line.feedback_from),
            "counts_on": line.audited_on,
            "as_found": line.as_found,
            "facts": plain_facts(line.facts),
            "workflow_digest": None,
            "rubric_digest": rubric,
            "locked": True,
            "returned_times": 0,
        }

    def moderation_row(self, line: AuditLine) -> Row:
        """What the file says of the moderation; nothing when there was none."""
        said = line.moderation
        if said is None:
            return {}
        return {
            "number": 1,
            "stage": "decided",
            "moderator": self._people[said.moderator],
            "moderated_on": said.moderated_on,
            "blind_overall": said.blind_overall,
            "decided_overall": said.decided_overall,
            "reason": said.reason,
        }

    def _pin(self, rubric: str) -> str:
        """The digest of the rubric's text, which is kept here from now on."""
        self._catalogue.rubric(rubric)
        pin = self._catalogue.pins["rubric", rubric]
        if pin.digest not in self._pinned:
            self._pinned.add(pin.digest)
            row: dict[str, Any] = {"digest": pin.digest, "kind": pin.kind, "name": pin.name, "version": pin.version}
            self.plan.inserts[Definition].append(row | {"text": pin.text})
        return pin.digest


def rating_row(rating: RatingLine, scale: Scale) -> Row:
    """Every column of a rating but `audit`."""
    return {
        "criterion": rating.criterion,
        "applicability": rating.applicability,
        "reason": rating.reason,
        "grade": rating.grade,
        "grade_order": None if rating.grade is None else scale.order(rating.grade),
        "evidence": rating.evidence,
        "impact": rating.impact,
    }


def direction(scale: Scale, line: AuditLine) -> str | None:
    """What stands against what the auditor gave: `agreed`, `raised` or `lowered`. None when either is not recorded."""
    if line.overall is None or line.final_overall is None:
        return None
    given, stands = scale.order(line.overall), scale.order(line.final_overall)
    return "agreed" if stands == given else "raised" if stands > given else "lowered"


def _here(session: Session, references: Sequence[str]) -> Iterator[tuple[str, _Here]]:
    """Those of the audits that stand here, by reference."""
    connection = session.connection()
    for chunk in in_chunks(references):
        rows = connection.execute(select(Audit).where(col(Audit.reference).in_(chunk))).mappings()
        found = {key: _Here(row) for key, row in map(keyed, rows)}
        for rating in connection.execute(select(Rating).where(col(Rating.audit).in_(found))).mappings():
            found[rating["audit"]].ratings[rating["criterion"]] = dict(rating)
        for moderation in connection.execute(select(Moderation).where(col(Moderation.audit).in_(found))).mappings():
            found[moderation["audit"]].moderation = dict(moderation)
        yield from ((here.row["reference"], here) for here in found.values())


def _differing(here: _Here, line: AuditLine, writer: _Writer) -> list[str]:
    """The file's columns in which the line says something else than what stands here, each once."""
    new, moderation = writer.row(line, ""), writer.moderation_row(line)
    named = [column for ours, column in _SAID.items() if here.row[ours] != new[ours]]
    named += _differing_ratings(here.ratings, line.ratings)
    named += [said for ours, said in _SAID_IN_MODERATION.items() if here.moderation.get(ours) != moderation.get(ours)]
    return list(dict.fromkeys(named))


def _differing_ratings(here: Mapping[str, Row], lines: Sequence[RatingLine]) -> Iterator[str]:
    new = {line.criterion: line for line in lines}
    for criterion in dict.fromkeys([*new, *here]):
        old, line = here.get(criterion), new.get(criterion)
        if old is None or line is None:
            yield f"rating:{criterion}"
            continue
        if (old["applicability"], old["reason"], old["grade"]) != (line.applicability, line.reason, line.grade):
            yield f"rating:{criterion}"
        if old["evidence"] != line.evidence:
            yield f"evidence of {criterion}"
        if old["impact"] != line.impact:
            yield f"impact of {criterion}"
