"""Files of answers that cannot be used: every problem at once, each with its place and what to do."""

from datetime import date
from pathlib import Path

import pytest

from audit_engine.definitions.answers import read_answers
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.sources import read_source, source_from
from audit_engine.problems import Unusable
from tests.engine.conftest import shipped

HERE = Path(__file__).parent / "bad_answers"
BAD = sorted((*HERE.glob("*.yaml"), *HERE.glob("*/*.yaml")))
"""In a folder named after a rubric, answers under that one; otherwise under the rubric with the most criteria."""


@pytest.mark.parametrize("file", BAD, ids=lambda file: str(file.stem))
def test_what_is_said_of_it(file: Path, rubric: ReadRubric) -> None:
    under = rubric if file.parent == HERE else shipped().rubric(file.parent.name)
    with pytest.raises(Unusable) as wrong:
        read_answers(read_source(file, file.name), under)

    assert f"{wrong.value}\n" == file.with_suffix(".txt").read_text("utf-8")
    assert all(problem.help for problem in wrong.value.problems)


def test_facts_come_in_the_types_of_the_codebook(rubric: ReadRubric) -> None:
    text = """
facts: {da_disclosed: true, allocated: no, weeks_open: 022, situational_triggers: [], law_type: public}
practice_date: 2023-11-03
"""
    read = read_answers(source_from(text.encode(), "answers.yaml"), rubric)

    assert read.facts == {
        "da_disclosed": True, "allocated": False, "weeks_open": 22, "situational_triggers": (), "law_type": "public",
    }  # fmt: skip
    assert read.practice_date == date(2023, 11, 3)
    assert (read.ratings, read.overall) == ({}, None)
