"""A rubric's rules: what bars a grade, and what suggests one. Rules that cannot do anything are refused when read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit_engine.definitions.conditions import Condition, Kind, Vocabulary, read_condition
from audit_engine.definitions.outcomes import BOTH, Range, Whole, possible, range_of
from audit_engine.definitions.reading import Definition, Identifier, Label, RuleName, Sentence, YesNo
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem


class Bound(Definition):
    """What a limiting rule leaves of the scale."""

    at_most: Identifier


class LimitingRule(Definition):
    """A declared cap on the overall grade, with its reason."""

    id: RuleName
    title: Label
    when: str
    overall: Bound
    because: Sentence
    basis: Sentence
    warns: Sentence | None = None
    """Said beside the grades it still permits, such as 'normally inadequate'."""
    opens_escalation: YesNo = False
    """While it holds, the audit cannot be submitted before an escalation was raised."""


class SuggestedGrade(Definition):
    """One rule of the roll-up. The first that holds decides; the last has no `when` and is the last resort."""

    when: str | None = None
    grade: Identifier
    because: Sentence


@dataclass(frozen=True)
class Rules:
    """Rules with their conditions read, in their order."""

    limits: tuple[tuple[LimitingRule, Condition], ...] = ()
    suggestions: tuple[tuple[SuggestedGrade, Condition | None], ...] = ()


@dataclass(frozen=True)
class Judging:
    """What rules are judged against."""

    source: Source
    scale: Scale
    vocabulary: Vocabulary
    ranges: Mapping[str, Range]

    def grade(self, route: Route, grade: str) -> Iterator[Problem]:
        """A problem when the scale has no such grade."""
        if grade not in self.scale.ids:
            message = f"there is no grade '{grade}' on the scale '{self.scale.scale}'"
            yield self.source.problem(route, "D018", message, offered(grade, self.scale.ids))

    def condition(self, route: Route) -> tuple[Condition | None, list[Problem]]:
        """The condition at `route`, with a problem when it could only ever come out one way."""
        found = read_condition(self.source, route, self.vocabulary)
        if isinstance(found, list):
            return None, found
        outcomes = possible(found, self.ranges)
        if outcomes == BOTH:
            return found, []
        if True in outcomes:
            message, hint = "this always holds, whatever is rated", "Say when it should hold, or delete the rule."
        else:
            message, hint = "this can never hold in this rubric", _why_never(found, self.ranges)
        return found, [self.source.problem(route, "D047", message, hint)]


def names_and_ranges(kinds: Mapping[str, Kind], tags: Mapping[str, tuple[str, ...]]) -> dict[str, Range]:
    """Everything the names of a rubric's rules may be.

    Args:
        tags: By criterion id, for each criterion of the rubric.
    """
    ranges: dict[str, Range] = {}
    for name, kind in kinds.items():
        first, _, rest = name.partition(".")
        if first == "count":
            ranges[name] = Whole(0, len(tags))
        elif first == "tagged":
            tag = rest.partition(".")[0]
            ranges[name] = Whole(0, sum(tag in borne for borne in tags.values()))
        else:
            ranges[name] = range_of(kind)
    return ranges


def read_rules(
    judging: Judging, limiting: tuple[LimitingRule, ...], suggested: tuple[SuggestedGrade, ...]
) -> tuple[Rules, list[Problem]]:
    """The rules with their conditions, and everything wrong with them."""
    problems: list[Problem] = []
    limits = []
    for n, rule in enumerate(limiting):
        condition, wrong = judging.condition(("limiting_rules", n, "when"))
        problems += [*wrong, *_bound(judging, n, rule)]
        if condition is not None:
            limits.append((rule, condition))
    suggestions, more = _suggestions(judging, suggested)
    return Rules(tuple(limits), suggestions), problems + more


def _bound(judging: Judging, n: int, rule: LimitingRule) -> Iterator[Problem]:
    route: Route = ("limiting_rules", n, "overall", "at_most")
    most = rule.overall.at_most
    yield from judging.grade(route, most)
    if most == judging.scale.ids[-1]:
        message = f"the rule {rule.id} bars nothing: '{most}' is the best grade of the scale"
        yield judging.source.problem(route, "D049", message, "Name the best grade that it leaves, or delete the rule.")


def _suggestions(
    judging: Judging, suggested: tuple[SuggestedGrade, ...]
) -> tuple[tuple[tuple[SuggestedGrade, Condition | None], ...], list[Problem]]:
    problems: list[Problem] = []
    read: list[tuple[SuggestedGrade, Condition | None]] = []
    texts: dict[str, int] = {}
    last = len(suggested) - 1
    for n, rule in enumerate(suggested):
        route: Route = ("suggested_overall", n)
        problems += judging.grade((*route, "grade"), rule.grade)
        if rule.when is None:
            read.append((rule, None))
            if n < last:
                message = "this entry has no condition, so the entries after it are never reached"
                problems.append(
                    judging.source.problem(route, "D048", message, "Add 'when: ...', or move it to the end.")
                )
            continue
        condition, wrong = judging.condition((*route, "when"))
        problems += wrong
        read.append((rule, condition))
        if n == last:
            message = "the last entry has a condition, so there is no last resort"
            hint = "Add an entry after it with 'grade' and 'because' alone."
            problems.append(judging.source.problem((*route, "when"), "D048", message, hint, key=True))
        if (first := texts.setdefault(" ".join(rule.when.split()), n)) != n:
            line = judging.source.place(("suggested_overall", first)).line
            message = f"the entry on line {line} has this condition already, so this one is never reached"
            problems.append(judging.source.problem((*route, "when"), "D048", message, "Keep one of them."))
    return tuple(read), problems


def _why_never(condition: Condition, ranges: Mapping[str, Range]) -> str:
    for name in condition.names:
        if name.startswith("tagged.") and ranges.get(name) == Whole(0, 0):
            return f"No criterion of this rubric has the tag '{name.split('.')[1]}'. Give it one, or delete the rule."
    return "Compare with something it can be, or delete the rule."
