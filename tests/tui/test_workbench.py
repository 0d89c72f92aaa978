"""The workbench: keys in, screen and database out."""

import re

from audit_engine.queries.drafts import drafts
from tests.actions.live.at_work import Live
from tui.screens.workbench import WorkbenchScreen

from .conftest import Sit
from .playing import played


def _drafts(live: Live, who: str, audit: str) -> dict[str, str]:
    with live.db.read() as session:
        return drafts(session, live.who(who), audit)


@played
async def test_one_digit_grades_saves_and_moves_on(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("2")

        (row,) = live.ratings(audit).values()
        assert (row["criterion"], row["grade"]) == (live.expected()[0], "good")
        assert re.search(r"saved \d\d:\d\d:\d\d turn \d+", at.text())
        assert " >[ ]  2" in at.pane("criteria")
        assert "[x]  1" in at.pane("criteria")
    assert live.audit(audit)["stage"] == "grading"  # the first answer began it
    assert live.is_sound()


@played
async def test_eighteen_digits_in_one_go_are_eighteen_answers(live: Live, sit: Sit, audit: str) -> None:
    """Keys are obeyed in order, however quickly they come; a ladder takes three."""
    who, expected = live.auditor(audit), live.expected()
    async with sit(live, who) as at:
        await at.go_to(audit)
        keys = [key for name in expected for key in ("121" if name.startswith("ov.") else "2")]
        await at.press(*keys)

        assert set(live.ratings(audit)) == set(expected)
        assert {row["grade"] for row in live.ratings(audit).values()} == {"good"}
        assert "18/18 done" in at.text()
        assert "Nothing is open" in at.text()
        assert "Overall: suggested Good" in at.text()
    ladder = live.ratings(audit)["ov.supervision"]
    assert (ladder["evidence"], ladder["impact"]) == ("found", "yes")
    assert live.is_sound()


@played
async def test_a_demanded_note_opens_by_itself_and_digits_are_text_in_it(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("3")
        assert "NOTE MODE" in at.text()
        await at.write("Late in 2 of 3 checks.")
        await at.press("escape")

        (row,) = live.ratings(audit).values()
        assert (row["grade"], row["note"]) == ("requires_improvement", "Late in 2 of 3 checks.")
        assert "NOTE MODE" not in at.text()
        assert " >[ ]  2" in at.pane("criteria")
    assert _drafts(live, who, audit) == {}


@played
async def test_what_is_typed_is_kept_before_it_is_saved(live: Live, sit: Sit, audit: str) -> None:
    """A second after it was typed it is on disk as a draft, and stands there when the audit is opened again."""
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("e")
        await at.write("Half a thought")
        await at.pilot.pause(0.5)
        await at.settle()
        assert list(_drafts(live, who, audit).values()) == ["Half a thought"]
        await at.press("ctrl+q")
    assert live.ratings(audit) == {}

    async with sit(live, who) as again:
        await again.go_to(audit)
        assert "was kept, at question 1" in again.text()
        await again.press("e")
        assert "Half a thought" in again.text()


@played
async def test_zero_asks_for_the_reason_and_saves_which_of_the_two_it_is(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        one = at.screen(WorkbenchScreen).criterion
        await at.press("0")
        assert "why?" in at.text()
        last = one.cannot_tell_reasons[-1]
        await at.press(last.key)

        row = live.ratings(audit)[one.id]
        assert (row["applicability"], row["reason"], row["grade"]) == ("cannot_tell", last.id, None)


@played
async def test_undo_takes_the_newest_answer_back_and_says_which(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("2", "2", "u")

        assert [row["grade"] for row in live.ratings(audit).values()] == ["good"]
        assert "Undone: Reasoning behind the risk assessment is now not answered." in at.text()
        await at.press("u", "u")
        assert "nothing to take back" in at.text()
        assert live.ratings(audit) == {}


@played
async def test_where_the_evidence_is_and_whether_it_was_found(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("p")
        await at.write("Contact log, 3 May")
        await at.press("escape", "home", "v", "2")

        (row,) = live.ratings(audit).values()
        assert (row["pointer"], row["evidence"], row["grade"]) == ("Contact log, 3 May", "partly", None)


@played
async def test_jumping_finding_and_coming_back(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("g", "1", "5", "enter")
        assert at.screen(WorkbenchScreen).criterion.number == 15
        await at.press("m", "home", "slash")
        await at.write("identity")
        await at.press("enter")
        assert "identity" in at.screen(WorkbenchScreen).criterion.title
        await at.press("g")
        await at.write("nonsense")
        await at.press("enter")
        assert "There is no question 'nonsense'. They are numbered 1 to 18." in at.text()
        await at.press("escape")
        assert "[?] 15" in at.pane("criteria")
    assert set(_drafts(live, who, audit)) == {"flag:ov.mgmt_oversight"}


@played
async def test_the_rule_that_binds_the_overall_grade_is_named_while_grading(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    live.begun(audit)
    live.grade_all(audit, who)
    async with sit(live, who, size=(120, 40)) as at:
        await at.go_to(audit)
        assert "Overall: suggested Good" in at.text()
        await at.press("home", "4")
        await at.write("Nobody went.")
        await at.press("escape")
        await at.write("Log, 4 May.")
        await at.press("escape")

        assert "Overall: suggested Inadequate" in at.text()
        assert "Rule L1 (Safety comes first)" in at.text()


@played
async def test_an_escalation_is_one_key_away_and_names_the_question(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("exclamation_mark")
        await at.write("The child is not safe tonight")
        await at.press("enter")

        (raised,) = live.escalations(audit)
        assert raised["concern"] == "The child is not safe tonight"
        assert raised["criterion"] == live.expected()[0]
        assert "Escalation raised and saved" in at.text()


@played
async def test_two_people_at_one_note_keep_both_texts(live: Live, sit: Sit, audit: str) -> None:
    """The second is told who was first, sees both texts, and says which stands."""
    who = live.auditor(audit)
    live.begun(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        first = at.screen(WorkbenchScreen).criterion.id
        await at.press("e")
        await at.write("Mine")
        live.rate(audit, who, first, note="Theirs.")
        await at.press("escape")

        assert "NOT SAVED" in at.text()
        assert f"{who} wrote something on it at" in " ".join(at.text().split())
        assert "Theirs." in at.text()
        assert "Mine" in at.text()
        assert live.ratings(audit)[first]["note"] == "Theirs."
        await at.press("m")
        assert live.ratings(audit)[first]["note"] == "Mine"


@played
async def test_nothing_that_steers_a_terminal_gets_into_a_note(live: Live, sit: Sit, audit: str) -> None:
    from textual import events

    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("e")
        at.app.post_message(events.Paste("[/b] \x1b]0;PWNED\x07 a\u202eb \x9b31m" + "x" * 20_000))
        await at.settle()
        assert "Kept 10,000 of" in at.text()
        await at.press("escape")

        (row,) = live.ratings(audit).values()
        assert row["note"].startswith("[/b] ]0;PWNED ab 31m")
        assert len(row["note"]) == 10_000
        assert "\x1b" not in at.text()


@played
async def test_below_80_by_24_one_sentence_stands_and_no_key_grades(live: Live, sit: Sit, audit: str) -> None:
    who = live.auditor(audit)
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("2")
        await at.pilot.resize_terminal(62, 18)
        await at.settle()
        assert "audit needs 80 x 24. This window is 62 x 18. Your work is saved." in " ".join(at.text().split())
        await at.press("2")
        assert len(live.ratings(audit)) == 1
        await at.pilot.resize_terminal(1, 1)
        await at.settle()
        await at.pilot.resize_terminal(80, 24)
        await at.settle()
        assert " >[ ]  2" in at.pane("criteria")


@played
async def test_a_submitted_audit_is_read_and_not_changed(live: Live, sit: Sit, audit: str) -> None:
    who = live.in_moderation(audit)
    before = live.contents()
    async with sit(live, who) as at:
        await at.go_to(audit)
        await at.press("1")

        assert "locked since it was submitted" in " ".join(at.text().split())
        assert "NOT SAVED" in at.text()
    assert live.contents()["ratings"] == before["ratings"]
