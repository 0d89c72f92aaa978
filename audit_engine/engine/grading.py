"""From ratings to what the overall grade may be. Pure: no database, no clock.

The order in which criteria were rated never matters, and a limit is never passed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.applicability import Applied, LeftOut, Missing, applied
from audit_engine.engine.contradicting import Noticed, noticed
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading_words import lacking, names_in_words, sentence, titles
from audit_engine.engine.in_force import NOT_KNOWN, Practice
from audit_engine.engine.limiting import Bar, Binding, Override, Permitted, bar_of, permitted, refusals
from audit_engine.engine.rated_case import RatedCase, Rolled, rating_values
from audit_engine.engine.ratings import CANNOT_TELL, EXPECTED, Rated, recorded_grades
from audit_engine.problems import Reason

__all__ = [
    "Bar", "Binding", "CriterionStanding", "Judgement", "LeftOut", "Missing", "Noticed", "Override", "Permitted",
    "Practice", "Rated", "SectionCounts", "judgement", "permitted_overall", "rating_values",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """One section: how many of its criteria are expected, and their grades."""

    id: str
    title: str
    expected: int
    """Answered or not; without those that could not be told."""
    grades: Mapping[str, int]
    """Every grade its criteria may have, worst first, none left out."""
    worst: str | None
    """None where nothing is graded, or its criteria are on several scales."""
    missing: int
    not_expected: int
    cannot_tell: int
    rolls_up: bool = False
    grade: str | None = None
    """Where it rolls up: its own grade; None when nothing in it applies, or it cannot be said yet."""
    because: str = ""
    provisional: bool = False
    """Its grade cannot be said yet."""
    begun: int = 0
    """Of those missing: how many have a grade already, and only lack something beside it."""


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """A criterion whose answers lead to a grade: what they lead to, and what was given."""

    criterion: str
    grade: str | None
    suggested: str | None
    because: str
    overridden: bool
    """Somebody gave another grade than the answers lead to."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that follows from one audit's ratings, facts and chosen grade."""

    suggested: str | None
    """None while it cannot be said, or nothing was graded, or the rubric has no overall grade."""
    because: str
    """Why this grade is suggested, or why none is."""
    permitted: tuple[str, ...]
    """Worst first; always at least one, where there is an overall grade."""
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
    """Criteria whose grade, or an answer, demands a note and that have none."""
    warnings: tuple[str, ...]
    answered: tuple[CriterionStanding, ...] = ()
    noticed: tuple[Noticed, ...] = ()
    variants: Mapping[str, str] = field(default_factory=dict)
    """By criterion, the wording that applies where it is not the ordinary one: a variant's id."""

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

    @property
    def second_look(self) -> tuple[Bar, ...]:
        """The rules that hold and ask that somebody else looks, whatever the grade."""
        return tuple(bar for bar in self.bound_by if bar.holds and bar.second_look)

    @property
    def overridden(self) -> tuple[Bar, ...]:
        """The rules somebody looked past."""
        return tuple(bar for bar in self.bound_by if bar.override is not None)


def permitted_overall(
    rubric: ReadRubric, ratings: Mapping[str, Rated], facts: Mapping[str, Any],
    overrides: Mapping[str, Override] | None = None,
) -> Permitted:  # fmt: skip
    """The overall grades that the limiting rules leave.

    Args:
        ratings: By criterion id. A criterion that is missing, or expected without a grade, is not known: a rule
            that cannot be decided without it binds, and names it.
        facts: The case's facts by id.
    """
    return permitted(rubric, RatedCase(rubric, ratings, as_values(facts)), overrides or {})


def judgement(
    rubric: ReadRubric,
    ratings: Mapping[str, Rated],
    facts: Mapping[str, Any],
    chosen: str | None = None,
    reason: str | None = None,
    *,
    practice: Practice = NOT_KNOWN,
    overrides: Mapping[str, Override] | None = None,
    given_at: Mapping[str, datetime] | None = None,
) -> Judgement:
    """Judge one audit as it stands.

    Args:
        ratings: By criterion id, in any order; those of other rubrics are not looked at.
        facts: The case's facts by id; leave out, or give None for, what is not known.
        chosen: The overall grade the person chose.
        reason: Why it differs from the suggested one.
        practice: The days of the work: policies in force then are those it is judged by.
        overrides: By limiting rule, who looked past it and why; counts where the rule allows their role.
        given_at: When each grade was given, where that is known.
    """
    known = as_values(facts)
    state = applied(rubric, ratings, known, practice)
    case = RatedCase(rubric, state.ratings, known, state.answering, state.outside)
    left = permitted(rubric, case, overrides or {})
    grades, without_grade = recorded_grades(rubric, state.ratings)
    waiting = [c for c in rubric.criteria if c in without_grade]
    bars = tuple(bar_of(rubric, binding, grades, waiting) for binding in left.bound_by)
    suggested, because = _suggested(rubric, case, bars, grades, waiting)
    refused = tuple(refusals(rubric, bars, chosen))
    overall = None if refused else chosen
    return Judgement(
        suggested=suggested,
        because=because,
        permitted=left.grades,
        provisional=bool(state.missing),
        bound_by=bars,
        overall=overall,
        refused=refused,
        needs_reason=overall is not None and overall != suggested and not (reason or "").strip(),
        sections=tuple(_sections(rubric, state, case.sections)),
        missing=tuple(state.missing),
        not_expected=tuple(state.not_expected),
        cannot_tell=tuple(state.cannot_tell),
        without_evidence=without(rubric, state, "pointer"),
        without_note=without(rubric, state, "note"),
        warnings=(*state.warnings, *_further_warnings(state, bars)),
        answered=tuple(_answered(rubric, state)),
        noticed=noticed(rubric, case, state.ratings, given_at),
        variants={name: variant.id for name, variant in state.variants.items()},
    )


def _suggested(
    rubric: ReadRubric, case: RatedCase, bars: Sequence[Bar], grades: Mapping[str, str], waiting: Sequence[str]
) -> tuple[str | None, str]:
    """The grade of the first rule that holds, brought into what the limiting rules leave."""
    if rubric.overall is None:
        return None, "This rubric has no overall grade."
    if not grades and not waiting:
        return None, "No criterion was graded, so no grade is suggested."
    rolled = case.overall(rubric.overall)
    if rolled.unknown:
        unknown = names_in_words(rubric, rolled.unknown, waiting)
        return None, f"No grade can be suggested yet, because this is not known: {unknown}."
    return _limited(rubric, rolled, bars)


def _limited(rubric: ReadRubric, rolled: Rolled, bars: Sequence[Bar]) -> tuple[str | None, str]:
    if rolled.grade is None:
        return None, sentence(rolled.because)
    order = rubric.scale.order(rolled.grade)
    barring = [bar for bar in bars if bar.bars(order)]
    if not barring:
        return rolled.grade, sentence(rolled.because)
    # The nearest grade that all of them leave, and the rule that decides it: rather one that certainly holds.
    decided = min(max(order, *(bar.lowest for bar in barring)), *(bar.highest for bar in barring))
    deciding = [bar for bar in barring if decided in (bar.lowest, bar.highest)]
    decisive = min(deciding, key=lambda bar: not bar.holds)
    if not decisive.holds:
        return None, f"No grade can be suggested yet. {decisive.because}"
    moved = "lowers" if decided < order else "raises"
    would_be = f"{sentence(rolled.because)} That would be {rubric.scale.label(rolled.grade)}"
    grade = rubric.scale.ids[decided]
    return grade, f"{would_be}; the rule {decisive.id} ({decisive.title}) {moved} it: {decisive.because}"


def _sections(rubric: ReadRubric, state: Applied, rolled: Mapping[str, Rolled]) -> list[SectionCounts]:
    sections = []
    waiting = {missing.criterion for missing in state.missing}
    for section in rubric.rubric.sections:
        rated = [state.ratings[c] for c in section.criteria]
        expected = [r for r in rated if r.applicability == EXPECTED]
        telling = sum(r.applicability == CANNOT_TELL for r in rated)
        given = Counter(r.grade for r in expected)
        scales = {rubric.scales[c].scale: rubric.scales[c] for c in section.criteria if rubric.criteria[c].graded}
        grades = {grade: given[grade] for scale in scales.values() for grade in scale.ids}
        worst = next((grade for grade, counted in grades.items() if counted), None) if len(scales) == 1 else None
        missing = sum(c in waiting for c in section.criteria)
        begun = sum(c in waiting and state.ratings[c].grade is not None for c in section.criteria)
        own = rolled[section.id]
        sections.append(
            SectionCounts(
                section.id, section.title, len(expected), grades, worst, missing,
                len(rated) - len(expected) - telling, telling,
                section.id in rubric.roll_ups, own.grade,
                sentence(own.because) if own.because else "", bool(own.unknown), begun,
            )
        )  # fmt: skip
    return sections


def _answered(rubric: ReadRubric, state: Applied) -> list[CriterionStanding]:
    found = []
    for criterion, asked in state.answering.items():
        if not rubric.criteria[criterion].suggests:
            continue
        given, grade = state.given[criterion], state.ratings[criterion].grade
        overridden = given is not None and asked.suggested is not None and given != asked.suggested
        because = sentence(asked.because) if asked.because else ""
        found.append(CriterionStanding(criterion, grade, asked.suggested, because, overridden))
    return found


def without(rubric: ReadRubric, state: Applied, what: str) -> tuple[str, ...]:
    """The criteria whose grade demands a `note`, or a `pointer` to the evidence, and that have none."""
    lacking_it = []
    for criterion, rated in state.ratings.items():
        written = rubric.criteria[criterion]
        demanded = written.evidence_demanded if what == "pointer" else written.note_demanded
        given = rated.pointer if what == "pointer" else rated.note
        asked = rated.grade in demanded or (what == "note" and _answers_demand(rubric, state, criterion))
        if rated.applicability == EXPECTED and asked and not (given or "").strip():
            lacking_it.append(criterion)
    return tuple(lacking_it)


def _answers_demand(rubric: ReadRubric, state: Applied, criterion: str) -> bool:
    """Whether an answer needs a note, or a grade overrides the one that is taken from the answers."""
    asked = state.answering.get(criterion)
    if asked is None:
        return False
    given = state.given[criterion]
    taken = rubric.criteria[criterion].grade_from_answers == "taken"
    return asked.demands_note or (taken and given is not None and asked.suggested not in (None, given))


def _further_warnings(state: Applied, bars: Sequence[Bar]) -> list[str]:
    warned = [f"{bar.id} ({bar.title}): {bar.warns}" for bar in bars if bar.warns and bar.holds]
    warned += [f"{bar.id} ({bar.title}) gave way to the rules before it." for bar in bars if bar.gave_way]
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
