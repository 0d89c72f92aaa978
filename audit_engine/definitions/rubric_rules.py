"""A rubric's limiting rules: what bars a grade, and who may look past it. Rules that can do nothing are refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from audit_engine.definitions.conditions import Condition, Vocabulary
from audit_engine.definitions.outcomes import Range
from audit_engine.definitions.reading import (
    Definition,
    Identifier,
    Label,
    RuleName,
    Sentence,
    Version,
    YesNo,
    as_one_of,
)
from audit_engine.definitions.roll_ups import grade_problems, judged_condition, together
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow_names import NEVER_CHOSEN, ROLES
from audit_engine.problems import Problem


class Bound(Definition):
    """What a limiting rule leaves of the scale: a cap, a floor, or one grade alone."""

    at_most: Identifier | None = None
    at_least: Identifier | None = None
    exactly: Identifier | None = None

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What is written, as key and grade."""
        written = (("at_most", self.at_most), ("at_least", self.at_least), ("exactly", self.exactly))
        return tuple((key, grade) for key, grade in written if grade is not None)


NEVER_LOOKS_PAST = (*NEVER_CHOSEN, "auditor")
"""Roles in which nobody looks past a rule: those that never moderate, and whoever gave the grades it follows from."""


class LimitingRule(Definition):
    """A declared limit on the overall grade, with its reason."""

    id: RuleName
    title: Label
    when: str
    overall: Bound | None = None
    """None: nothing is barred, and the rule warns or asks for a second look."""
    because: Sentence
    basis: Sentence
    warns: Sentence | None = None
    """Said beside the grades it still permits, such as 'normally inadequate'."""
    opens_escalation: YesNo = False
    """While it holds, the audit cannot be submitted before an escalation was raised."""
    second_look: YesNo = False
    """While it holds, somebody else looks at the audit, whatever its grade."""
    overridable_by: tuple[Annotated[str, as_one_of(ROLES)], ...] = ()
    """Roles that may choose a grade it bars, with a reason; none: nobody may."""
    gives_way_to: tuple[RuleName, ...] = ()
    """Rules that win over it where both bind and nothing would be left."""

    def left(self, scale: Scale) -> tuple[int, int]:
        """The lowest and the highest grade it leaves, by order."""
        low, high = 0, len(scale.ids) - 1
        for key, grade in self.overall.said if self.overall else ():
            order = scale.order(grade)
            low = order if key in ("at_least", "exactly") else low
            high = order if key in ("at_most", "exactly") else high
        return low, high


def _written_as(value: Any) -> str:
    return "rule" if isinstance(value, dict | LimitingRule) else "name"


RuleOrName = Annotated[
    Annotated[RuleName, Tag("name")] | Annotated[LimitingRule, Tag("rule")], Discriminator(_written_as)
]


class Limits(Definition):
    """A file of shared limiting rules."""

    limits: Identifier
    version: Version
    title: Label
    rules: Annotated[tuple[LimitingRule, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True)
class Judging:
    """What rules are judged against."""

    source: Source
    scale: Scale
    vocabulary: Vocabulary
    ranges: Mapping[str, Range]


ReadLimits = tuple[tuple[LimitingRule, Condition], ...]


def read_limits(
    judging: Judging, written: Sequence[LimitingRule | str], shared: Mapping[str, tuple[Source, Route, LimitingRule]],
    *, overall: bool,
) -> tuple[ReadLimits, list[Problem]]:  # fmt: skip
    """The limiting rules of a rubric with their conditions, in their order, and everything wrong with them.

    Args:
        shared: By id: where each shared rule stands, and itself.
        overall: Whether the rubric has an overall grade that could be limited.
    """
    problems: list[Problem] = []
    limits: list[tuple[LimitingRule, Condition]] = []
    places: dict[str, Route] = {}
    for n, entry in enumerate(written):
        route: Route = ("limiting_rules", n)
        if isinstance(entry, str) and entry not in shared:
            message = f"there is no limiting rule '{entry}' in rubrics/limits"
            problems.append(judging.source.problem(route, "D018", message, offered(entry, shared)))
            continue
        rule = shared[entry][2] if isinstance(entry, str) else entry
        places[rule.id] = route
        condition, wrong = _condition(judging, route, entry, shared)
        problems += [*wrong, *_bound_problems(judging, route, rule, written_here=not isinstance(entry, str))]
        if rule.overall is not None and not overall:
            message = f"the rule {rule.id} limits an overall grade, and this rubric has none"
            problems.append(judging.source.problem(route, "D100", message, "Take it out, or give 'suggested_overall'."))
        if condition is not None:
            limits.append((rule, condition))
            problems += _nobody_to_escalate(judging, route, rule, condition)
    if not problems:
        problems += _contradictions(judging, limits, places)
    return tuple(limits), problems


def _nobody_to_escalate(judging: Judging, route: Route, rule: LimitingRule, condition: Condition) -> list[Problem]:
    """An escalation is raised about criteria: a rule that speaks of none could never ask for one."""
    empty = ("facts.", "count.expected", "count.all")
    if not rule.opens_escalation or not all(name.startswith(empty) for name in condition.names):
        return []
    message = f"the rule {rule.id} opens an escalation and speaks of no grade or answer, so nobody knows about what"
    hint = "Let its condition name a grade or an answer, or delete 'opens_escalation'."
    return [judging.source.problem(route, "D049", message, hint)]


def _condition(
    judging: Judging, route: Route, entry: LimitingRule | str, shared: Mapping[str, tuple[Source, Route, LimitingRule]]
) -> tuple[Condition | None, list[Problem]]:
    if not isinstance(entry, str):
        return judged_condition(judging.source, (*route, "when"), judging.vocabulary, judging.ranges)
    source, place, rule = shared[entry]
    condition, wrong = judged_condition(source, (*place, "when"), judging.vocabulary, judging.ranges)
    # What a shared rule cannot say in this rubric is a problem of the rubric that takes it in.
    return condition, [
        judging.source.problem(route, one.code, f"the shared rule {rule.id} does not fit here: {one.message}", one.help)
        for one in wrong
    ]


def shape_problems(source: Source, route: Route, rule: LimitingRule) -> list[Problem]:
    """What is wrong with a limiting rule on any scale: it does nothing, says two things, or allows what needs no leave.

    Args:
        route: Where the rule is written out.
    """
    said = rule.overall.said if rule.overall else ()
    if rule.overall is not None and len(said) != 1:
        message = f"the rule {rule.id} says {'nothing' if not said else 'several things'} of the overall grade"
        return [source.problem((*route, "overall"), "D049", message, "Write one of at_most, at_least and exactly.")]
    problems = []
    if not said and not rule.warns and not rule.second_look and not rule.opens_escalation:
        message = f"the rule {rule.id} does nothing"
        hint = "Give it 'overall', 'warns', 'second_look: yes' or 'opens_escalation: yes', or delete it."
        problems.append(source.problem(route, "D049", message, hint))
    if rule.overridable_by and not said:
        message = f"the rule {rule.id} bars nothing, so there is nothing to look past"
        problems.append(source.problem((*route, "overridable_by"), "D049", message, "Delete this line.", key=True))
    for n, role in enumerate(rule.overridable_by):
        if role in NEVER_LOOKS_PAST:
            message = f"whoever makes grades final may look past a rule, and that is never the {role}"
            hint = f"Roles that may: {', '.join(one for one in ROLES if one not in NEVER_LOOKS_PAST)}."
            problems.append(source.problem((*route, "overridable_by", n), "D110", message, hint))
    return problems


def _bound_problems(judging: Judging, route: Route, rule: LimitingRule, *, written_here: bool) -> Iterator[Problem]:
    """A shared rule's shape is judged in its own file; the rubric's scale is judged here."""
    source, scale = judging.source, judging.scale
    if written_here and (wrong := shape_problems(source, route, rule)):
        yield from wrong
        return
    for key, grade in rule.overall.said if rule.overall else ():
        place: Route = (*route, "overall", key) if written_here else route
        unknown = list(grade_problems(source, place, grade, scale))
        ours = "" if written_here else f"the shared rule {rule.id} does not fit here: "
        yield from (replace(problem, message=ours + problem.message) for problem in unknown)
        end = {"at_most": (scale.ids[-1], "best"), "at_least": (scale.ids[0], "worst")}.get(key)
        if not unknown and end and grade == end[0]:
            message = f"the rule {rule.id} bars nothing: '{grade}' is the {end[1]} grade of the scale"
            hint = f"Name the {end[1]} grade that it leaves, or delete the rule."
            yield source.problem(place, "D049", message, hint)


def _contradictions(
    judging: Judging, limits: Sequence[tuple[LimitingRule, Condition]], places: Mapping[str, Route]
) -> Iterator[Problem]:
    """Two rules that can bind one audit and leave it no grade, unless one says that it gives way."""
    source, scale, order = judging.source, judging.scale, list(places)
    unknown = {other for rule, _ in limits for other in rule.gives_way_to} - places.keys()
    for rule, _ in limits:
        for m, other in enumerate(rule.gives_way_to):
            if other not in places or other == rule.id:
                message = f"the rule {rule.id} gives way to '{other}', which is no other rule of this rubric"
                route = (*places[rule.id], "gives_way_to", m)
                yield source.problem(route, "D018", message, offered(other, [p for p in places if p != rule.id]))
            elif (
                order.index(other) < order.index(rule.id)
                and rule.id in {each.id: each.gives_way_to for each, _ in limits}[other]
            ):
                message = f"the rules {rule.id} and {other} each give way to the other, so neither would win"
                yield source.problem((*places[rule.id], "gives_way_to", m), "D101", message, "Delete one of the two.")
    for n, (later, when) in enumerate(() if unknown else limits):
        at_odds = []
        for earlier, before in limits[:n]:
            (low, high), (least, most) = later.left(scale), earlier.left(scale)
            settled = later.id in earlier.gives_way_to or earlier.id in later.gives_way_to
            if max(low, least) > min(high, most) and not settled and together(when, before, judging.ranges):
                at_odds.append(earlier.id)
        if at_odds:
            message = f"the rules {', '.join(at_odds)} and {later.id} can bind one audit and leave it no grade"
            wins = ", ".join((*later.gives_way_to, *at_odds))
            hint = f"Write 'gives_way_to: [{wins}]' in {later.id}, or change one of them."
            yield source.problem(places[later.id], "D101", message, hint)
