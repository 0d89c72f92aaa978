"""The finished audits of a period, judged once more under another text of their rubric. Reads only."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import Period
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.wording import offered
from audit_engine.engine.permission import Actor, require
from audit_engine.engine.replay_counts import Named, ReplayView, counted
from audit_engine.engine.replaying import Finished, replayed
from audit_engine.problems import Reason, Refused, unusable
from audit_engine.queries.at_hand import Row, overrides_of, practice_of, rated
from audit_engine.queries.counted_rows import RE_AUDIT
from audit_engine.queries.readings import rubric_of
from audit_engine.queries.visible import visible
from audit_engine.records.tables import Audit, Definition, Rating
from audit_engine.safe_text import quoted

CANNOT = "cannot replay these audits"
_ASKED = 400
"""Audits whose ratings are read in one question."""
_COLUMNS = (
    "key", "reference", "area", "team", "stream", "facts", "final_overall", "practice_from", "practice_to",
    "drawn_on", "entered", "audited_on", "overridden", "rubric_digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """Which two texts of a rubric are held against each other."""

    name: str
    """Of the rubric whose audits are looked at."""
    old: ReadRubric | None
    """None: of every audit the text it was graded under."""
    new: ReadRubric
    new_called: str
    """In force or proposed, in words."""
    old_called: str = "from its file"
    """Where `old` comes from, in words."""


def replay(
    session: Session, actor: Actor, catalogue: Catalogue, texts: Texts, period: Period, stream: str | None = None,
    moved: Callable[[int, int], None] = lambda _done, _of: None,
) -> ReplayView:  # fmt: skip
    """What `texts.new` would have made of the finished, graded audits of a period. Writes nothing.

    Counted are audits as figures count them: by the day that decides their quarter, without those that were opened to
    look again at one case. By its reference an audit is named only to whoever may see it.

    Raises:
        Refused: the actor may not see figures, or one of the texts has no overall grade.
        Unusable: there is no such rubric or stream.
    """
    require(actor, "see_figures", "see figures")
    if texts.old is None:
        _known(session, catalogue, texts.name)
    where = [
        col(Audit.counts_on).between(period.first_day, period.last_day), col(Audit.graded).is_(True),
        col(Audit.stream) != RE_AUDIT, col(Definition.kind) == "rubric", col(Definition.name) == texts.name,
    ]  # fmt: skip
    if stream is not None:
        _known_stream(session, catalogue, stream)
        where.append(col(Audit.stream) == stream)
    rows = _audits(session, actor, and_(*where))
    old = _first_texts(session, texts, rows)
    for one in (*old.values(), texts.new):
        _has_overall(one)
    mappings = [catalogue.mappings[name] for name in sorted(catalogue.mappings)]
    found = []
    for n, (row, ratings) in enumerate(_with_ratings(session, rows), start=1):
        found.append(replayed(_finished(row, ratings, old[row["rubric_digest"]]), texts.new, mappings))
        moved(n, len(rows))
    told = _texts_told(session, texts, rows)
    called = "the text each was graded under" if texts.old is None else _called(texts.old, texts.old_called)
    return counted(found, called, texts.new_called, told, list(old.values()), texts.new)


def _known(session: Session, catalogue: Catalogue, name: str) -> None:
    """Go on only with a rubric that something here was graded under, or that is in force. Raises Unusable."""
    asked = select(func.count()).where(col(Definition.kind) == "rubric", col(Definition.name) == name)
    if not session.connection().execute(asked).scalar_one():
        catalogue.rubric(name)


def _known_stream(session: Session, catalogue: Catalogue, stream: str) -> None:
    known = {*session.connection().execute(select(col(Audit.stream)).distinct()).scalars()}
    known |= {programme.stream for programme in catalogue.programmes.values()}
    if stream not in known:
        raise unusable(quoted(stream), "D018", "there is no stream of this name", offered(stream, sorted(known)))


def _has_overall(rubric: ReadRubric) -> None:
    if rubric.overall is None:
        written = rubric.rubric
        text = (
            f"'{written.title}' {written.version} has no overall grade, so there is nothing to suggest or to bar. "
            "Replay a rubric that has one."
        )
        raise Refused(CANNOT, [Reason("overall", text)])


def _audits(session: Session, actor: Actor, where: Any) -> list[Row]:
    """In the order of their references. What is shared with nobody yet is not shown to whose work it is."""
    theirs = and_(
        visible(actor, "see_audit"), or_(col(Audit.practitioner).is_(None), col(Audit.practitioner) != actor.person)
    )
    table = SQLModel.metadata.tables["audits"]
    columns = [*(table.c[name] for name in _COLUMNS), case((theirs, 1), else_=0).label("shown")]
    asked = select(*columns).join(Definition, col(Definition.digest) == col(Audit.rubric_digest)).where(where)
    asked = asked.order_by(func.length(col(Audit.reference)), col(Audit.reference))
    return [dict(row) for row in session.connection().execute(asked).mappings()]


def _first_texts(session: Session, texts: Texts, rows: Sequence[Row]) -> dict[str, ReadRubric]:
    """By the digest an audit is pinned to, the text that is the first of the two."""
    digests = sorted({row["rubric_digest"] for row in rows})
    return {digest: texts.old or rubric_of(session, digest) for digest in digests}


def _with_ratings(session: Session, rows: Sequence[Row]) -> Iterator[tuple[Row, Mapping[str, Row]]]:
    table = SQLModel.metadata.tables["ratings"]
    for start in range(0, len(rows), _ASKED):
        some = rows[start : start + _ASKED]
        by_audit: dict[UUID, dict[str, Row]] = {row["key"]: {} for row in some}
        asked = select(table).where(col(Rating.audit).in_(by_audit))
        for rating in session.connection().execute(asked).mappings():
            by_audit[rating["audit"]][rating["criterion"]] = dict(rating)
        yield from ((row, by_audit[row["key"]]) for row in some)


def _finished(row: Row, ratings: Mapping[str, Row], old: ReadRubric) -> Finished:
    return Finished(
        row["reference"], row["area"], row["team"], old, rated(ratings), row["facts"], row["final_overall"],
        practice_of(row), overrides_of(row), bool(row["shown"]),
    )  # fmt: skip


def _texts_told(session: Session, texts: Texts, rows: Sequence[Row]) -> tuple[Named, ...]:
    if texts.old is not None:
        return (Named("", texts.old.rubric.version, len(rows)),)
    counts = Counter(row["rubric_digest"] for row in rows)
    asked = select(col(Definition.digest), col(Definition.version)).where(col(Definition.digest).in_(counts))
    found = session.connection().execute(asked.order_by(col(Definition.version), col(Definition.digest)))
    return tuple(Named(digest[:8], version, counts[digest]) for digest, version in found)


def _called(rubric: ReadRubric, origin: str) -> str:
    return f"{rubric.rubric.rubric} {rubric.rubric.version}, {origin}"
