"""Whatever goes wrong is one sentence and exit code 2: never a traceback, never what people wrote."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audit_engine import cli
from tests.whole.conftest import run_audit

AUDIT = f"{sys.executable} -m audit_engine.cli"
CANARY = "Canary-Aisling-Byrne"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    run_audit("init", "--training", "w", cwd=folder)
    return folder


def typed(command: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["bash", "-c", command], cwd=cwd, env={**os.environ, **more}, text=True, capture_output=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "P009" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("--workspace w queue >/dev/full", "P008 the system could not do this: no space left on device"),
        ("--workspace w summary 2023-24-Q3 >/dev/full", "P008"),
        ("--workspace w escalate L-1 <&-", "Stopped. Nothing was changed."),
        ("init " + "x" * 300, "P008 the system could not do this: file name too long"),
        ("interval " + "1" * 400 + " " + "2" * 400, "P002 these numbers are too large"),
        ("init $'made\\xff'", "P007 this is not UTF-8 text"),
        ("--workspace nul queue", "W051 there is a hidden or control character in the setting 'database'"),
    ],
)
def test_what_the_system_cannot_do_is_one_sentence(begun: Path, rest: str, words: str) -> None:
    (begun / "nul").mkdir(exist_ok=True)
    (begun / "nul" / "audit.toml").write_text('database = "\\u0000x"\n')

    done = typed(f"{AUDIT} {rest}", begun)

    assert done.returncode == 2
    assert words in done.stderr
    assert sorted(file.name for file in begun.iterdir()) == ["nul", "w"]


def test_what_an_encoding_cannot_hold_is_a_question_mark(begun: Path) -> None:
    done = typed(f"{AUDIT} --workspace w summary 2023-24-Q3", begun, PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert done.stdout.startswith("TRAINING ? INTERNAL")


def test_a_mistake_in_the_program_says_its_kind_and_place_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(**_: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr(cli.audit, "main", fails)

    with pytest.raises(SystemExit) as left:
        cli.main([CANARY])

    told = capsys.readouterr()
    assert left.value.code == 2
    assert "P009 this is a mistake in the program: KeyError, audit_engine/cli/__init__.py:" in told.err
    assert CANARY not in told.out + told.err


def test_an_anchor_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    run_audit("init", "--training", "w", cwd=tmp_path)
    kept = tmp_path / "w" / "checkpoints"
    for file in kept.iterdir():
        file.unlink()
    kept.rmdir()
    kept.write_text("in the way")
    (tmp_path / "people.csv").write_text("person,name,role,team,area,manages_team,from,to\nP-9,Elm,auditor,,,,,\n")

    done = run_audit("--workspace", "w", "people", "import", "people.csv", "--yes", cwd=tmp_path)

    assert "Saved. But the anchor of the ledger could not be written:" in done.stderr
    assert "1 added" in done.stdout


def test_a_file_is_judged_only_for_those_who_may_import(demo: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("what,ever\n1,2\n")

    people = (demo[0] / "files" / "people.csv").read_text().splitlines()
    practitioner = next(line.split(",")[0] for line in people if ",practitioner," in line)

    done = run_audit("--as", practitioner, "import", "cases", str(tmp_path / "cases.csv"), cwd=demo[0], check=False)

    assert done.returncode == 1
    assert "X0" not in done.stderr


def test_training_stands_on_queue_explain_and_verify(demo: tuple[Path, str]) -> None:
    for command in (["queue"], ["verify"], ["explain", "supervision_recorded", "--quarter", "2023-24-Q3"]):
        assert run_audit(*command, cwd=demo[0]).stdout.startswith("TRAINING\n")
