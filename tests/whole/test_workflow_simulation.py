"""`audit workflow simulate` as a person uses it: stepped through, from a pipe, and with a script."""

import io
import json
from pathlib import Path

import pytest

from audit_engine.cli import main
from tests.whole.conftest import run_audit

STORY = """\
# Once round, and a refusal on the way.
on 2026-04-07
as quality_lead: allocate
expect due 2026-04-14
as auditor: begin
as practitioner: submit
expect refused "it is for the auditor"
as auditor: submit
expect stage decided
"""


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No workspace is near."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDIT_WORKSPACE", raising=False)


def left_with(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def simulated(*lines: str, on: str = "2026-04-07") -> str:
    """What it prints while these lines come through a pipe."""
    done = run_audit("workflow", "simulate", "case_audit", "--on", on, cwd=Path.cwd(), stdin="\n".join(lines) + "\n")
    assert done.stderr == ""
    return done.stdout


def test_a_script_that_holds_tells_its_story(capsys: pytest.CaptureFixture[str]) -> None:
    Path("story.txt").write_text(STORY)

    assert left_with("workflow", "simulate", "case_audit", "--script", "story.txt") == 0
    told = capsys.readouterr().out
    assert "   3  as quality_lead: allocate\n        A quality lead: Allocate the audit; now at 'Allocated'.\n" in told
    assert "        Refused: The practitioner may not do this: it is for the auditor of this audit. Ask them.\n" in told
    assert told.endswith("Everything is as expected: 4 steps, 3 expectations.\n")


def test_a_script_that_does_not_hold_says_where_and_stops(capsys: pytest.CaptureFixture[str]) -> None:
    Path("story.txt").write_text(f"{STORY.replace('stage decided', 'stage submitted')}as auditor: share\n")

    assert left_with("workflow", "simulate", "case_audit", "--script", "story.txt") == 1
    assert capsys.readouterr().out.endswith("story.txt:9: Expected stage submitted; it is decided.\n")
    chosen = ("--set", "selected_for_moderation=yes")
    assert left_with("workflow", "simulate", "case_audit", "--script", "story.txt", *chosen) == 1
    assert "story.txt:10: Expected this to be possible; it was refused:" in capsys.readouterr().out


def test_a_script_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("story.txt").write_text(STORY)

    assert left_with("workflow", "simulate", "case_audit", "--script", "story.txt", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["as_expected"], told["day"], told["stage"]) == (True, "2026-04-07", "drawn")
    assert [step["stage"] for step in told["steps"]] == ["allocated"] * 2 + ["grading"] * 3 + ["decided"] * 2
    assert told["steps"][0]["due"] == "2026-04-14"
    assert [bool(step["refused"]) for step in told["steps"]] == [False, False, False, True, True, False, False]


def test_everything_that_cannot_be_read_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.txt").write_text("as auditr: begin\nwait some days\nexpect stage draw\n")
    Path("latin.txt").write_bytes(b"# caf\xe9\n")

    assert left_with("workflow", "simulate", "case_audit", "--script", "bad.txt") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ")[0] for line in err.splitlines() if line.startswith("bad")] == [
        "bad.txt:1:4", "bad.txt:2:11", "bad.txt:3:14",
    ]  # fmt: skip
    assert "help: Did you mean 'drawn'?" in err
    for arguments, says in (
        (("--script", "none.txt"), "none.txt: P020 this script cannot be read"),
        (("--script", "latin.txt"), "latin.txt: P020 this script is not UTF-8 text"),
        (("--set", "facts.law_type=privte"), "--set: D018 'facts.law_type' is no name that can be set"),
        (("--set", "graded=perhaps"), "--set: D018 'perhaps' is no answer: yes or no"),
        (("--json",), "--json: P006 this goes with --script"),
        (("--on", "yesterday"), "yesterday"),
    ):
        assert left_with("workflow", "simulate", "case_audit", *arguments) == 2
        assert says in capsys.readouterr().err


def test_it_is_stepped_through_with_numbers_and_lines() -> None:
    told = simulated("1", "2", "people", "as auditor: submit", "history", "undo", "9", "expect stage grading", "?")

    assert told.startswith("Case audit (case_audit), version ")
    assert told.partition("\n")[0].endswith("Nothing here is kept. ? for help.")
    assert "  1  Allocate the audit (allocate), as quality_lead: to 'Allocated'\n" in told
    assert "7 April 2026, at 'Allocated'. Waits for the auditor. Due on 14 April 2026.\n" in told
    assert "moderator                 nobody stands there yet, whoever holds the role head of practice may\n" in told
    assert "  1. as quality_lead: allocate\n  2. as auditor: begin\n  3. as auditor: submit\n" in told
    assert "Taken back: as auditor: submit\n" in told
    assert "There is no 9 here." in told
    assert "As expected.\n" in told
    assert told.endswith("An empty line leaves.\n")


def test_what_is_not_possible_says_why_and_what_is_asked_is_asked_for() -> None:
    told = simulated("raise escalation", "1", "3", "as auditr: begin", "as auditor: submit", "\x1b[2J")

    assert "  -  Withdraw the audit (withdraw): not now. 1 escalation on this audit is still open." in told
    assert 'Say what it asks for, as in:\n  as quality_lead: reallocate reason = "..."\n' in simulated("1", "1")
    assert "'auditr' is no person, place or role. Did you mean 'auditor'?\n" in told
    assert "Refused: 'Submit the audit' is not possible at 'Allocated'." in told
    assert "\x1b" not in told


def test_time_passes_and_an_empty_line_in_a_pipe_is_nothing() -> None:
    told = simulated("1", "", "# a note", "wait 5 working days", "expect due 2026-04-14", on="2026-04-02")

    assert "It is now 13 April 2026.\n" in told  # Easter in between
    assert "Expected due 2026-04-14; it is 2026-04-13.\n" in told


def test_a_file_that_is_not_in_force_is_tried_out(capsys: pytest.CaptureFixture[str],
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    assert left_with("workflow", "new", "follow_up", "--to", "follow_up.yaml") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n1\nwait 20 working days\n"))
    capsys.readouterr()

    assert left_with("workflow", "simulate", "follow_up.yaml", "--on", "2026-04-07") == 0
    told = capsys.readouterr().out
    assert "22 April 2026: the auditor is reminded: 'Being graded' was due on 21 April 2026.\n" in told
    assert "28 April 2026: a quality lead is told: 'Being graded' was due on 21 April 2026.\n" in told
