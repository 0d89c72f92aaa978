"""Moves a matter: an event leads it from stage to stage, records what is said, names people, opens what hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from audit_engine.actions.changing import clean_text, in_this_very_moment
from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.naming import against_people, named_people
from audit_engine.actions.new_matters import Definitions, Opened
from audit_engine.actions.opening_by_event import from_matter, opened_by_event
from audit_engine.calendars import clock, day_of
from audit_engine.definitions.workflow_names import ROLES
from audit_engine.engine.arriving import arrived, stays
from audit_engine.engine.by_the_clock import clock_may
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do, stands_as, taken_by
from audit_engine.engine.saying import audits_named, judged_said, no_such_audit
from audit_engine.problems import Reason, Refused
from audit_engine.queries.audits import audit_key
from audit_engine.queries.matter_at_hand import MatterAtHand, matter_at_hand
from audit_engine.queries.matters import seen_matter
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.matter_tables import Matter
from audit_engine.records.tables import Audit, Person
from audit_engine.safe_text import quoted


@dataclass(frozen=True)
class Said:
    """What goes with an event."""

    event: str
    reason: str | None = None
    """What the person wrote, or the id of the listed reason they chose."""
    records: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    """References of people, by place."""


def move_matter(
    db: Database, actor: Actor, command: Command, reference: str, event: str, *, at: datetime, definitions: Definitions,
    reason: str | None = None, said: Mapping[str, str] | None = None, named: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Carry out an event of a matter.

    Args:
        command: Its turn, when told, is the matter's when the person last saw it.
        definitions: Gives the workflows in force, for what the event opens; asked only when it opens something.
        reason: What the person wrote, or the id of the listed reason they chose.
        said: What is recorded, by record: what the event asks for, and nothing else.
        named: References of people, by place: those whom the event names, and nobody else.

    Raises:
        Refused: with every reason at once.
    """
    what = event.replace("_", " ")
    told = Said(event, clean_text(reason, what) if reason is not None else None, said or {}, named or {})

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        hand = seen_matter(session, actor, reference, what)
        _not_moved_on(session, hand, command, what)
        moved = _decided(session, hand, actor, told, definitions, at)
        author = Author(actor.person, moved.role, actor.identified)
        turn = _write(session, db.workspace, author, hand, moved, at)
        remember(session, command, hand.key, turn)

    db.transact(act)


def move_by_clock(
    session: Session, workspace: UUID, runner: Actor, key: UUID, event: str, *, at: datetime, definitions: Definitions
) -> None:
    """Do an event of a matter that is given to the clock, in a transaction of the caller's.

    Args:
        runner: Whoever runs the clock: the entry names them, in the role `clock`.
        key: Of the matter.

    Raises:
        Refused: it is not the clock's to do, or what the event asks for is not so.
    """
    hand = matter_at_hand(session, key)
    moved = _decided(session, hand, None, Said(event), definitions, at, runner=runner.person)
    _write(session, workspace, Author(runner.person, "clock", runner.identified), hand, moved, at)


@dataclass(frozen=True)
class _Moved:
    """What an event makes of a matter."""

    columns: dict[str, Any]
    told: dict[str, Any]
    stays: bool
    opened: Opened
    role: str


def _decided(
    session: Session, hand: MatterAtHand, actor: Actor | None, said: Said, definitions: Definitions, at: datetime, *,
    runner: UUID | None = None,
) -> _Moved:  # fmt: skip
    """What the event makes of it. `actor`: None when the clock does it. Raises Refused with every reason."""
    workflow, what = hand.workflow, _what(hand, said.event)
    if said.event not in workflow.events:
        by_people = [one.written for one in workflow.events_from(hand.matter["stage"]) if not one.written.by_itself]
        here = ", ".join(one.id for one in by_people) or "nothing"
        text = f"Nothing called {quoted(said.event)} can be done with this. Possible now: {here}."
        raise Refused(f"cannot {what}", [Reason("event", text)])
    event, stage, person = workflow.event(said.event), hand.matter["stage"], actor.person if actor else None
    changes, against_said = judged_said(workflow, said.event, said.records)
    named, against_named = _named(session, hand, said, event.written.names)
    missing, theirs = reason_missing(workflow, said.event, said.reason), _not_theirs(hand, said.event, actor)
    places = {**hand.places, **named, **_taken(hand, said.event, actor, theirs)}
    unsaid = [name for name in event.written.asks if name not in changes]
    before = {name: kept for name, kept in hand.recorded.items() if name not in unsaid}
    people, recorded = {**hand.people, **places}, {**before, **changes}
    reasons = [*theirs, *([missing] if missing else []), *against_said, *_audits(session, hand, actor, changes)]
    reasons += [*against_named, *against_people(session, workflow, people, named, day_of(at))]
    facts = hand.facts(person, day_of(at), recorded=recorded, people=people)
    try:
        to = next_stage(workflow, stage, said.event, facts, unsaid=unsaid)
        opened = Opened() if not event.opens else opened_by_event(
            session, definitions(), replace(from_matter(hand), people=people), event, {**facts.values, "stage": to},
            by=person or runner or hand.matter["opened_by"], actor=person, at=at, reason=said.reason,
        )  # fmt: skip
    except Refused as refused:
        raise Refused(f"cannot {what}", [*reasons, *refused.reasons]) from None
    if reasons:
        raise Refused(f"cannot {what}", reasons)
    told = {
        "event": said.event, "to": to, "reason": said.reason, "said": changes,
        "named": {place: key.hex for place, key in places.items() if hand.places.get(place) != key},
    }  # fmt: skip
    columns = _columns(hand, said.event, to, recorded, places, at)
    kept = {name: value for name, value in told.items() if value}
    return _Moved(columns, kept, stays(workflow, said.event, stage, to), opened, _role(hand, event.written.by, actor))


def _taken(hand: MatterAtHand, event: str, actor: Actor | None, not_theirs: list[Reason]) -> dict[str, UUID]:
    """The place that whoever does it takes by doing it."""
    by = hand.workflow.event(event).written.by
    place = None if actor is None or not_theirs else taken_by(hand.workflow, by, actor, hand.people)
    return {place: actor.person} if actor is not None and place is not None else {}


def _what(hand: MatterAtHand, event: str) -> str:
    known = hand.workflow.events.get(event)
    title = known.written.title if known else event.replace("_", " ")
    return f"{title[:1].lower()}{title[1:]}"


def _not_theirs(hand: MatterAtHand, event: str, actor: Actor | None) -> list[Reason]:
    if actor is not None:
        return may_do(hand.workflow, event, actor, hand.people, hand.names, hand.matter["stage"])
    return clock_may(hand.workflow, event, hand.matter["stage"], hand.people, hand.names)


def _named(
    session: Session, hand: MatterAtHand, said: Said, names: tuple[str, ...]
) -> tuple[dict[str, UUID], list[Reason]]:
    """Who is named, by place, and every reason why what was said does not do."""
    found, reasons = named_people(session, said.named, names)
    title = hand.workflow.event(said.event).written.title
    missing = [name for name in names if name not in said.named]
    reasons += [
        Reason("names", f"'{title}' needs to know who the {name.replace('_', ' ')} is from now on. Name somebody.")
        for name in missing
    ]
    return found, reasons


def _audits(session: Session, hand: MatterAtHand, actor: Actor | None, changes: Mapping[str, str]) -> list[Reason]:
    """Why audits that were named do not do: there is none, it is not theirs to see, or of another case."""
    reasons = []
    for name, reference in audits_named(hand.workflow, changes).items():
        case = None
        if actor is not None and hand.audit is not None:
            try:
                key = audit_key(session, actor, reference)
            except Refused:
                key = None
            asked = select(col(Audit.case_key)).where(col(Audit.key) == key)
            case = session.connection().execute(asked).scalar() if key is not None else None
        if case is None or hand.audit is None or case != hand.audit["case_key"]:
            reasons.append(no_such_audit(hand.workflow, name, reference))
    return reasons


def _role(hand: MatterAtHand, by: tuple[str, ...], actor: Actor | None) -> str:
    """The role in which the entry names whoever does it: the one it is given to, where that is a role of theirs."""
    if actor is None:
        return "clock"
    given = [name for name in by if stands_as(hand.workflow, name, actor, hand.people)]
    places = hand.workflow.workflow.places
    roles = [places[name].role if name in places else name for name in given]
    return next((role for role in roles if role in ROLES and role in actor.roles), actor.role)


def _columns(
    hand: MatterAtHand, event: str, to: str, recorded: Mapping[str, str], places: Mapping[str, UUID], at: datetime
) -> dict[str, Any]:
    """Every column an event may change, as it leaves it."""
    final = hand.workflow.stage(to).final
    return arrived(hand.workflow, hand.matter, event, to, day_of(at), recorded) | {
        "open": not final, "ended_at": at.astimezone(UTC) if final else None, "recorded": dict(recorded),
        "places": {name: person.hex for name, person in places.items()},
    }  # fmt: skip


def _write(session: Session, workspace: UUID, author: Author, hand: MatterAtHand, moved: _Moved, at: datetime) -> int:
    """Take the turn, write the ledger, let the rows follow. Gives the matter's new turn."""
    new = {name: value for name, value in moved.columns.items() if hand.matter[name] != value}
    turn = hand.matter["turn"]
    taken = session.connection().execute(
        update(Matter).where(col(Matter.key) == hand.key, col(Matter.turn) == turn).values(turn=turn + 1, **new)
    )
    if taken.rowcount != 1:
        raise in_this_very_moment()
    payload: dict[str, Any] = dict(moved.told)
    if new:
        payload["changed"] = {name: [hand.matter[name], value] for name, value in new.items()}
    if moved.opened.references:
        payload["opened"] = list(moved.opened.references)
    kind = "recorded" if moved.stays else "moved"
    happening = Happening(hand.key, "matter", kind, payload, hand.matter["workflow_digest"])
    turns = append(session, workspace, author, [happening, *moved.opened.happenings], at)
    for row in moved.opened.rows:
        row(session, turns)
    return turns[hand.key]


def _not_moved_on(session: Session, hand: MatterAtHand, command: Command, what: str) -> None:
    """Go on only when nobody did anything to the matter since the person looked. Raises Refused with who and when."""
    if command.turn is None or command.turn >= hand.matter["turn"]:
        return
    asked = select(col(Entry.ts_utc), col(Person.reference)).join(
        Person, col(Person.key) == col(Entry.actor), isouter=True
    )
    newest = asked.where(col(Entry.chain) == hand.key).order_by(col(Entry.turn).desc()).limit(1)
    ts_utc, who = session.connection().execute(newest).one()
    when = clock(datetime.fromtimestamp(ts_utc / 1_000_000, UTC))
    title = hand.workflow.stage(hand.matter["stage"]).title
    text = (
        f"{who} went on with it at {when}, after you last saw it: it is '{title}' now. Look at it again, then decide."
    )
    raise Refused(f"cannot {what}", [Reason("turn", text)])
