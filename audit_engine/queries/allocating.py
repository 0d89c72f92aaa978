"""What allocation looks at: the audits that wait, who may have them, who held their cases. Many at once."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.programme import ALLOCATE
from audit_engine.engine.choosing import Candidate
from audit_engine.queries.at_hand import Row, workflow_of
from audit_engine.queries.people import held_on
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.live_tables import CommandDone, Escalation
from audit_engine.records.prepared import Prepared
from audit_engine.records.tables import Audit, Case, Person, RoleHeld

_ASKED = 400
"""Keys in one question."""


@dataclass(frozen=True)
class Staffing:
    """Who works where on a day."""

    names: dict[UUID, str]
    """Everybody's reference."""
    managers: dict[str, list[UUID]]
    """By team: who manages it, in the order of their references."""
    teams: dict[UUID, frozenset[str]]
    """By person: where they work, and what they manage."""
    works_in: dict[UUID, frozenset[str]]
    """By practitioner: the teams they are practitioners in."""
    roles: dict[str, list[UUID]]
    """By role: who holds it, in the order of their references."""

    def candidates(self, role: str) -> list[Candidate]:
        """Everybody who holds a role."""
        nowhere = frozenset[str]()
        return [Candidate(p, self.names[p], self.teams.get(p, nowhere)) for p in self.roles.get(role, ())]


def staffing(session: Session, day: date) -> Staffing:
    """Who works where on `day`."""
    names: dict[UUID, str] = dict(session.connection().execute(select(col(Person.key), col(Person.reference))).all())
    found = Staffing(names, {}, {}, {}, {})
    teams: dict[UUID, set[str]] = {}
    works_in: dict[UUID, set[str]] = {}
    held = select(col(RoleHeld.person), col(RoleHeld.role), col(RoleHeld.team), col(RoleHeld.manages_team))
    for person, role, team, managed in session.connection().execute(held.where(held_on(day))):
        teams.setdefault(person, set()).update(name for name in (team, managed) if name)
        if role == "practitioner" and team:
            works_in.setdefault(person, set()).add(team)
        if managed and person not in (leads := found.managers.setdefault(managed, [])):
            leads.append(person)
        if person not in (holders := found.roles.setdefault(role, [])):
            holders.append(person)
    for listed in (*found.managers.values(), *found.roles.values()):
        listed.sort(key=lambda person: names[person])
    found.teams.update({person: frozenset(of) for person, of in teams.items()})
    found.works_in.update({person: frozenset(of) for person, of in works_in.items()})
    return found


def waiting(session: Session, programme: str | None, references: Collection[str] | None) -> list[Row]:
    """The live audits that the event `allocate` of their own workflow leaves, by reference.

    Every column, and `holder`: the case's practitioner now.

    Args:
        references: Only these; all when None.
    """
    live = select(col(Audit.workflow_digest), col(Audit.stage)).where(col(Audit.imported).is_(False)).distinct()
    here = [
        and_(col(Audit.workflow_digest) == digest, col(Audit.stage) == stage)
        for digest, stage in session.connection().execute(live).all()
        if digest is not None and _can_be_allocated(session, digest, stage)
    ]
    if not here:
        return []
    table = SQLModel.metadata.tables["audits"]
    statement = select(table, col(Case.practitioner).label("holder")).join(Case, col(Case.key) == table.c.case_key)
    statement = statement.where(or_(*here)).order_by(func.length(table.c.reference), table.c.reference)
    if programme is not None:
        statement = statement.where(table.c.programme == programme)
    rows: list[Row] = [dict(row) for row in session.connection().execute(statement).mappings()]
    return rows if references is None else [row for row in rows if row["reference"] in references]


def _can_be_allocated(session: Session, digest: str, stage: str) -> bool:
    workflow = workflow_of(session, digest)
    return ALLOCATE in workflow.events and stage in workflow.event(ALLOCATE).leaves


def live_programmes(session: Session) -> list[str]:
    """The programmes that have audits of their own here."""
    named = select(col(Audit.programme)).where(col(Audit.programme).is_not(None)).distinct()
    return sorted(name for name in session.connection().execute(named).scalars() if name is not None)


def open_audits(session: Session) -> Counter[UUID]:
    """By auditor: how many live audits of theirs have not come to an end."""
    counted = (
        select(col(Audit.auditor), col(Audit.workflow_digest), col(Audit.stage), func.count())
        .where(col(Audit.imported).is_(False), col(Audit.auditor).is_not(None))
        .group_by(col(Audit.auditor), col(Audit.workflow_digest), col(Audit.stage))
    )
    found: Counter[UUID] = Counter()
    for auditor, digest, stage, count in session.connection().execute(counted):
        if auditor is not None and digest is not None and not workflow_of(session, digest).stage(stage).final:
            found[auditor] += count
    return found


def last_auditors(session: Session, practitioners: Collection[UUID]) -> dict[UUID, UUID]:
    """By practitioner: who audited their work last, imported or live; withdrawn audits do not count."""
    when = func.coalesce(col(Audit.audited_on), col(Audit.drawn_on))
    asked = select(col(Audit.practitioner), col(Audit.auditor), when, col(Audit.reference)).where(
        col(Audit.auditor).is_not(None), col(Audit.withdrawn_because).is_(None), when.is_not(None)
    )
    latest: dict[UUID, tuple[date, str, UUID]] = {}
    for practitioner, auditor, day, reference in _each(session, asked, Audit.practitioner, practitioners):
        if practitioner not in latest or (day, reference) > latest[practitioner][:2]:
            latest[practitioner] = (day, reference, auditor)
    return {practitioner: auditor for practitioner, (_, _, auditor) in latest.items()}


def earlier_practitioners(session: Session, cases: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By case: everybody whom its history in the ledger names as its practitioner, at any time.

    What was erased is not known, and names nobody.
    """
    asked = select(col(Payload.chain), col(Payload.text))
    found: dict[UUID, set[UUID]] = {}
    for case, text in _each(session, asked, Payload.chain, cases):
        found.setdefault(case, set()).update(_practitioners_in(text))
    return {case: frozenset(people) for case, people in found.items()}


_HISTORY = Prepared(select(col(Payload.text)).where(col(Payload.chain) == bindparam("chain")))


def named_by_history(session: Session, case: UUID) -> frozenset[UUID]:
    """As `earlier_practitioners`, of one case."""
    told = _HISTORY.rows(session.connection(), {"chain": case})
    return frozenset(person for (text,) in told for person in _practitioners_in(text))


def _practitioners_in(text: str) -> Iterator[UUID]:
    """Whom one entry of a case's history names as its practitioner."""
    told = json.loads(text)
    named = [(told.get("row") or {}).get("practitioner"), *(told.get("changed") or {}).get("practitioner", ())]
    return (UUID(hex=key) for key in named if key)


def with_open_escalations(session: Session) -> Counter[UUID]:
    """By audit: how many escalations are open."""
    return Counter(session.connection().execute(select(col(Escalation.audit)).where(col(Escalation.open))).scalars())


def allocated_by(session: Session, command: UUID) -> list[tuple[Row, str]]:
    """The audits that a command allocated, as they stand now, each with why it was given so.

    All that one command writes bears one moment and one author.
    """
    done = session.get_one(CommandDone, command)
    moment = select(col(Entry.ts_utc), col(Entry.actor)).where(
        col(Entry.chain) == done.chain, col(Entry.turn) == done.turn
    )
    first = session.connection().execute(moment).one()
    table = SQLModel.metadata.tables["audits"]
    same = (
        select(table, col(Payload.text).label("told"))
        .join(Entry, col(Entry.chain) == table.c.key)
        .join(Payload, and_(col(Payload.chain) == col(Entry.chain), col(Payload.turn) == col(Entry.turn)))
        .where(col(Entry.ts_utc) == first.ts_utc, col(Entry.actor) == first.actor, col(Entry.kind) == "moved")
        .order_by(func.length(table.c.reference), table.c.reference)
    )
    rows = [dict(row) for row in session.connection().execute(same).mappings()]
    return [(row, json.loads(row.pop("told")).get("because", "")) for row in rows]


def _each(session: Session, statement: Any, column: Any, keys: Iterable[UUID]) -> Iterator[Sequence[Any]]:
    """The rows of a statement whose `column` is one of `keys`, asked in parts."""
    pending = iter(keys)
    while part := list(islice(pending, _ASKED)):
        within: ColumnElement[bool] = col(column).in_(part)
        yield from session.connection().execute(statement.where(within))
