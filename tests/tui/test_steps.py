"""What can happen to an audit, seen and done: shared, closed, withdrawn; and what is done about an escalation."""

from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.screens.steps import StepsScreen
from tui.screens.workbench import WorkbenchScreen


@played
async def test_two_managers_work_an_escalation_off_and_the_other_one_stays_as_it_was(
    live: Live, sit: Sit, audit: str
) -> None:
    auditor = live.begun(audit)
    live.escalate(audit, auditor, "No safety plan [bold]since[/] the move.")
    live.escalate(audit, auditor, "Another fear.")

    async with sit(live, CARA) as screens:
        await screens.press("enter", "enter")
        assert "No safety plan [bold]since[/] the move." in screens.text()
        assert [one["stage"] for one in live.escalations(audit)] == ["acknowledged", "raised"]
        # The second of the two, though the first could be brought on, too.
        await screens.press("G", "enter")
        assert [one["stage"] for one in live.escalations(audit)] == ["acknowledged", "acknowledged"]
        await screens.press("G", "enter")
        await screens.write("Somebody went there today.")
        await screens.press("escape", "enter")
        assert "Somebody went there today." in screens.text()  # what was written is kept
        assert [row["place"] for row in live.rows("drafts")] == ["step:concern:act:2"]
        await screens.press("enter")
        assert "It is now 'Acted on'" in screens.text()
        await screens.press("escape")
        assert f"{audit}: Record what was done for the child; saved." in screens.text()

    first, second = live.escalations(audit)
    assert (first["stage"], first["action_taken"]) == ("acknowledged", None)
    assert (second["stage"], second["action_taken"]) == ("acted", "Somebody went there today.")
    assert live.rows("drafts") == []

    async with sit(live, LEAD) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("G", "enter")
        await screens.write("Seen and safe.")
        await screens.press("enter", "2")
        assert live.escalations(audit)[1]["open"]  # asked once, and said no
        await screens.press("G", "enter", "enter", "1")
        assert [one["open"] for one in live.escalations(audit)] == [True, False]
        assert live.escalations(audit)[1]["outcome"] == "Seen and safe."


@played
async def test_whoever_raised_it_is_told_why_they_cannot_close_it(live: Live, sit: Sit, audit: str) -> None:
    live.begun(audit)
    live.escalate(audit, LEAD)
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Done.")
    before = live.contents()

    async with sit(live, LEAD) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("G", "enter")
        assert "Not yet: " in screens.text()
        await screens.press("k", "enter")  # withdraw, while an escalation is open
        assert "Not yet: 1 escalation on this audit is still open. Have it closed first." in screens.text()

    after = live.contents()
    assert {name for name in before if before[name] != after[name]} <= {"entries", "payloads"}  # the look


@played
async def test_the_lead_shares_and_somebody_else_is_told_whose_it_is(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit)

    async with sit(live, CARA) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("home", "enter")
        assert "Not you: It is for the auditor of this audit" in screens.text()
    async with sit(live, LEAD) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("enter")
        assert "The practitioner can read it from then on, and nobody can undo that." in screens.text()
        await screens.press("escape")
        assert live.audit(audit)["stage"] == "decided"
        await screens.press("enter", "1")
        assert "Saved: Share the audit with the practitioner." in screens.text()
        assert live.audit(audit)["stage"] == "shared"
        await screens.press("enter")  # close it without an answer: with words
        await screens.write("Left the service.")
        await screens.press("enter", "1")
        assert live.audit(audit)["stage"] == "closed"
        assert "It is at its end." in screens.text()


@played
async def test_a_reason_of_the_list_withdraws_and_who_was_too_late_is_told(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit)

    async with sit(live, LEAD) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("end", "enter")
        assert "The wrong case was drawn" in screens.text()
        await screens.press("3")
        assert (live.audit(audit)["stage"], live.audit(audit)["withdrawn_because"]) == ("withdrawn", "wrong_case_drawn")

    other = live.audits[1]
    auditor = live.submitted(other)
    async with sit(live, auditor) as screens:
        screens.app.push_screen(StepsScreen(other))
        await screens.settle()
        await screens.press("enter")
        live.move(other, LEAD, "withdraw", "case_not_open")
        await screens.press("1")
        assert "NOT SAVED" in screens.text()
        assert f"{LEAD} moved it on to 'Withdrawn'" in " ".join(screens.text().split())
        assert "It is at its end." in screens.text()


@played
async def test_what_is_done_elsewhere_opens_there(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.begun(audit)

    async with sit(live, auditor) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        assert "Submit the audit" in screens.text()
        await screens.press("home", "j", "enter")
        assert "Not yet: " in screens.text()
        live.grade_all(audit, auditor)
        await screens.press("escape")
        screens.app.push_screen(WorkbenchScreen(audit))
        await screens.settle()
        await screens.press("w")
        screens.screen(StepsScreen)
        await screens.press("enter")
        screens.screen(WorkbenchScreen)  # back where it is done, not one more on top
        assert "This screen is where it is done" in screens.text()
    async with sit(live, LEAD) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        await screens.press("home", "enter")
        assert f"audit move {audit} reallocate --to PERSON" in screens.text()


@played
async def test_what_is_not_theirs_to_see_is_one_sentence(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, ADA) as screens:
        screens.app.push_screen(StepsScreen("L-2324Q4-9999"))
        await screens.settle()
        assert "To do" in screens.text()  # the queue again
    async with sit(live, EVE, (60, 20)) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        assert "audit needs 80 x 24" in screens.text()


@played
async def test_who_may_still_moderate_is_not_told_the_fear_and_not_led_to_it(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")

    async with sit(live, EVE) as screens:
        screens.app.push_screen(StepsScreen(audit))
        await screens.settle()
        assert "The child is not safe." not in screens.pane("steps")
        assert "What is feared is withheld" in screens.text()
        await screens.press("enter")
        assert f"{audit} waits for a moderator. Take it on?" in screens.text()
    assert live.escalations(audit)[0]["stage"] == "raised"
