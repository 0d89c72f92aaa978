"""What is told of a workflow: values that pages, drawings and programs are made from. See `workflow_words`."""

from dataclasses import dataclass

from audit_engine.definitions.workflow_timing import Due


@dataclass(frozen=True, slots=True)
class StageTold:
    """One stage, with whom it waits for."""

    id: str
    title: str
    waits_for: str | None
    """`the auditor`, `a quality lead`; None at the end."""
    due: Due | None
    limit: str
    """How long whoever it waits for has, in words; empty where there is no limit of its own."""
    marks: tuple[str, ...]
    """What is so at this stage, in sentences."""
    clock: str
    """What the clock does here, in a sentence; empty where it simply begins anew."""
    held_by: str | None
    """Who holds it here: for everybody else it is there to be read."""
    hold: tuple[str, ...]
    """What that means, in sentences."""
    overdue: tuple[str, ...]
    """What happens when it is late, in sentences, earliest first."""


@dataclass(frozen=True, slots=True)
class EndTold:
    """Where an event leads."""

    stage: str
    """A stage's name, or `same_stage`."""
    title: str
    condition: str
    """`if ...`, `otherwise`; empty where the event has one end."""
    stays: bool = False
    """It leaves it where it is."""


@dataclass(frozen=True, slots=True)
class DemandTold:
    """One thing without which an event is refused."""

    rule: str
    """The guard's name, the condition as written, or `closed`, `opened`, `within`, `after`, `not_before`."""
    says: str
    """What must be so, or the sentence people read."""
    built_in: bool
    """It holds whatever a file leaves out."""
    condition: str
    """What the file asks, in words, where it has a sentence of its own for those it refuses."""
    only_to: str | None
    """Title of the one stage it is asked on the way to; None: always."""


@dataclass(frozen=True, slots=True)
class OpeningTold:
    """Something an event opens."""

    link: str
    title: str
    """`action`, to go on in a sentence."""
    condition: str
    """`if ...`; empty: always."""


@dataclass(frozen=True, slots=True)
class EventTold:
    """One event."""

    id: str
    title: str
    by: tuple[str, ...]
    """Names of people and roles, as written; `the_clock` among them where it happens by itself."""
    for_whom: str
    """The same in words: `the auditor or a quality lead`; `nobody` where it only happens by itself."""
    not_for: str
    """Who must not do it, though they hold the role; empty: nobody is kept out so."""
    by_itself: tuple[str, ...]
    """When it happens by itself, in sentences."""
    hold: tuple[str, ...]
    """What it has to do with whoever holds it, in sentences."""
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
    asks: tuple[str, ...]
    """What whoever does it must say, each with what it can be."""
    names: tuple[str, ...]
    """Places that whoever does it must say who takes: `the checker`."""
    sets: tuple[str, ...]
    """What it records by itself."""
    opens: tuple[OpeningTold, ...]
    unless: tuple[DemandTold, ...]
    """It is refused unless these hold."""
    lasting: tuple[str, ...]
    """What is so from then on."""

    @property
    def stays(self) -> bool:
        """Whether it never leads anywhere else."""
        return all(end.stays for end in self.ends)


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Somebody who stands in it, a role, or the clock, with what they may do."""

    name: str
    who: str
    """`the auditor`, `a quality lead`; of the clock `by itself`."""
    waiting: tuple[str, ...]
    """Stages, by name, that wait for them."""
    holding: tuple[str, ...]
    """Stages, by name, at which they hold it."""
    events: tuple[str, ...]
    """Events, by name, that they may do."""
    chosen: str
    """Where they come from, in sentences; empty for a role."""
    told: tuple[str, ...] = ()
    """What they are told or reminded of, in sentences."""
    opens: tuple[str, ...] = ()
    """What they may open by hand, in sentences."""


@dataclass(frozen=True, slots=True)
class RecordTold:
    """Something that is recorded while it goes on."""

    id: str
    title: str
    says: str
    """What it can be, and what it is at first, in a sentence or two."""


@dataclass(frozen=True, slots=True)
class LinkTold:
    """Something with a workflow of its own that may hang on it."""

    id: str
    title: str
    """`action`, to go on in a sentence."""
    workflow: str
    says: tuple[str, ...]
    """Who opens it when, who stands in it, how it may end, in sentences."""
    stages: tuple[str, ...]
    """Stages, by name, at which one may be opened by hand."""


@dataclass(frozen=True, slots=True)
class WorkflowTold:
    """All of it."""

    name: str
    version: str
    title: str
    governs: str
    """`audit`, `moderation`, `escalation` or `matter`."""
    one: str
    """What it governs, in words: `an audit`, `a challenge to a grade`."""
    about: tuple[str, ...]
    """Of a matter: its references, and what each is about, in sentences."""
    stages: tuple[StageTold, ...]
    events: tuple[EventTold, ...]
    people: tuple[PersonTold, ...]
    """Those who may do something or are waited for: the people of the audit first, then places, roles, the clock."""
    records: tuple[RecordTold, ...]
    links: tuple[LinkTold, ...]
    promises: tuple[str, ...]
    """The sentences of its properties."""
    always: tuple[str, ...]
    """What holds for everybody, whatever `by` says."""

    def event(self, name: str) -> EventTold:
        """The event called `name`. Raises StopIteration when there is none."""
        return next(event for event in self.events if event.id == name)

    def stage(self, name: str) -> StageTold:
        """The stage called `name`. Raises StopIteration when there is none."""
        return next(stage for stage in self.stages if stage.id == name)
