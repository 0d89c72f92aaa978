"""A small invented service that files may speak of, and one way to read any kind of file against it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit_engine.definitions import catalogue as definitions
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.mapping import read_mapping
from audit_engine.definitions.sources import read_source
from audit_engine.exchange.audits import read_audits
from audit_engine.exchange.cases import read_cases
from audit_engine.exchange.indicators import read_indicators
from audit_engine.exchange.lines import FactValue, FileRead, Known, KnownCase, KnownPerson, RoleLine
from audit_engine.exchange.observations import read_observations
from audit_engine.exchange.people import read_people

TODAY = date(2024, 6, 1)
Read = Callable[..., tuple[FileRead, list[Any]]]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped definitions."""
    return definitions.load()


def _role(role: str, team: str | None = None, area: str | None = None, manages: str | None = None) -> RoleLine:
    return RoleLine(role, team, area, manages, date(2020, 1, 6), None)


@pytest.fixture(scope="session")
def known() -> Known:
    """Two areas, three teams, seven people, two cases."""
    people = {
        "P-1": (_role("practitioner", "North Wren", "North"),),
        "P-2": (_role("practitioner", "South Heron", "South"), _role("auditor")),
        "M-1": (_role("manager", "North Wren", "North", "North Wren"), _role("auditor")),
        "A-1": (_role("auditor"),),
        "A-2": (RoleLine("auditor", None, None, None, date(2020, 1, 6), date(2023, 6, 30)),),
        "H-1": (_role("head_of_practice", area="North"),),
        "H-2": (_role("head_of_practice", area="South"), _role("auditor")),
    }
    facts: dict[str, FactValue] = {
        "law_type": "private",
        "work_type": "wafh_s7",
        "da_disclosed": True,
        "situational_triggers": [],
    }
    return Known(
        {reference: KnownPerson(reference, roles) for reference, roles in people.items()},
        {"North Wren": "North", "North Kite": "North", "South Heron": "South"},
        {
            "C-1": KnownCase("C-1", "North", "North Wren", "P-1", date(2023, 1, 10), None, facts),
            "C-2": KnownCase("C-2", "South", "South Heron", "P-2", date(2023, 2, 20), date(2023, 11, 3), facts),
        },
    )


@pytest.fixture(scope="session")
def read(known: Known, catalogue: Catalogue) -> Read:
    """Read a file whose name begins with its kind; a YAML file beside it is its mapping."""
    codebook = catalogue.codebooks["case_facts"]

    def read_file(path: Path, kind: str | None = None, **options: Any) -> tuple[FileRead, list[Any]]:
        kind = kind or path.stem.split("_")[0]
        beside = path.with_suffix(".yaml")
        if beside.exists():
            options["mapping"] = read_mapping(read_source(beside, beside.name), kind)
        options.setdefault("name", path.name)
        if kind == "people":
            return read_people(path, **options)
        if kind == "cases":
            return read_cases(path, known, codebook, **options)
        if kind == "audits":
            return read_audits(path, known, catalogue, today=TODAY, **options)
        if kind == "observations":
            return read_observations(path, known, codebook, today=TODAY, **options)
        return read_indicators(path, known, **options)

    return read_file
