"""Before the lock, no screen that a head of practice can reach tells anything of what the auditor answered.

The same keys are pressed in two workspaces that are the same but for the auditor's answers and words, how often they
answered, and whether they raised an escalation. Whatever differs on a screen tells something of them, also where it is
no word of theirs.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from audit_engine.actions.drafting import keep_draft
from audit_engine.calendars import now
from audit_engine.definitions.catalogue import Catalogue
from tests.actions.live.at_work import EDGAR, EVE, Live
from tests.actions.live.conftest import copied, unselected
from tui.screens.choosing import Choosing
from tui.screens.compare import CompareScreen
from tui.screens.moderation import BlindWorkbench
from tui.widgets.lines import LinesPane

from .conftest import Screens, Sit
from .playing import played

CANARY = "zqx"
"""In everything the auditor wrote, and in nothing else."""
FEARED = "zqx concern"
"""Read with everything else about an escalation, to know whether one is open; and withheld."""
BEGAN = now() - timedelta(hours=3)
"""Both worlds: so that the escalation in one of them is not overdue, which whoever may act would be told."""
SLOTS = 22
"""Lines of the workbench: eighteen questions, two of them with three lines each."""
READS_THEIRS = re.compile(
    r"\b(FROM|JOIN) ratings\b|"
    r"\baudits\.(overall|final_overall|suggested|overall_reason|selected_because|feedback_reason)\b",
    re.IGNORECASE,
)
ONE = {"safe_da_assessed": "inadequate"}
OTHER = {"safe_da_assessed": "outstanding", "heard_seen": "requires_improvement", "rep_advice": "outstanding"}
Worlds = Callable[..., Live]


@pytest.fixture
def world(workspace: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Worlds]:
    """A workspace whose auditor gave these grades, and wrote a canary wherever an auditor can write.

    In world one they raise an escalation; in the other they write more often, and take one answer back.
    """
    opened = []

    def made(told: str, **grades: Any) -> Live:
        live = copied(workspace, tmp_path / f"{told}.db", catalogue)
        opened.append(live)
        live.now = BEGAN
        audit = unselected(live)
        auditor = live.begun(audit)
        live.grade_all(audit, auditor, **grades)
        for name in live.expected():
            if told == "one":
                live.rate(audit, auditor, name, note=f"{CANARY} {told}.", pointer=f"{CANARY} {told}.")
            else:
                live.rate(audit, auditor, name, note=f"{CANARY} {told}.")
                live.rate(audit, auditor, name, pointer=f"{CANARY} {told}.")
        if told == "one":
            live.escalate(audit, auditor, f"{FEARED} {told}.", criterion="safe.da_assessed")
        else:
            live.rate(audit, auditor, "heard.seen", grade="good")
            live.undo(audit, auditor)
        live.submit(
            audit, auditor, "inadequate", overall_reason=f"{CANARY} {told}.", feedback_from=(),
            feedback_reason=f"{CANARY} {told}.",
        )  # fmt: skip
        for place in ("concern", "concern:heard.seen", "note:heard.seen", "blind:note:heard.seen"):
            keep_draft(live.db, live.who(auditor), audit, place, f"{CANARY} {told}.", at=live.at())
        return live

    yield made
    for live in opened:
        live.db.close()


@dataclass
class Passed:
    """What went through the screens' own connections."""

    statements: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


@contextmanager
def watched(at: Screens) -> Iterator[Passed]:
    """Write down every statement, and every value it gives back."""
    passed = Passed()

    def row(_cursor: Any, values: tuple[Any, ...]) -> tuple[Any, ...]:
        passed.values.extend(values)
        return values

    def watch(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(passed.statements.append)
        connection.row_factory = row

    pool = at.app.here.database._engine.pool
    event.listen(pool, "checkout", watch)
    yield passed
    event.remove(pool, "checkout", watch)
    assert any("blind_ratings" in statement for statement in passed.statements)
    assert passed.values


class Walk:
    """Presses keys, and keeps every picture and every pane, those out of sight too."""

    def __init__(self, at: Screens) -> None:
        self.at = at
        self.seen: list[str] = []

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.at.press(key)
            self._look()

    async def move(self, *keys: str) -> None:
        """Keys that ask nothing of the database: no need to wait for it."""
        for key in keys:
            await self.at.pilot.press(key)
            self._look()

    async def write(self, text: str) -> None:
        await self.at.write(text)
        self._look()

    def _look(self) -> None:
        panes = [self.at.pane(pane.id) for pane in self.at.app.screen.query(LinesPane) if pane.id]
        self.seen.append(re.sub(r"\d\d:\d\d(:\d\d)?", "TIME", "\n".join([self.at.text(), *panes])))


async def before_it_is_taken(walk: Walk) -> None:
    """The queue, what can happen to the audit, its story, and looking for words."""
    await walk.press("home", "w", "escape", "h", "escape", "end", "w", "escape", "h", "escape", "exclamation_mark")
    await walk.press("escape", "slash")
    await walk.write(CANARY)
    await walk.press("enter", "escape", "end", "enter")
    walk.at.screen(Choosing)


async def on_the_workbench(walk: Walk) -> None:
    """Every question, every prompt, what is refused, and a window that is too small."""
    await walk.press("1")
    walk.at.screen(BlindWorkbench)
    await walk.press("2")
    await walk.move(*["j"] * SLOTS, "home", "d", "escape")
    await walk.press("e", "escape", "p", "escape", "slash")
    await walk.write(CANARY)
    await walk.press("enter", "9", "0", "escape", "u", "question_mark", "escape", "exclamation_mark", "escape")
    await walk.press("s", "L", "S", "enter", "L", "j", "escape", "g")
    await walk.write("6")
    await walk.press("enter", "e", "escape", "exclamation_mark", "escape")
    await walk.at.pilot.resize_terminal(60, 20)
    await walk.press("2", "L")
    await walk.at.pilot.resize_terminal(80, 24)
    await walk.at.settle()
    walk.at.screen(BlindWorkbench)


async def walked(sit: Sit, live: Live) -> list[str]:
    """Every picture two heads of practice can come by before the lock."""
    async with sit(live, EVE) as at:
        walk = Walk(at)
        await before_it_is_taken(walk)
        with watched(at) as passed:
            await on_the_workbench(walk)
        assert not [statement for statement in passed.statements if READS_THEIRS.search(statement)]
        words = {value for value in passed.values if isinstance(value, str) and CANARY in value}
        assert all(value.startswith(FEARED) for value in words), words
        await walk.press("w", "escape", "h", "escape", "q", "h", "escape", "w")
    async with sit(live, EDGAR) as at:
        others = Walk(at)
        await others.press("end", "h", "escape", "w", "escape", "enter")
    return [*walk.seen, *others.seen]


@played
async def test_no_screen_before_the_lock_depends_on_the_auditor(sit: Sit, world: Worlds) -> None:
    one, other = world("one", **ONE), world("other", **OTHER)
    audit = unselected(one)
    pictures, others = await walked(sit, one), await walked(sit, other)

    assert len(pictures) == len(others) > 70
    for number, (here, there) in enumerate(zip(pictures, others, strict=True)):
        assert here == there, number
        # What was looked for stands in the field, and in the sentence that it was not found.
        assert not re.search(rf"({CANARY}|{FEARED}) (one|other)", here), number

    for live in (one, other):  # and once it is locked, it is there to be seen
        live.grade_all(audit, EVE, blind=True)
        live.blind_overall(audit, EVE, "good")
        live.lock(audit, EVE)
    async with sit(one, EVE) as at:
        await at.press("end", "enter")
        at.screen(CompareScreen)
        assert f"{CANARY} one." in at.text()
        assert "4 Inadequat" in at.pane("differences")
    async with sit(other, EVE) as at:
        await at.press("end", "enter")
        assert f"{CANARY} other." in at.text()
        assert "1 Outstandi" in at.pane("differences")
