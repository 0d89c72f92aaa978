"""Every command there is, typed by a head of practice: before their own lock none tells the auditor's grades."""

import json
import re
from pathlib import Path

import pytest

from audit_engine.cli import COMMANDS
from tests.actions.live.at_work import EDGAR, EVE, LEAD
from tests.whole.live_service import GOOD, WORST, Service, answers, service, this_quarter

CANARY = "Canary-note"
NOT_ABOUT_AUDITS = {
    "init", "demo", "people", "import", "programme", "allocate", "interval", "rubric", "check", "workflow",
    "upgrade",
}  # fmt: skip
"""They make or judge things in which no audit's grades are."""


def every_command(audit: str, folder: Path) -> list[tuple[str, ...]]:
    """Everything that could tell something of an audit."""
    render = ("render", audit, "--force")
    return [
        ("show", audit), ("show", audit, "--json"), ("why", audit), ("why", audit, "--json"),
        ("tui",), ("grade", audit),
        ("queue",), ("queue", "--json"), ("grade", audit, "--plain"), ("grade", audit, "--plain", "--answer"),
        render, (*render, "--for", "practitioner"), (*render, "--to", str(folder / "a.html")),
        ("move", audit, "share"), ("move", audit, "finalise"), ("move", audit, "submit"), ("move", audit, "close"),
        ("move", audit, "withdraw", "--reason", "wrong_case_drawn"),
        ("escalate", audit, "--acknowledge"), ("escalate", audit, "--concern", "Another one."),
        ("summary", this_quarter()), ("summary", this_quarter(), "--json"),
        ("summary", this_quarter(), "--to", str(folder), "--force"),
        ("explain", "good_or_better", "--quarter", this_quarter()), ("explain", "audits", "--quarter", this_quarter()),
        ("verify",), ("verify", "--json"), ("who-can", audit),
        ("open", "action", "--on", audit, "--words", "See to it.", "--name", "owner=P-4"),
        ("tick",), ("tick", "--json"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service(tmp_path_factory.mktemp("blind") / "ws")


@pytest.fixture(scope="module")
def audit(one: Service) -> str:
    found = min(one.auditors)
    bad = {"safe_da_assessed": (WORST, CANARY, CANARY)}
    one.talk(one.auditors[found], found, *answers(**bad), "!", "Not safe.", "s", "", "y", "none", "Not asked.")
    return found


def said(one: Service, who: str, audit: str, folder: Path) -> dict[tuple[str, ...], str]:
    """What each command says to this person; and, under `files`, what they write."""
    told = {}
    for arguments in every_command(audit, folder):
        done = one.run(who, *arguments, typed="", check=False)
        told[arguments] = done.stdout + done.stderr
    told["files",] = "".join(file.read_text() for file in folder.iterdir())
    return told


WHATEVER_THE_GRADE = re.compile(r"follow-up of inadequate work|if the overall grade is 'inadequate'", re.IGNORECASE)
"""What the workflow says of every audit, however it was graded."""


def tells_nothing(told: dict[tuple[str, ...], str]) -> None:
    """No canary anywhere; and no grade, but where a summary names every grade of the scale to count none of them."""
    for arguments, words in told.items():
        assert CANARY not in words, arguments
        if arguments[0] not in ("summary", "explain", "files"):
            assert "nadequate" not in WHATEVER_THE_GRADE.sub("", words), arguments
        if arguments[0] == "summary" and "--json" in arguments:
            counted = {figure["measure"]: figure["denominator"]["count"] for figure in json.loads(words)["figures"]}
            assert counted["audits"] == 0


def test_no_command_is_left_out(tmp_path: Path) -> None:
    asked = {arguments[0] for arguments in every_command("A", tmp_path)}

    assert asked >= set(COMMANDS) - NOT_ABOUT_AUDITS


def test_before_the_lock_no_command_tells_a_grade_and_after_it_they_do(
    one: Service, audit: str, tmp_path: Path
) -> None:
    tells_nothing(said(one, EVE, audit, tmp_path))
    blind = one.talk(EVE, audit, "y", "?", "c", GOOD, "u", "c", "l", how=("--moderate",))
    assert CANARY not in blind
    tells_nothing(said(one, EVE, audit, tmp_path))

    after = one.talk(EVE, audit, *answers()[1:], "l", "", "y", "q", how=("--moderate",))
    assert CANARY not in after.partition("Locked, saved")[0]
    assert CANARY in after.partition("Locked, saved")[2]
    story = json.loads(one.run(EVE, "show", audit, "--json").stdout)
    assert CANARY in json.dumps(story)
    assert CANARY not in one.run(EDGAR, "show", audit, "--json").stdout
    assert CANARY in one.run(LEAD, "show", audit, "--json").stdout


def test_what_is_printed_for_programs_tells_no_turn_behind_withheld_answers(one: Service, audit: str) -> None:
    assert "turn" not in one.told(EDGAR, "why", audit)
    why = one.run(EDGAR, "why", audit).stdout
    assert "  withheld: " in why
    assert not re.search(
        r"  (can|not yet): [^\n]*\n(      (for|asks|opens) [^\n]*\n)*      (Whether it can be|What is still)", why
    )
    story = one.told(EDGAR, "show", audit)["story"]
    assert isinstance(story, list)
    folded = next(n for n, line in enumerate(story) if line["kind"] == "rated")
    assert [line["turn"] for line in story] == [*range(1, folded + 1), *[None] * (len(story) - folded)]
    assert "audit: moved by" in one.run(EDGAR, "show", audit).stdout


def test_a_concern_is_raised_while_a_file_of_the_site_is_wrong(one: Service, audit: str) -> None:
    wrong = one.folder / "rubrics" / "ours.yaml"
    wrong.parent.mkdir()
    wrong.write_text("rubric: ours\n")
    assert one.run(LEAD, "show", audit, check=False).returncode == 2
    raised = one.run(EDGAR, "escalate", audit, "--concern", "The child was not seen.")
    assert "the escalation is raised" in raised.stdout
    wrong.unlink()
