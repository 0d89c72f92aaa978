"""How long proofs take: the shipped workflows together, and generated ones of 30 stages and 8, 10 and 12 facts.

The last has a record and two links too. Each asserts what it proved before its time counts; one that is too large
asserts that nothing of it is called proved, and prints how far it came.

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
from audit_engine.definitions.proofs import NOT_PROVED, PROVED, Proof, prove
from audit_engine.definitions.workflow import ReadWorkflow

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests know how to make a large workflow
from tests.definitions.proofs.generated import generated

ROUNDS = 3
FACTS = (8, 10, 12)
TOO_MANY = 30_000
WIDE = 50
T = TypeVar("T")


def main() -> None:
    """Prove, and print situations and seconds: the best of a few rounds."""
    workflows = load().workflows

    _told("shipped, together", lambda: [prove(read, workflows) for read in workflows.values()])
    for facts in FACTS:
        _told(f"30 stages, {facts} facts", partial(_proved, _generated(facts), workflows))
    kept = _generated(FACTS[-1], kept=True)
    _told(f"the same with {FACTS[-1]} facts, a record and two links", partial(_proved, kept, workflows), rounds=1)
    proof, seconds = _seconds(partial(prove, _generated(24, kept=True), workflows, most=TOO_MANY))
    assert proof.state == NOT_PROVED
    assert not proof.whole
    print(f"{'24 facts, given up':<{WIDE}}{proof.situations:>9,} situations {seconds:7.3f} s")
    best = min(_seconds(load)[1] for _ in range(ROUNDS))
    without = min(_seconds(lambda: load(proving=False))[1] for _ in range(ROUNDS))
    print(f"{'reading every definition':<{WIDE}}{best:29.3f} s, of which proving {max(0.0, best - without):.3f} s")


def _generated(facts: int, *, kept: bool = False) -> ReadWorkflow:
    with tempfile.TemporaryDirectory() as folder:
        return load_workflow(generated(Path(folder), stages=30, facts=facts, kept=kept), Path(folder))


def _proved(read: ReadWorkflow, workflows: Mapping[str, ReadWorkflow]) -> list[Proof]:
    return [prove(read, workflows)]


def _told(what: str, work: Callable[[], list[Proof]], *, rounds: int = ROUNDS) -> None:
    best = float("inf")
    proofs: list[Proof] = []
    for _ in range(rounds):
        proofs, seconds = _seconds(work)
        assert all(proof.state == PROVED and proof.whole for proof in proofs)
        best = min(best, seconds)
    print(f"{what:<{WIDE}}{sum(proof.situations for proof in proofs):>9,} situations {best:7.3f} s")


def _seconds(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    made = work()
    return made, time.perf_counter() - began


if __name__ == "__main__":
    main()
