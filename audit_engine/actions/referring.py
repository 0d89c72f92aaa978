"""What moves a moderation on and needs no more than a reason: to refer it to a panel, and to record what that said.

A workflow may have further events of this kind. Those that need more have actions of their own in `moderating`.
"""

from datetime import datetime

from sqlmodel import Session

from audit_engine.actions.changing import Change, change_audit, clean_text
from audit_engine.actions.command import Command
from audit_engine.actions.moderation_rows import on_moderation
from audit_engine.calendars import day_of
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import MODERATION, RELIED_UPON
from audit_engine.engine.arriving import arrived
from audit_engine.engine.machine import next_stage, reason_missing
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, workflow_of
from audit_engine.queries.deciding import moderation_facts
from audit_engine.records.database import Database
from audit_engine.safe_text import quoted

NOT_MODERATED = "Nobody moderates this audit at present. Take it on first."


def move_moderation(
    db: Database, actor: Actor, command: Command, reference: str, event: str, *, at: datetime, reason: str | None = None
) -> None:
    """A plain move of the moderation of an audit; the audit stays where it is.

    Raises:
        Refused: it is not moderated, it is not theirs to do, or the event is made by another action.
    """
    what = f"{event.replace('_', ' ')} the moderation"

    def decide(session: Session, hand: AtHand) -> Change:
        workflow, stage = _under_way(session, hand, what)
        _plain(workflow, event, what)
        words = clean_text(reason, what) if reason is not None else None
        missing = reason_missing(workflow, event, words)
        # Whoever may not do it is told no more: what stands in the way can tell of grades.
        against = may_do(workflow, event, actor, hand.people, hand.names, stage)
        if against:
            raise Refused(f"cannot {what}", against)
        try:
            to = next_stage(workflow, stage, event, moderation_facts(hand, actor.person, today=day_of(at)))
        except Refused as refused:
            raise Refused(f"cannot {what}", [*([missing] if missing else []), *refused.reasons]) from None
        if missing is not None:
            raise Refused(f"cannot {what}", [missing])
        assert hand.moderation is not None  # noqa: S101 - `_under_way` has seen that there is one
        change = Change("moderated", told={"moderation": hand.moderation["key"], "event": event})
        columns = arrived(workflow, hand.moderation, event, to, day_of(at))
        on_moderation(change, hand, columns, {}, "moved", event=event, **({"reason": words} if words else {}))
        return change

    action = "moderate" if "head_of_practice" in actor.roles else "move"
    change_audit(db, actor, command, reference, what, decide, at=at, action=action, ratings=False)


def _under_way(session: Session, hand: AtHand, what: str) -> tuple[ReadWorkflow, str]:
    moderation = hand.moderation
    if moderation is not None and moderation["workflow_digest"] is not None:
        workflow, stage = workflow_of(session, moderation["workflow_digest"]), moderation["stage"]
        if not workflow.stage(stage).final:
            return workflow, stage
    raise Refused(f"cannot {what}", [Reason("stage", NOT_MODERATED)])


def _plain(workflow: ReadWorkflow, event: str, what: str) -> None:
    if event not in workflow.events:
        text = f"Nothing called {quoted(event)} can be done with a moderation. `audit why AUDIT` says what can."
        raise Refused(f"cannot {what}", [Reason("event", text)])
    if event in RELIED_UPON[MODERATION][0]:
        text = f"'{workflow.event(event).written.title}' needs more than this: open the moderation, and do it there."
        raise Refused(f"cannot {what}", [Reason("event", text)])
