"""Workflows: stages, the events that lead from one to the next, who may do them and under which conditions.

Names in `by` and `waits_for` are people of the audit first (practitioner, manager, auditor, moderator), then places,
and roles last. So `by: [manager]` is the manager of the practitioner on the case, and `by: [quality_lead]` is anybody
who holds that role. An audit's workflow says in `people` where they come from; moderations and escalations belong to
an audit, so there the four are understood and `people` is not written. A matter is anything else that goes its own
way: an action, a challenge, a recommendation; who stands in it is said in `places`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.conditions import Condition, Kind
from audit_engine.definitions.properties import Property, ReadProperty
from audit_engine.definitions.reading import Definition, Identifier, Label, Version, YesNo, as_one_of
from audit_engine.definitions.workflow_names import (
    ABOUT,
    ANY_OPEN_STAGE,
    AUDIT,
    GOVERNED,
    MATTER,
    PEOPLE,
    ROLES,
    SAME_STAGE,
    THE_AUDIT,
    THE_CLOCK,
)
from audit_engine.definitions.workflow_parts import (
    MAX_LINKS,
    MAX_PLACES,
    MAX_RECORDS,
    Demand,
    LeftStage,
    Link,
    Opening,
    Place,
    Record,
    References,
)
from audit_engine.definitions.workflow_timing import CLOCKS, STARTS, OverdueSteps, WrittenDue

MAX_STAGES = 200
MAX_WAYS = 1_000
"""Stage, event and end: each is one way through the workflow."""


class FromCase(Definition):
    """Somebody the case list names."""

    origin: Annotated[str, as_one_of(("case",)), Field(alias="from")]


class Chosen(Definition):
    """Somebody who is chosen for one audit, among those who hold a role."""

    role: Annotated[str, as_one_of(ROLES)]
    independent_of: Annotated[tuple[Annotated[str, as_one_of(PEOPLE)], ...], Field(min_length=1, max_length=4)]


class People(Definition):
    """Who stands where in one audit."""

    practitioner: FromCase
    manager: FromCase
    auditor: Chosen
    moderator: Chosen | None = None
    """None in a workflow without moderation."""

    @property
    def chosen(self) -> dict[str, Chosen]:
        """Auditor and moderator, where there is one."""
        both = {"auditor": self.auditor, "moderator": self.moderator}
        return {name: chosen for name, chosen in both.items() if chosen is not None}


class ListedReason(Definition):
    """One reason of a list a person chooses from."""

    id: Identifier
    label: Label


class Stage(Definition):
    """Where an audit, a moderation or an escalation is."""

    id: Identifier
    title: Label
    waits_for: Identifier | None = None
    """Who goes on from here; None for final stages."""
    due: WrittenDue | None = None
    """Until when they should have gone on."""
    clock: Annotated[str, as_one_of(CLOCKS)] = STARTS
    """What the clock does when it is entered."""
    overdue: OverdueSteps = ()
    """What happens when it is late."""
    held_by: Identifier | None = None
    """Who holds it here: for everybody else it is there to be read, and no more."""
    grades: YesNo = False
    """Grades may be written here, until an event locks them."""
    finalises: YesNo = False
    """Entering it makes the grades final: from now on they count."""
    final: YesNo = False
    """Nothing leads on from here."""


class End(Definition):
    """One stage an event may lead to."""

    to: Identifier
    """`same_stage`: it stays where it is, and its clock runs on."""
    when: str | None = None


class Event(Definition):
    """A named way on."""

    id: Identifier
    title: Label
    sources: Annotated[tuple[LeftStage, ...], Field(alias="from", min_length=1, max_length=MAX_STAGES)]
    by: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=20)]
    """People and roles; `the_clock` does it by itself, when something is late."""
    none_of: Annotated[tuple[Identifier, ...], Field(max_length=8)] = ()
    """People of it whom whoever does this must not be, though `by` names a role of theirs."""
    breaks_hold: YesNo = False
    """It can be done also while somebody else holds it."""
    only_if: Annotated[tuple[Demand, ...], Field(max_length=30)] = ()
    reason: Annotated[str, as_one_of(("required", "none"))] = "none"
    """`required`: whoever does it says why in their own words."""
    reason_from: Identifier | None = None
    """The list whoever does it chooses a reason from."""
    asks: Annotated[tuple[Identifier, ...], Field(max_length=8)] = ()
    """Records that whoever does it must say."""
    sets: dict[Identifier, Identifier] = {}
    """Records that it sets by itself, to one of their words."""
    names: Annotated[tuple[Identifier, ...], Field(max_length=4)] = ()
    """Places that whoever does it must say who takes."""
    opens: Annotated[tuple[Opening, ...], Field(max_length=8)] = ()
    """What it opens, which then hangs on this."""
    locks: Annotated[str, as_one_of(("grades",))] | None = None
    """After it nobody writes grades until a stage with `grades: yes` is entered again."""
    ends: Annotated[tuple[End, ...], Field(min_length=1, max_length=20)]
    """In order: the first whose condition holds. The last has none."""

    @property
    def by_itself(self) -> bool:
        """Whether only the clock does it, and nobody by hand."""
        return set(self.by) == {THE_CLOCK}


class Workflow(Definition):
    """A declared state machine, as written."""

    workflow: Identifier
    version: Version
    title: Label
    governs: Annotated[str, as_one_of(GOVERNED)]
    scale: Identifier | None = None
    """Whose grades conditions may speak of as `overall` and `suggested`."""
    facts: Identifier | None = None
    """The codebook whose facts conditions may speak of."""
    references: References | None = None
    """Of a matter: what its references begin with."""
    about: Annotated[str, as_one_of(ABOUT)] | None = None
    """Of a matter: what each is about."""
    people: People | None = None
    places: Annotated[dict[Identifier, Place], Field(max_length=MAX_PLACES)] = {}
    """Who else stands in it."""
    records: Annotated[dict[Identifier, Record], Field(max_length=MAX_RECORDS)] = {}
    """What can be recorded while it goes on."""
    links: Annotated[dict[Identifier, Link], Field(max_length=MAX_LINKS)] = {}
    """What may hang on it."""
    reasons: dict[Identifier, Annotated[tuple[ListedReason, ...], Field(min_length=1, max_length=40)]] = {}
    stages: Annotated[tuple[Stage, ...], Field(min_length=2, max_length=MAX_STAGES)]
    """The first is where everything starts."""
    events: Annotated[tuple[Event, ...], Field(min_length=1, max_length=200)]
    properties: Annotated[tuple[Property, ...], Field(max_length=40)] = ()
    """What must never, always or in the end be so; a file that breaks one is not used."""

    @property
    def stage_ids(self) -> tuple[str, ...]:
        """The stages' names, in order."""
        return tuple(stage.id for stage in self.stages)

    @property
    def people_known(self) -> tuple[str, ...]:
        """The people that `by` and `waits_for` may name: those of the audit, and those who have a place here."""
        if self.governs == AUDIT:
            own = ("practitioner", "manager", *self.people.chosen) if self.people is not None else ()
        else:
            own = PEOPLE if self.governs != MATTER or self.about == THE_AUDIT else ()
        return (*own, *self.places)

    def left_by(self, event: Event) -> tuple[str, ...]:
        """The stages an event leaves, `any_open_stage` spelled out."""
        if event.sources == (ANY_OPEN_STAGE,):
            return tuple(stage.id for stage in self.stages if not stage.final)
        return event.sources

    def stages_by_hand(self, link: Link) -> tuple[str, ...]:
        """The stages at which one may be opened by hand, `any_open_stage` spelled out."""
        if ANY_OPEN_STAGE in link.sources:
            return tuple(stage.id for stage in self.stages if not stage.final)
        return link.sources

    def arrives(self, end: "End | ReadEnd", stage: str) -> str:
        """The stage an end leads to from `stage`."""
        return stage if end.to == SAME_STAGE else end.to


@dataclass(frozen=True)
class ReadEnd:
    """One stage an event may lead to, with its condition and what is built in on the way there."""

    to: str
    """A stage, or `same_stage`."""
    when: Condition | None
    guards: tuple[str, ...]


@dataclass(frozen=True)
class ReadEvent:
    """An event with everything that allows it."""

    written: Event
    leaves: tuple[str, ...]
    """Stages, spelled out."""
    guards: tuple[str, ...]
    """Those the file names, then those built in."""
    conditions: tuple[tuple[Condition, str], ...]
    """Each with the sentence of its refusal."""
    ends: tuple[ReadEnd, ...]
    demands: tuple[Demand, ...] = ()
    """What it asks of links, days and windows."""
    opens: tuple[tuple[str, Condition | None], ...] = ()
    """The links it opens, each with its condition."""


@dataclass(frozen=True)
class ReadWorkflow:
    """A workflow with everything it speaks of: ready to run, frozen. Two of one digest are the same."""

    digest: str
    """SHA-256 of `text`, hex."""
    text: str = field(compare=False, repr=False)
    """What a pin keeps: JSON of the file's text and of the scale and codebook it names."""
    workflow: Workflow = field(compare=False)
    events: Mapping[str, ReadEvent] = field(compare=False, repr=False)
    """By name, in the file's order."""
    properties: tuple[ReadProperty, ...] = field(default=(), compare=False, repr=False)
    """In the file's order."""
    kinds: Mapping[str, Kind] = field(default_factory=dict, compare=False, repr=False)
    """What its conditions may speak of."""

    @property
    def first(self) -> Stage:
        """Where everything starts."""
        return self.workflow.stages[0]

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.workflow.stages}

    def stage(self, name: str) -> Stage:
        """The stage called `name`. Raises KeyError when there is none."""
        return self._stages[name]

    def event(self, name: str) -> ReadEvent:
        """The event called `name`. Raises KeyError when there is none."""
        return self.events[name]

    def events_from(self, stage: str) -> tuple[ReadEvent, ...]:
        """The events that leave a stage, in the file's order."""
        return tuple(event for event in self.events.values() if stage in event.leaves)

    def locked_after(self, event: str, to: str, locked: bool) -> bool:
        """Whether grades are locked once `event` has led to the stage `to`.

        Args:
            locked: Whether they were locked before.
        """
        return is_locked_after(self.events[event].written, self.stage(to), locked)

    @cached_property
    def locked_stages(self) -> frozenset[str]:
        """Stages that are only ever reached with locked grades: there a moderator may see the auditor's grades."""
        found = situations(self.workflow)
        return frozenset(stage for stage, locked in found if locked and (stage, False) not in found)

    @cached_property
    def seen_stages(self) -> frozenset[str]:
        """Of a moderation: the stages at which its moderator sees the auditor's grades beside their own.

        Not where it ended without a decision: then the audit is graded again, and moderated again blind.
        """
        return frozenset(
            stage for stage in self.locked_stages if self.stage(stage).finalises or not self.stage(stage).final
        )


def is_locked_after(event: Event, to: Stage, locked: bool) -> bool:
    """Whether grades are locked once an event has led to a stage, and were `locked` before."""
    return False if to.grades else locked or event.locks is not None


def situations(workflow: Workflow) -> frozenset[tuple[str, bool]]:
    """Every stage that can be reached from the first, with whether grades are then locked. Conditions do not count."""
    stages = {stage.id: stage for stage in workflow.stages}
    pending = [(workflow.stages[0].id, False)]
    found = set(pending)
    while pending:
        here, locked = pending.pop()
        for event, to in ways_from(workflow, here):
            there = (to, is_locked_after(event, stages[to], locked))
            if there not in found:
                found.add(there)
                pending.append(there)
    return frozenset(found)


def ways_from(workflow: Workflow, stage: str) -> Iterator[tuple[Event, str]]:
    """Every event that leaves a stage, with each stage it may lead to."""
    for event in workflow.events:
        if stage in workflow.left_by(event):
            for end in event.ends:
                yield (event, workflow.arrives(end, stage))
