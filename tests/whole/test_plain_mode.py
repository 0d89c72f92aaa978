"""The whole path of an audit through plain mode, each person a process of their own with piped input."""

import json
from pathlib import Path

import pytest

from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, LEAD
from tests.whole.conftest import run_audit
from tests.whole.live_service import GOOD, LOW, TOP, WORST, Service, answers, service, this_quarter

CANARY = "Canary-note: the plan was never tried"
HOSTILE = "\x1b]0;PWNED\x07\x1b[31mred [/b] [@click=app.quit] \u202egnp {{7*7}} <script>alert(1)</script> 50% \x9b2J"
SHOWN = "[/b] [@click=app.quit]"
BAD = {"safe_da_assessed": (WORST, f"{CANARY} {HOSTILE}", f"Log, 3 January {HOSTILE}")}
SUBMIT = ("s", "", "n", "child, carer")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service(tmp_path_factory.mktemp("plain") / "ws")


@pytest.fixture(scope="module")
def audit(one: Service) -> str:
    return min(one.auditors)


def test_the_whole_path(one: Service, audit: str) -> None:
    """Graded, escalated, submitted, moderated blind, decided, final, shared, answered, closed; counted once final."""
    auditor = one.auditors[audit]

    told = one.talk(auditor, audit, *answers(**BAD), "s", "c", "!", f"The child is not safe {HOSTILE}", *SUBMIT)
    assert "Begun, saved" in told
    assert told.count("saved") >= 15
    assert "It cannot be submitted yet." in told
    assert "nobody has been told" in told
    assert "Suggested overall grade: Inadequate" in told
    assert "Submitted, saved" in told
    assert "It is now 'Submitted for moderation'." in told
    assert SHOWN in told
    assert "<script>" in told

    _blind_and_decided(one, audit)

    assert f"{audit}: share, saved." in one.run(auditor, "move", audit, "share").stdout
    read = one.talk(ADA, audit, "c", "", "c", f"I did assess it {HOSTILE}", how=("--answer",))
    assert "audit of your work" in read
    assert "Your answer (challenged) is saved" in read
    _escalation_worked_off(one, audit)
    still = one.run(CARA, "move", audit, "close", check=False)
    assert "Still open here: challenge by the practitioner." in still.stderr
    one.run(auditor, "move", "CHL-0001", "maintain", "--say", "response=It is dated after the hearing.")
    one.run(ADA, "move", "CHL-0001", "leave_it")
    assert "close, saved" in one.run(CARA, "move", audit, "close").stdout
    _counted_and_told(one, audit)


def _blind_and_decided(one: Service, audit: str) -> None:
    blind = one.talk(EVE, audit, "y", *answers(heard_seen=(LOW, "Seen late.")), "l", "", "y", "q", how=("--moderate",))
    assert "waits for a moderator" in blind
    before, _, after = blind.partition("Locked, saved")
    assert "Canary" not in before
    assert CANARY in after
    assert "16 answers are the same, 2 differ" in after

    decided = one.talk(
        EVE, audit, "f", "m", "It is assessed in the addendum.", "a", "The reason is recorded.",
        "f", GOOD, "All but one are good.", "y", how=("--moderate",),
    )  # fmt: skip
    assert "2 disagreements are not decided yet" in decided
    assert "Every disagreement is decided." in decided
    assert "Final, saved" in decided


def _escalation_worked_off(one: Service, audit: str) -> None:
    refused = one.run(CARA, "move", audit, "close", check=False)
    assert refused.returncode == 1
    assert "1 escalation on this audit is still open" in refused.stderr
    one.run(CARA, "escalate", audit, "--acknowledge")
    one.run(CARA, "escalate", audit, "--act", "The duty worker went to see the child.")
    one.run(LEAD, "escalate", audit, "--close", "The child was seen and is safe.")


def _counted_and_told(one: Service, audit: str) -> None:
    figures = json.loads(one.run(LEAD, "summary", this_quarter(), "--json").stdout)["figures"]
    counts = {figure["measure"]: figure["denominator"]["count"] for figure in figures}
    assert counts["audits"] == 1
    assert counts["moderations"] == 1
    told = one.run(LEAD, "show", audit).stdout
    for words in ("moved by", "submit", "take", "finalise", "share", "answer", "close"):
        assert words in told
    assert "Overall: Good (the auditor gave Inadequate)" in told
    assert "nothing wrong was found" in one.run(LEAD, "verify").stdout
    assert "It is at its end" in one.run(LEAD, "why", audit).stdout


def test_documents_of_the_closed_audit(one: Service, audit: str, tmp_path: Path) -> None:
    text = one.run(LEAD, "render", audit).stdout
    assert text.startswith(f"# Audit {audit}")
    assert "TRAINING · INTERNAL" in text
    for words in ("Moderation", "graded blind first", "It is assessed in the addendum", "Canary", "Escalations", "50%"):
        assert words in text
    page = tmp_path / "file.html"
    one.run(LEAD, "render", audit, "--to", str(page))
    html = page.read_text()
    assert "<script" not in html.split("</style>")[1]
    assert "&lt;script&gt;alert(1)" in html
    assert "{{7*7}}" in html
    shared = one.run(ADA, "render", audit, "--for", "practitioner").stdout
    assert "Your work on case" in shared
    for words in ("blind", "oderat", "addendum", "Inadequate", "scalation"):
        assert words not in shared
    refused = one.run(ADA, "render", audit, check=False)
    assert refused.returncode == 1
    assert "withheld" in refused.stderr


def test_what_was_rendered_and_viewed_is_in_the_ledger(one: Service, audit: str) -> None:
    before = json.loads(one.run(LEAD, "verify", "--json").stdout)["entries"]
    one.run(LEAD, "render", audit)
    one.run(LEAD, "show", audit)
    assert json.loads(one.run(LEAD, "verify", "--json").stdout)["entries"] == before + 2


def test_leaving_loses_nothing_and_coming_back_goes_on(one: Service) -> None:
    audit = sorted(one.auditors)[1]
    auditor = one.auditors[audit]
    first = one.talk(auditor, audit, GOOD, TOP, "3", "q")
    assert "'3' is no text" in first
    assert "Question 2 of 18" in one.talk(auditor, audit)
    again = one.talk(auditor, audit, "u", "u", "u", "q")
    assert again.count("Undone:") == 2
    assert "There is nothing to take back" in again


def test_what_cannot_be_is_said_and_asked_again(one: Service) -> None:
    audit = sorted(one.auditors)[3]
    auditor = one.auditors[audit]
    told = one.talk(
        auditor, audit, "x", "9", "g 77", "m", "0", "9", "", "?", "g heard.seen", "0", "1", "g 7", "e", "f", "p",
        "Log", "n", "Quoted", "!", "", "o", "c",
    )  # fmt: skip
    for words in (
        "'x' is no answer here", "'9' is no answer here", "There is no question '77'", "does not ask whether it made",
        "'9' is none of these", "undo the newest answer", "Child seen and engaged", "Evidence is at: Log",
        "Note: Quoted",
        "Left. Everything that was answered is saved.",
    ):  # fmt: skip
        assert words in told


def test_another_overall_grade_needs_its_reason(one: Service) -> None:
    audit = sorted(one.auditors)[4]
    auditor = one.auditors[audit]
    told = one.talk(
        auditor, audit, *answers(), "s", TOP, LOW, "", "3", "Too little was tried.", "y", "nobody", "none",
        "Not asked yet.",
    )  # fmt: skip
    assert "Outstanding may not be given." in told
    assert "'nobody' is nobody who gives feedback" in told
    assert "Submitted, saved" in told


def test_what_is_not_theirs_is_refused_as_what_is_not_there(one: Service) -> None:
    audit = min(one.auditors)
    for who, how in ((EDGAR, ()), (CARA, ("--moderate",)), (CARA, ("--answer",))):
        refused = [one.run(who, "grade", name, "--plain", *how, typed="", check=False) for name in (audit, "L-0")]
        assert [done.returncode for done in refused] == [1, 1]
        assert refused[0].stderr == refused[1].stderr


def test_a_returned_audit_comes_back_with_the_reason_and_is_moderated_again(one: Service) -> None:
    audit = sorted(one.auditors)[5]
    auditor = one.auditors[audit]
    one.talk(auditor, audit, *answers(**BAD), "!", "Not safe.", *SUBMIT)
    returned = one.talk(EDGAR, audit, "y", *answers(), "l", "", "y", "r", "Look at three again.", how=("--moderate",))
    assert "Returned, saved" in returned
    again = one.talk(auditor, audit, "g 3", GOOD, *SUBMIT)
    assert "The moderator returned it: Look at three again." in again
    assert "Submitted, saved" in again
    second = one.talk(EVE, audit, "y", *answers(), "l", "", "y", "f", "", "y", how=("--moderate",))
    assert "0 differ" in second
    assert "Final, saved" in second
    assert "nothing wrong was found" in one.run(LEAD, "verify").stdout
    assert "Moderation 2" in one.run(LEAD, "render", audit).stdout


def test_help_names_every_command(one: Service) -> None:
    told = run_audit("--help", cwd=one.folder).stdout
    for name in ("queue", "grade", "why", "move", "escalate", "show", "render"):
        assert f"  {name} " in told
    assert "Nothing waits for" in one.run(ADA, "queue").stdout
