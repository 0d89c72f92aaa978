"""Rating criteria: the auditor's own grades, and the moderator's blind ones. One answer, one command, one entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.actions.changing import Change, change_audit, change_rating, clean_text
from audit_engine.actions.command import Command
from audit_engine.actions.moderating import blind_change, may_grade_blind
from audit_engine.actions.questions import Said, with_answers
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.criteria import CANNOT_TELL_REASONS, Criterion
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.facts import as_values
from audit_engine.engine.permission import Actor
from audit_engine.engine.ratings import BY_JUDGEMENT, CANNOT_TELL, EXPECTED
from audit_engine.problems import Reason, Refused, nearest
from audit_engine.queries.at_hand import AtHand
from audit_engine.records.database import Database
from audit_engine.records.ledger import story
from audit_engine.records.tables import Audit
from audit_engine.safe_text import quoted

EVIDENCE = ("found", "partly", "not_found")
IMPACT = ("yes", "no", "cannot_tell")
_NOTHING = (
    "There is nothing to take back since the audit came to this stage, or to this text of its rubric. Give an answer "
    "again to change it."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of one criterion. Fields left None stay as they are; an empty text takes a note away."""

    grade: str | None = None
    evidence: str | None = None
    impact: str | None = None
    pointer: str | None = None
    note: str | None = None
    not_expected: str | None = None
    """The reason, by id, why it does not apply in this case."""
    cannot_tell: str | None = None
    """The reason, by id, why the auditor could not look."""
    answers: Said | None = None
    """To questions asked once, by question id: an answer's id, or None to take it back. Others stay as they are."""
    members: Mapping[str, Said | None] | None = None
    """The same of members of the repeat group, by what each is called. One of nothing adds it; None takes it out."""


def rate(
    db: Database, actor: Actor, command: Command, reference: str, criterion: str, answer: Answer, *, at: datetime,
    blind: bool = False,
) -> None:  # fmt: skip
    """Save one answer on one criterion; a later one replaces it.

    Args:
        criterion: By its id.
        blind: The moderator's own, before they see the auditor's.

    Raises:
        Refused: not theirs, not at this stage, locked, changed by somebody else since, or no such answer.
    """

    what = "save this answer"

    def given(session: Session, hand: AtHand) -> Change:
        _may_grade(hand, actor, what)
        old = hand.ratings.get(criterion)
        row = _answered(session, hand, criterion, old, answer, what)
        return Change("rated", ratings={criterion: row}, told={"criterion": criterion, "before": _plain(old)})

    def given_blind(session: Session, hand: AtHand) -> Change:
        may_grade_blind(hand, actor, what)
        row = _answered(session, hand, criterion, hand.blind.get(criterion), answer, what)
        return blind_change(hand, actor, {criterion: row}, what)

    if not blind:
        change_rating(db, actor, command, reference, what, criterion, given, at=at)
        return
    change_audit(
        db, actor, command, reference, what, given_blind, at=at, action="moderate", ratings=False, criterion=criterion
    )


def undo(db: Database, actor: Actor, command: Command, reference: str, *, at: datetime) -> None:
    """Take back the newest answer that still stands, back to the last move of the audit.

    Raises:
        Refused: there is nothing to take back, or as `rate`.
    """

    def decide(session: Session, hand: AtHand) -> Change:
        _may_grade(hand, actor, "undo")
        turn, told = _newest_standing(session, hand)
        if command.turn is not None and turn > command.turn:
            text = "The newest answer was given after you last saw the audit. Look at it, then undo it if you mean it."
            raise Refused("cannot undo", [Reason("turn", text)])
        criterion, before = told["criterion"], told["before"]
        words = {"undoes": turn, "criterion": criterion}
        if before is None:
            return Change("undone", gone=(criterion,), told=words)
        return Change("undone", ratings={criterion: before}, told=words)

    change_audit(db, actor, command, reference, "undo", decide, at=at, action="grade")


def _newest_standing(session: Session, hand: AtHand) -> tuple[int, Mapping[str, Any]]:
    taken_back: set[int] = set()
    for entry in reversed(story(session, hand.key)):
        payload = entry.payload
        # What was answered under another text of the rubric may not be an answer any more.
        if entry.kind in ("moved", "rubric_changed") or payload is None:
            break
        if entry.kind == "undone":
            taken_back.add(payload["undoes"])
        elif entry.kind == "rated" and entry.turn not in taken_back:
            return entry.turn, payload
    raise Refused("cannot undo", [Reason("undo", _NOTHING)])


NOTHING_GRADED = "Nothing is graded at this stage. `audit why AUDIT` says what can be done now."


def _may_grade(hand: AtHand, actor: Actor, what: str) -> None:
    stage, reasons = hand.workflow.stage(hand.audit["stage"]), []
    if hand.audit["auditor"] != actor.person:
        who = hand.names.get(hand.audit["auditor"], "somebody else")
        reasons.append(Reason("by", f"Only the auditor of this audit grades it, and that is {who}."))
    if hand.audit["locked"]:
        text = (
            f"Its grades are locked since it was submitted ({stage.title}). "
            "Only its moderator can return it, before they are final."
        )
        reasons.append(Reason("locked", text))
    elif not stage.grades:
        begin = "Begin the audit first." if hand.audit["stage"] == "allocated" else NOTHING_GRADED
        reasons.append(Reason("stage", f"The audit is '{stage.title}'. {begin}"))
    if reasons:
        raise Refused(f"cannot {what}", reasons)


def _criterion(rubric: ReadRubric, name: str, what: str) -> Criterion:
    if name not in rubric.criteria:
        text = f"There is no criterion {quoted(name)} in this audit's rubric. {nearest(name, rubric.criteria)}".strip()
        raise Refused(f"cannot {what}", [Reason("criterion", text)])
    return rubric.criteria[name]


def _answered(session: Session, hand: AtHand, name: str, old: Any, answer: Answer, what: str) -> dict[str, Any]:
    """The whole new row of one rating."""
    rubric, criterion = hand.rubric, _criterion(hand.rubric, name, what)
    _one_thing(answer, what, graded=hand.audit["graded"])
    row = _plain(old) or {"criterion": criterion.id}
    row |= {"given_applicability": None, "given_grade": None}
    if answer.not_expected is not None or answer.cannot_tell is not None:
        row |= _left_out(criterion, answer, what)
    elif _rated(answer):
        if row.get("applicability") != EXPECTED:
            row |= {"applicability": EXPECTED, "reason": None}
        row |= _graded(rubric, criterion, answer, what)
    row.setdefault("applicability", EXPECTED)
    if answer.answers is not None or answer.members is not None:
        said, graded = (answer.answers, answer.members), hand.audit["graded"]
        row = with_answers(
            rubric, criterion, _plain(old), row, _facts(session, hand), said, graded=graded, what=what
        )  # fmt: skip
    for column in ("note", "pointer"):
        text = getattr(answer, column)
        if text is not None:
            row[column] = clean_text(text, what) or None
    return row


def _facts(session: Session, hand: AtHand) -> Mapping[str, Value]:
    """The audit's facts. Where only one answer is saved they are not at hand: few criteria ask for them."""
    if "facts" in hand.audit:
        return as_values(hand.audit["facts"])
    asked = select(col(Audit.facts)).where(col(Audit.key) == hand.key)
    return as_values(session.connection().execute(asked).scalar_one())


def _rated(answer: Answer) -> bool:
    """Whether it says something that only a criterion that applies is asked."""
    parts = (answer.grade, answer.evidence, answer.impact, answer.answers, answer.members)
    return any(part is not None for part in parts)


def _one_thing(answer: Answer, what: str, *, graded: bool) -> None:
    """An answer says something, and does not say two things that exclude each other."""
    said = [_rated(answer), answer.not_expected is not None, answer.cannot_tell is not None]
    if sum(said) > 1:
        text = "A criterion is graded, or it does not apply, or it cannot be told. Say one of the three."
        raise Refused(f"cannot {what}", [Reason("answer", text)])
    if not any(said) and answer.note is None and answer.pointer is None:
        raise Refused(f"cannot {what}", [Reason("answer", "Nothing was said. Give a grade, a note or a pointer.")])
    if answer.grade is not None and not graded:
        text = "This audit is made without grades. Say whether the criterion applies, and write a note."
        raise Refused(f"cannot {what}", [Reason("graded", text)])


def _left_out(criterion: Criterion, answer: Answer, what: str) -> dict[str, Any]:
    given = answer.not_expected if answer.not_expected is not None else answer.cannot_tell
    judged = answer.not_expected is not None
    known = [r.id for r in criterion.not_expected_reasons] if judged else list(CANNOT_TELL_REASONS)
    if given not in known:
        said = "does not apply" if judged else "cannot be told"
        if not known:
            text = f"'{criterion.title}' always applies: it has no reason why it would not. Grade it."
        else:
            choices = ", ".join(known)
            text = f"{quoted(given or '')} is no listed reason why '{criterion.title}' {said}. Choose: {choices}."
        raise Refused(f"cannot {what}", [Reason("reason", text)])
    empty = dict.fromkeys(("grade", "grade_order", "evidence", "impact", "answers", "members"))
    return {"applicability": BY_JUDGEMENT if judged else CANNOT_TELL, "reason": given, **empty}


def _graded(rubric: ReadRubric, criterion: Criterion, answer: Answer, what: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if answer.grade is not None:
        if not criterion.graded:
            text = f"'{criterion.title}' has no grade: it is answered by its questions alone."
            raise Refused(f"cannot {what}", [Reason("graded", text)])
        scale = rubric.scales[criterion.id]
        _one_of(answer.grade, scale.ids, "grade of this scale", what)
        row |= {"grade": answer.grade, "grade_order": scale.order(answer.grade)}
    if answer.evidence is not None:
        _one_of(answer.evidence, EVIDENCE, "answer to whether evidence was found", what)
        row["evidence"] = answer.evidence
    if answer.impact is not None:
        if not criterion.ladder:
            text = f"'{criterion.title}' does not ask whether it made a difference. Leave that answer out."
            raise Refused(f"cannot {what}", [Reason("impact", text)])
        _one_of(answer.impact, IMPACT, "answer to whether it made a difference", what)
        row["impact"] = answer.impact
    return row


def _one_of(given: str, known: tuple[str, ...], words: str, what: str) -> None:
    if given not in known:
        raise Refused(
            f"cannot {what}", [Reason("answer", f"{quoted(given)} is no {words}. {nearest(given, known)}".strip())]
        )


def _plain(row: Any) -> dict[str, Any] | None:
    """A rating's row without what only the table needs."""
    if row is None:
        return None
    return {name: value for name, value in dict(row).items() if name not in ("audit", "moderation", "turn")}
