"""What the page on modelling a process shows is what its example says, and what the program answers."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from audit_engine.cli.workflow_proofs import page as page_of
from audit_engine.definitions.catalogue import load, load_workflow, shipped_folder
from audit_engine.definitions.proofs import BROKEN, PROVED, Proof, prove
from audit_engine.problems import Unusable

PAGE = Path("docs/how-to/model-your-process.md")
EXAMPLES = Path("docs/how-to/examples")
WORKFLOW = EXAMPLES / "council_audit.yaml"
SCRIPTS = sorted(EXAMPLES.glob("*.script"))
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITHOUT_A_PEER = ("title: Submit the audit\n    from: [agreed]", "title: Submit the audit\n    from: [grading, agreed]")


def shown(language: str) -> list[str]:
    return [text for kind, text in _FENCED.findall(PAGE.read_text("utf-8")) if kind == language]


def said(*command: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "audit_engine.cli", *command], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout


@cache
def proved(file: Path) -> Proof:
    return prove(load_workflow(file, proving=False), load().workflows)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    text = WORKFLOW.read_text("utf-8")
    assert text.count(WITHOUT_A_PEER[0]) == 1
    file = tmp_path / WORKFLOW.name
    file.write_text(text.replace(*WITHOUT_A_PEER), encoding="utf-8")
    return file


def test_every_piece_is_cut_from_the_example() -> None:
    pieces, whole = shown("yaml"), WORKFLOW.read_text("utf-8")

    assert len(pieces) > 8
    assert [piece for piece in pieces if piece not in whole] == []


def test_every_promise_of_the_example_is_proved() -> None:
    proof = proved(WORKFLOW)

    assert load_workflow(WORKFLOW).workflow.workflow == "council_audit"
    assert proof.whole
    assert len([answer for answer in proof.answers if answer.is_property]) == 6
    assert [answer.says for answer in proof.answers if answer.state != PROVED] == []


def test_the_page_shows_what_prove_says() -> None:
    told = page_of(proved(WORKFLOW))
    (block,) = [text for text in shown("text") if text.startswith("Council case audit")]

    assert [line for line in block.splitlines() if line != "  ..." and line not in told] == []


def test_without_a_peer_it_breaks_as_the_page_tells(broken: Path) -> None:
    proof = proved(broken)
    (block,) = [text for text in shown("text") if text.startswith("    broken")]

    assert block in "\n".join(page_of(proof))
    assert [answer.state for answer in proof.answers if answer.is_property] == [BROKEN] * 2 + [PROVED] * 4


def test_the_broken_one_is_not_used_in_a_workspace(broken: Path) -> None:
    folder = broken.parent / "workflows"
    folder.mkdir()
    broken.rename(folder / broken.name)

    with pytest.raises(Unusable, match="D071"):
        load(folder.parent)


def test_there_is_a_script_for_the_way_and_one_for_being_late() -> None:
    assert [file.stem for file in SCRIPTS] == ["council_audit", "council_audit_late"]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: str(file.stem))
def test_the_script_runs_and_ends_as_the_page_shows(file: Path) -> None:
    code, told = said("workflow", "simulate", str(WORKFLOW), "--script", str(file))

    assert code == 0, told
    assert any(told.endswith(text) for text in shown("text"))


def test_it_is_drawn(tmp_path: Path) -> None:
    code, told = said("workflow", "draw", str(WORKFLOW), "--to", str(tmp_path / "council_audit.svg"))

    assert code == 0, told
    assert "With the peer" in (tmp_path / "council_audit.svg").read_text("utf-8")


def test_it_can_be_put_to_use_as_the_page_says(tmp_path: Path) -> None:
    name = "workflows/programmes/local_quality_and_impact.yaml"
    text = (shipped_folder() / name).read_text("utf-8")
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text.replace("workflow: case_audit", "workflow: council_audit"), encoding="utf-8")
    (tmp_path / "workflows" / WORKFLOW.name).write_text(WORKFLOW.read_text("utf-8"), encoding="utf-8")

    catalogue = load(tmp_path)

    assert catalogue.programmes["local_quality_and_impact"].workflow == "council_audit"
    assert catalogue.workflow("council_audit").first.id == "drawn"
