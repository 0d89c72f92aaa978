"""The place of an audit on its way: what was passed, where it is, what lies ahead, and what is not told."""

from pathlib import Path

import pytest
from sqlmodel import col, update

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.queries.track import told_by
from audit_engine.queries.why import why
from audit_engine.records.tables import Audit
from audit_engine.views import AHEAD, HERE, PASSED, TrackView
from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, Live
from tests.actions.live.conftest import audit
from tests.actions.live.plain import FOLDER

__all__ = ["audit"]


def track(live: Live, who: str, audit: str) -> TrackView:
    with live.db.read() as session:
        return why(session, live.who(who), audit).track


def told(view: TrackView, state: str) -> list[str]:
    return [one.title for one in view.stages if one.state == state]


def test_what_was_passed_where_it_is_and_what_lies_ahead(live: Live, audit: str) -> None:
    live.submitted(audit)

    view = track(live, LEAD, audit)

    assert told(view, PASSED) == ["Drawn", "Allocated", "Being graded"]
    assert told(view, HERE) == ["Decided"]
    assert told(view, AHEAD) == ["Shared with the practitioner", "Answered by the practitioner", "Closed"]
    assert {one.on for one in view.stages if one.state == PASSED} == {live.now.date()}
    assert view.waits == (f"the auditor of this audit ({live.auditor(audit)})",)


def test_an_audit_of_before_this_was_kept_is_read_from_its_ledger(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    as_kept = track(live, LEAD, audit).stages
    with live.db.write() as session:
        session.connection().execute(update(Audit).where(col(Audit.reference) == audit).values(entered=None))

    assert track(live, LEAD, audit).stages == as_kept


def test_what_hangs_on_it_waits_with_those_who_may_know(live: Live, audit: str) -> None:
    live.in_moderation(audit)

    assert any(one.startswith("moderation (being graded blind): ") for one in track(live, LEAD, audit).waits)
    assert any(one.startswith("escalation 1 (raised): ") for one in track(live, LEAD, audit).waits)
    assert not any("escalation" in one for one in track(live, ADA, audit).waits)


def test_an_open_escalation_changes_nothing_for_whoever_is_not_told_of_it(live: Live, audit: str) -> None:
    live.submitted(audit, "outstanding", "outstanding")
    before = track(live, EVE, audit)
    live.escalate(audit, live.auditor(audit))
    live.concern(audit, CARA, "acknowledge")  # in hand: whoever may still moderate is not told

    assert track(live, EVE, audit) == before
    assert track(live, LEAD, audit) != before


@pytest.fixture
def graded_ways(tmp_path: Path) -> ReadWorkflow:
    """Where an audit goes is decided by its overall grade, and by an open escalation."""
    text = (FOLDER / "case_audit.yaml").read_text(encoding="utf-8")
    text = text.replace("when: selected_for_moderation}", "when: overall == 'inadequate'}").split("\nproperties:")[0]
    text = text.replace("governs: audit\n", "governs: audit\nscale: four_grade\n")
    text = text.replace(
        "    ends:\n      - {to: answered}",
        "    ends:\n      - {to: shared, when: escalation.open}\n      - {to: answered}",
    )
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "case_audit.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path, proving=False).workflow("case_audit")


def test_stages_that_tell_a_grade_or_an_escalation_are_known_from_the_workflow(graded_ways: ReadWorkflow) -> None:
    assert told_by(graded_ways, grades=False, escalation=False) == frozenset()
    assert told_by(graded_ways, grades=True, escalation=False) == {"submitted", "decided"}
    assert told_by(graded_ways, grades=False, escalation=True) == {"shared", "answered"}


def test_a_pause_is_no_way_on(live: Live, audit: str) -> None:
    """Of the shipped workflow, in which an audit can be paused before it can be submitted."""
    with live.db.read() as session:
        view = why(session, live.who(live.auditor(audit)), audit)

    ahead = [stage.title for stage in view.track.stages if stage.state == AHEAD]
    assert ahead[:2] == ["Being graded", "Decided"]
    assert ahead[-1] == "Closed"
    assert not any("aused" in title for title in ahead)
