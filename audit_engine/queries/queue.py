"""What waits for one person, what of theirs waits for others, and what is done: counted, and a page at a time.

Open escalations they can bring on come first: a child may be at risk. Then audits and matters that wait for them, by
the day they are due. After that comes what is late with somebody else, of which they are told.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_of, now
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import workflow_of
from audit_engine.queries.notices import TOLD, told_lines
from audit_engine.queries.queue_escalations import escalation_lines, programme_in_words
from audit_engine.queries.queue_lines import COLUMNS, queue_lines
from audit_engine.queries.queue_matters import queue_matters
from audit_engine.queries.queue_parts import DONE, ME, OTHERS, Part, at_rest, live_pairs, parts, theirs
from audit_engine.queries.queue_taking import Pair
from audit_engine.queue_views import QueueCounts, QueueLine
from audit_engine.records.tables import Audit
from audit_engine.safe_text import cleaned

MOST = 200
"""Lines of a queue that is listed whole."""
MATCHING = 200
"""Characters of what a person types to find a line."""
_MORE_THAN_THERE_ARE = 2**62
_Thing = tuple[str, int | None]
"""What a line is about: the reference, and of an escalation its number."""
_AUDITS: Any = SQLModel.metadata.tables["audits"]


def queue(session: Session, actor: Actor) -> tuple[QueueLine, ...]:
    """What waits for the actor, what is due first at the top, then what they are told of; at most the first 200."""
    return tuple(line for line in queue_page(session, actor, size=MOST) if line.group in (ME, TOLD))


def queue_counts(session: Session, actor: Actor, today: date) -> QueueCounts:
    """How many lines each group of the actor's queue has.

    Args:
        today: The day by which something is overdue, and by which it is judged who may moderate.
    """
    listed = _Listed(session, actor, today)
    audits, overdue, returned = Counter[str](), 0, 0
    found = listed.found
    late = func.sum(case((found.c.due < today, 1), else_=0))
    asked = select(found.c.part, func.count(), late).where(found.c.part.is_not(None)).group_by(found.c.part)
    for number, count, past in session.connection().execute(asked).all():
        part = listed.made[number]
        audits[part.group] += count
        overdue += int(past) if part.group == ME else 0
        returned += count if part.returned else 0
    beside = [*listed.raised, *listed.matters]
    return QueueCounts(
        to_do=len(beside) + audits[ME],
        overdue=overdue + sum(line.due is not None and line.due < today for line in beside),
        returned=returned, escalations=len(listed.raised), others=audits[OTHERS], done=audits[DONE],
        told=len(listed.told),
    )  # fmt: skip


def queue_page(
    session: Session, actor: Actor, *, start: int = 0, size: int = 50, matching: str = ""
) -> tuple[QueueLine, ...]:
    """Some lines of the actor's queue: what waits for them, what they are told of, theirs with others, the done.

    What waits goes by the day it is due, audits before matters of the same day; what is done by the day it counted or
    was audited, newest first.

    Args:
        start: Lines to leave out.
        size: Lines at most; fewer are given only at the end.
        matching: Only lines whose reference, programme or state holds these words, in small letters or capitals; cut
            to 200 characters.
    """
    words = cleaned(matching[:MATCHING])[0].strip().casefold()
    return tuple(_Listed(session, actor, day_of(now()), words).page(max(0, start), max(0, size)))


def _matches(words: str, line: QueueLine) -> bool:
    return any(words in text.casefold() for text in (line.reference, line.programme, line.state, line.stage_title))


class _Listed:
    """Somebody's queue in order. Each thing stands in it once: what waits for them is not told of beside that."""

    def __init__(self, session: Session, actor: Actor, today: date, words: str = "") -> None:
        self._session, self._actor = session, actor
        pairs = live_pairs(session, actor)
        self.made = parts(session, actor, pairs, today)
        self._mine = sum(one.group == ME for one in self.made)
        self.found = _in_parts(session, actor, self.made).subquery()
        self._columns, self._asked = self.found.c, select(self.found).where(self.found.c.part.is_not(None))
        told = told_lines(session, actor, today)
        self._told_on = {_thing(line): line.told for line in told}
        self.raised = self._also_told(escalation_lines(session, actor))
        self.matters = self._also_told(queue_matters(session, actor))
        waiting = {*self._waiting_among(told), *map(_thing, self.raised), *map(_thing, self.matters)}
        self.told = [line for line in told if _thing(line) not in waiting]
        if words:
            self._asked = self._asked.where(_matching(session, actor, words, self.found.c, self.made, pairs))
            self.raised, self.matters, self.told = (
                [line for line in lines if _matches(words, line)] for lines in (self.raised, self.matters, self.told)
            )

    def page(self, start: int, size: int) -> list[QueueLine]:
        """Some lines: escalations, what else waits for the actor, then those they are told of, then the others."""
        lines = self.raised[start : start + size]
        start, size = max(0, start - len(self.raised)), size - len(lines)
        if not self.told and not self.matters:
            return lines + self._audits(start, size)
        waiting = self._waiting() if size else 0
        before = waiting + len(self.matters)
        lines += self._mixed(start, min(size, max(0, before - start)), waiting)
        left = size - min(size, max(0, before - start))
        told = self.told[max(0, start - before) :][:left] if start + size > before else []
        others = max(waiting, start - len(self.matters) - len(self.told))
        return [*lines, *told, *self._audits(others, left - len(told))]

    def _mixed(self, start: int, size: int, waiting: int) -> list[QueueLine]:
        """Some lines of the audits and matters that wait for the actor, by the day they are due.

        However the matters lie among the audits, no audit of these lines is further from `start` than there are
        matters: so no others are read.
        """
        low = max(0, start - len(self.matters))
        rows = self._rows(low, min(size + len(self.matters), waiting - low)) if size else []
        audits: list[tuple[date | None, dict[str, Any] | QueueLine]] = [(row["due"], row) for row in rows]
        matters: list[tuple[date | None, dict[str, Any] | QueueLine]] = [(line.due, line) for line in self.matters]
        merged = merge(audits, matters, key=lambda one: (one[0] is None, one[0] or date.min))
        shown = [one for _, one in merged][start - low :][:size]
        lines = iter(self._lines([one for one in shown if not isinstance(one, QueueLine)]))
        return [one if isinstance(one, QueueLine) else next(lines) for one in shown]

    def _also_told(self, lines: Sequence[QueueLine]) -> list[QueueLine]:
        """The lines that wait for the actor, with when they were told of them beside that."""
        return [replace(line, told=self._told_on.get(_thing(line))) for line in lines]

    def _waiting_among(self, told: Sequence[QueueLine]) -> set[_Thing]:
        """The audits that they are told of and that wait for them, too."""
        references = [line.reference for line in told if line.number is None and not line.matter]
        if not references:
            return set()
        mine = and_(self._columns.part < self._mine, self._columns.reference.in_(references))
        found = self._session.connection().execute(select(self._columns.reference).where(mine)).scalars()
        return {(reference, None) for reference in found}

    def _waiting(self) -> int:
        """How many audits wait for the actor."""
        mine = self._asked.where(self._columns.part < self._mine).subquery()
        return int(self._session.connection().execute(select(func.count()).select_from(mine)).scalar_one())

    def _audits(self, start: int, size: int) -> list[QueueLine]:
        return self._lines(self._rows(start, size))

    def _rows(self, start: int, size: int) -> list[dict[str, Any]]:
        if size <= 0:
            return []
        asked = self._asked.order_by(*_order(self._columns, self.made)).offset(start).limit(size)
        return [dict(row) for row in self._session.connection().execute(asked).mappings()]

    def _lines(self, rows: Sequence[dict[str, Any]]) -> list[QueueLine]:
        lines = queue_lines(self._session, self._actor, [(row, self.made[row["part"]]) for row in rows]) if rows else []
        return [replace(line, told=self._told_on.get(_thing(line))) if line.group == ME else line for line in lines]


def _thing(line: QueueLine) -> _Thing:
    return line.reference, line.number


def _in_parts(session: Session, actor: Actor, made: Sequence[Part]) -> Any:
    """The audits the actor may see, each with the number of the first part it belongs to; none where it is in none."""
    part = case(*((one.where, number) for number, one in enumerate(made)), else_=None).label("part")
    day = func.coalesce(col(Audit.counts_on), col(Audit.audited_on)).label("day")
    asked = select(*(_AUDITS.c[name] for name in COLUMNS), day, part).where(theirs(session, actor))
    # A limit nobody reaches: without it SQLite works a part out again wherever it is named.
    return asked.limit(_MORE_THAN_THERE_ARE)


def _order(columns: Any, made: Sequence[Part]) -> list[ColumnElement[Any]]:
    mine = sum(one.group == ME for one in made)
    ended = columns.part >= sum(one.group != DONE for one in made)
    due, day = case((ended, None), else_=columns.due), case((ended, columns.day), else_=None)
    rank = case((ended, 2), (columns.part >= mine, 1), else_=0)
    return [rank, due.is_(None), due, day.is_(None), day.desc(), columns.reference]


def _matching(
    session: Session, actor: Actor, words: str, columns: Any, made: Sequence[Part], pairs: Sequence[Pair]
) -> ColumnElement[bool]:
    """Whether an audit's reference, programme or state holds the words: the last two are few, and compared here."""
    asked = select(col(Audit.programme), col(Audit.stream)).where(theirs(session, actor)).distinct()
    named = {
        programme or stream
        for programme, stream in session.connection().execute(asked).all()
        if words in programme_in_words(programme, stream).casefold()
    }
    mine = [number for number, one in enumerate(made) if one.group == ME]
    told = [number for number in mine if words in made[number].state.casefold()]
    stages = {pair: workflow_of(session, pair[0]).stage(pair[1]) for pair in pairs}
    titled = [pair for pair, stage in stages.items() if words in stage.title.casefold()]
    resting = [pair for pair, stage in stages.items() if words in at_rest(stage).casefold()]
    return or_(
        func.lower(columns.reference).contains(words, autoescape=True),
        func.coalesce(func.nullif(columns.programme, ""), columns.stream).in_(named),
        columns.part.in_(told),
        _at(columns, titled),
        and_(columns.part >= len(mine), _at(columns, resting)),
    )


def _at(columns: Any, pairs: Sequence[Pair]) -> ColumnElement[bool]:
    return or_(false(), *(and_(columns.stage == stage, columns.workflow_digest == digest) for digest, stage in pairs))
