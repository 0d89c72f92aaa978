"""The names conditions about one audit's ratings may use, with everything each may be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from audit_engine.definitions.conditions import NUMBER, Kind
from audit_engine.definitions.criteria import TAGS, Criterion
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.outcomes import Range, Whole, range_of
from audit_engine.definitions.questions import NOT_ASKED
from audit_engine.definitions.scales import NO_GRADE, Scale

COUNTED = ("below_good", "expected")
"""What is counted beside each grade."""


@dataclass(frozen=True)
class Named:
    """What a rubric's conditions may speak of."""

    codebook: Codebook
    scale: Scale
    criteria: Mapping[str, Criterion]
    scales: Mapping[str, Scale]
    """By criterion id."""
    section_scales: Mapping[str, Scale]
    """By section id, of sections with a grade of their own."""
    aside: frozenset[str] = frozenset()
    """Criteria of sections that nothing counts, on purpose."""

    @cached_property
    def graded(self) -> dict[str, Criterion]:
        """The criteria with a grade, by id."""
        return {name: one for name, one in self.criteria.items() if one.graded}

    @cached_property
    def counted(self) -> dict[str, Criterion]:
        """The criteria that `count` and `tagged` count, by id."""
        return {name: one for name, one in self.graded.items() if name not in self.aside}

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """Every grade that any criterion may have, each once, and those of the overall grade."""
        return tuple(dict.fromkeys(self.scale.ids + tuple(g for c in self.graded for g in self.scales[c].ids)))

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The names limiting rules, roll-ups to the overall grade and contradictions may use."""
        return rubric_kinds(self)

    @cached_property
    def ranges(self) -> dict[str, Range]:
        """Everything those names may be."""
        return rubric_ranges(self)


def rubric_kinds(named: Named) -> dict[str, Kind]:
    """Facts, grades, counts, tags, sections with a grade, and answers to questions asked once."""
    names = dict(named.codebook.kinds)
    names |= _grade_kinds(named, named.graded)
    names |= {f"count.{grade}": NUMBER for grade in (*named.grades, *COUNTED, "all")}
    names |= {f"tagged.{tag}.{grade}": NUMBER for tag in TAGS for grade in named.grades}
    names |= {f"section.{name}": Kind("word", (*scale.ids, NO_GRADE)) for name, scale in named.section_scales.items()}
    for criterion in named.criteria.values():
        for question in (q for q in criterion.questions if not q.each):
            names[f"answer.{criterion.id}.{question.id}"] = Kind("word", (*question.words, NOT_ASKED))
    return names


def every_kind(named: Named) -> dict[str, Kind]:
    """All names of `rubric_kinds`, and those of every section's roll-up: for what is read in one environment."""
    return named.kinds | {f"here.{grade}": NUMBER for grade in (*named.grades, *COUNTED)}


def _grade_kinds(named: Named, criteria: Iterable[str]) -> dict[str, Kind]:
    return {f"grade.{name}": Kind("word", (*named.scales[name].ids, NO_GRADE)) for name in criteria}


def here_kinds(named: Named, criteria: Iterable[str]) -> dict[str, Kind]:
    """The names a section's roll-up may use: facts, its criteria's grades, and counts of them."""
    own = [name for name in criteria if name in named.graded]
    grades = dict.fromkeys(grade for name in own for grade in named.scales[name].ids)
    counts = {f"here.{grade}": NUMBER for grade in (*grades, *COUNTED)}
    return {**named.codebook.kinds, **_grade_kinds(named, own), **counts}


def rubric_ranges(named: Named) -> dict[str, Range]:
    """Everything the names of `rubric_kinds` may be."""
    every = len(named.counted)
    ranges: dict[str, Range] = {}
    for name, kind in named.kinds.items():
        first, _, rest = name.partition(".")
        if name == "count.all":
            ranges[name] = Whole(1, every)
        elif first == "count":
            ranges[name] = Whole(0, every)
        elif first == "tagged":
            tag = rest.partition(".")[0]
            ranges[name] = Whole(0, sum(tag in one.tags for one in named.counted.values()))
        else:
            ranges[name] = range_of(kind)
    return ranges


def expected_ranges(named: Named, criteria: Iterable[str]) -> dict[str, Range]:
    """Everything the names of `here_kinds` may be, in a section of which something is expected."""
    own = [name for name in criteria if name in named.graded]
    ranges: dict[str, Range] = {name: range_of(kind) for name, kind in here_kinds(named, own).items()}
    for name in ranges:
        if name.startswith("here."):
            ranges[name] = Whole(1 if name == "here.expected" else 0, len(own))
    return ranges
