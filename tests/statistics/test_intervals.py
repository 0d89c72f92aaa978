"""The Wilson interval against published values, and its promises."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.statistics.intervals import wilson

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parent.parent / "published.json").read_text())


@pytest.mark.parametrize("case", PUBLISHED["wilson_95"]["cases"], ids=lambda c: f"{c['x']} of {c['n']}")
def test_published_intervals(case: dict[str, float]) -> None:
    low, high = wilson(int(case["x"]), int(case["n"]))

    assert round(low, 7) == case["lo"]
    assert round(high, 7) == case["hi"]


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_inside_and_the_interval_inside_0_and_1(pair: tuple[int, int]) -> None:
    part, whole = pair
    low, high = wilson(part, whole)

    assert 0.0 <= low <= part / whole <= high <= 1.0
    assert low < high


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (-1, 4), (5, 4)])
def test_what_is_no_part_of_a_whole_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="not a part of a whole"):
        wilson(part, whole)


def test_a_confidence_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, 1.0)
