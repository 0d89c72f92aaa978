"""Many finished audits under two texts of a rubric, counted: every audit stands in exactly one place. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.replaying import AT_MOST, COMPARED, INCOMPARABLE, NOT_SAID, OPEN_BEFORE, Replayed

EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """Of some audits: how many there are, and what would become of them."""

    name: str
    """Of the area or team; empty for all of them."""
    finished: int
    compared: int
    """Out of these are the following counted."""
    moved: int
    """Another grade would be suggested."""
    raised: int
    lowered: int
    barred: int
    """Their overall grade is not permitted."""
    second_look: int
    """Newly, as the next."""
    escalations: int
    not_said: int
    open_before: int
    incomparable: int


@dataclass(frozen=True, slots=True)
class Named:
    """How many times something with an id and a title."""

    id: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """In how many compared audits a limiting rule begins to hold, and in how many it holds no longer."""

    id: str
    title: str
    begins_to_hold: int
    no_longer_holds: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """The audits of one overall grade, by the nearest grade that the second text leaves."""

    given: str
    """The label of the grade; `not recorded` where there is none."""
    nearest: tuple[int, ...]
    """In the order of the second text's scale, worst first."""
    elsewhere: int
    """Not compared, or without an overall grade."""


@dataclass(frozen=True, slots=True)
class Example:
    """One audit that would not be as it was, for people to look at."""

    audit: str
    area: str
    team: str
    given: str | None
    becomes: str | None
    """`at most Good`, where the overall grade would have to change."""
    rules: tuple[str, ...]
    """Those that begin to hold."""
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayView:
    """What another text of a rubric would have made of the finished audits of a period."""

    old: str
    """Which text is the first, in words."""
    new: str
    texts: tuple[Named, ...]
    """The texts that count as the first: version, how the digest begins, and how many audits are judged under it."""
    grades: tuple[str, ...]
    """Labels of the second text's scale, worst first."""
    whole: Counts
    areas: tuple[Counts, ...]
    teams: tuple[Counts, ...]
    becomes: tuple[Named, ...]
    """What barred overall grades would have to become, worst first."""
    barred_before: int
    """Of the barred: those that the first text does not permit either."""
    never_rated: tuple[Named, ...]
    """Criteria without which it cannot be said, and for how many audits; the most first."""
    not_said_barred: int
    """Of those that cannot be said: barred whatever is answered."""
    not_said_second_look: int
    rules: tuple[RuleCounts, ...]
    table: tuple[TableRow, ...]
    examples: tuple[Example, ...]
    affected: int
    """Compared audits of which anything would change."""
    not_shown: int
    """Of these: not the reader's to see by their references."""


def counted(
    found: Sequence[Replayed], old: str, new_called: str, texts: tuple[Named, ...], before: Sequence[ReadRubric],
    new: ReadRubric,
) -> ReplayView:  # fmt: skip
    """Count what was replayed.

    Args:
        before: Every text that was the first, for the titles of its rules.
    """
    compared = [one for one in found if one.state == COMPARED]
    open_ = [one for one in found if one.state == NOT_SAID]
    affected = [one for one in compared if one.affected]
    return ReplayView(
        old, new_called, texts, tuple(grade.label for grade in new.scale.grades),
        _counts("", found), _groups((one.area, one) for one in found),
        _groups((one.team, one) for one in found),
        _becomes(compared, new), sum(one.barred_before for one in compared), _never_rated(open_, new),
        sum(one.barred is not None for one in open_), sum(one.second_look for one in open_),
        _rules(compared, before, new), _table(found, new), _examples(affected, new),
        len(affected), sum(not one.shown for one in affected),
    )  # fmt: skip


def _counts(name: str, found: Iterable[Replayed]) -> Counts:
    those = list(found)
    states, compared = Counter(one.state for one in those), [one for one in those if one.state == COMPARED]
    return Counts(
        name, len(those), states[COMPARED], sum(one.moved for one in compared),
        sum(one.rises > 0 for one in compared), sum(one.rises < 0 for one in compared),
        sum(one.barred is not None for one in compared), sum(one.second_look for one in compared),
        sum(one.escalates for one in compared), states[NOT_SAID], states[OPEN_BEFORE], states[INCOMPARABLE],
    )  # fmt: skip


def _groups(named: Iterable[tuple[str, Replayed]]) -> tuple[Counts, ...]:
    groups: dict[str, list[Replayed]] = {}
    for name, one in named:
        groups.setdefault(name, []).append(one)
    return tuple(_counts(name, groups[name]) for name in sorted(groups))


def _becomes(compared: Iterable[Replayed], new: ReadRubric) -> tuple[Named, ...]:
    found = Counter((new.scale.order(one.nearest), one.barred) for one in compared if one.barred and one.nearest)
    return tuple(
        Named(f"{how}.{new.scale.ids[order]}", bound_in_words(how, new.scale.grades[order].label), count)
        for (order, how), count in sorted(found.items())
    )


def bound_in_words(how: str, label: str) -> str:
    """`at most Good`."""
    return f"at {'most' if how == AT_MOST else 'least'} {label}"


def _never_rated(open_: Iterable[Replayed], new: ReadRubric) -> tuple[Named, ...]:
    found = Counter(criterion for one in open_ for criterion in one.never_rated)
    order = list(new.criteria)
    ranked = sorted(found, key=lambda name: (-found[name], order.index(name)))
    return tuple(Named(name, new.criteria[name].title, found[name]) for name in ranked)


def _rules(compared: Sequence[Replayed], before: Sequence[ReadRubric], new: ReadRubric) -> tuple[RuleCounts, ...]:
    begins = Counter(rule for one in compared for rule in one.begins_to_hold)
    ceases = Counter(rule for one in compared for rule in one.no_longer_holds)
    titles = {rule.id: rule.title for text in (*before, new) for rule, _ in text.limits}
    return tuple(
        RuleCounts(name, title, begins[name], ceases[name])
        for name, title in titles.items()
        if begins[name] or ceases[name]
    )


def _table(found: Sequence[Replayed], new: ReadRubric) -> tuple[TableRow, ...]:
    """By the overall grade that was given, best first."""
    known = sorted({one.given for one in found if one.given is not None}, key=lambda given: (given[0], -given[1]))
    several = len({given[0] for given in known}) > 1
    rows = [*known, *([None] if any(one.given is None for one in found) else [])]
    table = []
    for given in rows:
        those = [one for one in found if one.given == given]
        placed = Counter(one.nearest for one in those if one.state == COMPARED)
        nearest = tuple(placed[grade] for grade in new.scale.ids)
        called = "not recorded" if given is None else f"{given[2]} ({given[0]})" if several else given[2]
        table.append(TableRow(called, nearest, len(those) - sum(nearest)))
    return tuple(table)


def _examples(affected: Iterable[Replayed], new: ReadRubric) -> tuple[Example, ...]:
    """Those whose overall grade is barred first, then those of another suggestion; by reference."""
    shown = [one for one in affected if one.shown]
    shown.sort(key=lambda one: (one.barred is None, not one.moved, len(one.reference), one.reference))
    return tuple(
        Example(
            one.reference, one.area, one.team, one.given[2] if one.given else None,
            bound_in_words(one.barred, new.scale.label(one.nearest)) if one.barred and one.nearest else None,
            one.begins_to_hold, one.says,
        )
        for one in shown[:EXAMPLES]
    )  # fmt: skip
