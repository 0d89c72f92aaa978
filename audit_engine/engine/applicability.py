"""Which criteria are expected in this case, which are not and why, and which still wait for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from audit_engine.definitions.conditions import Condition, Value
from audit_engine.definitions.criteria import CANNOT_TELL_REASONS, Criterion, InForce, Variant
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.answered import Answering, answering
from audit_engine.engine.grading_words import names_in_words
from audit_engine.engine.in_force import NOT_KNOWN, Practice, days_in_words, in_force
from audit_engine.engine.ratings import BY_JUDGEMENT, BY_RULE, CANNOT_TELL, EXPECTED, Rated


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A criterion that takes no part, and why."""

    criterion: str
    title: str
    by: str
    """`rule` (the facts of the case) or `judgement`; for what could not be told, `cannot_tell`."""
    because: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An expected criterion that is not answered, or not in full."""

    criterion: str
    title: str
    lacks: tuple[str, ...]
    """`grade`; for a ladder also `evidence` and `impact`; `answers` while questions wait; `reason` when one was
    needed and not of the list."""
    begun: bool = False
    questions: tuple[str, ...] = ()
    """The questions that wait for an answer."""


@dataclass(frozen=True)
class Applied:
    """Every criterion of the rubric in the state it is in."""

    ratings: dict[str, Rated] = field(default_factory=dict)
    """As given, with what the facts and answers decided; one that waits for an answer is expected without a grade."""
    given: dict[str, str | None] = field(default_factory=dict)
    """The grade somebody gave, by criterion, where the answers lead to one."""
    answering: dict[str, Answering] = field(default_factory=dict)
    """By criterion, of those that are expected and ask questions."""
    variants: dict[str, Variant] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    """Criteria of sections that are not for this work at all."""
    not_expected: list[LeftOut] = field(default_factory=list)
    cannot_tell: list[LeftOut] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What decides from outside whether a criterion is expected: a section's rule, its own, or a day."""

    held: bool | None
    words: str
    unknown: tuple[str, ...] = ()
    of_days: bool = False
    """The days of the work decide."""


def applied(
    rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Value], practice: Practice = NOT_KNOWN
) -> Applied:
    """Decide each criterion from the facts, the days of the work and from what the person said.

    The facts decide first. Only a rating outweighs them: whoever graded a criterion saw something that the facts do
    not say, so the rating is kept and counts, with a warning. It does not outweigh the days of the work: nobody is
    graded by a policy that was not in force. Where a fact is not known the criterion stays expected.

    Args:
        facts: As conditions take them, `facts.<id>`; unknown ones left out.
        practice: The days of the work, by which policies in force are chosen.
    """
    result = Applied()
    for name, criterion in rubric.criteria.items():
        rules = _rules(rubric, criterion, facts, practice, result)
        if (variant := variant_of(rubric, criterion, facts, practice)) is not None:
            result.variants[name] = variant
        _decide(rubric, criterion, ratings.get(name), rules, facts, result)
    return result


def expectation(
    rubric: ReadRubric, criterion: Criterion, facts: Mapping[str, Value], practice: Practice = NOT_KNOWN
) -> tuple[str, str]:
    """Whether the facts and the days of the work make a criterion expected, before anybody said anything.

    Returns:
        `expected`, `not_expected`, `not_in_force` or `unknown`; and why, in sentences, empty where nothing decides.
    """
    rules = _rules(rubric, criterion, facts, practice, Applied())
    barring = [rule for rule in rules if rule.held is False]
    if barring:
        against = next((rule for rule in barring if rule.of_days), barring[0])
        return "not_in_force" if against.of_days else "not_expected", f"{against.words}."
    words = " ".join(f"{rule.words}." for rule in rules if rule.words and not (rule.of_days and rule.held))
    unknown = tuple(name for rule in rules if rule.held is None for name in rule.unknown)
    if unknown:
        return "unknown", f"{words} This is not known: {names_in_words(rubric, unknown)}.".strip()
    return "expected", words


def _rules(
    rubric: ReadRubric, criterion: Criterion, facts: Mapping[str, Value], practice: Practice, result: Applied
) -> list[_Rule]:
    section = rubric.section_of[criterion.id]
    rules: list[_Rule] = []
    for part, condition in (
        (section, rubric.sections_expected.get(section.id)), (criterion, rubric.expected.get(criterion.id)),
    ):  # fmt: skip
        if part.in_force is not None:
            rules.append(_by_day(criterion, part.in_force, practice, result))
            _outside(part is section, rules[-1], criterion, result)
        if condition is not None:
            outcome = condition.outcome(facts)
            rules.append(_Rule(outcome.held, (part.expected_in_words or "").rstrip("."), outcome.unknown))
            _outside(part is section, rules[-1], criterion, result)
    return rules


def _outside(of_section: bool, rule: _Rule, criterion: Criterion, result: Applied) -> None:
    if of_section and rule.held is False:
        result.outside.add(criterion.id)


def _by_day(criterion: Criterion, window: InForce, practice: Practice, result: Applied) -> _Rule:
    held, words = in_force(window, practice), days_in_words(window)
    if held.held and held.straddles:
        result.warnings.append(
            f"'{criterion.title}' is {words}, and only a part of the work was done then. Judge that part alone."
        )
    days = practice.last or practice.first
    said = (
        f"The policy behind it is {words}, and the work was done {'on' if practice.first == days else 'until'} {days}"
    )
    return _Rule(held.held, said if held.held is False else f"It is {words}", ("practice_date",), of_days=True)


def variant_of(
    rubric: ReadRubric, criterion: Criterion, facts: Mapping[str, Value], practice: Practice
) -> Variant | None:
    """The wording that applies to this work in place of the ordinary one: the first that holds."""
    for variant in criterion.variants:
        condition: Condition | None = rubric.variants.get((criterion.id, variant.id))
        held = condition.outcome(facts).held if condition else True
        if held and in_force(variant.in_force, practice).held:
            return variant
    return None


def _decide(
    rubric: ReadRubric, criterion: Criterion, rated: Rated | None, rules: list[_Rule], facts: Mapping[str, Value],
    result: Applied,
) -> None:  # fmt: skip
    rated = rated or Rated(EXPECTED)
    barring = [rule for rule in rules if rule.held is False]
    against = next((rule for rule in barring if rule.of_days), barring[0] if barring else None)
    given = rated.applicability == EXPECTED and rated.begun
    if against is not None and (against.of_days or not given):
        if given:
            result.warnings.append(f"'{criterion.title}' was rated, and the rating does not count. {against.words}.")
        result.ratings[criterion.id] = Rated(BY_RULE)
        result.not_expected.append(LeftOut(criterion.id, criterion.title, "rule", f"{against.words}."))
        return
    if against is not None:
        result.warnings.append(
            f"'{criterion.title}' was rated although the facts make it not expected ({against.words}). The rating "
            "counts; put the facts right, or take it out."
        )
    elif rated.applicability in (EXPECTED, BY_RULE):
        for rule in rules:
            if rule.held is None:
                unknown = names_in_words(rubric, rule.unknown)
                result.warnings.append(
                    f"'{criterion.title}' stays expected, because this is not known: {unknown}. ({rule.words}.)"
                )
    if rated.applicability in (EXPECTED, BY_RULE):
        said = rated if rated.applicability == EXPECTED else Rated(EXPECTED)
        _expected(rubric, criterion, said, facts, result)
    else:
        _left_out(criterion, rated, result)


def _left_out(criterion: Criterion, rated: Rated, result: Applied) -> None:
    telling = rated.applicability == CANNOT_TELL
    listed = CANNOT_TELL_REASONS if telling else {reason.id: reason.label for reason in criterion.not_expected_reasons}
    if rated.reason is None and rated.applicability not in (BY_JUDGEMENT, CANNOT_TELL):
        because = "The record does not say why."  # an imported audit that says no more than "not expected"
    elif rated.reason in listed:
        because = f"{listed[rated.reason]}."
    else:
        result.ratings[criterion.id] = Rated(EXPECTED)
        result.missing.append(Missing(criterion.id, criterion.title, ("reason",), begun=True))
        return
    result.ratings[criterion.id] = rated
    said = LeftOut(criterion.id, criterion.title, "cannot_tell" if telling else "judgement", because)
    (result.cannot_tell if telling else result.not_expected).append(said)


def _expected(
    rubric: ReadRubric, criterion: Criterion, rated: Rated, facts: Mapping[str, Value], result: Applied
) -> None:
    steps: dict[str, object] = {}
    questions: tuple[str, ...] = ()
    if criterion.questions:
        asked = answering(criterion, rubric.questions[criterion.id], rated, facts)
        result.answering[criterion.id], questions = asked, asked.open
        result.given[criterion.id] = rated.grade
        steps["answers"] = None if questions else True
        if criterion.grade_from_answers == "taken" and rated.grade is None and not questions:
            rated = replace(rated, grade=asked.suggested)
    result.ratings[criterion.id] = rated
    if criterion.ladder:
        steps["evidence"] = rated.evidence
    if criterion.graded and not (criterion.grade_from_answers == "taken" and questions):
        steps["grade"] = rated.grade
    if criterion.ladder:
        steps["impact"] = rated.impact
    lacks = tuple(step for step, answer in steps.items() if answer is None)
    if lacks:
        begun = len(lacks) < len(steps) or rated.begun
        result.missing.append(Missing(criterion.id, criterion.title, lacks, begun, questions))
