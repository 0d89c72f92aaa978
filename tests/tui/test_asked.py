"""Questions, members and rules looked past on the screens: keys in, screen and database out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue
from tests.actions.live.at_work import EVE, Live
from tests.actions.live.conftest import copied, prepared
from tests.actions.live.test_whole_language import answer_all, compared
from tests.actions.live.whole_language import whole_language
from tests.tui.conftest import Sit
from tests.tui.playing import played


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return whole_language()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("asked") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


@pytest.fixture
def live(workspace: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Live]:
    found = copied(workspace, tmp_path / "workspace.db", catalogue)
    with found.db:
        yield found


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@played
async def test_questions_and_members_by_keys_alone(live: Live, sit: Sit, audit: str, size: tuple[int, int]) -> None:
    async with sit(live, live.auditor(audit), size, opens=("grade", audit)) as screens:
        assert "Was the risk named to both parents?" in screens.text()
        assert ("a questions" in screens.text(), "s submit" in screens.text()) == (False, True)
        await screens.press("2")
        assert "0 of 1 questions answered" in screens.text()
        assert ("a questions" in screens.text(), "s submit" in screens.text()) == (True, True)
        await screens.press("a", "1")
        assert "Nobody and nothing is named yet" in screens.text()
        await screens.press("plus")
        await screens.write("Child 1")
        await screens.press("enter")
        assert "Child 1" in screens.text()
        await screens.press("2")
        assert "Taken from the answers: Sound. A child was seen with others only." in screens.text()
        await screens.press("k", "j", "1")
        assert "Taken from the answers: Strength." in screens.text()
        await screens.press("q")
        assert "Forms in place" in screens.text()
        await screens.press("5")
        assert "It has no grade" in screens.text()
        await screens.press("a", "2", "q", "2")
        assert "Nothing is open" in screens.text()
    assert live.ratings(audit)["w.siblings"]["grade"] == "strength"
    assert live.ratings(audit)["w.siblings"]["members"] == [{"called": "Child 1", "answers": {"alone": "alone"}}]
    assert live.ratings(audit)["w.forms"]["answers"] == {"consent": "no"}
    assert live.is_sound()


@played
async def test_another_grade_than_the_answers_lead_to_bears_a_mark(live: Live, sit: Sit, audit: str) -> None:
    auditor = live.begun(audit)
    answer_all(live, audit, auditor)

    async with sit(live, auditor, (120, 40), opens=("grade", audit)) as screens:
        await screens.press("g", "2", "enter", "2")
        assert "NOTE MODE" in screens.text()
        await screens.write("Seen in the garden.")
        await screens.press("escape", "g", "2", "enter")
        assert "Sound; 2 answers **." in screens.text()
        assert "** Another grade stands than the answers lead to" in screens.text()


@played
async def test_the_check_lists_waiting_questions_and_what_does_not_fit_and_goes_there(
    live: Live, sit: Sit, audit: str
) -> None:
    auditor = live.begun(audit)
    answer_all(live, audit, auditor, consent="no")
    live.rate(audit, auditor, "w.siblings", members={"Child 2": {}})

    async with sit(live, auditor, (120, 40), opens=("grade", audit)) as screens:
        await screens.press("s")
        assert "Child 2: Was this child seen alone?" in screens.text()
        assert "DOES IT FIT TOGETHER?" in screens.text()
        assert "There is no consent and a good plan. Say how." in screens.text()
        await screens.press("enter")
        assert "2 of 3 questions answered" in screens.text()
        await screens.press("minus")
        assert "Child 2 is taken out" in screens.text()
    assert len(live.ratings(audit)["w.siblings"]["members"]) == 1


@played
async def test_a_head_of_practice_looks_past_a_rule(live: Live, sit: Sit, audit: str) -> None:
    thin = {"plan": "requires_improvement"}
    compared(live, audit, "requires_improvement", blind=thin, overall="requires_improvement", **thin)

    async with sit(live, EVE, (120, 40), opens=("moderate", audit)) as screens:
        await screens.press("f", "2")
        assert "Good looks past R3, and it stays marked." in screens.text()
        await screens.write("It came in a letter.")
        await screens.press("enter")
        await screens.write("It is good.")
        await screens.press("enter")
        assert "R3: It came in a letter." in screens.text()
        await screens.press("S", "1")
    assert live.audit(audit)["final_overall"] == "good"
    assert live.audit(audit)["overridden"]["R3"]["reason"] == "It came in a letter."
