"""The questions under a criterion: which are asked, which wait for an answer, and the grade the answers lead to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.criteria import Criterion, Question, Repeat
from audit_engine.definitions.questions import NOT_ASKED, ReadQuestions
from audit_engine.engine.ratings import Answered, Rated


@dataclass(frozen=True, slots=True)
class Answering:
    """One criterion's questions as they stand."""

    values: Mapping[str, Value]
    """`answer.<question>` of questions asked once, as far as known."""
    open: tuple[str, ...] = ()
    """Questions that wait for an answer, in words: with the member they are asked of."""
    suggested: str | None = None
    because: str = ""
    demands_note: bool = False
    """An answer was given that needs the criterion's note."""


NOTHING_ASKED = Answering({})


def answering(criterion: Criterion, read: ReadQuestions, rated: Rated, facts: Mapping[str, Value]) -> Answering:
    """Work out one criterion's questions from the answers given.

    A question whose condition cannot be decided for want of a fact is asked; one that waits for an earlier answer
    is not asked yet.

    Args:
        facts: As conditions take them, unknown ones left out.
    """
    shared = [question for question in criterion.questions if not question.each]
    values, waiting = _answers(shared, read, rated.answers, facts)
    opened = list(waiting)
    known: dict[str, Value] = {**facts, **values}
    if criterion.repeat is not None:
        times, more = _members(criterion, criterion.repeat, read, rated.members, known)
        opened += more
        known |= times if not more else {"members": len(rated.members)}
    suggested, because = _suggested(read, known)
    return Answering(values, tuple(opened), suggested, because, any(_demanding(criterion, rated)))


def _answers(
    questions: list[Question], read: ReadQuestions, given: Answered, known: Mapping[str, Value]
) -> tuple[dict[str, Value], list[str]]:
    values: dict[str, Value] = {}
    waiting: list[str] = []
    for question in questions:
        condition = read.asked.get(question.id)
        outcome = condition.outcome({**known, **values}) if condition else None
        if outcome is not None and outcome.held is False:
            values[f"answer.{question.id}"] = NOT_ASKED
        elif question.id in given:
            values[f"answer.{question.id}"] = given[question.id]
        elif outcome is None or outcome.held or not any(name.startswith("answer.") for name in outcome.unknown):
            waiting.append(question.asks)
    return values, waiting


def _members(
    criterion: Criterion,
    repeat: Repeat,
    read: ReadQuestions,
    members: Mapping[str, Answered],
    known: Mapping[str, Value],
) -> tuple[dict[str, Value], list[str]]:
    each = [question for question in criterion.questions if question.each]
    if not members:
        return {}, [f"{repeat.called}: nobody and nothing is named yet"]
    counted: Counter[str] = Counter()
    opened: list[str] = []
    for name, given in members.items():
        own, waiting = _answers(each, read, given, known)
        opened += [f"{name}: {asks}" for asks in waiting]
        counted.update(f"times.{question.removeprefix('answer.')}.{answer}" for question, answer in own.items())
    words = [f"times.{question.id}.{word}" for question in each for word in (*question.words, NOT_ASKED)]
    return {"members": len(members), **{word: counted[word] for word in words}}, opened


def _suggested(read: ReadQuestions, known: Mapping[str, Value]) -> tuple[str | None, str]:
    for rule, condition in read.suggests:
        outcome = condition.outcome(known) if condition else None
        if outcome is not None and outcome.held is None:
            return None, ""
        if outcome is None or outcome.held:
            return rule.grade, rule.because
    return None, ""


def _demanding(criterion: Criterion, rated: Rated) -> Iterator[bool]:
    for question in criterion.questions:
        given = (
            [member.get(question.id) for member in rated.members.values()]
            if question.each
            else [rated.answers.get(question.id)]
        )
        yield any(word in question.note_demanded for word in given)
