"""A training workspace with allocated audits, worked on by processes with piped input, as a screen reader would."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audit_engine.definitions.catalogue import load
from tests.actions.live.at_work import BY_RULE, LADDERS
from tests.actions.live.conftest import prepared
from tests.whole.conftest import run_audit

SETTINGS = 'database = "audit.sqlite"\nacts_as = "P-1"\n'
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TOP, GOOD, LOW, WORST = "1", "2", "3", "4"
"""Keys of the four grades: 1 is the best."""


@dataclass
class Service:
    """One workspace folder, and its six audits by reference with who audits them."""

    folder: Path
    auditors: dict[str, str]

    def run(
        self, who: str, *arguments: str, typed: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """`audit --as who ...`; no control byte ever reaches the terminal."""
        done = run_audit("--as", who, *arguments, cwd=self.folder, stdin=typed, check=check)
        assert not CONTROL.search(done.stdout + done.stderr)
        return done

    def talk(self, who: str, audit: str, *typed: str, how: tuple[str, ...] = ()) -> str:
        """`audit grade AUDIT --plain` with these lines typed; everything it said."""
        return self.run(who, "grade", audit, "--plain", *how, typed="".join(f"{line}\n" for line in typed)).stdout

    def told(self, who: str, *arguments: str) -> dict[str, object]:
        """What a command prints for programs."""
        found = json.loads(self.run(who, *arguments, "--json").stdout)
        assert isinstance(found, dict)
        return found


def service(folder: Path, site: Path | None = None) -> Service:
    """A new one in `folder`, with definitions of its own from `site`."""
    folder.mkdir(mode=0o700)
    if site is not None:
        for own in ("rubrics", "workflows"):
            shutil.copytree(site / own, folder / own)
    live = prepared(folder / "audit.sqlite", load(site))
    auditors = {audit: live.auditor(audit) for audit in live.audits}
    live.db.close()
    (folder / "audit.toml").write_text(SETTINGS)
    return Service(folder, auditors)


def expected() -> list[str]:
    """The criteria that wait for an answer, in the order they are asked."""
    return [name for name in load().rubric("quality_and_impact").criteria if name not in BY_RULE]


def answers(**lines: tuple[str, ...]) -> list[str]:
    """What is typed to grade everything good, question by question.

    Args:
        lines: Other lines for a criterion, with `_` for its dot.
    """
    typed: list[str] = []
    for name in expected():
        usual = (GOOD, "f", "y") if name in LADDERS else (GOOD,)
        typed += lines.get(name.replace(".", "_"), usual)
    return typed


def this_quarter() -> str:
    """The quarter whatever is submitted now counts in."""
    today = datetime.now(UTC).date()
    year = today.year if today.month >= 4 else today.year - 1
    return f"{year}-{(year + 1) % 100:02d}-Q{(today.month - 4) % 12 // 3 + 1}"
