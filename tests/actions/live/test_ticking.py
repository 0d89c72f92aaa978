"""What is late is done once and in order, however late and however often the clock is run."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from audit_engine.actions.ticking import tick
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.queries.ticked import SAID_TO_NOBODY
from audit_engine.queue_views import TickView

from .at_work import ADA, CARA, DAN, DEE, LEAD, Live
from .conftest import prepared, unselected
from .timed import NOTHING, counts, easter, easter_file, noon, shared, ticked, timed

CHRISTMAS = datetime(2025, 12, 8, 9, 30, tzinfo=UTC)
__all__ = ["easter", "easter_file", "timed"]


@pytest.fixture
def audit(easter: Live) -> str:
    return unselected(easter)


def did(view: TickView, reference: str) -> list[str]:
    return [f"{line.did}: {line.says}" for line in view.lines if line.reference == reference]


# --- one thing on its way ---------------------------------------------------------------------------------------


def test_nothing_is_late_on_the_day_it_is_due_nor_on_easter(easter: Live, audit: str) -> None:
    """Allocated on Monday 23 March: due on Monday the 30th, late on Tuesday."""
    assert easter.audit(audit)["due"] == date(2026, 3, 30)
    assert counts(ticked(easter, "2026-03-30")) == NOTHING

    view = ticked(easter, "2026-03-31")

    assert counts(view) == (6, 0, 0, 0)
    assert view.looked_at == 6
    assert did(view, audit) == ["reminded: the auditor is reminded"]
    notice = easter.row("notices", thing=easter.audit(audit)["key"])
    auditor = easter.row("people", reference=easter.auditor(audit))["key"]
    assert (notice["about"], notice["stage"], notice["kind"], notice["whom"]) == (
        "audit", "allocated", "remind", "auditor",
    )  # fmt: skip
    assert (notice["person"], notice["step"], notice["due"]) == (auditor, 0, date(2026, 3, 30))
    assert (notice["said_on"], notice["audit"]) == (date(2026, 3, 31), notice["thing"])
    (entry,) = easter.story(notice["key"])
    assert (entry.kind, entry.role) == ("reminded", "clock")
    assert entry.actor == easter.who(LEAD).person
    assert easter.is_sound()


def test_bank_holidays_make_nothing_late(easter: Live, audit: str) -> None:
    """Begun on Tuesday 24 March; its tenth working day comes after Easter, and another bank holiday after that."""
    easter.now = noon("2026-03-24")
    easter.begun(audit)

    assert easter.audit(audit)["due"] == date(2026, 4, 9)
    for day in ("2026-04-03", "2026-04-06", "2026-04-09"):
        assert did(ticked(easter, day), audit) == []
    assert did(ticked(easter, "2026-04-10"), audit) == ["reminded: the auditor is reminded"]
    assert did(ticked(easter, "2026-04-15"), audit) == []
    assert did(ticked(easter, "2026-04-16"), audit) == ["told: the quality lead is told"]
    assert did(ticked(easter, "2026-04-22"), audit) == []
    assert did(ticked(easter, "2026-04-23"), audit) == ["told: the head of practice is told"]
    assert did(ticked(easter, "2026-05-05"), audit) == []
    assert easter.is_sound()


def test_across_christmas_and_the_years_end(tmp_path: Path, timed: Catalogue) -> None:
    live = prepared(tmp_path / "christmas.db", timed, at=CHRISTMAS, quarter_="2025-26-Q3")
    with live.db:
        audit = unselected(live)
        live.now = noon("2025-12-16")
        live.begun(audit)

        assert live.audit(audit)["due"] == date(2026, 1, 2)
        for day in ("2025-12-25", "2026-01-01", "2026-01-02", "2026-01-04"):
            assert did(ticked(live, day), audit) == []
        assert did(ticked(live, "2026-01-05"), audit) == ["reminded: the auditor is reminded"]
        assert did(ticked(live, "2026-01-08"), audit) == []
        assert did(ticked(live, "2026-01-09"), audit) == ["told: the quality lead is told"]
        assert live.is_sound()


def test_the_day_is_that_of_england_also_where_the_clocks_change(easter: Live, audit: str) -> None:
    """Due on Monday 30 March. Half past eleven that evening in UTC is Tuesday in England, since Sunday."""
    lead = easter.who(LEAD)

    before = tick(easter.db, lead, lambda: easter.catalogue, at=datetime(2026, 3, 30, 22, 59, tzinfo=UTC))
    after = tick(easter.db, lead, lambda: easter.catalogue, at=datetime(2026, 3, 30, 23, 30, tzinfo=UTC))

    assert (counts(before), counts(after)) == (NOTHING, (6, 0, 0, 0))
    assert easter.row("notices", thing=easter.audit(audit)["key"])["said_on"] == date(2026, 3, 31)


def test_a_clock_that_is_late_itself_does_each_step_once_and_in_order(easter: Live, audit: str) -> None:
    """Two weeks missed."""
    easter.now = noon("2026-03-24")
    easter.begun(audit)

    view = ticked(easter, "2026-04-30")

    assert did(view, audit) == [
        "reminded: the auditor is reminded", "told: the quality lead is told", "told: the head of practice is told",
    ]  # fmt: skip
    assert counts(ticked(easter, "2026-04-30")) == NOTHING
    assert counts(ticked(easter, "2026-12-31")) == NOTHING
    assert easter.is_sound()


def test_what_comes_again_to_a_stage_is_reminded_of_again(easter: Live, audit: str) -> None:
    ticked(easter, "2026-03-31")
    easter.reallocate(audit, LEAD, easter.other_auditor(audit))

    assert did(ticked(easter, "2026-04-09"), audit) == []
    assert did(ticked(easter, "2026-04-10"), audit) == ["reminded: the auditor is reminded"]
    notices = [row for row in easter.rows("notices") if row["thing"] == easter.audit(audit)["key"]]
    assert len({row["since_turn"] for row in notices}) == len({row["person"] for row in notices}) == 2
    assert easter.is_sound()


def test_what_moved_on_in_time_is_left_alone(easter: Live, audit: str) -> None:
    easter.now = noon("2026-03-30")
    easter.begun(audit)

    view = ticked(easter, "2026-03-31")

    assert did(view, audit) == []
    assert counts(view) == (5, 0, 0, 0)


# --- what is given to the clock -----------------------------------------------------------------------------------


def test_the_clock_closes_what_nobody_answered(easter: Live, audit: str) -> None:
    shared(easter, audit)
    assert easter.audit(audit)["due"] == date(2026, 4, 8)

    assert did(ticked(easter, "2026-04-09"), audit) == ["reminded: the practitioner is reminded"]
    assert did(ticked(easter, "2026-04-21"), audit) == []
    turn = easter.audit(audit)["turn"]
    view = ticked(easter, "2026-04-22")

    assert did(view, audit) == [
        "moved: 'Close it, since nobody answered' happened by itself, it is now 'Closed'",
    ]
    row = easter.audit(audit)
    assert (row["stage"], row["due"], row["turn"]) == ("closed", None, turn + 1)
    assert row["counts_on"] == date(2026, 3, 23), "its grades were final, so it counts"
    last = easter.story(row["key"])[-1]
    assert (last.kind, last.role, last.actor) == ("moved", "clock", easter.who(LEAD).person)
    assert last.payload is not None
    assert last.payload["event"] == "lapse"
    assert easter.is_sound()


def test_once_it_moved_on_later_steps_of_the_stage_it_left_do_not_happen(easter: Live, audit: str) -> None:
    shared(easter, audit)

    view = ticked(easter, "2026-06-30")

    assert did(view, audit) == [
        "reminded: the practitioner is reminded",
        "moved: 'Close it, since nobody answered' happened by itself, it is now 'Closed'",
    ]
    assert easter.is_sound()


def test_the_clock_never_closes_over_an_open_escalation(easter: Live, audit: str) -> None:
    """It says so, does everything else, and tries again each time."""
    shared(easter, audit)
    easter.escalate(audit, DEE if easter.auditor(audit) == DEE else DAN)

    first = ticked(easter, "2026-04-24")
    again = ticked(easter, "2026-04-27")

    mine = [line for line in first.lines if line.reference == audit and line.about == "audit"]
    assert [line.did for line in mine] == ["reminded", "refused", "told"]
    assert mine[1].says == "'Close it, since nobody answered' should happen by itself, and cannot"
    assert mine[1].reasons == ("1 escalation on this audit is still open. Have it closed first.",)
    assert (again.refused, again.moved) == (1, 0)
    assert easter.audit(audit)["stage"] == "shared"

    easter.escalation_closed(audit)
    last = ticked(easter, "2026-04-28")

    assert (last.refused, last.moved) == (0, 1)
    assert easter.audit(audit)["stage"] == "closed"
    assert easter.is_sound()


def test_what_happens_at_the_same_stage_happens_once_for_each_step(easter: Live, audit: str) -> None:
    """Answered on 31 March: due on 9 April. Twice the same event is written, for the first day and for the third."""
    shared(easter, audit)
    easter.now = noon("2026-03-31")
    easter.answer(audit, ADA, "accepted")
    due, turn = easter.audit(audit)["due"], easter.audit(audit)["turn"]

    assert due == date(2026, 4, 9)
    happened = ["moved: 'Note that it waits' happened by itself, it stays where it is"]
    assert did(ticked(easter, "2026-04-10"), audit) == happened
    assert did(ticked(easter, "2026-04-13"), audit) == []
    assert did(ticked(easter, "2026-04-14"), audit) == happened
    assert did(ticked(easter, "2026-05-14"), audit) == []
    row = easter.audit(audit)
    assert (row["stage"], row["due"], row["turn"]) == ("answered", due, turn + 2)
    assert easter.is_sound()


def test_why_the_clock_could_not_is_not_told_to_whoever_may_not_know(easter: Live, audit: str) -> None:
    """That an escalation is open is not the practitioner's to know; that the audit is late is."""
    shared(easter, audit)
    easter.escalate(audit, CARA)

    (line,) = [one for one in ticked(easter, "2026-04-24", who=ADA).lines if one.did == "refused"]

    assert line.reference == audit
    assert line.reasons == (SAID_TO_NOBODY,)
    assert not [one for one in ticked(easter, "2026-04-24", who=ADA).lines if one.about == "escalation"]


def test_people_cannot_do_what_is_given_to_the_clock(easter: Live, audit: str) -> None:
    shared(easter, audit)

    refused = easter.refused(lambda: easter.move(audit, LEAD, "lapse"))

    assert [reason.rule for reason in refused.reasons] == ["by"]
    assert "happens by itself" in refused.reasons[0].text


# --- escalations and moderations ----------------------------------------------------------------------------------


def test_an_escalation_that_waits_is_reminded_of_told_and_passed_on(easter: Live, audit: str) -> None:
    """Raised on Thursday before Easter: due on Tuesday."""
    easter.now = noon("2026-04-02")
    easter.escalate(audit, LEAD)
    (raised,) = easter.escalations(audit)
    assert raised["due"] == date(2026, 4, 7)

    def of_escalation(day: str) -> list[str]:
        return [line.says for line in ticked(easter, day).lines if line.about == "escalation"]

    assert of_escalation("2026-04-07") == []
    assert of_escalation("2026-04-08") == ["the manager is reminded", "the quality lead is told"]
    assert of_escalation("2026-04-09") == ["'Pass it on' happened by itself, it is now 'Passed on'"]
    (passed_on,) = easter.escalations(audit)
    assert (passed_on["stage"], passed_on["open"], passed_on["due"]) == ("passed_on", True, None)
    easter.concern(audit, LEAD, "acknowledge")
    manager = easter.row("people", reference=CARA)["key"]
    assert {row["person"] for row in easter.rows("notices") if row["whom"] == "manager"} == {manager}
    assert easter.is_sound()


def test_a_moderation_that_waits_is_reminded_of_told_and_hurried(easter: Live, audit: str) -> None:
    """Taken on on 23 March, for five working days. Its audit goes on with it: both tell of what happened."""
    easter.in_moderation(audit)
    (moderation,) = easter.moderations(audit)
    turn = easter.audit(audit)["turn"]
    assert moderation["due"] == date(2026, 3, 30)

    def of_moderation(day: str) -> list[str]:
        return [line.says for line in ticked(easter, day).lines if line.about == "moderation"]

    assert of_moderation("2026-03-31") == ["the moderator is reminded"]
    assert of_moderation("2026-04-06") == ["the quality lead is told"]
    assert of_moderation("2026-04-07") == ["'Hurry' happened by itself, it is now 'Being graded blind in a hurry'"]
    assert easter.moderations(audit)[0]["stage"] == "hurried"
    assert easter.audit(audit)["turn"] == turn + 1
    assert easter.story(moderation["key"])[-1].role == "clock"
    assert {row["person"] for row in easter.rows("notices") if row["whom"] == "moderator"} == {moderation["moderator"]}
    assert easter.is_sound()


def test_whoever_may_not_see_an_audit_is_told_numbers_only(easter: Live, audit: str) -> None:
    view = ticked(easter, "2026-03-31", who="P-9")

    assert counts(view) == (6, 0, 0, 0)
    assert view.lines == ()
