"""How long proofs take: the shipped workflows together, and generated ones of 30 stages and 8, 10 and 12 facts.

Each asserts what it proved before its time counts.

Run: make bench, or python benchmarks/bench_proofs.py
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from audit_engine.definitions.catalogue import load, load_workflow
from audit_engine.definitions.proofs import PROVED, Proof, prove
from audit_engine.definitions.workflow import ReadWorkflow

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests know how to make a large workflow
from tests.definitions.proofs.generated import generated

ROUNDS = 3
FACTS = (8, 10, 12)
T = TypeVar("T")


def main() -> None:
    """Prove, and print situations and seconds: the best of a few rounds."""
    workflows = load().workflows

    _told("shipped, together", lambda: [prove(read, workflows) for read in workflows.values()])
    for facts in FACTS:
        with tempfile.TemporaryDirectory() as folder:
            read = load_workflow(generated(Path(folder), stages=30, facts=facts), Path(folder))
        _told(f"30 stages, {facts} facts", partial(_proved, read, workflows))
    best = min(_seconds(load)[1] for _ in range(ROUNDS))
    without = min(_seconds(lambda: load(proving=False))[1] for _ in range(ROUNDS))
    print(f"reading every definition      {best:7.3f} s, of which proving {max(0.0, best - without):.3f} s")


def _proved(read: ReadWorkflow, workflows: Mapping[str, ReadWorkflow]) -> list[Proof]:
    return [prove(read, workflows)]


def _told(what: str, work: Callable[[], list[Proof]]) -> None:
    best = float("inf")
    for _ in range(ROUNDS):
        proofs, seconds = _seconds(work)
        assert all(proof.state == PROVED and proof.whole for proof in proofs)
        best = min(best, seconds)
    print(f"{what:<22}{sum(proof.situations for proof in proofs):>9,} situations {best:7.3f} s")


def _seconds(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    made = work()
    return made, time.perf_counter() - began


if __name__ == "__main__":
    main()
