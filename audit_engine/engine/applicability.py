"""Which criteria are expected in this case, which are not and why, and which still wait for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit_engine.definitions.conditions import Outcome, Value
from audit_engine.definitions.rubric import CANNOT_TELL_REASONS, Criterion, ReadRubric
from audit_engine.engine.grading_words import names_in_words
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
    """`grade`; for a ladder also `evidence` and `impact`; `reason` when one was needed and not of the list."""
    begun: bool = False


@dataclass(frozen=True)
class Applied:
    """Every criterion of the rubric in the state it is in."""

    ratings: dict[str, Rated] = field(default_factory=dict)
    """As given, with what the facts decided; a criterion that waits for an answer is expected without a grade."""
    not_expected: list[LeftOut] = field(default_factory=list)
    cannot_tell: list[LeftOut] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def applied(rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Value]) -> Applied:
    """Decide each criterion from the facts and from what the person said.

    The facts decide first. Only a rating outweighs them: whoever graded a criterion saw something that the facts do
    not say, so the rating is kept and counts, with a warning. Where a fact is not known the criterion stays expected.

    Args:
        facts: As conditions take them, `facts.<id>`; unknown ones left out.
    """
    result = Applied()
    for name, criterion in rubric.criteria.items():
        condition = rubric.expected.get(name)
        outcome = condition.outcome(facts) if condition else Outcome(True)
        _decide(rubric, criterion, ratings.get(name), outcome, result)
    return result


def _decide(rubric: ReadRubric, criterion: Criterion, rated: Rated | None, outcome: Outcome, result: Applied) -> None:
    words = (criterion.expected_in_words or "").rstrip(".")
    rated = rated or Rated(EXPECTED)
    answered = rated.applicability == EXPECTED and any((rated.grade, rated.evidence, rated.impact))
    if outcome.held is False and not answered:
        result.ratings[criterion.id] = Rated(BY_RULE)
        result.not_expected.append(LeftOut(criterion.id, criterion.title, "rule", f"{words}."))
        return
    if outcome.held is False:
        result.warnings.append(
            f"'{criterion.title}' was rated although the facts make it not expected ({words}). The rating counts; "
            "put the facts right, or take it out."
        )
    if outcome.held is None and rated.applicability in (EXPECTED, BY_RULE):
        unknown = names_in_words(rubric, outcome.unknown)
        result.warnings.append(f"'{criterion.title}' stays expected, because this is not known: {unknown}. ({words}.)")
    if rated.applicability in (EXPECTED, BY_RULE):
        _expected(criterion, rated if rated.applicability == EXPECTED else Rated(EXPECTED), result)
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


def _expected(criterion: Criterion, rated: Rated, result: Applied) -> None:
    result.ratings[criterion.id] = rated
    steps = {"evidence": rated.evidence, "grade": rated.grade, "impact": rated.impact}
    needed = steps if criterion.ladder else {"grade": rated.grade}
    lacks = tuple(step for step, answer in needed.items() if answer is None)
    if lacks:
        result.missing.append(Missing(criterion.id, criterion.title, lacks, begun=len(lacks) < len(needed)))
