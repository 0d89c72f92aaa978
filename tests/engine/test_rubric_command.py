"""`audit rubric`: which rubric is meant, and what is said when it cannot be used."""

import json
import shutil
from pathlib import Path

import pytest

from audit_engine.cli import main
from audit_engine.definitions.catalogue import shipped_folder

HERE = Path(__file__).parent
SITE = HERE / "limiting_judgements"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No workspace is near."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDIT_WORKSPACE", raising=False)


def left_with(*arguments: str) -> object:
    with pytest.raises(SystemExit) as left:
        main(["rubric", *arguments])
    return left.value.code


def test_a_rubric_file_needs_its_criteria_in_a_folder_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SITE / "rubrics", tmp_path / "trial")
    (tmp_path / "answers.yaml").write_text("ratings: {helped: {grade: good}, leaders: {grade: good}}\n")

    assert left_with("grade", "trial/limiting_judgements.yaml", "answers.yaml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["suggested"] == "good"

    shutil.rmtree(tmp_path / "trial" / "criteria")
    assert left_with("grade", "trial/limiting_judgements.yaml", "answers.yaml") == 2
    assert "D018 there is no criterion 'helped'" in capsys.readouterr().err


def test_a_changed_copy_of_a_shipped_rubric_can_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (shipped_folder() / "rubrics" / "supervision.yaml").read_text().replace("version: 1.0.0", "version: 1.1.0")
    (tmp_path / "supervision_trial.yaml").write_text(text)

    assert not left_with("show", "./supervision_trial.yaml")
    assert "Supervision (supervision), version 1.1.0" in capsys.readouterr().out


def test_a_file_that_is_not_there_and_a_name_that_is_misspelt(capsys: pytest.CaptureFixture[str]) -> None:
    assert left_with("show", "trial/none.yaml") == 2
    assert "trial/none.yaml: D001 there is no such file" in capsys.readouterr().err
    assert left_with("show", "quality_and_impct") == 2
    assert "Did you mean 'quality_and_impact'?" in capsys.readouterr().err


def test_a_problem_in_the_answers_names_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.yaml").write_text("ratings: {leaders: {grade: god}}\n")

    assert left_with("grade", "limiting_judgements", "answers.yaml", "--site", str(SITE)) == 2
    assert "answers.yaml:1:28: D018 there is no grade 'god'" in capsys.readouterr().err


def test_a_bar_that_is_certain_comes_before_missing_ratings(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("ratings: {helped: {grade: inadequate}}\noverall: good\n")
    (tmp_path / "b.yaml").write_text("ratings: {helped: {grade: good}}\noverall: good\n")

    assert left_with("grade", "limiting_judgements", "a.yaml", "--site", str(SITE), "--json") == 1
    assert left_with("grade", "limiting_judgements", "b.yaml", "--site", str(SITE), "--json") == 3


def test_the_counts_of_a_section_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # It has a grade, and what was found and whether it made a difference is still to be said.
    (tmp_path / "a.yaml").write_text("ratings: {ov.mgmt_oversight: {grade: good}}\n")

    assert left_with("grade", "quality_and_impact", "a.yaml") == 3
    told = capsys.readouterr().out
    assert "Oversight and supervision  2 expected: 1 good, 1 to be answered; 1 of them with more to answer\n" in told
