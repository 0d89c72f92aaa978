"""Where an open audit lands when it is moved to another text of its workflow, or every reason why it cannot.

A move to another text must not be a back door: no text may put an audit where its own events could never have led it.
So every situation the new text can come to is worked out, and an audit lands only at a stage at which its own is one
of them. What belongs to an audit, its moderation and its escalations, keeps the text it began under.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.programme import ALLOCATE
from audit_engine.definitions.workflow import ReadWorkflow, Stage, Workflow, is_locked_after, ways_from
from audit_engine.definitions.workflow_names import AUDIT
from audit_engine.engine.timing import due_day
from audit_engine.problems import Reason, nearest

MODERATED_AT = "moderation"
"""The stage at which the program moderates an audit, by its name."""


class Situation(NamedTuple):
    """What a workflow knows of how something came to its stage."""

    locked: bool
    """Nobody writes grades."""
    final: bool
    """Its grades became final."""
    allocated: bool
    """Somebody was found to audit it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How one thing stands under the text it began under."""

    stage: str
    may_be: frozenset[Situation]
    """Its situation: one where it is recorded, else all that its stage leaves open."""
    entered: date
    """When it came to its stage."""
    due: date | None
    moderated: bool = False
    """It is an audit with a moderation under way."""
    values: Mapping[str, Value] | None = None
    """What conditions may speak of, as far as it is known; without its stage."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where it comes to stand under the new text."""

    stage: Stage | None
    """None where the new text has no such stage."""
    due: date | None
    reasons: tuple[Reason, ...]
    """Why it cannot be moved there; empty when it can."""


def landing(old: ReadWorkflow, new: ReadWorkflow, placed: Placed, renamed: Mapping[str, str]) -> Landing:
    """Where something lands: at the stage of the same name, or at what it is renamed to.

    Args:
        renamed: Old stages and what they become. Only what cannot stay is renamed: on from a stage leads an event.
    """
    stays = _landing_at(placed.stage, old, new, placed)
    name = renamed.get(placed.stage, placed.stage)
    if name == placed.stage or stays.stage is None:
        return _landing_at(name, old, new, placed)
    found = _landing_at(name, old, new, placed)
    if stays.reasons:
        return found
    text = f"It can stay at '{stays.stage.title}' ({stays.stage.id}), so only an event leads it on. Leave that out."
    return replace(found, reasons=(Reason("map", text), *found.reasons))


def _landing_at(name: str, old: ReadWorkflow, new: ReadWorkflow, placed: Placed) -> Landing:
    if name not in new.workflow.stage_ids:
        return Landing(None, placed.due, (_no_stage(old, new, placed.stage, name),))
    stage = new.stage(name)
    due = _due(old.stage(placed.stage), stage, placed)
    return Landing(stage, due, tuple(_against(new, stage, placed)))


def situations_at(workflow: ReadWorkflow, stage: str) -> frozenset[Situation]:
    """Every situation in which something can come to a stage. Conditions do not count."""
    return _situations(workflow).get(stage, frozenset())


def _due(was: Stage, now: Stage, placed: Placed) -> date | None:
    """The day stays where the stage has the time it had; else it counts anew, from the day the stage was entered."""
    return placed.due if was.due == now.due else due_day(now.due, placed.entered)


def _no_stage(old: ReadWorkflow, new: ReadWorkflow, stage: str, name: str) -> Reason:
    title, version = old.stage(stage).title, new.workflow.version
    text = f"It is '{title}' ({stage}), and version {version} has no stage '{name}'."
    return Reason("stage", f"{text} Say which stage it becomes. {nearest(name, new.workflow.stage_ids)}".strip())


def _against(new: ReadWorkflow, stage: Stage, placed: Placed) -> Iterator[Reason]:
    title = stage.title
    if stage.final:
        text = f"'{title}' is an end, and nothing ends but by an event. Say which other stage it becomes."
        yield Reason("final", text)
        return
    yield from _out_of_place(new, stage, placed)
    if new.workflow.governs == AUDIT and placed.moderated != (stage.id == MODERATED_AT):
        moderated = f"It is being moderated, and that is done at the stage '{MODERATED_AT}', not at '{title}'."
        text = (
            moderated if placed.moderated else f"At '{title}' audits are moderated, and nobody has taken this one on."
        )
        yield Reason("moderated", text)
    yield from _promises(new, stage, placed)


def _out_of_place(new: ReadWorkflow, stage: Stage, placed: Placed) -> Iterator[Reason]:
    """What of its situation the new text never has at this stage."""
    possible = situations_at(new, stage.id)
    if placed.may_be <= possible:
        return
    told = False
    for number, words in enumerate(_WORDS):
        here, there = ({one[number] for one in these} for these in (placed.may_be, possible))
        if wrong := here - there:
            told = True
            yield Reason(Situation._fields[number], words[True in wrong].format(stage.title))
    if not told:
        yield Reason("stage", f"As it stands, no way of the new text leads to '{stage.title}'. Name another.")


_WORDS = (
    ("Its grades are not locked, and at '{}' they are.", "Its grades are locked, and at '{}' they are not."),
    ("Its grades are not final, and at '{}' they are.", "Its grades are final, and at '{}' they are not."),
    ("It has no auditor yet, and at '{}' it needs one.", "It has an auditor, and at '{}' there is none yet."),
)  # fmt: skip
"""Of each part of a situation: what does not fit when it is not so, and when it is."""


def _promises(new: ReadWorkflow, stage: Stage, placed: Placed) -> Iterator[Reason]:
    """The promises of the new text that would be broken by its standing there. What is not known breaks none."""
    values = {**(placed.values or {}), "stage": stage.id}
    for promise in new.properties:
        broken_by = {"never": True, "always": False}.get(promise.kind)
        if broken_by is not None and promise.condition.outcome(values).held is broken_by:
            yield Reason("property", f"At '{stage.title}' it would break what the new text promises: {promise.says}")


@lru_cache(maxsize=64)
def _situations(read: ReadWorkflow) -> Mapping[str, frozenset[Situation]]:
    workflow = read.workflow
    stages = {stage.id: stage for stage in workflow.stages}
    found: dict[str, set[Situation]] = {name: set() for name in stages}
    pending = [(workflow.stages[0].id, Situation(locked=False, final=workflow.stages[0].finalises, allocated=False))]
    while pending:
        here, how = pending.pop()
        if how not in found[here]:
            found[here].add(how)
            pending += _next(workflow, stages, here, how)
    return {name: frozenset(those) for name, those in found.items()}


def _next(
    workflow: Workflow, stages: Mapping[str, Stage], here: str, how: Situation
) -> Iterator[tuple[str, Situation]]:
    for event, to in ways_from(workflow, here):
        locked = is_locked_after(event, stages[to], how.locked)
        yield to, Situation(locked, how.final or stages[to].finalises, how.allocated or event.id == ALLOCATE)
