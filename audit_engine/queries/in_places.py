"""Whom the places of an audit's workflow let see and do something, wherever their own audits are.

A place is for somebody who is not there by their team: whoever checks what another manager did must come from
elsewhere. So whoever stands in one, or may take a free one where an audit waits for that, reaches the audit by it, as a
moderator does.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import Session, col

from audit_engine.definitions.workflow import ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import AUDIT
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import stands_as
from audit_engine.queries.at_hand import AtHand, at_hand, workflow_of
from audit_engine.queries.queue_taking import at_stages
from audit_engine.records.tables import Audit, Definition

_OF_AUDIT = {"practitioner": Audit.practitioner, "manager": Audit.manager, "auditor": Audit.auditor}


def in_places(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The audits in which the actor stands in a place of the workflow, or which wait for one that they may take."""
    found: list[ColumnElement[bool]] = []
    for workflow in _with_places(session):
        here = col(Audit.workflow_digest) == workflow.digest
        found += [and_(here, stands_in(name, actor.person)) for name in workflow.workflow.places]
        for stage in _waiting(workflow):
            free = may_take(workflow, stage.waits_for or "", actor)
            found += [and_(at_stages([(workflow.digest, stage.id)]), free)] if free is not None else []
    return or_(false(), *found)


def stands_in(place: str, person: UUID) -> ColumnElement[bool]:
    """The audits in which somebody stands in a place."""
    return func.coalesce(col(Audit.places)[place].as_string(), "") == person.hex


def may_take(workflow: ReadWorkflow, place: str, actor: Actor) -> ColumnElement[bool] | None:
    """`engine.relations.stands_as` of a free place, of every row at once; None where it holds of none."""
    written = workflow.workflow.places[place]
    if written.role is None or written.role not in actor.roles:
        return None
    apart = [*written.independent_of, *(other for other, one in workflow.workflow.places.items()
                                        if place in one.independent_of)]  # fmt: skip
    free = func.coalesce(col(Audit.places)[place].as_string(), "") == ""
    return and_(free, none_of_them(workflow, ("practitioner", *apart), actor.person))


def none_of_them(workflow: ReadWorkflow, names: Iterable[str], person: UUID) -> ColumnElement[bool]:
    """The audits in which somebody is none of these people. A moderator is left to who moderates."""
    columns = [col(_OF_AUDIT[name]).is_distinct_from(person) for name in names if name in _OF_AUDIT]
    places = [~stands_in(name, person) for name in names if name in workflow.workflow.places]
    return and_(~false(), *columns, *places)


def acts_in_a_place(hand: AtHand, actor: Actor) -> bool:
    """Whether the actor stands in a place of an audit, or may take one by something that can be done at its stage."""
    workflow, people = hand.workflow, hand.people
    places = workflow.workflow.places
    if any(people[name] == actor.person for name in places):
        return True
    by = {name for event in workflow.events_from(hand.audit["stage"]) for name in event.written.by if name in places}
    return any(stands_as(workflow, name, actor, people) for name in by)


def reached_by_place(session: Session, actor: Actor, reference: str) -> UUID | None:
    """The key of the audit of a reference that the actor reaches by a place; None when there is none. No grade is
    read."""
    asked = select(col(Audit.key), col(Audit.workflow_digest)).where(
        col(Audit.reference) == reference, col(Audit.imported).is_(False)
    )
    found = session.connection().execute(asked).first()
    if found is None or not workflow_of(session, found.workflow_digest).workflow.places:
        return None
    key: UUID = found.key
    return key if acts_in_a_place(at_hand(session, key, ratings=False), actor) else None


def _with_places(session: Session) -> Iterator[ReadWorkflow]:
    """The workflows that audits may be under and that have places."""
    asked = select(col(Definition.digest)).where(
        col(Definition.kind) == "workflow", col(Definition.text).contains("places:")
    )
    for digest in session.connection().execute(asked).scalars().all():
        workflow = workflow_of(session, digest)
        if workflow.workflow.governs == AUDIT and workflow.workflow.places:
            yield workflow


def _waiting(workflow: ReadWorkflow) -> Iterator[Stage]:
    return (stage for stage in workflow.workflow.stages if stage.waits_for in workflow.workflow.places)
