"""A workflow in sentences: what waits for whom, who may do what, where it leads, and every reason why not.

The sentences of guards are the guards' own (`guards.what_it_asks`), those of conditions are the file's.
"""

from collections.abc import Iterable, Iterator

from audit_engine.definitions.workflow import Chosen, ReadEnd, ReadEvent, ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import (
    ANY_OPEN_STAGE,
    AUDIT,
    BUILT_IN_AT_LOCK,
    ESCALATION,
    MATTER,
    MODERATION,
    OWNER,
    PEOPLE,
    ROLES,
    SAME_STAGE,
    THE_AUDIT,
    THE_CLOCK,
)
from audit_engine.engine.condition_words import with_article
from audit_engine.engine.demands import title_of_link
from audit_engine.engine.guards import what_it_asks
from audit_engine.engine.relations import IN_ONE_CAPACITY, chosen_from
from audit_engine.engine.workflow_parts_words import (
    about_said,
    asked,
    asks,
    by_itself,
    clock_said,
    demand_told,
    held_said,
    hold_said,
    limit,
    link_told,
    opening_told,
    or_,
    overdue_said,
    place_said,
    plain,
    record_told,
    sets,
    stages_said,
    told_of,
    who,
)
from audit_engine.engine.workflow_told import DemandTold, EndTold, EventTold, PersonTold, StageTold, WorkflowTold

GOVERNED_IN_WORDS = {
    AUDIT: "an audit", MODERATION: "the moderation of an audit", ESCALATION: "an escalation", MATTER: "a matter",
}  # fmt: skip
WRITTEN, COUNTED, THE_END = "Grades are written here.", "From here on the grades are final.", "The end."
BY_ITSELF = "Nobody does what stands here: it happens when something is late, the next time anybody looks."
STAYS = "it stays where it is"


def told(read: ReadWorkflow) -> WorkflowTold:
    """A workflow in sentences."""
    workflow = read.workflow
    named = {name for event in workflow.events for name in event.by} | {stage.waits_for for stage in workflow.stages}
    named |= {*workflow.places, *(name for stage in workflow.stages for name in (stage.held_by, *_told_at(stage)))}
    named |= {name for link in workflow.links.values() for name in link.by}
    return WorkflowTold(
        name=workflow.workflow,
        version=workflow.version,
        title=workflow.title,
        governs=workflow.governs,
        one=_one(read),
        about=tuple(about_said(read)),
        stages=tuple(_stage(read, stage) for stage in workflow.stages),
        events=tuple(_event(read, event) for event in read.events.values()),
        people=tuple(_person(read, name) for name in known_names(read) if name in named),
        records=tuple(record_told(name, record) for name, record in workflow.records.items()),
        links=tuple(link_told(read, name) for name in workflow.links),
        promises=tuple(one.says for one in workflow.properties),
        always=_always(read),
    )


def known_names(read: ReadWorkflow) -> tuple[str, ...]:
    """Everybody a workflow may speak of: the people of the audit, places, roles, and the clock."""
    roles = (role for role in ROLES if role not in PEOPLE)
    return tuple(dict.fromkeys((*PEOPLE, *read.workflow.places, *roles, THE_CLOCK)))


def persons_of(read: ReadWorkflow, name: str) -> tuple[PersonTold, ...]:
    """The parts that are for one person, place or role: its own, and the places that are filled from that role.

    The clock's is `the_clock`. Empty for a place that is none of this workflow's.
    """
    if name not in known_names(read):
        return ()
    filled = (*PEOPLE, *(place for place in read.workflow.places if place not in PEOPLE))
    places = [place for place in filled if place != name and chosen_from(read, place) == name]
    known = [one for one in (name, *places) if one == name or one in read.workflow.people_known]
    return tuple(_person(read, one) for one in known)


def _one(read: ReadWorkflow) -> str:
    if read.workflow.governs != MATTER:
        return GOVERNED_IN_WORDS[read.workflow.governs]
    title = read.workflow.title
    return with_article(f"{title[:1].lower()}{title[1:]}")


def _always(read: ReadWorkflow) -> tuple[str, ...]:
    workflow = read.workflow
    if workflow.governs == AUDIT:
        return IN_ONE_CAPACITY
    return IN_ONE_CAPACITY[:1] if workflow.governs != MATTER or workflow.about == THE_AUDIT else ()


def _told_at(stage: Stage) -> Iterator[str | None]:
    for step in stage.overdue:
        yield from (step.remind, step.tell)


def _stage(read: ReadWorkflow, stage: Stage) -> StageTold:
    marks = ((stage.grades, WRITTEN), (stage.finalises, COUNTED), (stage.final, THE_END))
    return StageTold(
        id=stage.id,
        title=stage.title,
        waits_for=who(read, stage.waits_for) if stage.waits_for is not None else None,
        due=stage.due,
        limit=limit(read, stage.due),
        marks=tuple(words for holds, words in marks if holds),
        clock=clock_said(read, stage),
        held_by=who(read, stage.held_by) if stage.held_by is not None else None,
        hold=tuple(held_said(read, stage)),
        overdue=tuple(overdue_said(read, step) for step in sorted(stage.overdue, key=lambda step: step.after)),
    )


def _person(read: ReadWorkflow, name: str) -> PersonTold:
    stages = read.workflow.stages
    return PersonTold(
        name=name,
        who="by itself" if name == THE_CLOCK else who(read, name),
        waiting=tuple(stage.id for stage in stages if stage.waits_for == name),
        holding=tuple(stage.id for stage in stages if stage.held_by == name),
        events=tuple(event.id for event in read.workflow.events if name in event.by),
        chosen=_chosen(read, name),
        told=tuple(told_of(read, name)),
        opens=tuple(_opens(read, name)),
    )


def _opens(read: ReadWorkflow, name: str) -> Iterator[str]:
    """What somebody may open by hand; what may be opened at the same stages in one sentence."""
    found: dict[tuple[str, ...], list[str]] = {}
    for link, written in read.workflow.links.items():
        if name in written.by:
            found.setdefault(written.sources, []).append(f"{with_article(title_of_link(read, link))} ({link})")
    for sources, links in found.items():
        yield f"You may open {or_(links)} at {stages_said(read, sources)}."


def _chosen(read: ReadWorkflow, name: str) -> str:
    if name == THE_CLOCK:
        return BY_ITSELF
    if name in read.workflow.places:
        return place_said(read, name)
    if name not in read.workflow.people_known:
        return ""
    people = read.workflow.people
    if people is None:
        return f"The {name} of the audit."
    chosen: Chosen | None = people.chosen.get(name)
    if chosen is None:
        return f"The {name} whom the case list names."
    others = or_(f"the {other}" for other in chosen.independent_of)
    return f"Chosen among those who hold the role {plain(chosen.role)}; never {others} of the audit."


def _event(read: ReadWorkflow, event: ReadEvent) -> EventTold:
    written = event.written
    choices = read.workflow.reasons[written.reason_from] if written.reason_from is not None else ()
    return EventTold(
        id=written.id,
        title=written.title,
        by=written.by,
        for_whom=or_(who(read, name) for name in written.by if name != THE_CLOCK) or "nobody",
        not_for=or_(who(read, name) for name in written.none_of),
        by_itself=tuple(by_itself(read, written)),
        hold=tuple(hold_said(read, event)),
        leaves=event.leaves,
        everywhere=written.sources == (ANY_OPEN_STAGE,),
        from_where=stages_said(read, written.sources),
        ends=tuple(_ends(read, event)),
        reason_asked=written.reason == "required",
        choices=tuple(choice.label for choice in choices),
        asks=tuple(asks(read, written)),
        names=tuple(who(read, name) for name in written.names),
        sets=tuple(sets(read, written)),
        opens=tuple(opening_told(read, event)),
        unless=tuple(_demands(read, event)),
        lasting=tuple(_lasting(read, event)),
    )


def condition_said(read: ReadWorkflow, end: ReadEnd, several: bool) -> str:
    """`if ...`, `otherwise`, or nothing where there is only one end."""
    if end.when is None:
        return "otherwise" if several else ""
    return f"if {asked(read, end.when)}"


def _ends(read: ReadWorkflow, event: ReadEvent) -> Iterable[EndTold]:
    for end in event.ends:
        stays = end.to == SAME_STAGE
        title = STAYS if stays else read.stage(end.to).title
        yield EndTold(end.to, title, condition_said(read, end, len(event.ends) > 1), stays)


def _demands(read: ReadWorkflow, event: ReadEvent) -> Iterator[DemandTold]:
    """All of them, but for what can refuse nobody here: where nobody is an owner, everybody is somebody else."""
    has_owner = OWNER in read.workflow.people_known
    yield from (one for one in _all_demands(read, event) if has_owner or one.rule != "ended_by_somebody_else")


def _all_demands(read: ReadWorkflow, event: ReadEvent) -> Iterator[DemandTold]:
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
    for condition, sentence in event.conditions:
        yield DemandTold(condition.text, sentence, False, asked(read, condition), None)
    yield from (demand_told(read, demand) for demand in event.demands)


def _lasting(read: ReadWorkflow, event: ReadEvent) -> Iterable[str]:
    if event.written.locks:
        yield "From then on nobody writes grades, unless it comes to a stage again where they are written."
    for stage in dict.fromkeys(end.to for end in event.ends if end.to != SAME_STAGE):
        found = read.stage(stage)
        if found.grades:
            yield f"At '{found.title}' grades may be written."
        if found.finalises:
            yield f"At '{found.title}' the grades become final."
        if found.final:
            yield f"At '{found.title}' it has ended: nothing leads on from there."
