"""What can happen next to an audit, its moderation or an escalation: for whom, where to, and why not."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from audit_engine.calendars import day_in_words
from audit_engine.definitions.workflow import ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import ESCALATION, MODERATION, SAME_STAGE
from audit_engine.engine.condition_words import condition_in_words
from audit_engine.engine.demands import title_of_link
from audit_engine.engine.machine import Possible, possible
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_do, who_is
from audit_engine.engine.saying import how_to_say
from audit_engine.engine.timing import closes_on
from audit_engine.problems import Reason
from audit_engine.work_views import AskedRecord, Choice, StepView

ASKED_AT_THE_LOCK = {
    "overall_chosen_and_permitted": "the overall grade",
    "feedback_is_recorded": "whether the child and family gave feedback, or why not",
    "ends": "",
}
"""Guards of an audit's submission that wait for what it asks on the way. Whether it is moderated (`ends`) is drawn
then, too; and where a moderation ends follows from what is decided."""
STAYS = "it stays where it is"
REASON_ASKED = "a reason, in your own words"


def steps(
    workflow: ReadWorkflow, stage: str, facts: MoveFacts, actor: Actor, names: Mapping[UUID, str],
) -> tuple[StepView, ...]:  # fmt: skip
    """Every event that leaves a stage, in the workflow's order.

    Args:
        facts: With the people; what an event asks on its way need not be known yet.
    """
    return tuple(_step(workflow, stage, one, facts, actor, names) for one in possible(workflow, stage, facts))


def _step(
    workflow: ReadWorkflow, stage: str, one: Possible, facts: MoveFacts, actor: Actor, names: Mapping[UUID, str]
) -> StepView:
    event = workflow.event(one.event)
    asked = _asked(event.written.locks is not None or is_decided_by(workflow, one.event), one.reasons, facts)
    records = asked_records(workflow, one.event)
    asks = [words for words in asked.values() if words]
    asks += [f"{record.title} [{record.id}]: {record.how}" for record in records]
    needs_words, choices = event.written.reason == "required", _listed(workflow, one.event)
    if needs_words:
        asks.append(REASON_ASKED)
    if choices:
        asks.append("a reason of the list: " + "; ".join(f"{choice.id} ({choice.label})" for choice in choices))
    against = may_do(workflow, one.event, actor, facts.people, names, stage)
    return StepView(
        event=one.event,
        title=one.title,
        for_whom=tuple(who_is(workflow, name, facts.people, names) for name in one.by),
        to=_leads_to(workflow, stage, one),
        mine=not against,
        reasons=tuple(reason.text for reason in one.reasons if reason.rule not in asked),
        against_me=tuple(reason.text for reason in against),
        asks=tuple(asks),
        needs_words=needs_words,
        reason_from=choices,
        lasting=_lasting(workflow, stage, one.event),
        records=records,
        names=event.written.names,
        opens=tuple(_opens(workflow, one.event)),
        window=_window(workflow, stage, one.event, facts),
        by_itself=event.written.by_itself,
    )


def asked_records(workflow: ReadWorkflow, event: str) -> tuple[AskedRecord, ...]:
    """What an event asks to be said."""
    found = []
    for name in workflow.event(event).written.asks:
        record = workflow.workflow.records[name]
        choices = tuple(
            Choice(str(n), word, word.replace("_", " ")) for n, word in enumerate(record.one_of or (), start=1)
        )
        found.append(AskedRecord(name, record.title, record.kinds[0], choices, how_to_say(record)))
    return tuple(found)


def _opens(workflow: ReadWorkflow, event: str) -> Iterator[str]:
    titles = {stage.id: stage.title for stage in workflow.workflow.stages}
    for link, condition in workflow.event(event).opens:
        when = f", if {condition_in_words(condition, titles)}" if condition is not None else ""
        yield f"{title_of_link(workflow, link)}{when}"


def _window(workflow: ReadWorkflow, stage: str, event: str, facts: MoveFacts) -> str:
    """Until when an event can be done: the first of its windows to close, while all are open."""
    ends = [closes_on(one, stage, facts.entered) for one in workflow.event(event).demands]
    last = min((day for day in ends if day is not None), default=None)
    if last is None or facts.today is None or facts.today > last:
        return ""
    return f"It can be done until {day_in_words(last)}."


def _listed(workflow: ReadWorkflow, event: str) -> tuple[Choice, ...]:
    """The reasons one of which is asked for; empty where none is."""
    name = workflow.event(event).written.reason_from
    listed = workflow.workflow.reasons[name] if name is not None else ()
    return tuple(Choice(str(n), one.id, one.label) for n, one in enumerate(listed, start=1))


def _lasting(workflow: ReadWorkflow, stage: str, event: str) -> str:
    ends = [one for one in _ends(workflow, stage, event) if one.id != stage]
    if any(stage.final for stage in ends):
        return "Nothing leads on from there, and nobody can undo it."
    if any(stage.waits_for == "practitioner" for stage in ends):
        return "The practitioner can read it from then on, and nobody can undo that."
    return ""


def is_decided_by(workflow: ReadWorkflow, event: str) -> bool:
    """Whether an event decides a moderation: which end it leads to is known only with what is decided."""
    stages = workflow.workflow.stage_ids if workflow.workflow.governs == MODERATION else ()
    ends = {end.to for end in workflow.event(event).ends}
    return any(workflow.stage(stage).finalises for stage in stages if stage in ends)


def _asked(locks: bool, reasons: tuple[Reason, ...], facts: MoveFacts) -> dict[str, str]:
    """The rules that only wait for what the event asks, with what that is."""
    if not locks:
        return {}
    found = {reason.rule: ASKED_AT_THE_LOCK[reason.rule] for reason in reasons if reason.rule in ASKED_AT_THE_LOCK}
    return {
        rule: words for rule, words in found.items() if not (rule == "overall_chosen_and_permitted" and facts.overall)
    }


def _ends(workflow: ReadWorkflow, stage: str, event: str) -> list[Stage]:
    """The stages an event may lead to from a stage, itself among them where it may leave it where it is."""
    return [workflow.stage(workflow.workflow.arrives(end, stage)) for end in workflow.event(event).ends]


def _leads_to(workflow: ReadWorkflow, stage: str, one: Possible) -> str | None:
    ends = [end.title for end in _ends(workflow, stage, one.event)]
    if one.to is None and len(ends) > 1:
        return " or ".join(dict.fromkeys(ends))
    may_stay = any(end.to == SAME_STAGE for end in workflow.event(one.event).ends)
    if may_stay and one.to in (stage, None) and (one.to is not None or len(ends) == 1):
        return STAYS
    return workflow.stage(one.to).title if one.to else ends[0]


def waits_for(
    workflow: ReadWorkflow, stage: str, people: Mapping[str, UUID | None], names: Mapping[UUID, str]
) -> str | None:
    """Whom a stage waits for, in words; None at an end.

    An escalation waits for everybody who may bring it on: all of them have it in their queue.
    """
    name = workflow.stage(stage).waits_for
    if name is None:
        return None
    everybody = [name]
    if workflow.workflow.governs == ESCALATION:
        everybody += [other for event in workflow.events_from(stage) for other in event.written.by]
    *first, last = [who_is(workflow, one, people, names) for one in dict.fromkeys(everybody)]
    return f"{', '.join(first)} or {last}" if first else last
