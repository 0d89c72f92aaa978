"""Events per second: our engine alone, and our actions with everything on, beside other state machines.

Alone: one walk of an audit through the shipped workflow (allocate to close), decided in memory, nothing kept. The limit
is one look into a dictionary. Durable: the same walk from `begin` on, each event read, decided, written with its entry
of the ledger (SHA-256) and committed, in WAL with synchronous FULL. The limit is raw sqlite3 writing the rows that our
actions write. Peers write an audit's four rows (a narrow row, entry, payload, command), and their guards are answered
yes without asking anything. Ours ask the database who may, who is who, what the grades lack and which escalations are
open, judge the whole rubric, and keep the moderation with a chain of its own. So one line more has our engine with
facts given, as the peers have it; two more say what the least would cost, a row and a line of history.

They take turns, so that a machine that drifts drifts for all; only ratios are worth keeping. Each has proved, before
any time is shown, that the walk ends where it should, and that an event from a wrong stage is refused and changes
nothing; alone, also that one whose guard says no is. Files hold every event and no more; those with the product's own
tables are verified by the product.

Run: make bench, or python benchmarks/bench_events.py (a peer that is not installed is named and left out).
"""

import gc
import importlib
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from events_alone import Bare, Contestant, Ours, Transitions
from events_ledger import Kept, counted
from events_ours import OursKept, make_template
from events_raw import Least, Raw
from events_sqlmodel import Drive, SqlModelKept, by_our_engine, by_sismic, by_statemachine, by_transitions
from events_walk import ANSWERS, BEFORE_LAST, ESCALATION, FIRST, LAST, WALK

from audit_engine.definitions.catalogue import load
from audit_engine.records.database import open_database
from audit_engine.records.verification import verify

ALONE_ROUNDS, ALONE_WALKS = 15, 40
ROUNDS, EACH = 10, 4
"""Durable: rounds, and audits walked in each by each."""
SPARE = 1
"""An audit that is only ever refused something."""
LIVE = WALK[1:]
"""Allocating is one transaction for a whole quarter, not an event of one audit; it is left out where rows are kept."""
OURS = "audit_engine.engine.machine.next_stage"
RAW, ACTIONS = "raw sqlite3, the same rows (the limit)", "audit_engine.actions, everything on"
missing: dict[str, None] = {}
"""Peers that are not installed, by what to install."""


def peer(package: str, module: str, name: str, *given: Any) -> Any:
    """A contestant from a module of ours that needs a library; None where that is not installed."""
    try:
        return getattr(importlib.import_module(module), name)(*given)
    except ModuleNotFoundError as gone:
        if (gone.name or "").startswith(("events_", "audit_engine")):
            raise
        missing[package] = None
        return None


def alone() -> None:
    """The engines by themselves."""
    made: dict[str, Contestant | None] = {
        "a dictionary, nothing asked (the limit)": Bare(),
        "transitions, nothing asked": Transitions(guarded=False),
        "transitions, asking guards": Transitions(guarded=True),
        OURS: Ours(),
        "django-fsm, model not saved": peer("django-fsm-2", "events_django", "DjangoFsm"),
        "sismic": peer("sismic", "events_sismic", "Sismic"),
        "python-statemachine": peer("python-statemachine", "events_statemachine", "Statemachine"),
        "SpiffWorkflow, BPMN": peer("SpiffWorkflow", "events_spiff", "Spiff"),
    }
    contestants = {name: one for name, one in made.items() if one is not None}
    for one in contestants.values():
        prove(one)
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ALONE_ROUNDS):
        for name, one in contestants.items():
            gc.collect()
            rates[name].append(ALONE_WALKS * len(WALK) / sum(walked(one) for _ in range(ALONE_WALKS)))
    show(f"Deciding an event, in memory: median of {ALONE_ROUNDS} rounds of {ALONE_WALKS * len(WALK)}", rates, OURS)


def walked(one: Contestant) -> float:
    """Seconds of one walk; starting again is not counted."""
    one.restart()
    fire = one.fire
    began = time.perf_counter()
    for event in WALK:
        fire(event)
    seconds = time.perf_counter() - began
    assert one.stage == LAST
    return seconds


def prove(one: Contestant) -> None:
    """It refuses an event from a wrong stage and, where it asks guards, one whose guard says no; else it walks on."""
    one.restart()
    assert refused(lambda: one.fire("close"), one.refuses)
    assert one.stage == FIRST
    one.restart()
    for event in WALK[:-1]:
        one.fire(event)
    assert one.stage == BEFORE_LAST
    if one.asks:
        ANSWERS.no.add(ESCALATION)
        assert refused(lambda: one.fire("close"), one.refuses)
        assert one.stage == BEFORE_LAST
        ANSWERS.no.clear()
    one.fire("close")
    assert one.stage == LAST


def refused(act: Callable[[], object], refuses: tuple[type[Exception], ...]) -> bool:
    try:
        act()
    except refuses:
        return True
    return False


def durable(folder: Path, where: str) -> None:
    """Events that are kept."""
    walks, catalogue, template = (ROUNDS + 1) * EACH, load(), folder / "template.db"
    audits = make_template(template, catalogue, walks + SPARE)
    copied, fresh = (template, catalogue, audits), len(audits)
    made: dict[str, Kept | None] = {
        RAW: Raw(folder / "raw.db", *copied),
        ACTIONS: OursKept(folder / "ours.db", *copied),
        "SQLModel and our engine, facts given": SqlModelKept(folder / "engine.db", fresh, by_our_engine()),
        "SQLModel and transitions": SqlModelKept(folder / "transitions.db", fresh, by_transitions()),
        "SQLModel and sismic": driven("sismic", by_sismic, folder / "sismic.db", fresh),
        "SQLModel and python-statemachine": driven(
            "python-statemachine", by_statemachine, folder / "statemachine.db", fresh
        ),
        "Django and django-fsm": peer("django-fsm-2", "events_django", "DjangoKept", folder / "django.db", fresh),
        "SpiffWorkflow, JSON by sqlite3": peer(
            "SpiffWorkflow", "events_spiff_kept", "SpiffKept", folder / "spiff.db", fresh
        ),
        "least: raw sqlite3, row and history": Least(folder / "least.db", fresh),
        "least: SQLModel and transitions": SqlModelKept(folder / "history.db", fresh, by_transitions(), ledger=False),
    }
    kept = {name: one for name, one in made.items() if one is not None}
    rounds: dict[str, list[dict[str, list[float]]]] = {name: [] for name in kept}
    for turn in range(ROUNDS + 1):
        for name, one in kept.items():
            gc.collect()
            numbers = range(turn * EACH, (turn + 1) * EACH)
            times = [{event: one.fire(number, event) for event in LIVE} for number in numbers]
            rounds[name].append({event: [walk[event] for walk in times] for event in LIVE})
    for one in kept.values():
        proved(one, walks)
    for done in rounds.values():
        del done[0]  # to warm up
    rates = {name: [EACH * len(LIVE) / sum(map(sum, one.values())) for one in done] for name, done in rounds.items()}
    show(f"A durable event, {where}: median of {ROUNDS} rounds of {EACH * len(LIVE)}", rates, ACTIONS)
    print(f"\n  {'by event, microseconds':<40} {'raw':>10} {'ours':>13} {'time x limit':>12}")
    for event in LIVE:
        limit, ours = (
            statistics.median(seconds for one in rounds[name] for seconds in one[event]) for name in (RAW, ACTIONS)
        )
        print(f"  {event:<40} {limit * 1e6:>10,.0f} {ours * 1e6:>13,.0f} {ours / limit:>12,.1f}")


def driven(package: str, drive: Callable[[], Drive], file: Path, audits: int) -> Kept | None:
    """SQLModel with a machine that may not be installed."""
    try:
        return SqlModelKept(file, audits, drive())
    except ModuleNotFoundError:
        missing[package] = None
        return None


def proved(one: Kept, walks: int) -> None:
    """The file holds every event and no more, all audits are closed but the spare one, and settings are durable."""
    assert one.settings() == ("wal", 2), one.settings()
    assert refused(lambda: one.fire(walks, "close"), one.refuses)
    assert counted(one.file, one.table, f"stage = '{LAST}'") == walks
    assert counted(one.file, one.table, "stage = 'allocated'") == SPARE
    for table in one.one_each:
        assert counted(one.file, table) == walks * len(LIVE)
    if not one.one_each:  # the product's own tables, which hold more: the ledger itself says whether all is well
        assert counted(one.file, "entries", "kind = 'moved' AND about = 'audit' AND turn > 2") == walks * len(LIVE)
        with open_database(one.file) as db:
            found = verify(db).findings
        assert not found, found[0]


def show(title: str, rates: dict[str, list[float]], ours: str) -> None:
    """Print one table. The first line is the limit. Ratios are taken within each round, and the median shown."""
    limit = next(iter(rates.values()))
    print(f"\n{title}\n  {'':<40} {'events/s':>10} {'time x limit':>13} {'time x ours':>12}")
    for name, mine in rates.items():
        to_limit, to_ours = (
            statistics.median(one / rate for one, rate in zip(other, mine, strict=True))
            for other in (limit, rates[ours])
        )
        print(f"  {name:<40} {statistics.median(mine):>10,.0f} {to_limit:>13,.1f} {to_ours:>12,.2f}")


def main() -> None:
    alone()
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    for where, parent in (("on the disk", None), ("in memory, without waiting for a disk", memory)):
        if parent is not None and not parent.is_dir():
            continue
        with tempfile.TemporaryDirectory(dir=parent, prefix="bench-events-") as folder:
            durable(Path(folder), where)
    if missing:
        print(f"\nnot installed: {', '.join(missing)}; make bench installs {'it' if len(missing) == 1 else 'them'}")


if __name__ == "__main__":
    main()
