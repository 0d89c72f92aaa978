"""What is late is done when the screens open, beside them: it is seen in the queue, and stops nobody."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from audit_engine.actions.ticking import Tick
from tests.actions.live.at_work import ADA, LEAD, Live
from tests.actions.live.timed import late, late_file, ticked, timed
from tests.tui.conftest import Screens, Sit
from tests.tui.playing import played
from tui.drawing.queue import counts_words
from tui.screens.queue import QueueScreen

__all__ = ["late", "late_file", "timed"]


async def until(screens: Screens, text: str) -> str:
    """The screen once it says something, which it does beside the keys."""
    for _ in range(400):
        await screens.settle()
        if text in screens.text():
            return screens.text()
    raise AssertionError(f"never said {text!r}:\n{screens.text()}")


@played
async def test_the_auditor_is_reminded_when_they_open_their_queue(late: Live, sit: Sit) -> None:
    """In words, in eighty columns; and why says it, too."""
    auditor = late.auditor(late.audits[0])

    async with sit(late, auditor) as screens:
        text = await until(screens, "REMINDED")

        assert all(len(line) <= 80 for line in text.splitlines())
        assert "You were reminded on " in " ".join(text.split())
        assert "moved on because" not in text
        await screens.press("w")
        assert "was reminded on" in " ".join(screens.text().split())
    assert {row["kind"] for row in late.rows("notices")} == {"remind"}
    assert late.is_sound()


@played
async def test_the_lead_is_told_in_a_line_of_its_own(late: Live, sit: Sit) -> None:
    audit = late.audits[0]
    late.begun(audit)
    ticked(late, "2024-01-29")

    async with sit(late, LEAD) as screens:
        await screens.settle()
        text = screens.text()

        assert "Told 1" in text
        (line,) = [line for line in text.splitlines() if audit in line and "late: with the auditor" in line]
        assert "TOLD" in line
        await screens.press("slash", *"with the auditor", "enter")
        assert "You were told on Mon 29 Jan that it is late." in " ".join(screens.text().split())
        await screens.press("enter")
        assert f"Audit {audit}: Being graded" in screens.text()


@played
async def test_what_moved_on_is_said_and_the_queue_is_read_again(late: Live, sit: Sit) -> None:
    one, two = late.audits[:2]
    for audit in (one, two):
        late.move(audit, late.submitted(audit), "share")

    async with sit(late, ADA) as screens:
        text = await until(screens, "2 things moved on because they were late.")

        assert "To do 0" in text
    assert {late.audit(audit)["stage"] for audit in (one, two)} == {"closed"}
    assert late.is_sound()


@played
async def test_a_locked_database_stops_nothing(late: Live, sit: Sit) -> None:
    """Another program writes all the while: nothing is done, nothing is said, and every key is obeyed."""
    auditor = late.auditor(late.audits[0])
    with closing(sqlite3.connect(Path(late.address), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        async with sit(late, auditor) as screens:
            await screens.press("j", "k")
            await screens.settle()

            assert "locked" not in screens.text()
            assert "REMINDED" not in screens.text()
            assert "1 of" in screens.text()
        other.execute("ROLLBACK")
    assert late.rows("notices") == []


@played
async def test_a_mistake_in_it_stops_nothing(late: Live, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Tick) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(Tick, "do_next", broken)

    async with sit(late, late.auditor(late.audits[0])) as screens:
        await screens.press("j", "k")

        assert screens.screen(QueueScreen).chosen is not None
        assert "mistake" not in screens.text()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_counts_fit_with_everything_in_them(width: int) -> None:
    from audit_engine.queue_views import QueueCounts

    many = QueueCounts(to_do=1234, overdue=234, returned=12, escalations=12, others=1234, done=12345, told=123)
    text = counts_words(many, width)

    assert "Told 123" in text
    assert len(text) < width
