"""The published limiting judgements, through the command's own path: a site's rubric and files of answers."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from audit_engine.cli import main
from audit_engine.cli.rubric_named import judge
from audit_engine.cli.rubrics import exit_code
from audit_engine.definitions.answers import read_answers
from audit_engine.definitions.catalogue import load_rubric
from audit_engine.definitions.sources import source_from

HERE = Path(__file__).parent
RUBRIC = HERE / "limiting_judgements" / "rubrics" / "limiting_judgements.yaml"
PUBLISHED = json.loads((HERE.parent / "published.json").read_text())["limiting_judgements"]


def answers(helped: str, leaders: str, overall: str) -> str:
    return f"ratings:\n  helped: {{grade: {helped}}}\n  leaders: {{grade: {leaders}}}\noverall: {overall}\n"


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: "-".join((case["helped"], case["leaders"])))
@pytest.mark.parametrize("named", ["by its path", "by its name"])
def test_every_published_case(
    case: dict[str, Any], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(answers(case["helped"], case["leaders"], case["overall"]))
    path = [str(RUBRIC)] if named == "by its path" else ["limiting_judgements", "--site", str(RUBRIC.parent.parent)]

    with pytest.raises(SystemExit) as left:
        main(["rubric", "grade", *path, str(file), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert left.value.code == (0 if case["ok"] else 1)
    assert told["overall"] == (case["overall"] if case["ok"] else None)
    assert (case["overall"] in told["permitted"]) is case["ok"]
    assert all(case["warn"] in " ".join(told["warnings"]) for _ in [0] if "warn" in case)


def test_of_the_64_triples_46_are_permitted() -> None:
    rubric = load_rubric(RUBRIC)
    scale = PUBLISHED["scale"]
    permitted = []
    for helped, leaders, overall in product(scale, repeat=3):
        read = read_answers(source_from(answers(helped, leaders, overall).encode(), "answers.yaml"), rubric)
        judged = judge(rubric, read)
        by_the_book = (helped != "inadequate" or overall == "inadequate") and (
            leaders != "inadequate" or overall in ("inadequate", "requires_improvement")
        )
        assert (judged.overall == overall) is by_the_book
        assert exit_code(judged) == (0 if by_the_book else 1)
        permitted += [overall] if judged.overall else []

    assert len(permitted) == 46
