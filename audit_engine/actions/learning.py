"""A learning audit is recorded without grades, where its programme leaves that to the auditor."""

from datetime import datetime

from sqlmodel import Session

from audit_engine.actions.changing import Change, change_audit
from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand
from audit_engine.records.database import Database


def make_learning_audit(
    db: Database, actor: Actor, command: Command, reference: str, catalogue: Catalogue, *, at: datetime
) -> None:
    """Make an audit one without grades: it is then in no figure about grades, and never pretends to be.

    Raises:
        Refused: its programme grades every audit, grades were given already, or it is locked or not begun.
    """
    what = "make this a learning audit"

    def decide(_session: Session, hand: AtHand) -> Change:
        reasons = []
        programme = catalogue.programmes.get(hand.audit["programme"] or "")
        if programme is None or programme.graded == "always":
            reasons.append(
                Reason("graded", "Its programme grades every audit. Ask the quality lead if that should change.")
            )
        if any(row["grade"] is not None for row in hand.ratings.values()):
            reasons.append(Reason("graded", "Grades were given already. Take them back first, with undo."))
        if hand.audit["locked"] or not hand.workflow.stage(hand.audit["stage"]).grades:
            title = hand.workflow.stage(hand.audit["stage"]).title
            reasons.append(Reason("stage", f"The audit is '{title}'. This is decided while it is being graded."))
        if reasons:
            raise Refused(f"cannot {what}", reasons)
        return Change("changed", columns={"graded": False}, told={"event": "without_grades"})

    change_audit(db, actor, command, reference, what, decide, at=at, action="grade")
