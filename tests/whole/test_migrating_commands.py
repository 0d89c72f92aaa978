"""`audit workflow migrate` as a quality lead uses it: looked at, refused, and done, in a workspace people work in."""

import json
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import shipped_folder
from tests.actions.live.at_work import EVE, LEAD
from tests.actions.live.other_texts import LONGER
from tests.whole.live_service import Service, answers, service

SHIPPED = (shipped_folder() / "workflows" / "case_audit.yaml").read_text("utf-8")


@pytest.fixture
def one(tmp_path: Path) -> Service:
    """Its workspace has a workflow of its own, in which there is more time for grading."""
    made = service(tmp_path / "ws")
    (made.folder / "workflows").mkdir()
    write(made, SHIPPED.replace("version: 1.2.0", "version: 1.3.0").replace(*LONGER))
    return made


def write(one: Service, text: str) -> None:
    (one.folder / "workflows" / "case_audit.yaml").write_text(text, "utf-8")


def test_looked_at_asked_for_and_done(one: Service) -> None:
    audit = min(one.auditors)
    one.run(one.auditors[audit], "move", audit, "begin")

    looked = one.run(LEAD, "workflow", "migrate", "case_audit", "--dry-run")
    assert looked.stderr == ""
    lines = looked.stdout.splitlines()
    assert lines[0] == "TRAINING"
    assert lines[1].startswith(f"{audit}: 'Being graded' (1.2.0) -> 'Being graded' (1.3.0), due ")
    assert "(before: " in lines[1]
    assert lines[2].endswith("'Allocated' (1.2.0) -> 'Allocated' (1.3.0), due 15 January 2024")
    assert lines[-1] == (
        "6 audits can be moved to version 1.3.0. A stage that keeps its time keeps its due day; else it counts anew "
        "from the day the stage was entered."
    )

    asked = one.run(LEAD, "workflow", "migrate", "case_audit", typed="y\n")
    assert asked.stderr == "Nothing was written. Add --yes to write it.\n"
    assert asked.stdout == looked.stdout
    assert one.told(LEAD, "workflow", "migrate", "case_audit", "--dry-run")["written"] is False

    done = one.told(LEAD, "workflow", "migrate", "case_audit", "--from", "1.2.0", "--yes")
    assert (done["version"], done["possible"], done["written"]) == ("1.3.0", True, True)
    assert isinstance(done["landings"], list)
    assert [line["audit"] for line in done["landings"]] == sorted(one.auditors)
    again = one.run(LEAD, "workflow", "migrate", "case_audit", "--yes").stdout
    assert "No open audit is under another text of case_audit than version 1.3.0, in force." in again

    assert "goes on under version 1.3.0 (before: 1.2.0)" in one.run(LEAD, "show", audit).stdout
    one.talk(one.auditors[audit], audit, *answers(), "s", "", "n", "child", "q")
    verified = one.told(LEAD, "verify")
    assert verified["findings"] == []
    assert len(list((one.folder / "checkpoints").iterdir())) == 1


def test_when_one_lands_nowhere_none_is_moved(one: Service) -> None:
    audit = min(one.auditors)
    one.run(one.auditors[audit], "move", audit, "begin")
    write(one, SHIPPED.replace("version: 1.2.0", "version: 1.3.0").replace("grading", "marking"))

    refused = one.run(LEAD, "workflow", "migrate", "case_audit", "--yes", check=False)
    assert refused.returncode == 1
    assert f"{audit}: 'Being graded' (1.2.0) -> no stage\n    It is 'Being graded' (grading), and" in refused.stdout
    assert refused.stdout.endswith("1 of 6 audits cannot be moved, so none can.\n")
    told = one.run(LEAD, "workflow", "migrate", "case_audit", "--dry-run", "--json", check=False)
    assert told.returncode == 1
    assert json.loads(told.stdout)["possible"] is False

    one.run(LEAD, "workflow", "migrate", "case_audit", "--map", "grading=marking", "--yes")
    assert one.told(LEAD, "why", audit)["machines"][0]["stage"] == "Being graded"  # type: ignore[index]


@pytest.mark.parametrize(
    ("who", "arguments", "code", "says"),
    [
        (EVE, ("case_audit",), 1, "Who may: a quality lead."),
        (LEAD, ("case_audits",), 2, "D018 there is no workflow of this name"),
        (LEAD, ("case_audit", "--map", "grading"), 2, "P013 this does not say which stage becomes which"),
        (LEAD, ("case_audit", "--map", "a=b", "--map", "a=c"), 2, "P013 this says twice what 'a' becomes"),
        (LEAD, ("case_audit", "--map", "a=b"), 1, "Version 1.3.0 has no stage 'b'."),
        (LEAD, ("case_audit", "--dry-run", "--yes"), 2, "P006 --dry-run writes nothing, and --yes writes"),
        (LEAD, ("case_audit", "--from", "0.9.0"), 2, "W064 nothing here began under this workflow"),
    ],
)
def test_what_cannot_be_is_said(one: Service, who: str, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = one.run(who, "workflow", "migrate", *arguments, check=False)

    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr


def test_an_escalation_is_moved_by_its_number(one: Service) -> None:
    audit = min(one.auditors)
    one.run(LEAD, "escalate", audit, "--concern", "Not safe.")
    text = (shipped_folder() / "workflows" / "escalation.yaml").read_text("utf-8")
    (one.folder / "workflows" / "escalation.yaml").write_text(text.replace("version: 1.2.0", "version: 1.3.0"))

    done = one.run(LEAD, "workflow", "migrate", "escalation", "--yes")

    assert f"{audit} escalation 1: 'Raised' (1.2.0) -> 'Raised' (1.3.0), due " in done.stdout
    assert "1 escalation can be moved to version 1.3.0." in done.stdout
    assert done.stderr == "Saved: 1 moved.\n"
