"""Questions under a criterion: the names their answers go by, and the grade they lead to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from audit_engine.definitions.conditions import NUMBER, Condition, Kind, Vocabulary, read_condition
from audit_engine.definitions.criteria import Criterion, Question
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.outcomes import Range, Whole, range_of
from audit_engine.definitions.reading import repeated
from audit_engine.definitions.roll_ups import ReadRules, read_roll_up
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

NOT_ASKED = NO_GRADE
"""In conditions, the answer to a question that was not asked."""
MOST_MEMBERS = 50


@dataclass(frozen=True)
class ReadQuestions:
    """The conditions of one criterion's questions, checked."""

    asked: Mapping[str, Condition] = field(default_factory=dict)
    """By question id, where a condition decides whether it is asked."""
    suggests: ReadRules = ()


def answer_kinds(questions: tuple[Question, ...]) -> dict[str, Kind]:
    """`answer.<question>` of each question, as `asked_when` may use it."""
    return {f"answer.{q.id}": Kind("word", (*q.words, NOT_ASKED)) for q in questions}


def suggesting_kinds(criterion: Criterion) -> dict[str, Kind]:
    """What a criterion's `suggests` may use beside the facts."""
    kinds = answer_kinds(tuple(q for q in criterion.questions if not q.each))
    for question in criterion.questions:
        if question.each:
            kinds |= {f"times.{question.id}.{word}": NUMBER for word in (*question.words, NOT_ASKED)}
    return kinds | ({"members": NUMBER} if criterion.repeat else {})


Kept = dict[tuple[str, str], ReadQuestions]
"""The questions that were read and fit, by criterion and codebook."""


def every_name(criteria: Iterable[Criterion], codebook: Codebook) -> Vocabulary:
    """All names that any question of these criteria may use: for conditions that are read in one environment."""
    kinds = dict(codebook.kinds)
    for criterion in criteria:
        kinds |= suggesting_kinds(criterion) | answer_kinds(criterion.questions)
    return Vocabulary(kinds)


def question_problems(
    source: Source, route: Route, criterion: Criterion, codebook: Codebook, kept: Kept, within: Vocabulary
) -> list[Problem]:
    """Everything wrong with a criterion's questions and the grade they lead to. What fits is kept.

    Args:
        within: Of `every_name`.
    """
    if not criterion.questions and not criterion.suggests and criterion.repeat is None:
        kept[criterion.id, codebook.codebook] = ReadQuestions()
        return [*_shape_problems(source, route, criterion)]
    problems = [*_shape_problems(source, route, criterion)]
    for n, question in enumerate(criterion.questions):
        problems += _one_question(source, (*route, "questions", n), question)
    read = read_questions(source, route, criterion, codebook, within)
    if isinstance(read, list):
        return problems + read
    kept[criterion.id, codebook.codebook] = read
    return problems


def read_questions(
    source: Source, route: Route, criterion: Criterion, codebook: Codebook, within: Vocabulary | None = None
) -> ReadQuestions | list[Problem]:
    """The conditions of a criterion's questions, or what is wrong with them."""
    problems: list[Problem] = []
    rules: ReadRules = ()
    asked: dict[str, Condition] = {}
    kinds = {**codebook.kinds, **suggesting_kinds(criterion)}
    within = within or every_name([criterion], codebook)
    for n, question in enumerate(criterion.questions):
        if question.asked_when is None:
            continue
        # What is asked once cannot depend on what each member of a group was answered.
        earlier = tuple(q for q in criterion.questions[:n] if question.each or not q.each)
        vocabulary = Vocabulary({**codebook.kinds, **answer_kinds(earlier)}, within)
        found = read_condition(source, (*route, "questions", n, "asked_when"), vocabulary)
        if isinstance(found, list):
            problems += _told_of_order(found, criterion, earlier)
        else:
            asked[question.id] = found
    if criterion.suggests:
        ranges = _ranges(criterion, kinds)
        rules, more = read_roll_up(
            source, (*route, "suggests"), criterion.suggests, Vocabulary(kinds, within), ranges, None
        )
        problems += more
    return problems or ReadQuestions(asked, rules)


def _told_of_order(found: list[Problem], criterion: Criterion, earlier: tuple[Question, ...]) -> Iterator[Problem]:
    """The same problems, in better words where a question is named whose answer is not there yet."""
    for problem in found:
        name = next((q for q in criterion.questions if f"'answer.{q.id}'" in problem.message), None)
        if problem.code != "D042" or name is None or name in earlier:
            yield problem
        elif name.each:
            message = (
                f"'{name.id}' is answered for each {_member(criterion)} on its own, so it has no single answer here"
            )
            yield replace(problem, message=message, help="Write 'each: yes' beside this question too.")
        else:
            message = f"'{name.id}' is answered only after this question is asked"
            yield replace(problem, message=message, help="Ask it earlier: move it above this question.")


def _member(criterion: Criterion) -> str:
    return criterion.repeat.id if criterion.repeat else "member"


def _ranges(criterion: Criterion, kinds: Mapping[str, Kind]) -> dict[str, Range]:
    most = criterion.repeat.at_most if criterion.repeat else 0
    ranges = {name: range_of(kind) for name, kind in kinds.items()}
    counted = {name: Whole(0, most) for name in kinds if name.startswith("times.") or name == "members"}
    return ranges | counted


def _shape_problems(source: Source, route: Route, criterion: Criterion) -> Iterator[Problem]:
    places = [((*route, "questions", n, "id"), q.id) for n, q in enumerate(criterion.questions)]
    yield from repeated(source, places, "D016", "question")
    each = [n for n, q in enumerate(criterion.questions) if q.each]
    if each and criterion.repeat is None:
        message = f"nothing says for whom '{criterion.questions[each[0]].id}' is asked one by one"
        hint = "Add a line such as 'repeat: {id: sibling, called: Each child of the sibling group}' to the criterion."
        yield source.problem((*route, "questions", each[0], "each"), "D105", message, hint, key=True)
    if criterion.repeat is not None:
        if not each:
            message = f"no question is asked of each {criterion.repeat.id} on its own"
            yield source.problem((*route, "repeat"), "D105", message, "Write 'each: yes' beside one, or delete this.")
        if not 1 <= criterion.repeat.at_most <= MOST_MEMBERS:
            message = f"a repeat group has 1 to {MOST_MEMBERS} members"
            yield source.problem((*route, "repeat", "at_most"), "D105", message, "Write a number in between.")
    if criterion.suggests and not criterion.questions:
        message = f"'{criterion.id}' has no questions whose answers could suggest a grade"
        yield source.problem((*route, "suggests"), "D105", message, "Add 'questions', or delete this.", key=True)
    if criterion.grade_from_answers == "taken" and not criterion.suggests:
        message = "no grade follows from the answers, so none can be taken from them"
        hint = "Add 'suggests', or delete this line."
        yield source.problem((*route, "grade_from_answers"), "D105", message, hint, key=True)


def _one_question(source: Source, route: Route, question: Question) -> Iterator[Problem]:
    places = [((*route, "answers", n, "id"), answer.id) for n, answer in enumerate(question.answers)]
    yield from repeated(source, places, "D016", "answer")
    for n, answer in enumerate(question.answers):
        if answer.id == NOT_ASKED:
            message = f"no answer may be called '{NOT_ASKED}': it stands for a question that was not asked"
            yield source.problem((*route, "answers", n, "id"), "D019", message, "Give it another id.")
    for n, word in enumerate(question.note_demanded):
        if word not in question.words:
            message = f"'{question.id}' has no answer '{word}'"
            yield source.problem(
                (*route, "note_demanded", n), "D018", message, offered(word, dict.fromkeys(question.words))
            )
