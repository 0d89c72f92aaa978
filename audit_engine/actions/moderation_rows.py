"""What happens on a moderation's own chain and rows, together with what happens to its audit."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col

from audit_engine.actions.changing import Change
from audit_engine.queries.at_hand import AtHand
from audit_engine.records.ledger import Happening
from audit_engine.records.live_tables import BlindRating
from audit_engine.records.tables import Moderation


def on_moderation(
    change: Change, hand: AtHand, columns: Mapping[str, Any], rows: Mapping[str, dict[str, Any]], kind: str, **told: Any
) -> None:
    """Add to a change what happens on the moderation's own chain and rows."""
    moderation = hand.moderation
    assert moderation is not None  # noqa: S101 - every caller has seen that there is one
    key: UUID = moderation["key"]
    new = {name: value for name, value in columns.items() if moderation[name] != value}
    payload: dict[str, Any] = dict(told)
    if new:
        payload["changed"] = {name: [moderation[name], value] for name, value in new.items()}
    if rows:
        payload["blind_ratings"] = list(rows.values())
    change.happenings.append(Happening(key, "moderation", kind, payload, moderation["workflow_digest"] or ""))

    def update_row(session: Session, turns: Mapping[UUID, int]) -> None:
        session.connection().execute(
            update(Moderation).where(col(Moderation.key) == key).values(turn=turns[key], **new)
        )

    change.rows.append(update_row)
    if rows:
        change.rows.append(_write_blind(key, hand.key, rows, hand.blind))


def _write_blind(
    moderation: UUID, audit: UUID, rows: Mapping[str, dict[str, Any]], known: Mapping[str, Any]
) -> Callable[[Session, Mapping[UUID, int]], None]:
    """Blind ratings to be written once the audit's turn is known."""

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
