"""What the limiting rules leave of the scale, which of them bind, and who may look past them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.rubric_rules import LimitingRule
from audit_engine.engine.grading_words import names_in_words, sentence
from audit_engine.engine.rated_case import RatedCase, is_below_good
from audit_engine.problems import Reason


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody looked past a rule that allows it."""

    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A limiting rule that holds, or that cannot be ruled out because something is not known."""

    rule: LimitingRule
    unknown: tuple[str, ...] = ()
    gave_way: bool = False
    """Rules before it left nothing that it would have left."""
    override: Override | None = None

    @property
    def bars(self) -> bool:
        """Whether it takes anything away."""
        return self.rule.overall is not None and not self.gave_way and self.override is None


@dataclass(frozen=True, slots=True)
class Permitted:
    """What the limiting rules leave."""

    grades: tuple[str, ...]
    """Worst first; always at least one, where there is an overall grade."""
    bound_by: tuple[Binding, ...]
    """In the declared order."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A limiting rule that bounds this audit, in words."""

    id: str
    title: str
    lowest: int
    highest: int
    """The orders of the worst and the best grade it leaves."""
    leaves: str
    """The same in words."""
    because: str
    holds: bool
    """False while it can only not be ruled out."""
    warns: str | None
    opens_escalation: bool
    second_look: bool
    overridable_by: tuple[str, ...]
    override: Override | None
    gave_way: bool
    criteria: tuple[str, ...]
    """The graded criteria that it holds because of, as far as its condition names them."""

    def bars(self, order: int) -> bool:
        """Whether it takes the grade of this order away."""
        active = self.override is None and not self.gave_way
        return active and not self.lowest <= order <= self.highest


def permitted(rubric: ReadRubric, case: RatedCase, overrides: Mapping[str, Override]) -> Permitted:
    """The overall grades that the limiting rules leave, in their declared order.

    A rule that would leave nothing beside those before it gives way, as one does to the rules it names.

    Args:
        overrides: By rule id; only by a role that the rule names, and with a reason, does it count.
    """
    ids = rubric.scale.ids
    low, high = 0, len(ids) - 1
    bound: dict[str, Binding] = {}
    for rule, condition in in_order_of_weight(rubric.limits):
        outcome = case.outcome_of(condition)
        if outcome.held is False:
            continue
        override = overrides.get(rule.id)
        counts = override is not None and override.role in rule.overridable_by and bool(override.reason.strip())
        least, most = rule.left(rubric.scale)
        gave_way = not counts and max(low, least) > min(high, most)
        bound[rule.id] = Binding(rule, outcome.unknown, gave_way, override if counts else None)
        if not gave_way and not counts:
            low, high = max(low, least), min(high, most)
    grades = ids[low : high + 1] if rubric.overall is not None else ()
    return Permitted(grades, tuple(bound[rule.id] for rule, _ in rubric.limits if rule.id in bound))


def in_order_of_weight(
    limits: Sequence[tuple[LimitingRule, Condition]],
) -> Iterator[tuple[LimitingRule, Condition]]:
    """The rules as declared, each after those it gives way to."""
    by_id = {rule.id: (rule, condition) for rule, condition in limits}
    done: set[str] = set()

    def placed(name: str) -> Iterator[tuple[LimitingRule, Condition]]:
        if name in done or name not in by_id:
            return
        done.add(name)
        for before in by_id[name][0].gives_way_to:
            yield from placed(before)
        yield by_id[name]

    for rule, _ in limits:
        yield from placed(rule.id)


def bar_of(rubric: ReadRubric, binding: Binding, grades: Mapping[str, str], missing: Sequence[str]) -> Bar:
    """A binding rule in words.

    Args:
        grades: Recorded ones, by criterion.
        missing: Criteria without a grade, in the rubric's order.
    """
    rule = binding.rule
    condition = next(read for limiting, read in rubric.limits if limiting.id == rule.id)
    low, high = rule.left(rubric.scale) if rubric.overall is not None else (0, len(rubric.scale.ids) - 1)
    leaves, because = left_in_words(rubric, rule), sentence(rule.because)
    if binding.unknown:
        waiting = names_in_words(rubric, binding.unknown, missing)
        would = f" It would leave {leaves}." if rule.overall is not None else ""
        because = f"This rule cannot be ruled out, because this is not known: {waiting}.{would}"
    return Bar(
        rule.id, rule.title, low, high, leaves, because, not binding.unknown, rule.warns, rule.opens_escalation,
        rule.second_look, rule.overridable_by, binding.override, binding.gave_way,
        _criteria_behind(rubric, condition, grades),
    )  # fmt: skip


def left_in_words(rubric: ReadRubric, rule: LimitingRule) -> str:
    """What a rule leaves: 'at most Good', 'Inadequate alone', or every grade."""
    words = {"at_most": "at most {}", "at_least": "at least {}", "exactly": "{} alone"}
    said = rule.overall.said if rule.overall is not None else ()
    label = rubric.scale.label
    return next((words[key].format(label(grade)) for key, grade in said), "every grade")


def _criteria_behind(rubric: ReadRubric, condition: Condition, grades: Mapping[str, str]) -> tuple[str, ...]:
    behind = []
    names = set(condition.names)
    for criterion, grade in grades.items():
        tags = rubric.criteria[criterion].tags
        counted = {f"grade.{criterion}", f"count.{grade}", *(f"tagged.{tag}.{grade}" for tag in tags)}
        counted.add(f"section.{rubric.section_of[criterion].id}")
        if is_below_good(rubric, criterion, grade):
            counted.add("count.below_good")
        if counted & names:
            behind.append(criterion)
    asked = {c for c in rubric.questions if any(name.startswith(f"answer.{c}.") for name in names)}
    return tuple(c for c in rubric.criteria if c in asked or c in behind)


def refusals(rubric: ReadRubric, bars: Sequence[Bar], chosen: str | None) -> list[Reason]:
    """Why the chosen grade may not stand: a reason for each rule that bars it."""
    if chosen is None:
        return []
    if rubric.overall is None:
        text = f"The rubric '{rubric.rubric.title}' has no overall grade, so none can be chosen. Leave it out."
        return [Reason("scale", text)]
    if chosen not in rubric.scale.ids:
        words = ", ".join(rubric.scale.ids)
        return [Reason("scale", f"There is no grade '{chosen}' on this scale. Choose one of: {words}.")]
    order = rubric.scale.order(chosen)
    return [Reason(bar.id, _refusal(rubric, bar, chosen, order)) for bar in bars if bar.bars(order)]


def _refusal(rubric: ReadRubric, bar: Bar, chosen: str, order: int) -> str:
    label, ids = rubric.scale.label, rubric.scale.ids
    if bar.lowest == bar.highest and len(ids) > 1 and bar.lowest != 0:
        said = f"{label(chosen)} is not {label(ids[bar.lowest])}, the only grade that {bar.id} leaves."
    elif order > bar.highest:
        said = f"{label(chosen)} is above {label(ids[bar.highest])}, the most that {bar.id} leaves."
    else:
        said = f"{label(chosen)} is below {label(ids[bar.lowest])}, the least that {bar.id} leaves."
    return f"{said} {bar.because}"
