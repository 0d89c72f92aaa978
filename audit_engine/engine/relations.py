"""Who may do an event: the people of the audit first, then roles. See `definitions.workflow` for the rule."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT
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
) -> list[Reason]:
    """Why the actor may not do `event`; empty when they may.

    A person of the audit may when they are that person. While there is no auditor or moderator yet, whoever holds
    the role they are chosen from may stand in their place, if independent; the action then makes them that person.

    Nobody acts on their own work by another role they happen to hold: the practitioner does what `by` gives the
    practitioner and nothing else, and an audit's auditor does nothing to it that is for roles alone, such as to
    withdraw it.

    Args:
        people: practitioner, manager, auditor, moderator; None or left out where there is nobody (yet).
        names: How people are called in the sentences.
    """
    by = workflow.event(event).written.by
    capacity = _another_capacity(workflow, by, actor, people)
    if capacity is not None and any(name in actor.roles or people.get(name) == actor.person for name in by):
        return [capacity]
    if any(stands_as(workflow, name, actor, people) for name in by):
        return []
    against = [
        reason
        for name in by
        if _could_become(workflow, name, actor, people)
        for reason in conflicts({**people, name: actor.person}, names=names)
    ]
    who = " or ".join(who_is(workflow, name, people, names or {}) for name in by)
    return against or [Reason("by", f"{actor.reference} may not do this: it is for {who}. Ask them.")]


def _another_capacity(
    workflow: ReadWorkflow, by: Sequence[str], actor: Actor, people: Mapping[str, UUID | None]
) -> Reason | None:
    """Why one of the people of the audit may not do this, whatever roles they hold beside; None when they may."""
    if is_practitioner(actor, people) and "practitioner" not in by:
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
    return _could_become(workflow, name, actor, people) and not conflicts({**people, name: actor.person})


def _could_become(workflow: ReadWorkflow, name: str, actor: Actor, people: Mapping[str, UUID | None]) -> bool:
    """Whether the place is free and the actor holds the role it is filled from."""
    if name not in workflow.workflow.people_known or name not in _CHOSEN_FROM or people.get(name) is not None:
        return False
    return chosen_from(workflow, name) in actor.roles


def chosen_from(workflow: ReadWorkflow, name: str) -> str | None:
    """The role the place called `name` is filled from; None where the case list says who it is."""
    people = workflow.workflow.people
    if people is None:
        return _CHOSEN_FROM.get(name)
    return people.chosen[name].role if name in people.chosen else None


def who_is(workflow: ReadWorkflow, name: str, people: Mapping[str, UUID | None], names: Mapping[UUID, str]) -> str:
    """What a workflow calls `name`, in words: `a quality lead`, `the auditor of this audit (P-5)`."""
    words = name.replace("_", " ")
    if name not in workflow.workflow.people_known:
        return f"a {words}"
    person = people.get(name)
    return f"the {words} of this audit" + (f" ({names[person]})" if person is not None and person in names else "")
