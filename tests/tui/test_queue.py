"""The queue: as long as it is, where the person was, and what is said when it cannot be opened."""

import pytest
from textual import events

from tests.actions.live.at_work import ADA, CARA, LEAD, Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.screens import queue
from tui.screens.queue import QueueScreen
from tui.screens.workbench import WorkbenchScreen


def here(text: str) -> str:
    """The audit of the line where the person is."""
    return next(line.split()[1] for line in text.splitlines() if line.startswith(" > "))


def shared(live: Live, *audits: str) -> None:
    """Finished, and with their practitioner, to whom all of them belong."""
    for audit in audits:
        live.move(audit, live.submitted(audit), "share")


@played
async def test_a_queue_longer_than_a_page(live: Live, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)  # so that six audits are three pages

    shared(live, *live.audits)

    async with sit(live, ADA) as screens:
        assert "1 of 6" in screens.text()
        first = here(screens.text())
        await screens.press("G")
        assert "6 of 6" in screens.text()
        last = here(screens.text())
        await screens.press("]")
        assert "Nothing more waits for you in this direction." in screens.text()
        await screens.press("home", "pagedown", "k", "[")
        assert "4 of 6" in screens.text()
        await screens.press("slash", *last, "enter")
        assert (here(screens.text()), "1 of 1" in screens.text()) == (last, True)
        await screens.press("escape")
        assert (here(screens.text()), "6 of 6" in screens.text()) == (last, True)
        await screens.press("slash", *"2324", "enter", "end")
        assert "6 of 6" in screens.text()
        await screens.press("slash", *"-0009", "enter")
        assert "Nothing holds '2324-0009'. Esc shows everything." in screens.text()
        await screens.press("escape", "home")
        assert here(screens.text()) == first


@played
async def test_one_comes_back_to_the_same_audit_and_to_the_next_when_it_was_handed_on(live: Live, sit: Sit) -> None:
    shared(live, *live.audits[1:5])

    async with sit(live, ADA) as screens:
        await screens.press("j", "j")
        third = here(screens.text())
        await screens.press("enter", "escape")
        assert (here(screens.text()), "3 of 4" in screens.text()) == (third, True)
        shared(live, live.audits[0])
        await screens.press("r")
        assert (here(screens.text()), "of 5" in screens.text()) == (third, True)
        following = screens.pane("queue").split(third)[1].splitlines()[1].split()[0]
        await screens.press("enter", "a", "1", "q")
        assert f"{third}: you accepted what was found; saved." in screens.text()
        assert here(screens.text()) == following
        assert "To do 4" in screens.text()


@played
async def test_an_audit_that_went_on_meanwhile_is_said_and_goes(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.auditor(audit)

    async with sit(live, auditor) as screens:
        await screens.press("slash", *audit, "enter")
        live.reallocate(audit, LEAD, live.other_auditor(audit))
        await screens.press("enter")
        screens.screen(QueueScreen)
        assert "There is no live audit of this reference" in " ".join(screens.text().split())
        assert f"Nothing holds '{audit}'" in screens.text()


@played
async def test_mouse(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.auditor(audit)) as screens:
        first = here(screens.text())
        await screens.pilot.click("#queue", offset=(5, 1))
        await screens.settle()
        second = here(screens.text())
        assert second != first
        pane = screens.app.screen.query_one("#queue")
        pane.post_message(events.MouseScrollUp(pane, 5, 5, 0, 0, 0, False, False, False))
        await screens.settle()
        assert here(screens.text()) == first
        await screens.pilot.click("#queue", offset=(5, 0))
        await screens.settle()
        assert first in screens.screen(WorkbenchScreen).title_words()


@played
async def test_nobody_bound_and_no_workspace_are_one_sentence_and_q_leaves(live: Live, sit: Sit) -> None:
    async with sit(live, "P-99") as screens:
        told = " ".join(screens.text().split())
        assert "Nobody here has the reference 'P-99'. Check it in people.csv" in told
        assert "Nothing can be shown." in told
        await screens.press("r", "enter", "w", "h", "slash", "j", "G", "escape", "]")
        assert " ".join(screens.text().split()) == told
        await screens.press("q")
        assert not screens.app.is_running or screens.app._exit
    live.address = f"{live.address}.away"
    async with sit(live, LEAD) as screens:
        told = " ".join(screens.text().split())
        assert "Nothing can be shown." in told
        assert "make a workspace with audit init" in told


@played
async def test_an_audit_named_on_the_command_line_opens_at_once(live: Live, sit: Sit, audit: str) -> None:
    """`audit grade AUDIT` is the queue with that audit on top; Esc leads back to it."""
    async with sit(live, live.auditor(audit), opens=("grade", audit)) as at:
        assert audit in at.text()
        assert "1-4 grade" in at.text()
        await at.press("escape")
        assert "Work queue" in at.text()


@played
async def test_an_audit_of_somebody_else_is_refused_on_the_queue(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.other_auditor(audit), opens=("grade", audit)) as at:
        assert "Work queue" in at.text()
        assert f"There is no live audit of this reference that {live.other_auditor(audit)} may grade." in " ".join(
            at.text().split()
        )


@played
async def test_a_quality_lead_reaches_an_audit_that_does_not_wait_for_them(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, LEAD) as at:
        await at.press("g", *audit.lower(), "enter")
        assert "What can happen" in at.text()
        assert audit in at.text()
        await at.press("q", "g", *"L-nothing", "enter")
        assert "Work queue" in at.text()
        assert f"There is no audit of this reference that {LEAD} may see." in " ".join(at.text().split())


@played
async def test_a_manager_knows_whose_case_it_is_and_comes_to_the_escalation_of_the_line(
    live: Live, sit: Sit, audit: str
) -> None:
    auditor = live.begun(audit)
    for fear in ("First.", "Second."):
        live.escalate(audit, auditor, fear)
    live.concern(audit, LEAD, "acknowledge")
    case = live.row("cases", key=live.audit(audit)["case_key"])["reference"]

    async with sit(live, CARA) as at:
        assert "escalation 1: acknowledged" in at.text()
        assert f"Case {case}, practitioner {ADA}." in at.text()
        await at.press("enter")  # the second: it is due, the first is in hand
        assert f"Case {case}, practitioner {ADA}, auditor {auditor}." in at.text()
        await at.press("enter")
        assert [one["stage"] for one in live.escalations(audit)] == ["acknowledged", "acknowledged"]
