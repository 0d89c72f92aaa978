"""The queue, held against each audit read whole; what its pages hold; what a blind moderator is never read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from audit_engine.actions import imports
from audit_engine.actions.command import Command
from audit_engine.actions.draws import draw
from audit_engine.calendars import now, quarter
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.engine.permission import Actor
from audit_engine.exchange.lines import FileRead, PersonLine
from audit_engine.queries.at_hand import GRADES_OF_AUDIT, at_hand
from audit_engine.queries.queue import queue_counts, queue_page
from audit_engine.queries.queue_matters import queue_matters
from audit_engine.queries.work import blind_work, work
from audit_engine.queue_views import QueueLine
from audit_engine.records.tables import Audit
from tests.actions.live.at_work import (
    ADA,
    AUDITS,
    CARA,
    DAN,
    DEE,
    EDGAR,
    EVE,
    HERON,
    LEAD,
    MAX,
    PROGRAMME,
    QUARTER,
    Live,
    cases,
    role,
)
from tests.actions.live.conftest import prepared, unselected
from tests.queries.slow_queue import expected
from tests.queries.watching import watched

SOUTH, BOTH, MANAGES = "P-10", "P-11", "P-12"
"""A head of practice of another area; one who is a quality lead as well; one who manages the practitioner by now."""
EVERYBODY = (LEAD, ADA, "P-3", CARA, DEE, DAN, EVE, EDGAR, MAX, SOUTH, BOTH, MANAGES)
CANARY = "Canary-note of the auditor"
Step = Callable[[Live, str], object]


def page(live: Live, who: str, **asked: Any) -> tuple[QueueLine, ...]:
    with live.db.read() as session:
        return queue_page(session, live.who(who), **{"size": 1_000, **asked})


def line_of(live: Live, who: str, audit: str) -> QueueLine | None:
    """Of the audit itself, not of an escalation on it."""
    found = [one for one in page(live, who) if one.reference == audit and one.number is None]
    assert len(found) < 2
    return found[0] if found else None


# --- everybody, at every stage ------------------------------------------------------------------------------------


def check(live: Live) -> dict[str, list[tuple[str, str]]]:
    """Everybody's queue is the expected one, and so are its counts and its progress. Gives back what it was."""
    found = {}
    for who in EVERYBODY:
        every, actor = page(live, who), live.who(who)
        lines = tuple(one for one in every if not one.matter)
        with live.db.read() as session:
            assert tuple(one for one in every if one.matter) == queue_matters(session, actor), who
            kinds = ["escalation" if one.number is not None else one.group for one in lines]
            found[who] = list(zip(kinds, [one.reference for one in lines], strict=True))
            assert found[who] == expected(session, actor), who
            counts = queue_counts(session, actor, live.now.date())
            check_progress(session, actor, lines)
        waiting = [one for one in every if one.group == "me"]
        due = [one.due for one in waiting if one.number is None]
        assert due == sorted(due, key=lambda day: (day is None, day)), who
        assert (counts.to_do, counts.others, counts.done) == tuple(
            sum(one.group == group for one in every) for group in ("me", "others", "done")
        )
        assert counts.overdue == sum(one.due is not None and one.due < live.now.date() for one in waiting)
        assert counts.returned == sum(one.returned for one in waiting)
        assert counts.escalations == kinds.count("escalation")
    return found


def check_progress(session: Session, actor: Actor, lines: tuple[QueueLine, ...]) -> None:
    for one in lines:
        key = session.exec(select(Audit.key).where(col(Audit.reference) == one.reference)).one()
        hand = at_hand(session, key, ratings=False)
        if one.number is not None:
            assert one.done is None
        elif hand.audit["auditor"] == actor.person:
            done = 18 if hand.audit["locked"] else work(session, actor, one.reference).done
            assert (one.done, one.total) == (done, 18)
        elif one.work == "moderate" and hand.moderator is not None:
            blind = hand.moderation is not None and hand.moderation["stage"] == "blind"
            assert (one.done, one.total) == (blind_work(session, actor, one.reference).done if blind else 18, 18)
        else:
            assert (one.done, one.total) == (None, None) or one.group == "done"


def furnish(live: Live) -> None:
    """Three more heads of practice, and a seventh audit that nobody is allocated to yet."""
    more = {
        SOUTH: PersonLine(20, SOUTH, "Sal Birch", (role("head_of_practice", area="South"),)),
        BOTH: PersonLine(21, BOTH, "Bo Thorn", (role("head_of_practice"), role("quality_lead"))),
        MANAGES: PersonLine(22, MANAGES, "Mae Holt", (role("head_of_practice"), role("manager", HERON, HERON))),
    }
    live.import_people(**{name.replace("-", "_"): line for name, line in more.items()})
    line = replace(cases()[0], reference="C-99", team="North Wren", practitioner="P-3")
    imports.import_cases(live.db, live.who(LEAD), FileRead("cases", "more.csv", "m", 1), [line], at=live.at())
    draw(
        live.db, live.who(LEAD), Command(), live.catalogue, PROGRAMME, quarter(QUARTER),
        size=AUDITS + 1, today=live.now.date(), at=live.at(),
    )  # fmt: skip


def hands_the_case(live: Live, audit: str, who: str) -> None:
    reference = live.row("cases", key=live.audit(audit)["case_key"])["reference"]
    lines = [replace(line, practitioner=who) for line in cases() if line.reference == reference]
    read = FileRead("cases", "cases.csv", f"{who} {live.now}", len(lines))
    imports.import_cases(live.db, live.who(LEAD), read, lines, at=live.at())


def rated_in_part(live: Live, audit: str) -> None:
    auditor = live.auditor(audit)
    live.rate(audit, auditor, "heard.seen", grade="inadequate", pointer="Contact log.")
    live.rate(audit, auditor, "heard.wishes", grade="inadequate", note="Not asked.")
    live.rate(audit, auditor, "rep.plan", grade="good")


def submitted_again(live: Live, audit: str) -> None:
    live.rate(audit, live.auditor(audit), "heard.seen", grade="inadequate")
    live.rate(audit, live.auditor(audit), "heard.seen", grade="good")
    live.submit(audit, live.auditor(audit), "inadequate")


PATH: tuple[tuple[str, Step], ...] = (
    ("begun", lambda live, audit: live.begun(audit)),
    ("something is missing", rated_in_part),
    ("graded", lambda live, audit: live.grade_all(audit, live.auditor(audit), safe_da_assessed="inadequate")),
    ("escalated", lambda live, audit: live.escalate(audit, live.auditor(audit), criterion="safe.da_assessed")),
    ("submitted", lambda live, audit: live.submit(audit, live.auditor(audit), "inadequate")),
    ("taken", lambda live, audit: live.take(audit, SOUTH)),
    ("partly blind", lambda live, audit: live.rate(audit, SOUTH, "heard.seen", grade="inadequate", blind=True)),
    ("blind", lambda live, audit: live.grade_all(audit, SOUTH, blind=True)),
    ("chosen", lambda live, audit: live.blind_overall(audit, SOUTH, "good")),
    ("compared", lambda live, audit: live.lock(audit, SOUTH)),
    ("returned", lambda live, audit: live.give_back(audit, SOUTH)),
    ("submitted again", submitted_again),
    ("held by Eve", lambda live, audit: hands_the_case(live, audit, EVE)),
    ("held by Ada again", lambda live, audit: hands_the_case(live, audit, ADA)),
    ("taken again", lambda live, audit: live.take(audit, EDGAR)),
    ("acknowledged", lambda live, audit: live.concern(audit, CARA, "acknowledge")),
    ("blind again", lambda live, audit: live.grade_all(audit, EDGAR, blind=True, safe_da_assessed="inadequate")),
    ("chosen again", lambda live, audit: live.blind_overall(audit, EDGAR, "inadequate")),
    ("compared again", lambda live, audit: live.lock(audit, EDGAR)),
    ("decided", lambda live, audit: live.finalise(audit, EDGAR, "inadequate")),
    ("acted on", lambda live, audit: live.concern(audit, CARA, "act", "The child was seen.")),
    ("shared", lambda live, audit: live.move(audit, live.auditor(audit), "share")),
    ("answered", lambda live, audit: live.answer(audit, ADA, "accepted")),
    ("escalation closed", lambda live, audit: live.concern(audit, LEAD, "close", "The child is safe.")),
    ("left open", lambda live, audit: live.move(audit, CARA, "leave_open")),
    ("followed up", lambda live, audit: live.followed_up(audit)),
    ("closed", lambda live, audit: live.move(audit, CARA, "close")),
)


def walked(live: Live, audit: str) -> Iterator[str]:
    for name, step in PATH:
        if name == "held by Eve":
            live.now += timedelta(days=40)  # what is due by now is overdue
        step(live, audit)
        yield name


def test_everybodys_queue_is_what_reading_each_audit_says(live: Live) -> None:
    furnish(live)
    audit, before_it, withdrawn, moved, learning, given_back = live.audits[:6]
    live.submitted(before_it, "inadequate", safe_da_assessed="inadequate")
    live.begun(moved)
    live.rate(moved, live.auditor(moved), "heard.seen", grade="good")
    live.reallocate(moved, LEAD, live.other_auditor(moved))
    live.begun(learning)
    live.ungraded(learning)
    live.rate(learning, live.auditor(learning), "heard.seen", note="Talked it through.")
    seen = {"allocated": check(live)}
    for name in walked(live, audit):
        seen[name] = check(live)
        if name == "compared":
            live.in_moderation(withdrawn)
            live.compared(given_back)
            live.give_back(given_back, EVE)
    for ended in (withdrawn, given_back):
        live.escalation_closed(ended)
        live.move(ended, LEAD, "withdraw", "wrong_case_drawn")
    last = check(live)

    assert ("me", audit) in seen["submitted"][EVE]
    assert ("me", audit) in seen["submitted"][SOUTH]
    assert ("me", audit) not in seen["submitted"][MANAGES]
    assert ("me", audit) not in seen["taken"][EVE]
    assert ("me", audit) not in seen["submitted again"][SOUTH]
    assert ("me", audit) in seen["submitted again"][EVE]
    assert ("me", audit) not in seen["held by Eve"][EVE]
    assert ("me", audit) not in seen["held by Ada again"][EVE]
    assert ("me", audit) in seen["shared"][ADA]
    assert ("others", audit) in seen["answered"][ADA]
    assert seen["decided"][ADA] == []
    assert {who for who in EVERYBODY if ("done", audit) in last[who]} == {ADA, EDGAR, live.auditor(audit)}
    assert {who for who in EVERYBODY if ("done", withdrawn) in last[who]} == {EVE, live.auditor(withdrawn)}
    assert {who for who in EVERYBODY if ("done", given_back) in last[who]} == {live.auditor(given_back)}


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_address: str, catalogue: Catalogue) -> None:
    live = prepared(postgres_address, catalogue)
    with live.db:
        furnish(live)
        live.submitted(live.audits[1], "inadequate", safe_da_assessed="inadequate")
        telling = {"escalated", "submitted", "partly blind", "returned", "held by Eve", "decided", "answered", "closed"}
        for name in walked(live, live.audits[0]):
            if name in telling:
                check(live)
        assert page(live, DEE, matching="100%_'\"\\\x00") == ()
        assert {one.state for one in page(live, ADA, matching="CLOSE")} == {"closed"}


def test_a_workflow_of_their_own_says_its_own_words(tmp_path: Path, catalogue: Catalogue) -> None:
    text = (Path(__file__).parents[2] / "workflows" / "case_audit.yaml").read_text(encoding="utf-8")
    for old, new in (("decided", "settled"), ("grading", "marking"), ("shared", "handed_over"), ("share", "hand_over")):
        text = re.sub(rf"\b{old}\b", new, text)
    text = text.replace("title: Being graded", "title: Marking").replace("by: [auditor, quality_lead]", "by: [auditor]")
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "case_audit.yaml").write_text(text, encoding="utf-8")
    live = prepared(tmp_path / "workspace.db", load(tmp_path))
    with live.db:
        furnish(live)
        audit = unselected(live)
        auditor = live.auditor(audit)
        states = []
        for step in (
            lambda: None,
            lambda: live.submitted(audit),
            lambda: live.move(audit, auditor, "hand_over"),
            lambda: live.answer(audit, ADA, "accepted"),
        ):
            step()
            check(live)
            states += [one.state for who in (auditor, ADA) if (one := line_of(live, who, audit))]
        begun = next(name for name in live.audits if live.audit(name)["stage"] == "allocated")
        assert states == [
            "to grade", "to hand over", "with the practitioner", "to answer", "with the manager", "with the manager",
        ]  # fmt: skip
        line = line_of(live, live.begun(begun), begun)
        assert line is not None
        assert (line.state, line.work) == ("marking", "grade")


# --- what a line says -----------------------------------------------------------------------------------------


def test_the_states_are_in_words(live: Live) -> None:
    furnish(live)
    audit, told = live.audits[0], {}
    auditor = live.auditor(audit)
    told["allocated"] = line_of(live, auditor, audit)
    for name in walked(live, audit):
        for who in (auditor, EVE, SOUTH, EDGAR, ADA, CARA):
            told[f"{name} {who}"] = line_of(live, who, audit)

    def states(who: str) -> list[tuple[str, str]]:
        found = [told[f"{name} {who}"] for name, _ in PATH]
        pairs = [(one.state, one.work) for one in found if one is not None]
        return list(dict.fromkeys(pairs))

    assert told["allocated"] is not None
    assert (told["allocated"].state, told["allocated"].work) == ("to grade", "grade")
    assert states(auditor) == [
        ("being graded", "grade"), ("with the moderator", "grade"), ("returned to you", "grade"), ("to share", "steps"),
        ("with the practitioner", "grade"), ("with the manager", "grade"), ("closed", "grade"),
    ]  # fmt: skip
    assert states(SOUTH) == [
        ("to moderate (blind)", "moderate"), ("being graded blind", "moderate"), ("compare and decide", "moderate"),
    ]  # fmt: skip
    assert states(EDGAR)[-4:] == [
        ("with the auditor", "moderate"), ("with the practitioner", "moderate"), ("with the manager", "moderate"),
        ("closed", "moderate"),
    ]  # fmt: skip
    assert states(ADA) == [("to answer", "answer"), ("with the manager", "answer"), ("closed", "answer")]
    assert states(CARA) == [("to close", "steps")]
    returned = told[f"returned {auditor}"]
    assert returned is not None
    assert (returned.returned, returned.stage_title) == (True, "Returned to the auditor")
    assert returned.what == f"audit grade {audit} --plain"
    assert returned.programme == "Local quality and impact"


def test_an_open_escalation_is_told_to_those_who_may_know(live: Live) -> None:
    furnish(live)
    live.now = now() - timedelta(hours=3)
    audit = live.audits[0]
    auditor = live.submitted(audit, "inadequate", safe_da_assessed="inadequate")

    def knows(who: str) -> bool | None:
        line = line_of(live, who, audit)
        return None if line is None else line.escalated

    assert (knows(auditor), knows(EVE), knows(SOUTH)) == (True, False, False)
    live.take(audit, EVE)
    assert knows(EVE) is False
    live.escalate(audit, EVE, "Seen while grading.")
    assert knows(EVE) is True
    live.grade_all(audit, EVE, blind=True, safe_da_assessed="inadequate")
    live.blind_overall(audit, EVE, "inadequate")
    live.lock(audit, EVE)
    assert knows(EVE) is True
    live.finalise(audit, EVE, "inadequate")
    live.move(audit, auditor, "share")
    assert knows(ADA) is False
    live.escalate(audit, ADA, "New bruises.")
    assert knows(ADA) is True


def test_nothing_of_the_auditors_is_read_for_a_moderator(live: Live) -> None:
    audit = live.audits[0]
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.rate(audit, auditor, "safe.da_assessed", note=CANARY)
    live.escalate(audit, auditor, concern=CANARY)
    live.submit(audit, auditor, "inadequate")

    def whole(session: Session, who: str) -> QueueLine:
        queue_counts(session, live.who(who), live.now.date())
        return next(one for one in queue_page(session, live.who(who), matching="l-") if one.group in ("me", "others"))

    for taken in (False, True):
        if taken:
            live.take(audit, EVE)
            live.rate(audit, EVE, "heard.seen", grade="good", blind=True)
        blind = watched(live, lambda session: whole(session, EVE))
        assert blind.result.reference == audit
        assert not any(isinstance(value, str) and (CANARY in value or value == "inadequate") for value in blind.values)
        for statement in blind.statements:
            assert not re.search(r"\bratings\b", statement), statement
            assert not re.search(r"\b(" + "|".join(GRADES_OF_AUDIT) + r")\b", statement), statement
    begun = next(name for name in live.audits[1:] if live.auditor(name) == auditor)
    live.rate(begun, live.begun(begun), "heard.seen", note=CANARY)
    open_eyes = watched(live, lambda session: whole(session, auditor))
    assert any(isinstance(value, str) and CANARY in value for value in open_eyes.values)
