"""Every grade of every shipped criterion stands in sight on the smallest screen, whatever else its question says."""

from dataclasses import replace
from datetime import date

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.criteria import Criterion
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.queries.answering import grades
from audit_engine.work_views import AnswerView, Choice, CriterionView, OverallView, QuestionsView, WorkView
from tui.drawing.words import plain
from tui.drawing.workbench import Slot, question_lines

WIDTH, HEIGHT = 47, 18
"""What the question has of a screen of 80 by 24."""


def view(one: CriterionView) -> WorkView:
    """An audit under way that has this one question."""
    overall = OverallView((), None, "", (), provisional=True, bound_by=())
    return WorkView(
        reference="A-1", case="C-1", programme="Audits", rubric="ours", stage="grading", stage_title="Grading",
        due=date(2026, 11, 27), turn=3, blind=False, begun=True, graded=True, auditor=None, practitioner=None,
        moderator=None, criteria=(one,), overall=overall, missing=1, to_do=(), at_risk=None, warnings=(),
        escalations=(), collaborative=None, feedback=None, feedback_from=(), feedback_reason=None,
        returned_because=None, next=(),
    )  # fmt: skip


def asked_of(read: ReadRubric, name: str, criterion: Criterion, grade: Choice | None, note: str = "") -> CriterionView:
    """A criterion with this grade and everything that can stand around it: questions, a wording, what is missing."""
    asks = max((criterion.asks, *(one.asks or "" for one in criterion.variants)), key=len)
    choices = grades(read.scales[name], criterion.descriptors)
    choices = tuple(replace(one, prompt=criterion.prompts.get(one.id, "")) for one in choices)
    questions = QuestionsView((), "", (), 0, None, "", "Not all was answered.", taken=False, overridden=False)
    answer = None
    if grade is not None:
        answer = AnswerView("expected", grade.id, grade.label, None, None, None, note or None, None, words=grade.label)
    return CriterionView(
        number=1, id=name, title=criterion.title, section="One", asks=asks,
        look_for=criterion.look_for, variant=None, expected="expected", expected_because="", grades=choices,
        ladder=False, not_expected_reasons=(), cannot_tell_reasons=(), answer=answer,
        demands=("note", "answers") if grade else ("grade",), asked=questions if criterion.questions else None,
    )  # fmt: skip


def in_sight(one: CriterionView) -> list[str]:
    """The digits one sees without moving: of the grades, and the 0."""
    lines = plain(question_lines(view(one), Slot(one, "grade"), WIDTH, HEIGHT)).split("\n")[:HEIGHT]
    return [line[1] for line in lines if line[:1] in " =" and line[1:2].isdigit()]


def test_every_grade_of_every_criterion_is_in_sight(catalogue: Catalogue) -> None:
    out_of_sight, tried = [], 0
    for rubric, read in catalogue.rubrics.items():
        for name, criterion in read.criteria.items():
            if not criterion.graded:
                continue
            choices = asked_of(read, name, criterion, None).grades
            for grade in (None, *choices):
                for note in ("", "What was seen. " * 60):
                    one = asked_of(read, name, criterion, grade, note)
                    tried += 1
                    if in_sight(one) != [*(choice.key for choice in one.grades), "0"]:
                        out_of_sight.append((rubric, name, grade and grade.id, bool(note), in_sight(one)))

    assert out_of_sight == []
    assert tried > 500


@pytest.mark.parametrize("room", range(8, 40))
def test_where_there_is_room_nothing_is_left_out(catalogue: Catalogue, room: int) -> None:
    read = catalogue.rubrics["thematic_domestic_abuse"]
    name = "da.referral"
    one = asked_of(read, name, read.criteria[name], None)
    whole = question_lines(view(one), Slot(one, "grade"), WIDTH)
    shown = question_lines(view(one), Slot(one, "grade"), WIDTH, len(whole) + room)

    assert plain(shown) == plain(whole)
