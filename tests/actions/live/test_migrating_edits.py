"""V2: whatever is edited in a workflow, every open audit lands at a stage that there is, or nothing is moved at all.

The audits are those of a stored history, which left one at every stage, with moderations and escalations under way.
"""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import situations
from audit_engine.problems import Refused
from audit_engine.queries.migrating import migration
from audit_engine.queries.queue import queue_page
from audit_engine.queries.story import story_view
from audit_engine.queries.why import why
from tests.records.histories.stored import restored

from .at_work import ADA, EVE, LEAD, Live
from .conftest import opened
from .edits import EDITS, edited

HISTORY = "0003_0.1.0"
FEW, MANY = 10, 100


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return restored(HISTORY, tmp_path_factory.mktemp("edits") / "history.db")


def moved(live: Live, seed: int) -> tuple[bool, list[str]]:
    """Edit the workflow, move everything to it; whether that was done, and which edits they were."""
    choose = random.Random(seed)  # noqa: S311 - repeatable, not secret
    new, renamed, edits = edited(choose, live.catalogue)
    renamed = renamed if choose.random() < 0.6 else {}
    before = live.contents()
    try:
        with live.db.read() as session:
            view = migration(session, live.who(LEAD), new.workflow("case_audit"), renamed)
        possible = view.possible
    except Refused:
        possible = False
    assert live.contents() == before
    if possible:
        live.migrate(new, renamed=renamed)
        stands(live, new)
        reads(live)
    else:
        live.refused(lambda: live.migrate(new, renamed=renamed))
    assert live.is_sound()
    return possible, edits


def stands(live: Live, new: Catalogue) -> None:
    """Everything open is at an open stage of the new text, at which its grades may be as they are."""
    read = new.workflow("case_audit")
    legal, now = situations(read.workflow), 0
    for row in live.rows("audits"):
        if row["workflow_digest"] != read.digest:
            assert row["stage"] in ("closed", "withdrawn")
            continue
        assert not read.stage(row["stage"]).final
        assert (row["stage"], row["locked"]) in legal
        now += 1
    assert now >= 10


def reads(live: Live) -> None:
    """Nothing that is read of any of them fails for want of a stage."""
    with live.db.read() as session:
        for who in (LEAD, ADA, EVE):
            queue_page(session, live.who(who))
        for name in live.audits:
            assert why(session, live.who(LEAD), name).machines
            assert story_view(session, live.who(LEAD), name, live.catalogue).lines


def _tried(seeds: range, history: Path, folder: Path, catalogue: Catalogue) -> tuple[Counter[bool], Counter[str]]:
    ended, made = Counter[bool](), Counter[str]()
    for seed in seeds:
        file = folder / f"{seed}.db"
        shutil.copyfile(history, file)
        file.chmod(0o600)
        live = opened(file, catalogue)
        live.now = max(line.at for row in live.rows("audits") for line in live.story(row["key"]))
        with live.db:
            done, edits = moved(live, seed)
        ended[done] += 1
        made.update(edits)
        file.unlink()
    return ended, made


def test_after_ten_random_edits_every_audit_lands_or_none(history: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    ended, _ = _tried(range(FEW), history, tmp_path, catalogue)

    assert min(ended[True], ended[False]) >= 2


@pytest.mark.long
def test_after_a_hundred_random_edits_every_audit_lands_or_none(
    history: Path, tmp_path: Path, catalogue: Catalogue
) -> None:
    ended, made = _tried(range(FEW, FEW + MANY), history, tmp_path, catalogue)

    assert min(ended[True], ended[False]) >= MANY // 5
    assert made.keys() == EDITS.keys()
