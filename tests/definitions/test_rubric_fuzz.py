"""Whatever a rubric file or one of its parts holds, it is used or refused with its place; and what is used, grades.

Only the spoilt file is read each time, beside scales, facts, criteria and shared rules that are read once.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from audit_engine.definitions.catalogue import load, shipped_folder
from audit_engine.definitions.criteria import Library
from audit_engine.definitions.criteria_checks import library_problems
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.reading import Definition, judged, repeated
from audit_engine.definitions.rubric import ReadRubric, Rubric
from audit_engine.definitions.rubric_reading import Shared, Shelf, read_rubric
from audit_engine.definitions.rubric_rules import Limits, shape_problems
from audit_engine.definitions.scale_mapping import ScaleMapping, mapping_problems
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Source, read_source, source_from
from audit_engine.engine.grading import judgement
from audit_engine.engine.ratings import EXPECTED, Rated
from audit_engine.problems import Problem, Unusable
from tests.definitions.conftest import HERE
from tests.definitions.mutations import mutant
from tests.definitions.test_yaml_fuzz import check

SEED = 20261126
ORDINARY = 2_000
PARTS, PER_PART = 10, 4_800
"""Of the long run: 50,000 files with the ordinary ones, in parts that can be run one at a time."""
SHIPPED = shipped_folder() / "rubrics"
EXAMPLES = SHIPPED / "examples"
KINDS = {"rubrics": "", "criteria": "criteria", "limits": "limits", "scale_mappings": "scales/mappings"}
RUBRICS_OF_TEN = 7
"""Of ten files, so many are rubrics: they have the most keys."""

D = TypeVar("D", bound=Definition)


def _read(file: Path, model: type[D]) -> tuple[Source, D]:
    source = read_source(file)
    found = judged(source, model)
    assert not isinstance(found, list), found
    return source, found


@cache
def shelf() -> Shelf:
    """Everything shipped, and everything the examples have of their own."""
    catalogue = load()
    scales, codebooks, criteria = dict(catalogue.scales), dict(catalogue.codebooks), dict(catalogue.criteria)
    limits: dict[str, Shared] = {}
    for file in sorted(EXAMPLES.glob("scales/*.yaml")):
        scale = _read(file, Scale)[1]
        scales[scale.scale] = scale
    for file in sorted(EXAMPLES.glob("codebooks/*.yaml")):
        codebook = _read(file, Codebook)[1]
        codebooks[codebook.codebook] = codebook
    for file in sorted(EXAMPLES.glob("criteria/*.yaml")):
        criteria |= {one.id: one for one in _read(file, Library)[1].criteria}
    for file in (*sorted(SHIPPED.glob("limits/*.yaml")), *sorted(EXAMPLES.glob("limits/*.yaml"))):
        source, found = _read(file, Limits)
        limits |= {rule.id: (source, ("rules", n), rule) for n, rule in enumerate(found.rules)}
    return Shelf(scales, codebooks, criteria, limits)


@cache
def seeds() -> dict[str, list[bytes]]:
    """Good and bad files of every kind."""
    found = {}
    for kind, folder in KINDS.items():
        places = (SHIPPED / folder, EXAMPLES / folder, HERE / "bad" / kind)
        found[kind] = [file.read_bytes() for place in places for file in sorted(place.glob("*.yaml"))]
    return found


@dataclass
class Tally:
    """What became of the mutants."""

    became: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)


def told(kind: str, raw: bytes) -> ReadRubric | list[Problem]:
    """What is said of one file."""
    source = source_from(raw, "spoilt.yaml")
    on = shelf()
    if kind == "rubrics":
        rubric = judged(source, Rubric)
        return rubric if isinstance(rubric, list) else read_rubric(source, rubric, on)
    if kind == "criteria":
        library = judged(source, Library)
        if isinstance(library, list):
            return library
        codebook = on.codebooks.get(library.facts, on.codebooks["case_facts"])
        return library_problems(source, library, codebook, on.scales, {})
    if kind == "limits":
        limits = judged(source, Limits)
        if isinstance(limits, list):
            return limits
        twice = repeated(source, [(("rules", n, "id"), rule.id) for n, rule in enumerate(limits.rules)], "D016", "rule")
        return twice + [p for n, rule in enumerate(limits.rules) for p in shape_problems(source, ("rules", n), rule)]
    mapping = judged(source, ScaleMapping)
    return mapping if isinstance(mapping, list) else mapping_problems(source, mapping, on.scales)


def grades(read: ReadRubric, choose: random.Random) -> None:
    ratings = {
        name: Rated(EXPECTED, choose.choice((None, *read.scales[name].ids)) if one.graded else None)
        for name, one in read.criteria.items()
    }
    facts = {
        fact.id: choose.choice([word.id for word in fact.words]) for fact in read.codebook.facts if fact.type == "word"
    }
    found = judgement(read, ratings, facts)
    assert bool(found.permitted) == (read.overall is not None)
    assert found.suggested in (*found.permitted, None)


def spoil(numbers: range) -> Tally:
    tally = Tally()
    for number in numbers:
        choose = random.Random(f"{SEED}-{number}")  # noqa: S311 - drawn from a seed, not for secrecy
        kind = "rubrics" if choose.randrange(10) < RUBRICS_OF_TEN else choose.choice(list(KINDS)[1:])
        raw = mutant(choose, choose.choice(seeds()[kind]))
        try:
            said = told(kind, raw)
            if isinstance(said, ReadRubric):
                grades(said, choose)
        except Unusable as unusable:
            said = list(unusable.problems)
        except Exception as error:
            error.add_note(f"mutant {number}, a file of {kind}, seed {SEED}")
            raise
        problems = [] if isinstance(said, ReadRubric) else said
        for problem in problems:
            check(problem, {"spoilt.yaml": raw.count(b"\n") + 1})
        tally.became["refused" if problems else f"used: {kind}"] += 1
        tally.codes.update({problem.code for problem in problems})
    return tally


def judge(tally: Tally) -> None:
    assert tally.became["refused"] > 0
    assert all(tally.became[f"used: {kind}"] for kind in KINDS), tally
    assert len(tally.codes) > 25, "most of what can be refused is reached by chance"


def test_spoilt_rubrics_are_used_or_refused_with_their_place() -> None:
    judge(spoil(range(ORDINARY)))


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_many_spoilt_rubrics_are_used_or_refused_with_their_place(part: int) -> None:
    first = ORDINARY + part * PER_PART

    judge(spoil(range(first, first + PER_PART)))
