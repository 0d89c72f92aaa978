"""From files to a summary: each step beside the fastest thing that does the same, in one run.

Machines drift, so only ratios are worth keeping. Every step asserts its result before its time counts.
Run: python benchmarks/bench_part_one.py
"""

import csv
import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audit_engine.calendars import Period, now, quarter
from audit_engine.cli.imports import Importing
from audit_engine.cli.start import begin
from audit_engine.queries.figures import figures
from audit_engine.records.verification import verify
from audit_engine.summaries.rendering import html, markdown
from audit_engine.training import write_service

RUNS = 5
PERIOD = Period(quarter("2023-24-Q3"), year_to_date=True)


def timed(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Median seconds of a few runs, after one that does not count."""
    work()
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def row(what: str, ours: float, beside: str, theirs: float, target: str) -> None:
    """One line of the result."""
    here = f"{what:<58} {ours * 1000:>9,.0f} ms"
    print(f"{here}   {beside:<44} {theirs * 1000:>9,.1f} ms   ratio {ours / theirs:>6.1f}   target {target}")


def start_up() -> None:
    """`audit --help` beside a bare interpreter."""

    def run(*command: str) -> Callable[[], None]:
        return lambda: subprocess.run(command, check=True, capture_output=True) and None

    bare = timed(run(sys.executable, "-c", "pass"), 9)
    ours = timed(run(sys.executable, "-m", "audit_engine.cli", "--help"), 9)
    row("audit --help", ours, "a bare interpreter", bare, "<= 5")


def imports(folder: Path) -> Any:
    """31,400 cases with entries, judged and written, beside executemany of the same bare rows."""
    files = folder / "files"
    files.mkdir()
    write_service(files)
    workspace = begin(folder / "workspace", training=True)
    database = workspace.open()
    importing = Importing(workspace, database)
    importing.write(*importing.read("people", files / "people.csv"))
    started = time.perf_counter()
    read, lines = importing.read("cases", files / "cases.csv")
    done = importing.write(read, lines)
    ours = time.perf_counter() - started
    assert done.added == 31_400

    def raw() -> None:
        target = folder / "raw.sqlite"
        target.unlink(missing_ok=True)
        connection = sqlite3.connect(target)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE cases (k TEXT PRIMARY KEY, r TEXT UNIQUE, f TEXT)"
        )
        with (files / "cases.csv").open(newline="", encoding="utf-8") as opened:
            rows = [(os.urandom(16).hex(), r["case"], json.dumps(r)) for r in csv.DictReader(opened)]
        connection.executemany("INSERT INTO cases VALUES (?, ?, ?)", rows)
        connection.commit()
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (31_400,)
        connection.close()

    row(
        "import 31,400 cases: judge, ledger, standing, checkpoint",
        ours,
        "sqlite3 executemany of bare rows",
        timed(raw, 3),
        "<= 5, without a ledger",
    )
    for kind in ("audits", "observations", "indicators"):
        importing.write(*importing.read(kind, files / f"{kind}.csv"))
    return importing


def counting(importing: Any, folder: Path) -> None:
    """All figures of the overview beside one bare statement over the same file."""
    measures = importing.catalogue.measure_set("quality_overview")

    def ours() -> None:
        with importing.database.read() as session:
            found = figures(session, importing.actor, measures, PERIOD)
        assert {f.measure: f.numerator for f in found}["collaborative"] == 1802

    file = folder / "workspace" / "audit.sqlite"

    def bare() -> None:
        connection = sqlite3.connect(file)
        counted = connection.execute(
            "SELECT count(*), sum(collaborative) FROM audits"
            " WHERE stream = 'local' AND counts_on BETWEEN '2023-04-01' AND '2023-12-31'"
        ).fetchone()
        assert counted == (3372, 1802)
        connection.execute("SELECT criterion, grade, count(*) FROM ratings GROUP BY criterion, grade").fetchall()
        connection.close()

    row(
        "38 figures with every exclusion, 4,019 audits",
        timed(ours),
        "two bare statements on the same file",
        timed(bare),
        "(none yet)",
    )


def verifying(importing: Any, folder: Path) -> None:
    """The whole verification beside reading and hashing the ledger in a bare loop."""
    found = verify(importing.database)
    assert found.sound

    def bare() -> None:
        connection = sqlite3.connect(folder / "workspace" / "audit.sqlite")
        count = 0
        statement = (
            "SELECT e.*, p.salt, p.text FROM entries e JOIN payloads p USING (chain, turn) ORDER BY e.chain, e.turn"
        )
        for entry in connection.execute(statement):
            hashlib.sha256(b"audit-payload-v1" + entry[-2] + entry[-1].encode()).digest()
            hashlib.sha256(b"".join(str(field).encode() for field in entry[:-2])).digest()
            count += 1
        assert count == found.entries
        connection.close()

    row(
        f"verify {found.entries:,} entries and every standing row",
        timed(lambda: verify(importing.database), 3),
        "read and hash in a bare loop",
        timed(bare, 3),
        "<= 1.8, ledger alone",
    )


def rendering(importing: Any) -> None:
    """The documents beside counting alone."""
    from audit_engine.cli.figures import Counting  # noqa: PLC0415 - after the workspace exists

    counted = Counting.__new__(Counting)
    counted.catalogue, counted.database, counted.actor, counted.period = (
        importing.catalogue,
        importing.database,
        importing.actor,
        PERIOD,
    )
    counted.measures = importing.catalogue.measure_set("quality_overview")

    def documents() -> None:
        document = counted.document()
        text = markdown("overview.md.j2", overview=document)
        assert "1,802 of 3,372" in html(text, document.title, document.marking)

    row(
        "overview counted, worded, as Markdown and HTML",
        timed(documents),
        "counting alone",
        timed(counted.read),
        "(none yet)",
    )


def main() -> None:
    """Every step in one workspace."""
    print(f"{now():%Y-%m-%d}, Python {sys.version.split()[0]}, medians of {RUNS} runs")
    start_up()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        importing = imports(folder)
        counting(importing, folder)
        verifying(importing, folder)
        rendering(importing)
        importing.database.close()


if __name__ == "__main__":
    main()
