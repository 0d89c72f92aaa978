"""The parts one person's queue is made of: which audits are in each, and what is said of them.

The stages that live audits are at are few, however many audits there are. So what each stage means for this person is
worked out once, from its workflow, and becomes a condition: no audit is read to find out whether it belongs in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlmodel import Session, col

from audit_engine.definitions.workflow import Event, ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import ANY_OPEN_STAGE, AUDIT
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import returned_to, workflow_of
from audit_engine.queries.blindness import LEADING
from audit_engine.queries.in_places import in_places, may_take, none_of_them, stands_in
from audit_engine.queries.queue_taking import Pair, at_stages, independent, moderated
from audit_engine.queries.visible import visible
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.tables import Audit, Definition, Moderation

ME, OTHERS, DONE = ("me", "others", "done")
"""In the order of the queue."""
GRADE, MODERATE, ANSWER, STEPS = "grade", "moderate", "answer", "steps"
TO_MODERATE, TO_DECIDE, RETURNED = "to moderate (blind)", "compare and decide", "returned to you"


@dataclass(frozen=True, slots=True)
class Part:
    """Audits of which the same is said to one person."""

    group: str
    work: str
    where: ColumnElement[bool]
    state: str = ""
    """How they stand; empty where their stages say it, see `at_rest`."""
    waits_for: str | None = None
    """As the workflow calls them, where it waits for this person."""
    returned: bool = False


def theirs(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The audits that may be in somebody's queue at all."""
    reached = or_(visible(actor, "see_audit"), visible(actor, "moderate"), in_places(session, actor))
    return and_(col(Audit.imported).is_(False), reached)


def live_pairs(session: Session, actor: Actor) -> list[Pair]:
    """The stages at which live audits are, with the digests of their workflows."""
    asked = select(col(Audit.workflow_digest), col(Audit.stage)).where(theirs(session, actor)).distinct()
    return _pairs(session.connection().execute(asked).all())


def is_open(stage: Stage) -> bool:
    """Whether a moderation at this stage has a moderator: it goes on, or was decided."""
    return stage.finalises or not stage.final


def at_rest(stage: Stage) -> str:
    """How an audit stands for somebody it does not wait for."""
    return f"with the {stage.waits_for.replace('_', ' ')}" if stage.waits_for else _lowered(stage.title)


def parts(session: Session, actor: Actor, pairs: Iterable[Pair], today: date) -> list[Part]:
    """The parts of the actor's queue: an audit belongs to the first whose condition holds.

    Args:
        pairs: The stages that live audits are at, see `live_pairs`.
        today: By which it is judged who may moderate.
    """
    made = _Making(session, actor, today)
    at = {pair: workflow_of(session, pair[0]).stage(pair[1]) for pair in pairs}
    mine = [part for pair, stage in at.items() if stage.waits_for for part in made.waiting(pair, stage)]
    return [*mine, *made.with_others(at), *made.done(at)]


def to_take_on(session: Session, actor: Actor, today: date) -> ColumnElement[bool]:
    """The audits that wait for a moderator and that the actor may take on, wherever they are: as in their queue."""
    made = _Making(session, actor, today)
    waiting = {pair: workflow_of(session, pair[0]).stage(pair[1]) for pair in live_pairs(session, actor)}
    parts_ = (part for pair, stage in waiting.items() if stage.waits_for for part in made.waiting(pair, stage))
    return or_(false(), *(part.where for part in parts_ if part.state == TO_MODERATE))


class _Making:
    """Makes the parts of one person's queue."""

    def __init__(self, session: Session, actor: Actor, today: date) -> None:
        self._session, self._actor, self._today = session, actor, today
        asked = select(col(Moderation.workflow_digest), col(Moderation.stage)).distinct()
        asked = asked.where(col(Moderation.workflow_digest).is_not(None))
        self._anybodys = self._staged(asked)
        self._mine = self._staged(asked.where(col(Moderation.moderator) == actor.person))
        self._my_open = [pair for pair, stage in self._mine.items() if is_open(stage)]
        self._sees = or_(
            visible(actor, "see_audit"), and_(visible(actor, "moderate"), self._i_moderate()), in_places(session, actor)
        )

    def _staged(self, asked: Any) -> dict[Pair, Stage]:
        found = _pairs(self._session.connection().execute(asked).all())
        return {pair: workflow_of(self._session, pair[0]).stage(pair[1]) for pair in found}

    def _i_moderate(self) -> ColumnElement[bool]:
        return moderated(self._my_open, self._actor.person) if self._my_open else false()

    # What waits for the actor.

    def waiting(self, pair: Pair, stage: Stage) -> Iterator[Part]:
        """The audits at one stage that wait for the actor."""
        workflow, name = workflow_of(self._session, pair[0]), stage.waits_for or ""
        here = at_stages([pair])
        if name == "moderator" and name in workflow.workflow.people_known:
            yield from self._moderating(workflow, stage, here)
            return
        who = self._stands_as(workflow, name)
        if who is None:
            return
        where, work, state = and_(here, who, self._sees), _work(workflow, stage), _state(workflow, stage)
        way = _way_on(workflow, stage)
        if way is not None and way.none_of:
            where = and_(where, none_of_them(workflow, way.none_of, self._actor.person))
        if name == "auditor" and stage.id in returned_to(workflow):
            returned = and_(where, col(Audit.auditor) == self._actor.person, col(Audit.returned_times) > 0)
            yield Part(ME, work, returned, RETURNED, name, returned=True)
        yield Part(ME, work, where, state, name)

    def _stands_as(self, workflow: ReadWorkflow, name: str) -> ColumnElement[bool] | None:
        """`engine.relations.stands_as`, of every row at once; None where it holds of none."""
        person, roles = self._actor.person, self._actor.roles
        if name not in workflow.workflow.people_known:
            return col(Audit.practitioner).is_distinct_from(person) if name in roles else None
        if name in workflow.workflow.places:
            taking = may_take(workflow, name, self._actor)
            return stands_in(name, person) if taking is None else or_(stands_in(name, person), taking)
        is_it = {"practitioner": Audit.practitioner, "manager": Audit.manager, "auditor": Audit.auditor}[name]
        if name != "auditor" or _chosen_from(workflow, name) not in roles:
            return col(is_it) == person
        free = [col(Audit.practitioner).is_distinct_from(person), col(Audit.manager).is_distinct_from(person)]
        return or_(col(is_it) == person, and_(col(is_it).is_(None), *free, ~self._i_moderate()))

    def _moderating(self, workflow: ReadWorkflow, stage: Stage, here: ColumnElement[bool]) -> Iterator[Part]:
        """Those the actor moderates, by how far they are; and those nobody moderates, when they may."""
        states: dict[str, list[Pair]] = {}
        for pair in self._my_open:
            states.setdefault(self._how_far(pair, stage), []).append(pair)
        for state, pairs in states.items():
            where = and_(here, moderated(pairs, self._actor.person), self._sees)
            yield Part(ME, MODERATE, where, state, "moderator")
        if _chosen_from(workflow, "moderator") in self._actor.roles:
            taken = [pair for pair, moderating in self._anybodys.items() if is_open(moderating)]
            nobody = [visible(self._actor, "moderate"), ~moderated(taken)]
            where = and_(here, *nobody, independent(self._actor.person, self._today))
            takes = [event.written for event in workflow.events_from(stage.id) if event.written.id == "take"]
            where = and_(where, *(none_of_them(workflow, one.none_of, self._actor.person) for one in takes))
            yield Part(ME, MODERATE, where, TO_MODERATE, "moderator")

    def _how_far(self, pair: Pair, audit_stage: Stage) -> str:
        """How far a moderation is, in words."""
        workflow, stage = workflow_of(self._session, pair[0]), self._mine[pair]
        if stage.final:
            return _lowered(audit_stage.title)
        decides = any(event.written.id == "decide" for event in workflow.events_from(stage.id))
        return TO_DECIDE if decides else _lowered(stage.title)

    # What is theirs and waits for nobody, or for others.

    def with_others(self, at: Mapping[Pair, Stage]) -> Iterator[Part]:
        """The actor's own work that waits for somebody else."""
        return self._own(OTHERS, [pair for pair, stage in at.items() if not stage.final], self._my_open)

    def done(self, at: Mapping[Pair, Stage]) -> Iterator[Part]:
        """The actor's own work that came to its end."""
        # A moderation that ended with its audit was theirs to the end; one that was returned is not theirs any more.
        kept = [pair for pair in self._mine if pair[1] not in returned_to(workflow_of(self._session, pair[0]))]
        return self._own(DONE, [pair for pair, stage in at.items() if stage.final], kept)

    def _own(self, group: str, pairs: list[Pair], moderations: list[Pair]) -> Iterator[Part]:
        person, here, sees = self._actor.person, at_stages(pairs), visible(self._actor, "see_audit")
        yield Part(group, GRADE, and_(col(Audit.auditor) == person, here, sees))
        sees_moderated = or_(sees, visible(self._actor, "moderate"))
        if moderations:
            yield Part(group, MODERATE, and_(here, moderated(moderations, person), sees_moderated))
        yield Part(group, ANSWER, and_(col(Audit.practitioner) == person, here, sees, self._was_shared()))

    def _was_shared(self) -> ColumnElement[bool]:
        """`blindness.was_shared`, of every row at once: the story holds a move to where it waited for them."""
        kept = self._session.connection().execute(
            select(col(Definition.digest)).where(col(Definition.kind) == "workflow")
        )
        said = or_(false(), *(self._shared_under(digest) for digest in sorted(kept.scalars())))
        same = and_(col(Payload.chain) == col(Entry.chain), col(Payload.turn) == col(Entry.turn))
        return exists().where(col(Entry.chain) == col(Audit.key), col(Entry.kind).in_(LEADING), same, said)

    def _shared_under(self, digest: str) -> ColumnElement[bool]:
        """An entry under one text, which the audit may have left since, that leads to where it waits for them."""
        workflow = workflow_of(self._session, digest).workflow
        stages = workflow.stages if workflow.governs == AUDIT else ()
        # As the ledger writes it. A quotation mark in what people wrote bears a backslash there, so theirs never match.
        moves = [f'"to":"{stage.id}"' for stage in stages if stage.waits_for == "practitioner"]
        said = or_(false(), *(col(Payload.text).contains(move, autoescape=True) for move in moves))
        return and_(col(Entry.workflow_digest) == digest, said)


def _pairs(rows: Iterable[tuple[str | None, str]]) -> list[Pair]:
    return sorted((digest, stage) for digest, stage in rows if digest is not None)


def _chosen_from(workflow: ReadWorkflow, name: str) -> str | None:
    """The role that a place in the audit is filled from."""
    people = workflow.workflow.people
    return people.chosen[name].role if people is not None and name in people.chosen else None


def _way_on(workflow: ReadWorkflow, stage: Stage) -> Event | None:
    """What whoever a stage waits for does there, as far as the workflow says: not what can be done anywhere."""
    for event in workflow.events_from(stage.id):
        if stage.waits_for in event.written.by and event.written.sources != (ANY_OPEN_STAGE,):
            return event.written
    return None


def _work(workflow: ReadWorkflow, stage: Stage) -> str:
    way = _way_on(workflow, stage)
    if stage.waits_for == "auditor" and (stage.grades or _begins_grading(workflow, stage, way)):
        return GRADE
    return ANSWER if stage.waits_for == "practitioner" and way is not None and way.id == "answer" else STEPS


def _state(workflow: ReadWorkflow, stage: Stage) -> str:
    """How it stands, for whoever it waits for: the stage's title where the workflow says no more."""
    way = _way_on(workflow, stage)
    if stage.grades or way is None:
        return _lowered(stage.title)
    return "to grade" if _begins_grading(workflow, stage, way) else f"to {way.id.replace('_', ' ')}"


def _begins_grading(workflow: ReadWorkflow, stage: Stage, way: Event | None) -> bool:
    if way is None or way.id != "begin" or stage.waits_for != "auditor":
        return False
    return any(workflow.stage(workflow.workflow.arrives(end, stage.id)).grades for end in way.ends)


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
