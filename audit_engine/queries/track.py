"""The place of an audit on its way, as one reader may know it.

Where an audit is, and where it was, is told to whoever may see it at all. A stage that it comes to only by a grade, by
an open escalation, or by what hangs on it tells of these, so it is left out for whoever may not know them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlmodel import Session

from audit_engine.calendars import day_of
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import ANY_OPEN_STAGE
from audit_engine.definitions.workflow_timing import PAUSES, in_working_days
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import AtHand, Row
from audit_engine.queries.matters import matters_of
from audit_engine.queries.steps import waits_for
from audit_engine.records.ledger import led_to, story
from audit_engine.views import AHEAD, HERE, PASSED, TrackStage, TrackView
from audit_engine.work_views import MachineView

_GRADES = frozenset({"overall", "suggested"})
_ESCALATION = "escalation.open"


def track_of(
    session: Session, hand: AtHand, actor: Actor, machines: Sequence[MachineView], today: date, *,
    no_grades: bool, no_escalation: bool,
) -> TrackView:  # fmt: skip
    """Where an audit is on its way.

    Args:
        machines: What of it the reader is told, see `why`.
        no_grades: The reader may not know its grades.
        no_escalation: The reader may not know whether an escalation is open.
    """
    workflow, stage, row = hand.workflow, hand.audit["stage"], hand.audit
    entered = row["entered"] or _entered(session, hand)
    telling = told_by(workflow, grades=no_grades, escalation=no_escalation)
    order = {name: place for place, name in enumerate(workflow.workflow.stage_ids)}
    passed = sorted((day, order[name], name) for name, day in entered.items() if name in order and name != stage)
    stages = [
        TrackStage(workflow.stage(name).title, PASSED, date.fromisoformat(day))
        for day, _, name in passed
        if name not in telling
    ]
    here = date.fromisoformat(entered[stage]) if stage in entered else None
    stages.append(TrackStage(workflow.stage(stage).title, HERE, here))
    stages += [TrackStage(workflow.stage(name).title, AHEAD, None) for name in _ahead(workflow, stage)]
    waits = [*map(_machine, (one for one in machines if one.waits_for is not None)), *_matters(session, hand, actor)]
    late = row["due"] is not None and row["due"] < today
    return TrackView(tuple(stages), row["due"], late, stands_still(row), tuple(waits))


def stands_still(row: Row) -> str:
    """That the time of an audit, moderation or escalation stands still; empty while it runs."""
    if row["clock_stopped_at"] is None:
        return ""
    left = row["clock_left"]
    if left is None:
        return "Its time stands still."
    if left < 0:
        return f"Its time stands still: it was late by {in_working_days(-left)}."
    return f"Its time stands still: {in_working_days(left)} {'is' if left == 1 else 'are'} left."


def told_by(workflow: ReadWorkflow, *, grades: bool, escalation: bool) -> frozenset[str]:
    """The stages an audit comes to, or not, by grades and what hangs on it, or by an open escalation."""
    telling = (_GRADES if grades else frozenset()) | ({_ESCALATION} if escalation else frozenset())
    return frozenset(
        workflow.workflow.arrives(end, source)
        for event in workflow.events.values()
        if any(name in telling or (grades and is_of_link(workflow, name)) for name in _asked_at_ends(event))
        for end in event.ends
        for source in event.leaves
    )


def is_of_link(workflow: ReadWorkflow, name: str) -> bool:
    """Whether a name of a condition speaks of what hangs on it."""
    return name.partition(".")[0] in workflow.workflow.links


def _asked_at_ends(event: ReadEvent) -> Iterator[str]:
    return (name for end in event.ends if end.when is not None for name in end.when.names)


def _entered(session: Session, hand: AtHand) -> Mapping[str, str]:
    """When each stage was last entered, from the ledger: of an audit that began before this was kept on it."""
    lines = story(session, hand.key)
    found = {hand.workflow.first.id: day_of(lines[0].at).isoformat()} if lines else {}
    for line in lines:
        to = led_to(line.payload or {})
        if line.kind == "moved" and to is not None:
            found[to] = day_of(line.at).isoformat()
    return found


def _ahead(workflow: ReadWorkflow, stage: str) -> Iterator[str]:
    """The stages from here to an end when whoever each waits for goes on, and nothing comes between."""
    seen = {stage}
    while (way := _way_on(workflow, stage)) is not None:
        stage = workflow.workflow.arrives(way.ends[-1], stage)
        if stage in seen:
            return
        seen.add(stage)
        yield stage


def _way_on(workflow: ReadWorkflow, stage: str) -> ReadEvent | None:
    """The first event that leads on from a stage, by whoever it waits for where there is one. A pause leads nowhere."""
    leaving = [
        event
        for event in workflow.events_from(stage)
        if event.written.sources != (ANY_OPEN_STAGE,)
        and (to := workflow.workflow.arrives(event.ends[-1], stage)) != stage
        and workflow.stage(to).clock != PAUSES
    ]
    theirs = [event for event in leaving if workflow.stage(stage).waits_for in event.written.by]
    return next(iter([*theirs, *leaving]), None)


def _machine(machine: MachineView) -> str:
    if machine.what == "audit":
        return str(machine.waits_for)
    return f"{machine.what} ({_lowered(machine.stage)}): {machine.waits_for}"


def _matters(session: Session, hand: AtHand, actor: Actor) -> Iterator[str]:
    """The open matters of which the reader may know."""
    for one in matters_of(session, actor, hand.key):
        stage = one.workflow.stage(one.matter["stage"])
        who = waits_for(one.workflow, stage.id, one.people, one.names)
        title = _lowered(one.workflow.workflow.title)
        yield f"{title} {one.matter['reference']} ({_lowered(stage.title)}): {who or 'nobody'}"


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
