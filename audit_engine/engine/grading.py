"""From ratings to what the overall grade may be. Pure: no database, no clock.

The order in which criteria were rated never matters, and a cap is never exceeded.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.rubric_rules import LimitingRule
from audit_engine.engine.applicability import Applied, LeftOut, Missing, applied
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading_words import lacking, names_in_words, sentence, titles
from audit_engine.engine.ratings import CANNOT_TELL, EXPECTED, Rated, RatedCase, rating_values, recorded_grades
from audit_engine.problems import Reason

__all__ = [
    "Bar", "Binding", "Judgement", "LeftOut", "Missing", "Permitted", "Rated", "SectionCounts",
    "judgement", "permitted_overall", "rating_values",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Binding:
    """A limiting rule that holds, or that cannot be ruled out because something is not known."""

    rule: LimitingRule
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permitted:
    """What the limiting rules leave."""

    grades: tuple[str, ...]
    """Worst first; always at least the worst."""
    bound_by: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A limiting rule that bounds this audit, in words."""

    id: str
    title: str
    at_most: str
    because: str
    holds: bool
    """False while it can only not be ruled out."""
    warns: str | None
    opens_escalation: bool
    criteria: tuple[str, ...]
    """The graded criteria that it holds because of, as far as its condition names them."""


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """One section: how many of its criteria are expected, and their grades."""

    id: str
    title: str
    expected: int
    """Answered or not; without those that could not be told."""
    grades: Mapping[str, int]
    """Every grade of the scale, worst first, none left out."""
    worst: str | None
    missing: int
    not_expected: int
    cannot_tell: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that follows from one audit's ratings, facts and chosen grade."""

    suggested: str | None
    """None while it cannot be said, or nothing was graded."""
    because: str
    """Why this grade is suggested, or why none is."""
    permitted: tuple[str, ...]
    """Worst first; always at least the worst."""
    provisional: bool
    """Ratings are missing, so what is permitted may still grow."""
    bound_by: tuple[Bar, ...]
    overall: str | None
    """The chosen grade, if it is permitted."""
    refused: tuple[Reason, ...]
    """Why the chosen grade is not: a reason for each rule that bars it."""
    needs_reason: bool
    sections: tuple[SectionCounts, ...]
    missing: tuple[Missing, ...]
    not_expected: tuple[LeftOut, ...]
    cannot_tell: tuple[LeftOut, ...]
    without_evidence: tuple[str, ...]
    """Criteria whose grade demands a pointer to the evidence and that have none."""
    without_note: tuple[str, ...]
    """Criteria whose grade demands a note and that have none."""
    warnings: tuple[str, ...]

    @property
    def certainly_refused(self) -> bool:
        """Whether a rule that holds whatever is still missing bars the chosen grade."""
        open_yet = {bar.id for bar in self.bound_by if not bar.holds} if self.missing else set()
        return any(reason.rule not in open_yet for reason in self.refused)

    @property
    def escalates(self) -> tuple[str, ...]:
        """The criteria for which an escalation must be raised before the audit is submitted."""
        asking = [c for bar in self.bound_by if bar.holds and bar.opens_escalation for c in bar.criteria]
        return tuple(dict.fromkeys(asking))


def permitted_overall(rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Any]) -> Permitted:
    """The overall grades that the limiting rules leave.

    Args:
        ratings: By criterion id. A criterion that is missing, or expected without a grade, is not known: a rule
            that cannot be decided without it binds, and names it.
        facts: The case's facts by id.
    """
    return _permitted(rubric, RatedCase(rubric, ratings, as_values(facts)))


def _permitted(rubric: ReadRubric, case: RatedCase) -> Permitted:
    ids = rubric.scale.ids
    highest, bound = len(ids) - 1, []
    for rule, condition in rubric.limits:
        outcome = case.outcome_of(condition)
        if outcome.held is False:
            continue
        bound.append(Binding(rule, outcome.unknown))
        highest = min(highest, rubric.scale.order(rule.overall.at_most))
    return Permitted(ids[: highest + 1], tuple(bound))


def judgement(
    rubric: ReadRubric,
    ratings: Mapping[str, Rated],
    facts: Mapping[str, Any],
    chosen: str | None = None,
    reason: str | None = None,
) -> Judgement:
    """Judge one audit as it stands.

    Args:
        ratings: By criterion id, in any order; those of other rubrics are not looked at.
        facts: The case's facts by id; leave out, or give None for, what is not known.
        chosen: The overall grade the person chose.
        reason: Why it differs from the suggested one.
    """
    known = as_values(facts)
    state = applied(rubric, ratings, known)
    case = RatedCase(rubric, state.ratings, known)
    permitted = _permitted(rubric, case)
    bars = tuple(_bar(rubric, state, binding) for binding in permitted.bound_by)
    suggested, because = _suggested(rubric, state, case, bars)
    refused = tuple(_refusals(rubric, bars, chosen))
    overall = None if refused else chosen
    return Judgement(
        suggested=suggested,
        because=because,
        permitted=permitted.grades,
        provisional=bool(state.missing),
        bound_by=bars,
        overall=overall,
        refused=refused,
        needs_reason=overall is not None and overall != suggested and not (reason or "").strip(),
        sections=tuple(_sections(rubric, state)),
        missing=tuple(state.missing),
        not_expected=tuple(state.not_expected),
        cannot_tell=tuple(state.cannot_tell),
        without_evidence=without(rubric, state, "pointer"),
        without_note=without(rubric, state, "note"),
        warnings=(*state.warnings, *_further_warnings(state, bars)),
    )


def _bar(rubric: ReadRubric, state: Applied, binding: Binding) -> Bar:
    rule = binding.rule
    condition = next(read for limiting, read in rubric.limits if limiting.id == rule.id)
    grades, missing = recorded_grades(rubric, state.ratings)
    because = sentence(rule.because)
    if binding.unknown:
        waiting = names_in_words(rubric, binding.unknown, [c for c in rubric.criteria if c in missing])
        most = rubric.scale.label(rule.overall.at_most)
        because = f"This rule cannot be ruled out, because this is not known: {waiting}. It would leave at most {most}."
    return Bar(
        rule.id, rule.title, rule.overall.at_most, because, not binding.unknown, rule.warns, rule.opens_escalation,
        _criteria_behind(rubric, condition, grades),
    )  # fmt: skip


def _criteria_behind(rubric: ReadRubric, condition: Condition, grades: Mapping[str, str]) -> tuple[str, ...]:
    behind = []
    for criterion, grade in grades.items():
        tags = rubric.criteria[criterion].tags
        counted = {f"grade.{criterion}", f"count.{grade}", *(f"tagged.{tag}.{grade}" for tag in tags)}
        if grade not in rubric.scale.good_or_better:
            counted.add("count.below_good")
        if counted & set(condition.names):
            behind.append(criterion)
    return tuple(behind)


def _suggested(rubric: ReadRubric, state: Applied, case: RatedCase, bars: tuple[Bar, ...]) -> tuple[str | None, str]:
    """The grade of the first rule that holds, lowered to what the limiting rules leave."""
    grades, missing = recorded_grades(rubric, state.ratings)
    if not grades and not missing:
        return None, "No criterion was graded, so no grade is suggested."
    order, waiting = rubric.scale.order, [c for c in rubric.criteria if c in missing]
    for rule, condition in rubric.suggestions:
        outcome = case.outcome_of(condition) if condition else None
        if outcome is not None and outcome.held is None:
            unknown = names_in_words(rubric, outcome.unknown, waiting)
            return None, f"No grade can be suggested yet, because this is not known: {unknown}."
        if outcome is not None and not outcome.held:
            continue
        over = [bar for bar in bars if order(bar.at_most) < order(rule.grade)]
        if not over:
            return rule.grade, sentence(rule.because)
        lowest = min(over, key=lambda bar: (order(bar.at_most), not bar.holds))
        if not lowest.holds:
            return None, f"No grade can be suggested yet. {lowest.because}"
        lowered = f"{sentence(rule.because)} That would be {rubric.scale.label(rule.grade)}"
        return lowest.at_most, f"{lowered}; the rule {lowest.id} ({lowest.title}) lowers it: {lowest.because}"
    raise AssertionError("a rubric without a last resort was read")


def _refusals(rubric: ReadRubric, bars: tuple[Bar, ...], chosen: str | None) -> list[Reason]:
    if chosen is None:
        return []
    if chosen not in rubric.scale.ids:
        words = ", ".join(rubric.scale.ids)
        return [Reason("scale", f"There is no grade '{chosen}' on this scale. Choose one of: {words}.")]
    label = rubric.scale.label
    return [
        Reason(bar.id, f"{label(chosen)} is above {label(bar.at_most)}, the most that {bar.id} leaves. {bar.because}")
        for bar in bars
        if rubric.scale.order(chosen) > rubric.scale.order(bar.at_most)
    ]


def _sections(rubric: ReadRubric, state: Applied) -> list[SectionCounts]:
    sections = []
    waiting = {missing.criterion for missing in state.missing}
    for section in rubric.rubric.sections:
        rated = [state.ratings[c] for c in section.criteria]
        expected = [r for r in rated if r.applicability == EXPECTED]
        telling = sum(r.applicability == CANNOT_TELL for r in rated)
        given = Counter(r.grade for r in expected)
        grades = {grade: given[grade] for grade in rubric.scale.ids}
        worst = next((grade for grade, counted in grades.items() if counted), None)
        missing = sum(c in waiting for c in section.criteria)
        left_out = len(rated) - len(expected) - telling
        sections.append(
            SectionCounts(section.id, section.title, len(expected), grades, worst, missing, left_out, telling)
        )
    return sections


def without(rubric: ReadRubric, state: Applied, what: str) -> tuple[str, ...]:
    """The criteria whose grade demands a `note`, or a `pointer` to the evidence, and that have none."""
    lacking_it = []
    for criterion, rated in state.ratings.items():
        written = rubric.criteria[criterion]
        demanded = written.evidence_demanded if what == "pointer" else written.note_demanded
        given = rated.pointer if what == "pointer" else rated.note
        if rated.applicability == EXPECTED and rated.grade in demanded and not (given or "").strip():
            lacking_it.append(criterion)
    return tuple(lacking_it)


def _further_warnings(state: Applied, bars: tuple[Bar, ...]) -> list[str]:
    warned = [f"{bar.id} ({bar.title}): {bar.warns}" for bar in bars if bar.warns and bar.holds]
    return warned + [lacking(missing.title, missing.lacks) for missing in state.missing if missing.begun]


def demands_in_words(rubric: ReadRubric, judged: Judgement) -> list[str]:
    """What the grades given still demand, in sentences."""
    demands = []
    for criteria, what in ((judged.without_note, "a note"), (judged.without_evidence, "a pointer to the evidence")):
        if criteria:
            demands.append(f"The grade given demands {what}: {titles(rubric, criteria)}.")
    if judged.needs_reason:
        demands.append("The overall grade differs from the suggested one, so it needs a reason.")
    return demands
