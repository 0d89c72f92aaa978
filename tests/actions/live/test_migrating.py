"""Open audits are moved to another text of their workflow: all of them or none, seen first, told for good."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from audit_engine.actions.command import Command
from audit_engine.calendars import working_days_after
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused, Unusable
from audit_engine.queries.migrating import migration
from audit_engine.queries.queue import queue_page
from audit_engine.queries.story import story_view
from audit_engine.queries.why import why
from audit_engine.queries.work import shared_view
from audit_engine.views import MigrationView

from .conftest import ADA, AUDITS, CARA, EDGAR, EVE, LEAD, Live, Workers, people, prepared, role, unselected
from .other_texts import LONGER, TIMELESS, changed

WAITING = {"submitted": "waiting"}


def seen(live: Live, catalogue: Catalogue, who: str = LEAD, name: str = "case_audit", **how: Any) -> MigrationView:
    """What a dry run shows."""
    renamed = how.pop("renamed", {})
    with live.db.read() as session:
        return migration(session, live.who(who), catalogue.workflow(name), renamed, **how)


def rules(live: Live, catalogue: Catalogue, **how: Any) -> list[str]:
    """The rules by which a migration is refused, having changed nothing."""
    return [reason.rule for reason in live.refused(lambda: live.migrate(catalogue, **how)).reasons]


def test_looking_first_changes_nothing_and_tells_what_is_done_then(live: Live, audit: str) -> None:
    live.begun(audit)
    before, new = live.contents(), changed(live.catalogue, LONGER)

    view = seen(live, new)

    assert live.contents() == before
    assert view.possible
    assert [one.audit for one in view.landings] == list(live.audits)
    told = {one.audit: (one.from_stage, one.from_version, one.to_stage, one.due_then) for one in view.landings}
    live.migrate(new)
    for name, (_, version, title, due) in told.items():
        row = live.audit(name)
        assert (version, row["workflow_digest"]) == ("1.2.0", view.digest)
        assert (new.workflow("case_audit").stage(row["stage"]).title, row["due"]) == (title, due)
    assert seen(live, new).landings == ()


def test_one_entry_for_each_in_one_go(live: Live, audit: str) -> None:
    live.begun(audit)
    new, checkpoints = changed(live.catalogue, LONGER), len(live.rows("checkpoints"))
    was = {name: live.audit(name) for name in live.audits}

    assert live.migrate(new) == AUDITS

    for name, before in was.items():
        row = live.audit(name)
        newest = live.story(row["key"])[-1]
        assert (newest.kind, newest.turn, newest.role) == ("migrated", before["turn"] + 1, "quality_lead")
        assert newest.payload is not None
        assert newest.payload["changed"].pop("workflow_digest") == [before["workflow_digest"], row["workflow_digest"]]
        assert newest.payload == {
            "from_version": "1.2.0", "to_version": "1.3.0", "to": row["stage"],
            "changed": {"due": [str(before["due"]), str(row["due"])]} if name == audit else {},
        }  # fmt: skip
        assert newest.workflow_digest == row["workflow_digest"]
        kept = {column: value for column, value in row.items() if column not in ("turn", "workflow_digest", "due")}
        assert kept == {column: before[column] for column in kept}
    assert len(live.rows("checkpoints")) == checkpoints + 1
    assert live.is_sound()


def test_the_due_day_stays_where_the_time_does_and_else_counts_from_the_day_it_came_there(
    live: Live, audit: str
) -> None:
    live.begun(audit)
    begun, other = live.now.date(), next(name for name in live.audits if name != audit)
    before = live.audit(other)["due"]
    live.now = live.now.replace(day=22)
    live.migrate(changed(live.catalogue, LONGER))

    assert live.audit(audit)["due"] == working_days_after(begun, 15) != working_days_after(live.now.date(), 15)
    assert live.audit(other)["due"] == before

    live.migrate(changed(live.catalogue, TIMELESS, version="1.4.0"))
    assert live.audit(audit)["due"] is None
    live.migrate(live.catalogue)
    assert live.audit(audit)["due"] == working_days_after(begun, 10)
    assert live.is_sound()


def test_a_stage_that_is_gone_needs_to_be_told_what_it_becomes(live: Live, audit: str) -> None:
    live.submitted(audit, "outstanding", "outstanding")
    new = changed(live.catalogue, **WAITING)

    view = seen(live, new)
    assert [one.audit for one in view.landings if one.refused] == [audit]
    assert next(one for one in view.landings if one.refused).to_stage is None
    refused = live.refused(lambda: live.migrate(new))
    assert [reason.rule for reason in refused.reasons] == ["stage"]
    assert refused.reasons[0].text.startswith(
        f"{audit}: It is 'Submitted for moderation' (submitted), and version 1.3.0 has no stage 'submitted'. Say which"
    )

    live.migrate(new, renamed=WAITING)
    assert live.audit(audit)["stage"] == "waiting"
    live.take(audit, EVE)
    assert live.audit(audit)["stage"] == "moderation"
    assert live.is_sound()


def test_refused_whole_when_one_lands_nowhere(live: Live, audit: str) -> None:
    """Every reason of every audit is told at once."""
    other = next(name for name in live.audits if name != audit)
    live.submitted(audit, "outstanding", "outstanding")
    live.submitted(other, "inadequate", safe_da_assessed="inadequate")

    refused = live.refused(lambda: live.migrate(changed(live.catalogue, LONGER, **WAITING)))

    assert [reason.text.partition(":")[0] for reason in refused.reasons] == sorted([audit, other])


@pytest.mark.parametrize(
    ("renamed", "told"),
    [
        ({"submited": "waiting"}, ["map"]),
        ({"submitted": "wating"}, ["map"]),
        ({"submited": "wating", "x": "waiting"}, ["map", "map", "map"]),
        ({"submitted": "closed"}, ["final"]),
        ({"submitted": "grading"}, ["locked"]),
        ({"submitted": "decided"}, ["final"]),
        ({"submitted": "drawn"}, ["locked", "allocated"]),
        ({"submitted": "moderation"}, ["moderated"]),
    ],
)
def test_no_text_puts_an_audit_where_no_event_could(
    live: Live, audit: str, renamed: dict[str, str], told: list[str]
) -> None:
    live.submitted(audit, "outstanding", "outstanding")

    assert rules(live, changed(live.catalogue, **WAITING), renamed=renamed) == told


def test_only_what_cannot_stay_is_called_something_else(live: Live, audit: str) -> None:
    """Else it would be led on without the event, and whatever the event asks."""
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    new = changed(live.catalogue, LONGER)

    assert rules(live, new, renamed={"shared": "answered"}) == ["map"]
    assert rules(live, new, renamed={"allocated": "grading"}) == ["map"] * (AUDITS - 1)


def test_an_audit_that_is_moderated_stays_where_that_is_done(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    new = changed(live.catalogue, moderation="second_look")

    assert rules(live, new, renamed={"moderation": "second_look"}) == ["moderated"]
    assert rules(live, new, renamed={"moderation": "submitted"}) == ["moderated"]


def test_what_the_new_text_promises_is_kept(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    live.submit(audit, auditor, "good", feedback_from=(), feedback_reason="Nobody came.")
    promise = "  - says: Nothing is decided unheard.\n    never: stage == 'decided' && feedback == 'none'\n"
    new = changed(live.catalogue, ("properties:\n", f"properties:\n{promise}"))

    refused = live.refused(lambda: live.migrate(new))

    assert [reason.rule for reason in refused.reasons] == ["property"]
    assert refused.reasons[0].text.endswith("break what the new text promises: Nothing is decided unheard.")


def test_what_is_closed_stays_as_it_is(live: Live, audit: str) -> None:
    live.begun(audit)
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
    before = live.audit(audit)

    assert live.migrate(changed(live.catalogue, LONGER)) == AUDITS - 1
    assert live.audit(audit) == before


def test_only_what_began_under_one_version(live: Live, audit: str) -> None:
    second, third = changed(live.catalogue, LONGER), changed(live.catalogue, LONGER, version="1.4.0")
    live.migrate(second)
    line = next(one for one in seen(live, third).landings if one.audit == audit)
    assert (line.from_version, line.from_digest) == ("1.3.0", second.workflow("case_audit").digest)

    assert live.migrate(third, version="1.2.0") == 0
    with pytest.raises(Unusable, match="W064") as unusable:
        live.migrate(third, version="1.0.0")
    assert "There are: 1.2.0, 1.3.0." in str(unusable.value)
    assert live.migrate(third, version=line.from_digest[:8]) == AUDITS


def test_a_text_that_was_changed_under_its_version_is_another_text(live: Live, audit: str) -> None:
    same = changed(live.catalogue, LONGER, version="1.2.0")
    live.begun(audit)

    assert live.migrate(same) == AUDITS
    assert live.audit(audit)["workflow_digest"] == same.workflow("case_audit").digest


@pytest.mark.parametrize("who", [ADA, CARA, EVE, "P-5", "administrator"])
def test_only_a_quality_lead_may(live: Live, who: str) -> None:
    if who == "administrator":
        live.import_people(P_20=PersonLine(2, "P-20", "Ann Poe", (role("administrator"),)))
        who = "P-20"
    new = changed(live.catalogue, LONGER)

    assert rules(live, new, who=who) == ["migrate"]
    with pytest.raises(Refused, match="Who may: a quality lead"):
        seen(live, new, who)


# What comes after.


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


def test_blind_grades_are_never_put_where_the_auditors_are_shown(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    new = changed(live.catalogue, name="moderation", begin_blind="begin")

    assert rules(live, new, name="moderation", renamed={"blind": "compared"}) == ["map", "locked"]


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


def test_whoever_may_grade_blind_lists_no_escalations(live: Live, audit: str) -> None:
    both = replace(people()[EVE], roles=(role("head_of_practice"), role("quality_lead")))
    live.import_people(P_7=both)
    live.escalate(audit, ADA)
    new = changed(live.catalogue, LONGER), changed(live.catalogue, name="escalation")

    with pytest.raises(Refused, match="not told of every escalation"):
        seen(live, new[1], EVE, "escalation")
    assert rules(live, new[1], who=EVE, name="escalation") == ["migrate"]
    assert live.migrate(new[0], who=EVE) == AUDITS


def test_nothing_is_kept_of_a_text_nobody_is_moved_to(live: Live) -> None:
    new = changed(live.catalogue, LONGER)
    for name in live.audits:
        live.move(name, LEAD, "withdraw", "wrong_case_drawn")
    before = live.contents()

    assert live.migrate(new) == 0
    assert live.contents() == before


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_address: str, catalogue: Catalogue) -> None:
    live = prepared(postgres_address, catalogue)
    with live.db:
        audit = unselected(live)
        live.in_moderation(audit)
        assert live.migrate(changed(catalogue, LONGER)) == AUDITS
        assert live.migrate(changed(catalogue, name="moderation"), name="moderation") == 1
        assert isinstance(live.audit(audit)["due"], date)
        live.grade_all(audit, EVE, blind=True)
        assert live.is_sound()
