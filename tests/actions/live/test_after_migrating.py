"""What was moved to another text of its workflow goes on under it, and what happened before reads as before."""

from dataclasses import replace
from uuid import uuid4

import pytest

from audit_engine.actions.command import Command
from audit_engine.problems import Refused
from audit_engine.queries.queue import queue_page
from audit_engine.queries.story import story_view
from audit_engine.queries.why import why
from audit_engine.queries.work import shared_view

from .at_work import ADA, CARA, EDGAR, EVE, LEAD, Live
from .conftest import Workers
from .other_texts import LONGER, changed
from .test_migrating import seen


def test_the_audit_goes_on_under_the_new_text(live: Live, audit: str) -> None:
    """A grade is saved as before; what submitting asks is what the new text asks."""
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    asks = "      - {when: collaborative, otherwise: Do it together.}\n    locks: grades"
    live.migrate(changed(live.catalogue, ("    locks: grades", asks)))
    live.rate(audit, auditor, "rep.plan", note="Page 4.")

    refused = live.refused(lambda: live.submit(audit, auditor, "good"))
    assert [reason.text for reason in refused.reasons] == ["Do it together."]
    live.submit(audit, auditor, "good", collaborative=True)
    live.move(audit, auditor, "share")
    live.answer(audit, ADA, "accepted")
    live.move(audit, CARA, "close")

    assert live.audit(audit)["stage"] == "closed"
    assert {line.workflow_digest for line in live.story(live.audit(audit)["key"])[-5:]} == {
        live.audit(audit)["workflow_digest"]
    }
    assert live.is_sound()


def test_what_was_seen_before_is_out_of_date_only_where_the_stage_has_another_name(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    turn = live.audit(audit)["turn"]
    live.migrate(changed(live.catalogue, LONGER))
    live.rate(audit, auditor, "rep.plan", grade="good", command=Command(turn=turn))

    turn = live.audit(audit)["turn"]
    live.migrate(changed(live.catalogue, version="1.4.0", grading="marking"), renamed={"grading": "marking"})
    refused = live.refused(lambda: live.rate(audit, auditor, "heard.seen", grade="good", command=Command(turn=turn)))
    assert [reason.rule for reason in refused.reasons] == ["turn"]
    assert "P-1 moved it to another text of its workflow, where it is 'Being graded', at " in refused.reasons[0].text

    live.rate(audit, auditor, "heard.seen", grade="good")
    for _ in range(2):
        live.undo(audit, auditor)
    assert live.ratings(audit) == {}
    assert live.is_sound()


def test_who_grades_meanwhile_loses_nothing(live: Live, audit: str, workers: Workers) -> None:
    """One process grades an audit, another moves it to another text: each answer is saved, under one or the other."""
    live.begun(audit)
    before, criteria = live.audit(audit)["turn"], live.expected()
    part = {"file": str(live.address), "audit": audit}

    ended = workers([
        {**part, "deed": "rate_many", "criteria": criteria},
        {**part, "deed": "migrate", "command": uuid4().hex},
    ])  # fmt: skip

    story = live.story(live.audit(audit)["key"])[before:]
    assert ended == [0, 0]
    assert [line.kind for line in story if line.kind != "rated"] == ["migrated"]
    assert set(live.ratings(audit)) == set(criteria)
    at = [line.kind for line in story].index("migrated")
    assert {line.workflow_digest for line in story[at:]} == {live.audit(audit)["workflow_digest"]}
    assert live.audit(audit)["workflow_digest"] not in {line.workflow_digest for line in story[:at]}
    assert live.is_sound()


def test_its_story_says_what_things_were_called_when_they_happened(live: Live, audit: str) -> None:
    auditor = live.submitted(audit)
    titles = ("title: Decided", "title: Settled"), ("title: Begin the audit", "title: Start it")
    live.migrate(changed(live.catalogue, *titles, decided="settled"), renamed={"decided": "settled"})
    live.move(audit, auditor, "share")

    with live.db.read() as session:
        lines = story_view(session, live.who(LEAD), audit, live.catalogue).lines
        machine = why(session, live.who(LEAD), audit).machines[0]
    said = [line.says[0] for line in lines]
    assert "Begin the audit: now 'Being graded'." in said
    assert "Submit the audit: now 'Decided'." in said
    assert "It goes on under version 1.3.0 (before: 1.2.0) of its workflow: now 'Settled'." in said
    assert said[-1] == "Share the audit with the practitioner: now 'Shared with the practitioner'."
    assert "Something else" not in repr(lines)
    assert machine.stage == "Shared with the practitioner"


def test_what_was_shared_stays_shared_and_what_is_final_stays_open(live: Live, audit: str) -> None:
    """Who may read what is asked of where the audit has been, as the texts of those days called it."""
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    live.answer(audit, ADA, "accepted")
    other = next(name for name in live.audits if name != audit)
    new = changed(live.catalogue, shared="told", decided="settled")

    def read() -> tuple[object, ...]:
        with live.db.read() as session:
            shared = shared_view(session, live.who(ADA), audit)
            groups = [(one.group, one.reference) for one in queue_page(session, live.who(ADA))]
            grades = story_view(session, live.who(EDGAR), audit, new).withheld
            with pytest.raises(Refused):
                shared_view(session, live.who(ADA), other)
        return replace(shared, turn=0), groups, grades

    before = read()
    assert before[1:] == ([("others", audit)], None)
    live.migrate(new)
    assert read() == before


def test_a_moderation_under_way_keeps_its_own_text_until_that_is_moved(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    (moderation,) = live.moderations(audit)
    live.migrate(changed(live.catalogue, LONGER))
    assert live.moderations(audit) == [moderation]

    new = changed(live.catalogue, ("title: Being graded blind", "title: Blind"), name="moderation")
    view = seen(live, new, name="moderation")
    assert [(one.audit, one.number, one.to_stage) for one in view.landings] == [(audit, 1, "Blind")]
    assert live.migrate(new, name="moderation") == 1

    after = live.moderations(audit)[0]
    assert (after["stage"], after["workflow_digest"]) == ("blind", view.digest)
    assert [line.kind for line in live.story(after["key"])] == ["assigned", "migrated"]
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    assert live.migrate(live.catalogue, name="moderation") == 1
    live.decide(audit, EVE, "safe.da_assessed", "moderator")
    live.finalise(audit, EVE, "good", "It was assessed.")
    assert live.migrate(new, name="moderation") == 0
    with live.db.read() as session:
        told = story_view(session, live.who(LEAD), audit, live.catalogue).lines
    assert sum("goes on under version" in line.says[0] for line in told) == 3
    assert live.is_sound()


def test_escalations_go_on_under_a_new_text(live: Live, audit: str) -> None:
    live.escalate(audit, ADA)
    live.concern(audit, CARA, "acknowledge")
    new = changed(live.catalogue, ("title: Raised", "title: Feared"), name="escalation", acted="helped")

    assert live.migrate(new, name="escalation") == 1
    live.concern(audit, CARA, "act", "Went to see.")
    assert live.escalations(audit)[0]["stage"] == "helped"
    live.concern(audit, LEAD, "close", "Safe.")
    with live.db.read() as session:
        told = story_view(session, live.who(LEAD), audit, live.catalogue).lines
    assert any(line.says[0].startswith("Escalation 1 goes on under version 1.3.0") for line in told)
    assert live.is_sound()
