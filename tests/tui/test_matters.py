"""Actions, learning points and summaries on the screens: listed, looked at and moved with keys alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.queries.queue import queue
from tests.actions.follow_up.conftest import Following, following
from tests.actions.follow_up.workflows import write
from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, MAX
from tests.actions.live.conftest import copied, prepared, unselected
from tests.tui.conftest import Screens, Sit
from tests.tui.playing import played
from tui.desk import keeping_time
from tui.screens.matter import MatterScreen
from tui.screens.queue import QueueScreen
from tui.screens.steps import StepsScreen


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens play it years later: what is late would lapse as they open."""
    monkeypatch.setattr(keeping_time.KeepingTime, "goes_on", lambda _: False)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load(write(tmp_path_factory.mktemp("site")))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("matters") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


@pytest.fixture
def live(file: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Following]:
    """Six audits, allocated, on which things may hang."""
    found = following(copied(file, tmp_path / "workspace.db", catalogue))
    with found.db:
        yield found


@pytest.fixture
def audit(live: Following) -> str:
    return unselected(live)


def flat(screens: Screens) -> str:
    return " ".join(screens.text().split())


def waiting(live: Following, who: str) -> list[str]:
    """What `audit queue` lists, in order."""
    with live.db.read() as session:
        return [line.reference for line in queue(session, live.who(who))]


def rows(screens: Screens) -> list[str]:
    """The references down the queue as the screen lists it."""
    return [line.replace(">", " ").split()[0] for line in screens.pane("queue").splitlines()]


@played
async def test_what_waits_is_listed_as_the_command_line_lists_it(live: Following, sit: Sit, audit: str) -> None:
    action = live.acting(audit)
    point = live.open(EVE, "learning", "Ask who holds the key.", subject="North Heron")

    async with sit(live, CARA) as screens:
        assert rows(screens) == waiting(live, CARA) == [action]
        assert "Action, assigned" in screens.text()
        assert "To do 1" in screens.text()
        assert "Action, Assigned: Write the safety plan anew. It waits for you, due Mon 15 Jan." in flat(screens)
        assert f"audit {audit}." in flat(screens)
    async with sit(live, EVE, (120, 40)) as screens:
        assert rows(screens)[: len(waiting(live, EVE))] == waiting(live, EVE)
        assert point in waiting(live, EVE)
        await screens.press("slash", *"heron", "enter")
        assert rows(screens) == [point]
        assert "Learning point about North Heron, Noted: Ask who holds the key. It waits for you." in flat(screens)


@played
async def test_enter_leads_to_the_audit_of_an_action_and_to_the_action_there(
    live: Following, sit: Sit, audit: str
) -> None:
    action = live.acting(audit)

    async with sit(live, CARA) as screens:
        await screens.press("enter")
        screens.screen(StepsScreen)
        assert f"What can happen {audit}" in flat(screens)
        assert "> can Start the action" in flat(screens)
        await screens.press("enter")
        assert live.matter(action)["stage"] == "in_progress"
        assert "Saved: Start the action. It is now 'In progress'." in flat(screens)
        await screens.press("h")
        assert f"History {audit}" in flat(screens)
        await screens.press("q", "q")
        screens.screen(QueueScreen)
        assert rows(screens) == [action]
    assert live.is_sound()


@played
async def test_whoever_may_not_see_the_audit_has_the_action_on_a_page_of_its_own(
    live: Following, sit: Sit, audit: str
) -> None:
    """Its owner is in no way of the audit: what is shown is what the matter says."""
    auditor = live.shared(audit)
    other = live.other_auditor(audit)
    action = live.open(LEAD, "action", "Write the plan [bold]anew[/].", hangs_on=audit, named={"owner": other})
    assert auditor != other

    async with sit(live, other) as screens:
        await screens.press("slash", *action, "enter", "enter")
        screens.screen(MatterScreen)
        assert f"What can happen {action} Action" in flat(screens)
        assert f"Owner {other}, raised by {LEAD}." in flat(screens)
        assert "Write the plan [bold]anew[/]." in screens.text()
        await screens.press("enter")
        assert live.matter(action)["stage"] == "in_progress"
        await screens.press("exclamation_mark")
        assert "go to the audit (`g` in the queue) and raise it there" in flat(screens)
        await screens.press("h")
        assert f"History {action} Action the newest first" in flat(screens)
        assert "Start the action: now 'In progress'." in screens.text()
    assert live.is_sound()


@played
async def test_records_names_and_reasons_are_asked_and_nothing_is_done_without(
    live: Following, sit: Sit, audit: str
) -> None:
    live.shared(audit)
    owner = live.other_auditor(audit)
    action = live.open(LEAD, "action", "Write the plan anew.", hangs_on=audit, named={"owner": owner})

    async with sit(live, owner) as screens:
        await screens.press("g", *action.lower(), "enter")
        screens.screen(MatterScreen)
        await screens.press("j", "enter")
        assert "Who is the owner from then on? Their reference, like P-00042." in flat(screens)
        await screens.press("escape")
        assert "Nothing was done." in screens.text()
        await screens.press("enter", *"p-4", "enter")
        await screens.write("I leave the service.")
        live.event(action, owner, "start")  # meanwhile, in another window
        await screens.press("enter")
        assert "went on with it at" in flat(screens)
        await screens.press("escape", "home")
        assert live.matter(action)["stage"] == "in_progress"
        await screens.press("enter", "3")
        assert "Saved: Tell how far it is." in flat(screens)
        await screens.press("j", "enter", *"p-nobody", "enter")
        await screens.write("I leave the service.")
        await screens.press("enter")
        assert "NOT SAVED" in screens.text()
        await screens.press("escape", "enter", *"p-4", "enter")
        await screens.write("I leave the service.")
        await screens.press("enter")
        assert live.matter(action)["stage"] == "assigned"
        screens.screen(QueueScreen)  # it is nothing of theirs any more, and that is said
        assert f"{action}: Hand the action over; saved. It is not yours to see any more." in flat(screens)
    assert waiting(live, CARA) == [action]
    assert live.rows("drafts") == []
    assert live.is_sound()


@played
async def test_a_matter_about_no_audit_is_listed_looked_at_and_moved(live: Following, sit: Sit, audit: str) -> None:
    point = live.open(EVE, "learning", "Ask who holds the key.", subject="North Heron")
    period = live.open(LEAD, "quarterly_summary", "What the quarter shows.", subject="2023-24 Q4")

    async with sit(live, LEAD, (120, 40)) as screens:
        looks = len([row for row in live.rows("entries") if row["kind"] == "viewed"])
        await screens.press("slash", *period, "enter", "enter")
        screens.screen(MatterScreen)
        assert "About the period 2023-24 Q4." in flat(screens)
        assert "can" in screens.pane("steps")
        assert len([row for row in live.rows("entries") if row["kind"] == "viewed"]) == looks + 1
        before = live.matter(period)["turn"]
        await screens.press("home", "enter")
        if live.matter(period)["turn"] == before:
            await screens.write("Said in words.")
            await screens.press("enter")
        assert live.matter(period)["turn"] > before, screens.text()
    async with sit(live, EVE) as screens:
        await screens.press("slash", *point, "enter", "h")
        assert f"History {point}" in flat(screens)
        await screens.press("q", "w")
        screens.screen(MatterScreen)
    assert live.is_sound()


@played
async def test_what_is_not_theirs_is_not_told_apart_from_what_there_is_not(
    live: Following, sit: Sit, audit: str
) -> None:
    action = live.acting(audit)

    said = []
    async with sit(live, "P-3") as screens:
        for reference in (action, "ACT-9999"):
            await screens.press("g", *reference, "enter")
            screens.screen(QueueScreen)
            said.append(flat(screens).replace(reference, ""))
    assert said[0] == said[1]
    assert ADA not in said[0]
    assert MAX not in said[0]
