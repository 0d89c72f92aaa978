"""What a workflow keeps beside its stage, in sentences: places, records, links, clocks, and demands upon them."""

from collections.abc import Iterable, Iterator

from audit_engine.definitions.conditions import Condition
from audit_engine.definitions.workflow import Event, ReadEvent, ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import ANY_OPEN_STAGE, AUDIT, THE_AUDIT, THE_CLOCK, person_in_words
from audit_engine.definitions.workflow_parts import AN_AUDIT, DAY, NAMING, OPENER, TEXT, Demand, Link, Place, Record
from audit_engine.definitions.workflow_timing import PAUSES, RECORDED, RUNS_ON, Due, Overdue, in_working_days
from audit_engine.engine.condition_words import condition_in_words, with_article
from audit_engine.engine.demands import title_of_link
from audit_engine.engine.workflow_told import DemandTold, LinkTold, OpeningTold, RecordTold

EVERYWHERE = "any stage that is not the end"
_KINDS = {TEXT: "in one's own words", DAY: "a day", AN_AUDIT: "another audit of the same case, by its reference"}
_SHORT_KINDS = {TEXT: "in your own words", DAY: "a day", AN_AUDIT: "an audit of the same case, by its reference"}
_LATE = {0: "As soon as it is late", 1: "As soon as it is late"}


def who(read: ReadWorkflow, name: str) -> str:
    """What a workflow calls `name`, in words: `the auditor`, `a quality lead`."""
    if name == THE_CLOCK:
        return "the clock by itself"
    return person_in_words(name) if name in read.workflow.people_known else with_article(plain(name))


def plain(name: str) -> str:
    """A name as a word of a sentence."""
    return name.replace("_", " ")


def or_(words: Iterable[str]) -> str:
    """`a, b or c`; nothing of nothing."""
    *rest, last = [*words] or [""]
    return f"{', '.join(rest)} or {last}" if rest else last


def and_(words: Iterable[str]) -> str:
    """`a, b and c`; nothing of nothing."""
    *rest, last = [*words] or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def sentence(words: str) -> str:
    """A capital first, and one full stop at the end."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def asked(read: ReadWorkflow, condition: Condition) -> str:
    """What a condition asks, to go on from 'if', with the titles of this workflow."""
    titles = {stage.id: stage.title for stage in read.workflow.stages}
    return condition_in_words(condition, titles, {name: title_of_link(read, name) for name in read.workflow.links})


def stages_said(read: ReadWorkflow, names: Iterable[str]) -> str:
    """Stages by their titles: `'Drawn' or 'Allocated'`, or every open one."""
    names = tuple(names)
    return EVERYWHERE if names == (ANY_OPEN_STAGE,) else or_(f"'{read.stage(name).title}'" for name in names)


# --- places -----------------------------------------------------------------------------------------------------


def place_said(read: ReadWorkflow, name: str) -> str:
    """Who takes a place, and who must not, in sentences."""
    place = read.workflow.places[name]
    return " ".join([sentence(taken(place)), *_named_anew(read, name), *_kept_apart(read, name)])


def taken(place: Place) -> str:
    """Who takes a place: `whoever opened it`."""
    role = f"those who hold the role {plain(place.role)}" if place.role is not None else ""
    if place.origin == OPENER:
        return "whoever opened it" + (f", of {role}" if role else "")
    if place.origin == NAMING:
        return "named by whoever opens it" + (f", among {role}" if role else "")
    return f"whoever first does what is given to them here, among {role}"


def _named_anew(read: ReadWorkflow, name: str) -> Iterator[str]:
    events = [f"'{event.title}'" for event in read.workflow.events if name in event.names]
    if events:
        yield f"Named anew by {or_(events)}."


def apart_from(read: ReadWorkflow, name: str) -> tuple[str, ...]:
    """The people and places that must be somebody else than whoever takes the place `name`, whichever says so."""
    places = read.workflow.places
    also = (other for other, place in places.items() if name in place.independent_of)
    return tuple(dict.fromkeys((*places[name].independent_of, *also)))


def _kept_apart(read: ReadWorkflow, name: str) -> Iterator[str]:
    others = [person_in_words(other) for other in apart_from(read, name)]
    if others:
        yield f"Never the same person as {or_(others)}."


# --- records ----------------------------------------------------------------------------------------------------


def record_told(name: str, record: Record) -> RecordTold:
    """A record with what it can be."""
    return RecordTold(name, record.title, sentence(can_be(record)) + _at_first(record))


def can_be(record: Record) -> str:
    """What a record can be: `given, refused or not asked`; `a day`."""
    return or_(map(plain, record.one_of)) if record.one_of else _KINDS[record.kinds[0]]


def _at_first(record: Record) -> str:
    if record.at_first is not None:
        return f" At first {plain(record.at_first)}."
    return " Not known until somebody says it." if record.one_of else ""


def asks(read: ReadWorkflow, event: Event) -> Iterator[str]:
    """What whoever does an event must say."""
    for name in event.asks:
        record = read.workflow.records[name]
        words = or_(map(plain, record.one_of)) if record.one_of else _SHORT_KINDS[record.kinds[0]]
        yield f"{record.title} ({words})"


def sets(read: ReadWorkflow, event: Event) -> Iterator[str]:
    """What an event records by itself."""
    for name, word in event.sets.items():
        yield f"'{read.workflow.records[name].title}' as {plain(word)}"


# --- links ------------------------------------------------------------------------------------------------------


def link_told(read: ReadWorkflow, name: str) -> LinkTold:
    """Something that may hang on it, with who opens it and how it ends."""
    link = read.workflow.links[name]
    everywhere = link.sources == (ANY_OPEN_STAGE,)
    stages = tuple(one.id for one in read.workflow.stages if not one.final) if everywhere else link.sources
    return LinkTold(name, title_of_link(read, name), link.workflow, tuple(_link_said(read, name, link)), stages)


def _link_said(read: ReadWorkflow, name: str, link: Link) -> Iterator[str]:
    yield f"It goes a way of its own: see the workflow {link.workflow}."
    if link.by:
        yield sentence(f"{or_(who(read, one) for one in link.by)} may open one at {stages_said(read, link.sources)}")
    for event in read.events.values():
        for opened, when in event.opens:
            if opened == name:
                condition = f", if {asked(read, when)}" if when is not None else ""
                yield f"'{event.written.title}' opens one by itself{condition}."
    for place, person in link.places.items():
        yield f"Its {plain(place)} is {who(read, person)}."
    if link.words is not None:
        yield f'What it is about, where it is opened by itself: "{link.words}"'
    if link.ends:
        yield f"It ends as {or_(map(plain, link.ends))}."


def opening_told(read: ReadWorkflow, event: ReadEvent) -> Iterator[OpeningTold]:
    """What an event opens."""
    for name, when in event.opens:
        yield OpeningTold(name, title_of_link(read, name), f"if {asked(read, when)}" if when is not None else "")


# --- clocks -----------------------------------------------------------------------------------------------------


def limit(read: ReadWorkflow, due: Due | None) -> str:
    """How long somebody has: `10 working days`, `until the day that is recorded as '...'`; nothing without a limit."""
    if due is not None and due.kind == RECORDED:
        return f"until the day that is recorded as '{read.workflow.records[due.record].title}'"
    return due.limit if due is not None else ""


def clock_said(read: ReadWorkflow, stage: Stage) -> str:
    """What the clock does at a stage, in a sentence; nothing where it begins anew."""
    if stage.clock == RUNS_ON:
        own = f" Where none was running: {limit(read, stage.due)}." if stage.due is not None else ""
        return f"The time of the stage before runs on.{own}"
    if stage.clock == PAUSES:
        return "The clock stands still here. Back at the stage before, as many working days are left as there were."
    return ""


def overdue_said(read: ReadWorkflow, step: Overdue) -> str:
    """What happens when it is late, in a sentence."""
    when = late(step)
    if step.event is not None:
        return f"{when}, this happens by itself: '{read.event(step.event).written.title}'."
    if step.remind is not None:
        return f"{when}, {who(read, step.remind)} is reminded."
    return f"{when}, {who(read, step.tell or '')} is told."


def late(step: Overdue) -> str:
    """`Once it is 5 working days late`."""
    return _LATE.get(step.after, f"Once it is {in_working_days(step.after)} late")


def by_itself(read: ReadWorkflow, event: Event) -> Iterator[str]:
    """When an event happens by itself."""
    if THE_CLOCK not in event.by:
        return
    for stage in read.workflow.stages:
        for step in stage.overdue:
            if step.event == event.id:
                when = late(step)
                yield f"It happens by itself {when[:1].lower()}{when[1:]} at '{stage.title}'."


def told_of(read: ReadWorkflow, name: str) -> Iterator[str]:
    """What somebody is reminded or told of when it is late; what comes at the same time in one sentence."""
    found: dict[tuple[str, str], list[str]] = {}
    for stage in read.workflow.stages:
        for step in stage.overdue:
            if name in (step.remind, step.tell):
                what = "are reminded" if step.remind == name else "are told"
                when = late(step)
                found.setdefault((what, f"{when[:1].lower()}{when[1:]}"), []).append(f"'{stage.title}'")
    for (what, when), titles in found.items():
        yield f"You {what} {when} at {or_(titles)}."


def held_said(read: ReadWorkflow, stage: Stage) -> Iterator[str]:
    """What it means that somebody holds it at a stage."""
    if stage.held_by is None:
        return
    through = [f"'{event.title}'" for event in read.workflow.events
               if event.breaks_hold and stage.id in read.workflow.left_by(event)]  # fmt: skip
    but = f", except for {or_(through)}" if through else ""
    yield f"{sentence(who(read, stage.held_by))[:-1]} holds it here: everybody else can only read it{but}."
    if read.workflow.governs == AUDIT or read.workflow.about == THE_AUDIT:
        yield "A concern for a child can always be raised."


def hold_said(read: ReadWorkflow, event: ReadEvent) -> Iterator[str]:
    """What an event has to do with whoever holds it at the stages it leaves."""
    held = [stage for stage in map(read.stage, event.leaves) if stage.held_by is not None]
    if event.written.breaks_hold and held:
        yield "Possible also while somebody else holds it."
        return
    for stage in held:
        if any(name not in (stage.held_by, THE_CLOCK) for name in event.written.by):
            yield f"At '{stage.title}' only {who(read, stage.held_by or '')} can do this, who holds it there."


# --- demands ----------------------------------------------------------------------------------------------------


def demand_told(read: ReadWorkflow, demand: Demand) -> DemandTold:
    """What an event asks of links, days and windows."""
    words = demand_said(read, demand)
    if demand.otherwise is None:
        return DemandTold(demand.forms[0], sentence(words), False, "", None)
    return DemandTold(demand.forms[0], demand.otherwise, False, words, None)


def demand_said(read: ReadWorkflow, demand: Demand) -> str:
    """What a demand asks, to go on from 'unless'."""
    if demand.closed is not None:
        return f"no {title_of_link(read, demand.closed)} is open"
    if demand.opened is not None:
        return f"{with_article(title_of_link(read, demand.opened))} was opened"
    if demand.not_before is not None:
        return f"the day has come that is recorded as '{read.workflow.records[demand.not_before].title}'"
    since = f"since it last came to '{read.stage(demand.of).title}'" if demand.of else "since it came to where it is"
    if demand.within is not None:
        return f"not more than {in_working_days(demand.within)} have passed {since}"
    return f"more than {in_working_days(demand.after or 0)} have passed {since}"


def about_said(read: ReadWorkflow) -> Iterator[str]:
    """Of a matter: its references and what it is about."""
    workflow = read.workflow
    if workflow.references is not None:
        yield f"Its references are like {workflow.references}-0001."
    if workflow.about is not None:
        known = (
            ", and its practitioner, manager, auditor and moderator are those of that audit"
            if workflow.about == THE_AUDIT
            else ""
        )
        which = "" if known else ", and whoever opens it says which"
        yield f"It is about {with_article(workflow.about)}{known}{which}."
