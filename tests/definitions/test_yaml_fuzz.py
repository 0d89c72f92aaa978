"""Whatever a definition file holds, it is used or it is refused with its place, and nothing else happens."""

import random
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.sources import MAX_BYTES, source_from
from audit_engine.problems import Problem, Unusable
from tests.definitions.conftest import BAD, MAPPINGS, Put, shipped_files, what_is_said
from tests.definitions.mutations import mutant

SEED = 20261121
ORDINARY = 300
PARTS, PER_PART = 4, 500
"""Of the long run: 2,000 files, in parts that can be run one at a time."""
MACHINERY = re.compile(r"Traceback|pydantic|ValidationError|[A-Za-z]+Error\b|<class|object at 0x|[Ii]nput should")
WITHOUT_LINE = ("D001", "D002", "D003")
"""Codes that may speak of a whole file: it cannot be read, decoded, or is too large to be."""


@dataclass
class Tally:
    """What became of the mutants."""

    files: int = 0
    reached_the_schema: int = 0
    loaded: int = 0
    refused: int = 0


def check(problem: Problem, lines: dict[str, int]) -> None:
    assert problem.place.file
    assert problem.message
    assert problem.help
    assert not MACHINERY.search(f"{problem.message} {problem.help}"), problem
    if problem.place.line is None:
        assert problem.code in WITHOUT_LINE, problem
    else:
        assert 1 <= problem.place.line <= lines.get(problem.place.file, problem.place.line), problem
        assert isinstance(problem.place.column, int), problem
        assert problem.place.column >= 1, problem


def spoil_and_load(numbers: range, put: Put, site: Path) -> Tally:
    """Mutants of the shipped and the bad files, each read in the place of its original."""
    seeds = (shipped_files(), [(file.parent.name, file) for file in BAD])
    tally = Tally()
    for number in numbers:
        choose = random.Random(f"{SEED}-{number}")  # noqa: S311 - drawn from a seed, not for secrecy
        kind, original = choose.choice(choose.choice(seeds))
        raw = mutant(choose, original.read_bytes())
        path = put(kind, original.name, raw)
        tally.files += 1
        tally.reached_the_schema += reaches_the_schema(raw)
        try:
            said = what_is_said(site, kind, path)
            if isinstance(said, Unusable):
                assert said.problems
                for problem in said.problems:
                    check(problem, {str(path): raw.count(b"\n") + 1})
        except Exception as error:
            error.add_note(f"mutant {number} of {kind}/{original.name}, seed {SEED}")
            raise
        tally.refused += isinstance(said, Unusable)
        tally.loaded += isinstance(said, Catalogue) or (kind == MAPPINGS and said is None)
        shutil.rmtree(path.parent)
    return tally


def reaches_the_schema(raw: bytes) -> bool:
    try:
        return len(raw) <= MAX_BYTES and bool(source_from(raw, "spoilt.yaml").content)
    except Unusable:
        return False


def judge(tally: Tally) -> None:
    assert tally.refused + tally.loaded == tally.files
    assert tally.reached_the_schema >= 0.3 * tally.files, tally
    assert tally.loaded > 0, tally


def test_spoilt_files_are_used_or_refused_with_their_place(put: Put, site: Path) -> None:
    judge(spoil_and_load(range(ORDINARY), put, site))


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_many_spoilt_files_are_used_or_refused_with_their_place(part: int, put: Put, site: Path) -> None:
    first = ORDINARY + part * PER_PART

    judge(spoil_and_load(range(first, first + PER_PART), put, site))


def test_the_same_number_gives_the_same_mutant() -> None:
    _, file = shipped_files()[0]

    first, second = (mutant(random.Random("7"), file.read_bytes()) for _ in range(2))  # noqa: S311 - from a seed

    assert first == second
