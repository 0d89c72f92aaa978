"""What a programme may draw from on a day, and what it drew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlmodel import Session, col

from audit_engine.calendars import Quarter, months_before
from audit_engine.definitions.programme import STRATA, ReadProgramme, Sampling
from audit_engine.queries.condition_sql import to_sql
from audit_engine.queries.counted_rows import open_cases
from audit_engine.records.ledger import story
from audit_engine.records.live_tables import Draw, DrawMember
from audit_engine.records.tables import Audit, Case
from audit_engine.views import Counted, DrawnView, DrawView, StratumView

NOT_RECORDED = "not recorded"
"""What stands in a stratum's name for a fact that is not known."""
ALL_CASES = "all cases"
"""The one stratum of a programme that divides its frame by nothing."""


@dataclass(frozen=True)
class Frame:
    """The cases that may be drawn, and how many open ones may not."""

    day: date
    """On which they are open."""
    open_cases: int
    left_out: tuple[Counted, ...]
    """In this order; whoever an earlier one took is not counted again. Zeros included."""
    strata: Mapping[str, Sequence[str]]
    """References by stratum; strata by name, references in order."""
    keys: Mapping[str, UUID]
    """Case keys by reference, of the frame."""

    @property
    def size(self) -> int:
        """How many cases may be drawn."""
        return len(self.keys)

    @property
    def listed(self) -> list[str]:
        """Every reference: stratum by stratum in the order of their names, in each in its own order."""
        return [reference for names in self.strata.values() for reference in names]


def frame_of(session: Session, read: ReadProgramme, sampling: Sampling, quarter: Quarter, today: date) -> Frame:
    """The cases a programme may draw from, for a quarter, today.

    Open on the quarter's last day, or today if that is earlier; meeting the programme's condition; not audited
    within its months, by any stream, imported or live, a withdrawn audit not counting; not drawn by it already.
    """
    day = min(today, quarter.last_day)
    audited = (
        _audited_since(session, months_before(day, sampling.not_again_within)) if sampling.not_again_within else set()
    )
    drawn = _drawn(session, read.programme.programme, str(quarter))
    left_out = {"not_met": 0, "not_known": 0, "drawn": 0, "audited": 0}
    strata: dict[str, list[str]] = {}
    keys: dict[str, UUID] = {}
    count = 0
    for key, reference, meets, *divided in _open_on(session, read, sampling, day):
        count += 1
        if meets is None or not meets:
            left_out["not_known" if meets is None else "not_met"] += 1
        elif key in drawn or key in audited:
            left_out["drawn" if key in drawn else "audited"] += 1
        else:
            strata.setdefault(_stratum(divided), []).append(reference)
            keys[reference] = key
    ordered = {name: sorted(strata[name]) for name in sorted(strata)}
    return Frame(day, count, _in_words(left_out, sampling), ordered, keys)


def _open_on(session: Session, read: ReadProgramme, sampling: Sampling, day: date) -> Any:
    """Key, reference, whether the condition is met, then what divides the frame: of every case open on `day`."""
    facts = [f"facts.{name}" for name in sampling.strata if name in STRATA[2:]]
    wanted = {*facts, *(read.where.names if read.where else ())}
    rows = open_cases(day, sorted(wanted), read.fact_kinds)
    meets: ColumnElement[Any] = to_sql(read.where.tree, rows.columns) if read.where else literal(True)
    divided = [rows.columns[f"{'facts' if name in STRATA[2:] else 'case'}.{name}"] for name in sampling.strata]
    statement = select(
        col(Case.key), col(Case.reference), meets.label("meets"),
        *(column.label(f"by_{number}") for number, column in enumerate(divided)),
    )  # fmt: skip
    return session.connection().execute(statement.select_from(rows.source).where(rows.where))


def _stratum(divided: Sequence[str | None]) -> str:
    return " / ".join(part or NOT_RECORDED for part in divided) or ALL_CASES


def _in_words(left_out: Mapping[str, int], sampling: Sampling) -> tuple[Counted, ...]:
    where, months = sampling.where, sampling.not_again_within
    said = {
        "not_met": f"cases that do not meet: {where}",
        "not_known": f"cases of which it is not known whether they meet: {where}",
        "drawn": "cases this programme drew for this quarter already",
        "audited": f"cases audited, or drawn to be, within {months} months",
    }
    pointless = set() if where else {"not_met", "not_known"}
    pointless |= set() if months else {"audited"}
    return tuple(Counted(name, said[name], count) for name, count in left_out.items() if name not in pointless)


def _stands() -> ColumnElement[bool]:
    """Audits that were not withdrawn."""
    return and_(col(Audit.withdrawn_because).is_(None), col(Audit.stage) != "withdrawn")


def _audited_since(session: Session, day: date) -> set[UUID]:
    """The cases audited, or drawn to be, after `day`."""
    when = func.coalesce(col(Audit.audited_on), col(Audit.drawn_on))
    return set(session.connection().execute(select(col(Audit.case_key)).where(when > day, _stands())).scalars())


def _drawn(session: Session, programme: str, quarter: str) -> set[UUID]:
    drawn = select(col(DrawMember.case_key)).join(Draw, col(Draw.key) == col(DrawMember.draw))
    return set(session.connection().execute(drawn.where(_of(programme, quarter))).scalars())


def _of(programme: str, quarter: str) -> ColumnElement[bool]:
    return and_(col(Draw.programme) == programme, col(Draw.quarter) == quarter)


@dataclass(frozen=True, slots=True)
class DrawnSoFar:
    """What a programme drew for a quarter."""

    count: int
    withdrawn: int
    by_stratum: Mapping[str, int]
    newest: UUID | None
    """The key of its newest draw."""
    seed: str | None
    """Of its newest draw."""


def drawn_so_far(session: Session, programme: str, quarter: str) -> DrawnSoFar:
    """How many audits a programme drew for a quarter, in all its draws."""
    connection = session.connection()
    members = (
        select(col(DrawMember.stratum), _stands().label("stands"))
        .join(Draw, col(Draw.key) == col(DrawMember.draw))
        .join(Audit, col(Audit.key) == col(DrawMember.audit))
        .where(_of(programme, quarter))
    )
    by_stratum: dict[str, int] = {}
    count = withdrawn = 0
    for stratum, stands in connection.execute(members):
        by_stratum[stratum] = by_stratum.get(stratum, 0) + 1
        count, withdrawn = count + 1, withdrawn + (not stands)
    # The audits of a later draw have later numbers, so the draw with the last reference is the newest.
    last = (
        select(col(Draw.key), col(Draw.seed))
        .join(Audit, col(Audit.draw) == col(Draw.key))
        .where(_of(programme, quarter))
        .order_by(func.length(col(Audit.reference)).desc(), col(Audit.reference).desc())
        .limit(1)
    )
    newest = connection.execute(last).first()
    return DrawnSoFar(count, withdrawn, by_stratum, newest and newest.key, newest and newest.seed)


def draw_view(session: Session, key: UUID, title: str, added: int) -> DrawView:
    """One draw as it was made, with what the quarter has by now."""
    row = session.connection().execute(select(Draw.__table__).where(col(Draw.key) == key)).mappings().one()  # type: ignore[attr-defined]  # SQLModel sets it
    so_far = drawn_so_far(session, row["programme"], row["quarter"])
    told = story(session, key)[0].payload or {}
    members = (
        select(col(Audit.reference), DrawMember)
        .join(Audit, col(Audit.key) == col(DrawMember.audit))
        .where(col(DrawMember.draw) == key)
        .order_by(col(DrawMember.number))
    )
    return DrawView(
        programme=row["programme"],
        title=title,
        quarter=row["quarter"],
        added=added,
        drawn=so_far.count,
        withdrawn=so_far.withdrawn,
        drawn_on=row["drawn_on"],
        open_on=date.fromisoformat(told["open_on"]) if "open_on" in told else None,
        seed=row["seed"],
        open_cases=told.get("open_cases"),
        left_out=tuple(Counted(*one) for one in told.get("left_out", ())),
        frame_size=row["frame_size"],
        frame_digest=row["frame_digest"],
        strata=tuple(StratumView(*one) for one in told.get("strata", ())),
        audits=tuple(
            DrawnView(one.reference, one.stratum, one.stratum_drawn, one.stratum_size)
            for one in session.connection().execute(members)
        ),
    )
