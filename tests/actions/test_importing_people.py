"""People, the roles a newer file gives them, and the teams that follow from their roles."""

from dataclasses import replace
from datetime import date

import pytest

from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused
from audit_engine.records.tables import Person, RoleHeld, Team

from .conftest import Service, people, role


def _with(changed: PersonLine) -> list[PersonLine]:
    return [changed if line.reference == changed.reference else line for line in people()]


def _teams(service: Service) -> dict[str, str]:
    return {row["name"]: row["area"] for row in service.rows(Team)}


def test_teams_follow_from_roles(full: Service) -> None:
    assert _teams(full) == {"North Heron": "North", "North Wren": "North"}
    assert len(full.rows(RoleHeld)) == 7 + 2


def test_a_new_role_is_held_from_now_on_and_the_old_ones_stay_in_the_ledger(full: Service) -> None:
    dee = people()[3]

    result = full.bring_in("people", _with(replace(dee, roles=(*dee.roles, role("head_of_practice", area="South")))))

    assert (result.changed, result.unchanged, result.absent) == (1, 5, 1)
    assert [(c.reference, c.column, c.old, c.new) for c in result.examples] == [
        (
            "P-5",
            "roles",
            "auditor from 2019-01-07",
            "auditor from 2019-01-07, head of practice in South from 2019-01-07",
        )
    ]
    assert full.person("P-5").roles == ("auditor", "head_of_practice")
    assert full.person("P-5").areas == ("South",)
    first, second = full.story(Person, reference="P-5")
    assert first.payload is not None
    assert second.payload is not None
    assert (len(first.payload["roles"]), len(second.payload["roles"])) == (1, 2)
    assert full.is_sound()


def test_a_role_the_file_no_longer_gives_is_gone(full: Service) -> None:
    eli = people()[4]

    full.bring_in("people", _with(replace(eli, roles=eli.roles[:1])))

    assert full.person("P-6").roles == ("head_of_practice",)
    assert full.is_sound()


def test_another_name_changes_no_role(full: Service) -> None:
    result = full.bring_in("people", _with(replace(people()[0], name="Ada Heath")))

    assert [(c.column, c.old, c.new) for c in result.examples] == [("name", "Ada Moss", "Ada Heath")]
    (_, second) = full.story(Person, reference="P-2")
    assert second.payload == {"changed": {"name": ["Ada Moss", "Ada Heath"]}}
    assert full.is_sound()


def test_roles_in_another_order_say_nothing_new(full: Service) -> None:
    eli = people()[4]

    result = full.bring_in("people", _with(replace(eli, roles=tuple(reversed(eli.roles)))))

    assert result.nothing_changed
    assert full.is_sound()


def test_a_team_moves_to_the_area_of_those_who_stay(full: Service) -> None:
    """Managers' and leavers' lines still say the old area; the team's own people decide."""
    moved = replace(people()[0], roles=(role("practitioner", "North Wren", "South", since=date(2023, 9, 1)),))

    full.bring_in("people", _with(moved))

    assert _teams(full) == {"North Heron": "North", "North Wren": "South"}


def test_a_team_nobody_names_any_more_is_gone(full: Service) -> None:
    full.bring_in("people", _with(replace(people()[1], roles=(role("practitioner", "North Heron", "North"),))))

    assert _teams(full) == {"North Heron": "North"}
    assert full.is_sound()


def test_people_absent_from_a_newer_list_stay(full: Service) -> None:
    result = full.bring_in("people", people()[:2])

    assert (result.nothing_changed, result.absent) == (True, 5)
    assert len(full.rows(Person)) == 7


@pytest.mark.parametrize("until", [None, date(2023, 12, 31)])
def test_no_file_locks_the_last_administrator_out(full: Service, until: date | None) -> None:
    name = "auditor" if until is None else "administrator"
    before = full.contents()

    with pytest.raises(Refused, match=r"After people\.csv nobody with an account would be an administrator"):
        full.bring_in("people", [*people(), PersonLine(9, "P-1", "Gwen Oak", (role(name, until=until),))])

    assert full.contents() == before


def test_the_administrators_own_line_keeps_account_and_role(full: Service) -> None:
    full.bring_in("people", [*people(), PersonLine(9, "P-1", "Gwen Oak", (role("administrator"),))])

    assert full.person("P-1").roles == ("administrator",)
    assert full.is_sound()
