"""Audits under a workflow that pauses, records, takes opinions, has places, and keeps to windows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.queries.queue import queue
from audit_engine.queries.why import why
from audit_engine.queue_views import QueueLine

from .at_work import ADA, CARA, EVE, LEAD, MAX, Live
from .careful import careful
from .conftest import prepared
from .refusing import with_roles

_FINISH = "Ask them to finish first."


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return careful(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("careful") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


@pytest.fixture
def sound(live: Live) -> Iterator[Live]:
    """As `live`, and everything verifies afterwards."""
    yield live
    assert live.is_sound()


def on(live: Live, year: int, month: int, day: int) -> None:
    """It is that day, in the morning."""
    live.now = datetime(year, month, day, 9, tzinfo=UTC)


def clock(live: Live, audit: str) -> dict[str, Any]:
    row = live.audit(audit)
    return {name: row[name] for name in ("stage", "due", "clock_left", "clock_stopped_at")}


def kinds(live: Live, audit: str) -> list[str]:
    return [line.kind for line in live.story(live.audit(audit)["key"]) if line.kind in ("moved", "recorded")]


def rules(live: Live, audit: str, who: str, event: str, **said: str) -> list[str]:
    return [
        reason.rule for reason in live.refused(lambda: live.move(audit, who, event, None, None, None, **said)).reasons
    ]


def texts(live: Live, audit: str, who: str, event: str, reason: str | None = None, **said: str) -> list[str]:
    return [one.text for one in live.refused(lambda: live.move(audit, who, event, reason, None, None, **said)).reasons]


# --- clocks -----------------------------------------------------------------------------------------------------


def test_what_was_left_when_it_paused_is_left_when_it_goes_on(sound: Live, audit: str) -> None:
    auditor = sound.begun(audit)  # on Monday 8 January, with 10 working days
    assert str(sound.audit(audit)["due"]) == "2024-01-22"
    on(sound, 2024, 1, 10)
    sound.move(audit, auditor, "pause", awaited="The order.", not_until="2024-01-10")
    assert clock(sound, audit) == {"stage": "paused", "due": None, "clock_left": 8, "clock_stopped_at": "grading"}

    on(sound, 2024, 3, 25)
    sound.move(audit, auditor, "resume")

    # Good Friday and Easter Monday are no working days: 26, 27, 28 March, 2, 3, 4, 5 and 8 April are.
    assert str(sound.audit(audit)["due"]) == "2024-04-08"
    assert clock(sound, audit)["clock_left"] is clock(sound, audit)["clock_stopped_at"] is None
    assert sound.audit(audit)["entered"] == {
        "drawn": "2024-01-08", "allocated": "2024-01-08", "paused": "2024-01-10", "grading": "2024-03-25",
    }  # fmt: skip
    assert kinds(sound, audit) == ["moved"] * 4


def test_an_event_that_names_the_stage_it_leaves_begins_its_time_anew(sound: Live, audit: str) -> None:
    before = sound.audit(audit)["due"]
    on(sound, 2024, 1, 12)
    sound.reallocate(audit, LEAD, sound.other_auditor(audit))

    assert (str(before), str(sound.audit(audit)["due"])) == ("2024-01-15", "2024-01-19")
    assert sound.audit(audit)["entered"]["allocated"] == "2024-01-12"


def test_moderations_and_escalations_know_when_they_came_where_they_are(sound: Live, audit: str) -> None:
    sound.compared(audit)
    sound.concern(audit, CARA, "acknowledge")

    today = sound.now.date().isoformat()
    assert sound.moderations(audit)[0]["entered"] == dict.fromkeys(("assigned", "blind", "locked", "compared"), today)
    assert sound.escalations(audit)[0]["entered"] == {"raised": today, "acknowledged": today}
    assert sound.escalations(audit)[0]["due"] == date(2024, 1, 9)  # to acknowledge it gains no time


# --- records ----------------------------------------------------------------------------------------------------


def test_what_is_at_first_is_recorded_from_the_first_day(live: Live, audit: str) -> None:
    assert live.audit(audit)["recorded"] == {"outcome": "unchecked"}


def test_what_is_said_is_kept_and_everything_wrong_is_told_at_once(sound: Live, audit: str) -> None:
    auditor = sound.begun(audit)
    assert texts(sound, audit, auditor, "pause", awaited="\u200b ", not_until="10 January", outcome="sound") == [
        "'Pause the audit' asks for awaited: What the audit waits for. Say it: a sentence or more.",
        "The day it goes on: '10 January' is no day there is. Say a day, like 2024-03-18.",
        "'Pause the audit' does not ask for 'outcome'. It asks for: awaited, not_until.",
    ]
    sound.move(audit, auditor, "pause", awaited=" The court\u2019s \u200border. ", not_until="2024-01-10")

    assert sound.audit(audit)["recorded"] == {
        "outcome": "unchecked", "awaited": "The court\u2019s order.", "not_until": "2024-01-10",
    }  # fmt: skip


def test_two_opinions_move_nothing_and_neither_hides_the_other(sound: Live, audit: str) -> None:
    auditor, earlier = sound.submitted(audit), sound.audits[-1]
    stood = clock(sound, audit), sound.audit(audit)["entered"]
    assert texts(sound, audit, auditor, "give_view", auditors_view="doubtful", earlier=earlier) == [
        f"The audit that looked before: there is no audit '{earlier}' of this case. Check the reference."
    ]
    assert rules(sound, audit, auditor, "give_view", auditors_view="doubtful", earlier=audit) == ["asks"]
    assert "Nobody has said yet that it stands." in texts(sound, audit, MAX, "check")[0]

    sound.move(audit, LEAD, "give_leads_view", leads_view="stands")

    assert kinds(sound, audit) == ["moved", "moved", "moved", "recorded"]
    assert (clock(sound, audit), sound.audit(audit)["entered"]) == stood
    assert sound.audit(audit)["recorded"] == {"outcome": "unchecked", "leads_view": "stands"}


def test_the_same_opinion_given_meanwhile_refuses_an_older_picture_and_no_other_does(sound: Live, audit: str) -> None:
    from audit_engine.actions.command import Command

    auditor = sound.submitted(audit)
    seen = sound.audit(audit)["turn"]
    sound.move(audit, LEAD, "give_leads_view", leads_view="doubtful")
    refused = sound.refused(
        lambda: sound.move(audit, LEAD, "give_leads_view", command=Command(turn=seen), leads_view="stands")
    )
    assert refused.reasons[0].rule == "turn"
    assert "did 'Say what the quality lead thinks of it'" in refused.reasons[0].text

    sound.move(audit, auditor, "share", command=Command(turn=seen))


def test_an_event_opens_what_hangs_on_the_audit_and_another_waits_until_it_has_ended(sound: Live, audit: str) -> None:
    from audit_engine.actions.command import Command
    from audit_engine.actions.matters import move_matter

    auditor = sound.submitted(audit)
    sound.move(audit, LEAD, "give_leads_view", leads_view="stands")
    sound.move(audit, auditor, "doubt", "Two dates do not fit.")

    (matter,) = sound.rows("matters")
    assert (matter["reference"], matter["link"], matter["hangs_on"]) == ("DBT-0001", "doubt", sound.audit(audit)["key"])
    assert sound.audit(audit)["stage"] == "decided"
    assert texts(sound, audit, MAX, "check") == ["Still open here: doubt. Have it brought to an end first."]
    with sound.db.read() as session:
        view = why(session, sound.who(LEAD), audit)
    assert "doubt about an audit DBT-0001 (raised): a quality lead" in "; ".join(view.track.waits)
    step = next(one for one in view.machines[0].steps if one.event == "doubt")
    assert (step.opens, step.to) == (("doubt",), "it stays where it is")

    move_matter(sound.db, sound.who(LEAD), Command(), "DBT-0001", "settle", at=sound.at(), definitions=sound.in_force)
    sound.move(audit, MAX, "check")


# --- places and holds -------------------------------------------------------------------------------------------


def test_whoever_acts_first_takes_the_place_and_holds_it(sound: Live, audit: str) -> None:
    sound.submitted(audit)
    sound.move(audit, LEAD, "give_leads_view", leads_view="stands")
    assert rules(sound, audit, CARA, "check") == ["checker_is_manager"]
    sound.import_people(P_9=with_roles(MAX, ("manager", "North Wren", "North Wren"), ("head_of_practice", None, None)))

    sound.move(audit, MAX, "check")

    key = sound.row("people", reference=MAX)["key"]
    assert sound.audit(audit)["places"] == {"checker": key.hex}
    assert texts(sound, audit, LEAD, "find_sound") == [
        f"It is held by the checker of this audit ({MAX}) at present: it can be read, not changed. {_FINISH}"
    ]
    sound.move(audit, MAX, "find_sound")
    assert (sound.audit(audit)["stage"], sound.audit(audit)["recorded"]["outcome"]) == ("shared", "sound")


def test_what_breaks_the_hold_can_be_done(sound: Live, audit: str) -> None:
    sound.submitted(audit)
    sound.move(audit, LEAD, "give_leads_view", leads_view="stands")
    sound.move(audit, MAX, "check")

    sound.move(audit, LEAD, "withdraw", "wrong_case_drawn")

    assert sound.audit(audit)["stage"] == "withdrawn"


# --- windows ----------------------------------------------------------------------------------------------------


def shared(live: Live, audit: str) -> None:
    auditor = live.submitted(audit)
    on(live, 2024, 3, 21)  # Thursday; Good Friday and Easter Monday are 29 March and 1 April
    live.move(audit, auditor, "share")


def test_a_window_is_open_to_its_last_day_across_bank_holidays(sound: Live, audit: str) -> None:
    shared(sound, audit)
    on(sound, 2024, 4, 9)
    refused = sound.refused(lambda: sound.answer(audit, ADA, "accepted"))
    assert [one.text for one in refused.reasons] == [
        "This could be done until 8 April 2024: 10 working days after 'Shared with the practitioner'."
    ]
    on(sound, 2024, 4, 8)
    assert texts(sound, audit, LEAD, "close_unanswered", "No answer.") == [
        "This can be done from 9 April 2024 on: more than 10 working days after 'Shared with the practitioner'."
    ]
    sound.answer(audit, ADA, "accepted")


def test_the_other_window_opens_the_day_after(sound: Live, audit: str) -> None:
    shared(sound, audit)
    on(sound, 2024, 4, 9)

    sound.move(audit, LEAD, "close_unanswered", "No answer.")

    assert sound.audit(audit)["stage"] == "closed"
    assert sound.audit(audit)["due"] is None


def test_it_does_not_go_on_before_the_recorded_day(sound: Live, audit: str) -> None:
    auditor = sound.begun(audit)
    sound.move(audit, auditor, "pause", awaited="The order.", not_until="2024-01-10")
    assert texts(sound, audit, auditor, "resume") == ["Not before 10 January 2024: The day it goes on."]
    on(sound, 2024, 1, 10)
    sound.move(audit, auditor, "resume")


# --- keeping out ------------------------------------------------------------------------------------------------


def test_the_checker_does_not_moderate_whatever_else_they_are(sound: Live, audit: str) -> None:
    sound.import_people(P_9=with_roles(MAX, ("manager", "North Wren", "North Wren"), ("head_of_practice", None, None)))
    sound.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    assert [line.reference for line in waiting(sound, MAX)] == [audit]

    sound.move(audit, MAX, "look_over")

    assert kinds(sound, audit)[-1] == "recorded"
    refused = sound.refused(lambda: sound.take(audit, MAX))
    assert [one.text for one in refused.reasons] == [
        f"{MAX} is the checker here, and 'Take the audit on to moderate it' is for somebody else."
    ]
    assert waiting(sound, MAX) == []
    assert [line.reference for line in waiting(sound, EVE)] == [audit]
    sound.take(audit, EVE)


# --- queues -----------------------------------------------------------------------------------------------------


def waiting(live: Live, who: str) -> list[QueueLine]:
    """What waits for somebody, but for escalations."""
    with live.db.read() as session:
        return [line for line in queue(session, live.who(who)) if line.number is None]


def test_a_paused_audit_waits_for_its_auditor(sound: Live, audit: str) -> None:
    auditor = sound.begun(audit)
    sound.move(audit, auditor, "pause", awaited="The order.", not_until="2024-01-10")

    (line,) = [one for one in waiting(sound, auditor) if one.reference == audit]

    assert (line.state, line.due, line.work, line.what) == ("to resume", None, "steps", f"audit why {audit}")


def test_what_waits_for_a_free_place_is_in_the_queue_of_those_who_may_take_it(live: Live, audit: str) -> None:
    """Also of those who would not see it by their team; and once somebody took it, of nobody else."""
    live.submitted(audit)
    live.move(audit, LEAD, "give_leads_view", leads_view="stands")
    live.move(audit, LEAD, "have_checked")
    assert live.audit(audit)["places"] is None

    assert [(one.reference, one.state) for one in waiting(live, MAX)] == [(audit, "to find sound")]
    assert [one.reference for one in waiting(live, CARA)] == []  # she manages the practitioner
    with live.db.read() as session:
        assert why(session, live.who(MAX), audit).machines[0].waits_for == "the checker of this audit"
    live.move(audit, MAX, "find_sound")
    assert live.audit(audit)["places"] == {"checker": live.row("people", reference=MAX)["key"].hex}
    assert live.is_sound()
