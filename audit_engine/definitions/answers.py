"""Answers: one audit's facts, ratings and chosen grade in a file, read against a rubric.

A file of answers is not a definition, but is judged like one: every problem at once, each with its place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from audit_engine.definitions.criteria import CANNOT_TELL_REASONS, EVIDENCE, IMPACT, Criterion
from audit_engine.definitions.facts import Fact
from audit_engine.definitions.reading import Definition, Line, Sentence, as_one_of, iso_day, judged
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem, Unusable
from audit_engine.safe_text import quoted

YES_NO = {"yes": True, "true": True, "no": False, "false": False}
MOST_DIGITS = 9


class Answer(Definition):
    """What one person said of one criterion: a rating, or why there is none."""

    grade: str | None = None
    evidence: Annotated[str, as_one_of(EVIDENCE)] | None = None
    impact: Annotated[str, as_one_of(IMPACT)] | None = None
    note: Annotated[Sentence, Field(max_length=10_000)] | None = None
    pointer: Line | None = None
    """Where the evidence stands."""
    answers: dict[str, str] = {}
    """To the criterion's questions, by their ids."""
    each: Annotated[dict[str, dict[str, str]], Field(max_length=50)] = {}
    """For each member of its repeat group, by what the member is called: its own answers."""
    not_expected: Annotated[str, as_one_of(("judged",))] | None = None
    """What the facts make not expected needs no answer, so there is nothing else to say here."""
    reason: str | None = None
    cannot_tell: str | None = None
    """Why the auditor could not look."""


class OverrideAnswer(Definition):
    """Who looked past a limiting rule, and why."""

    by: str
    reason: Sentence


class Answers(Definition):
    """The file as written."""

    facts: dict[str, Any] = {}
    practice_date: str | None = None
    ratings: dict[str, Answer] = {}
    overall: str | None = None
    overall_reason: Sentence | None = None
    overrides: dict[str, OverrideAnswer] = {}
    """By limiting rule."""


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """Answers that fit their rubric."""

    facts: Mapping[str, Any]
    """By fact id, in the types of the codebook: text, tuple of texts, bool, int."""
    practice_date: date | None
    """The day of the work that was looked at: it decides which policies it is judged by."""
    ratings: Mapping[str, Answer]
    overall: str | None
    overall_reason: str | None
    overrides: Mapping[str, OverrideAnswer]


def read_answers(source: Source, rubric: ReadRubric) -> ReadAnswers:
    """The answers in `source`.

    Raises:
        Unusable: something in the file does not fit the rubric, its scale or its facts.
    """
    found = judged(source, Answers)
    if isinstance(found, list):
        raise Unusable(found)
    facts, problems = _facts(source, rubric, found.facts)
    for criterion, answer in found.ratings.items():
        problems += _rating_problems(source, rubric, criterion, answer)
    problems += _overall_problems(source, rubric, found)
    day = iso_day(found.practice_date) if found.practice_date is not None else None
    if found.practice_date is not None and day is None:
        message = f"{quoted(found.practice_date)} is not a day"
        problems.append(source.problem(("practice_date",), "D015", message, "Write it like 2023-11-03."))
    if problems:
        raise Unusable(problems)
    return ReadAnswers(facts, day, found.ratings, found.overall, found.overall_reason, found.overrides)


def _overall_problems(source: Source, rubric: ReadRubric, found: Answers) -> Iterator[Problem]:
    if found.overall is not None and rubric.overall is None:
        message = f"the rubric '{rubric.rubric.rubric}' has no overall grade"
        yield source.problem(("overall",), "D072", message, "Delete this line.", key=True)
    else:
        yield from _grade_problems(source, ("overall",), rubric.scale, found.overall)
    if found.overall_reason is not None and found.overall is None:
        message = "a reason is given for an overall grade, and no grade"
        yield source.problem(("overall_reason",), "D072", message, "Add a line 'overall: ...'.", key=True)
    rules = {rule.id: rule for rule, _ in rubric.limits}
    for name, override in found.overrides.items():
        rule = rules.get(name)
        if rule is None:
            message = f"the rubric '{rubric.rubric.rubric}' has no limiting rule {quoted(name)}"
            yield source.problem(("overrides", name), "D018", message, offered(name, rules), key=True)
        elif not rule.overridable_by:
            message = f"nobody may look past {name} ({rule.title})"
            hint = "Look again at the grades it holds because of, or take this out."
            yield source.problem(("overrides", name), "D072", message, hint, key=True)
        elif override.by not in rule.overridable_by:
            message = f"{quoted(override.by)} may not look past {name}"
            yield source.problem(("overrides", name, "by"), "D072", message, offered(override.by, rule.overridable_by))


def _facts(source: Source, rubric: ReadRubric, written: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    facts: dict[str, Any] = {}
    problems: list[Problem] = []
    known = [fact.id for fact in rubric.codebook.facts]
    for name, value in written.items():
        fact = rubric.codebook.fact(name)
        route: Route = ("facts", name)
        if fact is None:
            message = f"the codebook '{rubric.codebook.codebook}' holds no fact {quoted(name)}"
            problems.append(source.problem(route, "D018", message, offered(name, known), key=True))
            continue
        wrong = list(_value_problems(source, route, fact, value))
        problems += wrong
        if not wrong:
            facts[name] = _value(fact, value)
    return facts, problems


def _value(fact: Fact, value: Any) -> Any:
    if fact.type == "words":
        return tuple(value)
    if fact.type == "yes_no":
        return YES_NO[value]
    return int(value) if fact.type == "number" else value


def _value_problems(source: Source, route: Route, fact: Fact, value: Any) -> Iterator[Problem]:
    if isinstance(value, list) != (fact.type == "words") or isinstance(value, dict):
        shape = "a list of words" if fact.type == "words" else _ONE[fact.type]
        hint = "Write it like [one, other], or [] for none." if fact.type == "words" else "Write one value."
        yield source.problem(route, "D014", f"the fact '{fact.id}' is {shape}", hint)
    elif fact.type in ("word", "words"):
        words = [word.id for word in fact.words]
        for n, word in enumerate(value if isinstance(value, list) else [value]):
            place = (*route, n) if isinstance(value, list) else route
            if word not in words:
                message = f"the fact '{fact.id}' is never {quoted(str(word))}"
                yield source.problem(place, "D045", message, offered(str(word), words))
    elif fact.type == "yes_no" and value not in YES_NO:
        yield source.problem(route, "D015", f"{quoted(value)} is neither yes nor no", "Write yes or no.")
    elif fact.type == "number" and not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
        message = f"{quoted(value)} is not a whole number from 0"
        yield source.problem(route, "D015", message, "Write digits only, as in 22.")


_ONE = {"word": "one word", "yes_no": "yes or no", "number": "a whole number"}


def _rating_problems(source: Source, rubric: ReadRubric, name: str, answer: Answer) -> Iterator[Problem]:
    route: Route = ("ratings", name)
    criterion = rubric.criteria.get(name)
    if criterion is None:
        message = f"the rubric '{rubric.rubric.rubric}' has no criterion {quoted(name)}"
        yield source.problem(route, "D018", message, offered(name, rubric.criteria), key=True)
        return
    if answer.grade is not None and not criterion.graded:
        message = f"'{name}' has no grade: it is answered by its questions"
        yield source.problem((*route, "grade"), "D072", message, "Delete this, and answer under 'answers'.", key=True)
    else:
        yield from _grade_problems(source, (*route, "grade"), rubric.scales[name], answer.grade)
    if answer.impact is not None and not criterion.ladder:
        message = f"impact is asked of ladder criteria only, and '{name}' is none"
        yield source.problem((*route, "impact"), "D072", message, "Delete it.", key=True)
    yield from _contradictions(source, route, answer)
    yield from _question_problems(source, route, criterion, answer)
    if answer.not_expected is not None:
        yield from _reason_problems(source, route, criterion, answer)
    if answer.cannot_tell is not None and answer.cannot_tell not in CANNOT_TELL_REASONS:
        message = f"{quoted(answer.cannot_tell)} is no reason why something could not be told"
        yield source.problem((*route, "cannot_tell"), "D018", message, offered(answer.cannot_tell, CANNOT_TELL_REASONS))


def _question_problems(source: Source, route: Route, criterion: Criterion, answer: Answer) -> Iterator[Problem]:
    yield from _answered(source, (*route, "answers"), criterion, answer.answers, each=False)
    if answer.each and criterion.repeat is None:
        message = f"'{criterion.id}' asks nothing of several members one by one"
        yield source.problem((*route, "each"), "D072", message, "Delete it.", key=True)
        return
    if criterion.repeat is not None and len(answer.each) > criterion.repeat.at_most:
        message = f"'{criterion.id}' has at most {criterion.repeat.at_most} members"
        yield source.problem((*route, "each"), "D072", message, "Leave some out, or ask the quality lead for more.")
    for member, given in answer.each.items():
        yield from _answered(source, (*route, "each", member), criterion, given, each=True)


def _answered(
    source: Source, route: Route, criterion: Criterion, given: Mapping[str, str], *, each: bool
) -> Iterator[Problem]:
    known = [question.id for question in criterion.questions if question.each == each]
    for name, word in given.items():
        question = criterion.question(name)
        if question is None or question.each != each:
            said = "for each member" if each else "once"
            message = f"'{criterion.id}' has no question {quoted(name)} that is asked {said}"
            yield source.problem((*route, name), "D018", message, offered(name, known), key=True)
        elif word not in question.words:
            message = f"{quoted(word)} is no answer to '{name}'"
            yield source.problem((*route, name), "D018", message, offered(word, question.words))


def _grade_problems(source: Source, route: Route, scale: Scale, grade: str | None) -> Iterator[Problem]:
    if grade is not None and grade not in scale.ids:
        message = f"there is no grade {quoted(grade)} on the scale '{scale.scale}'"
        yield source.problem(route, "D018", message, offered(grade, scale.ids))


def _contradictions(source: Source, route: Route, answer: Answer) -> Iterator[Problem]:
    """A criterion is rated, or not expected, or could not be told."""
    asked = ("grade", "evidence", "impact", "answers", "each")
    said = [key for key in asked if getattr(answer, key) not in (None, {})][:1]
    said += [key for key in ("not_expected", "cannot_tell") if getattr(answer, key) is not None]
    for other in said[1:]:
        message = f"'{said[0]}' and '{other}' cannot both be said of one criterion"
        yield source.problem((*route, other), "D072", message, "Keep one of them.", key=True)
    if answer.reason is not None and answer.not_expected is None:
        hint = "Add 'not_expected: judged' before it, or write it as a 'note'."
        yield source.problem((*route, "reason"), "D072", "a reason is for what is not expected", hint, key=True)


def _reason_problems(source: Source, route: Route, criterion: Criterion, answer: Answer) -> Iterator[Problem]:
    reasons = [reason.id for reason in criterion.not_expected_reasons]
    if not reasons:
        message = f"'{criterion.id}' may not be judged not expected: no reason is declared for it"
        yield source.problem((*route, "not_expected"), "D072", message, "Give it a grade, or say 'cannot_tell'.")
    elif answer.reason is None:
        yield source.problem(route, "D013", "the key 'reason' is missing here", f"Write one of: {', '.join(reasons)}.")
    elif answer.reason not in reasons:
        message = f"{quoted(answer.reason)} is no reason for '{criterion.id}'"
        yield source.problem((*route, "reason"), "D018", message, offered(answer.reason, reasons))
