"""How a thing stands, from what its ledger says. Pure: no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PARTS: Mapping[str, Mapping[str, str]] = {
    "audit": {"ratings": "criterion"},
    "person": {"roles": "number", "accounts": "account"},
    "moderation": {"blind_ratings": "criterion"},
    "draw": {"members": "number"},
}
"""What stands below a row, by what the row is about: the name in the payload, and what tells two apart."""

WHOLE = frozenset({"roles"})
"""Parts a payload lists whole, so that one it leaves out is gone; of the others it lists what it adds or replaces."""


@dataclass(slots=True)
class Standing:
    """One standing row and what stands below it, in the values of canonical JSON."""

    row: dict[str, Any] | None = None
    """None when the ledger never described the thing (a viewer, for one)."""
    parts: dict[str, dict[Any, dict[str, Any]]] = field(default_factory=dict)
    """`ratings` by criterion; `roles` by number and `accounts` by account."""


def standing_of(about: str, payloads: Iterable[Mapping[str, Any]]) -> Standing:
    """How the thing stands after all of `payloads`, oldest first.

    Args:
        about: `audit`, `case`, `person`, ... as the entries say.
        payloads: As ledger.py describes them; keys it does not name are passed over.
    """
    standing = Standing(parts={name: {} for name in PARTS.get(about, {})})
    for payload in payloads:
        if isinstance(payload.get("row"), Mapping):
            standing.row = dict(payload["row"])
        for column, (_old, new) in payload.get("changed", {}).items():
            standing.row = (standing.row or {}) | {column: new}
        for name, told_by in PARTS.get(about, {}).items():
            if name in WHOLE and name in payload:
                standing.parts[name] = {}
            for gone in payload.get(f"{name}_gone", ()):
                standing.parts[name].pop(gone, None)
            for part in payload.get(name, ()):
                standing.parts[name][part[told_by]] = dict(part)
        if about == "person" and "account" in payload:
            standing.parts["accounts"][payload["account"]] = {"account": payload["account"]}
    return standing
