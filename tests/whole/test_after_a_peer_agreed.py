"""An audit that is submitted from a stage at which no grade is written, since a peer reads it first."""

from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import load, shipped_folder
from tests.actions.live.at_work import LEAD
from tests.actions.live.conftest import prepared
from tests.whole.live_service import GOOD, SETTINGS, Service, answers

EXAMPLE = Path("docs/how-to/examples/council_audit.yaml")
PROGRAMME = "workflows/programmes/local_quality_and_impact.yaml"


@pytest.fixture
def council(tmp_path: Path) -> Service:
    """The example of the page; so few people work here that auditors audit, and the quality lead is the peer."""
    folder = tmp_path / "ws"
    (folder / PROGRAMME).parent.mkdir(parents=True)
    text = (shipped_folder() / PROGRAMME).read_text("utf-8")
    (folder / PROGRAMME).write_text(text.replace("workflow: case_audit", "workflow: council_audit"), encoding="utf-8")
    text = EXAMPLE.read_text("utf-8").replace("auditor: {role: manager", "auditor: {role: auditor")
    text = text.replace("peer_reviewer: {role: manager", "peer_reviewer: {role: quality_lead")
    (folder / "workflows" / EXAMPLE.name).write_text(text, encoding="utf-8")
    folder.chmod(0o700)
    live = prepared(folder / "audit.sqlite", load(folder))
    auditors = {audit: live.auditor(audit) for audit in live.audits}
    live.db.close()
    (folder / "audit.toml").write_text(SETTINGS)
    return Service(folder, auditors)


def test_it_is_submitted_once_the_peer_agreed(council: Service) -> None:
    audit, auditor = min(council.auditors.items())

    council.talk(auditor, audit, *answers(), "q")
    council.run(auditor, "move", audit, "hand_over")
    waiting = council.talk(auditor, audit, "s")
    assert "It cannot be graded: it is 'With the peer reviewer'." in waiting

    council.run(LEAD, "move", audit, "agree")
    told = council.talk(auditor, audit, "1", "s", GOOD, "n", "child, carer")

    assert "Nothing is graded at this stage." in told
    assert "Submitted, saved" in told
