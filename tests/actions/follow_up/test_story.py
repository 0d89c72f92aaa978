"""Actions, challenges, requests for help, learning points and another audit, from being opened to their end."""

from datetime import date, timedelta

from audit_engine.queries.links import linked
from tests.actions.live.at_work import ADA, CARA, DEE, EDGAR, EVE, LEAD, MAX

from .conftest import Following


def test_an_action_from_an_audit_to_its_end(live: Following, audit: str) -> None:
    """Opened by the auditor, done by the manager of the case, looked at by another manager."""
    auditor = live.shared(audit)
    action = live.open(auditor, "action", "Write the safety plan anew.", hangs_on=audit)
    row = live.matter(action)

    assert action == "ACT-0001"
    assert (row["stage"], row["open"], row["words"]) == ("assigned", True, "Write the safety plan anew.")
    assert row["hangs_on"] == row["audit"] == live.audit(audit)["key"]
    assert row["places"] == {"raised_by": live.person(auditor).hex, "owner": live.person(CARA).hex}
    assert row["recorded"] == {"progress": "begun"}
    assert row["due"] == date(2024, 1, 15)
    assert row["entered"] == {"assigned": "2024-01-08"}

    live.event(action, CARA, "start")
    live.event(action, CARA, "tell_progress", said={"progress": "nearly"})
    assert live.matter(action)["stage"] == "in_progress"
    live.event(action, CARA, "submit_evidence", said={"evidence": "The plan is on the record of 8 January."})
    live.event(action, MAX, "reject", reason="It has no date for the next visit.")
    live.event(action, CARA, "submit_evidence", said={"evidence": "Now with the date of the next visit."})
    live.event(action, MAX, "verify")

    row = live.matter(action)
    assert (row["stage"], row["open"], row["due"]) == ("closed", False, None)
    assert row["ended_at"] is not None
    assert row["places"]["checker"] == live.person(MAX).hex
    assert row["recorded"] == {"progress": "nearly", "evidence": "Now with the date of the next visit."}
    assert live.told(action, LEAD) == (
        (f"{auditor} as auditor: Action opened from {audit}. It is about: Write the safety plan anew. Owner: P-4."),
        "P-4 as manager: Start the action: now 'In progress'.",
        "P-4 as manager: Tell how far it is. How far it is: nearly.",
        (
            "P-4 as manager: Submit the evidence: now 'Evidence submitted'."
            " What shows that it was done: The plan is on the record of 8 January."
        ),
        (
            "P-9 as manager: Reject the evidence: now 'In progress'. Because: It has no date for the next visit."
            " Checker: P-9."
        ),
        (
            "P-4 as manager: Submit the evidence: now 'Evidence submitted'."
            " What shows that it was done: Now with the date of the next visit."
        ),
        "P-9 as manager: Verify the evidence: now 'Closed'.",
    )
    assert live.is_sound()


def test_whoever_rejected_it_checks_it_again_and_nobody_else(live: Following, audit: str) -> None:
    action = live.evidenced(audit)
    live.import_people(P_6=None)
    live.event(action, MAX, "reject", reason="No date.")
    live.event(action, CARA, "submit_evidence", said={"evidence": "With a date."})

    refused = live.refused(lambda: live.event(action, CARA, "verify"))

    assert [reason.text for reason in refused.reasons] == [
        "P-4 may not do this: it is for the checker (P-9). Ask them.",
        "This is for P-4, so somebody else must end it, after looking at it. `audit why` says who may.",
    ]


def test_somebody_else_is_named_and_takes_it_over(live: Following, audit: str) -> None:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    first_due = live.matter(action)["due"]
    live.now += timedelta(days=1)
    live.event(action, CARA, "hand_over", reason="Long leave.", named={"owner": MAX})

    row = live.matter(action)
    assert (row["stage"], row["places"]["owner"]) == ("assigned", live.person(MAX).hex)
    assert row["due"] != first_due
    live.event(action, MAX, "start")
    assert live.is_sound()


def test_named_when_it_is_opened(live: Following, audit: str) -> None:
    auditor = live.shared(audit)
    action = live.open(auditor, "action", hangs_on=audit, named={"owner": MAX})

    assert live.matter(action)["places"]["owner"] == live.person(MAX).hex
    assert live.open(auditor, "action", hangs_on=audit) == "ACT-0002"


def test_a_challenge_is_opened_by_the_answer(live: Following, audit: str) -> None:
    challenge = live.challenged(audit)
    row, answered = live.matter(challenge), live.audit(audit)

    assert (challenge, row["link"], row["hangs_on"]) == ("CHA-0001", "challenge", answered["key"])
    assert (row["words"], row["opened_by"]) == ("I saw the children twice.", live.person(ADA))
    assert row["places"] == {"raised_by": live.person(ADA).hex}
    assert answered["stage"] == "answered"
    assert live.story(row["key"])[0].at == live.story(answered["key"])[-1].at

    live.event(challenge, LEAD, "decide", reason="grades_stand", said={"outcome": "rejected"})

    row = live.matter(challenge)
    assert (row["stage"], row["open"], row["places"]["decided_by"]) == ("rejected", False, live.person(LEAD).hex)
    assert not [one for one in live.rows("audits") if one["stream"] == "re_audit"]
    assert live.told(challenge, ADA)[-1] == (
        "P-1 as quality lead: Decide the challenge: now 'Rejected'. Because: The grades stand."
        " What came of it: rejected. Decided by: P-1."
    )
    assert live.is_sound()


def test_an_answer_that_accepts_opens_nothing(live: Following, audit: str) -> None:
    live.shared(audit)
    live.answer(audit, ADA, "accepted")

    assert live.rows("matters") == []


def test_a_challenge_that_is_upheld_has_the_case_looked_at_again(live: Following, audit: str) -> None:
    challenge = live.challenged(audit)
    live.event(challenge, LEAD, "decide", reason="facts_were_wrong", said={"outcome": "upheld"})

    before, looked = live.audit(audit), live.audit(f"{audit}-R1")
    assert {name: looked[name] for name in ("case_key", "rubric_digest", "subject", "practitioner", "team")} == {
        name: before[name] for name in ("case_key", "rubric_digest", "subject", "practitioner", "team")
    }
    assert (looked["stream"], looked["programme"], looked["draw"]) == ("re_audit", None, None)
    assert (looked["stage"], looked["auditor"], looked["manager"]) == ("drawn", None, live.person(CARA))
    assert looked["hangs_on"] == live.matter(challenge)["key"]
    assert live.told(challenge, LEAD)[-1].endswith(f"It opened {audit}-R1.")
    assert live.is_sound()


def test_another_audit_is_opened_by_hand_and_the_next_has_the_next_number(live: Following, audit: str) -> None:
    live.shared(audit)
    live.answer(audit, ADA, "accepted")

    assert live.open(LEAD, "re_audit", hangs_on=audit) == f"{audit}-R1"
    assert live.open(LEAD, "re_audit", hangs_on=audit) == f"{audit}-R2"
    assert live.is_sound()


def test_help_hangs_on_an_action_and_holds_it_back(live: Following, audit: str) -> None:
    """Two levels: what hangs on the action must be given or refused before its evidence is handed in."""
    action = live.acting(audit)
    live.event(action, CARA, "start")
    live.event(action, CARA, "tell_progress", said={"progress": "nearly"})
    help_ = live.open(CARA, "help", "Who holds the key to the old file?", hangs_on=action)
    workflow = live.catalogue.workflow("action")
    with live.db.read() as session:
        assert linked(session, live.matter(action)["key"], workflow)["help"].open == 1

    evidence = {"evidence": "The plan is on the record."}
    refused = live.refused(lambda: live.event(action, CARA, "submit_evidence", said=evidence))
    assert [reason.text for reason in refused.reasons] == [
        "Still open here: request for help. Have it brought to an end first."
    ]
    asked = live.matter(help_)["places"]["asked"]
    assert asked == live.matter(action)["places"]["raised_by"]
    auditor = next(row["reference"] for row in live.rows("people") if row["key"].hex == asked)
    live.event(help_, auditor, "give")
    with live.db.read() as session:
        told = linked(session, live.matter(action)["key"], workflow)["help"]
    assert (told.open, told.opened, told.ended) == (0, 1, "given")
    live.event(action, CARA, "submit_evidence", said=evidence)
    assert live.is_sound()


def test_what_ended_last_is_told_last(live: Following, audit: str) -> None:
    action = live.acting(audit)
    first = live.open(CARA, "help", hangs_on=action)
    second = live.open(CARA, "help", hangs_on=action)
    auditor = next(who for who in (DEE, "P-6") if live.person(who).hex == live.matter(first)["places"]["asked"])
    live.event(second, auditor, "give")
    live.event(first, auditor, "refuse", reason="It is not ours.")

    with live.db.read() as session:
        told = linked(session, live.matter(action)["key"], live.catalogue.workflow("action"))["help"]
    assert (told.open, told.opened, told.ended) == (0, 2, "refused")


def test_a_learning_point_stands_on_its_own(live: Following) -> None:
    point = live.open(EVE, "learning", "Ask who holds the key.", subject="North  Heron")

    row = live.matter(point)
    assert (row["audit"], row["subject"], row["hangs_on"]) == (None, "North Heron", None)
    live.event(point, EDGAR, "share")
    assert live.matter(point)["stage"] == "shared"
    assert live.told(point, EVE) == (
        (
            "P-7 as head of practice: Learning point opened. It is about: Ask who holds the key."
            " It concerns: North Heron."
        ),
        "P-8 as head of practice: Share what was learnt: now 'Shared'.",
    )


def test_a_learning_point_from_an_audit_knows_its_team(live: Following, audit: str) -> None:
    auditor = live.shared(audit)
    point = live.open(auditor, "lesson", "Ask who holds the key.", hangs_on=audit)

    assert (live.matter(point)["subject"], live.matter(point)["link"]) == ("North Heron", "lesson")


def test_an_action_about_an_audit_without_hanging_on_it(live: Following, audit: str) -> None:
    live.shared(audit)
    action = live.open(LEAD, "action", audit=audit, named={"owner": CARA})

    assert (live.matter(action)["audit"], live.matter(action)["hangs_on"]) == (live.audit(audit)["key"], None)
    live.event(action, CARA, "start")


def test_the_clock_lets_an_action_lapse(live: Following, audit: str) -> None:
    action = live.acting(audit)
    live.clock(action, LEAD, "lapse")

    row = live.matter(action)
    entry = live.story(row["key"])[-1]
    assert (row["stage"], row["open"]) == ("lapsed", False)
    assert (entry.role, entry.actor) == ("clock", live.person(LEAD))
    assert live.is_sound()


def test_evidence_by_another_audit_of_the_case(live: Following, audit: str) -> None:
    action = live.evidenced(audit)
    live.answer(audit, ADA, "accepted")
    looked = live.open(LEAD, "re_audit", hangs_on=audit)
    live.event(action, LEAD, "verify_by_audit", said={"seen_again": looked, "retest": "2024-03-18"})

    assert live.matter(action)["recorded"] == {
        "progress": "nearly", "evidence": "The plan is on the record.", "seen_again": looked, "retest": "2024-03-18",
    }  # fmt: skip
    assert "The day it is looked at again: 18 March 2024." in live.told(action, LEAD)[-1]
