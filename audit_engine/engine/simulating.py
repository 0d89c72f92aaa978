"""Steps through a workflow with invented people and facts: no workspace, nothing written. Every step is a new value.

Who may do what, whether it happens and where it leads is asked of `relations`, `machine` and `timing`, so nothing
happens here that would be refused there. What guards ask of people's work is taken to be so until it is said to fail.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from audit_engine.calendars import day_in_words, is_working_day
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, OWNER
from audit_engine.definitions.workflow_parts_checks import ends_of_links, words_of_records
from audit_engine.engine.arriving import comes_from
from audit_engine.engine.demands import title_of_link
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.move_facts import Linked, MoveFacts, kept_values
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import conflicts_at, may_do, may_open, stands_as, taken_by
from audit_engine.engine.saying import as_recorded, judged_said
from audit_engine.engine.simulated_people import STAND_IN, at_first, cast, failed
from audit_engine.engine.timing import Clock, clock_after, entered_after, late_steps
from audit_engine.engine.workflow_parts_words import plain, sentence, who
from audit_engine.problems import Reason, Refused

OPEN = "escalation.open"
MOST_DAYS = 5_000
"""Days that one step may let pass."""


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever does an event says."""

    reason: str | None = None
    """In their own words, or the id of a listed one."""
    recorded: Mapping[str, str] = field(default_factory=dict)
    """Days as ISO."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Who takes a place: the name of somebody of the cast."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """What becomes known with it, by the names of conditions."""


NOTHING_SAID = Said()


@dataclass(frozen=True)
class Simulation:
    """How one thing stands."""

    read: ReadWorkflow
    stage: str
    today: date
    people: Mapping[str, UUID | None]
    """Who stands where; None: nobody yet."""
    values: Mapping[str, Value]
    """What conditions know of facts and of the work, known ones only."""
    recorded: Mapping[str, str]
    links: Mapping[str, Linked] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    entered: Mapping[str, str] = field(default_factory=dict)
    locked: bool = False
    """Nobody writes grades now."""
    escalations: int = 0
    """How many are open."""
    failing: frozenset[str] = frozenset()
    """Guards that were said to fail."""
    done: frozenset[int] = frozenset()
    """Steps of `overdue` that were done since it came to its stage."""
    lines: tuple[str, ...] = ()
    """What the last step did, in sentences."""


def begun(read: ReadWorkflow, today: date) -> Simulation:
    """Something that begins today, with everybody in place who stands there from the start."""
    first, people = read.first, at_first(read)
    clock = clock_after(read, Clock(), "", first.id, today)
    values: dict[str, Value] = {}
    if "graded" in read.kinds:
        values |= {"graded": True, "collaborative": False, "selected_for_moderation": False, "feedback": "given",
                   "answer": "none", "returned_times": 0}  # fmt: skip
    if "adjusted" in read.kinds:
        values["adjusted"] = False
    entered = entered_after({}, "", first.id, today)
    recorded = as_recorded(read, None)
    return Simulation(read, first.id, today, people, values, recorded, clock=clock, entered=entered)


# --- people do something ----------------------------------------------------------------------------------------


def somebody(simulation: Simulation, name: str) -> Actor:
    """Who is meant by a name: whoever stands there, else the one of the cast who is called so.

    Raises:
        KeyError: nobody is called so.
    """
    everybody = cast(simulation.read)
    person = simulation.people.get(name)
    if person is None:
        return everybody[name]
    return next(actor for actor in everybody.values() if actor.person == person)


def does(simulation: Simulation, name: str, event: str, said: Said = NOTHING_SAID) -> Simulation:
    """Somebody does an event.

    Raises:
        Refused: with every reason; nothing has changed.
        KeyError: nobody is called so, or there is no such event.
    """
    actor, read = somebody(simulation, name), simulation.read
    found = read.event(event)
    unsaid = [name for name in found.written.asks if name not in said.recorded]
    reasons = [
        *may_do(read, event, actor, simulation.people, stage=simulation.stage),
        *_unsaid(simulation, found, said),
    ]
    after = replace(simulation, values={**simulation.values, **said.values})
    try:
        to = next_stage(read, simulation.stage, event, facts_of(after, found, actor.person, said), unsaid=unsaid)
    except Refused as refused:
        if [one.rule for one in refused.reasons] == ["stage"]:
            reasons = []  # who may do it there is no question where it is not possible at all
        raise Refused(refused.what, _told([*reasons, *refused.reasons])) from None
    if reasons:
        raise Refused(f"cannot {plain(event)}", _told(reasons))
    return _moved(after, found, to, said, actor)


def _told(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """With a capital first: people of the cast are called by what they are."""
    return (replace(reason, text=f"{reason.text[:1].upper()}{reason.text[1:]}") for reason in reasons)


def _unsaid(simulation: Simulation, event: ReadEvent, said: Said) -> Iterator[Reason]:
    """What whoever does it must say and did not, and whom they may not name."""
    read, title = simulation.read, event.written.title
    missing = reason_missing(read, event.written.id, said.reason)
    if missing is not None:
        yield missing
    yield from judged_said(read, event.written.id, said.recorded)[1]
    for place in event.written.names:
        if place not in said.named:
            text = f"'{title}' asks who {who(read, place)} is from now on. Name somebody, as in {place} = manager."
            yield Reason("names", text)
            continue
        people = {**simulation.people, place: None}
        person = somebody(simulation, said.named[place]).person
        yield from conflicts_at(read, place, person, people, {person: who(read, said.named[place])})


def facts_of(simulation: Simulation, event: ReadEvent, actor: UUID | None, said: Said) -> MoveFacts:
    """What the machine decides on: records as this event leaves them."""
    read = simulation.read
    recorded = {**simulation.recorded, **said.recorded, **event.written.sets}
    facts = MoveFacts(
        values=known(simulation, recorded),
        overall=STAND_IN if simulation.values.get("graded", True) else None,
        permitted=(STAND_IN,),
        graded=bool(simulation.values.get("graded", True)),
        open_escalations=simulation.escalations,
        people=simulation.people,
        raised_by=simulation.people.get("auditor"),
        actor=actor,
        owner=simulation.people.get(OWNER) if OWNER in read.workflow.places else None,
        links=simulation.links,
        recorded=recorded,
        entered=simulation.entered,
        today=simulation.today,
    )
    return failed(facts, simulation.failing)


def known(simulation: Simulation, recorded: Mapping[str, str] | None = None) -> dict[str, Value]:
    """Everything conditions know now, but for the stage."""
    workflow = simulation.read.workflow
    kept = kept_values(
        simulation.recorded if recorded is None else recorded, simulation.links, words_of_records(workflow),
        ends_of_links(workflow),
    )  # fmt: skip
    is_open = simulation.escalations > 0 or workflow.governs == "escalation"
    return {**simulation.values, **kept, OPEN: is_open}


def _moved(simulation: Simulation, event: ReadEvent, to: str, said: Said, actor: Actor | None) -> Simulation:
    read, came_from = simulation.read, simulation.stage
    entered_from = comes_from(read, event.written.id, came_from, to)
    recorded = {**simulation.recorded, **said.recorded, **event.written.sets}
    named = {place: somebody(simulation, name).person for place, name in said.named.items()}
    taken = _taken(simulation, event, actor) if actor is not None else {}
    after = replace(
        simulation,
        stage=to,
        people={**simulation.people, **_given(simulation, event), **taken, **named},
        values=_counted(simulation, event),
        recorded=recorded,
        clock=clock_after(read, simulation.clock, entered_from, to, simulation.today, recorded),
        entered=entered_after(simulation.entered, entered_from, to, simulation.today),
        locked=read.locked_after(event.written.id, to, simulation.locked),
        done=simulation.done if to == entered_from else frozenset(),
    )
    doer = sentence(actor.reference)[:-1] if actor is not None else "By itself"
    where = "it stays where it is" if to == came_from else f"now at '{read.stage(to).title}'"
    lines = [f"{doer}: {event.written.title}; {where}."]
    for link in _opens(after, event):
        after = replace(after, links={**after.links, link: _one_more(after.links.get(link, Linked()))})
        lines.append(f"It opens by itself: {title_of_link(read, link)}.")
    return replace(after, lines=tuple(lines))


def _opens(after: Simulation, event: ReadEvent) -> Iterator[str]:
    values = {**known(after), "stage": after.stage}
    for link, when in event.opens:
        if when is None or when.outcome(values).held:
            yield link


def _taken(simulation: Simulation, event: ReadEvent, actor: Actor) -> dict[str, UUID | None]:
    """The free place that whoever does it takes by doing it."""
    read, people = simulation.read, simulation.people
    place = taken_by(read, event.written.by, actor, people)
    if place is not None:
        return {place: actor.person}
    chosen = (name for name in ("auditor", "moderator") if name in event.written.by and people.get(name) is None)
    return {name: actor.person for name in chosen if name in people and stands_as(read, name, actor, people)}


def _given(simulation: Simulation, event: ReadEvent) -> dict[str, UUID | None]:
    """The auditor, once an audit is allocated."""
    allocated = simulation.read.workflow.governs == AUDIT and event.written.id == "allocate"
    return {"auditor": cast(simulation.read)["auditor"].person} if allocated else {}


def _counted(simulation: Simulation, event: ReadEvent) -> dict[str, Value]:
    values = dict(simulation.values)
    if simulation.read.workflow.governs == AUDIT and event.written.id == "return":
        times = values.get("returned_times", 0)
        values["returned_times"] = (times if isinstance(times, int) else 0) + 1
    return values


def _one_more(linked: Linked) -> Linked:
    return replace(linked, open=linked.open + 1, opened=linked.opened + 1)


# --- what else happens ------------------------------------------------------------------------------------------


def opened(simulation: Simulation, link: str, name: str | None = None) -> Simulation:
    """One more hangs on it.

    Args:
        name: Who opens it by hand; None: nobody asks who.

    Raises:
        Refused: they may not, or not at this stage.
    """
    read, title = simulation.read, title_of_link(simulation.read, link)
    if name is not None:
        reasons = may_open(read, link, somebody(simulation, name), simulation.people, {}, simulation.stage)
        if reasons:
            raise Refused(f"cannot open {title}", _told(reasons))
    links = {**simulation.links, link: _one_more(simulation.links.get(link, Linked()))}
    return replace(simulation, links=links, lines=(f"Opened: {title}.",))


def ended(simulation: Simulation, link: str, end: str | None = None) -> Simulation:
    """One that hangs on it comes to an end. Raises Refused when none is open."""
    title, linked = title_of_link(simulation.read, link), simulation.links.get(link, Linked())
    if not linked.open:
        raise Refused(f"cannot end {title}", [Reason("open", f"None is open: {title}. Open one first.")])
    links = {**simulation.links, link: replace(linked, open=linked.open - 1, ended=end)}
    as_ = f", as {plain(end)}" if end is not None else ""
    return replace(simulation, links=links, lines=(f"Ended: {title}{as_}.",))


def escalated(simulation: Simulation, more: int) -> Simulation:
    """An escalation is raised (1) or closed (-1). Raises Refused when there is none to close."""
    if simulation.escalations + more < 0:
        raise Refused("cannot close an escalation", [Reason("open", "No escalation is open. Raise one first.")])
    line = "An escalation is raised." if more > 0 else "An escalation is closed."
    return replace(simulation, escalations=simulation.escalations + more, lines=(line,))


def with_value(simulation: Simulation, name: str, value: Value) -> Simulation:
    """Something is known now."""
    return replace(simulation, values={**simulation.values, name: value}, lines=())


def with_guard(simulation: Simulation, guard: str, *, holds: bool) -> Simulation:
    """What a guard asks is so, or is not."""
    failing = simulation.failing - {guard} if holds else simulation.failing | {guard}
    return replace(simulation, failing=failing, lines=())


# --- time -------------------------------------------------------------------------------------------------------


def later(simulation: Simulation, working_days: int) -> Simulation:
    """So many working days pass, and somebody looks on each of them: what is late happens."""
    lines: list[str] = []
    now = simulation
    for _ in range(working_days):
        now = replace(now, today=now.today + timedelta(days=1))
        while not is_working_day(now.today):
            now = replace(now, today=now.today + timedelta(days=1))
        now = _looked(now)
        lines += now.lines
    return replace(now, lines=(*lines, f"It is now {day_in_words(now.today)}."))


def until(simulation: Simulation, day: date) -> Simulation:
    """Time passes until `day`, and what is late by then happens. Raises Refused when that day has passed."""
    if day < simulation.today or (day - simulation.today).days > MOST_DAYS:
        why = "has passed" if day < simulation.today else "is too far off"
        text = f"{sentence(day_in_words(day))[:-1]} {why}: it is {day_in_words(simulation.today)}. Name a later day."
        if day > simulation.today:
            text = text.replace("a later day", "an earlier day")
        raise Refused("cannot wait until then", [Reason("day", text)])
    lines: list[str] = []
    now = simulation
    while now.today < day:
        now = _looked(replace(now, today=now.today + timedelta(days=1)))
        lines += now.lines
    return replace(now, lines=(*lines, f"It is now {day_in_words(now.today)}."))


def _looked(simulation: Simulation) -> Simulation:
    """Everything that is late by today is done, each once for each time it came to its stage."""
    now, lines = simulation, []
    for number, step in late_steps(now.read, now.stage, now.clock.due, now.today):
        if number in simulation.done:
            continue
        if step.event is None:
            whom, what = (step.remind, "reminded") if step.remind else (step.tell or "", "told")
            title = now.read.stage(now.stage).title
            due = day_in_words(now.clock.due)
            lines.append(f"{day_in_words(now.today)}: {who(now.read, whom)} is {what}: '{title}' was due on {due}.")
            now = replace(now, done=now.done | {number})
            continue
        event = now.read.event(step.event)
        try:
            to = next_stage(now.read, now.stage, step.event, facts_of(now, event, None, NOTHING_SAID))
        except Refused:
            continue  # it is tried again every time somebody looks
        moved = _moved(replace(now, done=now.done | {number}), event, to, NOTHING_SAID, None)
        lines += (f"{day_in_words(now.today)}: {line}" for line in moved.lines)
        now = moved
        if to != simulation.stage:
            break  # the rest was about the stage it left
    return replace(now, lines=tuple(lines))
