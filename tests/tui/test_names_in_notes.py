"""The check of notes on the screens: said under what is being written, and before it is handed in."""

from tests.actions.live.at_work import EVE, Live
from tui.screens.check import CheckScreen, LockScreen
from tui.screens.workbench import WorkbenchScreen

from .conftest import Screens, Sit, folder_of
from .playing import played

LIST = "words_that_are_not_names.txt"


async def write_note(at: Screens, text: str) -> None:
    await at.press("e")
    await at.write(text)


@played
async def test_a_name_is_told_under_the_note_while_it_is_written_and_bars_nothing(
    live: Live, sit: Sit, audit: str
) -> None:
    async with sit(live, live.auditor(audit)) as at:
        await at.go_to(audit)
        await write_note(at, "The child told K")
        assert "Looks like" not in at.text()
        await at.write("wabena")
        lines = at.text().splitlines()
        (warned,) = [n for n, line in enumerate(lines) if " ! Looks like a name: 'Kwabena'. Say who they are" in line]
        assert warned > next(n for n, line in enumerate(lines) if "The child told Kwabena" in line)
        await at.press(*["backspace"] * len("Kwabena"))
        await at.write("her aunt")
        assert "Looks like" not in at.text()
        await at.write(" and Kwabena")
        await at.press("escape")

        (row,) = live.ratings(audit).values()
        assert row["note"] == "The child told her aunt and Kwabena"
        assert "NOTE MODE" not in at.text()


@played
async def test_who_works_here_is_told_with_certainty_also_in_small_letters(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.auditor(audit)) as at:
        await at.go_to(audit)
        await write_note(at, "ada moss")

        assert "A name of somebody who works here: 'ada moss'." in at.text()


@played
async def test_the_submit_check_lists_the_notes_and_enter_goes_there(live: Live, sit: Sit, audit: str) -> None:
    who = live.begun(audit)
    live.grade_all(audit, who)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("g", "7", "enter")
        title = at.screen(WorkbenchScreen).criterion.title
        await write_note(at, "Told by Kwabena, 07700 900412.")
        await at.press("escape", "s")

        at.screen(CheckScreen)
        points = " ".join(at.pane("points").split())
        assert title[:20] in points
        assert "probable name in the note: 'Kwabena'" in points
        assert "probable phone number in the note: '07700 900412'" in points
        assert "2 to look at" in at.text()
        await at.press("enter")
        assert at.screen(WorkbenchScreen).criterion.title == title
        await at.press("s", "S", "1", "3", "enter", "1")
    assert live.audit(audit)["stage"] != "grading"  # a warning bars nothing


@played
async def test_a_blind_moderator_is_warned_of_their_own_notes_only(live: Live, sit: Sit, audit: str) -> None:
    who = live.begun(audit)
    live.grade_all(audit, who, safe_da_assessed="inadequate")
    live.rate(audit, who, "heard.seen", note="Told by Kwabena.")
    live.escalate(audit, who)
    live.submit(audit, who, "inadequate")
    async with sit(live, EVE) as at:
        await at.press("end", "enter", "1")
        await write_note(at, "Told by Tomasz.")
        await at.press("escape", "L")

        at.screen(LockScreen)
        assert "'Tomasz'" in at.pane("points")
        assert "Kwabena" not in at.pane("points")


@played
async def test_words_of_the_place_are_left_alone_and_a_spoilt_list_is_told_once(
    live: Live, sit: Sit, audit: str
) -> None:
    file = folder_of(live) / LIST
    file.write_text("kestrel house\n", "utf-8")
    async with sit(live, live.auditor(audit)) as at:
        await at.go_to(audit)
        await write_note(at, "Seen at Kestrel House by Kwabena")
        assert "'Kwabena'" in at.text()
        await at.press("escape")

    file.write_bytes(b"\xff\xfe")
    try:
        async with sit(live, live.auditor(audit)) as at:
            await at.go_to(audit)
            await at.press("home", "e")
            told = " ".join(at.text().split())
            assert "it is not UTF-8 text" in told
            assert "(W056)" in told
            assert "NOTE MODE" in told
            await at.write(" and Tomasz")
            assert "'Kestrel'" in at.text()
            await at.press("escape", "e")
            assert "cannot be used" not in at.text()
    finally:
        file.unlink()
