"""Who may do an event: the people of the audit first, then roles. See `definitions.workflow` for the rule."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import (
    ANY_OPEN_STAGE,
    AUDIT,
    MATTER,
    ROLES,
    THE_CLOCK,
    person_in_words,
)
from audit_engine.definitions.workflow_parts import NAMING, OPENER
from audit_engine.engine.demands import title_of_link
from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason

_CHOSEN_FROM = {"auditor": "auditor", "moderator": "head_of_practice"}
"""Where a workflow has no `people`: the roles its audit's auditor and moderator are chosen from."""

IN_ONE_CAPACITY = (
    "The practitioner does what is given to the practitioner, and nothing by another role they hold.",
    "The auditor of an audit does nothing to it that is given to roles alone.",
)
"""What `may_do` refuses whatever `by` says: of everything, and of an audit."""


def may_do(
    workflow: ReadWorkflow,
    event: str,
    actor: Actor,
    people: Mapping[str, UUID | None],
    names: Mapping[UUID, str] | None = None,
    stage: str | None = None,
) -> list[Reason]:
    """Why the actor may not do `event`; empty when they may.

    A person of the audit may when they are that person. While there is no auditor or moderator yet, whoever holds
    the role they are chosen from may stand in their place, if independent; the action then makes them that person.
    The same holds for a place of a workflow that is taken by a role.

    Nobody acts on their own work by another role they happen to hold: the practitioner does what `by` gives the
    practitioner and nothing else, and an audit's auditor does nothing to it that is for roles alone, such as to
    withdraw it.

    Args:
        people: practitioner, manager, auditor, moderator, and places; None or left out where there is nobody (yet).
        names: How people are called in the sentences.
        stage: Where it is, for whoever holds it there; None where that was asked for already.
    """
    written = workflow.event(event).written
    by = tuple(name for name in written.by if name != THE_CLOCK)
    if not by:
        return [Reason("by", f"'{written.title}' happens by itself when its time has come; nobody does it by hand.")]
    kept_out = [
        *(() if written.breaks_hold else _held(workflow, stage, actor, people, {} if names is None else names)),
        *_one_of_them(workflow, event, actor, people),
    ]
    return kept_out or _against(workflow, by, actor, people, names)


def may_open(
    workflow: ReadWorkflow, link: str, actor: Actor, people: Mapping[str, UUID | None], names: Mapping[UUID, str],
    stage: str,
) -> list[Reason]:  # fmt: skip
    """Why the actor may not open by hand, at `stage`, what hangs on `link`; empty when they may.

    Args:
        people: As for `may_do`, of what it is opened from.
    """
    written, title = workflow.workflow.links[link], title_of_link(workflow, link)
    if not written.by:
        return [Reason("by", f"Nobody opens this by hand: {title}. It opens by itself, with a step that leads to it.")]
    reasons, here = [], workflow.stage(stage)
    if written.sources == (ANY_OPEN_STAGE,):
        if here.final:
            reasons.append(Reason("stage", f"At '{here.title}' it is at its end: nothing is opened from it any more."))
    elif stage not in written.sources:
        at = " or ".join(f"'{workflow.stage(one).title}'" for one in written.sources)
        reasons.append(Reason("stage", f"At '{here.title}' this cannot be opened: {title}. It can at {at}."))
    held = _held(workflow, stage, actor, people, names)
    return [*reasons, *(held or _against(workflow, written.by, actor, people, names))]


def may_begin(
    workflow: ReadWorkflow, actor: Actor, people: Mapping[str, UUID | None], names: Mapping[UUID, str]
) -> list[Reason]:
    """Why the actor may not open a matter that hangs on nothing; empty when they may.

    That is for whoever the workflow lets go on from its first stage: by the people of the audit it is about, by their
    roles, by the roles that its places are taken by; and always for a quality lead. A place that somebody is named for,
    or that whoever opens it takes, lets nobody open anything: anybody could name themselves.
    """
    return _against(workflow, _beginners(workflow), actor, people, names)


def _beginners(workflow: ReadWorkflow) -> tuple[str, ...]:
    written, places = workflow.workflow, workflow.workflow.places
    named = [name for event in workflow.events_from(workflow.first.id) for name in event.written.by]
    named = [*([workflow.first.waits_for] if workflow.first.waits_for else []), *named]
    found = []
    for name in named:
        if name in places:
            found += [role] if (role := places[name].role) is not None else []
        elif name in written.people_known or name in ROLES:
            found.append(name)
    return tuple(dict.fromkeys((*found, "quality_lead")))


def taken_by(
    workflow: ReadWorkflow, by: Sequence[str], actor: Actor, people: Mapping[str, UUID | None]
) -> str | None:  # fmt: skip
    """The free place of a workflow that the actor takes by doing what is given to `by`; None when they take none.

    Whoever may do it as somebody they already are takes no place by it.
    """
    places = workflow.workflow.places
    for name in by:
        if name in places and people.get(name) is None and stands_as(workflow, name, actor, people):
            return name
        if stands_as(workflow, name, actor, people):
            return None
    return None


def _against(
    workflow: ReadWorkflow, by: Sequence[str], actor: Actor, people: Mapping[str, UUID | None],
    names: Mapping[UUID, str] | None,
) -> list[Reason]:  # fmt: skip
    """Why the actor is none of those to whom something is given; empty when they are."""
    capacity = _another_capacity(workflow, by, actor, people)
    if capacity is not None and any(name in actor.roles or people.get(name) == actor.person for name in by):
        return [capacity]
    if any(stands_as(workflow, name, actor, people) for name in by):
        return []
    against = [
        reason
        for name in by
        if _could_become(workflow, name, actor, people)
        for reason in conflicts_at(workflow, name, actor.person, people, names)
    ]
    who = " or ".join(who_is(workflow, name, people, {} if names is None else names) for name in by)
    return against or [Reason("by", f"{actor.reference} may not do this: it is for {who}. Ask them.")]


def _held(
    workflow: ReadWorkflow, stage: str | None, actor: Actor, people: Mapping[str, UUID | None],
    names: Mapping[UUID, str],
) -> list[Reason]:  # fmt: skip
    """Why it is there to be read only: somebody else holds it."""
    holder = workflow.stage(stage).held_by if stage is not None else None
    if holder is None or people.get(holder) in (None, actor.person):
        return []
    who = who_is(workflow, holder, people, names)
    return [Reason("held", f"It is held by {who} at present: it can be read, not changed. Ask them to finish first.")]


def _one_of_them(workflow: ReadWorkflow, event: str, actor: Actor, people: Mapping[str, UUID | None]) -> list[Reason]:
    """Why the actor is one of those who keep out of this event."""
    apart = [name for name in workflow.event(event).written.none_of if people.get(name) == actor.person]
    if not apart:
        return []
    title = workflow.event(event).written.title
    return [Reason("none_of", f"{actor.reference} {_stands(apart[0])}, and '{title}' is for somebody else.")]


def conflicts_at(
    workflow: ReadWorkflow, name: str, person: UUID, people: Mapping[str, UUID | None],
    names: Mapping[UUID, str] | None = None,
) -> list[Reason]:  # fmt: skip
    """Why somebody may not take the place called `name`: four eyes of the audit, and what the workflow keeps apart."""
    if name not in workflow.workflow.places:
        return conflicts({**people, name: person}, names=names)
    apart = {other: people.get(other) for other in workflow.workflow.places[name].independent_of}
    apart |= {
        other: people.get(other) for other, place in workflow.workflow.places.items() if name in place.independent_of
    }
    taken = [other for other, one in apart.items() if one == person]
    who = (names or {}).get(person, "whoever does this") if taken else ""
    return [
        Reason(
            f"{name}_is_{other}",
            f"{_upper_first(who)} {_stands(other)}, so may not be {person_in_words(name)}. Choose somebody else.",
        )
        for other in taken
    ]


def _stands(name: str) -> str:
    """What is so of whoever has a place: `is the owner here`, `raised it`."""
    words = person_in_words(name)
    return words.removeprefix("whoever ") if words.startswith("whoever ") else f"is {words} here"


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _another_capacity(
    workflow: ReadWorkflow, by: Sequence[str], actor: Actor, people: Mapping[str, UUID | None]
) -> Reason | None:
    """Why one of the people of the audit may not do this, whatever roles they hold beside; None when they may."""
    stands = any(people.get(name) == actor.person for name in by)
    if is_practitioner(actor, people) and not stands:
        text = f"This audit is about the work of {actor.reference}, who may not do this in another role."
    elif (
        workflow.workflow.governs == AUDIT
        and people.get("auditor") == actor.person
        and not set(by) & set(workflow.workflow.people_known)
    ):
        text = f"{actor.reference} is the auditor of this audit, and may not do this in another role."
    else:
        return None
    return Reason("by", f"{text} Ask {_somebody_else(workflow, by)}.")


def _somebody_else(workflow: ReadWorkflow, by: Sequence[str]) -> str:
    who = (
        f"another {name.replace('_', ' ')}" if name not in workflow.workflow.people_known else f"the {name}"
        for name in by
    )
    return " or ".join(who)


def is_practitioner(actor: Actor, people: Mapping[str, UUID | None]) -> bool:
    """Whether it is the actor whose work is audited."""
    return people.get("practitioner") == actor.person


def stands_as(workflow: ReadWorkflow, name: str, actor: Actor, people: Mapping[str, UUID | None]) -> bool:
    """Whether the actor is what a workflow calls `name` in `by` or `waits_for`."""
    if name not in workflow.workflow.people_known:
        return name in actor.roles and not is_practitioner(actor, people)
    if people.get(name) is not None:
        return people[name] == actor.person
    return _could_become(workflow, name, actor, people) and not conflicts_at(workflow, name, actor.person, people)


def _could_become(workflow: ReadWorkflow, name: str, actor: Actor, people: Mapping[str, UUID | None]) -> bool:
    """Whether the place is free and the actor holds the role it is filled from."""
    if name not in workflow.workflow.people_known or people.get(name) is not None:
        return False
    taken_by = chosen_from(workflow, name)
    apart = name in workflow.workflow.places and is_practitioner(actor, people)
    return taken_by is not None and taken_by in actor.roles and not apart


def chosen_from(workflow: ReadWorkflow, name: str) -> str | None:
    """The role the place called `name` is filled from; None where the case list, or whoever opened it, says who."""
    people, places = workflow.workflow.people, workflow.workflow.places
    if name in places:
        return places[name].role if places[name].origin not in (OPENER, NAMING) else None
    if people is None:
        return _CHOSEN_FROM.get(name)
    return people.chosen[name].role if name in people.chosen else None


def who_is(workflow: ReadWorkflow, name: str, people: Mapping[str, UUID | None], names: Mapping[UUID, str]) -> str:
    """What a workflow calls `name`, in words: `a quality lead`, `the auditor of this audit (P-5)`."""
    words = name.replace("_", " ")
    if name == THE_CLOCK:
        return words
    if name not in workflow.workflow.people_known:
        return f"a {words}"
    person = people.get(name)
    known = f" ({names[person]})" if person is not None and person in names else ""
    if workflow.workflow.governs == MATTER and name in workflow.workflow.places:
        return f"{person_in_words(name)}{known}"
    return f"the {words} of this audit{known}"
