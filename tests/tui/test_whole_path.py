"""The whole path through the screens: keys in, database out."""

import re
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load
from tests.actions.live.at_work import Live
from tests.actions.live.conftest import prepared

from .conftest import Sit
from .playing import played
from .whole_path import whole_path


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Everything as it is shipped."""
    return load()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """Made under it."""
    path = tmp_path_factory.mktemp("shipped") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


KEYS = {"<enter>": "enter", "<esc>": "escape"}


@played
async def test_an_audit_from_its_first_grade_to_its_end(live: Live, sit: Sit, audit: str) -> None:
    for part in whole_path(live, audit):
        async with sit(live, part.who, opens=(part.opens, audit) if part.opens else None) as at:
            for typed, seen in part.typed:
                await at.press(*(KEYS.get(key, key) for key in re.findall(r"<\w+>|.", typed)))
                assert seen in at.text(), f"{part.who} typed {typed!r} and did not see {seen!r}:\n{at.text()}"
        assert live.audit(audit)["stage"] == part.stage
    moderation, (escalation,) = live.moderations(audit)[0], live.escalations(audit)
    assert (moderation["stage"], escalation["open"]) == ("adjusted", False)
    ratings = live.ratings(audit)
    assert ratings[live.expected()[1]]["grade"] == "requires_improvement"
    assert live.audit(audit)["final_overall"] == "inadequate"
    assert live.rows("drafts") == []
    assert live.is_sound()
