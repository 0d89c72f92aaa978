"""people.csv: who works here, in which roles, teams and areas. One line per role; several lines make one person."""

from dataclasses import dataclass, field
from pathlib import Path

from audit_engine.definitions.mapping import Mapping
from audit_engine.engine.permission import ROLES
from audit_engine.exchange.cells import Label, Reference, near, one_of
from audit_engine.exchange.columns import Declared, Layout
from audit_engine.exchange.days import Day
from audit_engine.exchange.lines import FileRead, PersonLine, RoleLine
from audit_engine.exchange.reading import Once, Progress, Reading, Row
from audit_engine.safe_text import quoted

_LAYOUT = Layout(
    "people",
    (
        Declared("person", Reference(), required=True, filled=True),
        Declared("name", Label(), required=True, filled=True),
        Declared("role", one_of(ROLES, "a role"), required=True, filled=True),
        Declared("team", Label(what="team")),
        Declared("area", Label(what="area")),
        Declared("manages_team", Label(what="team")),
        Declared("from", Day("from")),
        Declared("to", Day("to")),
    ),
)


@dataclass(slots=True)
class _Person:
    row: int
    name: str | None
    roles: list[RoleLine] = field(default_factory=list)


def read_people(
    path: Path,
    *,
    mapping: Mapping | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
    progress: Progress | None = None,
) -> tuple[FileRead, list[PersonLine]]:
    """Everybody in a people file, in the order in which they are first named.

    Args:
        name: How problems call the file; the path as given when None.

    Raises:
        Unusable: every problem of the file.
    """
    staff = _Staff(Reading(path, _LAYOUT, mapping=mapping, encoding=encoding, name=name))
    for row in staff.reading.rows(progress):
        staff.take(row)
    staff.check_managed_teams()
    done = staff.reading.finished()
    people = staff.people.items()
    return done, [PersonLine(one.row, reference, one.name or "", tuple(one.roles)) for reference, one in people]


class _Staff:
    """The people so far, and which team is where."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.people: dict[str, _Person] = {}
        self._teams: dict[str, tuple[str, int]] = {}
        """Team -> its area and the row that said so first."""
        self._named_teams: set[str] = set()
        self._managed: list[tuple[int, str]] = []
        self._once = Once(reading, "role", "the same role of")

    def take(self, row: Row) -> None:
        line = RoleLine(*(row.get(c) for c in ("role", "team", "area", "manages_team", "from", "to")))
        self._check_role(row, line)
        self._check_team(row, line)
        if line.from_day and line.to_day and line.to_day < line.from_day:
            message = f"the role ends on {line.to_day}, before it begins on {line.from_day}"
            self.reading.tell(row.number, "to", "X049", message, "Put one of the two days right.")
        reference = row.get("person")
        if reference is None:
            return
        person = self.people.setdefault(reference, _Person(row.number, row.get("name")))
        if row.get("name") and person.name and row.get("name") != person.name:
            there = f"{quoted(person.name)} in row {person.row}"
            message = f"{quoted(reference)} is called {quoted(row.get('name'))} here and {there}"
            self.reading.tell(
                row.number,
                "name",
                "X046",
                message,
                "Write one name in all rows of a person, or give each their own reference.",
            )
        if not row.wrong:
            self._once.take(row, (reference, line), reference)
        person.roles.append(line)

    def check_managed_teams(self) -> None:
        """A managed team that nobody belongs to is a slip of the pen that would switch four eyes off."""
        if not self.reading.whole:
            return
        for row, team in self._managed:
            if team not in self._named_teams:
                words = near(team, self._named_teams) or "Name it under 'team' in the rows of its people."
                self.reading.tell(row, "manages_team", "X043", f"there is no team {quoted(team)} in this file", words)

    def _check_role(self, row: Row, line: RoleLine) -> None:
        if line.role == "practitioner":
            for column in ("team", "area"):
                if row.lacks(column):
                    message = f"a practitioner's {column} is missing"
                    self.reading.tell(row.number, column, "X048", message, "Write where the practitioner works.")
        if line.role == "manager" and row.lacks("manages_team"):
            self.reading.tell(
                row.number, "manages_team", "X048", "the team that this manager manages is missing", "Name it."
            )
        if line.manages_team and line.role not in ("manager", None):
            message = f"{quoted(line.manages_team)} is managed, and the role {line.role} manages no team"
            words = "Leave the cell empty, and give the person a line of their own as manager."
            self.reading.tell(row.number, "manages_team", "X048", message, words)

    def _check_team(self, row: Row, line: RoleLine) -> None:
        if line.manages_team:
            self._managed.append((row.number, line.manages_team))
        if line.team is None:
            return
        self._named_teams.add(line.team)
        if line.area is None:
            return
        area, first = self._teams.setdefault(line.team, (line.area, row.number))
        if area != line.area:
            message = (
                f"the team {quoted(line.team)} is in {quoted(line.area)} here and in {quoted(area)} in row {first}"
            )
            self.reading.tell(
                row.number, "area", "X047", message, "A team belongs to one area; put one of the rows right."
            )
