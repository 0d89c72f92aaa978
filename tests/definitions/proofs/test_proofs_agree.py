"""A slow explorer that knows nothing of the prover's agrees with it, on what is reached and on what is broken."""

import json

import pytest
from hypothesis import Phase, given, settings

from audit_engine.definitions.proofs import BROKEN, PROVED, prove
from audit_engine.definitions.proofs_names import names_of
from audit_engine.definitions.proofs_ways import Explorer
from audit_engine.definitions.workflow import ReadWorkflow
from tests.definitions.proofs.slow import Slow
from tests.definitions.proofs.small import around, workflows

AS_FOUND = (Phase.generate,)
"""To make a workflow smaller that they differ on would take the slow one minutes."""


@settings(max_examples=200, deadline=None, derandomize=True)
@given(workflows(kept=False))
def test_both_explorers_reach_and_break_the_same(read: ReadWorkflow) -> None:
    agree(read)


@settings(max_examples=40, deadline=None, derandomize=True, phases=AS_FOUND)
@given(workflows(kept=True))
def test_they_agree_on_records_and_on_what_hangs_on_it(read: ReadWorkflow) -> None:
    agree(read)


@pytest.mark.long
@settings(max_examples=1_000, deadline=None, phases=AS_FOUND)
@given(workflows(kept=True))
def test_they_agree_on_many_more(read: ReadWorkflow) -> None:
    agree(read)


def agree(read: ReadWorkflow) -> None:
    """Both reach the same stages, and find the same properties broken."""
    slow = Slow(read)

    explorer = Explorer(read, names_of(read))
    reached = {
        (one.stage, one.locked)
        for start in explorer.starts()
        for one in explorer.ways(start, 100_000, lambda _: True).situations
    }
    assert reached == {(stage, locked) for stage, locked, _, _ in slow.judged}

    answers = prove(read, around()).answers
    for written, answer in zip(read.properties, answers, strict=False):
        assert answer.state == (BROKEN if slow.breaks(written) else PROVED), (
            written.kind,
            answer,
            json.loads(read.text)["workflow"],
        )
