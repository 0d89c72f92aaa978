"""One way to change an audit: once, at its turn, with its entry, in one transaction.

An action opens the audit at hand, decides, and collects what changes. Then the turn is taken by one conditional
UPDATE, the ledger is written, the rows follow, and the command is remembered; all of it or nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, SQLModel

from audit_engine.actions.command import Command, remember
from audit_engine.actions.drafting import drop_drafts_at_the_end
from audit_engine.actions.stale import not_moved_on
from audit_engine.calendars import day_of
from audit_engine.engine.independence import conflicts
from audit_engine.engine.permission import Actor, allowed, who_may
from audit_engine.problems import Reason, Refused
from audit_engine.queries.asking import HOLDS_TODAY, MANAGES_TODAY, Asking, Found, find, find_with_rating
from audit_engine.queries.at_hand import AtHand, ReadLater, at_hand
from audit_engine.queries.in_places import reached_by_place
from audit_engine.queries.kept_out import role_gone
from audit_engine.queries.standing import Barred, barred
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.prepared import Prepared, PreparedUpdate
from audit_engine.safe_text import MAX_TEXT, cleaned

RATING_COLUMNS = (
    "criterion", "applicability", "reason", "grade", "grade_order", "evidence", "impact", "pointer", "note",
    "given_applicability", "given_grade", "answers", "members",
)  # fmt: skip
PLACES = {"grade": ("auditor", "auditor"), "moderate": ("moderator", "head_of_practice")}
"""Action -> the place in the audit whoever does it stands in, and the role that takes."""

# Made once: building a statement costs more than running it, and every keystroke runs these.
_AUDITS, _RATINGS = SQLModel.metadata.tables["audits"], SQLModel.metadata.tables["ratings"]
_TAKE_TURN = PreparedUpdate(_AUDITS, (_AUDITS.c.key == bindparam("at_key")) & (_AUDITS.c.turn == bindparam("at_turn")))
_NEW_RATING = Prepared(insert(_RATINGS), "audit", "turn", *RATING_COLUMNS)
_RATING_AT = (_RATINGS.c.audit == bindparam("at_audit")) & (_RATINGS.c.criterion == bindparam("at_criterion"))
_OTHER_RATING = Prepared(
    update(_RATINGS).where(_RATING_AT).values({name: bindparam(f"to_{name}") for name in (*RATING_COLUMNS[1:], "turn")})
)
_NO_RATING = Prepared(delete(_RATINGS).where(_RATING_AT))


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
    at: datetime, action: str = "move", ratings: bool = True, criterion: str | None = None, event: str = "",
) -> None:  # fmt: skip
    """Carry out one command on one audit.

    Args:
        what: The deed in words, for refusals: `submit this audit`.
        decide: Told the audit at hand, says what changes; raises Refused to change nothing.
        action: The grant the actor needs.
        ratings: False for what a moderator does blind.
        criterion: What is rated or decided, when it is; a newer answer on it refuses this one.
        event: Of its workflow, when it is one; the same event, done since they looked, refuses this one.

    Raises:
        Refused: not theirs to do, moved on since they looked, or whatever `decide` refuses.
    """
    asking = Asking(actor.person, day_of(at), command.id, PLACES[action][1] if action in PLACES else "")

    def act(session: Session) -> None:
        found = find(session, reference, asking)
        by_place = action == "move" and found is not None and _by_place(session, actor, found, reference)
        found = theirs(found, actor, action, what, reached=by_place)
        if found.done:
            return
        _not_imported(found, reference, what)
        hand = at_hand(session, found.key, ratings=ratings, later=True)
        against = barred(session, hand, day_of(at)) if action in PLACES else None
        _allowed(actor, action, what, found, hand, against)
        not_moved_on(session, hand, command, what, criterion, blind=action == "moderate", event=event)
        write(session, db, (_acting(actor, action), command), found, hand, decide(session, hand), at)

    db.transact(act)


def change_rating(
    db: Database, actor: Actor, command: Command, reference: str, what: str, criterion: str, decide: Decide, *,
    at: datetime,
) -> None:  # fmt: skip
    """As `change_audit`, for the auditor's answer on one criterion: only that answer is read."""
    asking = Asking(actor.person, day_of(at), command.id, PLACES["grade"][1])

    def act(session: Session) -> None:
        both = find_with_rating(session, reference, criterion, asking)
        found = theirs(both and both[0], actor, "grade", what)
        if found.done:
            return
        _not_imported(found, reference, what)
        assert both is not None  # noqa: S101 - `theirs` has refused what was not found
        assert both[1] is not None  # noqa: S101 - only imported audits have no workflow
        _allowed(actor, "grade", what, found, both[1])
        not_moved_on(session, both[1], command, what, criterion, blind=False)
        write(session, db, (_acting(actor, "grade"), command), found, both[1], decide(session, both[1]), at)

    db.transact(act)


def _by_place(session: Session, actor: Actor, found: Found, reference: str) -> bool:
    """Whether the actor reaches an audit that is not theirs by their roles, by a place of its workflow."""
    if found.done or allowed(actor, "move", found.subject):
        return False
    return reached_by_place(session, actor, reference) is not None


def theirs(found: Found | None, actor: Actor, action: str, what: str, *, reached: bool = False) -> Found:
    """Go on only with an audit that there is, and that is the actor's to do this to: the answer is the same for both.

    Whoever did this very command before is told that it is done, whatever is theirs by now.

    Args:
        reached: They reach it otherwise than by their roles.
    """
    if found is None or not (found.done or reached or allowed(actor, action, found.subject)):
        text = f"There is no audit of this reference to which {actor.reference} may do this. Check the reference."
        text = f"{text} {who_may(action)}"
        raise Refused(f"cannot {what}", [Reason(action, text)])
    return found


def _not_imported(found: Found, reference: str, what: str) -> None:
    if found.imported:
        text = f"{reference} was imported: it came finished, and an import never changes. Audit the case again instead."
        raise Refused(f"cannot {what}", [Reason("imported", text)])


def _allowed(actor: Actor, action: str, what: str, found: Found, hand: AtHand, against: Barred | None = None) -> None:
    """Asked at every save, of what the database says now: people change roles, teams and cases in between.

    Args:
        against: Who must keep out of it; None where only one answer is saved, which asks no more than `found` tells.
    """
    if action not in PLACES:
        return
    audit = hand.audit
    place, role = PLACES[action]
    reasons = [] if found.holds_role else [role_gone(actor, role)]
    also: dict[UUID, str] = {}
    if found.manages and actor.person != audit["manager"]:
        also[actor.person] = MANAGES_TODAY
    if found.holds_case and actor.person != audit["practitioner"]:
        also[actor.person] = HOLDS_TODAY
    if against is not None and actor.person in against.everywhere:
        also[actor.person] = against.everywhere[actor.person]
    # Of their own place only: that somebody else no longer may stand where they stood must not keep anybody from
    # sending the audit back. Where grades lock and become final, everybody is looked at.
    names = ReadLater(lambda: {**hand.names, actor.person: actor.reference})
    moderating = against.moderating if against is not None and place == "moderator" else {}
    mine = {actor.person: moderating[actor.person]} if actor.person in moderating else {}
    reasons += conflicts({**hand.people, place: actor.person}, also, names, mine)
    if reasons:
        raise Refused(f"cannot {what}", reasons)


_ROLE = {"grade": "auditor", "moderate": "head_of_practice", "answer": "practitioner"}


def _acting(actor: Actor, action: str) -> Author:
    """The actor as the entry names them: in the role they act in, where the action has one."""
    return Author(actor.person, _ROLE.get(action, actor.role), actor.identified)


def write(
    session: Session,
    db: Database,
    asked: tuple[Author, Command],
    found: Found,
    hand: AtHand,
    change: Change,
    at: datetime,
) -> None:
    """Take the turn, write the ledger, let the rows follow, remember the command."""
    author, command = asked
    columns = {name: value for name, value in change.columns.items() if hand.audit[name] != value}
    _take_turn(session, hand, columns)
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
    known = {hand.key: found.head} if found.head is not None else {}
    turns = append(session, db.workspace, author, [mine, *change.happenings], at, known=known)
    turn = turns[hand.key]
    _write_ratings(session, hand, change, turn)
    for row in change.rows:
        row(session, turns)
    if "stage" in columns and hand.workflow.stage(columns["stage"]).final:
        drop_drafts_at_the_end(session, hand.key)
    remember(session, command, hand.key, turn)


def _take_turn(session: Session, hand: AtHand, columns: Mapping[str, Any]) -> None:
    """One conditional UPDATE: whoever else read the same turn finds it gone."""
    turn = hand.audit["turn"]
    at = {"at_key": hand.key, "at_turn": turn}
    if _TAKE_TURN.write(session.connection(), {**columns, "turn": turn + 1}, at) != 1:
        raise in_this_very_moment()


def in_this_very_moment() -> Refused:
    """Somebody else took the turn between reading and writing."""
    text = "Somebody changed it in this very moment. Look at it again, then decide."
    return Refused("cannot save this", [Reason("turn", text)])


def _write_ratings(session: Session, hand: AtHand, change: Change, turn: int) -> None:
    connection = session.connection()
    known = frozenset(hand.ratings) if change.ratings else frozenset[str]()
    for criterion in change.gone:
        _NO_RATING.write(connection, {"at_audit": hand.key, "at_criterion": criterion})
    for criterion, row in change.ratings.items():
        if criterion in known:
            other = {f"to_{name}": row.get(name) for name in RATING_COLUMNS[1:]} | {"to_turn": turn}
            _OTHER_RATING.write(connection, other | {"at_audit": hand.key, "at_criterion": criterion})
        else:
            added = {name: row.get(name) for name in RATING_COLUMNS}
            _NEW_RATING.write(connection, added | {"audit": hand.key, "turn": turn})


def clean_text(text: str, what: str) -> str:
    """What a person wrote, without characters nobody can see and without spaces around it.

    Raises:
        Refused: it is longer than any text here may be.
    """
    kept = cleaned(text)[0].strip()
    if len(kept) > MAX_TEXT:
        over = f"This text is {len(kept):,} characters long, and {MAX_TEXT:,} is the most. Shorten it."
        raise Refused(f"cannot {what}", [Reason("text", over)])
    return kept
