"""A checked condition as SQL. The one place where it is translated; a property test holds both answers equal.

Not known is NULL on the one side and a name that is not passed on the other; `&&` and `||` then agree, because
both logics decide as far as they can.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, not_, or_

from audit_engine.definitions.conditions import Call, Constant, Listing, Name, Tree

_COMPARE: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "_==_": lambda a, b: a == b,
    "_!=_": lambda a, b: a != b,
    "_<_": lambda a, b: a < b,
    "_<=_": lambda a, b: a <= b,
    "_>_": lambda a, b: a > b,
    "_>=_": lambda a, b: a >= b,
}


def to_sql(tree: Tree, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """The condition over the columns that hold its names.

    Args:
        columns: By name; every name of the condition is there.

    Raises:
        TypeError: a part of the condition is outside the subset, which was checked when the file was read.
    """
    if isinstance(tree, Name):
        return columns[tree.path]
    if isinstance(tree, Constant):
        return literal(tree.value)
    if isinstance(tree, Call):
        return _call(tree, columns)
    raise TypeError(f"a measure cannot count {type(tree).__name__}")


def _call(call: Call, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    if call.function == "@in":
        listing = call.arguments[1]
        assert isinstance(listing, Listing)  # noqa: S101 - checked when the file was read
        members = [literal(m.value) for m in listing.members if isinstance(m, Constant)]
        return to_sql(call.arguments[0], columns).in_(members)
    sides = [to_sql(argument, columns) for argument in call.arguments]
    if call.function == "_&&_":
        return and_(*sides)
    if call.function == "_||_":
        return or_(*sides)
    if call.function == "!_":
        return not_(sides[0])
    return _COMPARE[call.function](*sides)
