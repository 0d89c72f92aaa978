"""What is open under another text of a workflow than the one in force, and where each of it would land there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_of
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MODERATION
from audit_engine.engine.facts import as_values
from audit_engine.engine.landing import Landing, Placed, Situation, landing, situations_at
from audit_engine.engine.permission import Actor, require
from audit_engine.problems import Reason, Refused, unusable
from audit_engine.queries.allocating import with_open_escalations
from audit_engine.queries.at_hand import Row, workflow_of
from audit_engine.queries.blindness import LEADING
from audit_engine.queries.queue_taking import Pair
from audit_engine.records.ledger import led_to, moment
from audit_engine.records.ledger_tables import Entry, Payload
from audit_engine.records.live_tables import CommandDone
from audit_engine.records.tables import Definition
from audit_engine.safe_text import quoted
from audit_engine.views import LandingView, MigrationView

CANNOT = "cannot move what is open to another text"
TABLES = {AUDIT: "audits", MODERATION: "moderations", ESCALATION: "escalations"}
"""Where what a workflow governs stands."""
_NUMBERED = {MODERATION: ("number",), ESCALATION: ("raised_at", "key")}
"""In which order the moderations and the escalations of one audit are counted."""
_ARRIVING = (*LEADING, "drawn", "assigned", "raised")
"""Kinds of entries with which something comes to a stage, were it only to its first."""
_ASKED = 400
"""Keys in one question."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One open thing, its text, and where it lands under the new one."""

    row: Row
    """Of its own table: key, audit, stage, due, workflow_digest, turn, entered, clock_stopped_at; and of its audit,
    reference and rubric."""
    number: int | None
    old: ReadWorkflow
    landing: Landing
    kept: Mapping[str, Any]
    """Columns that speak of stages, by what these are called in the new text."""


def migration(
    session: Session, actor: Actor, new: ReadWorkflow, renamed: Mapping[str, str], version: str | None = None
) -> MigrationView:
    """What moving everything open under another text of a workflow to `new` comes to. Changes nothing.

    Args:
        renamed: Old stages and what they become.
        version: Only what is open under this one; or how its digest begins.

    Raises:
        Refused: not theirs to do; a stage that is renamed, or renamed to, does not exist.
        Unusable: nothing here began under this version.
    """
    may_migrate(actor, new)
    return view_of(new, judged(session, new, renamed, version))


def may_migrate(actor: Actor, new: ReadWorkflow) -> None:
    """Go on only when it is theirs to do. Raises Refused.

    Whoever may be asked to grade an audit blind is not told of every escalation, so they do not list them here either.
    """
    require(actor, "migrate", "move what is open to another text")
    if new.workflow.governs == ESCALATION and "head_of_practice" in actor.roles:
        text = "A head of practice is not told of every escalation. Ask a quality lead who is not one."
        raise Refused(CANNOT, [Reason("migrate", text)])


def view_of(new: ReadWorkflow, found: Sequence[Judged]) -> MigrationView:
    """What was judged, for people and programs to read."""
    workflow = new.workflow
    landings = tuple(_view(one) for one in found)
    return MigrationView(workflow.workflow, workflow.governs, workflow.version, new.digest, landings)


def _view(one: Judged) -> LandingView:
    to, version = one.landing.stage, one.old.workflow.version
    return LandingView(
        one.row["reference"], one.number, version, one.old.digest, one.old.stage(one.row["stage"]).title,
        to.title if to is not None else None, one.row["due"], one.landing.due,
        tuple(reason.text for reason in one.landing.reasons),
    )  # fmt: skip


def judged(session: Session, new: ReadWorkflow, renamed: Mapping[str, str], version: str | None = None) -> list[Judged]:
    """Everything open under another text, by the reference of its audit, with where it lands. Raises as `migration`."""
    governs = new.workflow.governs
    if governs not in TABLES:
        text = f"What '{new.workflow.title}' governs keeps the text it began under; it cannot be moved yet."
        raise Refused(CANNOT, [Reason("governs", text)])
    old = _others(session, new, version)
    _known_stages(new, old, renamed)
    pairs = [(one.digest, stage.id) for one in old for stage in one.workflow.stages if not stage.final]
    rows = _rows(session, governs, pairs) if pairs else []
    reading = _Reading(session, governs, rows)
    return [_judged(reading, row, new, renamed) for row in rows]


def _judged(reading: "_Reading", row: Row, new: ReadWorkflow, renamed: Mapping[str, str]) -> Judged:
    old = workflow_of(reading.session, row["workflow_digest"])
    found = landing(old, new, reading.placed(row, old), renamed)
    return Judged(row, reading.numbers.get(row["key"]), old, found, reading.kept(row, old, renamed))


def _others(session: Session, new: ReadWorkflow, version: str | None) -> list[ReadWorkflow]:
    """The other texts of a workflow that something here began under."""
    name = new.workflow.workflow
    kept = select(col(Definition.digest), col(Definition.version)).where(
        col(Definition.kind) == "workflow", col(Definition.name) == name
    )
    rows = session.connection().execute(kept.order_by(col(Definition.digest))).all()
    asked = [row for row in rows if version is None or row[1] == version or _begins(row[0], version)]
    if version is not None and not asked:
        versions = ", ".join(sorted({row[1] for row in rows}))
        hint = f"There are: {versions}." if versions else "Leave out --from."
        raise unusable(quoted(f"{name}@{version}"), "W064", "nothing here began under this workflow", hint)
    return [workflow_of(session, digest) for digest, _ in asked if digest != new.digest]


def _begins(digest: str, asked: str) -> bool:
    return len(asked) >= 8 and digest.startswith(asked)


def _known_stages(new: ReadWorkflow, old: Sequence[ReadWorkflow], renamed: Mapping[str, str]) -> None:
    """Go on only when every stage that is renamed, and what it becomes, exists. Raises Refused with all that do not."""
    before = {stage for one in old for stage in one.workflow.stage_ids}
    reasons = [
        Reason("map", f"No text that something open began under has a stage {quoted(name)}. {offered(name, before)}")
        for name in renamed
        if old and name not in before
    ]
    reasons += [
        Reason(
            "map",
            f"Version {new.workflow.version} has no stage {quoted(name)}. {offered(name, new.workflow.stage_ids)}",
        )
        for name in dict.fromkeys(renamed.values())
        if name not in new.workflow.stage_ids
    ]
    if reasons:
        raise Refused(CANNOT, reasons)


def _rows(session: Session, governs: str, pairs: Sequence[Pair]) -> list[Row]:
    table, audits = SQLModel.metadata.tables[TABLES[governs]], SQLModel.metadata.tables["audits"].alias("of")
    own = ("key", "stage", "due", "workflow_digest", "turn", "entered", "clock_stopped_at")
    theirs = (
        "reference", "rubric_digest", "graded", "locked", "auditor", "collaborative", "selected", "feedback", "answer",
        "returned_times", "overall", "suggested", "facts",
    )  # fmt: skip
    joined = audits.c.key == (table.c.key if governs == AUDIT else table.c.audit)
    asked = select(*(table.c[name] for name in own), audits.c.key.label("audit"), *(audits.c[name] for name in theirs))
    asked = asked.join(audits, joined).where(
        or_(*(and_(table.c.workflow_digest == digest, table.c.stage == stage) for digest, stage in pairs))
    )
    ordered = asked.order_by(func.length(audits.c.reference), audits.c.reference, table.c.key)
    return [dict(row) for row in session.connection().execute(ordered).mappings()]


class _Reading:
    """What is asked of all the rows at once, so that thousands of them are no more questions than one."""

    def __init__(self, session: Session, governs: str, rows: Sequence[Row]) -> None:
        self.session, self._governs = session, governs
        self._moved = _moves(session, [row["key"] for row in rows])
        self._escalations = with_open_escalations(session)
        self._moderated = _under_way(session) if governs == AUDIT else frozenset[UUID]()
        self.numbers = _numbers(session, governs, {row["audit"] for row in rows})

    def placed(self, row: Row, old: ReadWorkflow) -> Placed:
        """How one of them stands under its text."""
        moves = self._moved.get(row["key"], [])
        return Placed(
            stage=row["stage"],
            may_be=self._situations(row, old, moves),
            entered=max((day for kind, day, *_ in moves if kind != "migrated"), default=date.min),
            due=row["due"],
            moderated=row["key"] in self._moderated,
            values=self._values(row),
        )

    def kept(self, row: Row, old: ReadWorkflow, renamed: Mapping[str, str]) -> dict[str, Any]:
        """When it last entered each stage, and at which its time stands still.

        What began before the first was kept on its row is told by its ledger: windows are counted from it.
        """
        moves = self._moved.get(row["key"], [])
        told = {old.first.id: moves[0][1].isoformat()} if moves else {}
        told |= {to: day.isoformat() for kind, day, _, to in moves if to is not None and kind != "migrated"}
        known = {**told, **(row["entered"] or {})}
        stopped, entered = row["clock_stopped_at"], {renamed.get(stage, stage): day for stage, day in known.items()}
        return {"entered": entered or None, "clock_stopped_at": renamed.get(stopped, stopped)}

    def _situations(self, row: Row, old: ReadWorkflow, moves: Sequence["_Move"]) -> frozenset[Situation]:
        if self._governs != AUDIT:  # nothing is recorded but the stage, which says it all
            return situations_at(old, row["stage"])
        been = (workflow_of(self.session, digest).stage(to) for _, _, digest, to in moves if to is not None)
        final = any(stage.finalises for stage in been)
        return frozenset({Situation(locked=row["locked"], final=final, allocated=row["auditor"] is not None)})

    def _values(self, row: Row) -> dict[str, Value]:
        """As far as columns hold it: what the rubric suggests is not known before the audit is handed in."""
        values: dict[str, Value] = {
            "graded": row["graded"],
            "escalation.open": self._escalations[row["audit"]] > 0,
        }
        if self._governs == AUDIT:
            known = {"collaborative": row["collaborative"], "selected_for_moderation": row["selected"],
                     "suggested": row["suggested"]}  # fmt: skip
            values |= {name: value for name, value in known.items() if value is not None}
            values |= {"feedback": row["feedback"] or "unknown", "answer": row["answer"] or "none"}
            values |= {"returned_times": row["returned_times"], "overall": row["overall"] or "none"}
        return values | as_values(row["facts"])


_Move = tuple[str, date, str, str | None]
"""Of an entry: its kind, its day, the text it was made under, the stage it led to where it says one."""


def _moves(session: Session, keys: Sequence[UUID]) -> dict[UUID, list[_Move]]:
    found: dict[UUID, list[_Move]] = {}
    columns = (col(Entry.chain), col(Entry.kind), col(Entry.ts_utc), col(Entry.workflow_digest), col(Payload.text))
    same = and_(col(Payload.chain) == col(Entry.chain), col(Payload.turn) == col(Entry.turn))
    asked = select(*columns).outerjoin(Payload, same).where(col(Entry.kind).in_(_ARRIVING)).order_by(col(Entry.turn))
    for part in _parts(keys):
        for chain, kind, ts_utc, digest, text in session.connection().execute(asked.where(col(Entry.chain).in_(part))):
            told: dict[str, Any] = json.loads(text) if text is not None and kind in LEADING else {}
            found.setdefault(chain, []).append((kind, day_of(moment(ts_utc)), digest, led_to(told)))
    return found


def _parts(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (keys[start : start + _ASKED] for start in range(0, len(keys), _ASKED))


def _under_way(session: Session) -> frozenset[UUID]:
    """The audits with a moderation that is not at its end."""
    moderations = SQLModel.metadata.tables["moderations"]
    asked = select(moderations.c.audit, moderations.c.workflow_digest, moderations.c.stage)
    rows = session.connection().execute(asked.where(moderations.c.workflow_digest.is_not(None)))
    return frozenset(audit for audit, digest, stage in rows if not workflow_of(session, digest).stage(stage).final)


def _numbers(session: Session, governs: str, audits: set[UUID]) -> dict[UUID, int]:
    """By key, which of its audit's moderations or escalations it is."""
    if governs not in _NUMBERED:
        return {}
    table, found, counted = SQLModel.metadata.tables[TABLES[governs]], dict[UUID, int](), dict[UUID, int]()
    order = (table.c[name] for name in _NUMBERED[governs])
    for key, audit in session.connection().execute(select(table.c.key, table.c.audit).order_by(*order)):
        if audit in audits:
            found[key] = counted[audit] = counted.get(audit, 0) + 1
    return found


def moved_by(session: Session, command: UUID) -> int:
    """How much a command moved: all that one command writes bears one moment and one author."""
    done = session.get_one(CommandDone, command)
    first = select(col(Entry.ts_utc), col(Entry.actor)).where(
        col(Entry.chain) == done.chain, col(Entry.turn) == done.turn
    )
    ts_utc, actor = session.connection().execute(first).one()
    same = select(func.count()).select_from(Entry)
    same = same.where(col(Entry.kind) == "migrated", col(Entry.ts_utc) == ts_utc, col(Entry.actor) == actor)
    return int(session.connection().execute(same).scalar_one())
