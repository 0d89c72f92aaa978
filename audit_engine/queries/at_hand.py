"""One live audit read whole, for deciding what may be done with it. Nothing here is shown to anybody as it is.

A moderator must not learn the auditor's grades before their own are locked. So for what a moderator does blind,
`ratings=False` leaves them in the database: what was never read cannot leak.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.grading import Judgement, Noticed, Override, Rated, judgement
from audit_engine.engine.in_force import Practice
from audit_engine.engine.move_facts import Linked
from audit_engine.engine.saying import as_recorded
from audit_engine.queries.links import linked
from audit_engine.queries.readings import rubric_of, workflow_of
from audit_engine.records.live_tables import BlindRating, Escalation
from audit_engine.records.prepared import Prepared
from audit_engine.records.tables import Audit, Case, Moderation, Person, Rating

__all__ = [
    "GRADES_OF_AUDIT",
    "AtHand",
    "Row",
    "at_hand",
    "is_past_the_lock",
    "names_of",
    "rated",
    "returned_to",
    "rubric_of",
    "workflow_of",
]

Row = Mapping[str, Any]
K = TypeVar("K")
V = TypeVar("V")


class ReadLater(Mapping[K, V]):
    """What is read when it is first looked at, and never when nobody looks: for one transaction, and not after it."""

    def __init__(self, read: Callable[[], Mapping[K, V]]) -> None:
        self._read = read

    @cached_property
    def _known(self) -> Mapping[K, V]:
        return self._read()

    def __getitem__(self, key: K) -> V:
        return self._known[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True)
class AtHand:
    """One live audit as it stands in this transaction. Rows by column, with the key."""

    audit: Row
    case_reference: str
    workflow: ReadWorkflow
    rubric: ReadRubric
    ratings: Mapping[str, Row] = field(default_factory=dict)
    """By criterion. Empty when they were not asked for."""
    escalations: Sequence[Row] = ()
    """Oldest first."""
    moderation: Row | None = None
    """The newest one, returned ones included."""
    blind: Mapping[str, Row] = field(default_factory=dict)
    """The newest moderation's blind ratings by criterion."""
    moderator: UUID | None = None
    """Who moderates it, or decided it. None after it was returned: who moderates it next is open then."""
    past_the_lock: bool = False
    """Whether whoever moderates it sees the auditor's grades by now, see `is_past_the_lock`."""
    names: Mapping[UUID, str] = field(default_factory=dict)
    """What the people of this audit are called."""
    links: Mapping[str, Linked] = field(default_factory=dict)
    """How everything stands that hangs on it, by link."""
    _judged: dict[tuple[str | None, str | None], Judgement] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """What was judged already, by the overall grade chosen and its reason."""

    @property
    def overrides(self) -> dict[str, Override]:
        """By limiting rule: who looked past it when the grades became final, and why."""
        return overrides_of(self.audit)

    @property
    def key(self) -> UUID:
        """Of the audit."""
        key: UUID = self.audit["key"]
        return key

    @property
    def people(self) -> dict[str, UUID | None]:
        """Who stands where, in the places of its workflow too."""
        people: dict[str, UUID | None] = {name: self.audit[name] for name in ("practitioner", "manager", "auditor")}
        taken = self.audit.get("places") or {}
        further = {name: UUID(taken[name]) if name in taken else None for name in self.workflow.workflow.places}
        return people | {"moderator": self.moderator} | further

    @property
    def practice(self) -> Practice:
        """The days of the work, by which policies in force are chosen."""
        return practice_of(self.audit)

    @property
    def recorded(self) -> dict[str, str]:
        """What is recorded of it, what its records are at first included."""
        return as_recorded(self.workflow, self.audit.get("recorded"))

    @property
    def open_escalations(self) -> int:
        """How many concerns about this child are open."""
        return sum(bool(one["open"]) for one in self.escalations)

    def judged(self, chosen: str | None = None, reason: str | None = None) -> Judgement:
        """The auditor's ratings judged under the audit's own rubric."""
        if (chosen, reason) not in self._judged:
            made = judgement(
                self.rubric, rated(self.ratings), self.audit["facts"], chosen, reason, practice=self.practice,
                overrides=self.overrides,
            )  # fmt: skip
            self._judged[chosen, reason] = made
        return self._judged[chosen, reason]

    def noticed(self, given_at: Mapping[str, datetime]) -> tuple[Noticed, ...]:
        """What does not fit together in the auditor's answers.

        Args:
            given_at: When each grade was given, by criterion.
        """
        made = judgement(
            self.rubric, rated(self.ratings), self.audit["facts"], practice=self.practice, given_at=given_at
        )
        return made.noticed

    def judged_blind(self, chosen: str | None = None) -> Judgement:
        """The moderator's blind ratings judged under the audit's own rubric.

        Args:
            chosen: The overall grade; the one they chose, where they did, when None.
        """
        chosen = chosen or (self.moderation["blind_overall"] if self.moderation else None)
        return judgement(self.rubric, rated(self.blind), self.audit["facts"], chosen, practice=self.practice)


def overrides_of(audit: Row) -> dict[str, Override]:
    """By limiting rule: who looked past it when the grades of an audit became final, and why."""
    kept = audit["overridden"] or {}
    return {name: Override(one["role"], one["reason"]) for name, one in kept.items()}


def practice_of(audit: Row) -> Practice:
    """The days of an audit's work, by which policies in force are chosen: those that are recorded.

    Where none is, the day the case was drawn on, or the audit came to be: an auditor looks at work done by then, and
    that day never moves while they grade. An imported audit was made on the day it was audited.
    """
    if audit["practice_from"] or audit["practice_to"]:
        return Practice(audit["practice_from"], audit["practice_to"])
    entered = (date.fromisoformat(day) for day in (audit["entered"] or {}).values())
    day = audit["drawn_on"] or min(entered, default=audit["audited_on"])
    return Practice(day, day)


def rated(rows: Mapping[str, Row]) -> dict[str, Rated]:
    """Rating rows as the engine takes them."""
    return {
        criterion: Rated(
            row["applicability"],
            row["grade"],
            row["reason"],
            row["evidence"],
            row["impact"],
            row["note"],
            row["pointer"],
            row.get("answers") or {},
            {one["called"]: one["answers"] for one in row.get("members") or ()},
        )
        for criterion, row in rows.items()
    }


def at_hand(
    session: Session, key: UUID, *, ratings: bool = True, workflow: ReadWorkflow | None = None, later: bool = False
) -> AtHand:
    """Read one live audit.

    Args:
        ratings: False for anything done blind: the auditor's ratings and what they chose overall are then not read
            at all, and are None here.
        workflow: What stands in for the workflow of an imported audit, which ran under none.
        later: Ratings, names and what hangs on it are read when they are looked at, which must be before the
            transaction ends and before they are written: most moves look at none of them.
    """
    connection = session.connection()
    of_it = {"of": key}
    (found,) = (_AUDIT if ratings else _AUDIT_BLIND).mappings(connection, of_it)
    audit: dict[str, Any] = dict.fromkeys(GRADES_OF_AUDIT) | found
    case_reference = audit.pop("case_reference")
    escalations = _ESCALATIONS.mappings(connection, of_it)
    moderation: Any = next(iter(_MODERATION.mappings(connection, of_it)), None)
    people = {audit[name] for name in ("practitioner", "manager", "auditor")}
    people |= {moderation["moderator"]} if moderation else set()
    people |= {UUID(person) for person in (audit["places"] or {}).values()}
    people |= {one[name] for one in escalations for name in ("raised_by", "acknowledged_by", "acted_by", "closed_by")}
    governing = workflow or workflow_of(session, audit["workflow_digest"])

    def given() -> Mapping[str, Row]:
        return {row["criterion"]: row | {"audit": key} for row in _RATINGS.mappings(connection, of_it)}

    def blind() -> Mapping[str, Row]:
        of = moderation["key"]
        return {row["criterion"]: row | {"moderation": of} for row in _BLIND.mappings(connection, {"of": of})}

    def read(what: Callable[[], Mapping[K, V]]) -> Mapping[K, V]:
        return ReadLater(what) if later else what()

    return AtHand(
        audit=audit,
        case_reference=case_reference,
        workflow=governing,
        rubric=rubric_of(session, audit["rubric_digest"]),
        ratings=read(given) if ratings else {},
        escalations=escalations,
        moderation=moderation,
        blind=read(blind) if moderation is not None else {},
        moderator=moderator_of(session, moderation),
        past_the_lock=is_past_the_lock(session, moderation),
        names=read(lambda: names_of(session, people - {None})),
        links=read(lambda: linked(session, key, governing)),
    )


def moderator_of(session: Session, moderation: Row | None) -> UUID | None:
    """Who moderates an audit, by its newest moderation: nobody once that was returned or withdrawn."""
    if moderation is None:
        return None
    moderator: UUID = moderation["moderator"]
    if moderation["workflow_digest"] is None:
        return moderator
    stage = workflow_of(session, moderation["workflow_digest"]).stage(moderation["stage"])
    return None if stage.final and not stage.finalises else moderator


def returned_to(workflow: ReadWorkflow) -> frozenset[str]:
    """The stages to which an audit or a moderation is returned."""
    return frozenset(end.to for end in workflow.event("return").ends) if "return" in workflow.events else frozenset()


def is_past_the_lock(session: Session, moderation: Row | None) -> bool:
    """Whether its moderator sees the auditor's grades beside their own; of a returned moderation they do no more.

    Args:
        moderation: With its stage and the digest of its workflow; an imported one, which has none, was never blind.
    """
    if moderation is None or moderation["workflow_digest"] is None:
        return moderation is not None
    return moderation["stage"] in workflow_of(session, moderation["workflow_digest"]).seen_stages


def _table(of: type[SQLModel]) -> Any:
    return SQLModel.metadata.tables[str(of.__tablename__)]


GRADES_OF_AUDIT = (
    "overall", "final_overall", "suggested", "overall_reason", "selected_because", "feedback_reason", "overridden",
)  # fmt: skip
"""The columns of an audit that tell its auditor's grades, or hold words of theirs that can."""


def _audit(*without: str) -> Any:
    columns = [column for column in _table(Audit).columns if column.name not in without]
    joined = select(*columns, col(Case.reference).label("case_reference"))
    return joined.join(Case, col(Case.key) == col(Audit.case_key)).where(_of(Audit.key))


def _without_key(of: type[SQLModel], key: str) -> Any:
    """Every column but the one that is asked by: that is known, and the same in every row."""
    return select(*(column for column in _table(of).columns if column.name != key))


def _of(column: Any) -> Any:
    return col(column) == bindparam("of")


# Made once: building a statement costs more than running it, and every move runs these.
_AUDIT, _AUDIT_BLIND = Prepared(_audit()), Prepared(_audit(*GRADES_OF_AUDIT))
_RATINGS = Prepared(_without_key(Rating, "audit").where(_of(Rating.audit)))
_ESCALATIONS = Prepared(
    select(_table(Escalation)).where(_of(Escalation.audit)).order_by(col(Escalation.raised_at), col(Escalation.key))
)
_MODERATION = Prepared(
    select(_table(Moderation)).where(_of(Moderation.audit)).order_by(col(Moderation.number).desc()).limit(1)
)
_BLIND = Prepared(_without_key(BlindRating, "moderation").where(_of(BlindRating.moderation)))
_AT_ONCE = 8
"""People asked for in one question."""
_NAMES = Prepared(
    select(col(Person.key), col(Person.reference)).where(
        col(Person.key).in_([bindparam(f"person{n}", type_=Uuid()) for n in range(_AT_ONCE)])
    )
)


def names_of(session: Session, keys: set[UUID]) -> dict[UUID, str]:
    """What people are called, by key."""
    found: dict[UUID, str] = {}
    asked = sorted(keys)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        padded = {f"person{n}": some[min(n, len(some) - 1)] for n in range(_AT_ONCE)}
        found |= {row["key"]: row["reference"] for row in _NAMES.mappings(session.connection(), padded)}
    return found
