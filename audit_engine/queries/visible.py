"""The permission of `engine.permission` as an SQL filter, so that a list never shows what its lines would refuse."""

from sqlalchemy import ColumnElement, and_, false, inspect, or_, true
from sqlmodel import SQLModel

from audit_engine.engine.permission import EVERYTHING, OWN_AREA, OWN_AUDIT, OWN_TEAM, OWN_WORK, Actor, reaches
from audit_engine.records.tables import Audit


def visible(actor: Actor, action: str, table: type[SQLModel] = Audit) -> ColumnElement[bool]:
    """The rows of `table` to which the actor may do `action`: true or false for every row, never unknown.

    Args:
        table: Whose columns `area`, `team`, `auditor` and `practitioner` say what a row's subject is; one it does
            not have is a subject without it, which no reach over it covers.
    """
    return or_(false(), *(_within(actor, reach, table) for reach in reaches(actor, action)))


def _within(actor: Actor, reach: str, table: type[SQLModel]) -> ColumnElement[bool]:
    """`engine.permission.is_within`, for every row at once. Denies a reach it does not know."""
    if reach == EVERYTHING:
        return true()
    column, owned = {
        OWN_AREA: ("area", actor.areas),
        OWN_TEAM: ("team", actor.teams),
        OWN_AUDIT: ("auditor", (actor.person,)),
        OWN_WORK: ("practitioner", (actor.person,)),
    }.get(reach, ("", ()))
    columns = inspect(table).columns
    if column not in columns or not owned:
        return false()
    # Without the first half a row that names nobody would be neither true nor false, and `NOT visible` would lose it.
    return and_(columns[column].is_not(None), columns[column].in_(owned))
