"""People and their roles. Teams follow from them: which there are, and which area each belongs to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.actions.imports.comparing import Plan, Row, differences, standing
from audit_engine.exchange.lines import FileRead, PersonLine
from audit_engine.problems import Place, Problem, Reason, Refused, Unusable
from audit_engine.records.tables import Account, Person, RoleHeld, Team
from audit_engine.records.teams import teams_of
from audit_engine.safe_text import quoted

Roles = list[Row]
"""Of one person, numbered from 1: every column of `roles_held` but `person`."""


def plan_people(
    session: Session, read: FileRead, lines: Sequence[PersonLine], day: date, own: UUID | None = None
) -> Plan:
    """What a list of people would change. The file's roles of a person replace all they had.

    Args:
        day: Today, for the question who would still be an administrator.
        own: In a live workspace, whoever imports: they give themselves no role while somebody else could.

    Raises:
        Refused: nobody with an account would be an administrator any more.
        Unusable: X095, the file gives whoever imports it another role, and there is another administrator.
    """
    here = {row["reference"]: (key, row) for key, row in standing(session, Person)}
    before = _roles_here(session)
    after = dict(before)
    plan = Plan(inserts={Person: [], RoleHeld: []}, deletes={RoleHeld: []})
    for line in lines:
        row: Row = {"reference": line.reference, "name": line.name}
        found, roles = here.get(line.reference), _numbered(line)
        if found is None:
            plan.added += 1
            key = plan.add(Person, "person", row, roles=roles)
            _insert_roles(plan, key, roles)
            after[key] = roles
        elif found[1] == row and _same(before.get(found[0], []), roles):
            plan.unchanged += 1
        else:
            if found[0] == own and _gains(before.get(own, []), roles):
                _no_role_for_oneself(session, read, line, own, day)
                plan.own_roles = True
            _change(plan, found[0], row, found[1], roles, before.get(found[0], []), own)
            after[found[0]] = roles
    plan.absent = len(here) - plan.changed - plan.unchanged
    _keep_an_administrator(session, read, before, after, day)
    _plan_teams(session, plan, after.values())
    return plan


def _numbered(line: PersonLine) -> Roles:
    return [
        {
            "number": number,
            "role": role.role,
            "team": role.team,
            "area": role.area,
            "manages_team": role.manages_team,
            "from_day": role.from_day,
            "to_day": role.to_day,
        }
        for number, role in enumerate(line.roles, start=1)
    ]


def _roles_here(session: Session) -> dict[UUID, Roles]:
    roles: dict[UUID, Roles] = {}
    statement = select(RoleHeld).order_by(col(RoleHeld.person), col(RoleHeld.number))
    for found in session.connection().execute(statement).mappings():
        row = dict(found)
        roles.setdefault(row.pop("person"), []).append(row)
    return roles


def _same(old: Roles, new: Roles) -> bool:
    """Whether both hold the same roles; a file in another order says nothing new."""
    return _in_order(old) == _in_order(new)


def _in_order(roles: Roles) -> list[list[str]]:
    return sorted([str(value) for name, value in role.items() if name != "number"] for role in roles)


def _change(plan: Plan, key: UUID, row: Row, old: Row, roles: Roles, old_roles: Roles, own: UUID | None) -> None:
    changed: dict[str, list[Any]] = differences(old, row)
    if _same(old_roles, roles):
        plan.change(Person, "person", key, row, old)
    else:
        marked = {"own_roles": True} if plan.own_roles and key == own else {}
        plan.change(Person, "person", key, row, old, roles=roles, **marked)
        plan.deletes[RoleHeld] += [{"person": key, "number": role["number"]} for role in old_roles]
        _insert_roles(plan, key, roles)
        changed["roles"] = [_said(old_roles), _said(roles)]
    plan.show(row["reference"], changed)


def _insert_roles(plan: Plan, key: UUID, roles: Roles) -> None:
    plan.inserts[RoleHeld] += [{"person": key, **role} for role in roles]


def _said(roles: Roles) -> list[str]:
    return [" ".join(_words(role)) for role in roles]


def _words(role: Row) -> Iterator[str]:
    yield role["role"].replace("_", " ")
    if role["team"] or role["area"]:
        yield f"in {role['team'] or role['area']}"
    if role["manages_team"]:
        yield f"of {role['manages_team']}"
    if role["from_day"]:
        yield f"from {role['from_day']}"
    if role["to_day"]:
        yield f"to {role['to_day']}"


def _keep_an_administrator(
    session: Session, read: FileRead, before: Mapping[UUID, Roles], after: Mapping[UUID, Roles], day: date
) -> None:
    """Without this, one file could lock everybody out: nobody could import the file that puts it right."""
    bound = set(session.connection().execute(select(col(Account.person))).scalars())
    were = {key for key in bound if _administers(before.get(key, []), day)}
    if were and not any(_administers(after.get(key, []), day) for key in bound):
        text = (
            f"After {read.name} nobody with an account would be an administrator. "
            "Keep the administrator's own line, with that role, in the file."
        )
        raise Refused("cannot import people", [Reason("administrator", text)])


def another_administrator(session: Session, person: UUID, day: date) -> bool:
    """Whether somebody else with an account is an administrator."""
    bound = set(session.connection().execute(select(col(Account.person))).scalars())
    here = _roles_here(session)
    return any(key != person and _administers(here.get(key, []), day) for key in bound)


def _gains(old: Roles, new: Roles) -> bool:
    """Whether the new roles hold one that the old ones do not. Giving a role up is nobody else's business."""
    kept = _in_order(old)
    return any(role not in kept for role in _in_order(new))


def _no_role_for_oneself(session: Session, read: FileRead, line: PersonLine, own: UUID, day: date) -> None:
    if another_administrator(session, own, day):
        message = f"this would change your own roles ({quoted(line.reference)}), and nobody gives themselves a role"
        hint = "Let another administrator import it, or leave your own line as it is."
        raise Unusable([Problem(Place(read.name, line.row, "role"), "X095", message, hint)])


def _administers(roles: Roles, day: date) -> bool:
    return any(
        role["role"] == "administrator" and (role["from_day"] or date.min) <= day <= (role["to_day"] or date.max)
        for role in roles
    )


def _plan_teams(session: Session, plan: Plan, people: Iterable[Roles]) -> None:
    """Teams have no story of their own: all are written again when any of them differs."""
    told = teams_of(role for roles in people for role in roles)
    here = dict(session.connection().execute(select(col(Team.name), col(Team.area))).all())
    if told != here:
        plan.deletes[Team] = [{"name": name} for name in here]
        plan.inserts[Team] = [{"name": name, "area": area} for name, area in sorted(told.items())]
