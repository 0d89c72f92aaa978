"""The council's process on the page is one file that is proved, and every command there prints what the page shows."""

import re
import shlex
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.proofs import PROVED, prove
from tests.whole.conftest import run_audit

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "model-your-process.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


COMMANDS = [text for text in blocks("text") if text.startswith("$ audit ")]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the council, as the page builds it up."""
    folder = tmp_path_factory.mktemp("council")
    (folder / "workflows").mkdir()
    (folder / "audit.toml").write_text('database = "audit.sqlite"\n', "utf-8")
    whole = "".join(blocks("yaml"))
    (folder / "workflows" / "staged_audit.yaml").write_text(whole, "utf-8")
    (folder / "staged_audit.script").write_text("".join(blocks("script")), "utf-8")
    (change,) = blocks("change")
    handed_in = "    ends:\n      - {to: peer_review}\n"
    assert whole.count(handed_in) == 1
    changed = whole.replace(handed_in, handed_in.replace("ends:\n", f"ends:\n{change}"))
    (folder / "changed.yaml").write_text(changed, "utf-8")
    return folder


def test_the_blocks_of_the_page_are_one_workflow_that_keeps_what_it_promises(council: Path) -> None:
    workflows = load(council).workflows
    proof = prove(workflows["staged_audit"], workflows)

    assert proof.state == PROVED
    assert sum(one.is_property for one in proof.answers) == 4


@pytest.mark.parametrize("shown", COMMANDS, ids=[text.partition("\n")[0] for text in COMMANDS])
def test_a_command_prints_what_the_page_shows(shown: str, council: Path) -> None:
    command, _, expected = shown.partition("\n")
    breaks = "broken" in expected

    done = run_audit(*shlex.split(command.removeprefix("$ audit ")), cwd=council, check=False)

    assert (done.returncode, done.stderr) == (int(breaks), "")
    at = 0
    for part in expected.split("...\n"):
        found = done.stdout.find(part, at)
        assert found >= 0, f"{part}\nis not in\n{done.stdout}"
        at = found + len(part)
    if not expected.endswith("...\n"):
        assert done.stdout.endswith(expected.rpartition("...\n")[2])


def test_the_page_shows_every_command_it_needs() -> None:
    assert [command.split()[2] for command in COMMANDS] == ["workflow", "workflow", "workflow", "workflow", "check"]
    assert {line.split()[3] for line in COMMANDS if line.split()[2] == "workflow"} == {"prove", "show", "simulate"}


def test_it_can_be_drawn(council: Path) -> None:
    assert "`audit workflow draw workflows/staged_audit.yaml --to staged_audit.svg`" in PAGE
    run_audit("workflow", "draw", "workflows/staged_audit.yaml", "--to", "staged_audit.svg", cwd=council)

    assert "Stage 2, with a peer" in (council / "staged_audit.svg").read_text("utf-8")
