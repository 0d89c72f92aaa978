"""Reading every shipped rubric, and grading one audit, beside what no program could go below.

Reading is held against PyYAML's own parser in C on the same files, which builds plain dictionaries and judges nothing;
grading against looking the same grades up in a dictionary. They take turns, so that a machine that drifts drifts for
all; only ratios are worth keeping. What was read and what it came to is asserted before a time counts. Importing the
program is timed apart: a command pays it once, and a screen that is open does not.

Run: make bench, or python benchmarks/bench_rubrics.py
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from audit_engine.definitions import conditions
from audit_engine.definitions.catalogue import RUBRICS, Catalogue, load_folders, shipped_folder
from audit_engine.engine.grading import Judgement, judgement
from audit_engine.engine.ratings import Rated

READINGS, GRADINGS = 15, 300
MOST_TO_READ, MOST_TO_GRADE = 0.150, 0.001
"""Seconds, on a quiet core."""
RUBRIC = "quality_and_impact"
GRADES = ("good", "outstanding", "good", "requires_improvement")


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, for one run."""
    before = time.process_time()
    work()
    return time.process_time() - before


def read_new() -> Catalogue:
    """Everything anew, with no condition kept from the run before."""
    conditions.forget()
    return load_folders(RUBRICS)


def import_seconds() -> float:
    """Of the clock: what the imports take that reading and grading need, in a process of their own."""
    script = (
        "import time; begun = time.perf_counter(); import audit_engine.engine.grading, "
        "audit_engine.definitions.catalogue; print(time.perf_counter() - begun)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(run.stdout)


def texts() -> list[str]:
    files = [file for folder in RUBRICS for file in sorted((shipped_folder() / folder).glob("*.yaml"))]
    return [file.read_text("utf-8") for file in files]


def bare(written: list[str]) -> int:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return sum(isinstance(yaml.load(text, Loader=loader), dict) for text in written)  # noqa: S506 - a safe loader


def reading() -> None:
    written = texts()
    first = read_new()
    assert (len(first.rubrics), first.files) == (13, len(written)), (len(first.rubrics), first.files)
    assert bare(written) == len(written)
    assert read_new().pins == first.pins
    rounds = [
        (seconds(read_new), seconds(lambda: load_folders(RUBRICS)), seconds(lambda: bare(written)))
        for _ in range(READINGS)
    ]
    new, again, limit = (min(times) for times in zip(*rounds, strict=True))
    print(f"reading {len(written)} files ({sum(map(len, written)) // 1024} KiB), imported already:")
    print(
        f"  anew                      {new * 1000:7.1f} ms  {new / limit:5.1f} x the limit; "
        f"wanted: {MOST_TO_READ * 1000:.0f} ms"
    )
    print(f"  again, conditions kept    {again * 1000:7.1f} ms  {again / limit:5.1f} x")
    print(f"  limit: a bare parse in C  {limit * 1000:7.1f} ms")
    print(f"  importing, once a process {import_seconds() * 1000:7.1f} ms by the clock")


def grading() -> None:
    rubric = load_folders(RUBRICS).rubric(RUBRIC)
    names = list(rubric.criteria)
    ratings = {
        name: Rated("expected", GRADES[n % 4], None, "found", "yes", "Seen in the record.", "Note of 3 May")
        for n, name in enumerate(names)
    }
    facts = {
        fact.id: fact.type == "yes_no" or 30 for fact in rubric.codebook.facts if fact.type in ("yes_no", "number")
    }
    known = {name: rated.grade for name, rated in ratings.items()}

    def graded() -> Judgement:
        return judgement(rubric, ratings, facts, "requires_improvement")

    def looked_up() -> list[str | None]:
        return [known[name] for name in names]

    judged = graded()
    assert len(names) == 18
    assert (judged.overall, judged.suggested, judged.missing) == ("requires_improvement", "requires_improvement", ())
    assert judged.permitted == ("inadequate", "requires_improvement")
    assert looked_up() == [rated.grade for rated in ratings.values()]
    rounds = [(seconds(graded), seconds(looked_up)) for _ in range(GRADINGS)]
    whole = statistics.median(times[0] for times in rounds)
    limit = seconds(lambda: [looked_up() for _ in range(10_000)]) / 10_000
    print(f"grading one audit of {len(names)} criteria, {len(rubric.limits)} limiting rules:")
    print(
        f"  judged                    {whole * 1e6:7.0f} us  {whole / limit:5.0f} x the limit; "
        f"wanted: {MOST_TO_GRADE * 1e6:.0f} us"
    )
    print(f"  fastest                   {min(times[0] for times in rounds) * 1e6:7.0f} us")
    print(f"  limit: {len(names)} look-ups        {limit * 1e6:7.1f} us")


if __name__ == "__main__":
    print(f"load {Path('/proc/loadavg').read_text().split()[0] if Path('/proc/loadavg').exists() else '?'}")
    reading()
    grading()
