"""Joins a rubric with its scales, facts, criteria and shared rules, or says everything that does not fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from audit_engine.definitions.conditions import Condition, Vocabulary, read_condition
from audit_engine.definitions.contradictions import read_contradictions
from audit_engine.definitions.criteria import Criterion
from audit_engine.definitions.criteria_checks import expectation_problems
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.outcomes import Range
from audit_engine.definitions.questions import Kept, ReadQuestions, read_questions
from audit_engine.definitions.reading import repeated
from audit_engine.definitions.roll_ups import Points, ReadRollUp, RollUp, points_problems, read_roll_up
from audit_engine.definitions.rubric import ReadRubric, Rubric, Section, set_aside
from audit_engine.definitions.rubric_counted import conformity_problems, uncounted
from audit_engine.definitions.rubric_names import Named, every_kind, expected_ranges, here_kinds
from audit_engine.definitions.rubric_rules import Judging, LimitingRule, read_limits
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source, Spot
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

_NOWHERE = Spot(1, 1)
Shared = tuple[Source, Route, LimitingRule]
"""A limiting rule of a library: where it stands, and itself."""


@dataclass(frozen=True)
class Shelf:
    """What a rubric may take in, by id."""

    scales: Mapping[str, Scale]
    codebooks: Mapping[str, Codebook]
    criteria: Mapping[str, Criterion]
    limits: Mapping[str, Shared] = field(default_factory=dict)
    questions: Kept = field(default_factory=dict)


LATER = frozenset({"D048", "D101", "D103", "D104", "D110"})
"""Problems that were noticed only by later versions of the program, and that keep nobody from grading."""


def read_rubric(source: Source, rubric: Rubric, shelf: Shelf, *, pinned: bool = False) -> ReadRubric | list[Problem]:
    """Join a rubric with everything it speaks of, or say everything that does not fit.

    Args:
        pinned: The text was in force once, and what runs under it must stay readable: what only later versions of
            the program notice is let pass.
    """
    problems = _repeats(source, rubric) + _unknown_names(source, rubric, shelf)
    if problems:
        return problems
    scale, codebook = shelf.scales[rubric.scale], shelf.codebooks[rubric.facts]
    chosen = {c: shelf.criteria[c] for section in rubric.sections for c in section.criteria}
    scales = {c: _scale_of(one, scale, shelf.scales) for c, one in chosen.items()}
    problems = [*_scales_that_do_not_fit(source, rubric, chosen, scales)]
    if problems:
        return problems
    section_scales = {s.id: shelf.scales[s.scale] if s.scale else scale for s in rubric.sections}
    rolling = {s.id: section_scales[s.id] for s in rubric.sections if s.rolls_up is not None}
    named = Named(codebook, scale, chosen, scales, rolling, set_aside(rubric))
    own = _Conditions(codebook, chosen, shelf.questions)
    problems += own.problems(source, rubric)
    sections_expected, more = _sections_expected(source, rubric, codebook)
    problems += more
    roll_ups, more = _roll_ups(source, rubric, named)
    problems += more
    overall, more = _overall(source, rubric, named)
    problems += more
    judging = Judging(source, scale, Vocabulary(named.kinds, Vocabulary(every_kind(named))), named.ranges)
    limits, more = read_limits(judging, rubric.limiting_rules, shelf.limits, overall=rubric.overall_grade)
    problems += more
    noticed, more = read_contradictions(judging, rubric.contradictions, rubric.notices, chosen)
    problems += more + conformity_problems(source, rubric, section_scales)
    read = ReadRubric(
        rubric, scale, codebook, chosen, scales, section_scales, own.expected, sections_expected, own.variants,
        own.questions, limits, roll_ups, overall, noticed,
    )  # fmt: skip
    problems += [] if problems else uncounted(source, read)
    if pinned:
        problems = [problem for problem in problems if problem.code not in LATER]
    return problems or read


def _repeats(source: Source, rubric: Rubric) -> list[Problem]:
    problems = repeated(
        source, [(("sections", n, "id"), s.id) for n, s in enumerate(rubric.sections)], "D016", "section"
    )
    rules = [
        (("limiting_rules", n), r) if isinstance(r, str) else (("limiting_rules", n, "id"), r.id)
        for n, r in enumerate(rubric.limiting_rules)
    ]
    return (
        problems
        + repeated(source, rules, "D016", "limiting rule")
        + repeated(source, _placed(rubric), "D016", "criterion")
    )


def _placed(rubric: Rubric) -> list[tuple[Route, str]]:
    return [
        (("sections", n, "criteria", m), c) for n, s in enumerate(rubric.sections) for m, c in enumerate(s.criteria)
    ]


def _unknown_names(source: Source, rubric: Rubric, shelf: Shelf) -> list[Problem]:
    problems = [
        source.problem(route, "D018", f"there is no criterion '{c}' in rubrics/criteria", offered(c, shelf.criteria))
        for route, c in _placed(rubric)
        if c not in shelf.criteria
    ]
    scales: list[tuple[Route, str]] = [(("scale",), rubric.scale)]
    scales += [(("sections", n, "scale"), s.scale) for n, s in enumerate(rubric.sections) if s.scale is not None]
    named = [(route, "scale", name, shelf.scales) for route, name in scales]
    for route, what, name, known in (*named, (("facts",), "codebook", rubric.facts, shelf.codebooks)):
        if name not in known:
            problems.append(source.problem(route, "D018", f"there is no {what} called '{name}'", offered(name, known)))
    return problems


def _scale_of(criterion: Criterion, scale: Scale, scales: Mapping[str, Scale]) -> Scale:
    return scales.get(criterion.scale, scale) if criterion.scale else scale


def _scales_that_do_not_fit(
    source: Source, rubric: Rubric, chosen: Mapping[str, Criterion], scales: Mapping[str, Scale]
) -> Iterable[Problem]:
    for route, c in _placed(rubric):
        if chosen[c].graded and set(chosen[c].descriptors) != set(scales[c].ids):
            message = f"'{c}' has no descriptors for the scale '{scales[c].scale}'"
            yield source.problem(route, "D021", message, "Use a criterion graded on this scale.")
    if rubric.graded == "never" and rubric.overall_grade:
        hint = "Write 'overall_grade: no', or let it be graded."
        yield source.problem(("graded",), "D100", "what is never graded has no overall grade", hint)


class _Conditions:
    """The criteria's own conditions, read over the rubric's codebook; their own file judged them over theirs."""

    def __init__(self, codebook: Codebook, criteria: Mapping[str, Criterion], kept: Kept) -> None:
        self._kept = kept
        self._codebook, self._vocabulary = codebook, Vocabulary(codebook.kinds)
        self.expected: dict[str, Condition] = {}
        self.variants: dict[tuple[str, str], Condition] = {}
        self.questions: dict[str, ReadQuestions] = {}
        self._unreadable: dict[str, None] = {}
        for name, criterion in criteria.items():
            if criterion.expected_when is not None and (read := self._read(name, criterion.expected_when)):
                self.expected[name] = read
            for variant in criterion.variants:
                if variant.when is not None and (read := self._read(name, variant.when)):
                    self.variants[name, variant.id] = read
            if criterion.questions:
                self._ask(name, criterion)

    def _read(self, name: str, text: str) -> Condition | None:
        source = Source(name, {"when": text}, {(): _NOWHERE, ("when",): _NOWHERE}, {}, text)
        found = read_condition(source, ("when",), self._vocabulary)
        if isinstance(found, Condition):
            return found
        self._unreadable[name] = None
        return None

    def _ask(self, name: str, criterion: Criterion) -> None:
        if (name, self._codebook.codebook) in self._kept:
            self.questions[name] = self._kept[name, self._codebook.codebook]
            return
        written = {
            "questions": [{"asked_when": q.asked_when} for q in criterion.questions],
            "suggests": [{"when": rule.when} for rule in criterion.suggests],
        }
        found = read_questions(Source(name, written, {(): _NOWHERE}, {}, ""), (), criterion, self._codebook)
        if isinstance(found, list):
            self._unreadable[name] = None
        else:
            self.questions[name] = found

    def problems(self, source: Source, rubric: Rubric) -> list[Problem]:
        return [
            source.problem(
                route,
                "D042",
                f"when '{c}' is expected, or how it is asked, depends on facts that the codebook "
                f"'{self._codebook.codebook}' does not hold",
                "Add them to the codebook, or take the criterion out.",
            )
            for route, c in _placed(rubric)
            if c in self._unreadable
        ]


def _sections_expected(
    source: Source, rubric: Rubric, codebook: Codebook
) -> tuple[dict[str, Condition], list[Problem]]:
    problems: list[Problem] = []
    expected: dict[str, Condition] = {}
    vocabulary = Vocabulary(codebook.kinds)
    for n, section in enumerate(rubric.sections):
        problems += expectation_problems(source, ("sections", n), section, vocabulary)
        if section.expected_when is not None and not problems:
            found = read_condition(source, ("sections", n, "expected_when"), vocabulary)
            if isinstance(found, Condition):
                expected[section.id] = found
    return expected, problems


def _roll_ups(source: Source, rubric: Rubric, named: Named) -> tuple[dict[str, ReadRollUp], list[Problem]]:
    problems: list[Problem] = []
    roll_ups: dict[str, ReadRollUp] = {}
    whole = Vocabulary(every_kind(named))
    for n, section in enumerate(rubric.sections):
        if section.rolls_up is None:
            if section.scale is not None:
                message = f"the section '{section.id}' has no grade of its own, so it has no scale"
                hint = "Add 'rolls_up', or delete this line."
                problems.append(source.problem(("sections", n, "scale"), "D049", message, hint, key=True))
            continue
        vocabulary = Vocabulary(here_kinds(named, section.criteria), whole)
        ranges = expected_ranges(named, section.criteria)
        read, more = _one_roll_up(
            source, ("sections", n, "rolls_up"), section.rolls_up, vocabulary, ranges,
            named.section_scales[section.id], _graded(named, section),
        )  # fmt: skip
        problems += more
        roll_ups[section.id] = read
    return roll_ups, problems


def _graded(named: Named, section: Section | None = None) -> dict[str, tuple[str, ...]]:
    among = section.criteria if section else tuple(named.counted)
    return {c: named.scales[c].ids for c in among if c in named.graded}


def _one_roll_up(
    source: Source, route: Route, written: RollUp, vocabulary: Vocabulary, ranges: Mapping[str, Range],
    scale: Scale, graded: Mapping[str, tuple[str, ...]],
) -> tuple[ReadRollUp, list[Problem]]:  # fmt: skip
    if isinstance(written, Points):
        return ReadRollUp(points=written), points_problems(source, route, written, graded, scale)
    rules, problems = read_roll_up(source, route, written, vocabulary, ranges, scale)
    return ReadRollUp(rules), problems


def _overall(source: Source, rubric: Rubric, named: Named) -> tuple[ReadRollUp | None, list[Problem]]:
    written = rubric.suggested_overall
    if not rubric.overall_grade:
        if written is None:
            return None, []
        message = "this rubric has no overall grade that could be suggested"
        hint = "Delete this, or write 'overall_grade: yes'."
        return None, [source.problem(("suggested_overall",), "D100", message, hint, key=True)]
    if written is None:
        message = "nothing says which overall grade is suggested"
        hint = "Add 'suggested_overall', or write 'overall_grade: no' where there is none."
        return None, [source.problem((), "D100", message, hint)]
    return _one_roll_up(
        source,
        ("suggested_overall",),
        written,
        Vocabulary(named.kinds, Vocabulary(every_kind(named))),
        named.ranges,
        named.scale,
        _graded(named),
    )
