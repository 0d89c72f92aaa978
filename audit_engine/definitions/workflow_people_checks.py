"""Who must not be whom in a workflow: what no workflow may change, whatever its file says."""

from collections.abc import Collection, Iterator

from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.workflow import Chosen, Event, Workflow
from audit_engine.definitions.workflow_names import (
    AUDIT,
    INDEPENDENT_OF,
    MATTER,
    MODERATION,
    NEVER_CHOSEN,
    OWNER,
    ROLES,
    SAME_STAGE,
)
from audit_engine.problems import Problem


def people_problems(source: Source, workflow: Workflow) -> Iterator[Problem]:
    """People who are chosen from a role that is never enough, or with less independence than there always is."""
    for name, chosen in (workflow.people.chosen if workflow.people else {}).items():
        yield from _chosen_problems(source, ("people", name), name, chosen)


def _chosen_problems(source: Source, route: Route, name: str, chosen: Chosen) -> Iterator[Problem]:
    left_out = [other for other in INDEPENDENT_OF[name] if other not in chosen.independent_of]
    if left_out:
        yield source.problem(
            (*route, "independent_of"),
            "D061",
            f"the {name} is always independent of the {_and(INDEPENDENT_OF[name])}",
            f"Add {', '.join(left_out)}: a workflow may ask for more independence, never for less.",
        )
    if name in chosen.independent_of:
        at = (*route, "independent_of", chosen.independent_of.index(name))
        yield source.problem(at, "D061", f"nobody is independent of themselves, and this is the {name}", "Take it out.")
    if chosen.role in NEVER_CHOSEN:
        message = f"the role {chosen.role.replace('_', ' ')} is never enough to be the {name}"
        usable = [role for role in ROLES if role not in NEVER_CHOSEN]
        yield source.problem((*route, "role"), "D062", message, f"Roles that are: {', '.join(usable)}.")


def separation(source: Source, workflow: Workflow, *, may_lack_a_lock: bool) -> Iterator[Problem]:
    """Events that `by` gives to somebody who is kept apart from them, whatever a workflow says.

    Args:
        may_lack_a_lock: Grades become final without having been locked, which was said; then whoever makes them
            final may be the auditor, who only left out the lock.
    """
    for n, event in enumerate(workflow.events):
        for m, name in enumerate(event.by):
            if (why := _kept_apart(workflow, event, name, may_lack_a_lock)) is not None:
                message, hint = why
                yield source.problem(("events", n, "by", m), "D063", message, hint)
    writer = {AUDIT: "auditor", MODERATION: "moderator"}.get(workflow.governs)
    for n, stage in enumerate(workflow.stages):
        if writer is not None and stage.grades and stage.waits_for != writer:
            message = f"grades are written at '{stage.id}', so it waits for the {writer}"
            yield source.problem(("stages", n, "waits_for"), "D063", message, f"Write 'waits_for: {writer}'.")


def _kept_apart(workflow: Workflow, event: Event, name: str, may_lack_a_lock: bool) -> tuple[str, str] | None:
    """Why `name` may never do this event, with what to do instead; None when they may."""
    into = [stage for stage in workflow.stages if stage.id in {end.to for end in event.ends}]
    makes_final = any(stage.finalises for stage in into) and not may_lack_a_lock
    if workflow.governs == AUDIT:
        return _apart_from_audit(workflow, event, name, makes_final)
    if workflow.governs == MODERATION:
        return _apart_from_moderation(event, name, makes_final)
    if workflow.governs == MATTER:
        if name == OWNER and any(stage.final for stage in into):
            return ("the owner of a matter never ends it alone", "Name somebody else, who looks at it first.")
        return None
    if name == "practitioner" and any(stage.final for stage in into):
        return ("the practitioner never closes an escalation about their own work", "Name somebody else.")
    return None


def _apart_from_moderation(event: Event, name: str, makes_final: bool) -> tuple[str, str] | None:
    if (event.locks or makes_final) and name != "moderator":
        return ("only the moderator locks blind grades and decides", "Write [moderator].")
    if name in ("practitioner", "manager", "auditor"):
        return (f"the {name} takes no part in the moderation of their own work", "Name the moderator.")
    return None


def _apart_from_audit(workflow: Workflow, event: Event, name: str, makes_final: bool) -> tuple[str, str] | None:
    if event.locks:
        return None if name == "auditor" else ("only the auditor hands in the grades of an audit", "Write [auditor].")
    if makes_final and name != "moderator":
        return ("only the moderator makes grades final that were handed in before", "Write [moderator].")
    return _apart_from_stages(workflow, event, name)


def _apart_from_stages(workflow: Workflow, event: Event, name: str) -> tuple[str, str] | None:
    """The practitioner and their manager keep away while an audit is graded or moderated, the auditor while it is
    moderated. What leaves it where it is moves nothing on."""
    if all(end.to == SAME_STAGE for end in event.ends):
        return None
    for stage in workflow.stages:
        if stage.id not in workflow.left_by(event):
            continue
        moderated = stage.waits_for == "moderator"
        apart = ("practitioner", "manager", "auditor") if moderated else ("practitioner", "manager")
        if (moderated or stage.grades) and name in apart:
            what = "is moderated" if moderated else "is graded"
            message = f"the {name} never moves an audit on while it {what}, as it is at '{stage.id}'"
            return (message, f"Name somebody else, or take '{stage.id}' out of 'from'.")
    return None


def _and(names: Collection[str]) -> str:
    *rest, last = [f"the {name}" if n else name for n, name in enumerate(names)]
    return f"{', '.join(rest)} and {last}" if rest else last
