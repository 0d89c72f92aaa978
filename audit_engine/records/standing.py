"""The standing rows beside their ledger: each row must be what its chain tells, no more and no less."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel

from audit_engine.definitions.pinned import pinned_name
from audit_engine.records import findings, live_tables, matter_tables
from audit_engine.records.findings import Finding, key_of, subject
from audit_engine.records.replay import PARTS, Standing, standing_of
from audit_engine.records.rows import Row, StoredTable, stream
from audit_engine.records.teams import teams_of

assert live_tables is not None  # noqa: S101 - imported for what importing does: the tables below are known by name
assert matter_tables is not None  # noqa: S101 - likewise

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
    "matter": "matters",
    "notice": "notices",
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
        self, chain: str, about: str, turn: int, payloads: Sequence[Mapping[str, Any]] | None
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
        code, sentence = self._against(about, turn, row, told, parts, payloads)
        if code:
            named = f"{subject(about, reference, chain)}: {sentence}"
            found.append(Finding(code, named, key_of(chain), about, reference, turn))
        return found, reference

    def rest(self) -> Iterator[Finding]:
        """Standing rows behind the last chain, which no ledger tells of."""
        for about in self._rows:
            yield from self._untold(about, None)

    def _against(
        self,
        about: str,
        turn: int,
        row: Row | None,
        told: Standing | None,
        parts: Mapping[str, list[Row]],
        payloads: Sequence[Mapping[str, Any]] | None,
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
            return self._at_other_turns(payloads or (), parts.get("ratings", ()))
        return findings.STANDING_DIFFERS, f"the standing row is not what its ledger tells: {', '.join(differing)}"

    def _at_other_turns(self, payloads: Sequence[Mapping[str, Any]], ratings: Sequence[Row]) -> tuple[str, str]:
        """Ratings whose turn is not that of the entry that wrote them last; 0 stands for the import."""
        if not ratings:
            return "", ""
        wrote = {
            rating["criterion"]: turn if turn > 1 else 0
            for turn, payload in enumerate(payloads, start=1)
            for rating in payload.get("ratings", ())
        }
        table = self._parts["ratings"].table
        name, at = table.place("criterion"), table.place("turn")
        differing = [f"ratings {row[name]}" for row in ratings if row[at] != wrote.get(row[name])]
        return (findings.PART_TURN, f"no entry of that turn wrote {', '.join(differing)}") if differing else ("", "")

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


_PINNED_UNDER = (
    ("audits", "workflow_digest"),
    ("audits", "rubric_digest"),
    ("moderations", "workflow_digest"),
    ("escalations", "workflow_digest"),
    ("matters", "workflow_digest"),
    ("draws", "programme_digest"),
)
_COMMANDS_ALONE = (
    "SELECT c.chain, c.turn FROM commands c WHERE NOT EXISTS"
    " (SELECT 1 FROM entries e WHERE e.chain = c.chain AND e.turn = c.turn) ORDER BY c.chain, c.turn"
)
# What a moderator answers is told by the moderation's own chain, at the audit's turn: both entries have one moment.
_BLIND_TURNS = (
    "SELECT b.moderation, b.criterion FROM blind_ratings b LEFT JOIN moderations m ON m.key = b.moderation"
    " WHERE NOT EXISTS (SELECT 1 FROM entries a JOIN entries o ON o.ts_utc = a.ts_utc AND o.chain = b.moderation"
    " WHERE a.chain = m.audit AND a.turn = b.turn) ORDER BY b.moderation, b.criterion"
)


def definitions(connection: Connection) -> Iterator[Finding]:
    """Definitions that are not what their digest was taken of, and digests without a text."""
    rows = stream(connection, "SELECT digest, kind, name, version, text FROM definitions ORDER BY digest")
    for digest, kind, name, version, text in rows:
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield Finding(findings.DEFINITION_CHANGED, f"the text of definition {name} was changed after it was kept")
        elif (told := pinned_name(text)) != (kind, name, version):
            said = " ".join(told) if told else "nothing that can be read"
            sentence = f"the definition {digest[:12]} is kept as {kind} {name} {version}, its text says {said}"
            yield Finding(findings.DEFINITION_NAMED, sentence)
    for table, column in _PINNED_UNDER:
        missing = f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT digest FROM definitions)"  # noqa: S608 - names of ours
        for (digest,) in stream(connection, missing):
            sentence = f"the definition {digest[:12]} that {table} were made under is gone"
            yield Finding(findings.DEFINITION_CHANGED, sentence)


def teams(connection: Connection) -> Iterator[Finding]:
    """Teams that are not what people's roles tell. The roles themselves are held against the ledger."""
    columns = ("team", "area", "manages_team", "from_day", "to_day")
    rows = stream(connection, f"SELECT {', '.join(columns)} FROM roles_held")  # noqa: S608 - names of ours
    told = teams_of(dict(zip(columns, row, strict=True)) for row in rows)
    here: dict[str, str] = dict(iter(stream(connection, "SELECT name, area FROM teams")))
    differing = sorted(name for name in told.keys() | here.keys() if told.get(name) != here.get(name))
    if differing:
        sentence = f"the list of teams is not what people's roles tell: {', '.join(differing[:5])}"
        yield Finding(findings.TEAMS_DIFFER, sentence)


def pointing(connection: Connection) -> Iterator[Finding]:
    """Rows that name an entry there is not: commands that were carried out, and blind answers."""
    for chain, turn in stream(connection, _COMMANDS_ALONE):
        sentence = f"a command is kept as carried out, and the entry it made is not there: turn {turn} of {chain}"
        yield Finding(findings.COMMAND_ALONE, sentence, key_of(chain), turn=turn)
    for chain, criterion in stream(connection, _BLIND_TURNS):
        sentence = f"blind_ratings {criterion} of {subject('moderation', '', chain)}: no entry of that turn wrote it"
        yield Finding(findings.PART_TURN, sentence, key_of(chain), "moderation")
