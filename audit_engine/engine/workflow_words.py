"""A workflow in sentences: what waits for whom, who may do what, where it leads, and every reason why not.

The sentences of guards are the guards' own (`guards.what_it_asks`), those of conditions are the file's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from audit_engine.definitions.workflow import Chosen, ReadEnd, ReadEvent, ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import (
    ANY_OPEN_STAGE,
    AUDIT,
    BUILT_IN_AT_LOCK,
    ESCALATION,
    MODERATION,
    PEOPLE,
    ROLES,
)
from audit_engine.definitions.workflow_timing import Due
from audit_engine.engine.condition_words import condition_in_words
from audit_engine.engine.guards import what_it_asks
from audit_engine.engine.relations import IN_ONE_CAPACITY, chosen_from

GOVERNED_IN_WORDS = {AUDIT: "an audit", MODERATION: "the moderation of an audit", ESCALATION: "an escalation"}
WRITTEN, COUNTED, THE_END = "Grades are written here.", "From here on the grades are final.", "The end."
EVERYWHERE = "any stage that is not the end"


@dataclass(frozen=True, slots=True)
class StageTold:
    """One stage, with whom it waits for."""

    id: str
    title: str
    waits_for: str | None
    """`the auditor`, `a quality lead`; None at the end."""
    due: Due | None
    marks: tuple[str, ...]
    """What is so at this stage, in sentences."""


@dataclass(frozen=True, slots=True)
class EndTold:
    """Where an event leads."""

    stage: str
    title: str
    condition: str
    """`if ...`, `otherwise`; empty where the event has one end."""


@dataclass(frozen=True, slots=True)
class DemandTold:
    """One thing without which an event is refused."""

    rule: str
    """The guard's name, or the condition as written."""
    says: str
    """What must be so, or the sentence people read."""
    built_in: bool
    """It holds whatever a file leaves out."""
    condition: str
    """What the file asks, in words; empty for a guard."""
    only_to: str | None
    """Title of the one stage it is asked on the way to; None: always."""


@dataclass(frozen=True, slots=True)
class EventTold:
    """One event."""

    id: str
    title: str
    by: tuple[str, ...]
    """Names of people and roles, as written."""
    for_whom: str
    """The same in words: `the auditor or a quality lead`."""
    leaves: tuple[str, ...]
    """Stages by their names."""
    everywhere: bool
    """It leaves every stage that is not the end."""
    from_where: str
    """The same in words, by their titles."""
    ends: tuple[EndTold, ...]
    reason_asked: bool
    """Whoever does it says why in their own words."""
    choices: tuple[str, ...]
    """The listed reasons one is chosen from."""
    unless: tuple[DemandTold, ...]
    """It is refused unless these hold."""
    lasting: tuple[str, ...]
    """What is so from then on."""


@dataclass(frozen=True, slots=True)
class PersonTold:
    """A person of the audit or a role, with what they may do."""

    name: str
    who: str
    """`the auditor`, `a quality lead`."""
    waiting: tuple[str, ...]
    """Stages, by name, that wait for them."""
    events: tuple[str, ...]
    """Events, by name, that they may do."""
    chosen: str
    """Where they come from, in a sentence; empty for a role."""


@dataclass(frozen=True, slots=True)
class WorkflowTold:
    """All of it."""

    name: str
    version: str
    title: str
    governs: str
    """`audit`, `moderation` or `escalation`."""
    stages: tuple[StageTold, ...]
    events: tuple[EventTold, ...]
    people: tuple[PersonTold, ...]
    """Those who may do something or are waited for: the people of the audit first, then roles."""
    always: tuple[str, ...]
    """What holds for everybody, whatever `by` says."""

    def event(self, name: str) -> EventTold:
        """The event called `name`. Raises StopIteration when there is none."""
        return next(event for event in self.events if event.id == name)

    def stage(self, name: str) -> StageTold:
        """The stage called `name`. Raises StopIteration when there is none."""
        return next(stage for stage in self.stages if stage.id == name)


def told(read: ReadWorkflow) -> WorkflowTold:
    """A workflow in sentences."""
    workflow = read.workflow
    named = {name for event in workflow.events for name in event.by} | {stage.waits_for for stage in workflow.stages}
    order = [*PEOPLE, *(role for role in ROLES if role not in PEOPLE)]
    return WorkflowTold(
        name=workflow.workflow,
        version=workflow.version,
        title=workflow.title,
        governs=workflow.governs,
        stages=tuple(_stage(read, stage) for stage in workflow.stages),
        events=tuple(_event(read, event) for event in read.events.values()),
        people=tuple(_person(read, name) for name in order if name in named),
        always=IN_ONE_CAPACITY if workflow.governs == AUDIT else IN_ONE_CAPACITY[:1],
    )


def persons_of(read: ReadWorkflow, name: str) -> tuple[PersonTold, ...]:
    """The parts that are for one person or role: its own, and the places that are filled from that role."""
    places = [place for place in PEOPLE if place != name and chosen_from(read, place) == name]
    known = [one for one in (name, *places) if one == name or one in read.workflow.people_known]
    return tuple(_person(read, one) for one in known)


def who(read: ReadWorkflow, name: str) -> str:
    """What a workflow calls `name`, in words: `the auditor`, `a quality lead`."""
    words = name.replace("_", " ")
    if name in read.workflow.people_known:
        return f"the {words}"
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def or_(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *rest, last = words
    return f"{', '.join(rest)} or {last}" if rest else last


def _stage(read: ReadWorkflow, stage: Stage) -> StageTold:
    marks = ((stage.grades, WRITTEN), (stage.finalises, COUNTED), (stage.final, THE_END))
    waits_for = who(read, stage.waits_for) if stage.waits_for is not None else None
    return StageTold(stage.id, stage.title, waits_for, stage.due, tuple(words for holds, words in marks if holds))


def _person(read: ReadWorkflow, name: str) -> PersonTold:
    return PersonTold(
        name=name,
        who=who(read, name),
        waiting=tuple(stage.id for stage in read.workflow.stages if stage.waits_for == name),
        events=tuple(event.id for event in read.workflow.events if name in event.by),
        chosen=_chosen(read, name) if name in read.workflow.people_known else "",
    )


def _chosen(read: ReadWorkflow, name: str) -> str:
    people = read.workflow.people
    if people is None:
        return f"The {name} of the audit."
    chosen: Chosen | None = people.chosen.get(name)
    if chosen is None:
        return f"The {name} whom the case list names."
    others = or_(f"the {other}" for other in chosen.independent_of)
    return f"Chosen among those who hold the role {chosen.role.replace('_', ' ')}; never {others} of the audit."


def _event(read: ReadWorkflow, event: ReadEvent) -> EventTold:
    written = event.written
    everywhere = written.sources == (ANY_OPEN_STAGE,)
    choices = read.workflow.reasons[written.reason_from] if written.reason_from is not None else ()
    return EventTold(
        id=written.id,
        title=written.title,
        by=written.by,
        for_whom=or_(who(read, name) for name in written.by),
        leaves=event.leaves,
        everywhere=everywhere,
        from_where=EVERYWHERE if everywhere else or_(f"'{read.stage(name).title}'" for name in event.leaves),
        ends=tuple(_ends(read, event)),
        reason_asked=written.reason == "required",
        choices=tuple(choice.label for choice in choices),
        unless=tuple(_demands(read, event)),
        lasting=tuple(_lasting(read, event)),
    )


def condition_said(read: ReadWorkflow, end: ReadEnd, several: bool) -> str:
    """`if ...`, `otherwise`, or nothing where there is only one end."""
    if end.when is None:
        return "otherwise" if several else ""
    return f"if {condition_in_words(end.when, {stage.id: stage.title for stage in read.workflow.stages})}"


def _ends(read: ReadWorkflow, event: ReadEvent) -> Iterable[EndTold]:
    for end in event.ends:
        yield EndTold(end.to, read.stage(end.to).title, condition_said(read, end, len(event.ends) > 1))


def _demands(read: ReadWorkflow, event: ReadEvent) -> Iterable[DemandTold]:
    built_in = BUILT_IN_AT_LOCK[read.workflow.governs] if event.written.locks else ()
    at_ends = [set(end.guards) for end in event.ends]
    everywhere = set.intersection(*at_ends)
    for name in event.guards:
        yield DemandTold(name, what_it_asks(name), name in built_in or name in everywhere, "", None)
    told_already = set(event.guards)
    for end in event.ends:
        for name in end.guards:
            if name not in told_already:
                only_to = None if name in everywhere else read.stage(end.to).title
                yield DemandTold(name, what_it_asks(name), True, "", only_to)
                told_already |= {name} if only_to is None else set()
    titles = {stage.id: stage.title for stage in read.workflow.stages}
    for condition, sentence in event.conditions:
        yield DemandTold(condition.text, sentence, False, condition_in_words(condition, titles), None)


def _lasting(read: ReadWorkflow, event: ReadEvent) -> Iterable[str]:
    if event.written.locks:
        yield "From then on nobody writes grades, unless it comes to a stage again where they are written."
    for stage in dict.fromkeys(end.to for end in event.ends):
        found = read.stage(stage)
        if found.grades:
            yield f"At '{found.title}' grades may be written."
        if found.finalises:
            yield f"At '{found.title}' the grades become final."
        if found.final:
            yield f"At '{found.title}' it has ended: nothing leads on from there."
