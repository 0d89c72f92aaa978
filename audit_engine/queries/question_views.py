"""The questions under a criterion in words: those that are asked now, what was answered, the grade it leads to."""

from collections.abc import Mapping

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.criteria import Criterion
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.answered import NOTHING_ASKED, Answering, Put, answering
from audit_engine.engine.grading_words import sentence
from audit_engine.engine.ratings import EXPECTED, Rated
from audit_engine.queries.at_hand import Row, rated
from audit_engine.work_views import Choice, QuestionsView, QuestionView


def questions_view(
    rubric: ReadRubric, criterion: Criterion, row: Row | None, facts: Mapping[str, Value]
) -> QuestionsView:
    """One criterion's questions as they stand.

    Args:
        row: The rating; None where nothing was said.
        facts: As conditions take them.
    """
    said = rated({criterion.id: row})[criterion.id] if row is not None else Rated(EXPECTED)
    state = answering(criterion, rubric.questions[criterion.id], said, facts)
    told = state if not state.open else NOTHING_ASKED
    taken = criterion.grade_from_answers == "taken"
    return QuestionsView(
        questions=tuple(_question(one) for one in state.put if one.asked),
        called=criterion.repeat.called if criterion.repeat else "",
        members=tuple(said.members),
        at_most=criterion.repeat.at_most if criterion.repeat else 0,
        suggested=told.suggested,
        suggested_label=rubric.scales[criterion.id].label(told.suggested) if told.suggested else "",
        because=sentence(told.because) if told.because else "",
        taken=taken,
        overridden=taken and _another(said, told),
    )


def _another(said: Rated, state: Answering) -> bool:
    return said.grade is not None and state.suggested not in (None, said.grade)


def _question(put: Put) -> QuestionView:
    choices = tuple(Choice(str(n), one.id, one.label) for n, one in enumerate(put.question.answers, start=1))
    return QuestionView(put.question.id, put.question.asks, choices, put.member, put.given)


def question_words(criterion: Criterion, row: Row) -> tuple[str, ...]:
    """Each answer with its question: 'Was this child seen apart? Yes', with the member before it."""
    if not criterion.questions:
        return ()
    given = [("", row.get("answers") or {})]
    given += [(f"{one['called']}: ", one["answers"]) for one in row.get("members") or ()]
    labels = {question.id: {one.id: one.label for one in question.answers} for question in criterion.questions}
    return tuple(
        f"{member}{question.asks} {labels[question.id].get(answers[question.id], answers[question.id])}"
        for member, answers in given
        for question in criterion.questions
        if question.id in answers
    )
