"""What nobody should be able to make slow: spoilt definition files, and notes made to send a search back and back.

A spoilt file is held against reading every definition unspoilt, in the same run; a note of the longest length against
one of a quarter of it, where 4 is in proportion and 16 would be a walk over the text for each of its characters. What
came of each is asserted before its time counts.

Run: make bench, or python benchmarks/bench_hostile.py
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests know how to spoil a file, and the worst of notes
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.engine.anonymity import findings
from audit_engine.problems import Unusable
from audit_engine.safe_text import MAX_TEXT
from tests.definitions.conftest import BAD, FOLDERS, MAPPINGS, shipped_files, what_is_said
from tests.definitions.mutations import mutant
from tests.engine.test_anonymity import WORST

SEED, FILES, ROUNDS = 20261127, 300, 5
TODAY = date(2026, 11, 27)


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, for one run."""
    before = time.process_time()
    work()
    return time.process_time() - before


def judged(site: Path, kind: str, path: Path) -> None:
    """Used or refused, and nothing else."""
    said = what_is_said(site, kind, path)
    assert isinstance(said, Unusable | Catalogue) or kind == MAPPINGS


def spoilt_files() -> None:
    """Each read in the place of its original, among all the others."""
    seeds = (shipped_files(), [(file.parent.name, file) for file in BAD])
    slowest = []
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        limit = min(seconds(lambda: load(site)) for _ in range(ROUNDS))
        for number in range(FILES):
            choose = random.Random(f"{SEED}-{number}")
            kind, original = choose.choice(choose.choice(seeds))
            path = site / FOLDERS.get(kind, kind) / original.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(mutant(choose, original.read_bytes()))
            took = seconds(partial(judged, site, kind, path))
            slowest.append((took, f"{kind}/{original.name}, number {number}"))
            path.unlink()
    slowest.sort(reverse=True)
    print(f"{FILES} spoilt files; reading every definition takes {limit * 1000:.0f} ms:")
    for took, name in slowest[:3]:
        print(f"  {took * 1000:7.1f} ms  {took / limit:5.1f} x  {name}")


def worst_notes() -> None:
    """Names looked for in a note of one piece over and over, and in a quarter of it."""

    def looked(text: str) -> float:
        return min(seconds(lambda: findings(text, ["Amy Will", "Amy"], today=TODAY)) for _ in range(ROUNDS))

    longest = [(piece * MAX_TEXT)[:MAX_TEXT] for piece in WORST]
    found = sorted(((looked(text), looked(text[: MAX_TEXT // 4]), text[:9]) for text in longest), reverse=True)
    print(f"names looked for in {MAX_TEXT:,} characters:")
    for whole, quarter, piece in found[:3]:
        print(f"  {whole * 1000:7.1f} ms  {whole / quarter:5.1f} x a quarter of it  {piece!r} over and over")


if __name__ == "__main__":
    spoilt_files()
    worst_notes()
