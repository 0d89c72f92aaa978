"""Grading comes to what a slow model of it says, and windows and bands end on the day and share they name."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.engine.applicability import applied
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import Override
from audit_engine.engine.in_force import Practice, in_force
from tests.engine.drawn_audits import NAMES, RUBRICS, SOME, Chosen, every_rubric, seeds
from tests.engine.slow_model import plain_permitted, plain_points, plain_roll_up, plain_sections, plain_values


@every_rubric
@SOME
@given(seed=seeds, overriding=st.booleans())
def test_a_complete_audit_comes_to_what_the_slow_model_says(name: str, seed: int, overriding: bool) -> None:
    rubric = RUBRICS[name]
    case = Chosen(rubric, seed, missing=0)
    roles = ("auditor", "head_of_practice", "quality_lead")
    overrides = (
        {
            rule.id: Override(case.draw.choice(roles), case.draw.choice(("", "Seen and weighed.")))
            for rule, _ in rubric.limits
        }
        if overriding
        else {}
    )
    judged = case.judged(overrides=overrides)
    state = applied(rubric, case.ratings, as_values(case.facts), case.practice)
    if any("grade" in m.lacks for m in judged.missing):
        return  # a taken grade that does not follow yet: not complete
    values = plain_values(rubric, state, as_values(case.facts))

    sections = plain_sections(rubric, values)
    values |= {f"section.{section}": grade or "none" for section, grade in sections.items()}

    assert {s.id: s.grade for s in judged.sections if s.rolls_up} == sections
    if rubric.overall is None:
        assert (judged.permitted, judged.suggested) == ((), None)
        return
    assert judged.permitted == plain_permitted(rubric, values, overrides)
    own = list(rubric.named.counted)
    rolled = plain_roll_up(rubric, rubric.overall, values, own)
    if judged.suggested is not None:
        order = rubric.scale.order
        nearest = min(judged.permitted, key=lambda grade: abs(order(grade) - order(str(rolled))))
        assert judged.suggested == nearest


# --- days and bands, exactly at their ends ------------------------------------------------------------------------

DAY = timedelta(days=1)
WINDOWS = [
    (name, window)
    for name in NAMES
    for window in (
        *(criterion.in_force for criterion in RUBRICS[name].criteria.values()),
        *(section.in_force for section in RUBRICS[name].rubric.sections),
    )
    if window is not None
]


@pytest.mark.parametrize(("name", "window"), WINDOWS, ids=str)
def test_both_days_of_a_window_are_in_it_and_work_over_its_end_is_told(name: str, window: Any) -> None:
    for day, outside in ((window.since, -DAY), (window.until, DAY)):
        if day is None:
            continue
        assert in_force(window, Practice(day, day)).held is True
        assert in_force(window, Practice(day + outside, day + outside)).held is False
        over = in_force(window, Practice(min(day, day + outside), max(day, day + outside)))
        assert (over.held, over.straddles) == (True, True)


def test_a_share_exactly_at_the_end_of_a_band_belongs_to_the_next() -> None:
    rubric = RUBRICS["examples/banded_standard"]
    rolling = [(s, r.points) for s, r in rubric.roll_ups.items() if r.points is not None]
    everything = [*rolling, *([(None, rubric.overall.points)] if rubric.overall and rubric.overall.points else [])]
    seen = 0
    for seed in range(400):
        case = Chosen(rubric, seed, missing=0)
        judged = case.judged()
        values = plain_values(rubric, applied(rubric, case.ratings, as_values(case.facts), case.practice), {})
        for section, points in everything:
            own = [
                c for c in rubric.criteria if section in (None, rubric.section_of[c].id) and c in rubric.named.graded
            ]
            expected = plain_points(rubric, points, values, own)
            told = next((s.grade for s in judged.sections if s.id == section), None)
            seen += 1
            assert section is None or told == expected
    assert seen == 400 * len(everything)
