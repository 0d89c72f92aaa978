"""From the rows of one page of a queue to its lines. What is asked, is asked of the whole page at once.

Ratings are read of the audits the reader audits, and blind ones of the moderations that are theirs: whoever is blind
cannot be told of a grade that was never read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_of, now
from audit_engine.engine.applicability import applied
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import without
from audit_engine.engine.permission import Actor, reaches
from audit_engine.queries.at_hand import Row, is_past_the_lock, names_of, rated, rubric_of, workflow_of
from audit_engine.queries.escalations_told import TOLD_BY, told_of
from audit_engine.queries.queue_escalations import programme_in_words
from audit_engine.queries.queue_parts import DONE, MODERATE, OTHERS, STEPS, Part, at_rest, is_open
from audit_engine.queries.queue_taking import NEWEST
from audit_engine.queue_views import QueueLine
from audit_engine.records.tables import Case, Moderation

COLUMNS = (
    "key", "reference", "stage", "due", "programme", "stream", "graded", "locked", "auditor", "practitioner", "facts",
    "workflow_digest", "rubric_digest", "case_key",
)  # fmt: skip
"""What of an audit a line is made of. None tells a grade."""
_ANSWERED = ("criterion", "applicability", "reason", "grade", "evidence", "impact", "pointer", "note")
_COMMANDS = {
    "auditor": "audit grade {} --plain",
    "moderator": "audit grade {} --plain --moderate",
    "practitioner": "audit grade {} --plain --answer",
}
_Answers = dict[UUID, dict[str, Row]]
"""By audit, by criterion."""


def queue_lines(session: Session, actor: Actor, rows: Sequence[tuple[Row, Part]]) -> list[QueueLine]:
    """One line for each row of a page.

    Args:
        rows: Audits with `COLUMNS`, each with the part it belongs to.
    """
    page = _Page(session, actor, rows)
    return [page.line(row, part) for row, part in rows]


class _Page:
    """What the lines of one page are made of."""

    def __init__(self, session: Session, actor: Actor, rows: Sequence[tuple[Row, Part]]) -> None:
        self._session, self._actor = session, actor
        self._cases = _cases(session, {row["case_key"] for row, _ in rows})
        self._names = names_of(session, {row["practitioner"] for row, _ in rows} - {None})
        moderating = reaches(actor, "moderate") or any(part.work == MODERATE for _, part in rows)
        self._moderations = self._moderated([row["key"] for row, _ in rows] if moderating else [])
        grading = [row["key"] for row, _ in rows if row["auditor"] == actor.person and not row["locked"]]
        self._given = self._answers("ratings", "audit", {key: key for key in grading})
        blind = {one["key"]: audit for audit, one in self._moderations.items() if self._is_blind(one)}
        self._blind = self._answers("blind_ratings", "moderation", blind)
        self._raised = self._open_escalations([row["key"] for row, _ in rows])

    def line(self, row: Row, part: Part) -> QueueLine:
        """One line."""
        stage = workflow_of(self._session, row["workflow_digest"]).stage(row["stage"])
        done, total = self._progress(row)
        command = (
            "audit why {}"
            if part.work == STEPS or stage.finalises
            else _COMMANDS.get(part.waits_for or "", "audit why {}")
        )
        if part.group in (OTHERS, DONE):
            command = "audit show {}"
        return QueueLine(
            reference=row["reference"], case=self._cases[row["case_key"]],
            practitioner=self._names.get(row["practitioner"]), number=None, stage_title=stage.title, due=row["due"],
            done=done, total=total, what=command.format(row["reference"]), group=part.group, work=part.work,
            state=part.state or at_rest(stage), programme=programme_in_words(row["programme"], row["stream"]),
            returned=part.returned, escalated=self._knows_of_escalation(row),
        )  # fmt: skip

    def _progress(self, row: Row) -> tuple[int | None, int | None]:
        """How many criteria ask for nothing more, of how many; nothing for those who grade none of them."""
        moderation = self._moderations.get(row["key"])
        if row["auditor"] == self._actor.person:
            over, answers = row["locked"], self._given[row["key"]]
        elif moderation is not None:
            over, answers = not self._is_blind(moderation), self._blind[row["key"]]
        else:
            return None, None
        total = len(rubric_of(self._session, row["rubric_digest"]).criteria)
        return total if over else total - self._asking(row, answers), total

    def _asking(self, row: Row, answers: Mapping[str, Row]) -> int:
        rubric = rubric_of(self._session, row["rubric_digest"])
        state = applied(rubric, rated(answers), as_values(row["facts"]))
        asking = {one.criterion for one in state.missing if row["graded"] or one.criterion not in answers}
        return len(asking | {*without(rubric, state, "note"), *without(rubric, state, "pointer")})

    def _knows_of_escalation(self, row: Row) -> bool:
        """Whoever raised one knows. The practitioner knows of no other; heads of practice of those they are told."""
        raised = self._raised[row["key"]]
        return self._actor.person in raised if row["practitioner"] == self._actor.person else bool(raised)

    def _is_blind(self, moderation: Row) -> bool:
        stage = workflow_of(self._session, moderation["workflow_digest"]).stage(moderation["stage"])
        return is_open(stage) and not is_past_the_lock(self._session, moderation)

    def _moderated(self, keys: list[UUID]) -> dict[UUID, Row]:
        """By audit: the newest moderation, where it is the actor's."""
        if not keys:
            return {}
        columns = (Moderation.key, Moderation.audit, Moderation.stage, Moderation.workflow_digest)
        asked = select(*(col(column) for column in columns)).where(
            col(Moderation.audit).in_(keys), col(Moderation.moderator) == self._actor.person, NEWEST
        )
        return {row["audit"]: dict(row) for row in self._session.connection().execute(asked).mappings()}

    def _answers(self, table: str, of: str, audits: Mapping[UUID, UUID]) -> _Answers:
        """By audit and criterion. `audits`: by whatever the column `of` of the table names."""
        found: _Answers = defaultdict(dict)
        if audits:
            columns = SQLModel.metadata.tables[table].columns
            asked = select(columns[of].label("of"), *(columns[name] for name in _ANSWERED))
            for row in self._session.connection().execute(asked.where(columns[of].in_(audits))).mappings():
                found[audits[row["of"]]][row["criterion"]] = dict(row)
        return found

    def _open_escalations(self, keys: list[UUID]) -> Mapping[UUID, set[Any]]:
        """By audit: who raised those that are open and that the actor may know of."""
        found: dict[UUID, set[Any]] = defaultdict(set)
        if keys:
            columns = SQLModel.metadata.tables["escalations"].columns
            asked = select(*(columns[name] for name in TOLD_BY))
            asked = asked.where(columns["audit"].in_(keys), columns["open"])
            rows = [dict(row) for row in self._session.connection().execute(asked).mappings()]
            for one in told_of(self._session, self._actor, rows, day_of(now())):
                found[one["audit"]].add(one["raised_by"])
        return found


def _cases(session: Session, keys: set[UUID]) -> dict[UUID, str]:
    """What cases are called, by key."""
    if not keys:
        return {}
    asked = select(col(Case.key), col(Case.reference)).where(col(Case.key).in_(keys))
    return dict(session.connection().execute(asked).all())
