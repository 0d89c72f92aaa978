"""What must not be lost, done twice, or done unseen, however quickly or clumsily somebody types."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from audit_engine.queries.drafts import drafts
from tests.actions.live.conftest import EVE, Live
from tui.desk import seat
from tui.screens.workbench import WorkbenchScreen

from .conftest import Sit
from .playing import played

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key waits a moment for another program's lock, not five seconds."""
    monkeypatch.setattr(seat, "PATIENCE", 0.05)


@contextmanager
def locked(live: Live) -> Iterator[None]:
    """Another program writes, and does not end."""
    other = sqlite3.connect(str(live.address), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def kept(live: Live, who: str, audit: str) -> dict[str, str]:
    with live.db.read() as session:
        return drafts(session, live.who(who), audit)


@played
async def test_a_concern_that_cannot_be_raised_stays_in_its_prompt(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        with locked(live):
            await at.press("exclamation_mark")
            await at.write("The child is afraid")
            await at.press("enter")
            assert "NOT RAISED. Not done: The database is locked by another program" in " ".join(at.text().split())
            assert "The child is afraid" in at.text()
        await at.press("enter")

    assert [one["concern"] for one in live.escalations(audit)] == ["The child is afraid"]
    assert kept(live, who, audit) == {}


@played
async def test_a_draft_that_could_not_be_kept_is_tried_again(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("e")
        with locked(live):
            await at.write("Half a sentence")
            await at.pilot.pause(0.6)
            await at.settle()
            assert "locked by another program" in at.text()
        await at.pilot.pause(1.2)
        await at.settle()
        assert list(kept(live, who, audit).values()) == ["Half a sentence"]


@played
async def test_a_note_is_left_with_esc_also_where_it_can_no_longer_be_saved(live: Live, sit: Sit, audit: str) -> None:
    """Somebody submitted the audit in another window: Esc leads out, the words stay a draft."""
    who = live.begun(audit)
    live.grade_all(audit, who)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("home", "e")
        await at.write("Too late")
        live.submit(audit, who, "good")
        await at.press("escape")

        assert "NOTE MODE" not in at.text()
        assert "What you wrote is kept as a draft." in " ".join(at.text().split())
        assert list(kept(live, who, audit).values()) == ["Too late"]
        await at.press("e")
        assert "To be read, and not changed: it is 'Decided'." in at.text()


@played
async def test_what_cannot_be_undone_is_not_done_in_a_window_that_shows_nothing(
    live: Live, sit: Sit, audit: str
) -> None:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True)
    async with sit(live, EVE, opens=("moderate", audit)) as at:
        await at.press("L", "2", "L")
        assert "Lock your grades?" in at.text()
        await at.pilot.resize_terminal(20, 2)
        await at.settle()
        await at.press("1")
        assert live.moderations(audit)[0]["stage"] == "blind"
        assert "audit needs 80 x 24" in " ".join(at.text().split())
        await at.pilot.resize_terminal(80, 24)
        await at.settle()
        await at.press("1")
    assert live.moderations(audit)[0]["stage"] == "compared"


@played
async def test_writing_goes_on_after_the_window_was_too_small(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.auditor(audit)) as at:
        await at.go_to(audit)
        await at.press("e")
        await at.write("abc")
        await at.pilot.resize_terminal(60, 20)
        await at.settle()
        await at.pilot.resize_terminal(80, 24)
        await at.settle()
        await at.write("def")
        assert "abcdef" in at.text()


@played
async def test_keys_typed_before_the_queue_stands_wait_for_it(live: Live, sit: Sit, audit: str) -> None:
    """A filter typed at once, with the q of its word: nothing is lost, and q leaves nothing."""
    async with sit(live, live.auditor(audit), settled=False) as at:
        await at.press("slash", *f"quality {audit}"[8:], "enter", "enter")
        assert audit in at.text()
        at.screen(WorkbenchScreen)


@played
async def test_taking_on_and_grading_in_one_breath(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    async with sit(live, EVE, opens=("moderate", audit)) as at:
        await at.press("1", "2", "2")
        (moderation,) = live.moderations(audit)
        assert [row["grade"] for row in live.blind(moderation["key"]).values()] == ["good", "good"]


@played
async def test_a_double_click_opens_one_workbench(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.auditor(audit)) as at:
        await at.pilot.click("#queue", offset=(5, 0), times=2)
        await at.settle()
        assert [type(screen).__name__ for screen in at.app.screen_stack][1:] == ["QueueScreen", "WorkbenchScreen"]


@played
async def test_an_older_draft_does_not_take_the_place_of_a_newer_note_unseen(live: Live, sit: Sit, audit: str) -> None:
    who, other = live.begun(audit), live.other_auditor(audit)
    first = live.expected()[0]
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("e")
        await at.write("Half of mine")
        await at.press("ctrl+q")
    live.reallocate(audit, "P-1", other)
    live.move(audit, other, "begin")
    live.rate(audit, other, first, note="Theirs, whole.")
    live.reallocate(audit, "P-1", who)

    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("home", "e")
        assert "Theirs, whole." in at.text()
        assert "Half of mine" in at.text()
        await at.press("t")
        assert live.ratings(audit)[first]["note"] == "Theirs, whole."
        assert kept(live, who, audit) == {}


@played
async def test_what_is_saved_is_stamped_saved_also_when_it_cannot_be_shown_any_more(
    live: Live, sit: Sit, audit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, other = live.begun(audit), live.other_auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        work = at.screen(WorkbenchScreen).work
        look = work.look

        def gone() -> object:
            live.reallocate(audit, "P-1", other)
            return look()

        monkeypatch.setattr(work, "look", gone)
        await at.press("2")

        assert [row["grade"] for row in live.ratings(audit).values()] == ["good"]
        assert "NOT SAVED" not in at.text()
        assert "Saved. But it cannot be shown any more" in at.text()


@played
async def test_a_concern_begun_at_one_question_stands_in_the_prompt_of_another(
    live: Live, sit: Sit, audit: str
) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("exclamation_mark")
        await at.write("Somebody must go")
        await at.press("escape", "j", "exclamation_mark")
        assert "Somebody must go" in at.text()
        assert "You had begun to write this." in " ".join(at.text().split())


@played
async def test_the_question_graded_worst_is_the_one_escalated(live: Live, sit: Sit, audit: str) -> None:
    """The screen has moved on to the next question by then."""
    who, first = live.auditor(audit), live.expected()[0]
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("4")
        await at.write("Nobody went")
        await at.press("escape")
        await at.write("Log, 3 May")
        await at.press("escape")
        assert "! A child may be at risk, and nobody has been told: `!` raises it now." in at.text()
        await at.press("exclamation_mark")
        await at.write("Nobody knows where the child is")
        await at.press("enter")

        assert live.escalations(audit)[0]["criterion"] == first
        assert "A child may be at risk" not in at.text()


@played
async def test_an_undo_on_a_ladder_leads_to_the_line_it_changed(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("g", "1", "5", "enter", "1", "2", "u")
        assert at.screen(WorkbenchScreen).slot.what == "grade"
        await at.press("home", "3")
        await at.write("Late")
        await at.press("escape", "u")
        assert "Undone: the note at Risk spotted and acted on is gone." in at.text()


@played
async def test_a_full_disk_is_one_sentence_and_the_text_stays(live: Live, sit: Sit, audit: str) -> None:
    who, long = live.begun(audit), "Full of words. " * 600
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("e")
        with at.app.here.database.write() as session:
            pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
            session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        await at.paste(long)
        await at.press("escape")
        told = " ".join(at.text().split())
        assert "is full" in told
        assert "(W017)" in told
        assert "NOTE MODE" in told
        assert live.ratings(audit) == {}

        with at.app.here.database.write() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
        await at.press("escape")
        assert "saved" in at.text()
    (row,) = live.ratings(audit).values()
    assert row["note"] == long.strip()
    assert live.is_sound()


@played
async def test_esc_leaves_the_note_also_when_the_audit_is_somebody_elses_now(live: Live, sit: Sit, audit: str) -> None:
    who, other = live.begun(audit), live.other_auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("e")
        await at.write("Too late")
        live.reallocate(audit, "P-1", other)
        await at.press("escape")

        assert "NOTE MODE" not in at.text()
        assert "NOT SAVED" in at.text()
        await at.press("q")
        assert "Work queue" in at.text()
