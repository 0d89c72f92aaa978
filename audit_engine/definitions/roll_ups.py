"""Roll-ups: from many grades to one, by ordered rules or, for whoever insists on weights, by points and bands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from audit_engine.definitions.condition_trees import walked
from audit_engine.definitions.conditions import Call, Condition, Constant, Vocabulary, read_condition
from audit_engine.definitions.criteria import GradeRule
from audit_engine.definitions.outcomes import BOTH, Range, Whole, may_divide_by_nothing, possible
from audit_engine.definitions.reading import Definition, Identifier, Sentence, WholeNumber
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

ALL = 100
"""Per cent."""
MOST_POINTS = 1_000
_HOLDS = frozenset({True})
FEW = 300
"""Combinations tried one by one where two rules are held against each other: there are many pairs."""


class Band(Definition):
    """A stretch of the points reached, in per cent of those that could be: from `at_least` up to below `below`."""

    at_least: WholeNumber = Field(alias="from")
    below: WholeNumber | None = None
    until: WholeNumber | None = Field(default=None, alias="to")
    """Of the last band alone: 100, included."""
    grade: Identifier
    because: Sentence


class Points(Definition):
    """A reckoning in points: each grade is worth some, each criterion has a weight."""

    points: Annotated[dict[str, WholeNumber], Field(min_length=2)]
    weights: dict[str, WholeNumber] = {}
    """By criterion id; 1 where nothing is said."""
    bands: Annotated[tuple[Band, ...], Field(min_length=2, max_length=20)]


def _written_as(value: Any) -> str:
    return "points" if isinstance(value, dict | Points) else "rules"


GradeRules = Annotated[tuple[GradeRule, ...], Field(min_length=1, max_length=50)]
RollUp = Annotated[Annotated[GradeRules, Tag("rules")] | Annotated[Points, Tag("points")], Discriminator(_written_as)]
ReadRules = tuple[tuple[GradeRule, Condition | None], ...]
"""In order, the first that holds decides; the last has no condition."""


@dataclass(frozen=True)
class ReadRollUp:
    """A roll-up, checked: either its rules or its points."""

    rules: ReadRules = ()
    points: Points | None = None


def judged_condition(
    source: Source, route: Route, vocabulary: Vocabulary, ranges: Mapping[str, Range]
) -> tuple[Condition | None, list[Problem]]:
    """The condition at `route`, with a problem when it could only ever come out one way, or be undefined."""
    found = read_condition(source, route, vocabulary)
    if isinstance(found, list):
        return None, found
    if (part := may_divide_by_nothing(found, ranges)) is not None:
        message = "this may divide by 0, and then it can neither hold nor not hold"
        hint = "Multiply instead, as in count.outstanding * 2 >= count.expected."
        return found, [source.problem(route, "D104", message, hint, offset=part.offset)]
    outcomes = possible(found, ranges)
    if outcomes == BOTH:
        return found, []
    if True in outcomes:
        message, hint = "this always holds, whatever is rated", "Say when it should hold, or delete the rule."
    else:
        message, hint = "this can never hold here", _why_never(found, ranges)
    return found, [source.problem(route, "D047", message, hint)]


def _why_never(condition: Condition, ranges: Mapping[str, Range]) -> str:
    for name in condition.names:
        if name.startswith("tagged.") and ranges.get(name) == Whole(0, 0):
            return f"No criterion of this rubric has the tag '{name.split('.')[1]}'. Give it one, or delete the rule."
    numbers = [part.value for part in walked(condition.tree) if isinstance(part, Constant)]
    largest = max((number for number in numbers if isinstance(number, int)), default=0)
    most = [known.high for known in map(ranges.get, condition.names) if isinstance(known, Whole)]
    if len(most) == 1 and most[0] is not None and largest >= most[0]:
        return f"No more than {most[0]} can be counted here. Compare with a smaller number, or delete the rule."
    return "Compare with something it can be, or delete the rule."


def grade_problems(source: Source, route: Route, grade: str, scale: Scale) -> Iterator[Problem]:
    """A problem when the scale has no such grade."""
    if grade not in scale.ids:
        message = f"there is no grade '{grade}' on the scale '{scale.scale}'"
        yield source.problem(route, "D018", message, offered(grade, scale.ids))


def read_roll_up(
    source: Source, route: Route, rules: Sequence[GradeRule], vocabulary: Vocabulary, ranges: Mapping[str, Range],
    scale: Scale | None,
) -> tuple[ReadRules, list[Problem]]:  # fmt: skip
    """An ordered list of rules with its conditions, and everything wrong with it.

    Args:
        route: Where the list stands.
        scale: Of the grades a rule may lead to; None where they are judged elsewhere.
    """
    problems: list[Problem] = []
    read: list[tuple[GradeRule, Condition | None]] = []
    last = len(rules) - 1
    for n, rule in enumerate(rules):
        place: Route = (*route, n)
        problems += grade_problems(source, (*place, "grade"), rule.grade, scale) if scale else ()
        if rule.when is None:
            read.append((rule, None))
            if n < last:
                message = "this entry has no condition, so the entries after it are never reached"
                problems.append(source.problem(place, "D048", message, "Add 'when: ...', or move it to the end."))
            continue
        condition, wrong = judged_condition(source, (*place, "when"), vocabulary, ranges)
        if condition is not None and not wrong:
            wrong = list(_never_reached(source, route, n, condition, read, ranges))
        problems += wrong
        read.append((rule, condition))
        if n == last:
            message = "the last entry has a condition, so there is no last resort"
            hint = "Add an entry after it with 'grade' and 'because' alone."
            problems.append(source.problem((*place, "when"), "D048", message, hint, key=True))
    return tuple(read), problems


def _never_reached(
    source: Source, route: Route, n: int, condition: Condition, before: Sequence[tuple[GradeRule, Condition | None]],
    ranges: Mapping[str, Range],
) -> Iterator[Problem]:  # fmt: skip
    """A problem when an earlier entry holds whenever this one does."""
    for m, (_, earlier) in enumerate(before):
        if earlier is None or earlier.tree is None:
            continue
        if " ".join(earlier.text.split()) == " ".join(condition.text.split()) or not _without(
            condition, earlier, ranges
        ):
            line = source.place((*route, m)).line
            message = f"the entry on line {line} holds whenever this one does, so this one is never reached"
            yield source.problem((*route, n, "when"), "D048", message, "Keep one of them, or change their order.")
            return


def _without(condition: Condition, earlier: Condition, ranges: Mapping[str, Range]) -> bool:
    """Whether the one may hold while the other does not. Each is known to be able to do both."""
    if not {*condition.names} & {*earlier.names}:
        return True
    tree = Call("_&&_", (condition.tree, Call("!_", (earlier.tree,), 0)), 0)
    names = tuple(sorted({*condition.names, *earlier.names}))
    return True in possible(Condition("", tree, names, None), ranges, FEW, _HOLDS)


def together(one: Condition, other: Condition, ranges: Mapping[str, Range]) -> bool:
    """Whether both conditions may hold of one audit; never false when they may."""
    tree = Call("_&&_", (one.tree, other.tree), 0)
    names = tuple(sorted({*one.names, *other.names}))
    return True in possible(Condition("", tree, names, None), ranges, FEW, _HOLDS)


# --- points and bands -------------------------------------------------------------------------------------------


def points_problems(
    source: Source, route: Route, written: Points, graded: Mapping[str, Collection[str]], scale: Scale
) -> list[Problem]:
    """Everything wrong with a reckoning in points.

    Args:
        graded: The criteria it counts, each with the grades of its scale.
        scale: Of the grades a band may lead to.
    """
    problems = [*_worth_problems(source, route, written, graded), *_weight_problems(source, route, written, graded)]
    return problems + list(_band_problems(source, (*route, "bands"), written.bands, scale))


def _worth_problems(
    source: Source, route: Route, written: Points, graded: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    needed = dict.fromkeys(grade for own in graded.values() for grade in own)
    for grade in needed:
        if grade not in written.points:
            message = f"nothing says how many points '{grade}' is worth"
            yield source.problem((*route, "points"), "D109", message, f"Add '{grade}: ...'.")
    for grade, number in written.points.items():
        if grade not in needed:
            message = f"no criterion counted here has a grade '{grade}'"
            yield source.problem((*route, "points", grade), "D018", message, offered(grade, needed), key=True)
        yield from _number_problems(source, (*route, "points", grade), number)
    if needed.keys() <= written.points.keys() and not any(written.points.values()):
        yield source.problem((*route, "points"), "D109", "every grade is worth nothing", "Give some points.")


def _weight_problems(
    source: Source, route: Route, written: Points, graded: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    for name, weight in written.weights.items():
        place: Route = (*route, "weights", name)
        if name not in graded:
            message = f"'{name}' is no graded criterion counted here"
            yield source.problem(place, "D018", message, offered(name, graded), key=True)
        elif weight == 0:
            message, hint = f"'{name}' would count for nothing", "Give it a weight of 1 or more, or take it out."
            yield source.problem(place, "D109", message, hint)
        yield from _number_problems(source, place, weight)


def _number_problems(source: Source, route: Route, number: int) -> Iterator[Problem]:
    if not 0 <= number <= MOST_POINTS:
        hint = f"Write a whole number from 0 to {MOST_POINTS:,}."
        yield source.problem(route, "D109", f"{number} cannot be reckoned with", hint)


def _band_problems(source: Source, route: Route, bands: Sequence[Band], scale: Scale) -> Iterator[Problem]:
    reached = 0
    for n, band in enumerate(bands):
        place: Route = (*route, n)
        yield from grade_problems(source, (*place, "grade"), band.grade, scale)
        end = band.below if band.until is None else band.until
        if end is None or (band.below is not None and band.until is not None):
            hint = "Write 'below: 50', or beside the last band 'to: 100'."
            yield source.problem(place, "D102", "nothing says where this band ends, or it is said twice", hint)
            return
        if band.at_least > reached:
            message = f"nothing is said of {reached} up to {band.at_least} per cent"
            yield source.problem((*place, "from"), "D102", message, f"Write 'from: {reached}', or add a band.")
        elif band.at_least < reached:
            before = "the band before it ends at" if n else "per cent begin at"
            message = f"this band begins at {band.at_least}, and {before} {reached}"
            yield source.problem((*place, "from"), "D102", message, f"Write 'from: {reached}'.")
        if end <= band.at_least:
            message = f"this band begins at {band.at_least} and ends at {end}, so nothing falls into it"
            yield source.problem((*place, "from"), "D102", message, "Let it end above where it begins.")
        if band.until is not None and (n < len(bands) - 1 or band.until != ALL):
            message = f"'to' stands beside the last band alone, and there it is {ALL}"
            yield source.problem((*place, "to"), "D102", message, "Write 'below: ...'.", key=True)
        reached = end
    if bands and bands[-1].until is None:
        message = f"the last band leaves out {ALL} per cent"
        yield source.problem((*route, len(bands) - 1), "D102", message, f"Write 'to: {ALL}' in it instead of 'below'.")
