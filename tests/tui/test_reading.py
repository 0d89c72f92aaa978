"""The practitioner reads and answers; and what happened to an audit, in words."""

from tests.actions.live.at_work import ADA, EDGAR, EVE, LEAD, Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.screens.history import HistoryScreen
from tui.screens.queue import QueueScreen
from tui.screens.reading import ReadingScreen

CRITERION = "safe.da_assessed"


def shared(live: Live, audit: str) -> None:
    """Moderated, decided and shared."""
    auditor = live.compared(audit)
    live.decide(audit, EVE, CRITERION, "moderator", reason="It is assessed in the addendum.")
    live.finalise(audit, EVE, "good", "One criterion was seen otherwise.")
    live.move(audit, auditor, "share")


@played
async def test_a_challenge_needs_words_and_loses_none_of_them(live: Live, sit: Sit, audit: str) -> None:
    shared(live, audit)
    looked = len(live.rows("entries"))

    async with sit(live, ADA) as screens:
        await screens.press("enter")
        assert "Overall: Good." in screens.text()
        assert "Your answer is awaited" in screens.text()
        assert len(live.rows("entries")) == looked + 1
        told = screens.pane("page")
        for title in (one.title for one in live.catalogue.rubric("quality_and_impact").criteria.values()):
            assert title in " ".join(told.split())
        for words in (EVE, "oderat", "addendum", "Inadequate"):
            assert words not in told
        await screens.press("c")
        await screens.write("I saw her alone.")
        await screens.press("escape", "escape")
        assert live.audit(audit)["answer"] is None
    async with sit(live, ADA) as screens:
        await screens.press("enter")
        assert "What you had begun to write was kept." in screens.text()
        await screens.press("c")
        assert "I saw her alone." in screens.text()
        await screens.press("escape", "enter")
        assert "Your words: I saw her alone." in screens.text()
        await screens.press("a")
        assert "an answer is given once" in screens.text()
        await screens.press("q")
        assert f"{audit}: you challenged what was found; saved." in screens.text()

    row = live.audit(audit)
    assert (row["answer"], row["answer_text"], row["stage"]) == ("challenged", "I saw her alone.", "answered")


@played
async def test_accepting_takes_two_keys_and_adding_words_is_left_to_them(live: Live, sit: Sit, audit: str) -> None:
    shared(live, audit)

    async with sit(live, ADA) as screens:
        await screens.press("enter", "a", "escape")
        assert live.audit(audit)["answer"] is None
        await screens.press("a", "2")
        await screens.write("Thank you.")
        await screens.press("escape", "enter")
        assert "You accepted it" in screens.text()
    assert live.audit(audit)["answer_text"] == "Thank you."


@played
async def test_what_is_not_shared_is_not_read(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit)

    async with sit(live, ADA) as screens:
        screens.app.push_screen(ReadingScreen(audit), screens.screen(QueueScreen)._back)
        await screens.settle()
        assert "There is no live audit of this reference that P-2 may answer." in " ".join(screens.text().split())


@played
async def test_the_whole_story_is_told_in_words(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.compared(audit)
    live.give_back(audit, EVE, "Look at [section] two.")
    live.rate(audit, auditor, CRITERION, grade="good")
    live.undo(audit, auditor)
    live.escalation_closed(audit)
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")

    async with sit(live, LEAD) as screens:
        await screens.press("slash", *audit, "enter")
        screens.app.push_screen(HistoryScreen(audit))
        await screens.settle()
        assert "the newest first" in screens.text()
        told = " ".join(screens.pane("page").split())
        for words in (
            "Withdraw the audit: now 'Withdrawn'. Because: The wrong case was drawn.",
            "Return the audit to its auditor: now 'Returned to the auditor'. Because: Look at [section] two.",
            "Taken back: Domestic abuse assessed is now", "Its auditor: P-", "Lock the blind grades: now",
            f"{EVE} as head of practice, in the moderation", f"{auditor} as auditor",
        ):  # fmt: skip
            assert words in told, words
        columns = {name for table in ("audits", "moderations", "ratings") for name in live.rows(table)[0]}
        for name in columns:
            assert "_" not in name or name not in told, name
        assert told.count("Return the audit to its auditor") == 1
        assert "Something else" not in told
        assert "Its moderation went on." not in told  # the moderation's own lines say it
        assert "None" not in told
        screens.app.push_screen(HistoryScreen(audit, CRITERION, "Domestic abuse"))
        await screens.settle()
        one = screens.pane("page")
        assert "Before: Inadequate" in one
        assert "Withdraw" not in one


@played
async def test_a_story_keeps_what_is_withheld_and_says_so(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.in_moderation(audit, EDGAR)
    live.grade_all(audit, EDGAR, "outstanding", blind=True)

    async with sit(live, auditor) as screens:
        screens.app.push_screen(HistoryScreen(audit))
        await screens.settle()
        told = screens.pane("page")
        assert told.count("Its moderation went on.") == 1  # that it is, not how
        assert "utstanding" not in told
    async with sit(live, EVE) as screens:
        for criterion in (None, CRITERION):
            screens.app.push_screen(HistoryScreen(audit, criterion))
            await screens.settle()
            told = " ".join(screens.pane("page").split())
            assert "Grades and notes are not in here for you. They are withheld" in told
            assert "nadequate" not in told
            assert "Seen inadequate" not in told
