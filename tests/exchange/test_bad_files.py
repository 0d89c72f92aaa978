"""What people read when a file cannot be used: each bad file beside the exact words."""

import re
from pathlib import Path

import pytest

from audit_engine.problems import Unusable
from tests.exchange.conftest import Read

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.csv"))
EXCHANGE = HERE.parents[1] / "audit_engine" / "exchange"
REFERENCE = HERE.parents[1] / "docs" / "reference" / "problems-exchange.md"


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_message(file: Path, read: Read) -> None:
    with pytest.raises(Unusable) as wrong:
        read(file)

    assert str(wrong.value) + "\n" == file.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_bad_files_of_every_kind() -> None:
    assert len(BAD) >= 25
    assert {file.stem.split("_")[0] for file in BAD} == {"people", "cases", "audits", "observations", "indicators"}


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_every_problem_says_what_to_do(file: Path, read: Read) -> None:
    with pytest.raises(Unusable) as wrong:
        read(file)

    for problem in wrong.value.problems:
        assert problem.help
        assert "Traceback" not in str(problem)
        assert "\n" not in problem.message + problem.help


def test_every_code_is_in_the_reference_and_the_other_way_round() -> None:
    used = {code for file in EXCHANGE.glob("*.py") for code in re.findall(r'"(X\d{3})"', file.read_text("utf-8"))}
    rows = [line.split("|") for line in REFERENCE.read_text("utf-8").splitlines() if line.startswith("| X")]
    told = [cells[1].strip() for cells in rows]

    assert sorted(used) == told
    assert all(len(cells) == 5 and cells[2].strip() and cells[3].strip() for cells in rows)
