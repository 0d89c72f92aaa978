"""Rubrics: what is graded. Criteria live in a shared library, so that one criterion means one thing everywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.conditions import NUMBER, Condition, Kind, Vocabulary, read_condition
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.reading import (
    CriterionId,
    Definition,
    Identifier,
    Label,
    Sentence,
    Version,
    as_one_of,
    repeated,
)
from audit_engine.definitions.rubric_rules import Judging, LimitingRule, SuggestedGrade, names_and_ranges, read_rules
from audit_engine.definitions.scales import NO_GRADE, Scale
from audit_engine.definitions.sources import Route, Source, Spot
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

TAGS = ("safety_critical", "impact", "child_centred", "oversight", "recording")
_NOWHERE = Spot(1, 1)
LADDER = ("recorded", "quality", "impact")
CANNOT_TELL_REASONS = {
    "record_withheld": "The record was withheld from the auditor",
    "system_gap": "The system did not show it, or was down",
}
"""Why an auditor could not look. Looking and finding nothing is not among them: that is evidence not found."""
EVIDENCE, IMPACT = ("found", "partly", "not_found"), ("yes", "no", "cannot_tell")
"""The answers to a ladder's first and last step."""


class Reason(Definition):
    """Why an auditor may judge a criterion not expected."""

    id: Identifier
    label: Label


class Criterion(Definition):
    """One question an auditor answers with a grade."""

    id: CriterionId
    title: Label
    asks: Sentence
    expected_when: str | None = None
    """A condition over the case's facts; None when it is always expected."""
    expected_in_words: Sentence | None = None
    not_expected_reasons: Annotated[tuple[Reason, ...], Field(max_length=12)] = ()
    ladder: tuple[Annotated[str, as_one_of(LADDER)], ...] = ()
    """For oversight criteria: recorded, quality and impact are three answers, counted separately."""
    tags: tuple[Annotated[str, as_one_of(TAGS)], ...] = ()
    look_for: Annotated[tuple[Label, ...], Field(min_length=1, max_length=20)]
    evidence_demanded: tuple[Identifier, ...] = ()
    """Grades at which the auditor points to the evidence."""
    note_demanded: tuple[Identifier, ...] = ()
    """Grades at which the auditor writes a note."""
    descriptors: dict[str, Sentence]
    """What each grade looks like for this criterion, by grade id."""


class Library(Definition):
    """A file of shared criteria."""

    library: Identifier
    version: Version
    title: Label
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=100)]


class Section(Definition):
    """A part of a rubric."""

    id: Identifier
    title: Label
    criteria: Annotated[tuple[CriterionId, ...], Field(min_length=1, max_length=60)]


class Rubric(Definition):
    """What is graded, as written."""

    rubric: Identifier
    version: Version
    title: Label
    purpose: Sentence
    subject: Annotated[str, as_one_of(("case",))]
    scale: Identifier
    facts: Identifier
    graded: Annotated[str, as_one_of(("always", "optional"))]
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=30)]
    limiting_rules: Annotated[tuple[LimitingRule, ...], Field(max_length=50)] = ()
    suggested_overall: Annotated[tuple[SuggestedGrade, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True)
class ReadRubric:
    """A rubric with everything it speaks of: ready to grade under, frozen."""

    rubric: Rubric
    scale: Scale
    codebook: Codebook
    criteria: Mapping[str, Criterion]
    """By id, in the rubric's order."""
    expected: Mapping[str, Condition]
    """By criterion id, where a condition decides."""
    limits: tuple[tuple[LimitingRule, Condition], ...]
    suggestions: tuple[tuple[SuggestedGrade, Condition | None], ...]
    """In order, the first that holds decides; the last has no condition."""

    @cached_property
    def tagged(self) -> dict[str, frozenset[str]]:
        """The criteria of every tag."""
        return {tag: frozenset(name for name, one in self.criteria.items() if tag in one.tags) for tag in TAGS}


def library_problems(
    source: Source, library: Library, codebook: Codebook, scales: Mapping[str, Scale]
) -> list[Problem]:
    """Repeated criteria, conditions that cannot be read, descriptors that fit no scale."""
    problems = repeated(
        source, [(("criteria", n, "id"), c.id) for n, c in enumerate(library.criteria)], "D016", "criterion"
    )
    vocabulary = Vocabulary(codebook.kinds)
    for n, criterion in enumerate(library.criteria):
        route: Route = ("criteria", n)
        problems += repeated(
            source,
            [((*route, "not_expected_reasons", m, "id"), r.id) for m, r in enumerate(criterion.not_expected_reasons)],
            "D016",
            "reason",
        )
        problems += _ladder_problems(source, route, criterion)
        problems += _descriptor_problems(source, route, criterion, scales)
        problems += _demand_problems(source, route, criterion)
        if criterion.expected_when is not None:
            found = read_condition(source, (*route, "expected_when"), vocabulary)
            problems += found if isinstance(found, list) else []
            if criterion.expected_in_words is None:
                problems.append(
                    source.problem(
                        (*route, "expected_when"),
                        "D020",
                        "a condition an auditor meets needs its sentence",
                        "Add a line 'expected_in_words: Expected when ...'.",
                    )
                )
    return problems


def _ladder_problems(source: Source, route: Route, criterion: Criterion) -> Iterator[Problem]:
    if criterion.ladder and criterion.ladder != LADDER:
        yield source.problem(
            (*route, "ladder"),
            "D019",
            "a ladder has the three steps recorded, quality, impact, in this order",
            "Write 'ladder: [recorded, quality, impact]', or delete the line.",
        )


def _demand_problems(source: Source, route: Route, criterion: Criterion) -> Iterator[Problem]:
    for key, grades in (("evidence_demanded", criterion.evidence_demanded), ("note_demanded", criterion.note_demanded)):
        yield from repeated(source, [((*route, key, n), grade) for n, grade in enumerate(grades)], "D016", "grade")
        for n, grade in enumerate(grades):
            if grade not in criterion.descriptors:
                message = f"'{criterion.id}' has no grade '{grade}'"
                yield source.problem((*route, key, n), "D018", message, offered(grade, criterion.descriptors))


def _descriptor_problems(
    source: Source, route: Route, criterion: Criterion, scales: Mapping[str, Scale]
) -> Iterator[Problem]:
    written = set(criterion.descriptors)
    if any(written == set(scale.ids) for scale in scales.values()) or not scales:
        return
    closest = max(scales.values(), key=lambda scale: (len(written & set(scale.ids)), scale.scale))
    if not written & set(closest.ids):
        yield source.problem(
            (*route, "descriptors"),
            "D021",
            f"the descriptors of '{criterion.id}' are those of no scale",
            f"Write one for each grade, as in: {', '.join(closest.ids)}.",
        )
        return
    misspelt = {meant for grade in written - set(closest.ids) for meant in get_close_matches(grade, closest.ids, n=1)}
    for grade in (g for g in closest.ids if g not in written | misspelt):
        yield source.problem(
            (*route, "descriptors"),
            "D021",
            f"'{criterion.id}' has no descriptor for '{grade}'",
            f"Add a line '{grade}: ...' to it.",
        )
    for grade in criterion.descriptors:
        if grade not in closest.ids:
            yield source.problem(
                (*route, "descriptors", grade),
                "D018",
                f"there is no grade '{grade}' on the scale '{closest.scale}'",
                offered(grade, closest.ids),
                key=True,
            )


def rubric_names(rubric: ReadRubric) -> dict[str, Kind]:
    """The names a condition about one audit's ratings may use: grades and counts, beside the case's facts."""
    grades = Kind("word", (*rubric.scale.ids, NO_GRADE))
    names = dict(rubric.codebook.kinds)
    names |= {f"grade.{criterion}": grades for criterion in rubric.criteria}
    names |= {f"count.{grade}": NUMBER for grade in (*rubric.scale.ids, "below_good", "expected")}
    names |= {f"tagged.{tag}.{grade}": NUMBER for tag in TAGS for grade in rubric.scale.ids}
    return names


def read_rubric(
    source: Source,
    rubric: Rubric,
    scales: Mapping[str, Scale],
    codebooks: Mapping[str, Codebook],
    criteria: Mapping[str, Criterion],
) -> ReadRubric | list[Problem]:
    """Join a rubric with its scale, facts and criteria, or say everything that does not fit."""
    problems = repeated(
        source, [(("sections", n, "id"), s.id) for n, s in enumerate(rubric.sections)], "D016", "section"
    )
    problems += repeated(
        source,
        [(("limiting_rules", n, "id"), r.id) for n, r in enumerate(rubric.limiting_rules)],
        "D016",
        "limiting rule",
    )
    placed = [
        ((("sections", n, "criteria", m)), c) for n, s in enumerate(rubric.sections) for m, c in enumerate(s.criteria)
    ]
    problems += repeated(source, placed, "D016", "criterion")
    problems += [
        source.problem(route, "D018", f"there is no criterion '{c}' in rubrics/criteria", offered(c, criteria))
        for route, c in placed
        if c not in criteria
    ]
    problems += _unknown(source, "scale", "scale", rubric.scale, scales)
    problems += _unknown(source, "facts", "codebook", rubric.facts, codebooks)
    if problems:
        return problems
    scale, codebook = scales[rubric.scale], codebooks[rubric.facts]
    chosen = {c: criteria[c] for _, c in placed}
    problems = [
        source.problem(
            route,
            "D021",
            f"'{c}' has no descriptors for the scale '{scale.scale}'",
            "Use a criterion graded on this scale.",
        )
        for route, c in placed
        if set(chosen[c].descriptors) != set(scale.ids)
    ]
    kinds = rubric_names(ReadRubric(rubric, scale, codebook, chosen, {}, (), ()))
    ranges = names_and_ranges(kinds, {c: criterion.tags for c, criterion in chosen.items()})
    judging = Judging(source, scale, Vocabulary(kinds), ranges)
    rules, more = read_rules(judging, rubric.limiting_rules, rubric.suggested_overall)
    expected = _expected(chosen, codebook)
    conditional = {c: route for route, c in placed if chosen[c].expected_when is not None}
    problems += more + [
        source.problem(
            route,
            "D042",
            f"when '{c}' is expected depends on facts that the codebook '{codebook.codebook}' does not hold",
            "Add them to the codebook, or take the criterion out.",
        )
        for c, route in conditional.items()
        if c not in expected
    ]
    return problems or ReadRubric(rubric, scale, codebook, chosen, expected, rules.limits, rules.suggestions)


def _unknown(source: Source, key: str, what: str, name: str, known: Mapping[str, object]) -> list[Problem]:
    return (
        []
        if name in known
        else [source.problem((key,), "D018", f"there is no {what} called '{name}'", offered(name, known))]
    )


def _expected(criteria: Mapping[str, Criterion], codebook: Codebook) -> dict[str, Condition]:
    """The conditions that can be read over these facts; their own file was judged over the facts of a case."""
    vocabulary, found = Vocabulary(codebook.kinds), {}
    for name, criterion in criteria.items():
        if criterion.expected_when is not None:
            source = Source(
                name,
                {"when": criterion.expected_when},
                {(): _NOWHERE, ("when",): _NOWHERE},
                {},
                criterion.expected_when,
            )
            condition = read_condition(source, ("when",), vocabulary)
            if isinstance(condition, Condition):
                found[name] = condition
    return found
