"""Moderation through keys: taken on, graded blind, locked, compared, decided, made final or returned."""

from typing import Any

import pytest

from audit_engine.actions.drafting import keep_draft
from audit_engine.queries.drafts import drafts
from audit_engine.queries.work import comparison
from audit_engine.work_views import ComparisonView
from tests.actions.live.at_work import EVE, LADDERS, Live
from tui.drawing.compare import difference_row, direction_words, gap_words, summary_lines
from tui.drawing.words import plain
from tui.screens.compare import CompareScreen
from tui.screens.moderation import BlindWorkbench
from tui.screens.prompt import LongPrompt
from tui.screens.queue import QueueScreen

from .conftest import Screens, Sit
from .playing import played

WHY = "It is not in the record."


def kept(live: Live, who: str, audit: str) -> dict[str, str]:
    with live.db.read() as session:
        return drafts(session, live.who(who), audit)


def compared(live: Live, audit: str) -> ComparisonView:
    with live.db.read() as session:
        return comparison(session, live.who(EVE), audit)


async def go_on(at: Screens) -> None:
    """Open the only audit of the queue; an escalation on it stands above it."""
    await at.press("end", "enter")


async def decide(at: Screens, key: str, why: str = WHY) -> None:
    await at.press(key)
    await at.write(why)
    await at.press("enter")


@played
async def test_a_whole_moderation_through_keys(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    async with sit(live, EVE) as at:
        await go_on(at)
        assert "Taking it on makes you its moderator" in at.text()
        assert not live.moderations(audit)
        await at.press("1")
        at.screen(BlindWorkbench)
        assert f"BLIND MODERATION  {audit} " in at.text()

        await at.press(*(key for name in live.expected() for key in ("121" if name in LADDERS else "2")))
        (moderation,) = live.moderations(audit)
        assert moderation["stage"] == "blind"
        assert set(live.blind(moderation["key"])) == set(live.expected())
        await at.press("L", "2", "L", "1")

        at.screen(CompareScreen)
        assert "17 of 18 answers are the same (18 are too few for a coefficient), 1 differs." in at.text()
        assert "You were higher on 1 of 1." in at.text()
        assert "2 !!  open" in at.pane("differences")
        await decide(at, "a")
        assert "= auditor" in at.pane("differences")
        assert "1/1 decided" in at.text()
        await at.press("f")
        await at.press("S", "1")
        at.screen(QueueScreen)
        assert f"{audit} is final, saved" in at.text()
    (moderation,) = live.moderations(audit)
    assert (moderation["stage"], moderation["blind_overall"]) == ("decided", "good")
    assert (moderation["decided_overall"], moderation["direction"]) == ("inadequate", "agreed")
    decided = live.blind(moderation["key"])["safe.da_assessed"]
    assert (decided["grade"], decided["decision"], decided["decided_reason"]) == ("good", "auditor", WHY)
    assert live.audit(audit)["final_overall"] == "inadequate"
    assert live.is_sound()


@played
async def test_not_taken_on_changes_nothing(live: Live, sit: Sit, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    for key in ("2", "escape"):
        async with sit(live, EVE) as at:
            await go_on(at)
            await at.press(key)
            at.screen(QueueScreen)
            assert "Not taken on." in at.text()
    assert not live.moderations(audit)
    assert live.audit(audit)["stage"] == "submitted"


@played
async def test_a_decision_needs_its_reason_and_goes_to_the_next(live: Live, sit: Sit, audit: str) -> None:
    """A digit that one of the two gave decides for that side; any other is a third answer."""
    live.compared(audit, heard_seen="requires_improvement", heard_wishes="outstanding")
    async with sit(live, EVE) as at:
        await go_on(at)
        at.screen(CompareScreen)
        assert "1/" not in at.text().splitlines()[0]
        await at.press("3", "enter")
        assert "This needs some words." in at.text()
        await at.write(WHY)
        await at.press("enter")
        assert "* other" in at.pane("differences")
        assert "2 of 3 still to decide" in at.text()
        await decide(at, "2")
        await decide(at, "y")
        assert "Nothing is left to decide." in at.text()

        await at.press("home")
        await decide(at, "a", " Seen again.")
        assert "Why: It is not in the record. Seen again." in at.text()
    rows = live.blind(live.moderations(audit)[0]["key"])
    assert rows["safe.da_assessed"]["decision"] == "auditor"
    assert rows["safe.da_assessed"]["decided_reason"] == f"{WHY} Seen again."
    assert {rows[name]["decision"] for name in ("heard.seen", "heard.wishes")} == {"auditor", "moderator"}
    assert live.is_sound()


@played
async def test_a_reason_that_was_begun_is_kept(live: Live, sit: Sit, audit: str) -> None:
    live.compared(audit)
    async with sit(live, EVE) as at:
        await go_on(at)
        await at.press("y")
        await at.write("Half a")
        await at.press("escape", "R")
        await at.write("Look")
        await at.press("escape", "escape")
        at.screen(CompareScreen)
        assert kept(live, EVE, audit) == {"decision:safe.da_assessed": "Half a", "return": "Look"}
    async with sit(live, EVE) as at:
        await go_on(at)
        assert "Your questions to the auditor" in at.text()
        await at.press("y")
        assert "Half a" in at.text()
        await at.write(" reason.")
        await at.press("enter")
        assert kept(live, EVE, audit) == {"return": "Look"}
    assert live.blind(live.moderations(audit)[0]["key"])["safe.da_assessed"]["decided_reason"] == "Half a reason."


@played
async def test_nothing_is_finished_while_something_is_open(live: Live, sit: Sit, audit: str) -> None:
    live.compared(audit)
    async with sit(live, EVE) as at:
        await go_on(at)
        await at.press("f")
        at.screen(CompareScreen)
        assert "1 of 1 still to decide before it can be finished." in at.text()
    assert live.moderations(audit)[0]["stage"] == "compared"


@played
async def test_both_notes_at_120_columns_one_at_80(live: Live, sit: Sit, audit: str) -> None:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True)
    live.rate(audit, EVE, "safe.da_assessed", note="Mine is here.", blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    async with sit(live, EVE, (120, 40)) as at:
        await go_on(at)
        assert "Seen inadequate." in at.text()
        assert "Mine is here." in at.text()
        await at.pilot.resize_terminal(80, 24)
        await at.settle()
        assert "Seen inadequate." in at.text()
        assert "Mine is here." not in at.text()
        await at.press("tab")
        assert "Mine is here." in at.text()
        assert "You, blind   (Tab: the other)" in at.text()
        assert "Seen inadequate." not in at.text()


@played
async def test_two_who_agree_have_nothing_to_decide(live: Live, sit: Sit, audit: str) -> None:
    live.compared(audit, overall="inadequate", safe_da_assessed="inadequate")
    async with sit(live, EVE) as at:
        await go_on(at)
        assert "answered all 18 alike" in at.text()
        for key in ("a", "1", "j", "tab", "d"):
            await at.press(key)
            at.screen(CompareScreen)
        await at.press("a")
        assert "You and the auditor agree on everything." in at.text()


@played
async def test_what_is_finished_can_only_be_read(live: Live, sit: Sit, audit: str) -> None:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor", reason=WHY)
    live.finalise(audit, EVE, "inadequate")
    before = live.contents()
    async with sit(live, EVE) as at:
        await go_on(at)
        assert "finished" in at.text().splitlines()[0]
        assert "final Inadequate." in " ".join(at.text().split())
        assert f"Why: {WHY}" in at.text()
        for key in ("a", "y", "3", "f", "R"):
            await at.press(key)
            at.screen(CompareScreen)
            assert "This moderation is finished" in at.text(), key
    after = live.contents()
    assert {name for name in before if before[name] != after[name]} <= {"entries", "payloads", "chains"}
    assert after["ratings"] == before["ratings"]


@played
async def test_a_return_tells_the_auditor_why_and_shares_no_draft(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.compared(audit)
    keep_draft(live.db, live.who(auditor), audit, "concern:safe.da_assessed", "Auditor's draft.", at=live.at())
    keep_draft(live.db, live.who(EVE), audit, "blind:note:safe.da_assessed", "Moderator's draft.", at=live.at())
    async with sit(live, EVE) as at:
        await go_on(at)
        await at.press("exclamation_mark")
        assert "Auditor's draft." not in at.text()
        await at.press("escape", "R")
        await at.write("Read section two again.")
        await at.press("escape")
        assert live.audit(audit)["stage"] == "moderation"
        await at.press("enter")
        at.screen(QueueScreen)
        assert f"{audit} is returned, saved" in at.text()
    (moderation,) = live.moderations(audit)
    assert (moderation["stage"], moderation["reason"]) == ("returned", "Read section two again.")
    assert live.audit(audit)["returned_times"] == 1
    assert "return" not in kept(live, EVE, audit)
    async with sit(live, auditor) as at:
        await at.go_to(audit)
        assert "The moderator returned it: Read section two again." in at.text()
        await at.press("e")
        assert "Moderator's draft." not in at.text()
    assert live.is_sound()


@played
async def test_what_is_sent_is_no_draft_again_whenever_its_field_asks_to_keep_it(
    live: Live, sit: Sit, audit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer of the field may fire while its draft is taken away, and again before the prompt is gone."""
    live.compared(audit)
    fired: list[str] = []
    async with sit(live, EVE) as at:
        await go_on(at)
        await at.press("R")
        await at.write("Read section two again.")
        await at.press("escape")
        prompt = at.screen(LongPrompt)
        screen = next(one for one in at.app.screen_stack if isinstance(one, CompareScreen))
        reread, give = screen.reread, prompt._give

        async def while_it_is_taken_away(call: Any, *given: Any) -> Any:
            answer = await reread(call, *given)
            if call.__name__ == "drop":
                fired.append("while")
                await screen.keep("return", "Read section two again.")
            return answer

        async def given(text: str) -> str | None:
            assert give is not None
            why_not = await give(text)
            fired.append("after")
            await prompt.keep_draft()
            return why_not

        monkeypatch.setattr(screen, "reread", while_it_is_taken_away)
        monkeypatch.setattr(prompt, "_give", given)
        await at.press("enter")
        at.screen(QueueScreen)
    assert fired == ["while", "after"]
    assert "return" not in kept(live, EVE, audit)


def test_gaps_and_directions_are_counted_out_of_all(live: Live, audit: str) -> None:
    live.compared(audit, heard_seen="requires_improvement", heard_wishes="outstanding")
    view = compared(live, audit)

    assert direction_words(view) == "You were lower on 1 of 3 and higher on 2 of 3."
    assert [gap_words(one) for one in view.differences] == ["2 !!", "1", "1"]
    assert "15 of 18 answers are the same" in plain(summary_lines(view, 80))
    for width in (80, 120):
        rows = [difference_row(one, width, here=False) for one in view.differences]
        assert max(row.cell_length for row in rows) <= width
        assert [row.plain.split()[-1] for row in rows] == ["open"] * 3
