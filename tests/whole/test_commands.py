"""Commands as a person types them: what they print, and what they say when it cannot be done."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.whole.conftest import run_audit


def test_the_demo_ends_with_what_to_try_next(demo: tuple[Path, str]) -> None:
    lines = demo[1].rstrip().splitlines()[-4:]

    assert lines[0].startswith("Read it as a document:")
    assert "explain supervision_recorded" in lines[1]
    assert "show A-00001" in lines[2]
    assert lines[3].endswith("audit --workspace demo tui")


def test_a_second_demo_starts_clean_and_an_interrupted_one_leaves_nothing(demo: tuple[Path, str]) -> None:
    folder = demo[0]
    half_built = folder.with_name(".demo.building")
    (half_built / "files").mkdir(parents=True)
    (half_built / "audit.sqlite").write_bytes(b"half")

    run_audit("demo", cwd=folder.parent)

    assert not half_built.exists()
    assert run_audit("verify", cwd=folder).stdout.count("nothing wrong was found") == 1


def test_a_demo_never_replaces_a_folder_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine")

    refused = run_audit("demo", cwd=tmp_path, check=False)

    assert refused.returncode == 2
    assert "W053 this folder holds something that no demo made" in refused.stderr
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "mine"


def test_explain_prints_the_waterfall(demo: tuple[Path, str]) -> None:
    told = run_audit("explain", "supervision_recorded", "--quarter", "2023-24-Q3", "--year-to-date", cwd=demo[0]).stdout

    assert "4,019  audits of all streams, graded and not graded" in told
    assert "2,604  audits where situational supervision was expected" in told
    assert "2,031 of 2,604 audits where situational supervision was expected (78.0%)" in told


def test_show_tells_the_story_and_looking_is_recorded(demo: tuple[Path, str]) -> None:
    before = json.loads(run_audit("verify", "--json", cwd=demo[0]).stdout)["entries"]
    told = run_audit("show", "A-00001", cwd=demo[0]).stdout
    after = json.loads(run_audit("verify", "--json", cwd=demo[0]).stdout)["entries"]

    assert told.startswith("TRAINING\nAudit A-00001")
    assert "imported by" in told
    assert after == before + 1


def test_what_one_may_not_see_and_what_there_is_not_get_the_same_answer(demo: tuple[Path, str]) -> None:
    told = [run_audit("--as", "P-00002", "show", name, cwd=demo[0], check=False) for name in ("A-00001", "A-99999")]

    assert [done.returncode for done in told] == [1, 1]
    assert told[0].stderr == told[1].stderr
    assert "no audit of this reference" in told[0].stderr


def test_the_same_file_again_changes_nothing(demo: tuple[Path, str]) -> None:
    before = (demo[0] / "audit.sqlite").stat().st_size
    told = run_audit("import", "cases", "files/cases.csv", "--yes", cwd=demo[0]).stdout

    assert "nothing changed" in told
    assert (demo[0] / "audit.sqlite").stat().st_size == before


def test_without_a_yes_nothing_is_written(demo: tuple[Path, str], tmp_path: Path) -> None:
    changed = tmp_path / "cases.csv"
    lines = (demo[0] / "files" / "cases.csv").read_text().splitlines()
    heading = lines[0].split(",")
    row = lines[1].split(",")
    row[heading.index("children")] = "9"
    changed.write_text("\n".join([lines[0], ",".join(row)]) + "\n")

    seen = run_audit("import", "cases", str(changed), cwd=demo[0], stdin="")

    assert "1 would be changed" in seen.stdout
    assert "31,399 already here and not in the file, which stay" in seen.stdout
    assert "children" in seen.stdout
    assert "Nothing was written. Add --yes" in seen.stderr


def test_check_prints_every_problem_and_exits_1(demo: tuple[Path, str], tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(demo[0], site)
    (site / "rubrics").mkdir()
    (site / "rubrics" / "broken.yaml").write_text("rubric: Broken\nsections: []\nsections: []\n")
    (site / "workflows" / "programmes").mkdir(parents=True)
    (site / "workflows" / "programmes" / "odd.yaml").write_text("programme: odd\nstreem: local\n")

    told = run_audit("check", cwd=site, check=False)

    assert told.returncode == 1
    assert "rubrics/broken.yaml:3:1: D011" in told.stdout
    assert "workflows/programmes/odd.yaml:2:1: D012 there is no key called 'streem' here" in told.stdout
    refused = run_audit("summary", "2023-24-Q3", cwd=site, check=False)
    assert refused.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("summary", "2023-Q3"), 2, "P001 '2023-Q3' is not a quarter"),
        (("summary", "2023-25-Q3"), 2, "Did you mean 2023-24-Q3?"),
        (("explain", "supervison_recorded", "--quarter", "2023-24-Q3"), 2, "Did you mean 'supervision_recorded'?"),
        (("interval", "5", "4"), 2, "not a part of a whole"),
        (("import", "cases", "nothing.csv"), 2, "nothing.csv"),
        (("--as", "P-NOBODY", "summary", "2023-24-Q3"), 1, "Nobody here has the reference 'P-NOBODY'"),
        (("--as", "P-00100", "import", "people", "files/people.csv"), 1, "Who may: a quality lead"),
        (("sumary",), 2, "sumary"),
        (("--workspace", "/nowhere/at/all", "verify"), 2, "W050"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    demo: tuple[Path, str], arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = run_audit(*arguments, cwd=demo[0], check=False)

    assert done.returncode == code
    assert sentence in done.stderr
    assert done.stdout == ""


def test_an_edited_grade_is_found(demo: tuple[Path, str], tmp_path: Path) -> None:
    copy = tmp_path / "demo"
    shutil.copytree(demo[0], copy)
    database = sqlite3.connect(copy / "audit.sqlite")
    database.execute("UPDATE audits SET final_overall = 'outstanding' WHERE reference = 'A-00002'")
    database.commit()
    database.close()

    told = run_audit("verify", cwd=copy, check=False)

    assert told.returncode == 1
    assert "A-00002" in told.stdout


def test_a_live_workspace_knows_people_by_their_account_only(tmp_path: Path) -> None:
    run_audit("init", "live", "--person", "P-00001", "--name", "Ash Test", cwd=tmp_path)

    refused = run_audit("--as", "P-00001", "summary", "2023-24-Q3", cwd=tmp_path / "live", check=False)

    assert refused.returncode == 1
    assert "Leave --as out" in refused.stderr
    assert "No audit counts in this period." in run_audit("summary", "2023-24-Q3", cwd=tmp_path / "live").stdout


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    run_audit("init", "one", cwd=tmp_path)
    again = run_audit("init", "one", cwd=tmp_path, check=False)

    assert again.returncode == 2
    assert "W052 this folder is a workspace already" in again.stderr
