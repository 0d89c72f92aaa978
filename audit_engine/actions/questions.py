"""Answers to the questions under a criterion: what stands once some of them change, and the grade they lead to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audit_engine.actions.changing import clean_text
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.criteria import Criterion
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.answered import Answering, answering
from audit_engine.engine.ratings import EXPECTED
from audit_engine.problems import Reason, Refused, nearest
from audit_engine.queries.at_hand import rated
from audit_engine.safe_text import quoted

Said = Mapping[str, str | None]
"""By question: an answer's id, or None to take the answer back."""
LONGEST_NAME = 40
"""Characters by which a member is called: 'Child 12', and no more than that."""


def with_answers(
    rubric: ReadRubric, criterion: Criterion, old: Mapping[str, Any] | None, row: dict[str, Any],
    facts: Mapping[str, Value], said: tuple[Said | None, Mapping[str, Said | None] | None], *, graded: bool, what: str,
) -> dict[str, Any]:  # fmt: skip
    """The columns of a rating after some of its questions were answered, and the grade where it is taken from them.

    An answer to a question that is not asked any more goes with the answer that asked for it.

    Args:
        old: The rating before; None when there was none.
        row: The rating as it becomes, but for its questions.
        facts: As conditions take them.
        said: Of questions asked once; and by member of the repeat group, where None takes the member out.
        graded: Whether the audit is made with grades.

    Raises:
        Refused: no such question, answer or member; or too many members.
    """
    answers, members = dict(row.get("answers") or {}), _by_name(row.get("members"))
    if said[0] is not None:
        answers = _changed(criterion, answers, said[0], what, each=False)
    for name, changes in (said[1] or {}).items():
        members = _with_member(criterion, members, name, changes, what)
    new = {**row, "answers": answers, "members": _listed(members)}
    state = _answering(rubric, criterion, new, facts)
    new |= {
        "answers": state.kept() or None,
        "members": _listed({name: state.kept(name) for name in members}) or None,
    }
    if criterion.grade_from_answers != "taken" or not graded:
        return new
    before = _settled(_answering(rubric, criterion, old, facts)) if old else None
    if new.get("grade") in (None, before):
        grade = _settled(state)
        order = None if grade is None else rubric.scales[criterion.id].order(grade)
        new |= {"grade": grade, "grade_order": order}
    return new


def _answering(
    rubric: ReadRubric, criterion: Criterion, row: Mapping[str, Any], facts: Mapping[str, Value]
) -> Answering:
    empty = dict.fromkeys(("grade", "reason", "evidence", "impact", "note", "pointer", "applicability"))
    one = rated({criterion.id: {**empty, **row}})[criterion.id]
    return answering(criterion, rubric.questions[criterion.id], replace(one, applicability=EXPECTED), facts)


def _settled(state: Answering) -> str | None:
    """The grade the answers lead to; None while a question waits."""
    return None if state.open else state.suggested


def _changed(criterion: Criterion, answers: dict[str, str], said: Said, what: str, *, each: bool) -> dict[str, str]:
    if not criterion.questions:
        raise _refused(what, f"'{criterion.title}' has no questions to answer. Give it a grade.")
    for name, answer in said.items():
        question = criterion.question(name)
        if question is None:
            known = tuple(one.id for one in criterion.questions)
            text = f"'{criterion.title}' has no question {quoted(name)}. {nearest(name, known)}".strip()
            raise _refused(what, text)
        if question.each is not each:
            how = "of each member by itself: name the member" if question.each else "once, and of no member"
            raise _refused(what, f"'{question.asks}' is asked {how}.")
        if answer is None:
            answers.pop(name, None)
            continue
        if answer not in question.words:
            text = f"{quoted(answer)} is no answer to '{question.asks}'. {nearest(answer, question.words)}".strip()
            raise _refused(what, text)
        answers[name] = answer
    return answers


def _with_member(
    criterion: Criterion, members: dict[str, dict[str, str]], name: str, changes: Said | None, what: str
) -> dict[str, dict[str, str]]:
    if criterion.repeat is None:
        raise _refused(what, f"'{criterion.title}' asks of no members one by one. Leave the member out.")
    called = " ".join(clean_text(name, what).split())
    known = {one.casefold(): one for one in members}
    called = known.get(called.casefold(), called)
    if changes is None:
        if called not in members:
            raise _refused(what, f"Nobody and nothing here is called {quoted(called)}.")
        return {one: answers for one, answers in members.items() if one != called}
    if called not in members:
        if not 1 <= len(called) <= LONGEST_NAME:
            text = f"Call each member in 1 to {LONGEST_NAME} characters, such as 'Child 1', and by no name."
            raise _refused(what, text)
        if len(members) >= criterion.repeat.at_most:
            raise _refused(what, f"There are {criterion.repeat.at_most} members already, and that is the most.")
    return {**members, called: _changed(criterion, dict(members.get(called, {})), changes, what, each=True)}


def _by_name(listed: Any) -> dict[str, dict[str, str]]:
    return {one["called"]: dict(one["answers"]) for one in listed or ()}


def _listed(members: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    return [{"called": name, "answers": dict(answers)} for name, answers in members.items()]


def _refused(what: str, text: str) -> Refused:
    return Refused(f"cannot {what}", [Reason("answers", text)])
