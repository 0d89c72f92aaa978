"""The questions under a criterion: which are asked, which wait for an answer, and the grade the answers lead to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.criteria import Criterion, Question, Repeat
from audit_engine.definitions.questions import NOT_ASKED, ReadQuestions
from audit_engine.engine.ratings import Answered, Rated


@dataclass(frozen=True, slots=True)
class Put:
    """One question as it stands: of the criterion, or of one member of its repeat group."""

    question: Question
    member: str | None
    given: str | None
    """The answer's id."""
    asked: bool | None
    """None: it waits for an earlier answer."""


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
    put: tuple[Put, ...] = ()
    """Every question, those asked once before those asked of each member."""

    def kept(self, member: str | None = None) -> dict[str, str]:
        """The answers to questions that are asked: an answer to one that is not asked any more does not stand."""
        mine = [one for one in self.put if one.member == member]
        return {one.question.id: one.given for one in mine if one.given is not None and one.asked is not False}


NOTHING_ASKED = Answering({})


def answering(criterion: Criterion, read: ReadQuestions, rated: Rated, facts: Mapping[str, Value]) -> Answering:
    """Work out one criterion's questions from the answers given.

    A question whose condition cannot be decided for want of a fact is asked; one that waits for an earlier answer
    is not asked yet.

    Args:
        facts: As conditions take them, unknown ones left out.
    """
    shared = [question for question in criterion.questions if not question.each]
    values, put = _answers(shared, read, rated.answers, facts)
    opened = _waiting(put)
    known: dict[str, Value] = {**facts, **values}
    if criterion.repeat is not None:
        times, more, of_members = _members(criterion, criterion.repeat, read, rated.members, known)
        opened += more
        put += of_members
        known |= times if not more else {"members": len(rated.members)}
    suggested, because = _suggested(read, known)
    return Answering(values, tuple(opened), suggested, because, any(_demanding(criterion, rated)), tuple(put))


def _answers(
    questions: list[Question], read: ReadQuestions, given: Answered, known: Mapping[str, Value],
    member: str | None = None,
) -> tuple[dict[str, Value], list[Put]]:  # fmt: skip
    values: dict[str, Value] = {}
    put: list[Put] = []
    for question in questions:
        condition = read.asked.get(question.id)
        outcome = condition.outcome({**known, **values}) if condition else None
        answer, asked = given.get(question.id), True if outcome is None else outcome.held
        if asked is False:
            values[f"answer.{question.id}"] = NOT_ASKED
        elif answer is not None:
            values[f"answer.{question.id}"], asked = answer, True
        elif outcome is not None and asked is None:
            # For want of a fact it is asked; for want of an earlier answer it waits.
            asked = None if any(name.startswith("answer.") for name in outcome.unknown) else True
        put.append(Put(question, member, answer, asked))
    return values, put


def _waiting(put: Sequence[Put]) -> list[str]:
    return [one.question.asks for one in put if one.asked and one.given is None]


def _members(
    criterion: Criterion,
    repeat: Repeat,
    read: ReadQuestions,
    members: Mapping[str, Answered],
    known: Mapping[str, Value],
) -> tuple[dict[str, Value], list[str], list[Put]]:
    each = [question for question in criterion.questions if question.each]
    counts = {f"times.{question.id}.{word}": 0 for question in each for word in (*question.words, NOT_ASKED)}
    if not members and all(one.asked is False for one in _answers(each, read, {}, known)[1]):
        return {"members": 0, **counts}, [], []  # nothing would be asked of anybody, so nobody need be named
    if not members:
        return {}, [f"{repeat.called}: nobody and nothing is named yet"], []
    counted: Counter[str] = Counter()
    opened: list[str] = []
    put: list[Put] = []
    for name, given in members.items():
        own, mine = _answers(each, read, given, known, name)
        put += mine
        opened += [f"{name}: {asks}" for asks in _waiting(mine)]
        counted.update(f"times.{question.removeprefix('answer.')}.{answer}" for question, answer in own.items())
    return {"members": len(members), **counts, **counted}, opened, put


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
