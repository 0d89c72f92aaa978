"""`audit tick` as a person, or a plan of the machine, runs it; and what people then see."""

import json
from pathlib import Path

import pytest

from tests.actions.live.conftest import prepared
from tests.actions.live.timed import timed_catalogue
from tests.whole.conftest import run_audit
from tests.whole.live_service import SETTINGS, Service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Six audits allocated on 8 January 2024, one of them begun that day."""
    folder = tmp_path_factory.mktemp("ticking")
    live = prepared(folder / "audit.sqlite", timed_catalogue(folder))
    with live.db:
        live.begun(live.audits[0])
        auditors = {audit: live.auditor(audit) for audit in live.audits}
    (folder / "audit.toml").write_text(SETTINGS)
    return Service(folder, auditors)


def test_a_day_after_another(service: Service) -> None:
    begun, other = list(service.auditors)[:2]
    auditor = service.auditors[other]

    assert service.run("P-1", "tick", "--on", "2024-01-15").stdout == (
        "TRAINING\nNothing is late of which a workflow says what then happens.\n"
    )

    said = service.run("P-1", "tick", "--on", "2024-01-16").stdout.splitlines()

    assert said[0] == "TRAINING"
    assert f"{other} Allocated, due 15 January 2024: the auditor is reminded." in said
    assert said[-1] == "5 things are late: reminded 5, told 0, moved on 0."
    again = service.run("P-1", "tick", "--on", "2024-01-16").stdout.splitlines()
    assert again == ["TRAINING", "5 things are late: reminded 0, told 0, moved on 0."]
    queue = service.run(auditor, "queue").stdout
    assert f"{other}  case" in queue
    assert ", due 15 January 2024, 3 of 18 done, reminded on 16 January 2024. Next: audit grade" in queue
    why = service.run(auditor, "why", other).stdout
    assert f"  The auditor of this audit ({auditor}) was reminded on 16 January 2024 that it is late.\n" in why

    told = json.loads(service.run("P-1", "tick", "--on", "2024-01-29", "--json").stdout)

    assert (told["looked_at"], told["reminded"], told["told"], told["moved"], told["refused"]) == (6, 1, 1, 0, 0)
    assert {line["reference"] for line in told["lines"]} == {begun}
    assert [line["did"] for line in told["lines"]] == ["reminded", "told"]
    lead = service.run("P-1", "queue").stdout
    assert "\nTold of what is late:\n" in lead
    assert f"{begun}  case" in lead.partition("Told of what is late:")[2]
    assert "told on 29 January 2024. Next: audit why" in lead
    assert service.run("P-1", "verify").returncode == 0


def test_whoever_may_not_see_the_audits_is_told_numbers(service: Service) -> None:
    said = service.run("P-9", "tick", "--on", "2024-02-05").stdout.splitlines()

    assert len(said) == 2
    assert said[1] == "6 things are late: reminded 0, told 1, moved on 0."


def test_the_clock_is_set_in_training_only_and_to_a_day_there_is(service: Service, tmp_path: Path) -> None:
    for wrong in ("2024-02-30", "tomorrow", "20240116", "2024-W03-2"):
        refused = service.run("P-1", "tick", "--on", wrong, check=False)
        assert refused.returncode == 2
        assert "P014" in refused.stderr
        assert "Write it as year, month and day: 2024-01-16." in refused.stderr
    run_audit("init", "live", "--person", "P-1", "--name", "Gwen Oak", cwd=tmp_path)
    refused = run_audit("--workspace", "live", "tick", "--on", "2024-01-16", cwd=tmp_path, check=False)
    assert refused.returncode == 1
    assert "Only a training workspace has a clock that can be set." in refused.stderr
    assert refused.stdout == ""
    done = run_audit("--workspace", "live", "tick", cwd=tmp_path)
    assert done.stdout == "Nothing is late of which a workflow says what then happens.\n"


def test_the_list_of_what_is_late(service: Service) -> None:
    begun = next(iter(service.auditors))

    said = service.run("P-1", "queue", "--late").stdout.splitlines()

    assert said[0] == "TRAINING"
    assert said[-1] == "6 things are late, of what P-1 may see."
    line = next(one for one in said if one.startswith(begun))
    assert ": Being graded, due 22 January 2024, " in line
    assert f" days late. It waits for the auditor of this audit ({service.auditors[begun]}). Next: audit why" in line
    told = json.loads(service.run("P-1", "queue", "--late", "--json").stdout)
    assert {one["reference"] for one in told} == set(service.auditors)
    assert told[0].keys() == {"reference", "about", "number", "case", "title", "due", "days", "waits_for", "what"}
    assert service.run("P-9", "queue", "--late").stdout == "TRAINING\nNothing P-9 may see is late.\n"
