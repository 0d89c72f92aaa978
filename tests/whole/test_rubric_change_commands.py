"""A rubric is changed as a quality lead changes one: replayed on what is finished, then brought to what is open."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import shipped_folder
from tests.actions.live.at_work import EVE, LEAD
from tests.whole.conftest import run_audit
from tests.whole.live_service import Service, answers, service

NAME = "quality_and_impact"
SHIPPED = (shipped_folder() / "rubrics" / f"{NAME}.yaml").read_text("utf-8")
RULES = "limiting_rules: [L1, L2, L3, L4, L5, L6, L8]"
TWO = """limiting_rules:
  - L1
  - L2
  - L3
  - L4
  - L5
  - id: L6
    title: Too much below good
    when: count.requires_improvement >= 2 || count.inadequate > 0
    overall: {at_most: requires_improvement}
    because: Two criteria were graded as requiring improvement.
    basis: Proposed.
  - L8"""
"""The shipped rule bites at three."""
HEADS = "SELECT chain, turn, hash FROM entries ORDER BY chain, turn"
BY_HAND = """
SELECT count(*) FROM audits a JOIN definitions d ON d.digest = a.rubric_digest
WHERE d.name = 'quality_and_impact' AND a.graded AND a.counts_on BETWEEN '2023-10-01' AND '2023-12-31'
AND a.stream <> 're_audit' AND a.final_overall IN ('good', 'outstanding')
AND (SELECT count(*) FROM ratings r WHERE r.audit = a.key AND r.grade = 'requires_improvement') >= 2
"""


def proposed(folder: Path, *edits: tuple[str, str]) -> str:
    """A rubric file that is not in force. Gives back its path."""
    folder.mkdir(parents=True, exist_ok=True)
    text = SHIPPED
    for old, new in (("version: 1.1.0", "version: 1.2.0"), *edits):
        assert old in text, old
        text = text.replace(old, new)
    (folder / f"{NAME}.yaml").write_text(text, "utf-8")
    return str(folder / f"{NAME}.yaml")


def test_a_proposed_rule_on_the_demo_is_counted_as_in_the_tables(demo: tuple[Path, str], tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(demo[0], folder)
    file, path = proposed(tmp_path / "trial", (RULES, TWO)), folder / "audit.sqlite"
    before, connection = path.read_bytes(), sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    by_hand, heads = connection.execute(BY_HAND).fetchone()[0], connection.execute(HEADS).fetchall()

    done = run_audit("rubric", "replay", NAME, file, "--quarter", "2023-24-Q3", "--json", cwd=folder)
    seen = json.loads(done.stdout)

    whole = seen["whole"]
    assert whole["compared"] == whole["finished"] > 1_000
    assert whole["barred"] == by_hand > 100
    for groups in (seen["areas"], seen["teams"]):
        for count in ("finished", "compared", "moved", "barred", "not_said", "open_before"):
            assert sum(group[count] for group in groups) == whole[count]
    assert sum(sum(row["nearest"]) + row["elsewhere"] for row in seen["table"]) == whole["finished"]
    assert len(seen["examples"]) == 10
    assert path.read_bytes() == before
    assert connection.execute(HEADS).fetchall() == heads
    connection.close()


@pytest.fixture
def one(tmp_path: Path) -> Service:
    return service(tmp_path / "ws")


def test_replayed_in_words(one: Service, tmp_path: Path) -> None:
    file = proposed(tmp_path / "trial", (RULES, TWO))

    said = one.run(LEAD, "rubric", "replay", NAME, file, "--quarter", "2023-24-Q3").stdout

    assert said.splitlines()[:4] == [
        "TRAINING", f"{NAME}: October to December 2023", "Before: the text each was graded under.",
        f"Then:   {NAME} 1.2.0, proposed.",
    ]  # fmt: skip
    assert said.endswith("0 finished, graded audits.\n")


def test_looked_at_asked_for_and_done(one: Service) -> None:
    audit = min(one.auditors)
    one.run(one.auditors[audit], "move", audit, "begin")
    one.talk(one.auditors[audit], audit, *answers(), "q")
    proposed(one.folder / "rubrics", ("      - rep.plan\n", ""))

    looked = one.run(LEAD, "rubric", "migrate", NAME, "--dry-run")
    lines = looked.stdout.splitlines()
    assert lines[0] == "TRAINING"
    assert lines[1].startswith("From version 1.1.0 (")
    assert lines[2] == "    kept: 17 of 17 criteria"
    assert lines[3].startswith("    fall away: rep.plan. What was said of them stays in the audit's story")
    assert lines[4] == f"{audit}: 'Being graded' (1.1.0) -> 1.2.0"
    assert lines[5] == "    ratings that fall away, kept in the ledger: rep.plan"
    assert lines[6] == "    then: 0 unanswered; suggested: Good; overall: not chosen yet"
    assert lines[-1] == "6 audits can be moved to version 1.2.0."
    asked = one.run(LEAD, "rubric", "migrate", NAME, typed="y\n")
    assert asked.stderr == "Nothing was written. Add --yes to write it.\n"

    done = one.told(LEAD, "rubric", "migrate", NAME, "--yes")
    assert (done["version"], done["possible"], done["written"]) == ("1.2.0", True, True)
    again = one.run(LEAD, "rubric", "migrate", NAME, "--yes").stdout
    assert again.endswith(f"No audit that could be moved is under another text of {NAME} than version 1.2.0.\n")
    assert "goes on under version 1.2.0 (before: 1.1.0) of its rubric." in one.run(LEAD, "show", audit).stdout
    one.talk(one.auditors[audit], audit, "s", "", "n", "child", "q")
    assert one.told(LEAD, "verify")["findings"] == []


@pytest.mark.parametrize(
    ("who", "arguments", "code", "says"),
    [
        (EVE, ("migrate", NAME), 1, "Who may: a quality lead."),
        (LEAD, ("migrate", "quality"), 2, "D018 there is no rubric of this name"),
        (LEAD, ("migrate", NAME, "--only", "L-1"), 1, "'L-1' is no audit in progress under another text of"),
        (LEAD, ("migrate", NAME, "--dry-run", "--yes"), 2, "P006 --dry-run writes nothing, and --yes writes"),
        ("P-2", ("replay", NAME, NAME, "--quarter", "2023-24-Q3"), 1, "Who may: a quality lead;"),
        (LEAD, ("replay", NAME, "no.yaml", "--quarter", "2023-24-Q3"), 2, "D001 there is no such file"),
        (LEAD, ("replay", NAME, NAME, "--quarter", "2023"), 2, "P001 '2023' is not a quarter"),
        (LEAD, ("replay", NAME, NAME, "--quarter", "2023-24-Q3", "--stream", "x"), 2, "D018 there is no stream"),
    ],
)
def test_what_cannot_be_is_said(one: Service, who: str, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = one.run(who, "rubric", *arguments, check=False)

    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
