"""Audits in progress are moved to another text of their rubric: by criterion, all or none, told for good."""

from dataclasses import replace

import pytest

from audit_engine.actions.command import Command
from audit_engine.actions.rubric_migrating import migrate_rubric
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Refused, Unusable
from audit_engine.queries.rubric_migrating import RubricMigrationView, rubric_migration
from audit_engine.queries.story import story_view
from audit_engine.queries.work import work

from .at_work import AUDITS, EVE, LEAD, Live
from .other_rubrics import NAME, OTHER_WORDS, WITH_TIMELINE, WITHOUT_PLAN, changed, on_strength, timeline


def seen(live: Live, catalogue: Catalogue, who: str = LEAD, *only: str) -> RubricMigrationView:
    """What a dry run shows."""
    with live.db.read() as session:
        return rubric_migration(session, live.who(who), catalogue, NAME, only)


def moved(live: Live, catalogue: Catalogue, who: str = LEAD, *only: str, command: Command | None = None) -> int:
    what = command or live.command()
    return migrate_rubric(live.db, live.who(who), what, catalogue, NAME, at=live.at(), only=only)


def without_plan(live: Live) -> Catalogue:
    return changed(live.catalogue, WITHOUT_PLAN)


def with_timeline(live: Live) -> Catalogue:
    return changed(live.catalogue, WITH_TIMELINE, criteria_9=timeline())


def told(live: Live, audit: str, who: str) -> list[tuple[str, ...]]:
    with live.db.read() as session:
        return [line.says for line in story_view(session, live.who(who), audit, live.catalogue).lines]


def test_looking_first_changes_nothing_and_all_are_moved_in_one_go(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    new, before = changed(live.catalogue, OTHER_WORDS), live.contents()
    was, ratings = live.audit(audit), live.ratings(audit)

    view = seen(live, new)
    assert live.contents() == before
    assert [one.audit for one in view.landings] == list(live.audits)
    assert view.possible
    line = next(one for one in view.landings if one.audit == audit)
    assert (len(line.kept), line.new, line.falling_away, line.ratings_gone) == (18, (), (), ())
    assert (line.waiting, line.changed_grades, line.unanswered, line.suggested) == ((), (), 0, "Good")

    assert moved(live, new) == AUDITS
    row = live.audit(audit)
    assert row == {**was, "rubric_digest": view.digest, "turn": was["turn"] + 1}
    assert live.ratings(audit) == ratings
    newest = live.story(row["key"])[-1]
    assert (newest.kind, newest.role, newest.rubric_digest) == ("rubric_changed", "quality_lead", view.digest)
    assert newest.payload == {
        "from_version": was_version(live), "to_version": "9.0.0",
        "changed": {"rubric_digest": [was["rubric_digest"], view.digest]},
    }  # fmt: skip
    assert ("It goes on under version 9.0.0 (before: 1.1.0) of its rubric.",) in told(live, audit, auditor)
    assert seen(live, new).landings == ()
    assert live.is_sound()


def was_version(live: Live) -> str:
    return live.catalogue.rubric(NAME).rubric.version


def test_what_falls_away_is_kept_in_the_ledger_and_in_the_story(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    kept = live.ratings(audit)
    new = without_plan(live)

    line = next(one for one in seen(live, new).landings if one.audit == audit)
    assert (line.falling_away, line.ratings_gone) == (("rep.plan",), ("rep.plan",))
    others = [one for one in seen(live, new).landings if one.audit != audit]
    assert {one.ratings_gone for one in others} == {()}

    moved(live, new)

    assert kept.pop("rep.plan")["grade"] == "good"
    assert live.ratings(audit) == kept
    entries = live.story(live.audit(audit)["key"])
    assert any(one.payload and one.payload.get("criterion") == "rep.plan" for one in entries)
    assert entries[-1].payload is not None
    assert entries[-1].payload["ratings_gone"] == ["rep.plan"]
    lines = [sentence for says in told(live, audit, auditor) for sentence in says]
    title = live.catalogue.rubric(NAME).criteria["rep.plan"].title
    assert f"{title}: Good." in lines
    assert "1 answer, to a criterion that it does not have any more, fell away. It stands above in this story." in lines
    live.catalogue = new
    live.submit(audit, auditor, "good")
    assert live.is_sound()


def test_a_new_criterion_waits_for_an_answer(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    new = with_timeline(live)

    line = next(one for one in seen(live, new).landings if one.audit == audit)
    assert (line.new, line.waiting, line.unanswered) == (("rec.timeline",), ("rec.timeline",), 1)

    moved(live, new)
    live.catalogue = new
    with live.db.read() as session:
        assert work(session, live.who(auditor), audit).missing == 1
    refused = live.refused(lambda: live.submit(audit, auditor, "good"))
    assert "A time line" in " ".join(reason.text for reason in refused.reasons)
    live.rate(audit, auditor, "rec.timeline", grade="good")
    live.submit(audit, auditor, "good")
    assert live.audit(audit)["overall"] == "good"
    assert live.is_sound()


def test_locked_and_moderated_audits_keep_their_text(live: Live, audit: str) -> None:
    other = next(name for name in live.audits if name != audit)
    live.submitted(audit)
    live.in_moderation(other)
    new, before = without_plan(live), (live.audit(audit), live.audit(other))

    view = seen(live, new)
    assert {one.audit for one in view.staying} == {audit, other}
    assert "locked" in next(one for one in view.staying if one.audit == audit).because
    assert "being moderated" in next(one for one in view.staying if one.audit == other).because

    for name, rule in ((audit, "locked"), (other, "moderated")):
        refused = live.refused(lambda name=name: moved(live, new, LEAD, name))  # type: ignore[misc]  # the default binds it
        assert [reason.rule for reason in refused.reasons] == [rule]
    assert moved(live, new) == AUDITS - 2
    assert (live.audit(audit), live.audit(other)) == before
    assert live.is_sound()


def test_a_returned_audit_is_graded_on_under_the_new_text(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    live.give_back(audit, EVE)
    new = without_plan(live)
    row = live.audit(audit)
    assert (row["overall"], row["suggested"]) == ("inadequate", "inadequate")

    line = next(one for one in seen(live, new).landings if one.audit == audit)
    assert (line.overall, line.suggested, line.barred) == ("Inadequate", "Inadequate", ())
    moved(live, new, LEAD, audit)

    live.catalogue = new
    live.rate(audit, auditor, "safe.da_assessed", grade="good")
    live.submit(audit, auditor, "good")
    assert live.is_sound()


def test_only_those_that_are_named(live: Live, audit: str) -> None:
    new = without_plan(live)

    assert [one.audit for one in seen(live, new, LEAD, audit).landings] == [audit]
    assert moved(live, new, LEAD, audit) == 1
    assert [row["turn"] for row in live.rows("audits") if row["reference"] != audit] == [2] * (AUDITS - 1)
    refused = live.refused(lambda: moved(live, new, LEAD, audit, "nothing"))
    assert [reason.rule for reason in refused.reasons] == ["only", "only"]


def test_a_mapping_says_what_a_grade_becomes_and_the_story_tells(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, rec_readable="outstanding")
    new = on_strength(live.catalogue)

    line = next(one for one in seen(live, new).landings if one.audit == audit)
    assert line.changed_grades is not None
    assert [(one.of, one.was, one.becomes, one.how) for one in line.changed_grades] == [
        ("rec.readable", "Outstanding", "Strength", "mapped")
    ]
    moved(live, new)
    row = live.ratings(audit)["rec.readable"]
    assert (row["grade"], row["grade_order"], row["turn"]) == ("strength", 2, live.audit(audit)["turn"])
    assert live.is_sound()


def test_a_grade_without_an_equal_moves_none(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "rec.readable", grade="requires_improvement", note="Hard to read.")
    new = on_strength(live.catalogue)

    view = seen(live, new)
    assert not view.possible
    assert [one.audit for one in view.landings if one.refused] == [audit]
    refused = live.refused(lambda: moved(live, new))
    (reason,) = refused.reasons
    assert reason.rule == "scale"
    assert reason.text.startswith(f"{audit}: 'A record the child could read' is Requires improvement, which is no")
    live.rate(audit, auditor, "rec.readable", grade="good")
    assert moved(live, new) == AUDITS
    assert live.ratings(audit)["rec.readable"]["grade"] == "sound"
    assert live.is_sound()


def test_what_was_answered_before_is_not_taken_back_and_an_old_picture_is_refused(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "rep.plan", grade="good")
    turn = live.audit(audit)["turn"]
    moved(live, without_plan(live))

    refused = live.refused(lambda: live.undo(audit, auditor))
    assert "to this text of its rubric" in refused.reasons[0].text
    old = replace(Command(), turn=turn)
    refused = live.refused(lambda: live.rate(audit, auditor, "heard.seen", grade="good", command=old))
    assert f"{LEAD} moved it to another text of its rubric" in refused.reasons[0].text
    live.rate(audit, auditor, "heard.seen", grade="good")


def test_there_and_back_and_once_for_one_command(live: Live, audit: str) -> None:
    live.begun(audit)
    command, new = Command(), without_plan(live)

    assert moved(live, new, command=command) == AUDITS
    before = live.contents()
    assert moved(live, new, command=command) == AUDITS
    assert live.contents() == before
    assert moved(live, live.catalogue) == AUDITS
    assert live.audit(audit)["rubric_digest"] == live.catalogue.pins["rubric", NAME].digest
    assert live.is_sound()


def test_only_a_quality_lead_and_only_a_rubric_there_is(live: Live) -> None:
    new = without_plan(live)
    with pytest.raises(Refused, match="cannot move audits"):
        seen(live, new, EVE)
    assert [one.rule for one in live.refused(lambda: moved(live, new, EVE)).reasons] == ["migrate"]
    with pytest.raises(Unusable, match="D018"), live.db.read() as session:
        rubric_migration(session, live.who(LEAD), new, "no_such_rubric")


def test_whoever_may_moderate_it_learns_no_grade(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, rec_readable="requires_improvement")
    live.seated = replace(live.who(LEAD), roles=("quality_lead", "head_of_practice"))
    new = on_strength(live.catalogue)

    line = next(one for one in seen(live, new).landings if one.audit == audit)
    assert line.withheld
    assert (line.waiting, line.ratings_gone, line.changed_grades, line.unanswered) == (None, None, None, None)
    assert (line.suggested, line.overall, line.barred) == (None, None, ())
    assert "readable" not in " ".join(line.refused).lower()
    assert "Requires" not in str(live.refused(lambda: moved(live, new)).reasons)

    live.rate(audit, auditor, "rec.readable", grade="good")
    moved(live, new)
    said = str(told(live, audit, EVE))
    assert "It goes on under version 9.0.0 (before: 1.1.0) of its rubric." in said
    assert "Sound" not in said


def test_no_text_puts_an_audit_under_what_does_not_fit(live: Live, audit: str) -> None:
    new = without_plan(live)
    read = new.rubric(NAME)
    ungraded = replace(read, rubric=read.rubric.model_copy(update={"graded": "never"}))
    never = replace(new, rubrics={**new.rubrics, NAME: ungraded})
    rules = {reason.rule for reason in live.refused(lambda: moved(live, never)).reasons}
    assert rules == {"graded"}
    always = changed(live.catalogue, ("graded: optional", "graded: always"))
    live.begun(audit)
    live.ungraded(audit)
    (reason,) = live.refused(lambda: moved(live, always)).reasons
    assert (reason.rule, reason.text.partition(":")[0]) == ("graded", audit)
    other = changed(live.catalogue, ("subject: case", "subject: practitioner"))
    assert {reason.rule for reason in live.refused(lambda: moved(live, other)).reasons} == {"subject"}
