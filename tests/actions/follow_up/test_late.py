"""Matters that are late: their owner is reminded, the quality lead is told, and what nobody begins lapses by itself."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.queries.queue import queue_page
from audit_engine.queue_views import QueueLine
from tests.actions.live.at_work import ADA, LEAD, MAX
from tests.actions.live.conftest import copied, prepared, unselected
from tests.actions.live.timed import ticked

from .conftest import Following, following
from .workflows import write

ALONE = "      - {after: 10 working days, event: lapse}\n"
WITH_NOTICES = (
    "      - {after: 0 working days, remind: owner}\n      - {after: 5 working days, tell: quality_lead}\n" + ALONE
)


@pytest.fixture(scope="session")
def timely(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = write(tmp_path_factory.mktemp("timely"))
    file = folder / "workflows" / "action.yaml"
    text = file.read_text("utf-8")
    assert ALONE in text
    file.write_text(text.replace(ALONE, WITH_NOTICES), "utf-8")
    return load(folder)


@pytest.fixture(scope="session")
def timely_file(tmp_path_factory: pytest.TempPathFactory, timely: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("timely_file") / "workspace.db"
    prepared(path, timely).db.close()
    return path


@pytest.fixture
def late(timely_file: Path, tmp_path: Path, timely: Catalogue) -> Iterator[Following]:
    found = following(copied(timely_file, tmp_path / "workspace.db", timely))
    with found.db:
        yield found


def lines(live: Following, who: str) -> list[QueueLine]:
    with live.db.read() as session:
        return list(queue_page(session, live.who(who), size=1_000))


def says(live: Following, on: str, reference: str, who: str = LEAD) -> list[str]:
    return [line.says for line in ticked(live, on, who).lines if line.reference == reference]


def test_an_action_that_nobody_begins(late: Following) -> None:
    """Opened on 8 January 2024: due on the 15th, told after five working days more, and gone after ten."""
    audit = unselected(late)
    action = late.acting(audit)
    assert late.matter(action)["due"] == date(2024, 1, 15)

    assert says(late, "2024-01-15", action) == []
    assert says(late, "2024-01-16", action) == ["the owner is reminded"]
    notice = late.row("notices", thing=late.matter(action)["key"])
    assert (notice["about"], notice["person"]) == ("matter", late.person(late.owner(audit)))
    assert says(late, "2024-01-22", action) == ["the quality lead is told"]
    told = [line for line in lines(late, LEAD) if line.told]
    assert [(line.reference, line.group, line.state) for line in told] == [(action, "told", "late: with the owner")]
    for other in (ADA, MAX):
        assert not [line for line in lines(late, other) if line.told], other
    assert says(late, "2024-01-29", action) == ["'Let the action lapse' happened by itself, it is now 'Lapsed'"]
    assert (late.matter(action)["stage"], late.matter(action)["open"]) == ("lapsed", False)
    assert not [line for line in lines(late, LEAD) if line.told]
    assert late.is_sound()


def test_late_it_is_all_done_at_once_and_in_order(late: Following) -> None:
    action = late.acting(unselected(late))

    assert says(late, "2024-03-01", action) == [
        "the owner is reminded", "the quality lead is told",
        "'Let the action lapse' happened by itself, it is now 'Lapsed'",
    ]  # fmt: skip
    assert says(late, "2024-03-01", action) == []
    assert late.is_sound()


def test_whoever_may_not_see_a_matter_hears_nothing_of_it(late: Following) -> None:
    late.acting(unselected(late))

    view = ticked(late, "2024-01-16", "P-3")

    assert view.reminded == 1
    assert view.lines == ()
    assert [row["about"] for row in late.rows("notices")] == ["matter"]


def test_what_is_begun_is_reminded_of_no_more(late: Following) -> None:
    audit = unselected(late)
    action = late.acting(audit)
    ticked(late, "2024-01-16")
    late.event(action, late.owner(audit), "start")

    assert says(late, "2024-01-31", action) == []
    assert late.is_sound()
