"""What changed in a rubric, in sentences: nothing of a criterion, a wording or a roll-up changes untold."""

from dataclasses import replace
from typing import Any

import pytest

from audit_engine.definitions.catalogue import Catalogue, load, load_rubric, shipped_folder
from audit_engine.definitions.criteria import Criterion, Example, GradeRule, InForce, Question, Reason, Repeat, Variant
from audit_engine.definitions.roll_ups import ReadRollUp
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.rubric_differences import rubric_differences

BANDED = shipped_folder() / "rubrics" / "examples" / "banded_standard.yaml"
ABUSE = "thematic_domestic_abuse"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def said(old: ReadRubric, new: ReadRubric) -> list[str]:
    return [one.says for one in rubric_differences(old, new, {})]


def with_criterion(read: ReadRubric, name: str, **changed: Any) -> ReadRubric:
    return replace(read, criteria={**read.criteria, name: read.criteria[name].model_copy(update=changed)})


def days() -> InForce:
    return InForce.model_validate({"from": "2024-01-01"})


OTHERWISE: dict[str, Any] = {
    "title": "Another title", "asks": "Another question?", "graded": False, "expected_when": "facts.weeks_open > 3",
    "expected_in_words": "After three weeks.", "ladder": ("recorded", "quality", "impact"), "tags": ("impact",),
    "look_for": ("something else",), "evidence_demanded": ("good",), "note_demanded": ("good",),
    "descriptors": {"good": "Another text."}, "prompts": {"good": "Why?"},
    "examples": (Example(grade="good", text="An invented case."),),
    "not_expected_reasons": (Reason(id="other", label="Another reason"),),
    "questions": (Question.model_validate({
        "id": "q", "asks": "Yes?", "answers": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}],
    }),),
    "suggests": (GradeRule(grade="good", because="So it is."),), "grade_from_answers": "taken",
    "repeat": Repeat.model_validate({"id": "siblings", "called": "Each sibling"}),
    "variants": (Variant(id="other", title="Other work", when="facts.weeks_open > 3", asks="Otherwise?"),),
}  # fmt: skip
NOT_OF_ITSELF = {"id", "scale"}
"""By its id a criterion is held together; another scale is told by what the rubric grades it on."""


def test_no_part_of_a_criterion_changes_untold(catalogue: Catalogue) -> None:
    read = catalogue.rubric(ABUSE)
    changed = {**OTHERWISE, "in_force": days()}

    assert set(changed) == set(Criterion.model_fields) - NOT_OF_ITSELF
    for key, value in changed.items():
        assert getattr(read.criteria["da.pattern"], key) != value
        assert said(read, with_criterion(read, "da.pattern", **{key: value})), key


def test_no_part_of_a_wording_changes_untold(catalogue: Catalogue) -> None:
    read = catalogue.rubric(ABUSE)
    (was,) = read.criteria["da.pattern"].variants
    changed: dict[str, Any] = {
        "title": "Other work", "when": "facts.weeks_open > 3", "in_force": days(), "asks": None,
        "look_for": ("something else",), "prompts": {"good": "Why?"}, "descriptors": {"good": "Another text."},
    }  # fmt: skip

    assert set(changed) == set(Variant.model_fields) - {"id"}
    for key, value in changed.items():
        assert getattr(was, key) != value
        other = with_criterion(read, "da.pattern", variants=(was.model_copy(update={key: value}),))
        assert said(read, other), key


def test_a_wording_is_told_by_what_it_says(catalogue: Catalogue) -> None:
    read = catalogue.rubric(ABUSE)
    before = with_criterion(read, "da.pattern", variants=())
    one = Variant(id="early", title="Early work", when="facts.weeks_open < 3", asks="Begun?", look_for=("a plan",))
    added = with_criterion(read, "da.pattern", variants=(one,))
    other = one.model_copy(update={"asks": None, "descriptors": {"good": "There is a plan."}})

    wording = "'Pattern and coercive control': the wording for Early work: "
    assert said(before, added) == [
        "'Pattern and coercive control': there is now a wording for Early work, when facts.weeks_open < 3.",
        f"{wording}the question now reads 'Begun?' (before: as everywhere).",
        f"{wording}to look for, now also: a plan.",
    ]
    assert said(added, with_criterion(read, "da.pattern", variants=(other,))) == [
        f"{wording}the question now reads as everywhere (before: 'Begun?').",
        f"{wording}Good now reads 'There is a plan.' (before: nothing).",
    ]
    assert said(added, before) == ["'Pattern and coercive control': there is no wording for Early work any more."]


def test_points_weights_and_bands_are_told_one_by_one() -> None:
    read = load_rubric(BANDED)
    roll_up = read.overall
    assert roll_up is not None
    points = roll_up.points
    assert points is not None
    assert len(points.bands) > 1
    best = next(iter(points.points))
    first = points.bands[0].model_copy(update={"because": "Another reason."})
    other = points.model_copy(
        update={
            "points": {**points.points, best: points.points[best] + 5},
            "weights": {**points.weights, "one": 3},
            "bands": (first, *points.bands[1:]),
        }
    )
    told = said(read, replace(read, overall=ReadRollUp(points=other)))

    assert len(told) == 4
    assert f"is now worth {points.points[best] + 5} points (before: {points.points[best]} points)." in told[0]
    assert told[1].endswith("one now weighs 3 (before: 1).")
    assert "bands, now also: " in told[2]
    assert "bands, no longer: " in told[3]
    assert "(Another reason.)" in told[2]


def test_what_answers_lead_to_is_told_rule_by_rule(catalogue: Catalogue) -> None:
    read = catalogue.rubric(ABUSE)
    name, one = next((name, one) for name, one in read.criteria.items() if len(one.suggests) > 1)
    first = one.suggests[0]
    other = first.model_copy(update={"because": "For another reason."})
    told = said(read, with_criterion(read, name, suggests=(other, *one.suggests[1:])))
    gone = said(read, with_criterion(read, name, suggests=one.suggests[1:]))

    assert len(told) == len(gone) == 1
    assert "its answers, the reason for " in told[0]
    assert told[0].endswith("now reads 'For another reason.'.")
    assert "its answers, no longer " in gone[0]
