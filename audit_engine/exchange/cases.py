"""cases.csv: the case list. Every column that is not about where the case is, is a fact of the codebook."""

from datetime import date
from pathlib import Path

from audit_engine.definitions.facts import Codebook, Fact
from audit_engine.definitions.mapping import Mapping
from audit_engine.exchange.cells import YES_NO, Kind, Label, Pointer, Reference, Whole, Words, one_of
from audit_engine.exchange.columns import Declared, Layout
from audit_engine.exchange.days import Day
from audit_engine.exchange.lines import CaseLine, FileRead, Known
from audit_engine.exchange.reading import Once, Progress, Reading, Row
from audit_engine.safe_text import quoted

_REQUIRED_FACTS = ("law_type", "work_type")
_IMPORT_PEOPLE = "Import the people file that names it first."


def read_cases(
    path: Path,
    known: Known,
    codebook: Codebook,
    *,
    mapping: Mapping | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
    progress: Progress | None = None,
) -> tuple[FileRead, list[CaseLine]]:
    """Every case of a case list, in the file's order.

    Args:
        known: The people and teams that cases may name.
        name: How problems call the file; the path as given when None.

    Raises:
        Unusable: every problem of the file.
    """
    reading = Reading(path, _layout(known, codebook), mapping=mapping, encoding=encoding, name=name)
    once = Once(reading, "case", "the case")
    facts = [fact.id for fact in codebook.listed]
    lists = [fact.id for fact in codebook.listed if fact.type == "words"]
    cases = []
    for row in reading.rows(progress):
        values = row.values
        reference = values.get("case")
        if reference is not None:
            once.take(row, reference, reference)
        check_team(reading, row, known)
        _check_days(reading, row)
        if reading.problems:
            continue
        found = {fact: values[fact] for fact in facts if values.get(fact) is not None}
        for fact in lists:
            if fact in found:
                # Equal cells share one judged value; a list of its own keeps the lines apart.
                found[fact] = list(found[fact])
        line = (values["area"], values["team"], values["practitioner"], values["opened"], values.get("closed"))
        cases.append(CaseLine(row.number, values["case"], *line, found))
    return reading.finished(), cases


def team_columns(known: Known) -> tuple[Declared, Declared]:
    """The columns that say where something is."""
    areas = frozenset(known.teams.values())
    return (
        Declared("area", Label(areas, "area", "X044", _IMPORT_PEOPLE), required=True, filled=True),
        Declared("team", Label(known.teams, "team", "X043", _IMPORT_PEOPLE), required=True, filled=True),
    )


def check_team(reading: Reading, row: Row, known: Known) -> None:
    """The team is where people.csv says it is."""
    team, area = row.values.get("team"), row.values.get("area")
    if team is not None and area is not None and known.teams[team] != area:
        message = f"the team {quoted(team)} is in {quoted(known.teams[team])}, not in {quoted(area)}"
        reading.tell(
            row.number, "area", "X045", message, "Put the area right here, or the team's area in the people file."
        )


def person_pointer(known: Known) -> Pointer:
    """A person who is known."""
    return Pointer(known.people, "person", "X041", "Import the people file that names them first.")


def fact_kind(fact: Fact) -> Kind:
    """How the cells of a fact's column are read."""
    words = tuple(word.id for word in fact.words)
    if fact.type == "word":
        return one_of(words)
    if fact.type == "words":
        return Words(words)
    return YES_NO if fact.type == "yes_no" else Whole()


def _layout(known: Known, codebook: Codebook) -> Layout:
    where = (
        Declared("case", Reference(), required=True, filled=True),
        *team_columns(known),
        Declared("practitioner", person_pointer(known), required=True),
        Declared("opened", Day("opened"), required=True, filled=True),
        Declared("closed", Day("closed")),
    )
    facts = tuple(Declared(fact.id, fact_kind(fact), required=fact.id in _REQUIRED_FACTS) for fact in codebook.listed)
    return Layout("cases", (*where, *facts), {fact.id: fact.derived for fact in codebook.facts if fact.derived})


def _check_days(reading: Reading, row: Row) -> None:
    opened: date | None = row.values.get("opened")
    closed: date | None = row.values.get("closed")
    if opened is not None and closed is not None and closed < opened:
        message = f"the case closes on {closed}, before it opens on {opened}"
        reading.tell(row.number, "closed", "X049", message, "Put one of the two days right.")
