"""What happens on a moderation's own chain and rows, together with what happens to its audit."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert
from sqlmodel import Session, SQLModel

from audit_engine.actions.changing import Change
from audit_engine.queries.at_hand import AtHand
from audit_engine.records import live_tables
from audit_engine.records.ledger import Happening
from audit_engine.records.prepared import Prepared, PreparedUpdate

assert live_tables is not None  # noqa: S101 - imported for what importing does: `blind_ratings` is known by name

# Made once: building a statement costs more than running it, and every blind grade runs these.
_MODERATIONS, _BLIND = SQLModel.metadata.tables["moderations"], SQLModel.metadata.tables["blind_ratings"]
_MODERATION = PreparedUpdate(_MODERATIONS, _MODERATIONS.c.key == bindparam("at_key"))
_COLUMNS = tuple(_BLIND.columns.keys())
_NEW_BLIND = Prepared(insert(_BLIND), *_COLUMNS)
_NO_BLIND = Prepared(
    delete(_BLIND).where(
        _BLIND.c.moderation == bindparam("of_moderation"), _BLIND.c.criterion == bindparam("at_criterion")
    )
)


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
        _MODERATION.write(session.connection(), {**new, "turn": turns[key]}, {"at_key": key})

    change.rows.append(update_row)
    if rows:
        change.rows.append(_write_blind(key, hand.key, rows, hand.blind))


def _write_blind(
    moderation: UUID, audit: UUID, rows: Mapping[str, dict[str, Any]], known: Mapping[str, Any]
) -> Callable[[Session, Mapping[UUID, int]], None]:
    """Blind ratings to be written once the audit's turn is known."""

    def run(session: Session, turns: Mapping[UUID, int]) -> None:
        connection = session.connection()
        for name, row in rows.items():
            if name in known:
                _NO_BLIND.write(connection, {"of_moderation": moderation, "at_criterion": name})
            whole = dict.fromkeys(_COLUMNS) | row | {"moderation": moderation, "turn": turns[audit]}
            _NEW_BLIND.write(connection, whole)

    return run
