"""What changed from one rubric to another, in sentences for those who make the rules, not for programmers.

Things are held together by their ids, never by their place. Comments and the version do not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from audit_engine.definitions.contradictions import Contradiction
from audit_engine.definitions.rubric import ReadRubric, Section
from audit_engine.definitions.rubric_rules import LimitingRule
from audit_engine.definitions.scale_mapping import ScaleMapping
from audit_engine.definitions.scales import Scale
from audit_engine.engine.criterion_differences import criterion_said, days_of, roll_up_said
from audit_engine.engine.grading_words import sentence
from audit_engine.engine.limiting import left_in_words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RubricDifference:
    """One thing that is not as it was."""

    about: str
    """`rubric`, `section`, `criterion`, `limiting_rule`, `suggested`, `contradiction`, `notice` or `conformity`."""
    id: str
    says: str


def rubric_differences(
    old: ReadRubric, new: ReadRubric, mappings: Mapping[str, ScaleMapping]
) -> tuple[RubricDifference, ...]:
    """Everything that is not in `new` as it was in `old`; empty when they say the same.

    Args:
        mappings: Between scales, to say how grades of the one are read on the other.
    """
    return (
        *_itself(old, new, mappings),
        *_sections(old, new),
        *_criteria(old, new),
        *_limits(old, new),
        *(RubricDifference("suggested", "suggested_overall", says) for says in _overall(old, new)),
        *_rest(old, new),
    )


def _itself(old: ReadRubric, new: ReadRubric, mappings: Mapping[str, ScaleMapping]) -> Iterator[RubricDifference]:
    before, now = old.rubric, new.rubric
    for key, words in _ITSELF.items():
        was, is_now = getattr(before, key), getattr(now, key)
        if was != is_now:
            yield RubricDifference("rubric", key, f"{words}: {_shown(is_now)} (before: {_shown(was)}).")
    if before.scale != now.scale:
        yield RubricDifference("rubric", "scale", _scales(before.scale, now.scale, mappings))
    for says in _grades(old, new):
        yield RubricDifference("rubric", "scale", says)


_ITSELF = {
    "rubric": "Its name is now", "title": "It is now called", "purpose": "Its purpose now reads",
    "tried": "Whether practitioners have tried it is now", "subject": "It is now about",
    "facts": "Its facts are now of",
    "graded": "It is now graded", "overall_grade": "Whether it has an overall grade is now",
}  # fmt: skip


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "not said", True: "yes", False: "no"}[value]
    return f"'{value}'"


def _grades(old: ReadRubric, new: ReadRubric) -> Iterator[str]:
    """What scales of one name say otherwise, each told once."""
    pairs = {
        one.scale: (old_scales[one.scale], one)
        for old_scales in [{scale.scale: scale for scale in (old.scale, *old.scales.values())}]
        for one in (new.scale, *new.scales.values())
        if one.scale in old_scales
    }
    for name, (before, now) in pairs.items():
        if (before.grades, before.good_or_better) == (now.grades, now.good_or_better):
            continue
        grades = ", ".join(f"{grade.id} ({grade.label})" for grade in reversed(now.grades))
        yield f"The grades of the scale '{name}' have changed, in number, in words or in what counts as good: {grades}."


def _scales(before: str, now: str, mappings: Mapping[str, ScaleMapping]) -> str:
    said = f"It is now graded on the scale '{now}' ('{before}' before)."
    found = next((one for one in mappings.values() if (one.source, one.target) == (before, now)), None)
    if found is None:
        return f"{said} Nothing says how grades of the one are read on the other."
    read = "; ".join(f"{one.grade} is {one.how}{f' to {one.to}' if one.to else ''}" for one in found.grades)
    return f"{said} By '{found.title}': {read}."


def _sections(old: ReadRubric, new: ReadRubric) -> Iterator[RubricDifference]:
    before, now = ({section.id: section for section in side.rubric.sections} for side in (old, new))
    for name in (name for name in before if name not in now):
        yield RubricDifference("section", name, f"There is no section '{before[name].title}' any more.")
    for name in now:
        if name not in before:
            yield RubricDifference("section", name, f"There is now a section '{now[name].title}'.")
            continue
        for says in _section(before[name], now[name]):
            yield RubricDifference("section", name, f"Section '{now[name].title}': {says}")
        labels = _labels(old.section_scales.get(name), new.section_scales.get(name))
        for says in roll_up_said(old.roll_ups.get(name), new.roll_ups.get(name), labels):
            yield RubricDifference("section", name, f"Section '{now[name].title}', its own grade: {says}")
    kept = [name for name in before if name in now]
    if kept != [name for name in now if name in before]:
        yield RubricDifference("section", "order", "The sections stand in another order.")


def _section(before: Section, now: Section) -> Iterator[str]:
    if before.title != now.title:
        yield f"it was called '{before.title}' before."
    if (before.expected_when, before.expected_in_words) != (now.expected_when, now.expected_in_words):
        yield f"when it is expected has changed. Now: {now.expected_in_words or 'Always expected.'}"
    kept = [name for name in before.criteria if name in now.criteria]
    if kept != [name for name in now.criteria if name in before.criteria]:
        yield "its criteria stand in another order."
    if before.in_force != now.in_force:
        yield f"it is now {days_of(now)} (before: {days_of(before)})."
    if before.counts != now.counts:
        yield "its criteria are now counted." if now.counts else "its criteria are counted in nothing any more."
    if before.scale != now.scale:
        yield f"the scale of its own grade is now {_shown(now.scale)} (before: {_shown(before.scale)})."


def _criteria(old: ReadRubric, new: ReadRubric) -> Iterator[RubricDifference]:
    for name, criterion in old.criteria.items():
        if name not in new.criteria:
            yield RubricDifference("criterion", name, f"'{criterion.title}' ({name}) is no longer asked.")
    for name, criterion in new.criteria.items():
        if name not in old.criteria:
            where = new.section_of[name].title
            says = f"'{criterion.title}' ({name}) is now asked, in the section '{where}'."
            yield RubricDifference("criterion", name, says)
            continue
        if (was := old.section_of[name]).id != (stands := new.section_of[name]).id:
            says = f"'{criterion.title}' now stands in the section '{stands.title}' ('{was.title}' before)."
            yield RubricDifference("criterion", name, says)
        labels = _labels(old.scales[name], new.scales[name])
        for says in criterion_said(old.criteria[name], criterion, labels):
            yield RubricDifference("criterion", name, f"'{criterion.title}': {says}")
        if old.scales[name].scale != new.scales[name].scale:
            says = f"it is now graded on the scale '{new.scales[name].scale}' ('{old.scales[name].scale}' before)."
            yield RubricDifference("criterion", name, f"'{criterion.title}': {says}")


def _labels(*scales: Scale | None) -> dict[str, str]:
    """What people call the grades of these scales; what the last of them says wins."""
    return {grade.id: grade.label for scale in scales if scale is not None for grade in scale.grades}


def _limits(old: ReadRubric, new: ReadRubric) -> Iterator[RubricDifference]:
    before, now = ({rule.id: rule for rule, _ in side.limits} for side in (old, new))
    for name, rule in before.items():
        if name not in now:
            yield RubricDifference("limiting_rule", name, f"{name} ({rule.title}) limits nothing any more.")
    for name, rule in now.items():
        if name not in before:
            leaves = left_in_words(new, rule)
            says = f"{name} ({rule.title}) is a new limiting rule. It leaves {leaves}, when {rule.when}"
            yield RubricDifference("limiting_rule", name, says)
            continue
        for says in _limit(old, new, before[name], rule):
            yield RubricDifference("limiting_rule", name, f"{name} ({rule.title}): {says}")
    kept = [name for name in before if name in now]
    if kept != [name for name in now if name in before]:
        says = f"The limiting rules are evaluated in another order: {', '.join(now)}."
        yield RubricDifference("limiting_rule", "order", says)


def _limit(old: ReadRubric, new: ReadRubric, before: LimitingRule, now: LimitingRule) -> Iterator[str]:
    if before.overall != now.overall:
        was, leaves = left_in_words(old, before), left_in_words(new, now)
        yield f"{_how(old, new, before, now)}. It now leaves {leaves} ({was} before)."
    if before.when.split() != now.when.split():
        yield f"it now holds when {now.when} (before: when {before.when})."
    if before.overridable_by != now.overridable_by:
        roles = f"{_roles(now.overridable_by)} (before: {_roles(before.overridable_by)})"
        yield f"who may override it, with a reason: {roles}."
    for key, words in (
        ("second_look", "somebody else must look"),
        ("opens_escalation", "an escalation must be raised"),
    ):
        if getattr(before, key) != getattr(now, key):
            yield f"while it holds {words}{'.' if getattr(now, key) else ' no longer.'}"
    for key, words in _TEXTS.items():
        if getattr(before, key) != getattr(now, key):
            yield f"{words} now reads {_shown(getattr(now, key))} (before: {_shown(getattr(before, key))})."
    if before.gives_way_to != now.gives_way_to:
        yield f"it now gives way to {', '.join(now.gives_way_to) or 'no rule'}."


_TEXTS = {"title": "its title", "because": "what it says", "basis": "its basis", "warns": "its warning"}


def _how(old: ReadRubric, new: ReadRubric, before: LimitingRule, now: LimitingRule) -> str:
    if old.scale.ids != new.scale.ids:
        return "what it leaves has changed"
    was, is_now = (set(range(r[0], r[1] + 1)) for r in (before.left(old.scale), now.left(new.scale)))
    return "it is loosened" if was < is_now else "it is tightened" if is_now < was else "what it leaves has changed"


def _roles(roles: Sequence[str]) -> str:
    return ", ".join(role.replace("_", " ") for role in roles) or "nobody"


def _overall(old: ReadRubric, new: ReadRubric) -> Iterator[str]:
    for says in roll_up_said(old.overall, new.overall, _labels(old.scale, new.scale)):
        yield f"Suggested overall grade: {says}"


_NOTICE = {"title": "its title", "when": "the condition", "says": "what it says"}


def _notice(before: Contradiction, now: Contradiction) -> Iterator[str]:
    for key, words in _NOTICE.items():
        was, is_now = str(getattr(before, key)), str(getattr(now, key))
        if was.split() != is_now.split():
            yield f"{words} now reads '{is_now}' (before: '{was}')."
    for key, words in (("about", "it is now about"), ("told_to", "it is now said to")):
        lists = [", ".join(getattr(side, key)) for side in (now, before)]
        if lists[0] != lists[1]:
            yield f"{words} {lists[0]} (before: {lists[1]})."


def _rest(old: ReadRubric, new: ReadRubric) -> Iterator[RubricDifference]:
    before, now = ({one.id: one for one in side.rubric.contradictions} for side in (old, new))
    for name, one in before.items():
        if name not in now:
            yield RubricDifference("contradiction", name, f"It no longer notices: {one.title}.")
    for name, one in now.items():
        if name not in before:
            yield RubricDifference("contradiction", name, f"It now notices: {one.title}. {sentence(one.says)}")
            continue
        for says in _notice(before[name], one):
            yield RubricDifference("contradiction", name, f"{name} ({one.title}): {says}")
    if old.rubric.notices != new.rubric.notices:
        said = new.rubric.notices
        minutes = said.same_grade_within_minutes
        within = f"equal grades within {minutes} minutes" if minutes else "no equal grades"
        says = f"It now notices {'copied notes' if said.copied_note else 'no copied notes'} and {within}."
        yield RubricDifference("notice", "notices", says)
    if old.rubric.conformity != new.rubric.conformity:
        asked = "; ".join(f"{one.section} {one.grade} in at least {one.at_least}%" for one in new.rubric.conformity)
        says = f"Shares of many audits now asked for: {asked or 'none'}."
        yield RubricDifference("conformity", "conformity", says)
