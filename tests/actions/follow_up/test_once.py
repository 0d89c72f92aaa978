"""A command on a matter is carried out once, cut off anywhere; who act at once do not lose each other's work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Refused
from audit_engine.records.database import open_database
from tests.actions.live.at_work import CARA, LEAD, MAX, contents
from tests.actions.live.conftest import copied, opened, prepared, unselected
from tests.actions.live.cutting import cut_before

from .conftest import Following, following
from .deeds import DEEDS

LEAST = 8
Rows = dict[str, list[tuple[Any, ...]]]
Prepared = Callable[[str], tuple[Path, str]]


@pytest.fixture(scope="module")
def prepared_files(workspace: Path, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Prepared:
    """For each deed a file in which it can be done, and the audit it is done to; made when first asked for."""
    folder, known = tmp_path_factory.mktemp("deeds_on_matters"), dict[str, tuple[Path, str]]()

    def prepare(name: str) -> tuple[Path, str]:
        if name not in known:
            live = following(copied(workspace, folder / f"{name}.db", catalogue))
            with live.db:
                known[name] = (folder / f"{name}.db", unselected(live))
                DEEDS[name].prepare(live, known[name][1])
        return known[name]

    return prepare


@pytest.mark.parametrize("name", DEEDS)
def test_the_same_command_again_changes_nothing(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue
) -> None:
    file, audit = prepared_files(name)
    live, command = following(copied(file, tmp_path / "one.db", catalogue)), Command()
    with live.db:
        live.next_command = command
        first = DEEDS[name].act(live, audit)
        after = live.contents()
        for _ in range(2):
            live.next_command = command
            assert DEEDS[name].act(live, audit) == first

        assert live.contents() == after
        assert sum(row["id"] == command.id for row in live.rows("commands")) == 1
        assert live.is_sound()


class PowerCut(BaseException):
    """It went dark."""


def power_cut() -> None:
    raise PowerCut


@pytest.mark.parametrize("name", DEEDS)
def test_cut_off_before_each_statement(
    name: str, prepared_files: Prepared, tmp_path: Path, catalogue: Catalogue
) -> None:
    file, audit = prepared_files(name)
    before, count, sizes = whole(name, file, audit, tmp_path / "whole.db", catalogue)

    for number in range(1, count + 1):
        path, command = tmp_path / f"{number}.db", Command()
        with cut_before(number, power_cut):
            live = following(copied(file, path, catalogue))
            with live.db:
                live.next_command = command
                with pytest.raises(PowerCut):
                    DEEDS[name].act(live, audit)
        assert contents(path) == before
        again = following(opened(path, catalogue))
        with again.db:
            assert again.is_sound()
            for _ in range(2):
                again.next_command = command
                DEEDS[name].act(again, audit)
            assert {table: len(rows) for table, rows in again.contents().items()} == sizes
            assert again.is_sound()


def whole(name: str, file: Path, audit: str, path: Path, catalogue: Catalogue) -> tuple[Rows, int, dict[str, int]]:
    """What the file holds before the deed, how many statements the deed takes, and how many rows there are after."""
    once = following(copied(file, path, catalogue))
    with once.db:
        DEEDS[name].act(once, audit)  # definitions are read from the file once in a process: not among what is counted
    with cut_before(0, power_cut) as statements:
        live = following(copied(file, path, catalogue))
        with live.db:
            before = contents(path)
            statements.clear()
            DEEDS[name].act(live, audit)
            written = statements[: statements.index("COMMIT") + 1]
    assert len(written) >= LEAST
    return before, len(written), {table: len(rows) for table, rows in contents(path).items()}


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of them at one moment: what each gave, or its refusal."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return [waiting.result() for waiting in [pool.submit(one, act) for act in acts]]


def separately(live: Following, count: int) -> list[Following]:
    """The same workspace opened as often as people are at it."""
    return [replace(live, db=open_database(live.address)) for _ in range(count)]


def two_managers_check_one_action(live: Following, audit: str) -> None:
    """One of them becomes its checker and ends it, the other is told; its story has no gap."""
    action = live.evidenced(audit)
    turn = live.matter(action)["turn"]
    one, other = separately(live, 2)
    with one.db, other.db:
        ended = at_once(
            lambda: one.event(action, MAX, "verify"), lambda: other.event(action, LEAD, "withdraw", reason="Twice.")
        )

    assert sum(isinstance(found, Refused) for found in ended) == 1
    row = live.matter(action)
    assert (row["turn"], row["open"]) == (turn + 1, False)
    assert [line.turn for line in live.story(row["key"])] == list(range(1, turn + 2))


def several_open_at_once(live: Following, audit: str) -> None:
    """Each gets a reference of its own, without a gap."""
    live.shared(audit)
    several = separately(live, 4)
    given = at_once(*[lambda one=one: one.open(LEAD, "action", hangs_on=audit) for one in several])
    for one in several:
        one.db.close()

    assert sorted(str(one) for one in given) == ["ACT-0001", "ACT-0002", "ACT-0003", "ACT-0004"]


def test_two_at_once_on_one_matter(live: Following, audit: str) -> None:
    two_managers_check_one_action(live, audit)
    assert live.is_sound()


def test_several_open_at_once(live: Following, audit: str) -> None:
    several_open_at_once(live, audit)
    assert live.is_sound()


@pytest.mark.postgres
def test_on_postgresql(postgres_address: str, catalogue: Catalogue) -> None:
    live = following(prepared(postgres_address, catalogue))
    with live.db:
        audit = unselected(live)
        several_open_at_once(live, audit)
        action = live.rows("matters")[0]["reference"]
        live.event(action, CARA, "start")
        live.event(action, CARA, "tell_progress", said={"progress": "nearly"})
        live.event(action, CARA, "submit_evidence", said={"evidence": "On the record."})
        one, other = separately(live, 2)
        with one.db, other.db:
            ended = at_once(
                lambda: one.event(action, MAX, "verify"),
                lambda: other.event(action, LEAD, "withdraw", reason="Twice."),
            )  # fmt: skip
        assert sum(isinstance(found, Refused) for found in ended) == 1
        assert live.is_sound()
