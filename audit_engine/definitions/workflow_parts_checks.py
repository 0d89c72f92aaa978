"""What is wrong with records, places, links, clocks and holds of a workflow that has the right shape."""

from collections.abc import Iterator, Mapping

from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import Event, Stage, Workflow
from audit_engine.definitions.workflow_names import (
    ANY_OPEN_STAGE,
    AUDIT,
    ESCALATION,
    MATTER,
    MODERATION,
    PEOPLE,
    ROLES,
    THE_AUDIT,
    THE_CLOCK,
)
from audit_engine.definitions.workflow_parts import DAY, NAMING, WORDS, Demand
from audit_engine.definitions.workflow_timing import PAUSES, RECORDED
from audit_engine.problems import Problem

KEEPS_NOTHING = (MODERATION, ESCALATION)
"""Kinds of workflow without places, records and links of their own: what they keep is built in."""


def parts_problems(source: Source, workflow: Workflow) -> Iterator[Problem]:
    """Every problem of what a workflow keeps beside its stage, and of its clocks."""
    yield from _of_other_kinds(source, workflow)
    yield from _records(source, workflow)
    yield from _places(source, workflow)
    yield from _links(source, workflow)
    for n, stage in enumerate(workflow.stages):
        yield from _clock(source, ("stages", n), workflow, stage)
        yield from _hold(source, ("stages", n), workflow, stage)
    for n, event in enumerate(workflow.events):
        yield from _event(source, ("events", n), workflow, event)
        yield from _by_the_clock(source, ("events", n), workflow, event)


# --- which keys belong to which kind ----------------------------------------------------------------------------


def _of_other_kinds(source: Source, workflow: Workflow) -> Iterator[Problem]:
    is_matter = workflow.governs == MATTER
    for key, written in (("references", workflow.references), ("about", workflow.about)):
        if is_matter and written is None:
            how = {"references": "as in references: ACT", "about": "as in about: audit"}[key]
            yield source.problem((), "D059", f"a matter says in '{key}' {_MATTER_KEYS[key]}", f"Add it, {how}.")
        elif not is_matter and written is not None:
            yield source.problem((key,), "D059", f"'{key}' is for matters only", "Delete this key.", key=True)
    if workflow.governs in KEEPS_NOTHING:
        for key in ("places", "records", "links"):
            if getattr(workflow, key):
                message = f"{_KINDS[workflow.governs]} has no {key} of its own"
                yield source.problem((key,), "D059", message, "Delete this key; what it keeps is built in.", key=True)
        for n, event in enumerate(workflow.events):
            for key in ("asks", "sets", "names", "opens"):
                if getattr(event, key):
                    message = f"'{key}' cannot be used in the events of {_KINDS[workflow.governs]}"
                    yield source.problem(("events", n, key), "D059", message, "Delete this key.", key=True)


_MATTER_KEYS = {"references": "what its references begin with", "about": "what each is about"}
_KINDS = {MODERATION: "a moderation", ESCALATION: "an escalation"}


# --- records, places, links -------------------------------------------------------------------------------------


def _records(source: Source, workflow: Workflow) -> Iterator[Problem]:
    for name, record in workflow.records.items():
        route: Route = ("records", name)
        if len(record.kinds) != 1:
            what = "does not say what it can be" if not record.kinds else "is several things at once"
            hint = "Write one of 'one_of', 'text', 'day' and 'audit'."
            yield source.problem(route, "D073", f"this record {what}", hint)
        words = record.one_of or ()
        if record.at_first is not None and record.at_first not in words:
            message = f"'{record.at_first}' is not one of the words of this record"
            yield source.problem((*route, "at_first"), "D073", message, offered(record.at_first, words))
        if len(set(words)) < len(words):
            yield source.problem((*route, "one_of"), "D016", "a word stands here twice", "Keep one of them.", key=True)


def _places(source: Source, workflow: Workflow) -> Iterator[Problem]:
    known = {*PEOPLE, *workflow.places}
    for name, place in workflow.places.items():
        route: Route = ("places", name)
        if name in (*PEOPLE, *ROLES, THE_CLOCK):
            message = f"'{name}' is a person or role already, so no place can be called that"
            yield source.problem(route, "D079", message, "Choose another name.", key=True)
        if place.origin is None and place.role is None:
            hint = "Write 'from: opener', 'from: naming' or 'role: ...'."
            yield source.problem(route, "D079", "nothing says who takes this place", hint)
        if place.origin is not None and workflow.governs != MATTER:
            message = "for an audit nobody is named and nobody opens it: its places are taken by a role"
            yield source.problem((*route, "from"), "D079", message, "Write 'role: ...' instead.", key=True)
        for n, other in enumerate(place.independent_of):
            at = (*route, "independent_of", n)
            if other == name:
                yield source.problem(at, "D061", "nobody is independent of themselves", "Take it out.")
            elif other not in known:
                message = f"there is no person or place called '{other}'"
                yield source.problem(at, "D018", message, offered(other, known))


def _links(source: Source, workflow: Workflow) -> Iterator[Problem]:
    opened = {opening.link for event in workflow.events for opening in event.opens}
    for name, link in workflow.links.items():
        route: Route = ("links", name)
        if name in ("record", "facts", "escalation", "stage"):
            hint = "Choose another name."
            message = f"no link may be called '{name}': in conditions this word means something else"
            yield source.problem(route, "D075", message, hint, key=True)
        if bool(link.by) != bool(link.sources):
            hint = "Write who may open one, and at which stages; or leave both out."
            yield source.problem(route, "D075", "'by' and 'from' belong together", hint)
        if not link.by and name not in opened:
            hint = "Let an event open it, or say in 'by' and 'from' who may."
            yield source.problem(route, "D075", f"nothing ever opens '{name}'", hint)
        for n, stage in enumerate(link.sources):
            if stage not in (*workflow.stage_ids, ANY_OPEN_STAGE):
                message = f"there is no stage '{stage}'"
                yield source.problem((*route, "from", n), "D018", message, offered(stage, workflow.stage_ids))
        yield from _people_in(source, (*route, "by"), workflow, enumerate(link.by))
        for place, person in link.places.items():
            if person not in workflow.people_known:
                message = f"there is nobody called '{person}' here"
                yield source.problem((*route, "places", place), "D018", message, offered(person, workflow.people_known))


def _people_in(source: Source, route: Route, workflow: Workflow, names: "enumerate[str]") -> Iterator[Problem]:
    known = sorted({*workflow.people_known, *ROLES})
    for n, name in names:
        if name not in known:
            message = f"there is no person or role called '{name}'"
            yield source.problem((*route, n), "D018", message, offered(name, known))


# --- clocks and holds -------------------------------------------------------------------------------------------


def _clock(source: Source, route: Route, workflow: Workflow, stage: Stage) -> Iterator[Problem]:
    if stage.due is not None and stage.due.kind == RECORDED:
        yield from _a_day(source, (*route, "due"), workflow, stage.due.record)
    if stage.clock == PAUSES and stage.due is not None:
        message = "the clock stands still here, so nothing is due"
        yield source.problem((*route, "due"), "D076", message, "Keep 'due' or 'clock: pauses'.", key=True)
    timed = stage.due is not None or stage.clock == "runs_on"
    for n, step in enumerate(stage.overdue):
        at: Route = (*route, "overdue", n)
        if not timed:
            hint = "Add 'due', or delete 'overdue'."
            yield source.problem(at, "D076", "nothing is due here, so nothing can be late", hint)
        if len(step.does) != 1:
            hint = "Write one of 'remind', 'tell' and 'event'."
            yield source.problem(at, "D076", "this does not say what happens, or says several things", hint)
        for key in ("remind", "tell"):
            name = getattr(step, key)
            if name is not None and name not in (*workflow.people_known, *ROLES):
                known = sorted({*workflow.people_known, *ROLES})
                message = f"there is no person or role called '{name}'"
                yield source.problem((*at, key), "D018", message, offered(name, known))
        if step.event is not None:
            yield from _moves_by_itself(source, (*at, "event"), workflow, stage, step.event)


def _moves_by_itself(source: Source, route: Route, workflow: Workflow, stage: Stage, name: str) -> Iterator[Problem]:
    events = {event.id: event for event in workflow.events}
    event = events.get(name)
    if event is None:
        yield source.problem(route, "D018", f"there is no event '{name}'", offered(name, events))
    elif stage.id not in workflow.left_by(event):
        yield source.problem(route, "D076", f"'{name}' does not leave '{stage.id}'", f"Add '{stage.id}' to its 'from'.")
    elif THE_CLOCK not in event.by:
        message = f"'{name}' is not given to the clock"
        yield source.problem(route, "D076", message, f"Add {THE_CLOCK} to its 'by'.")


def _by_the_clock(source: Source, route: Route, workflow: Workflow, event: Event) -> Iterator[Problem]:
    if THE_CLOCK not in event.by:
        return
    asked = [key for key in ("asks", "names", "reason_from") if getattr(event, key)]
    asked += ["reason"] if event.reason == "required" else []
    for key in asked:
        message = "the clock does this by itself, and a clock cannot be asked for anything"
        yield source.problem((*route, key), "D076", message, "Delete this key, or let people do it.", key=True)
    if event.locks:
        message = "the clock never locks grades"
        yield source.problem((*route, "locks"), "D063", message, "Let the one whose grades they are do it.", key=True)
    into = {end.to for end in event.ends}
    if any(stage.finalises for stage in workflow.stages if stage.id in into):
        message = "the clock never makes grades final"
        yield source.problem((*route, "by"), "D063", message, "Let people do it.", key=True)
    if not any(step.event == event.id for stage in workflow.stages for step in stage.overdue):
        message = f"the clock may do '{event.id}', but no stage says that it does so when something is late"
        hint = "Name it in 'overdue' of a stage it leaves, or take the clock out of 'by'."
        yield source.problem((*route, "by"), "D076", message, hint, key=True)


_WRITERS = {AUDIT: "auditor", MODERATION: "moderator"}
"""Who writes grades. To hold a stage from them would have to be asked at every answer; so no stage is held so."""


def _hold(source: Source, route: Route, workflow: Workflow, stage: Stage) -> Iterator[Problem]:
    if stage.held_by is None:
        return
    if stage.held_by not in workflow.people_known:
        message = f"only one of this workflow's people can hold a stage, and '{stage.held_by}' is not one of them"
        hint = offered(stage.held_by, workflow.people_known)
        yield source.problem((*route, "held_by"), "D078", message, hint)
        return
    writer = _WRITERS.get(workflow.governs)
    if stage.grades and stage.held_by != writer:
        message = f"grades are written at '{stage.id}' by the {writer}, so nobody else holds it"
        yield source.problem((*route, "held_by"), "D078", message, f"Write 'held_by: {writer}', or delete this key.")
    for event in workflow.events:
        others = [name for name in event.by if name not in (stage.held_by, THE_CLOCK)]
        if stage.id in workflow.left_by(event) and others and not event.breaks_hold and stage.held_by not in event.by:
            message = f"while the {stage.held_by} holds it, nobody else can do '{event.id}'"
            hint = f"Write 'breaks_hold: yes' there, or take '{stage.id}' out of its 'from'."
            yield source.problem((*route, "held_by"), "D078", message, hint)


# --- events -----------------------------------------------------------------------------------------------------


def _event(source: Source, route: Route, workflow: Workflow, event: Event) -> Iterator[Problem]:
    yield from _records_of_event(source, route, workflow, event)
    yield from _people_of_event(source, route, workflow, event)
    for n, opening in enumerate(event.opens):
        yield from _known_link(source, (*route, "opens", n, "link"), workflow, opening.link)
    for n, demand in enumerate(event.only_if):
        yield from _demand(source, (*route, "only_if", n), workflow, demand)


def _records_of_event(source: Source, route: Route, workflow: Workflow, event: Event) -> Iterator[Problem]:
    for n, name in enumerate(event.asks):
        if name not in workflow.records:
            message = f"there is no record '{name}'"
            yield source.problem((*route, "asks", n), "D018", message, offered(name, workflow.records))
        elif name in event.sets:
            message = f"this event both asks for '{name}' and sets it"
            yield source.problem((*route, "asks", n), "D077", message, "Keep one of the two.")
    for name, word in event.sets.items():
        words = workflow.records[name].one_of or () if name in workflow.records else ()
        if name not in workflow.records:
            message = f"there is no record '{name}'"
            yield source.problem((*route, "sets", name), "D018", message, offered(name, workflow.records), key=True)
        elif word not in words:
            message = f"'{name}' is never '{word}'"
            hint = offered(word, words) if words else "Only records that are one of a list of words can be set."
            yield source.problem((*route, "sets", name), "D077", message, hint)


_NOBODY = "Write 'from: naming' at a place under 'places' first."


def _people_of_event(source: Source, route: Route, workflow: Workflow, event: Event) -> Iterator[Problem]:
    for n, name in enumerate(event.names):
        if name not in workflow.places or workflow.places[name].origin != NAMING:
            named = [one for one, place in workflow.places.items() if place.origin == NAMING]
            message = f"nobody can be named for '{name}'"
            yield source.problem((*route, "names", n), "D079", message, offered(name, named) if named else _NOBODY)
    for n, name in enumerate(event.none_of):
        if name not in workflow.people_known:
            message = f"there is nobody called '{name}' here"
            yield source.problem(
                (*route, "none_of", n), "D018", message, offered(name, sorted(set(workflow.people_known)))
            )


def _demand(source: Source, route: Route, workflow: Workflow, demand: Demand) -> Iterator[Problem]:
    for key in ("closed", "opened"):
        name = getattr(demand, key)
        if name is not None:
            yield from _known_link(source, (*route, key), workflow, name)
    if demand.not_before is not None:
        yield from _a_day(source, (*route, "not_before"), workflow, demand.not_before)
    if demand.of is not None and demand.within is None and demand.after is None:
        message = "'of' says since when 'within' or 'after' counts, and neither is here"
        yield source.problem((*route, "of"), "D057", message, "Delete this key.", key=True)
    elif demand.of is not None and demand.of not in workflow.stage_ids:
        message = f"there is no stage '{demand.of}'"
        yield source.problem((*route, "of"), "D018", message, offered(demand.of, workflow.stage_ids))


def _known_link(source: Source, route: Route, workflow: Workflow, name: str) -> Iterator[Problem]:
    if name not in workflow.links:
        yield source.problem(route, "D018", f"there is no link '{name}'", offered(name, workflow.links))


_NO_DAYS = "Add it under 'records', as in retest: {title: The day it is looked at again, day: yes}."


def _a_day(source: Source, route: Route, workflow: Workflow, name: str) -> Iterator[Problem]:
    days = [one for one, record in workflow.records.items() if record.kinds == (DAY,)]
    if name not in days:
        message = f"there is no recorded day '{name}'"
        yield source.problem(route, "D018", message, offered(name, days) if days else _NO_DAYS)


def linked_problems(source: Source, workflow: Workflow, known: Mapping[str, Workflow]) -> Iterator[Problem]:
    """Links that do not fit the workflows they name. Asked once every workflow is read."""
    for name, link in workflow.links.items():
        route: Route = ("links", name)
        partner = known.get(link.workflow)
        if partner is None:
            message = f"there is no workflow called '{link.workflow}'"
            yield source.problem((*route, "workflow"), "D018", message, offered(link.workflow, known))
        elif partner.governs not in (MATTER, AUDIT):
            message = f"'{link.workflow}' is opened by the program itself"
            hint = "Name the workflow of a matter or of an audit."
            yield source.problem((*route, "workflow"), "D075", message, hint)
        else:
            yield from _unlike_partner(source, route, workflow, name, partner)


def _unlike_partner(
    source: Source, route: Route, workflow: Workflow, name: str, partner: Workflow
) -> Iterator[Problem]:
    link = workflow.links[name]
    ends = tuple(stage.id for stage in partner.stages if stage.final)
    if link.ends and set(link.ends) != set(ends):
        message = f"these are not the ends of '{partner.workflow}'"
        yield source.problem((*route, "ends"), "D075", message, f"They are: {', '.join(ends)}.", key=True)
    needs_audit = partner.about == THE_AUDIT or partner.governs == AUDIT
    if needs_audit and workflow.governs == MATTER and workflow.about != THE_AUDIT:
        message = f"'{partner.workflow}' is about an audit, and here there is none"
        yield source.problem((*route, "workflow"), "D075", message, "Name a workflow that is about something else.")
    named = [one for one, place in partner.places.items() if place.origin == NAMING]
    for place in link.places:
        if place not in named:
            message = f"nobody is named as '{place}' in '{partner.workflow}'"
            yield source.problem((*route, "places", place), "D079", message, offered(place, named), key=True)
    opened = any(opening.link == name for event in workflow.events for opening in event.opens)
    missing = [place for place in named if place not in link.places]
    if opened and missing:
        message = f"an event opens this, and it is not said who becomes its {missing[0]}"
        hint = f"Add 'places' with {missing[0]}, from the people of this."
        yield source.problem(route, "D079", message, hint)


def words_of_records(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    """The records that conditions may ask for, each with its words."""
    return {name: record.one_of or () for name, record in workflow.records.items() if record.kinds == (WORDS,)}


def ends_of_links(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    """The links that conditions may ask for, each with its ends."""
    return {name: link.ends for name, link in workflow.links.items()}
