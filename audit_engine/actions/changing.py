"""One way to change an audit: once, at its turn, with its entry, in one transaction.

An action opens the audit at hand, decides, and collects what changes. Then the turn is taken by one conditional
UPDATE, the ledger is written, the rows follow, and the command is remembered; all of it or nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.imports.writing import author_of
from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor, Subject, require
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, at_hand
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening, append
from audit_engine.records.live_tables import BlindRating
from audit_engine.records.tables import Audit, Entry, Person, Rating

RATING_COLUMNS = (
    "criterion", "applicability", "reason", "grade", "grade_order", "evidence", "impact", "pointer", "note",
    "given_applicability", "given_grade",
)  # fmt: skip


@dataclass
class Change:
    """What one command does to one audit."""

    kind: str
    columns: dict[str, Any] = field(default_factory=dict)
    """Of the audit's row: new values."""
    ratings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By criterion, whole rows without audit and turn."""
    gone: tuple[str, ...] = ()
    """Criteria whose rating is taken back."""
    told: dict[str, Any] = field(default_factory=dict)
    """Further words of the entry: the event, the reason."""
    happenings: list[Happening] = field(default_factory=list)
    """Of other chains, in the same transaction."""
    rows: list[Callable[[Session, Mapping[UUID, int]], None]] = field(default_factory=list)
    """Rows of other things, written after the ledger; given the turns by chain."""


Decide = Callable[[Session, AtHand], Change]


def change_audit(
    db: Database, actor: Actor, command: Command, reference: str, what: str, decide: Decide, *,
    at: datetime, action: str = "move", ratings: bool = True, criterion: str | None = None,
) -> None:  # fmt: skip
    """Carry out one command on one audit.

    Args:
        what: The deed in words, for refusals: `submit this audit`.
        decide: Told the audit at hand, says what changes; raises Refused to change nothing.
        action: The grant the actor needs.
        ratings: False for what a moderator does blind.
        criterion: What is rated, when it is; somebody else's newer rating of it refuses this one.

    Raises:
        Refused: not theirs to do, moved on since they looked, or whatever `decide` refuses.
    """

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        key = _key(session, actor, reference, what)
        hand = at_hand(session, key, ratings=ratings)
        audit = hand.audit
        subject = Subject(audit["area"], audit["team"], audit["auditor"], audit["practitioner"])
        require(actor, action, what, subject)
        _still_four_eyes(hand, what)
        _not_moved_on(session, hand, command, what, criterion)
        write(session, db, actor, command, hand, decide(session, hand), at)

    db.transact(act)


def _key(session: Session, actor: Actor, reference: str, what: str) -> UUID:
    found = (
        session.connection()
        .execute(select(col(Audit.key), col(Audit.imported)).where(col(Audit.reference) == reference))
        .first()
    )
    if found is None:
        raise Refused(
            f"cannot {what}", [Reason("audit", f"There is no audit of this reference that {actor.reference} may see.")]
        )
    if found.imported:
        text = f"{reference} was imported: it came finished, and an import never changes. Audit the case again instead."
        raise Refused(f"cannot {what}", [Reason("imported", text)])
    key: UUID = found.key
    return key


def _still_four_eyes(hand: AtHand, what: str) -> None:
    """Asked at every save: people change teams in between."""
    against = conflicts(hand.people, names=hand.names)
    if against:
        raise Refused(f"cannot {what}", against)


def _not_moved_on(session: Session, hand: AtHand, command: Command, what: str, criterion: str | None) -> None:
    """Refuse what was decided on an older picture: only the same criterion, the stage or a lock count."""
    seen = command.turn
    if seen is None or seen >= hand.audit["turn"]:
        return
    touched = hand.ratings.get(criterion or "") or hand.blind.get(criterion or "")
    newer = select(col(Entry.turn), col(Entry.kind), col(Entry.ts_utc), col(Person.reference)).join(
        Person, col(Person.key) == col(Entry.actor), isouter=True
    )
    newer = newer.where(col(Entry.chain) == hand.key, col(Entry.turn) > seen).order_by(col(Entry.turn).desc())
    for entry in session.connection().execute(newer):
        same = touched is not None and criterion is not None and touched["turn"] == entry.turn
        if entry.kind in ("moved", "assigned") or same:
            at = datetime.fromtimestamp(entry.ts_utc / 1_000_000, UTC).strftime("%H:%M")
            did = f"rated it {_words(touched)}" if same and touched else f"moved it on to '{_title(hand)}'"
            text = f"{entry.reference} {did} at {at} UTC, after you last saw it. Look at it again, then decide."
            raise Refused(f"cannot {what}", [Reason("turn", text)])


def _words(rating: Mapping[str, Any]) -> str:
    return str(rating["grade"] or rating["applicability"]).replace("_", " ")


def _title(hand: AtHand) -> str:
    return hand.workflow.stage(hand.audit["stage"]).title


def write(
    session: Session, db: Database, actor: Actor, command: Command, hand: AtHand, change: Change, at: datetime
) -> None:
    """Take the turn, write the ledger, let the rows follow, remember the command."""
    connection, turn = session.connection(), hand.audit["turn"]
    columns = {name: value for name, value in change.columns.items() if hand.audit[name] != value}
    taken = connection.execute(
        update(Audit).where(col(Audit.key) == hand.key, col(Audit.turn) == turn).values(turn=turn + 1, **columns)
    )
    if taken.rowcount != 1:
        text = "Somebody changed it in this very moment. Look at it again, then decide."
        raise Refused("cannot save this", [Reason("turn", text)])
    payload: dict[str, Any] = dict(change.told)
    if columns:
        payload["changed"] = {name: [hand.audit[name], value] for name, value in columns.items()}
    if change.ratings:
        payload["ratings"] = [{name: row.get(name) for name in RATING_COLUMNS} for row in change.ratings.values()]
    if change.gone:
        payload["ratings_gone"] = list(change.gone)
    mine = Happening(
        hand.key, "audit", change.kind, payload,
        hand.audit["workflow_digest"] or "", hand.audit["rubric_digest"],
    )  # fmt: skip
    turns = append(session, db.workspace, author_of(actor), [mine, *change.happenings], at)
    _write_ratings(session, hand, change, turn + 1)
    for row in change.rows:
        row(session, turns)
    remember(session, command, hand.key, turn + 1)
    session.flush()


def _write_ratings(session: Session, hand: AtHand, change: Change, turn: int) -> None:
    connection = session.connection()
    replaced = [name for name in (*change.ratings, *change.gone) if name in hand.ratings]
    if replaced:
        connection.execute(delete(Rating).where(col(Rating.audit) == hand.key, col(Rating.criterion).in_(replaced)))
    rows = [
        {**{name: row.get(name) for name in RATING_COLUMNS}, "audit": hand.key, "turn": turn}
        for row in change.ratings.values()
    ]
    if rows:
        connection.execute(insert(Rating), rows)


def write_blind(
    moderation: UUID, audit: UUID, rows: Mapping[str, dict[str, Any]], known: Mapping[str, Any]
) -> Callable[[Session, Mapping[UUID, int]], None]:
    """Blind ratings to be written once the moderation's turn is known."""

    def run(session: Session, turns: Mapping[UUID, int]) -> None:
        replaced = [name for name in rows if name in known]
        if replaced:
            session.connection().execute(
                delete(BlindRating).where(
                    col(BlindRating.moderation) == moderation, col(BlindRating.criterion).in_(replaced)
                )
            )
        made = [{**row, "moderation": moderation, "turn": turns[audit]} for row in rows.values()]
        if made:
            session.connection().execute(insert(BlindRating), made)

    return run


def due_after(hand_or_days: int | None, at: datetime) -> date | None:
    """The day something is due: that many working days of England after the day of `at`."""
    from audit_engine.calendars import working_days_after  # noqa: PLC0415 - only moves need the calendar of holidays

    return None if hand_or_days is None else working_days_after(at.date(), hand_or_days)
