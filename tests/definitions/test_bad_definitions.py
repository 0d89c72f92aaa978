"""What people read when a definition cannot be used: each bad file beside the exact words."""

import re
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Problem, Unusable
from tests.definitions.conftest import BAD, FOLDERS, HERE, MAPPINGS, Put, kind_and_name, what_is_said

ROOM = HERE.parents[1] / "audit_engine" / "definitions"
REFERENCE = HERE.parents[1] / "docs" / "reference" / "problems-definitions.md"
UNDECODABLE = "D002"
POOR = re.compile(
    r"invalid|illegal|error occurred|traceback|pydantic|validation|exception|\b(str|int|bool|dict|tuple|None)\b|_==_"
)
"""Words that tell a person nothing."""


def problems_of(file: Path, put: Put, site: Path) -> tuple[Problem, ...]:
    kind = file.parent.name
    said = what_is_said(site, kind, put(kind, file.name, file.read_bytes()))
    assert isinstance(said, Unusable), "this file is meant to be refused"
    return said.problems


@pytest.mark.parametrize("file", BAD, ids=kind_and_name)
def test_message(file: Path, put: Put, site: Path) -> None:
    kind = file.parent.name

    said = what_is_said(site, kind, put(kind, file.name, file.read_bytes()))

    assert f"{said}\n" == file.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", BAD, ids=kind_and_name)
def test_every_problem_has_its_place_one_sentence_and_what_to_do(file: Path, put: Put, site: Path) -> None:
    for problem in problems_of(file, put, site):
        assert problem.place.file.endswith(file.name), "the file that was added is to blame, not a shipped one"
        assert problem.place.line is not None or problem.code == UNDECODABLE
        assert problem.help
        assert "\n" not in problem.message + problem.help
        assert not problem.message.endswith((".", "!"))
        assert not problem.message[0].isupper()
        assert problem.help[0].isupper()
        assert problem.help.endswith((".", "?"))
        ours = re.sub(r"'[^']*'", "''", problem.message + problem.help)  # what a person typed may be anything
        assert not POOR.search(ours)


def test_there_are_bad_files_of_every_kind() -> None:
    assert len(BAD) >= 45
    assert {file.parent.name for file in BAD} == {*FOLDERS, MAPPINGS}
    assert [file for file in (HERE / "bad").glob("*/*.txt") if not file.with_suffix(".yaml").exists()] == []


def test_every_code_is_shown_here_and_told_in_the_reference() -> None:
    raised = {code for file in ROOM.glob("*.py") for code in re.findall(r'"(D\d{3})"', file.read_text("utf-8"))}
    texts = [file.with_suffix(".txt") for file in BAD] + [
        HERE / "test_sources.py",
        HERE / "test_catalogue.py",
        *(HERE.parent / "engine" / "bad_answers").glob("*.txt"),
    ]
    shown = {code for text in texts for code in re.findall(r"\b(D\d{3})\b", text.read_text("utf-8"))}
    rows = [line.split("|") for line in REFERENCE.read_text("utf-8").splitlines() if line.startswith("| D")]

    assert sorted(raised) == sorted(shown)
    assert sorted(raised) == [cells[1].strip() for cells in rows]
    assert all(len(cells) == 5 and cells[2].strip() and cells[3].strip() for cells in rows)


DESCRIPTORS = "{{inadequate: A, requires_improvement: B, good: {0}, outstanding: C}}"


def library(criteria: int, descriptor: str = "D") -> bytes:
    lines = ["library: local", "version: 1.0.0", "title: Local criteria", "criteria:"]
    for n in range(criteria):
        lines += [f"  - id: loc.c{n}", "    title: A criterion", "    asks: Was it done?", "    look_for: [the plan]",
                  f"    descriptors: {DESCRIPTORS.format(descriptor)}"]  # fmt: skip
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("criteria", "expected"), [(1_000, "holds more than 5,000 values"), (2_000, "is larger than 262,144 bytes")]
)
def test_two_thousand_criteria_are_too_many(criteria: int, expected: str, put: Put, site: Path) -> None:
    said = what_is_said(site, "criteria", put("criteria", "many.yaml", library(criteria)))

    assert f"D003 this file {expected}\n    help: Split it into several definitions." in str(said)


def test_two_thousand_criteria_in_one_rubric_are_too_many(put: Put, site: Path) -> None:
    named = ", ".join(f"loc.c{n}" for n in range(2_000))
    text = f"rubric: many\nversion: 1.0.0\nsections:\n  - {{id: all, title: All, criteria: [{named}]}}\n"

    said = what_is_said(site, "rubrics", put("rubrics", "many.yaml", text.encode()))

    assert "4:37: D015 this list has 2,000 members, and may have at most 60" in str(said)


def test_a_descriptor_of_a_hundred_thousand_characters_is_too_long(put: Put, site: Path) -> None:
    said = what_is_said(site, "criteria", put("criteria", "long.yaml", library(1, "x" * 100_000)))

    assert "D003 this text is longer than 10,000 characters" in str(said)


@pytest.mark.parametrize("text", ["[/b] bold", "<script>alert(1)</script>", "{{ 7*7 }} and {% raw %}", "=1+1", "100%"])
def test_marks_in_a_text_are_only_text(text: str, put: Put, site: Path) -> None:
    put("criteria", "marks.yaml", library(1, f"'{text}'"))
    put("rubrics", "marks.yaml", RUBRIC)

    said = what_is_said(site, "rubrics", site)

    assert isinstance(said, Catalogue), said
    assert said.rubric("marks").criteria["loc.c0"].descriptors["good"] == text


RUBRIC = b"""\
rubric: marks
version: 1.0.0
title: A rubric
purpose: Looks at one thing.
subject: case
scale: four_grade
facts: case_facts
graded: always
sections:
  - {id: all, title: All, criteria: [loc.c0]}
suggested_overall:
  - {when: grade.loc.c0 == 'inadequate', grade: inadequate, because: It is.}
  - {grade: good, because: Nothing says otherwise.}
"""


def test_every_problem_of_every_file_is_said_at_once(put: Put, site: Path) -> None:
    bad = RUBRIC.replace(b"scale: four_grade", b"scale: five_grade").replace(b"loc.c0", b"heard.seen")
    put("rubrics", "a.yaml", bad)
    put("rubrics", "b.yaml", bad.replace(b"marks", b"mark_two"))
    put("programmes", "c.yaml", b"programme: [one]\n")

    said = what_is_said(site, "rubrics", site)

    assert isinstance(said, Unusable)
    assert {problem.place.file.rpartition("/")[2] for problem in said.problems} == {"a.yaml", "b.yaml", "c.yaml"}
