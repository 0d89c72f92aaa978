"""Open audits are moved to another text of their workflow: all of them or none, seen first, told for good."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from audit_engine.calendars import working_days_after
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.exchange.lines import PersonLine
from audit_engine.problems import Refused, Unusable
from audit_engine.queries.migrating import migration
from audit_engine.views import MigrationView

from .at_work import ADA, AUDITS, CARA, EVE, LEAD, Live, people, role
from .conftest import prepared, unselected
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


def test_blind_grades_are_never_put_where_the_auditors_are_shown(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    new = changed(live.catalogue, name="moderation", begin_blind="begin")

    assert rules(live, new, name="moderation", renamed={"blind": "compared"}) == ["map", "locked"]


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
