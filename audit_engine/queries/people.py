"""Who works here, what they may do on a day, and what the workspace already knows when a file is read."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from audit_engine.engine.permission import ROLES, Actor
from audit_engine.exchange.lines import Known, KnownCase, KnownPerson, RoleLine
from audit_engine.problems import Reason, Refused
from audit_engine.records.tables import Account, Audit, Case, Person, RoleHeld, Team
from audit_engine.safe_text import quoted


def known(session: Session) -> Known:
    """Everything the readers of files compare with, by reference."""
    teams = dict(session.connection().execute(select(col(Team.name), col(Team.area))).all())
    audits = frozenset(session.connection().execute(select(col(Audit.reference))).scalars())
    return Known(people=_known_people(session), teams=teams, cases=_known_cases(session), audits=audits)


def actor_by_reference(session: Session, reference: str, day: date, identified: str = "training") -> Actor:
    """The person called `reference`, with the roles they hold on `day`.

    Args:
        identified: How they were known: `training`, or `os account` when the caller made sure.

    Raises:
        Refused: nobody here has this reference.
    """
    person = session.connection().execute(_person.where(col(Person.reference) == reference)).one_or_none()
    if person is None:
        text = f"Nobody here has the reference {quoted(reference)}. Check it in people.csv, or import that file first."
        raise Refused("cannot act as this person", [Reason("person", text)])
    return _actor(session, person.key, person.reference, day, identified)


def actor_by_account(session: Session, account: str, day: date) -> Actor:
    """The person an operating-system account is bound to, with the roles they hold on `day`.

    Args:
        account: As the system gave it: `uid:1000`.

    Raises:
        Refused: the account is bound to nobody.
    """
    bound = _person.join(Account, col(Account.person) == col(Person.key)).where(col(Account.account) == account)
    person = session.connection().execute(bound).one_or_none()
    if person is None:
        text = f"Your account ({quoted(account)}) is bound to no person here. Ask an administrator to bind it to you."
        raise Refused("cannot tell who you are", [Reason("account", text)])
    return _actor(session, person.key, person.reference, day, "os account")


_person = select(col(Person.key), col(Person.reference))


def _actor(session: Session, person: UUID, reference: str, day: date, identified: str) -> Actor:
    statement = select(col(RoleHeld.role), col(RoleHeld.area), col(RoleHeld.manages_team)).where(
        col(RoleHeld.person) == person, held_on(day)
    )
    held = session.connection().execute(statement).all()
    return Actor(
        person=person,
        reference=reference,
        roles=tuple(role for role in ROLES if any(line.role == role for line in held)),
        areas=_sorted(line.area for line in held if line.role == "head_of_practice"),
        teams=_sorted(line.manages_team for line in held if line.role == "manager"),
        identified=identified,
    )


def held_on(day: date) -> ColumnElement[bool]:
    """The roles held on `day`. A day that is not recorded sets no limit."""
    started = or_(col(RoleHeld.from_day).is_(None), col(RoleHeld.from_day) <= day)
    ended = or_(col(RoleHeld.to_day).is_(None), col(RoleHeld.to_day) >= day)
    return started & ended


def _sorted(names: Any) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name is not None}))


def _known_people(session: Session) -> Mapping[str, KnownPerson]:
    roles: dict[str, list[RoleLine]] = {}
    statement = (
        select(col(Person.reference), RoleHeld)
        .outerjoin(RoleHeld, col(RoleHeld.person) == col(Person.key))
        .order_by(col(Person.reference), col(RoleHeld.number))
    )
    for row in session.connection().execute(statement):
        of_person = roles.setdefault(row.reference, [])
        if row.role is not None:
            of_person.append(RoleLine(row.role, row.team, row.area, row.manages_team, row.from_day, row.to_day))
    return {reference: KnownPerson(reference, tuple(lines)) for reference, lines in roles.items()}


def _known_cases(session: Session) -> Mapping[str, KnownCase]:
    columns = (Case.reference, Case.area, Case.team, Person.reference, Case.opened, Case.closed, Case.facts)
    statement = select(*(col(column) for column in columns)).outerjoin(
        Person, col(Case.practitioner) == col(Person.key)
    )
    return {row[0]: KnownCase(*row) for row in session.connection().execute(statement)}
