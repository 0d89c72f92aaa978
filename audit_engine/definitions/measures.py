"""Measures: a figure with an id, a population, what is left out of it and why, a numerator and a denominator in words.

A measure cannot be written without its denominator: `proportion` and `distribution` take it from their
population and what they leave out, and two different denominators may not be called by the same words.
Conditions are a subset (comparison, `in`, `&&`, `||`, `!`), because they are counted by the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.conditions import (
    Condition,
    Vocabulary,
    outside_subset,
    read_condition,
    shown_part,
)
from audit_engine.definitions.names import COUNTED, names_for
from audit_engine.definitions.reading import (
    Definition,
    Identifier,
    Label,
    Sentence,
    Version,
    WholeNumber,
    YesNo,
    as_one_of,
    repeated,
)
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.definitions.sources import Route, Source, Spot
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

KINDS = ("count", "total", "proportion", "distribution")
BREAKDOWNS = ("stream", "area")


class Population(Definition):
    """What a measure counts."""

    id: Identifier
    counts: Annotated[str, as_one_of(COUNTED)]
    called: Label
    """In the plural, as a figure says it. No two populations share it."""
    where: str | None = None


class LeftOut(Definition):
    """One declared exclusion, in order: whoever an earlier one took is not counted again."""

    id: Identifier
    when: str
    says: Label


class Part(Definition):
    """A part of the denominator: the numerator, or what is printed beside it."""

    when: str
    says: Label


class SummarySection(Definition):
    """One section of the summary."""

    id: Identifier
    title: Label
    says: Sentence | None = None


class Measure(Definition):
    """One figure."""

    id: Identifier
    title: Label
    means: Sentence
    section: Identifier
    kind: Annotated[str, as_one_of(KINDS)]
    population: Identifier
    leave_out: Annotated[tuple[LeftOut, ...], Field(max_length=12)] = ()
    out_of: Label | None = None
    """What the denominator is called when something is left out."""
    numerator: Part | None = None
    beside: Annotated[tuple[Part, ...], Field(max_length=4)] = ()
    over: str | None = None
    """For a distribution: the name whose values are counted."""
    labels: dict[str, Label] = {}
    adds: str | None = None
    """For a total: the number that is added up."""
    by: tuple[Annotated[str, as_one_of(BREAKDOWNS)], ...] = ()
    better: Annotated[str, as_one_of(("higher", "lower", "neither"))] = "neither"
    target: WholeNumber | None = None
    """In every hundred."""
    source: Label
    headline: YesNo = False
    """Shown at the top of the summary."""
    each_criterion: YesNo = False
    """Written once, counted for every criterion of the rubric: {criterion} and {title} stand for it."""


class MeasureSet(Definition):
    """The measures of one summary."""

    measure_set: Identifier
    version: Version
    title: Label
    rubric: Identifier
    sections: Annotated[tuple[SummarySection, ...], Field(min_length=1, max_length=30)]
    populations: Annotated[tuple[Population, ...], Field(min_length=1, max_length=60)]
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=200)]


@dataclass(frozen=True)
class ReadPopulation:
    """A population with its checked condition."""

    population: Population
    where: Condition | None


@dataclass(frozen=True)
class ReadMeasure:
    """A measure with its checked conditions."""

    id: str
    """The measure's id; for one written for each criterion, with the criterion after a point."""
    measure: Measure
    title: str
    means: str
    population: ReadPopulation
    denominator: str
    """What the denominator is called."""
    leave_out: tuple[tuple[LeftOut, Condition], ...]
    numerator: Condition | None
    beside: tuple[tuple[Part, Condition], ...]
    values: tuple[tuple[str, str], ...]
    """For a distribution: (value, label), best first."""
    criterion: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every declared name the measure's conditions use."""
        conditions = [c for _, c in self.leave_out] + [c for _, c in self.beside]
        conditions += [c for c in (self.numerator, self.population.where) if c is not None]
        extra = {n for n in (self.measure.over, self.measure.adds) if n}
        return frozenset(extra.union(*(c.names for c in conditions)))


@dataclass(frozen=True)
class ReadMeasureSet:
    """A measure set ready to be counted."""

    measure_set: MeasureSet
    rubric: ReadRubric
    measures: tuple[ReadMeasure, ...]


def read_measure_set(
    source: Source, written: MeasureSet, rubrics: Mapping[str, ReadRubric]
) -> ReadMeasureSet | list[Problem]:
    """Join a measure set with its rubric and check every condition, or say everything that does not fit."""
    rubric = rubrics.get(written.rubric)
    if rubric is None:
        return [
            source.problem(
                ("rubric",), "D018", f"there is no rubric called '{written.rubric}'", offered(written.rubric, rubrics)
            )
        ]
    reader = _Reader(source, written, rubric)
    reader.read()
    return reader.problems or ReadMeasureSet(written, rubric, tuple(reader.measures))


class _Reader:
    """Collects measures and problems while one set is read."""

    def __init__(self, source: Source, written: MeasureSet, rubric: ReadRubric) -> None:
        self.source, self.written, self.rubric = source, written, rubric
        self.problems: list[Problem] = []
        self.measures: list[ReadMeasure] = []
        self.populations: dict[str, ReadPopulation] = {}
        # Lists of words are known here and refused by name: nobody should be told that there is no such fact.
        lists = {name: kind for name, kind in rubric.codebook.kinds.items() if kind.word == "words"}
        self.vocabularies = {counted: Vocabulary(lists | names_for(counted, rubric)) for counted in COUNTED}
        self.called: dict[str, tuple[str, tuple[str, ...]]] = {}
        """What is called so -> the population and what it leaves out; one name, one thing."""

    def read(self) -> None:
        source, written = self.source, self.written
        members: dict[str, list[str]] = {
            "sections": [section.id for section in written.sections],
            "populations": [population.id for population in written.populations],
            "measures": [measure.id for measure in written.measures],
        }
        for key, ids in members.items():
            placed: list[tuple[Route, str]] = [((key, n, "id"), name) for n, name in enumerate(ids)]
            self.problems += repeated(source, placed, "D016", key.removesuffix("s"))
        for n, population in enumerate(written.populations):
            route: Route = ("populations", n)
            where = self.condition((*route, "where"), population.counts) if population.where is not None else None
            self.populations[population.id] = ReadPopulation(population, where)
            self.name_once((*route, "called"), population.called, population.id, ())
        for n, measure in enumerate(written.measures):
            self.read_measure(("measures", n), measure)

    def read_measure(self, route: Route, measure: Measure) -> None:
        sections = [section.id for section in self.written.sections]
        if measure.section not in sections:
            self.say(
                (*route, "section"),
                "D018",
                f"there is no section '{measure.section}'",
                offered(measure.section, sections),
            )
        population = self.populations.get(measure.population)
        if population is None:
            self.say(
                (*route, "population"),
                "D018",
                f"there is no population '{measure.population}'",
                offered(measure.population, self.populations),
            )
            return
        before = len(self.problems)
        self.check_shape(route, measure, population.population.counts)
        if len(self.problems) > before:
            return
        for criterion in self.rubric.criteria if measure.each_criterion else (None,):
            self.join(route, measure, population, criterion)
            if len(self.problems) > before:
                return

    def check_shape(self, route: Route, measure: Measure, counted: str) -> None:
        """Each kind needs its own keys and no others; a percentage needs a denominator with a name of its own."""
        wants = {"count": set(), "total": {"adds"}, "proportion": {"numerator"}, "distribution": {"over"}}[measure.kind]
        allowed = (
            wants
            | {"count": set(), "total": set(), "proportion": {"beside", "target"}, "distribution": {"labels"}}[
                measure.kind
            ]
        )
        for key in ("adds", "numerator", "over", "beside", "labels", "target"):
            given = getattr(measure, key) not in (None, (), {})
            if key in wants and not given:
                self.say(route, "D022", f"a {measure.kind} needs the key '{key}'", f"Add '{key}', or change the kind.")
            if given and key not in allowed:
                self.say((*route, key), "D022", f"a {measure.kind} has no '{key}'", "Delete it, or change the kind.")
        if measure.leave_out and measure.out_of is None:
            self.say(
                route,
                "D023",
                "something is left out, so the denominator needs its own name",
                "Add 'out_of': what is counted then, in words.",
            )
        if measure.target is not None and not 0 <= measure.target <= 100:
            self.say(
                (*route, "target"), "D015", "a target stands between 0 and 100, in every hundred", "Write it as in 80."
            )
        if measure.target is not None and measure.better == "neither":
            self.say(
                (*route, "target"),
                "D022",
                "a target needs to know which direction is better",
                "Add 'better: higher' or 'better: lower'.",
            )
        kinds = self.vocabularies[counted].kinds
        for key, word in (("over", "word"), ("adds", "number")):
            name = getattr(measure, key)
            if name is not None and (name not in kinds or kinds[name].word != word):
                choices = [n for n, kind in kinds.items() if kind.word == word]
                self.say((*route, key), "D042", f"there is no {word} called '{name}' here", offered(name, choices))
        if measure.by and counted == "open_cases" and "stream" in measure.by:
            self.say((*route, "by"), "D022", "open cases have no stream", "Write 'by: [area]', or delete the line.")

    def join(self, route: Route, measure: Measure, population: ReadPopulation, criterion: str | None) -> None:
        counted, words = population.population.counts, _standing_for(criterion, self.rubric)
        leave_out = [
            (part, self.condition((*route, "leave_out", n, "when"), counted, words))
            for n, part in enumerate(measure.leave_out)
        ]
        beside = [
            (part, self.condition((*route, "beside", n, "when"), counted, words))
            for n, part in enumerate(measure.beside)
        ]
        numerator = self.condition((*route, "numerator", "when"), counted, words) if measure.numerator else None
        called = _filled(measure.out_of or population.population.called, words)
        if measure.kind in ("proportion", "distribution"):
            self.name_once(
                (*route, "out_of"),
                called,
                measure.population,
                tuple(_filled(part.when, words) for part in measure.leave_out),
            )
        name = f"{measure.id}.{criterion}" if criterion else measure.id
        self.measures.append(
            ReadMeasure(
                name, measure, _filled(measure.title, words), _filled(measure.means, words), population, called,
                tuple((part, c) for part, c in leave_out if c), numerator, tuple((part, c) for part, c in beside if c),
                self.values_of(route, measure, counted), criterion,
            )
        )  # fmt: skip

    def values_of(self, route: Route, measure: Measure, counted: str) -> tuple[tuple[str, str], ...]:
        if measure.over is None:
            return ()
        words = [word for word in self.vocabularies[counted].kinds[measure.over].words if word != NO_GRADE]
        labels = {grade.id: grade.label for grade in self.rubric.scale.grades} | dict(measure.labels)
        for word in measure.labels:
            if word not in words:
                self.say(
                    (*route, "labels", word),
                    "D045",
                    f"{measure.over} is never '{word}'",
                    offered(word, words),
                    key=True,
                )
        if set(words) <= set(self.rubric.scale.ids):
            words.reverse()
        return tuple((word, labels.get(word, word.replace("_", " "))) for word in words)

    def condition(self, route: Route, counted: str, words: Mapping[str, str] | None = None) -> Condition | None:
        source = _with(self.source, route, words) if words else self.source
        found = read_condition(source, route, self.vocabularies[counted])
        if isinstance(found, list):
            self.problems += found
            return None
        if (part := outside_subset(found.tree, self.vocabularies[counted])) is not None:
            help_ = "Measures compare (numbers also by size), ask 'in' a written list, and join with &&, || and !."
            self.problems.append(
                source.problem(
                    route, "D046", f"a measure cannot count {shown_part(found.text, part)}", help_, offset=part.offset
                )
            )
            return None
        return found

    def name_once(self, route: Route, called: str, population: str, left_out: tuple[str, ...]) -> None:
        """Two things that are counted differently may not be called the same."""
        key, meaning = " ".join(called.lower().split()), (population, left_out)
        if self.called.setdefault(key, meaning) != meaning:
            self.say(
                route,
                "D024",
                f"two different totals would both be called '{called}'",
                "Give this one a name of its own.",
            )

    def say(self, route: Route, code: str, message: str, help: str = "", *, key: bool = False) -> None:
        self.problems.append(self.source.problem(route, code, message, help, key=key))


def _standing_for(criterion: str | None, rubric: ReadRubric) -> dict[str, str]:
    return {"{criterion}": criterion, "{title}": rubric.criteria[criterion].title} if criterion else {}


def _filled(text: str, words: Mapping[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _with(source: Source, route: Route, words: Mapping[str, str]) -> Source:
    """The same source whose text at `route` has its marks filled in."""
    holder: object = source.content
    for step in route[:-1]:
        holder = holder[step]  # type: ignore[index]  # the route was read from this very content
    written = str(holder[route[-1]])  # type: ignore[index]  # likewise
    if (text := _filled(written, words)) == written:
        return source
    nested: dict[str, object] | str = text
    for step in reversed(route):
        nested = {step: nested}  # type: ignore[dict-item]  # list positions serve as keys here
    spot = source.values[route]
    values = source.values | {route: Spot(spot.line, spot.column)}  # a filled text does not stand as read
    return Source(source.name, nested, values, source.keys, source.text)  # type: ignore[arg-type]  # never a text: a route has steps


def sections(measure_set: ReadMeasureSet) -> Iterator[tuple[SummarySection, tuple[ReadMeasure, ...]]]:
    """Each section with its measures, in the order written."""
    for section in measure_set.measure_set.sections:
        yield section, tuple(m for m in measure_set.measures if m.measure.section == section.id)
