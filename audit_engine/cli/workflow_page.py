"""A workflow as lines of plain text, and as a value for programs."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from audit_engine.cli.talk import PAGE
from audit_engine.definitions.workflow_names import THE_CLOCK
from audit_engine.engine.condition_words import with_article
from audit_engine.engine.workflow_parts_words import and_, sentence
from audit_engine.engine.workflow_told import (
    DemandTold,
    EventTold,
    LinkTold,
    OpeningTold,
    PersonTold,
    RecordTold,
    StageTold,
    WorkflowTold,
)

DEEPER = 4
BULLET = "- "
NOTHING = "May do nothing here."


def page(told: WorkflowTold, width: int = PAGE) -> Iterator[str]:
    """Everything people need to know of a workflow: its stages, then what each of them may do.

    Args:
        width: Characters in a line.
    """
    lines = _Lines(width)
    yield from lines.heading(told)
    what = f"What can happen to {told.one}, who may do it, and when."
    yield from lines.wrapped(" ".join([what, *told.about]), 0)
    yield ""
    yield "STAGES"
    yield ""
    for number, stage in enumerate(told.stages, start=1):
        yield from lines.stage(number, stage)
    yield from lines.kept(told)
    for person in told.people:
        yield from lines.person(told, person)
    if told.promises:
        yield ""
        yield "WHAT IS PROMISED"
        for promise in told.promises:
            yield from lines.wrapped(promise, DEEPER, BULLET)
        yield from lines.wrapped(f"Whether it is kept, 'audit workflow prove {told.name}' works out.", DEEPER)
    yield ""
    yield "WHATEVER STANDS HERE"
    for words in told.always:
        yield from lines.wrapped(words, DEEPER, BULLET)
    yield from lines.wrapped(
        "What is marked 'always' is built in: no change of the file takes it away.", DEEPER, BULLET
    )


def part(told: WorkflowTold, persons: Sequence[PersonTold], width: int = PAGE) -> Iterator[str]:
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
        own = stage.limit if not stage.clock else ""
        waits += [own] if own else []
        sentences = [f"{', '.join(waits)}."] if waits else []
        yield from self.wrapped(f"{stage.title}: {' '.join([*sentences, *stage.marks])}", 0, f"{number:>3}. ")
        for words in (*stage.hold, *([stage.clock] if stage.clock else []), *stage.overdue):
            yield from self.wrapped(words, DEEPER + 1)

    def kept(self, told: WorkflowTold) -> Iterator[str]:
        if told.records:
            yield from ("", "WHAT IS RECORDED", "")
            for record in told.records:
                yield from self.record(record)
        if told.links:
            yield from ("", "WHAT MAY HANG ON IT")
            for link in told.links:
                yield ""
                yield from self.link(link)

    def record(self, record: RecordTold) -> Iterator[str]:
        yield from self.wrapped(f"{record.title} ({record.id}): {_lower(record.says)}", DEEPER, BULLET)

    def link(self, link: LinkTold) -> Iterator[str]:
        yield from self.wrapped(f"{_upper(link.title)} ({link.id})", 2)
        for words in link.says:
            yield from self.wrapped(words, DEEPER)

    def person(self, told: WorkflowTold, person: PersonTold) -> Iterator[str]:
        yield ""
        yield from self.wrapped(person.who.upper(), 0)
        yield from self.wrapped(person.chosen, 0) if person.chosen else ()
        if person.waiting:
            yield from self.wrapped(f"Is waited for at {_titles(told, person.waiting)}.", 0)
        if person.holding:
            yield from self.wrapped(f"Holds it at {_titles(told, person.holding)}.", 0)
        for words in (*person.told, *person.opens):
            yield from self.wrapped(words, 0)
        if not person.events and not person.opens:
            yield from self.wrapped("Nothing happens by itself here." if person.name == THE_CLOCK else NOTHING, 0)
        for name in person.events:
            yield ""
            yield from self.event(told.event(name), person.name)

    def event(self, event: EventTold, for_whom: str) -> Iterator[str]:
        yield from self.wrapped(f"{event.title} ({event.id})", 2)
        yield from self.wrapped(f"From {event.from_where}.", DEEPER)
        yield from self.wrapped(_leads(event), DEEPER)
        for words in (*_for(event, for_whom), *event.hold, *_asked(event)):
            yield from self.wrapped(words, DEEPER)
        if event.unless:
            yield from self.wrapped("Refused unless:", DEEPER)
            for demand in event.unless:
                yield from self.wrapped(_demand(demand), DEEPER, BULLET)
        for words in (*_done(event), *event.lasting):
            yield from self.wrapped(words, DEEPER)


def _for(event: EventTold, reader: str) -> Iterator[str]:
    if len(event.by) > 1 and event.for_whom != "nobody":
        yield f"It is for {event.for_whom}."
    if event.not_for:
        yield f"Never for {event.not_for}, whatever role they hold."
    if reader == THE_CLOCK or len(event.by) > 1:
        yield from event.by_itself


def _asked(event: EventTold) -> Iterator[str]:
    if event.reason_asked:
        yield "You are asked for a reason, in your own words."
    if event.choices:
        yield f"You choose a reason: {'; '.join(event.choices)}."
    if event.asks:
        yield f"You are asked for: {'; '.join(event.asks)}."
    if event.names:
        yield f"You say who {and_(event.names)} {'is' if len(event.names) == 1 else 'are'} from now on."


def _done(event: EventTold) -> Iterator[str]:
    if event.sets:
        yield f"It records {and_(event.sets)}."
    for opening in event.opens:
        yield _opening(opening)


def _opening(opening: OpeningTold) -> str:
    condition = f", {opening.condition}" if opening.condition else ""
    return sentence(f"It also opens {with_article(opening.title)}{condition}")


def _leads(event: EventTold) -> str:
    if event.stays:
        return "It stays where it is, and the clock runs on."
    ends = (end.title if end.stays else f"'{end.title}'" for end in event.ends)
    return f"Leads to {'; '.join(_with(words, end.condition) for words, end in zip(ends, event.ends, strict=True))}."


def _with(words: str, condition: str) -> str:
    return f"{words} {condition}" if condition else words


def _demand(demand: DemandTold) -> str:
    if demand.condition:
        return f'{_upper(demand.condition)}. Else you read: "{demand.says}"'
    place = f"On the way to '{demand.only_to}': " if demand.only_to else ""
    return f"{place}{demand.says}{' (always)' if demand.built_in else ''}"


def _titles(told: WorkflowTold, stages: Sequence[str]) -> str:
    return and_(f"'{told.stage(name).title}'" for name in stages)


def _upper(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
