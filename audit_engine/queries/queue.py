"""What waits for one person, what of theirs waits for others, and what is done: counted, and a page at a time.

Open escalations they can bring on come first: a child may be at risk.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_of, now
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import Row, workflow_of
from audit_engine.queries.queue_escalations import escalation_lines, programme_in_words
from audit_engine.queries.queue_lines import COLUMNS, queue_lines
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
_AUDITS: Any = SQLModel.metadata.tables["audits"]


def queue(session: Session, actor: Actor) -> tuple[QueueLine, ...]:
    """What waits for the actor, what is due first at the top; at most the first 200."""
    return tuple(line for line in queue_page(session, actor, size=MOST) if line.group == ME)


def queue_counts(session: Session, actor: Actor, today: date) -> QueueCounts:
    """How many lines each group of the actor's queue has.

    Args:
        today: The day by which something is overdue, and by which it is judged who may moderate.
    """
    raised = escalation_lines(session, actor)
    made = parts(session, actor, live_pairs(session, actor), today)
    audits, overdue, returned = Counter[str](), 0, 0
    found = _in_parts(session, actor, made).subquery()
    late = func.sum(case((found.c.due < today, 1), else_=0))
    asked = select(found.c.part, func.count(), late).where(found.c.part.is_not(None)).group_by(found.c.part)
    for number, count, past in session.connection().execute(asked).all():
        part = made[number]
        audits[part.group] += count
        overdue += int(past) if part.group == ME else 0
        returned += count if part.returned else 0
    return QueueCounts(
        to_do=len(raised) + audits[ME],
        overdue=overdue + sum(line.due is not None and line.due < today for line in raised),
        returned=returned, escalations=len(raised), others=audits[OTHERS], done=audits[DONE],
    )  # fmt: skip


def queue_page(
    session: Session, actor: Actor, *, start: int = 0, size: int = 50, matching: str = ""
) -> tuple[QueueLine, ...]:
    """Some lines of the actor's queue: what waits for them, then their own work with others, then what is done.

    What waits goes by the day it is due, what is done by the day it counted or was audited, newest first.

    Args:
        start: Lines to leave out.
        size: Lines at most; fewer are given only at the end.
        matching: Only lines whose reference, programme or state holds these words, in small letters or capitals; cut
            to 200 characters.
    """
    start, words = max(0, start), cleaned(matching[:MATCHING])[0].strip().casefold()
    raised = [line for line in escalation_lines(session, actor) if _matches(words, line)]
    shown = raised[start : start + max(0, size)]
    if len(shown) < size:
        rows = _rows(session, actor, words, (max(0, start - len(raised)), size - len(shown)))
        shown += queue_lines(session, actor, rows)
    return tuple(shown)


def _matches(words: str, line: QueueLine) -> bool:
    return any(words in text.casefold() for text in (line.reference, line.programme, line.state, line.stage_title))


def _rows(session: Session, actor: Actor, words: str, place: tuple[int, int]) -> list[tuple[Row, Part]]:
    """The audits of a page in order, each with its part. `place`: how many to leave out, and how many to give."""
    pairs = live_pairs(session, actor)
    made = parts(session, actor, pairs, day_of(now()))
    found = _in_parts(session, actor, made).subquery()
    asked = select(found).where(found.c.part.is_not(None)).order_by(*_order(found.c, made))
    if words:
        asked = asked.where(_matching(session, actor, words, found.c, made, pairs))
    rows = session.connection().execute(asked.offset(place[0]).limit(place[1])).mappings()
    return [(dict(row), made[row["part"]]) for row in rows]


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
