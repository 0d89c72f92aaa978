"""Notices what a rubric asks and nobody counts, and shares that could not be reached."""

from collections.abc import Iterable, Mapping

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.roll_ups import ALL, ReadRollUp
from audit_engine.definitions.rubric import ReadRubric, Rubric
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem


def uncounted(source: Source, read: ReadRubric) -> list[Problem]:
    """Graded criteria that bear on no grade but their own, in a rubric that has an overall grade."""
    if read.overall is None:
        return []
    names = _names(read.overall) | {name for _, condition in read.limits for name in condition.names}
    problems = []
    for n, section in enumerate(read.rubric.sections):
        if not section.counts:
            continue
        roll_up = read.roll_ups.get(section.id)
        rolled = _names(roll_up) if roll_up is not None and f"section.{section.id}" in names else frozenset()
        by_points = read.overall.points is not None or (
            roll_up is not None and roll_up.points is not None and f"section.{section.id}" in names
        )
        for m, criterion in enumerate(section.criteria):
            if not read.criteria[criterion].graded or by_points:
                continue
            if _speaks_of(names, read, criterion) or _speaks_of(rolled, read, criterion):
                continue
            message = f"'{criterion}' is graded, and nobody counts it: no rule speaks of it"
            hint = "Count it in a rule, or write 'counts: no' in a section of its own."
            problems.append(source.problem(("sections", n, "criteria", m), "D103", message, hint))
    return problems


def _names(roll_up: ReadRollUp) -> frozenset[str]:
    conditions: Iterable[Condition] = (condition for _, condition in roll_up.rules if condition is not None)
    return frozenset(name for condition in conditions for name in condition.names)


def _speaks_of(names: frozenset[str] | set[str], read: ReadRubric, criterion: str) -> bool:
    grades, tags = read.scales[criterion].ids, read.criteria[criterion].tags
    spoken = {f"grade.{criterion}"}
    for counted in (*grades, "below_good"):
        spoken |= {f"count.{counted}", f"here.{counted}", *(f"tagged.{tag}.{counted}" for tag in tags)}
    return bool(spoken & names)


def conformity_problems(source: Source, rubric: Rubric, scales: Mapping[str, Scale]) -> list[Problem]:
    """Shares of unknown sections, of grades they never have, or outside 1 to 100 per cent."""
    problems = []
    rolling = {section.id for section in rubric.sections if section.rolls_up is not None}
    for n, one in enumerate(rubric.conformity):
        if one.section not in rolling:
            message = f"there is no section '{one.section}' with a grade of its own"
            hint = offered(one.section, rolling)
            problems.append(source.problem(("conformity", n, "section"), "D018", message, hint))
        elif one.grade not in scales[one.section].ids:
            message = f"the section '{one.section}' never has the grade '{one.grade}'"
            hint = offered(one.grade, scales[one.section].ids)
            problems.append(source.problem(("conformity", n, "grade"), "D018", message, hint))
        if not 1 <= one.at_least <= ALL:
            message, hint = f"{one.at_least} per cent can never be told", "Write a whole number from 1 to 100."
            problems.append(source.problem(("conformity", n, "at_least"), "D109", message, hint))
    return problems
