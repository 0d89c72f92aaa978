"""What is in progress under another text of a rubric than the one in force, and what would become of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.permission import Actor, require
from audit_engine.engine.rubric_landing import ChangedGrade, RubricLanding, landing
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import Row, practice_of, rated, rubric_of, workflow_of
from audit_engine.queries.blindness import withheld
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.live_tables import CommandDone
from audit_engine.records.tables import Audit, Definition, Rating
from audit_engine.safe_text import quoted

CANNOT = "cannot move audits to another text of their rubric"
KIND = "rubric_changed"
"""Of the entry that tells of it."""
_READ = (
    "key", "reference", "stage", "workflow_digest", "rubric_digest", "graded", "locked", "overall", "suggested",
    "overall_reason", "facts", "turn", "practice_from", "practice_to", "drawn_on", "entered", "audited_on",
)  # fmt: skip
_ASKED = 400
"""Audits whose ratings are read in one question."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One audit in progress, its text, and what becomes of it."""

    row: Row
    old: ReadRubric
    version: str
    """Of the old text."""
    ratings: Mapping[str, Row]
    stays: Reason | None
    """Why it keeps its text for good."""
    landing: RubricLanding | None
    """None for one that stays."""


@dataclass(frozen=True, slots=True)
class RubricLandingView:
    """What becomes of one audit. Grades, and which criteria were rated, only for whoever may know them."""

    audit: str
    stage: str
    from_version: str
    from_digest: str
    kept: tuple[str, ...]
    new: tuple[str, ...]
    waiting: tuple[str, ...] | None
    """Of the new ones: expected in this case and not answered. None where it is withheld, as in the next five."""
    falling_away: tuple[str, ...]
    ratings_gone: tuple[str, ...] | None
    changed_grades: tuple[ChangedGrade, ...] | None
    unanswered: int | None
    """Criteria that would wait for an answer, new ones included."""
    suggested: str | None
    """A label, as the next; None where nothing can be suggested yet."""
    overall: str | None
    barred: tuple[str, ...]
    """Why the overall grade chosen so far could not be kept."""
    withheld: str | None
    refused: tuple[str, ...]
    """Why it cannot be moved; empty when it can."""


@dataclass(frozen=True, slots=True)
class StayingView:
    """An audit that keeps the text it began under."""

    audit: str
    stage: str
    from_version: str
    because: str


@dataclass(frozen=True, slots=True)
class RubricMigrationView:
    """What moving everything in progress to the text in force comes to."""

    rubric: str
    version: str
    digest: str
    landings: tuple[RubricLandingView, ...]
    staying: tuple[StayingView, ...]

    @property
    def possible(self) -> bool:
        """Whether all of them can be moved: else none is."""
        return not any(one.refused for one in self.landings)


def rubric_migration(
    session: Session, actor: Actor, catalogue: Catalogue, name: str, only: Sequence[str] = ()
) -> RubricMigrationView:
    """What moving the audits in progress under another text of the rubric `name` comes to. Changes nothing.

    Args:
        only: References; none means all of them.

    Raises:
        Refused: not theirs to do; or one of `only` is not there, or keeps its text.
        Unusable: there is no rubric of this name.
    """
    may_migrate(actor)
    new, digest = catalogue.rubric(name), catalogue.pins["rubric", name].digest
    found = judged(session, catalogue, name, only)
    landings = tuple(_view(session, actor, one, new) for one in found if one.landing is not None)
    staying = tuple(
        StayingView(one.row["reference"], _stage(session, one.row), one.version, one.stays.text)
        for one in found
        if one.stays is not None
    )
    return RubricMigrationView(name, new.rubric.version, digest, landings, staying)


def may_migrate(actor: Actor) -> None:
    """Go on only when it is theirs to do. Raises Refused."""
    require(actor, "migrate", "move audits to another text of their rubric")


def judged(session: Session, catalogue: Catalogue, name: str, only: Sequence[str] = ()) -> list[Judged]:
    """Every audit in progress under another text, by its reference, and what becomes of it. Raises as above."""
    new, digest = catalogue.rubric(name), catalogue.pins["rubric", name].digest
    rows = [row for row in _rows(session, name, digest) if not only or row["reference"] in only]
    _all_there(session, rows, name, only)
    moderated = _under_way(session)
    mappings = [catalogue.mappings[one] for one in sorted(catalogue.mappings)]
    found = []
    for row, ratings in _with_ratings(session, rows):
        old, stays = rubric_of(session, row["rubric_digest"]), _stays(row, moderated)
        landed = landing(old, new, row, ratings, rated(ratings), mappings, practice_of(row)) if stays is None else None
        if landed is not None:
            landed = replace(landed, refused=(*_other_scale(session, row, new), *landed.refused))
        found.append(Judged(row, old, row["version"], ratings, stays, landed))
    if only:
        _none_stays(found)
    return found


def _rows(session: Session, name: str, digest: str) -> list[Row]:
    """Those that did not come to their end."""
    table = SQLModel.metadata.tables["audits"]
    asked = select(*(table.c[column] for column in _READ), col(Definition.version).label("version"))
    asked = asked.join(Definition, col(Definition.digest) == table.c.rubric_digest).where(
        col(Definition.kind) == "rubric", col(Definition.name) == name, table.c.rubric_digest != digest,
        table.c.imported.is_(False),
    )  # fmt: skip
    ordered = asked.order_by(func.length(table.c.reference), table.c.reference)
    rows = [dict(row) for row in session.connection().execute(ordered).mappings()]
    return [row for row in rows if not workflow_of(session, row["workflow_digest"]).stage(row["stage"]).final]


def _all_there(session: Session, rows: Sequence[Row], name: str, only: Sequence[str]) -> None:
    there = {row["reference"] for row in rows}
    reasons = []
    for reference in dict.fromkeys(only):
        if reference not in there:
            asked = select(col(Audit.imported)).where(col(Audit.reference) == reference)
            imported = session.connection().execute(asked).scalar_one_or_none()
            text = f"{quoted(reference)} is no audit in progress under another text of '{name}'."
            if imported:
                text = f"{reference} was imported: it came finished, and an import never changes."
            reasons.append(Reason("only", text))
    if reasons:
        raise Refused(CANNOT, reasons)


def _stays(row: Row, moderated: frozenset[UUID]) -> Reason | None:
    if row["key"] in moderated:
        return Reason("moderated", "It is being moderated, and both must grade by one text.")
    if row["locked"]:
        return Reason("locked", "Its grades are locked, and they were given by the text it has.")
    return None


def _other_scale(session: Session, row: Row, new: ReadRubric) -> list[Reason]:
    """A reason where the workflow it runs under speaks of another scale's grades."""
    workflow = workflow_of(session, row["workflow_digest"]).workflow
    if workflow.scale in (None, new.scale.scale):
        return []
    text = (
        f"Its workflow '{workflow.title}' speaks of grades of the scale '{workflow.scale}', and the new text is on "
        f"'{new.scale.scale}'. Move it to a workflow that fits first."
    )
    return [Reason("workflow", text)]


def _none_stays(found: Sequence[Judged]) -> None:
    staying = [(one.row["reference"], one.stays) for one in found if one.stays is not None]
    if staying:
        raise Refused(CANNOT, [Reason(why.rule, f"{reference}: {why.text}") for reference, why in staying])


def _under_way(session: Session) -> frozenset[UUID]:
    """The audits with a moderation that is not at its end."""
    moderations = SQLModel.metadata.tables["moderations"]
    asked = select(moderations.c.audit, moderations.c.workflow_digest, moderations.c.stage)
    rows = session.connection().execute(asked.where(moderations.c.workflow_digest.is_not(None)))
    return frozenset(audit for audit, digest, stage in rows if not workflow_of(session, digest).stage(stage).final)


def _with_ratings(session: Session, rows: Sequence[Row]) -> Iterator[tuple[Row, Mapping[str, Row]]]:
    table = SQLModel.metadata.tables["ratings"]
    for start in range(0, len(rows), _ASKED):
        some = rows[start : start + _ASKED]
        by_audit: dict[UUID, dict[str, Row]] = {row["key"]: {} for row in some}
        asked = select(table).where(col(Rating.audit).in_(by_audit)).order_by(table.c.criterion)
        for rating in session.connection().execute(asked).mappings():
            by_audit[rating["audit"]][rating["criterion"]] = dict(rating)
        yield from ((row, by_audit[row["key"]]) for row in some)


def _stage(session: Session, row: Row) -> str:
    return workflow_of(session, row["workflow_digest"]).stage(row["stage"]).title


def _view(session: Session, actor: Actor, one: Judged, new: ReadRubric) -> RubricLandingView:
    landed, row = one.landing, one.row
    assert landed is not None  # noqa: S101 - asked for those that have one
    hidden = withheld(session, actor, row["key"]).grades
    made = landed.judged
    waiting = {missing.criterion for missing in made.missing} if made is not None else set[str]()
    shown = hidden is None
    return RubricLandingView(
        row["reference"], _stage(session, row), one.version, row["rubric_digest"], landed.kept, landed.new,
        tuple(name for name in landed.new if name in waiting) if shown else None,
        landed.falling_away, landed.ratings_gone if shown else None, landed.changed_grades if shown else None,
        len(waiting) if shown and made is not None else None,
        _label(new, made.suggested) if shown and made is not None else None,
        _label(new, landed.columns["overall"]) if shown else None,
        tuple(reason.text for reason in made.refused) if shown and made is not None else (),
        hidden, tuple(dict.fromkeys(_told(reason, hidden) for reason in landed.refused)),
    )  # fmt: skip


def _told(reason: Reason, hidden: str | None) -> str:
    """Which grade it is that has no equal would tell a grade."""
    if hidden is not None and reason.rule == "scale":
        return "It has a grade that is no grade of the new scale. A quality lead who does not moderate can see which."
    return reason.text


def refusals(session: Session, actor: Actor, found: Sequence[Judged]) -> list[Reason]:
    """Why they cannot be moved, as far as the actor may know."""
    reasons: list[Reason] = []
    for one in found:
        if one.landing is None or not one.landing.refused:
            continue
        hidden = withheld(session, actor, one.row["key"]).grades
        told = [Reason(why.rule, f"{one.row['reference']}: {_told(why, hidden)}") for why in one.landing.refused]
        reasons += dict.fromkeys(told)
    return reasons


def _label(rubric: ReadRubric, grade: str | None) -> str | None:
    return rubric.scale.label(grade) if grade in rubric.scale.ids and grade is not None else None


def moved_by(session: Session, command: UUID) -> int:
    """How much a command moved: all that one command writes bears one moment and one author."""
    done = session.get_one(CommandDone, command)
    first = select(col(Entry.ts_utc), col(Entry.actor)).where(
        col(Entry.chain) == done.chain, col(Entry.turn) == done.turn
    )
    ts_utc, actor = session.connection().execute(first).one()
    same = select(func.count()).select_from(Entry)
    same = same.where(col(Entry.kind) == KIND, col(Entry.ts_utc) == ts_utc, col(Entry.actor) == actor)
    return int(session.connection().execute(same).scalar_one())
