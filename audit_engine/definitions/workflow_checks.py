"""What is wrong with a workflow that has the right shape: names, the kind of workflow, and ways.

A misspelt stage would also make stages unreachable: while a name is not known, ways are not judged.
"""

from collections.abc import Collection, Iterator

from audit_engine.definitions.reading import repeated
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import MAX_WAYS, Event, Stage, Workflow, situations, ways_from
from audit_engine.definitions.workflow_names import (
    ANY_OPEN_STAGE,
    AUDIT,
    ESCALATION,
    GUARDS,
    MATTER,
    MODERATION,
    ROLES,
    SAME_STAGE,
    THE_CLOCK,
    is_reserved,
)
from audit_engine.definitions.workflow_parts import Demand
from audit_engine.definitions.workflow_parts_checks import parts_problems
from audit_engine.definitions.workflow_people_checks import people_problems, separation
from audit_engine.problems import Problem

_IN_WORDS = {AUDIT: "an audit", MODERATION: "a moderation", ESCALATION: "an escalation", MATTER: "a matter"}


def workflow_problems(source: Source, workflow: Workflow) -> list[Problem]:
    """Every problem of a workflow but those of its conditions."""
    problems = [*_repeated(source, workflow), *_reserved(source, workflow)]
    unknown = list(_unknown_stages(source, workflow))
    problems += unknown
    for n, event in enumerate(workflow.events):
        route: Route = ("events", n)
        problems += _event_shape(source, route, workflow, event)
        problems += _unknown_names(source, route, workflow, event)
    for n, stage in enumerate(workflow.stages):
        problems += _stage_shape(source, ("stages", n), workflow, stage)
    problems += parts_problems(source, workflow)
    problems += _kind_problems(source, workflow)
    problems += people_problems(source, workflow)
    if problems:
        return problems
    ways = list(_ways(source, workflow))
    apart = list(separation(source, workflow, may_lack_a_lock="D064" in {problem.code for problem in ways}))
    # Once the right people are named, stages no longer wait for those who may do nothing.
    return [*ways, *apart, *(() if apart else _waiting(source, workflow))]


# --- names ------------------------------------------------------------------------------------------------------


def _repeated(source: Source, workflow: Workflow) -> Iterator[Problem]:
    yield from repeated(source, [(("stages", n, "id"), s.id) for n, s in enumerate(workflow.stages)], "D016", "stage")
    for name, reasons in workflow.reasons.items():
        yield from repeated(
            source, [(("reasons", name, n, "id"), r.id) for n, r in enumerate(reasons)], "D016", "reason"
        )
    first: dict[str, int] = {}
    for n, event in enumerate(workflow.events):
        for m, name in enumerate(event.sources):
            if name in event.sources[:m]:
                message = f"the stage '{name}' stands here twice"
                yield source.problem(("events", n, "from", m), "D016", message, "Keep one of them.")
        route: Route = ("events", n, "id")
        if event.id in first:
            yield source.problem(
                route,
                "D055",
                f"the event '{event.id}' stands here twice: first on line {first[event.id]}",
                "Keep one: list every stage in its 'from', and tell them apart in 'ends' with when: stage == '...'.",
            )
        first.setdefault(event.id, source.place(route).line or 0)


def _reserved(source: Source, workflow: Workflow) -> Iterator[Problem]:
    named = [(("stages", n, "id"), "stage", stage.id) for n, stage in enumerate(workflow.stages)]
    named += [(("events", n, "id"), "event", event.id) for n, event in enumerate(workflow.events)]
    for route, what, name in named:
        if is_reserved(name):
            message = f"no {what} may be called '{name}': the program needs this name for itself"
            yield source.problem(route, "D050", message, "Choose another name; the title stays as you like it.")


def _unknown_stages(source: Source, workflow: Workflow) -> Iterator[Problem]:
    stages = workflow.stage_ids
    for n, event in enumerate(workflow.events):
        if ANY_OPEN_STAGE in event.sources and len(event.sources) > 1:
            route: Route = ("events", n, "from", event.sources.index(ANY_OPEN_STAGE))
            message = f"'{ANY_OPEN_STAGE}' means every stage that is not final, so it stands alone"
            yield source.problem(route, "D069", message, f"Write [{ANY_OPEN_STAGE}], or list the stages.")
        left = [(("events", n, "from", m), name) for m, name in enumerate(event.sources) if name != ANY_OPEN_STAGE]
        reached = [(("events", n, "ends", m, "to"), end.to) for m, end in enumerate(event.ends)]
        for route, name in (*left, *reached):
            if name not in stages and (name != SAME_STAGE or "from" in route):
                known = (*stages, ANY_OPEN_STAGE if "from" in route else SAME_STAGE)
                yield source.problem(route, "D018", f"there is no stage '{name}'", offered(name, known))


def _unknown_names(source: Source, route: Route, workflow: Workflow, event: Event) -> Iterator[Problem]:
    for n, name in enumerate(event.by):
        yield from _unknown_person(source, (*route, "by", n), workflow, name)
    for n, demand in enumerate(event.only_if):
        at = (*route, "only_if", n, "guard")
        if demand.guard is None:
            continue
        usable = [guard for guard, kinds in GUARDS.items() if workflow.governs in kinds]
        if demand.guard not in GUARDS:
            message = f"there is no guard called '{demand.guard}'"
            yield source.problem(at, "D018", message, offered(demand.guard, usable))
        elif demand.guard not in usable:
            message = f"the guard '{demand.guard}' cannot be used for {_IN_WORDS[workflow.governs]}"
            yield source.problem(at, "D060", message, f"Guards here: {', '.join(sorted(usable))}.")
    if event.reason_from is not None and event.reason_from not in workflow.reasons:
        message = f"there is no list of reasons called '{event.reason_from}'"
        yield source.problem((*route, "reason_from"), "D018", message, offered(event.reason_from, workflow.reasons))


def _unknown_person(source: Source, route: Route, workflow: Workflow, name: str) -> Iterator[Problem]:
    known = sorted({*workflow.people_known, *ROLES, *([THE_CLOCK] if "by" in route else [])})
    if name not in known and (workflow.governs != AUDIT or workflow.people is not None):
        yield source.problem(route, "D018", f"there is no person or role called '{name}'", offered(name, known))


# --- the shape of one event, one stage --------------------------------------------------------------------------


def _event_shape(source: Source, route: Route, workflow: Workflow, event: Event) -> Iterator[Problem]:
    for n, demand in enumerate(event.only_if):
        yield from _demand_shape(source, (*route, "only_if", n), demand)
    if event.reason_from is not None and event.reason == "required":
        message = "a reason is either chosen from a list or written freely"
        yield source.problem((*route, "reason"), "D058", message, "Keep 'reason_from' or 'reason', not both.", key=True)
    *earlier, last = enumerate(event.ends)
    for n, end in earlier:
        if end.when is None:
            message = f"'{end.to}' has no condition, so what stands below it is never reached"
            hint = "Add 'when' here, or move this end to the last place."
            yield source.problem((*route, "ends", n), "D056", message, hint)
    if last[1].when is not None:
        message = "the last end has a condition, so the event might lead nowhere"
        yield source.problem(
            (*route, "ends", last[0], "when"), "D056", message, "Add an end without 'when' after it.", key=True
        )
    final = {stage.id for stage in workflow.stages if stage.final}
    for n, name in enumerate(event.sources):
        if name in final:
            message = f"'{name}' is final, so no event leaves it"
            hint = "Take it out of 'from', or delete 'final: yes' from the stage."
            yield source.problem((*route, "from", n), "D053", message, hint)


def _demand_shape(source: Source, route: Route, demand: Demand) -> Iterator[Problem]:
    hint = "Write 'guard', 'closed', 'opened', 'within', 'after' or 'not_before'; or 'when' with 'otherwise'."
    if demand.guard is not None and (len(demand.forms) > 1 or demand.otherwise is not None):
        yield source.problem(route, "D057", "a guard brings its own sentence, so nothing else stands beside it", hint)
    elif len(demand.forms) > 1:
        yield source.problem(route, "D057", "this asks for several things at once", hint)
    elif not demand.forms:
        yield source.problem(route, "D057", "there is neither a guard nor a condition here", hint)
    elif demand.when is not None and demand.otherwise is None:
        message = "a condition that can refuse somebody needs the sentence they will read"
        yield source.problem(route, "D057", message, "Add 'otherwise: ...', saying why and what to do.")


def _stage_shape(source: Source, route: Route, workflow: Workflow, stage: Stage) -> Iterator[Problem]:
    if stage.final:
        written_here = {"waits_for": stage.waits_for, "due": stage.due, "grades": stage.grades or None,
                        "overdue": stage.overdue or None, "held_by": stage.held_by}  # fmt: skip
        for key, written in written_here.items():
            if written is not None:
                message = f"'{stage.id}' is final, so nothing is done there any more"
                yield source.problem((*route, key), "D066", message, "Delete this key.", key=True)
    elif stage.waits_for is None:
        message = f"nobody is named who goes on from '{stage.id}'"
        yield source.problem(route, "D066", message, "Add 'waits_for: ...', or 'final: yes' if it is the end.")
    else:
        yield from _unknown_person(source, (*route, "waits_for"), workflow, stage.waits_for)
    if stage.grades and stage.finalises:
        message = f"'{stage.id}' makes grades final, so none are written there"
        yield source.problem((*route, "grades"), "D065", message, "Keep 'grades' or 'finalises', not both.", key=True)


# --- what belongs to which kind ---------------------------------------------------------------------------------


def _kind_problems(source: Source, workflow: Workflow) -> Iterator[Problem]:
    if workflow.governs == AUDIT and workflow.people is None:
        message = "a workflow of audits names its people, and this one does not"
        yield source.problem((), "D059", message, "Add 'people' with practitioner, manager and auditor.")
    if workflow.governs != AUDIT and workflow.people is not None:
        message = f"{_IN_WORDS[workflow.governs]} names no people of its own: they are those of its audit"
        yield source.problem(
            ("people",), "D059", message, "Delete 'people'; their names may be used all the same.", key=True
        )
    if workflow.governs not in (ESCALATION, MATTER):
        return
    message = f"{_IN_WORDS[workflow.governs]} has no grades"
    for n, stage in enumerate(workflow.stages):
        for key, written in (("grades", stage.grades), ("finalises", stage.finalises)):
            if written:
                yield source.problem(("stages", n, key), "D059", message, "Delete this key.", key=True)
    for n, event in enumerate(workflow.events):
        if event.locks:
            yield source.problem(("events", n, "locks"), "D059", message, "Delete this key.", key=True)


# --- ways -------------------------------------------------------------------------------------------------------


def _waiting(source: Source, workflow: Workflow) -> Iterator[Problem]:
    for n, stage in enumerate(workflow.stages):
        events = [event for event in workflow.events if stage.id in workflow.left_by(event)]
        if events and not any(stage.waits_for in event.by for event in events):
            message = f"'{stage.id}' waits for the {_plain(stage.waits_for or '')}, who may do nothing there"
            hint = f"Name them in 'by' of {_or([e.id for e in events])}, or let the stage wait for somebody else."
            yield source.problem(("stages", n, "waits_for"), "D066", message, hint)


def _ways(source: Source, workflow: Workflow) -> Iterator[Problem]:
    count = sum(len(workflow.left_by(event)) * len(event.ends) for event in workflow.events)
    if count > MAX_WAYS:
        message = f"this workflow has {count:,} ways from stage to stage, and may have at most {MAX_WAYS:,}"
        yield source.problem(("events",), "D067", message, "Split it into several workflows.", key=True)
        return
    found = situations(workflow)
    reached = {stage for stage, _ in found}
    for n, stage in enumerate(workflow.stages):
        if stage.id not in reached:
            message = f"no event leads to '{stage.id}' from the first stage, '{workflow.stages[0].id}'"
            yield source.problem(("stages", n, "id"), "D051", message, "Add an event with an end here, or delete it.")
    yield from _endings(source, workflow, reached)
    yield from _locks(source, workflow, found)


def _endings(source: Source, workflow: Workflow, reached: Collection[str]) -> Iterator[Problem]:
    ending = {stage.id for stage in workflow.stages if stage.final}
    if not ending:
        message = "this workflow never ends: no stage is final"
        yield source.problem(("stages",), "D052", message, "Write 'final: yes' in the stage that is the end.", key=True)
        return
    grew = True
    while grew:
        more = {
            s for s in workflow.stage_ids if s not in ending and any(to in ending for _, to in ways_from(workflow, s))
        }
        grew = bool(more)
        ending |= more
    for n, stage in enumerate(workflow.stages):
        if stage.id in reached and stage.id not in ending:
            message = f"from '{stage.id}' no final stage can be reached, so it would never end"
            yield source.problem(("stages", n, "id"), "D054", message, "Add an event that leads on to a final stage.")


def _locks(source: Source, workflow: Workflow, found: Collection[tuple[str, bool]]) -> Iterator[Problem]:
    """Grades become final only once they were locked, which is when they are complete; and stay final."""
    if workflow.governs in (ESCALATION, MATTER):
        return
    stages = {stage.id: stage for stage in workflow.stages}
    if not any(stage.finalises for stage in workflow.stages):
        message = "no stage makes grades final, so nothing made under this workflow would ever count"
        hint = "Write 'finalises: yes' in the stage where they are."
        yield source.problem(("stages",), "D064", message, hint, key=True)
    for n, stage in enumerate(workflow.stages):
        if stage.finalises and (stage.id, False) in found:
            message = f"'{stage.id}' makes grades final, and can be reached without an event that locks them"
            hint = "Write 'locks: grades' in the event that hands them in, on every way here."
            yield source.problem(("stages", n, "id"), "D064", message, hint)
        if stage.finalises and (again := _grades_after(workflow, stage.id)) is not None:
            message = (
                f"'{stage.id}' makes grades final, and from there '{again}' can be reached, where they are written"
            )
            yield source.problem(("stages", n, "id"), "D065", message, "Let no event lead back from here.")
    for n, event in enumerate(workflow.events):
        writing = [to for stage in workflow.left_by(event) for to in _to(workflow, event, stage) if stages[to].grades]
        if event.locks and writing:
            message = f"this locks grades and leads to '{writing[0]}', where grades are still written"
            yield source.problem(
                ("events", n, "locks"), "D065", message, "Delete 'locks', or lead elsewhere.", key=True
            )


def _to(workflow: Workflow, event: Event, stage: str) -> list[str]:
    return [workflow.arrives(end, stage) for end in event.ends]


def _grades_after(workflow: Workflow, stage: str) -> str | None:
    """The first stage reachable from `stage` at which grades are written, or None."""
    written = {s.id for s in workflow.stages if s.grades}
    seen, pending = {stage}, [stage]
    while pending:
        for _, to in ways_from(workflow, pending.pop(0)):
            if to in written:
                return to
            if to not in seen:
                seen.add(to)
                pending.append(to)
    return None


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _or(names: Collection[str]) -> str:
    *rest, last = [f"'{name}'" for name in names]
    return f"{', '.join(rest)} or {last}" if rest else last
