"""A list of answers by digits alone, also where there are more answers than digits."""

import pytest

from audit_engine.work_views import Choice
from tests.actions.live.at_work import Live
from tests.tui.conftest import Sit
from tests.tui.playing import played
from tui.screens.choosing import Choosing


def choices(count: int) -> list[Choice]:
    return [Choice(str(n), f"c{n}", f"Answer number {n}") for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "keys", "chosen"),
    [
        (9, "9", "c9"),
        (10, "8", "c8"),
        (10, "91", "c9"),
        (10, "92", "c10"),
        (10, "993", "c3"),
        (15, "97", "c15"),
        (17, "98", "c16"),
        (17, "991", "c17"),
    ],
)
@played
async def test_each_can_be_chosen(live: Live, sit: Sit, audit: str, count: int, keys: str, chosen: str) -> None:
    async with sit(live, live.auditor(audit)) as screens:
        given: list[object] = []
        screens.app.push_screen(Choosing("Which of them?", choices(count)), given.append)
        await screens.settle()
        assert "Which of them?" in screens.text()
        if count > 9:
            assert f"9 None of these: {count - 8} more" in screens.pane("choices")
        await screens.press(*keys[:-1])
        assert given == []
        await screens.press(keys[-1])

    answer = given[0]
    assert isinstance(answer, tuple)
    assert [one.id for one in answer] == [chosen]


@played
async def test_a_word_called_more_is_a_word(live: Live, sit: Sit, audit: str) -> None:
    async with sit(live, live.auditor(audit)) as screens:
        given: list[object] = []
        words = [Choice("1", "none", "None"), Choice("2", "more", "More")]
        screens.app.push_screen(Choosing("How many?", words), given.append)
        await screens.press("2")

    assert given == [(words[1],)]
