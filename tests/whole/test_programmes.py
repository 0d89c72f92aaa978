"""Programmes as a person runs them: list, draw, allocate, and look at what became of it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.whole.conftest import run_audit

NATIONAL = "national_practice_quality"


@pytest.fixture(scope="module")
def drawn(demo: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy of the demo in which 130 national audits were drawn, and what the command printed."""
    folder = tmp_path_factory.mktemp("programmes") / "demo"
    shutil.copytree(demo[0], folder)
    told = run_audit("programme", "draw", NATIONAL, "--quarter", "2023-24-Q4", cwd=folder)
    return folder, told.stdout


def test_the_list_says_how_each_programme_draws(demo: tuple[Path, str]) -> None:
    told = run_audit("programme", "list", cwd=demo[0]).stdout
    listed = json.loads(run_audit("programme", "list", "--json", cwd=demo[0]).stdout)

    assert told.startswith("TRAINING\n")
    assert "draws 1,100 open cases a quarter into case_audit, divided by area and law type" in told
    assert {one["programme"]: one["sampling"]["size"] for one in listed} == {
        "local_quality_and_impact": 1100, NATIONAL: 130, "performance_board": 80,
    }  # fmt: skip


def test_a_draw_shows_how_it_came_to_its_frame(drawn: tuple[Path, str]) -> None:
    lines = drawn[1].splitlines()

    assert lines[0] == "TRAINING"
    assert "Drew 130 audits; the quarter has 130 in all." in lines
    assert "   30,000  cases open on 31 March 2024" in lines
    assert any(line.endswith("cases audited, or drawn to be, within 12 months") for line in lines)
    assert "Audits N-2324Q4-0001 to N-2324Q4-0130." in drawn[1]


def test_drawing_again_adds_nothing_and_says_so(drawn: tuple[Path, str]) -> None:
    again = run_audit("programme", "draw", NATIONAL, "--quarter", "2023-24-Q4", "--json", cwd=drawn[0]).stdout
    told = run_audit("programme", "draw", NATIONAL, "--quarter", "2023-24-Q4", cwd=drawn[0]).stdout

    assert (json.loads(again)["added"], json.loads(again)["drawn"]) == (0, 130)
    assert "Nothing was drawn: the quarter has 130 audits already." in told
    assert "The last draw made the audits N-2324Q4-0001 to N-2324Q4-0130." in told
    assert "cases that could be drawn" not in told


def test_allocating_shows_each_choice_with_its_reason_and_leaves_a_sound_ledger(
    drawn: tuple[Path, str], tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(drawn[0], folder)

    told = run_audit("allocate", NATIONAL, cwd=folder).stdout
    assert told.startswith("TRAINING\n130 audits allocated to ")
    assert told.count("fewest open audits of ") == 130

    assert "No audit waits for an auditor." in run_audit("allocate", cwd=folder).stdout
    assert json.loads(run_audit("allocate", "--json", cwd=folder).stdout) == []
    shown = run_audit("show", "N-2324Q4-0001", cwd=folder).stdout
    assert "Stage: Allocated. To be graded.\n" in shown
    assert "Overall: none yet\n" in shown
    assert "nothing wrong was found" in run_audit("verify", cwd=folder).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("programme", "draw", "nationl_practice_quality", "--quarter", "2023-24-Q4"),
            1,
            f"Did you mean '{NATIONAL}'?",
        ),
        (("programme", "draw", NATIONAL, "--quarter", "2023-Q4"), 2, "P001"),
        (("programme", "draw", NATIONAL), 2, "--quarter"),
        (("programme", "draw", NATIONAL, "--quarter", "2024-25-Q1", "--size", "0"), 2, "--size"),
        (("programme", "draw", NATIONAL, "--quarter", "2024-25-Q1", "--size", "90000"), 1, "were asked for"),
        (("--as", "P-00002", "programme", "draw", NATIONAL, "--quarter", "2024-25-Q1"), 1, "a quality lead"),
        (("--as", "P-00002", "allocate"), 1, "a quality lead"),
        (("allocate", "nothing_drawn"), 1, "No audits were drawn for a programme called 'nothing_drawn'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    drawn: tuple[Path, str], arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = run_audit(*arguments, cwd=drawn[0], check=False)

    assert done.returncode == code
    assert sentence in done.stderr
    assert done.stdout == ""


def test_live_work_is_anchored_when_somebody_asks(demo: tuple[Path, str], tmp_path: Path) -> None:
    copy = tmp_path / "demo"
    shutil.copytree(demo[0], copy)
    run_audit("show", "A-00003", cwd=copy)

    before = run_audit("verify", cwd=copy).stdout
    told = run_audit("verify", "--make-anchor", cwd=copy)
    after = run_audit("verify", cwd=copy).stdout

    assert "not yet anchored" in before
    assert "Anchored: " in told.stderr
    assert "that is all of them" in after
