"""Who may do an event: the people of the audit first, then roles. See `definitions.workflow` for the rule."""

from collections.abc import Mapping
from uuid import UUID

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason

_CHOSEN_FROM = {"auditor": "auditor", "moderator": "head_of_practice"}
"""Where a workflow has no `people`: the roles its audit's auditor and moderator are chosen from."""


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

    Args:
        people: practitioner, manager, auditor, moderator; None or left out where there is nobody (yet).
        names: How people are called in the sentences.
    """
    by = workflow.event(event).written.by
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


def stands_as(workflow: ReadWorkflow, name: str, actor: Actor, people: Mapping[str, UUID | None]) -> bool:
    """Whether the actor is what a workflow calls `name` in `by` or `waits_for`."""
    if name not in workflow.workflow.people_known:
        return name in actor.roles
    if people.get(name) is not None:
        return people[name] == actor.person
    return _could_become(workflow, name, actor, people) and not conflicts({**people, name: actor.person})


def _could_become(workflow: ReadWorkflow, name: str, actor: Actor, people: Mapping[str, UUID | None]) -> bool:
    """Whether the place is free and the actor holds the role it is filled from."""
    if name not in workflow.workflow.people_known or name not in _CHOSEN_FROM or people.get(name) is not None:
        return False
    chosen = workflow.workflow.people.chosen[name].role if workflow.workflow.people else _CHOSEN_FROM[name]
    return chosen in actor.roles


def who_is(workflow: ReadWorkflow, name: str, people: Mapping[str, UUID | None], names: Mapping[UUID, str]) -> str:
    """What a workflow calls `name`, in words: `a quality lead`, `the auditor of this audit (P-5)`."""
    words = name.replace("_", " ")
    if name not in workflow.workflow.people_known:
        return f"a {words}"
    person = people.get(name)
    return f"the {words} of this audit" + (f" ({names[person]})" if person is not None and person in names else "")
