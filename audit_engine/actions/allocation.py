"""Every audit that waits for one gets an independent auditor, evenly, each with the reason in words. All or nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel

from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.imports.writing import author_of
from audit_engine.calendars import now
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.programme import ALLOCATE
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts_checks import words_of_records
from audit_engine.engine.arriving import COLUMNS, arrived
from audit_engine.engine.choosing import Choice, Seat, choose
from audit_engine.engine.facts import as_values
from audit_engine.engine.machine import next_stage
from audit_engine.engine.move_facts import MoveFacts, kept_values
from audit_engine.engine.permission import Actor, require
from audit_engine.engine.relations import may_do
from audit_engine.engine.saying import as_recorded, judged_said
from audit_engine.problems import Reason, Refused
from audit_engine.queries.allocating import (
    Staffing,
    allocated_by,
    earlier_practitioners,
    last_auditors,
    live_programmes,
    open_audits,
    staffing,
    waiting,
    with_open_escalations,
)
from audit_engine.queries.at_hand import Row, workflow_of
from audit_engine.queries.links import linked
from audit_engine.records.checkpoints import make_checkpoint
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening, append
from audit_engine.safe_text import quoted
from audit_engine.statistics.sampling import rank
from audit_engine.views import AllocationView

Progress = Callable[[int, int], None]
"""Told how many audits are allocated so far and how many there are."""
_CANNOT = "cannot allocate"
_NOTHING = frozenset[UUID]()
_CHANGED = ("auditor", "manager", "locked", "recorded", *COLUMNS)
"""What allocating changes of an audit."""


def allocate(
    db: Database, actor: Actor, command: Command, *, programme: str | None = None,
    audits: Collection[str] | None = None, today: date, at: datetime | None = None, progress: Progress | None = None,
) -> tuple[AllocationView, ...]:  # fmt: skip
    """Give an auditor to every audit that the event `allocate` of its workflow can move on.

    Never the practitioner, on the case now or at any time before, nor whoever manages the practitioner's team; see
    `engine.choosing` for who is preferred among the others.

    Args:
        programme: Only its audits.
        audits: Only these, by reference; each must wait for an auditor.
        today: By which roles and teams are judged, and from which `due` counts.
        at: With time zone; now, unless told.

    Returns:
        One for each audit, by reference; nothing when none waits.

    Raises:
        Refused: not theirs to do; an unknown programme or audit; an audit that nobody independent could make. Then
            none is allocated.
    """
    require(actor, "allocate", "allocate audits")

    def act(session: Session) -> tuple[AllocationView, ...]:
        if already_done(session, command):
            names = staffing(session, today).names
            return tuple(_view(row, because, names) for row, because in allocated_by(session, command.id))
        rows = _asked_for(session, programme, audits)
        if not rows:
            return ()
        allocating = _Allocating(session, db.workspace, actor, today)
        moves = allocating.decide(rows, progress or (lambda _done, _of: None))
        _write(session, db.workspace, actor, moves, at or now())
        remember(session, command, moves[0].row["key"], moves[0].row["turn"] + 1)
        session.flush()
        return tuple(_view({**move.row, **move.new}, move.because, allocating.staff.names) for move in moves)

    return db.transact(act)


def _asked_for(session: Session, programme: str | None, audits: Collection[str] | None) -> list[Row]:
    if programme is not None and programme not in (known := live_programmes(session)):
        text = f"No audits were drawn for a programme called {quoted(programme)}. {offered(programme, known)}"
        raise Refused(_CANNOT, [Reason("programme", text)])
    rows = waiting(session, programme, audits)
    missing = sorted(set(audits or ()) - {row["reference"] for row in rows})
    if missing:
        raise Refused(_CANNOT, [
            Reason("stage", f"There is no audit {quoted(name)} that waits for an auditor. Look at it with audit show.")
            for name in missing
        ])  # fmt: skip
    return rows


@dataclass(frozen=True)
class _Move:
    """One audit and what becomes of it."""

    row: Row
    new: Mapping[str, Any]
    """Of `_CHANGED`."""
    because: str


class _Allocating:
    """Decides who gets what, within one transaction."""

    def __init__(self, session: Session, workspace: UUID, actor: Actor, today: date) -> None:
        self._session, self._seed, self._actor, self._today = session, workspace.hex, actor, today
        self.staff: Staffing = staffing(session, today)
        self._load = open_audits(session)
        self._escalations = with_open_escalations(session)
        self._candidates = {role: self.staff.candidates(role) for role in self.staff.roles}
        self._last: dict[UUID, UUID] = {}
        self._earlier: dict[UUID, frozenset[UUID]] = {}

    def decide(self, rows: Sequence[Row], progress: Progress) -> list[_Move]:
        """One move for each audit. Raises Refused with every audit that nobody could make."""
        self._last = last_auditors(self._session, {row["practitioner"] for row in rows} - {None})
        self._earlier = earlier_practitioners(self._session, {row["case_key"] for row in rows})
        moves: list[_Move] = []
        refused: dict[Reason, None] = {}
        for done, row in enumerate(rows, start=1):
            try:
                moves.append(self._move(row))
            except Refused as one:
                refused |= dict.fromkeys(one.reasons)
            progress(done, len(rows))
        if refused:
            raise Refused(_CANNOT, refused)
        return moves

    def _move(self, row: Row) -> _Move:
        workflow = workflow_of(self._session, row["workflow_digest"])
        choice = self._chosen(row, workflow)
        auditor, practitioner = choice.candidate.person, row["practitioner"]
        self._load[auditor] += 1
        if practitioner is not None:
            self._last[practitioner] = auditor
        people = {"practitioner": practitioner, "manager": self._manager(row), "auditor": auditor}
        # Who is only being chosen is not its auditor yet: a quality lead may come to audit what they allocate.
        before = {**people, "auditor": row["auditor"]}
        against = may_do(workflow, ALLOCATE, self._actor, before, self.staff.names, row["stage"])
        changes, unsaid = judged_said(workflow, ALLOCATE, {})
        against += unsaid
        if against:
            raise Refused(_CANNOT, [Reason(one.rule, f"{row['reference']}: {one.text}") for one in against])
        recorded = as_recorded(workflow, row["recorded"]) | changes
        try:
            to = next_stage(workflow, row["stage"], ALLOCATE, self._facts(row, workflow, people, recorded))
        except Refused as said:
            raise Refused(_CANNOT, [Reason(r.rule, f"{row['reference']}: {r.text}") for r in said.reasons]) from None
        new = {
            "auditor": auditor,
            "manager": people["manager"],
            "locked": workflow.locked_after(ALLOCATE, to, row["locked"]),
            "recorded": recorded or None,
            **arrived(workflow, row, ALLOCATE, to, self._today, recorded),
        }
        return _Move(row, new, choice.because)

    def _chosen(self, row: Row, workflow: ReadWorkflow) -> Choice:
        role = _role(workflow)
        candidates = self._candidates.get(role, [])
        if not candidates:
            text = f"Nobody holds the role of {role.replace('_', ' ')} today."
            hint = "Import a people file that gives it to somebody."
            raise Refused(_CANNOT, [Reason("auditor", f"{text} {hint}")])
        found = choose(self._seat(row), candidates, self._load, lambda name: rank(self._seed, row["reference"], name))
        if isinstance(found, Reason):
            raise Refused(_CANNOT, [found])
        return found

    def _seat(self, row: Row) -> Seat:
        practitioner = row["practitioner"]
        manager = self._manager(row)
        teams = {row["team"], *self.staff.works_in.get(practitioner, ())}
        return Seat(
            audit=row["reference"],
            team=row["team"],
            people={"practitioner": practitioner, "manager": manager},
            practitioners=frozenset({practitioner, row["holder"]} - {None}),
            managers=frozenset(person for team in teams for person in self.staff.managers.get(team, ())),
            earlier=self._earlier.get(row["case_key"], _NOTHING),
            last_auditor=self._last.get(practitioner),
        )

    def _manager(self, row: Row) -> UUID | None:
        """Who manages the practitioner today: of their own team, else of the case's; the first by reference."""
        teams = [*sorted(self.staff.works_in.get(row["practitioner"], ())), row["team"]]
        listed = [person for team in teams for person in self.staff.managers.get(team, ())]
        return next((person for person in listed if person != row["practitioner"]), None)

    def _facts(
        self, row: Row, workflow: ReadWorkflow, people: Mapping[str, UUID | None], recorded: Mapping[str, str]
    ) -> MoveFacts:
        escalations = self._escalations[row["key"]]
        values: dict[str, Value] = {
            "graded": row["graded"],
            "escalation.open": escalations > 0,
            "feedback": row["feedback"] or "unknown",
            "answer": row["answer"] or "none",
            "returned_times": row["returned_times"],
        }
        if row["collaborative"] is not None:
            values["collaborative"] = row["collaborative"]
        links = linked(self._session, row["key"], workflow)
        values |= kept_values(recorded, links, words_of_records(workflow.workflow), workflow.workflow.links)
        return MoveFacts(
            values=values | as_values(row["facts"]),
            graded=row["graded"],
            open_escalations=escalations,
            people={**people, "moderator": None},
            names=self.staff.names,
            actor=self._actor.person,
            links=links,
            recorded=recorded,
            entered=row["entered"] or {},
            today=self._today,
        )


def _role(workflow: ReadWorkflow) -> str:
    """The role auditors are chosen from."""
    people = workflow.workflow.people
    return people.auditor.role if people is not None else "auditor"


def _write(session: Session, workspace: UUID, actor: Actor, moves: Sequence[_Move], at: datetime) -> None:
    happenings = [
        Happening(
            move.row["key"], "audit", "moved",
            {"event": ALLOCATE, "because": move.because, "changed": _differing(move)},
            move.row["workflow_digest"], move.row["rubric_digest"],
        )
        for move in moves
    ]  # fmt: skip
    turns = append(session, workspace, author_of(actor), happenings, at)
    # Read and written in one write transaction: no turn can have moved on between the two.
    table = SQLModel.metadata.tables["audits"]
    statement = (
        update(table)
        .where(table.c.key == bindparam("at_key"))
        .values(turn=bindparam("to_turn"), **{name: bindparam(f"to_{name}") for name in _CHANGED})
    )
    session.connection().execute(statement, [
        {"at_key": move.row["key"], "to_turn": turns[move.row["key"]]}
        | {f"to_{name}": move.new[name] for name in _CHANGED}
        for move in moves
    ])  # fmt: skip
    make_checkpoint(session, at)


def _differing(move: _Move) -> dict[str, list[Any]]:
    return {name: [move.row[name], value] for name, value in move.new.items() if move.row[name] != value}


def _view(row: Row, because: str, names: Mapping[UUID, str]) -> AllocationView:
    manager = None if row["manager"] is None else names[row["manager"]]
    columns = (row["reference"], row["programme"] or "", row["stage"], names[row["auditor"]], manager, row["due"])
    return AllocationView(*columns, because)
