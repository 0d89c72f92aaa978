"""A workflow as lines of plain text, and as a value for programs."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from audit_engine.engine.workflow_words import (
    GOVERNED_IN_WORDS,
    DemandTold,
    EventTold,
    PersonTold,
    StageTold,
    WorkflowTold,
)

WIDTH = 98
DEEPER = 4
BULLET = "- "


def page(told: WorkflowTold, width: int = WIDTH) -> Iterator[str]:
    """Everything people need to know of a workflow: its stages, then what each of them may do.

    Args:
        width: Characters in a line.
    """
    lines = _Lines(width)
    yield from lines.heading(told)
    yield from lines.wrapped(f"What can happen to {GOVERNED_IN_WORDS[told.governs]}, who may do it, and when.", 0)
    yield ""
    yield "STAGES"
    yield ""
    for number, stage in enumerate(told.stages, start=1):
        yield from lines.stage(number, stage)
    for person in told.people:
        yield from lines.person(told, person)
    yield ""
    yield "WHATEVER STANDS HERE"
    for sentence in told.always:
        yield from lines.wrapped(sentence, DEEPER, BULLET)
    yield from lines.wrapped(
        "What is marked 'always' is built in: no change of the file takes it away.", DEEPER, BULLET
    )


def part(told: WorkflowTold, persons: Sequence[PersonTold], width: int = WIDTH) -> Iterator[str]:
    """What one person or role may do under a workflow."""
    lines = _Lines(width)
    yield from lines.heading(told)
    for person in persons:
        if person.events or person.waiting or len(persons) == 1:
            yield from lines.person(told, person)


def as_json(told: WorkflowTold, persons: Sequence[PersonTold] | None = None) -> dict[str, Any]:
    """The same for programs. With `persons`, only what is for them."""
    shown = asdict(told)
    if persons is not None:
        theirs = {name for person in persons for name in person.events}
        shown["people"] = [asdict(person) for person in persons]
        shown["events"] = [event for event in shown["events"] if event["id"] in theirs]
    return shown


class _Lines:
    """Makes lines of one width."""

    def __init__(self, width: int) -> None:
        self._width = width

    def wrapped(self, text: str, indent: int, first: str = "") -> list[str]:
        return textwrap.wrap(
            text, self._width, initial_indent=" " * indent + first, subsequent_indent=" " * (indent + len(first)),
            break_on_hyphens=False,
        ) or [""]  # fmt: skip

    def heading(self, told: WorkflowTold) -> list[str]:
        return self.wrapped(f"{told.title} ({told.name}), version {told.version}", 0)

    def stage(self, number: int, stage: StageTold) -> Iterator[str]:
        waits = [f"waits for {stage.waits_for}"] if stage.waits_for else []
        waits += [stage.due.limit] if stage.due else []
        sentences = [f"{', '.join(waits)}."] if waits else []
        yield from self.wrapped(f"{stage.title}: {' '.join([*sentences, *stage.marks])}", 0, f"{number:>3}. ")

    def person(self, told: WorkflowTold, person: PersonTold) -> Iterator[str]:
        yield ""
        yield from self.wrapped(person.who.upper(), 0)
        yield from self.wrapped(person.chosen, 0) if person.chosen else ()
        if person.waiting:
            places = [f"'{told.stage(name).title}'" for name in person.waiting]
            yield from self.wrapped(f"Is waited for at {_and(places)}.", 0)
        if not person.events:
            yield from self.wrapped("May do nothing here.", 0)
        for name in person.events:
            yield ""
            yield from self.event(told.event(name))

    def event(self, event: EventTold) -> Iterator[str]:
        yield from self.wrapped(f"{event.title} ({event.id})", 2)
        yield from self.wrapped(f"From {event.from_where}.", DEEPER)
        yield from self.wrapped(f"Leads to {_leads(event)}.", DEEPER)
        if len(event.by) > 1:
            yield from self.wrapped(f"It is for {event.for_whom}.", DEEPER)
        if event.reason_asked:
            yield from self.wrapped("You are asked for a reason, in your own words.", DEEPER)
        if event.choices:
            yield from self.wrapped(f"You choose a reason: {'; '.join(event.choices)}.", DEEPER)
        if event.unless:
            yield from self.wrapped("Refused unless:", DEEPER)
            for demand in event.unless:
                yield from self.wrapped(_demand(demand), DEEPER, BULLET)
        for sentence in event.lasting:
            yield from self.wrapped(sentence, DEEPER)


def _leads(event: EventTold) -> str:
    return "; ".join(f"'{end.title}'{f' {end.condition}' if end.condition else ''}" for end in event.ends)


def _demand(demand: DemandTold) -> str:
    if demand.condition:
        return f'{demand.condition[:1].upper()}{demand.condition[1:]}. Else you read: "{demand.says}"'
    place = f"On the way to '{demand.only_to}': " if demand.only_to else ""
    return f"{place}{demand.says}{' (always)' if demand.built_in else ''}"


def _and(words: Sequence[str]) -> str:
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last
