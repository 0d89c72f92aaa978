"""Which teams there are, and which area each belongs to: told by the roles people hold. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any


def teams_of(roles: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Team -> area, as roles tell it.

    Where they disagree, members count before managers, those who stay before those who left, then the newest.

    Args:
        roles: Columns of `roles_held`; days as dates or as the database spells them.
    """
    told: dict[str, tuple[Any, ...]] = {}
    for role in roles:
        for own, team in ((True, role["team"]), (False, role["manages_team"])):
            if team is not None and role["area"] is not None:
                claim = (own, str(role["to_day"] or date.max), str(role["from_day"] or date.min), role["area"])
                told[team] = max(told.get(team, claim), claim)
    return {team: claim[-1] for team, claim in told.items()}
