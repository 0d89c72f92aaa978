"""`audit workflow` as a person uses it: a policy is read, drawn, begun, changed and compared, with no workspace."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from audit_engine.cli import main
from audit_engine.definitions.catalogue import shipped_folder
from tests.whole.conftest import run_audit

SHIPPED = shipped_folder() / "workflows" / "case_audit.yaml"
PLAIN = Path(__file__).parents[1] / "engine" / "plain" / "case_audit.yaml"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No workspace is near."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDIT_WORKSPACE", raising=False)


def left_with(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def workspace(folder: Path) -> Path:
    (folder / "workflows").mkdir(parents=True)
    (folder / "audit.toml").write_text('database = "audit.sqlite"\n')
    return folder


def test_a_policy_is_begun_checked_read_changed_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace(tmp_path / "w"))

    assert left_with("workflow", "new", "follow_up") == 0
    begun = Path(capsys.readouterr().out.strip())
    assert begun.resolve() == (tmp_path / "w" / "workflows" / "follow_up.yaml").resolve()
    assert left_with("check") == 0
    assert left_with("workflow", "show", "follow_up", "--for", "auditor") == 0
    assert "Submit the audit (submit)" in capsys.readouterr().out

    before = Path("before.yaml")
    before.write_text(begun.read_text("utf-8"), "utf-8")
    begun.write_text(begun.read_text("utf-8").replace("due: 10 working days", "due: 15 working days"), "utf-8")
    assert left_with("workflow", "diff", "before.yaml", "follow_up") == 1
    assert capsys.readouterr().out == "The auditor now has 15 working days at 'Being graded' (10 before).\n"
    assert left_with("workflow", "diff", "follow_up", "follow_up") == 0
    assert capsys.readouterr().out == ""


def test_a_matter_is_begun_checked_and_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace(tmp_path / "w"))

    assert left_with("workflow", "new", "improvement", "--governs", "matter") == 0
    assert left_with("check") == 0
    assert left_with("workflow", "prove", "improvement") == 0
    assert left_with("workflow", "show", "improvement", "--for", "checker") == 0
    assert "Look whether it was enough (check)" in capsys.readouterr().out
    assert left_with("workflow", "show", "improvement", "--for", "chekcer") == 2
    assert "D018 there is nobody of this name here" in capsys.readouterr().err


def test_a_beginning_never_replaces_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("mine\n")

    for arguments, says in (
        (["mine"], "W060 this file exists"),
        (["other", "--to", "mine.yaml"], "W060 this file exists"),
        (["case_audit"], "D016 there is a workflow of this name already"),
        (["Follow up"], "D015 this is not a name"),
        (["other", "--to", "other.txt"], "D001 definitions end in .yaml"),
    ):
        assert left_with("workflow", "new", *arguments) == 2
        assert says in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]
    assert Path("mine.yaml").read_text() == "mine\n"


def test_the_name_of_a_file_is_only_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\nworkflow: stolen\x1b[2J.yaml"

    assert left_with("workflow", "new", "mine", "--to", name) == 0
    assert left_with("workflow", "show", name) == 0
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "Mine (mine), version 1.0.0" in out


def test_the_workspace_s_own_workflow_is_the_one_that_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path / "w")
    text = PLAIN.read_text("utf-8").replace("title: Case audit", "title: Our audit").replace("1.1.0", "9.2.0")
    (folder / "workflows" / "case_audit.yaml").write_text(text, "utf-8")

    assert left_with("--workspace", str(folder), "workflow", "show") == 0
    assert re.search(r"^case_audit +Our audit, version 9\.2\.0$", capsys.readouterr().out, re.MULTILINE)
    assert left_with("workflow", "show", "case_audit", "--site", str(folder), "--json") == 0
    assert json.loads(capsys.readouterr().out)["version"] == "9.2.0"
    assert left_with("workflow", "show", "--json") == 0
    told = {one["workflow"]: one["version"] for one in json.loads(capsys.readouterr().out)}
    assert {"case_audit", "moderation", "escalation"} <= set(told)
    assert told["case_audit"] != "9.2.0"


def test_a_drawing_is_written_whole_and_never_over_another_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    assert left_with("workflow", "draw", "case_audit") == 0
    printed = capsys.readouterr().out
    assert left_with("workflow", "draw", "case_audit", "--to", "a.mmd") == 0
    assert left_with("workflow", "draw", "case_audit", "--to", "a.svg") == 0
    assert left_with("workflow", "draw", "case_audit", "--to", "a.png") == 2
    assert left_with("workflow", "draw", "moderation", "--to", "a.svg") == 2
    assert re.findall(r"(P012|W060) ", capsys.readouterr().err) == ["P012", "W060"]

    assert Path("a.mmd").read_text("utf-8") == printed
    assert "Case audit" in (ElementTree.parse("a.svg").findtext("{*}title") or "")  # noqa: S314 - our own text
    assert left_with("workflow", "draw", "moderation", "--to", "a.svg", "--force") == 0
    assert "Moderation" in (ElementTree.parse("a.svg").findtext("{*}title") or "")  # noqa: S314 - our own text
    assert sorted(file.name for file in Path().iterdir()) == ["a.mmd", "a.svg"]


def test_differences_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("new.yaml").write_text(SHIPPED.read_text("utf-8").replace("by: [auditor, quality_lead]", "by: [auditor]"))

    assert left_with("workflow", "diff", "case_audit", "new.yaml", "--json") == 1
    told = json.loads(capsys.readouterr().out)

    assert [(one["about"], one["id"]) for one in told["differences"]] == [("event", "share")]
    assert told["old"]["digest"] != told["new"]["digest"]


def test_what_open_audits_began_under_is_looked_for_in_the_workspace(capsys: pytest.CaptureFixture[str]) -> None:
    assert left_with("workflow", "diff", "case_audit@1.0.0", "case_audit") == 2
    assert "W050 there is no workspace here" in capsys.readouterr().err
    assert left_with("init", "--training", "w") == 0
    assert left_with("--workspace", "w", "workflow", "show", "case_audit@1.0.0") == 2
    assert "'case_audit@1.0.0': W064 nothing here began under this workflow" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("show",), ("draw",), ("diff", "case_audit")])
def test_what_cannot_be_used_is_said_with_its_place(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken.yaml").write_text(SHIPPED.read_text("utf-8").replace("{to: answered}", "{to: anwsered}"), "utf-8")

    for name, says in (
        ("broken.yaml", r"^broken\.yaml:\d+:\d+: D018 there is no stage 'anwsered'\n    help: Did you mean 'answered'"),
        ("none.yaml", r"^none\.yaml: D001 there is no such file"),
        ("case_audits", r"^case_audits: D018 there is no workflow of this name"),
    ):
        assert left_with("workflow", *command, name) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert re.search(says, err), err


def test_a_pipe_reads_the_same_whatever_the_terminal(tmp_path: Path) -> None:
    done = run_audit("workflow", "show", "case_audit", cwd=tmp_path)

    assert done.stderr == ""
    assert done.stdout == (Path(__file__).parent.parent / "engine" / "case_audit_in_words.txt").read_text("utf-8")


def test_a_promise_is_proved_or_its_breaking_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path / "w")
    own = folder / "workflows" / "case_audit.yaml"
    own.write_text(PLAIN.read_text("utf-8").replace("when: selected_for_moderation", "when: feedback == 'given'"))
    monkeypatch.chdir(folder)

    assert left_with("check") == 1
    assert (
        "D071 this property is broken, 'Only an audit that was selected for it is moderated'" in capsys.readouterr().out
    )
    assert left_with("workflow", "prove") == 1
    told = capsys.readouterr().out
    assert "Case audit (case_audit), version 1.1.0: broken\n" in told
    assert (
        "4. The auditor: Submit the audit -> Submitted for moderation "
        "(feedback: given; selected_for_moderation: no).\n" in told
    )
    assert re.search(r"Moderation of an audit \(moderation\), version [\d.]+: proved\n", told)
    assert left_with("workflow", "prove", "workflows/case_audit.yaml", "--json") == 1
    assert [one["state"] for one in json.loads(capsys.readouterr().out)] == ["broken"]

    own.write_text(PLAIN.read_text("utf-8"))
    assert left_with("workflow", "prove") == 0
    assert "  proved      No audit ends while an escalation on it is open.\n" in capsys.readouterr().out
    assert left_with("workflow", "prove", "case_audit", "--situations", "3") == 1
    told = capsys.readouterr().out
    assert "version 1.1.0: not proved\n" in told
    assert "nothing broken so far; not proved." in told
    assert left_with("workflow", "prove", "case_audits") == 2
