"""What the program itself asks of a workflow by name: events it fires, and stages at which grades may be seen."""

from collections.abc import Iterator

from audit_engine.definitions.sources import Source
from audit_engine.definitions.workflow import Workflow, situations
from audit_engine.definitions.workflow_names import (
    AUDIT,
    ESCALATION,
    MODERATION,
    RELIED_UPON,
    RELIED_UPON_BY_MODERATORS,
)
from audit_engine.problems import Problem

_IN_WORDS = {AUDIT: "an audit", MODERATION: "a moderation", ESCALATION: "an escalation"}


def missing(source: Source, workflow: Workflow) -> Iterator[Problem]:
    """Events and stages that the program itself asks for by name, and that are not there."""
    events, stages = RELIED_UPON[workflow.governs]
    if workflow.governs == AUDIT and "moderator" in workflow.people_known:
        events = (*events, *RELIED_UPON_BY_MODERATORS)
    here = [event.id for event in workflow.events]
    needed = [("event", name) for name in events if name not in here]
    needed += [("stage", name) for name in stages if name not in workflow.stage_ids]
    for what, name in needed:
        message = f"the workflow of {_IN_WORDS[workflow.governs]} needs the {what} '{name}', which is not here"
        hint = f"Add it, or give that name to the {what} that does it; the title stays as you like it."
        yield source.problem((f"{what}s",), "D090", message, hint, key=True)
    if workflow.governs == MODERATION and not needed:
        yield from _shown_too_early(source, workflow)


_SHOWING = ("locked", "compared", "decided")
"""Stages of a moderation at which its moderator is shown the auditor's grades."""


def _shown_too_early(source: Source, workflow: Workflow) -> Iterator[Problem]:
    reached = situations(workflow)
    for n, stage in enumerate(workflow.stages):
        if stage.id in _SHOWING and (stage.id, False) in reached:
            message = (
                f"at '{stage.id}' the auditor's grades are shown, and it can be reached before the blind ones lock"
            )
            hint = "Let an event with 'locks: grades' come before it on every way."
            yield source.problem(("stages", n, "id"), "D091", message, hint)
