"""A percentage stands behind both of its numbers, or it is not printed."""

from dataclasses import replace

import pytest

from audit_engine.problems import Refused
from audit_engine.summaries import wording
from audit_engine.views import Counted, Figure, percent

FIGURE = Figure(
    measure="collaborative",
    title="Made together",
    means="",
    section="audits",
    kind="proportion",
    population=3372,
    population_called="local Quality and Impact audits",
    left_out=(Counted("not_recorded", "not recorded", 0),),
    denominator=3372,
    denominator_called="local Quality and Impact audits",
    numerator=1802,
    numerator_says="made together",
    beside=(),
    shares=(),
    better="higher",
    target=60,
    source="audits",
)


def test_a_figure_names_its_denominator() -> None:
    assert wording.in_words(FIGURE) == "1,802 of 3,372 local Quality and Impact audits (53.4%)"


def test_nothing_to_count_is_no_percentage() -> None:
    nothing = replace(FIGURE, population=0, denominator=0, numerator=0)

    assert wording.in_words(nothing) == "none of 0 local Quality and Impact audits"
    assert wording.interval_in_words(nothing) == ""
    assert wording.target_in_words(nothing) == ""
    assert not nothing.misses_target


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 16, "6.3"), (1, 8, "12.5"), (49, 50, "98.0"), (2, 3, "66.7"), (1, 2000, "0.1")]
)
def test_percentages_round_half_up(part: int, whole: int, shown: str) -> None:
    assert str(percent(part, whole)) == shown


def test_a_target_is_told_in_percentage_points_and_compared_before_rounding() -> None:
    assert wording.target_in_words(FIGURE) == "target: at least 60 in every hundred; 6.6 percentage points below it"
    nearly = replace(FIGURE, numerator=5999, denominator=10_000)
    assert wording.target_in_words(nearly) == "target: at least 60 in every hundred; 0.0 percentage points below it"
    assert wording.target_in_words(replace(nearly, numerator=6000)) == "target: at least 60 in every hundred; met"
    lower = replace(nearly, better="lower", numerator=6100)
    assert wording.target_in_words(lower) == "target: at most 60 in every hundred; 1.0 percentage points above it"


@pytest.mark.parametrize(
    "text",
    [
        "1,802 of 3,372 local Quality and Impact audits (53.4%)",
        "good: 2 of 3 (66.7%); poor: 1 of 3 (33.3%)",
        "| 84 of 181 (46.4%) | 1 of 2 (50.0%) |",
        "1 of 3 graded audits where expected: Risk spotted and acted on (33.3%)",
        "no percentage at all, 78 in every hundred",
    ],
)
def test_a_percentage_on_its_denominator_may_be_printed(text: str) -> None:
    wording.lint(text)


@pytest.mark.parametrize(
    "text",
    [
        "53.4%",
        "Supervision was found in 78% of audits",
        "1,802 audits (53.4%)",
        "1,802 (53.4%) of 3,372",
        "rising 10% to 78%",
        "2 of 3 (66.7%), that is 67 %",
        "78&#37;",
        "78％",
    ],
)
def test_a_bare_percentage_refuses_the_document(text: str) -> None:
    with pytest.raises(Refused, match="without its denominator"):
        wording.lint(text)


def test_one_name_cannot_stand_for_two_totals() -> None:
    other = replace(FIGURE, measure="other", denominator=3371)

    with pytest.raises(Refused, match="would stand for 3,372 and for 3,371"):
        wording.one_total_each([FIGURE, other])
    wording.one_total_each([FIGURE, replace(other, group="North")])
