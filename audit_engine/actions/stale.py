"""What was decided on an older picture: only the same criterion, the stage or a lock refuse it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session, col

from audit_engine.actions.command import Command
from audit_engine.calendars import clock
from audit_engine.engine.ratings import EXPECTED
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.tables import Person

_MOVES = ("moved", "assigned")
_ANSWERS = ("rated", "undone")


def not_moved_on(
    session: Session, hand: AtHand, command: Command, what: str, criterion: str | None, *, blind: bool, event: str = ""
) -> None:
    """Go on only when nobody moved the audit, or answered the same criterion, since the person looked.

    Args:
        blind: The criterion is the moderator's, to grade or to decide.
        event: What is about to be done; one that leaves the audit where it is refuses no other, and refuses itself.

    Raises:
        Refused: with who did what, and when.
    """
    seen = command.turn
    if seen is None or seen >= hand.audit["turn"]:
        return
    theirs = hand.blind.get(criterion or "") if blind else None
    for entry in session.connection().execute(_newer(hand, seen)):
        if entry.kind == "migrated" and _led_elsewhere(entry.text):
            did = f"moved it to another text of its workflow, where it is '{_here(hand)}',"
        elif entry.kind == "rubric_changed":
            did = "moved it to another text of its rubric"
        elif entry.kind in _MOVES:
            did = f"moved it on to '{_here(hand)}'"
        elif entry.kind == "recorded" and event and _told(entry.text, "event") == event:
            did = f"did '{hand.workflow.event(event).written.title}'"
        elif theirs is not None and theirs["turn"] == entry.turn:
            did = "answered it again"
        elif (
            not blind
            and criterion is not None
            and entry.kind in _ANSWERS
            and _told(entry.text, "criterion") == criterion
        ):
            did = _words(hand.ratings.get(criterion))
        else:
            continue
        at = clock(datetime.fromtimestamp(entry.ts_utc / 1_000_000, UTC))
        text = f"{entry.reference} {did} at {at}, after you last saw it. Look at it again, then decide."
        raise Refused(f"cannot {what}", [Reason("turn", text)])


def _newer(hand: AtHand, seen: int) -> Any:
    statement = select(col(Entry.turn), col(Entry.kind), col(Entry.ts_utc), col(Person.reference), col(Payload.text))
    return (
        statement.join(Person, col(Person.key) == col(Entry.actor), isouter=True)
        .join(Payload, and_(col(Payload.chain) == col(Entry.chain), col(Payload.turn) == col(Entry.turn)), isouter=True)
        .where(col(Entry.chain) == hand.key, col(Entry.turn) > seen)
        .order_by(col(Entry.turn).desc())
    )


def _here(hand: AtHand) -> str:
    return hand.workflow.stage(hand.audit["stage"]).title


def _led_elsewhere(text: str | None) -> bool:
    """Whether a move to another text gave the stage another name. Where it did not, nothing people saw has changed."""
    return text is None or "stage" in json.loads(text).get("changed", {})


def _told(text: str | None, name: str) -> str | None:
    told: str | None = json.loads(text).get(name) if text is not None else None
    return told


def _words(rating: Mapping[str, Any] | None) -> str:
    if rating is None:
        return "took their answer on it back"
    if rating["grade"] is None and rating["applicability"] == EXPECTED:
        return "wrote something on it"
    return f"answered it with {str(rating['grade'] or rating['applicability']).replace('_', ' ')}"
