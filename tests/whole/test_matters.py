"""Actions and learning points from the command line: opened, moved, looked at, listed; whatever is typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit_engine.definitions.catalogue import load
from tests.actions.follow_up.conftest import following
from tests.actions.follow_up.workflows import write
from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, MAX
from tests.actions.live.conftest import prepared, unselected
from tests.whole.live_service import SETTINGS, Service

HOSTILE = "\x1b[31m\u202eowt\nStory\n  2024-01-08 P-1: nothing {{ 7*7 }} <script>alert(1)</script> %s [red]"


@pytest.fixture
def office(tmp_path: Path) -> tuple[Service, str]:
    """A workspace with workflows of its own, and an audit in it that is shared."""
    folder = tmp_path / "office"
    folder.mkdir(mode=0o700)
    write(folder)
    live = following(prepared(folder / "audit.sqlite", load(folder)))
    audit = unselected(live)
    live.shared(audit)
    auditors = {name: live.auditor(name) for name in live.audits}
    live.db.close()
    (folder / "audit.toml").write_text(SETTINGS)
    return Service(folder, auditors), audit


def said(office: Service, who: str, *arguments: str) -> str:
    return office.run(who, *arguments).stdout


def refused(office: Service, who: str, *arguments: str, code: int = 1) -> str:
    done = office.run(who, *arguments, check=False)
    assert done.returncode == code
    return done.stderr


def test_an_action_from_being_opened_to_its_end(office: tuple[Service, str]) -> None:
    service, audit = office
    auditor = service.auditors[audit]

    opened = said(service, auditor, "open", "action", "--on", audit, "--words", "Write the safety plan anew.")
    assert opened == "ACT-0001 is opened. `audit why ACT-0001` says what can happen to it, and for whom.\n"
    assert "ACT-0001  case C-" in said(service, CARA, "queue")
    assert "Action, Assigned: Write the safety plan anew, due" in said(service, CARA, "queue")
    said(service, CARA, "move", "ACT-0001", "start")
    said(service, CARA, "move", "ACT-0001", "tell_progress", "--say", "progress=nearly")
    moved = said(service, CARA, "move", "ACT-0001", "submit_evidence", "--say", "evidence=On the record, a = b.")
    assert moved == "ACT-0001: submit evidence, saved.\n"
    why = said(service, MAX, "why", "ACT-0001")
    assert "ACT-0001, action: Evidence submitted" in why
    assert "can: Verify the evidence [verify] -> Closed (yours to do)" in why
    assert "waits for the checker" in why
    assert "ACT-0001, action: Evidence submitted" in said(service, LEAD, "why", audit)
    said(service, MAX, "move", "ACT-0001", "verify")

    shown = said(service, CARA, "show", "ACT-0001").splitlines()
    assert shown[:2] == ["TRAINING", "ACT-0001, Action: Closed"]
    assert f"  about audit {audit}, case" in shown[2]
    assert "  owner: P-4" in shown
    assert "  checker: P-9" in shown
    assert "  What shows that it was done: On the record, a = b." in shown
    assert shown[-1].endswith("P-9 as manager: Verify the evidence: now 'Closed'. Checker: P-9.")
    assert "Nothing waits for P-9." in said(service, MAX, "queue")
    assert "0 problems" in said(service, LEAD, "verify") or service.run(LEAD, "verify").returncode == 0


def test_for_programs(office: tuple[Service, str]) -> None:
    service, audit = office
    said(service, LEAD, "open", "action", "--on", audit, "--words", "Do it.", "--name", f"owner={MAX}")

    told = service.told(LEAD, "show", "ACT-0001")
    assert (told["reference"], told["stage"], told["audit"], told["people"]) == (
        "ACT-0001", "assigned", audit, [["owner", "P-9"], ["raised by", "P-1"]],
    )  # fmt: skip
    why = service.told(MAX, "why", "ACT-0001")
    assert isinstance(why["machines"], list)
    assert why["machines"][0]["reference"] == "ACT-0001"
    queued: Any = json.loads(service.run(MAX, "queue", "--json").stdout)
    assert [(one["reference"], one["programme"], one["group"]) for one in queued] == [("ACT-0001", "Action", "me")]


def test_looking_at_one_is_recorded(office: tuple[Service, str]) -> None:
    service, audit = office
    said(service, LEAD, "open", "action", "--on", audit, "--words", "Do it.")
    before = entries(service)
    said(service, CARA, "show", "ACT-0001")
    said(service, CARA, "why", "ACT-0001")

    assert entries(service) == before + 2


def entries(service: Service) -> int:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(service.folder / "audit.sqlite")) as connection:
        found = connection.execute("SELECT count(*) FROM entries WHERE about = 'viewer' AND kind = 'viewed'")
        return int(found.fetchone()[0])


def test_a_learning_point_and_what_hangs_on_an_action(office: tuple[Service, str]) -> None:
    service, audit = office
    point = said(service, EVE, "open", "learning", "--subject", "North Heron", "--words", "Ask who holds the key.")
    assert point.startswith("LP-0001 is opened.")
    assert "LP-0001: Learning point about North Heron, Noted: Ask who holds the key, no date" in said(
        service, EVE, "queue"
    )
    assert "  about the team North Heron" in said(service, EVE, "show", "LP-0001")
    said(service, LEAD, "open", "action", "--on", audit, "--words", "Do it.", "--name", f"owner={CARA}")
    auditor = service.auditors[audit]
    said(service, CARA, "open", "help", "--on", "ACT-0001", "--words", "Who knows?", "--name", f"asked={auditor}")

    assert "HELP-0001, request for help: Asked for" in said(service, CARA, "why", "ACT-0001")
    assert ", from ACT-0001" in said(service, CARA, "show", "HELP-0001")


def test_words_are_asked_for_when_they_are_left_out(office: tuple[Service, str]) -> None:
    service, audit = office
    done = service.run(LEAD, "open", "action", "--on", audit, typed="Write it down.\n")

    assert done.stdout.startswith("ACT-0001 is opened.")
    assert "What is it for, without names" in done.stderr
    assert "  Write it down." in said(service, LEAD, "show", "ACT-0001")


def test_hostile_text_is_only_text(office: tuple[Service, str]) -> None:
    """`Service.run` looks at every byte for what could steer a terminal."""
    service, audit = office
    said(service, LEAD, "open", "action", "--on", audit, "--words", HOSTILE)
    said(service, CARA, "move", "ACT-0001", "start")
    said(service, CARA, "move", "ACT-0001", "tell_progress", "--say", "progress=nearly")
    said(service, CARA, "move", "ACT-0001", "submit_evidence", "--say", f"evidence={HOSTILE}")
    said(service, MAX, "move", "ACT-0001", "reject", "--reason", HOSTILE)
    said(service, EVE, "open", "learning", "--subject", HOSTILE, "--words", HOSTILE)

    for who, reference in ((CARA, "ACT-0001"), (EVE, "LP-0001")):
        shown = said(service, who, "show", reference)
        assert shown.splitlines().count("Story") == 1
        assert "{{ 7*7 }} <script>" in shown
        assert "{{ 7*7 }} <script>" in said(service, who, "why", reference)
        assert len(said(service, who, "queue").splitlines()) == 2
    refusal = refused(service, LEAD, "open", HOSTILE.replace("\n", " "), "--words", "x")
    assert "There is no workflow called" in refusal


def test_one_that_is_not_theirs_is_as_if_there_were_none(office: tuple[Service, str]) -> None:
    service, audit = office
    said(service, LEAD, "open", "action", "--on", audit, "--words", "Do it.")
    other = next(one for one in ("P-5", "P-6") if one != service.auditors[audit])

    for command in (("why",), ("show",)):
        theirs, none = (refused(service, other, *command, name) for name in ("ACT-0001", "ACT-0777"))
        assert theirs == none
    theirs, none = (refused(service, other, "move", name, "start") for name in ("ACT-0001", "ACT-0777"))
    assert theirs == none


WRONG = {
    "both": (("open", "action", "--on", "A", "--audit", "B", "--words", "x"), "--on and --audit do not go together"),
    "name": (("open", "action", "--on", "A", "--words", "x", "--name", "P-4"), "--name takes PLACE=PERSON"),
    "twice": (("move", "ACT-0001", "start", "--say", "a=1", "--say", "a=2"), "--say says 'a' twice"),
    "say": (("move", "ACT-0001", "start", "--say", "=x"), "--say takes RECORD=VALUE"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_written_right_is_said(office: tuple[Service, str], name: str) -> None:
    arguments, message = WRONG[name]

    assert message in refused(office[0], LEAD, *arguments, code=2)


def test_names_do_not_go_with_an_audits_own_events(office: tuple[Service, str]) -> None:
    service, audit = office

    assert "names nobody" in refused(service, ADA, "move", audit, "share", "--name", "owner=P-4")
