"""What the clock may do: what a workflow gives to it, unless somebody holds the thing."""

from collections.abc import Mapping
from uuid import UUID

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import ESCALATION, MODERATION, RELIED_UPON, THE_CLOCK
from audit_engine.engine.relations import who_is
from audit_engine.problems import Reason


def clock_may(
    workflow: ReadWorkflow, event: str, stage: str, people: Mapping[str, UUID | None], names: Mapping[UUID, str]
) -> list[Reason]:
    """Why the clock may not do `event`; empty when it may. As `relations.may_do` asks of people.

    Args:
        people: As for `may_do`.
    """
    written, holder = workflow.event(event).written, workflow.stage(stage).held_by
    if THE_CLOCK not in written.by:
        who = " or ".join(who_is(workflow, name, people, names) for name in written.by)
        return [Reason("by", f"'{written.title}' is not given to the clock: it is for {who}. Ask them.")]
    if holder is not None and people.get(holder) is not None and not written.breaks_hold:
        who = who_is(workflow, holder, people, names)
        return [Reason("held", f"It is held by {who} at present, so nothing happens to it by itself. Ask them.")]
    if workflow.workflow.governs in (MODERATION, ESCALATION) and event in RELIED_UPON[workflow.workflow.governs][0]:
        return [Reason("by", f"'{written.title}' bears somebody's name, so the clock cannot do it. Somebody must.")]
    return []
