"""The demo, built once by the command a person types, for every test that reads it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def run_audit(
    *arguments: str, cwd: Path, check: bool = True, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """`audit ...` as a person runs it, in a process of its own."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    environment.pop("AUDIT_WORKSPACE", None)
    done = subprocess.run(
        [sys.executable, "-m", "audit_engine.cli", *arguments],
        cwd=cwd, env=environment, text=True, capture_output=True, input=stdin, check=False, timeout=240,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's folder, and what building it printed."""
    folder = tmp_path_factory.mktemp("whole")
    done = run_audit("demo", cwd=folder)
    return folder / "demo", done.stdout
