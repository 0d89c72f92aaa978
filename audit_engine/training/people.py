"""Who works here: areas, teams, the people in them and what each may do."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from audit_engine.training.draws import shares
from audit_engine.training.names import AREA_NAMES, TEAM_NAMES, NameBook
from audit_engine.training.size import Size

_FIRST_START: Final = date(2008, 1, 7)
_SETTLED_START: Final = date(2019, 1, 7)
"""Three of each team have been there since before this day, for the oldest cases."""
_LAST_START: Final = date(2023, 2, 27)
_LEAVING: Final = (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 29))
"""After everything in the files, so that nobody acts when they are gone."""
_LEAVERS_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One line of people.csv: one role of one person. Area and team are empty for people who work nationally."""

    person: str
    name: str
    role: str
    area: str
    team: str
    manages_team: str
    since: date
    until: date | None
    """None while they stay."""


@dataclass(frozen=True, slots=True)
class Practitioner:
    person: str
    since: date


@dataclass(frozen=True, slots=True)
class Team:
    name: str
    area: str
    manager: str
    practitioners: tuple[Practitioner, ...]
    """The first three are settled: here before any open case was opened."""


@dataclass(slots=True)
class Staff:
    """Everybody, and who may audit or moderate what. Person ids throughout."""

    lines: list[RoleLine] = field(default_factory=list)
    areas: tuple[str, ...] = ()
    teams: list[Team] = field(default_factory=list)
    area_auditors: dict[str, list[str]] = field(default_factory=dict)
    """By area: its team managers and those who only audit. None is a practitioner."""
    national_auditors: list[str] = field(default_factory=list)
    board_auditors: list[str] = field(default_factory=list)
    heads: dict[str, list[str]] = field(default_factory=dict)
    """By area: the heads of practice who cover it, two or more."""


class _Enrolment:
    """Gives out person ids in order, and writes down the roles."""

    def __init__(self, rng: Random, staff: Staff) -> None:
        self._rng = rng
        self._staff = staff
        self._names = NameBook(rng)
        self._count = 0

    def enrol(
        self, *roles: str, area: str = "", team: str = "", manages: str = "", latest: date = _LAST_START
    ) -> Practitioner:
        """One more person, here since some day up to `latest`, with one line for each role."""
        self._count += 1
        person, name = f"P-{self._count:05d}", self._names.next_name()
        since = _FIRST_START + timedelta(days=7 * self._rng.randrange((latest - _FIRST_START).days // 7 + 1))
        leaving = "practitioner" in roles and self._rng.random() < _LEAVERS_SHARE
        until = self._rng.choice(_LEAVING) if leaving else None
        for role in roles:
            managed = manages if role == "manager" else ""
            self._staff.lines.append(RoleLine(person, name, role, area, team, managed, since, until))
        return Practitioner(person, since)


def staff_of(rng: Random, size: Size) -> Staff:
    """Everybody, quality leads first: P-00001 is a quality lead and P-00002 an administrator."""
    staff = Staff(areas=AREA_NAMES[: size.areas])
    enrolment = _Enrolment(rng, staff)
    _enrol_quality_leads(enrolment, staff, size)
    _enrol_heads(enrolment, staff, size)
    staff.national_auditors = [enrolment.enrol("auditor").person for _ in range(size.national_auditors)]
    for place in range(size.local_auditors):
        area = staff.areas[place % size.areas]
        staff.area_auditors.setdefault(area, []).append(enrolment.enrol("auditor", area=area).person)
    _enrol_teams(rng, enrolment, staff, size)
    return staff


def _enrol_quality_leads(enrolment: _Enrolment, staff: Staff, size: Size) -> None:
    first = enrolment.enrol("quality_lead", "auditor").person
    for _ in range(size.administrators):
        enrolment.enrol("administrator")
    others = [enrolment.enrol("quality_lead", "auditor").person for _ in range(size.quality_leads - 1)]
    staff.board_auditors += [first, *others]


def _enrol_heads(enrolment: _Enrolment, staff: Staff, size: Size) -> None:
    """Two neighbouring areas share their heads, one of whom audits for the performance board as well."""
    pairs = [staff.areas[i : i + 2] for i in range(0, size.areas, 2)]
    for place in range(size.heads_of_practice):
        pair = pairs[place % len(pairs)]
        seat = pair[place // len(pairs) % len(pair)]
        audits = place < len(pairs)
        roles = ("head_of_practice", "auditor") if audits else ("head_of_practice",)
        person = enrolment.enrol(*roles, area=seat).person
        for area in pair:
            staff.heads.setdefault(area, []).append(person)
        if audits:
            staff.board_auditors.append(person)


def _enrol_teams(rng: Random, enrolment: _Enrolment, staff: Staff, size: Size) -> None:
    """Every area's teams, their managers first, then the practitioners of every team."""
    usual = size.teams // size.areas
    of_area = shares(rng, size.teams, size.areas, max(1, min(usual, max(2, usual - 1))), len(TEAM_NAMES))
    led: list[tuple[str, str, str]] = []
    for area, count in zip(staff.areas, of_area, strict=True):
        for bird in TEAM_NAMES[:count]:
            team = f"{area} {bird}"
            manager = enrolment.enrol("manager", "auditor", area=area, team=team, manages=team).person
            staff.area_auditors.setdefault(area, []).append(manager)
            led.append((team, area, manager))
    usual = size.practitioners // size.teams
    for (team, area, manager), people in zip(
        led, shares(rng, size.practitioners, size.teams, max(3, usual - 3), size.practitioners), strict=True
    ):
        practitioners = tuple(
            enrolment.enrol("practitioner", area=area, team=team, latest=_SETTLED_START if place < 3 else _LAST_START)
            for place in range(people)
        )
        staff.teams.append(Team(team, area, manager, practitioners))
