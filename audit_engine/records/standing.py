"""The standing rows beside their ledger: each row must be what its chain tells, no more and no less."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel

from audit_engine.records import findings, live_tables
from audit_engine.records.findings import Finding, key_of, subject
from audit_engine.records.replay import PARTS, Standing, standing_of
from audit_engine.records.rows import Row, StoredTable, stream

assert live_tables is not None  # noqa: S101 - imported for what importing does: the tables below are known by name

TABLES = {
    "workspace": "workspace",
    "person": "people",
    "case": "cases",
    "audit": "audits",
    "moderation": "moderations",
    "observation": "observations",
    "indicator": "indicators",
    "file": "imported_files",
    "draw": "draws",
    "escalation": "escalations",
}
"""Which table holds the standing rows of what."""
_PART_TABLES = {
    "ratings": ("ratings", "audit"),
    "roles": ("roles_held", "person"),
    "accounts": ("accounts", "person"),
    "blind_ratings": ("blind_ratings", "moderation"),
    "members": ("draw_members", "draw"),
}


class _Ordered:
    """The rows of one table, taken by owner in the order of their keys."""

    def __init__(self, connection: Connection, name: str, owner: str, *order: str) -> None:
        table = SQLModel.metadata.tables[name]
        self.table = StoredTable(connection, table, owner, *order, apart={"turn", owner})
        self._owner = self.table.place(owner)
        self._rows = self.table.rows()
        self._next = next(self._rows, None)

    def before(self, chain: str | None) -> Iterator[tuple[str, Row]]:
        """Owner and row of those whose owner comes before `chain`; all that are left when None."""
        while self._next is not None and (chain is None or self._next[self._owner] < chain):
            taken, self._next = self._next, next(self._rows, None)
            yield taken[self._owner], taken

    def of(self, chain: str) -> list[Row]:
        """The rows whose owner is `chain`."""
        taken: list[Row] = []
        while self._next is not None and self._next[self._owner] == chain:
            taken.append(self._next)
            self._next = next(self._rows, None)
        return taken


class StandingRows:
    """Compares standing rows with chains; give it every chain, in the order of their keys."""

    def __init__(self, connection: Connection) -> None:
        self._rows = {about: _Ordered(connection, name, "key") for about, name in TABLES.items()}
        told_by = {name: column for parts in PARTS.values() for name, column in parts.items()}
        self._parts = {
            name: _Ordered(connection, table, owner, told_by[name]) for name, (table, owner) in _PART_TABLES.items()
        }

    def compare(
        self, chain: str, about: str, turn: int, payloads: list[Mapping[str, Any]] | None
    ) -> tuple[list[Finding], str]:
        """What differs between a chain and its standing row, and the thing's reference when it has one.

        Args:
            turn: Of the chain's newest entry.
            payloads: Oldest first; None when some are erased or the chain is broken, so that only turns compare.
        """
        if about not in self._rows:
            return [], ""
        found = list(self._untold(about, chain))
        table, row = self._rows[about].table, next(iter(self._rows[about].of(chain)), None)
        parts = {name: self._parts[name].of(chain) for name in PARTS.get(about, {})}
        told = standing_of(about, payloads) if payloads is not None else None
        reference = str((row and table.value(row, "reference")) or ((told and told.row) or {}).get("reference") or "")
        code, sentence = self._against(about, turn, row, told, parts)
        if code:
            named = f"{subject(about, reference, chain)}: {sentence}"
            found.append(Finding(code, named, key_of(chain), about, reference, turn))
        return found, reference

    def rest(self) -> Iterator[Finding]:
        """Standing rows behind the last chain, which no ledger tells of."""
        for about in self._rows:
            yield from self._untold(about, None)

    def _against(
        self, about: str, turn: int, row: Row | None, told: Standing | None, parts: Mapping[str, list[Row]]
    ) -> tuple[str, str]:
        """The code and the rest of the sentence; both empty when row and ledger agree."""
        table = self._rows[about].table
        if row is None:
            gone = told is None or told.row is not None
            return (findings.STANDING_GONE, "the standing row is gone, its ledger is still here") if gone else ("", "")
        stands_at = table.value(row, "turn")
        if stands_at not in {None, turn}:
            return findings.TAIL_CUT, f"the standing row is at turn {stands_at}, its ledger ends at turn {turn}"
        if told is None:
            return "", ""
        differing = table.differing(row, told.row or {})
        for name, there in parts.items():
            differing += self._differing_parts(name, PARTS[about][name], there, told.parts[name])
        if not differing:
            return "", ""
        return findings.STANDING_DIFFERS, f"the standing row is not what its ledger tells: {', '.join(differing)}"

    def _untold(self, about: str, chain: str | None) -> Iterator[Finding]:
        owners: set[str] = set()
        for key, row in self._rows[about].before(chain):
            owners.add(key)
            reference = str(self._rows[about].table.value(row, "reference") or "")
            sentence = f"{subject(about, reference, key)}: there is a standing row, and no ledger tells of it"
            yield Finding(findings.STANDING_UNTOLD, sentence, key_of(key), about, reference)
        for part in PARTS.get(about, {}):
            for key, _ in self._parts[part].before(chain):
                if key not in owners:
                    owners.add(key)
                    sentence = f"{part} belong to {subject(about, '', key)}, which has no ledger"
                    yield Finding(findings.STANDING_UNTOLD, sentence, key_of(key), about)

    def _differing_parts(self, part: str, told_by: str, there: list[Row], told: Mapping[Any, Any]) -> list[str]:
        table = self._parts[part].table
        place, differing = table.place(told_by), list[str]()
        for row in there:
            name = row[place]
            if name not in told:
                differing.append(f"{part} {name} (added)")
            else:
                differing += [f"{part} {name}: {column}" for column in table.differing(row, told[name])]
        if differing or len(there) != len(told):
            removed = told.keys() - {row[place] for row in there}
            differing += [f"{part} {name} (removed)" for name in sorted(removed, key=str)]
        return differing


def definitions(connection: Connection) -> Iterator[Finding]:
    """Definitions whose text is not the one their digest was taken of, and digests of audits without a text."""
    for digest, name, text in stream(connection, "SELECT digest, name, text FROM definitions ORDER BY digest"):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield Finding(findings.DEFINITION_CHANGED, f"the text of definition {name} was changed after it was kept")
    for column in ("workflow_digest", "rubric_digest"):
        missing = f"SELECT DISTINCT {column} FROM audits WHERE {column} NOT IN (SELECT digest FROM definitions)"  # noqa: S608
        for (digest,) in stream(connection, missing):
            sentence = f"the definition {digest[:12]} that audits were made under is gone"
            yield Finding(findings.DEFINITION_CHANGED, sentence)
