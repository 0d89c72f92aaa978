"""What the entries of a matter say, in sentences: what happened, then what was said, why, and who was named."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from audit_engine.calendars import day_in_words
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts import DAY, OPENER
from audit_engine.queries.story_words import ended
from audit_engine.views import EntryView


def matter_words(entry: EntryView, workflow: ReadWorkflow, people: Mapping[str, str]) -> tuple[str, ...]:
    """What one entry of a matter says. Texts that people wrote are in here as they wrote them, but for a full stop.

    Args:
        people: References by the keys that entries name people by.
    """
    payload, what = entry.payload, workflow.workflow.title
    if payload is None:
        return (f"{what}: it went on.", "What it said was erased.")
    if entry.kind == "opened":
        return _opened(payload, workflow, people)
    return (*_event(payload, workflow, stays=entry.kind == "recorded"), *_with_it(payload, workflow, people))


def people_told(entries: Iterable[EntryView]) -> set[UUID]:
    """The keys of those whom entries of matters name."""
    payloads = [one.payload or {} for one in entries]
    named = [payload.get("named", {}) for payload in payloads]
    named += [payload.get("row", {}).get("places") or {} for payload in payloads]
    return {UUID(hex=key) for places in named for key in places.values()}


def _opened(payload: Mapping[str, Any], workflow: ReadWorkflow, people: Mapping[str, str]) -> tuple[str, ...]:
    row, source = payload.get("row", {}), payload.get("opened_from")
    first = f"{workflow.workflow.title} opened"
    if source is not None:
        first += f" from {source['reference']}"
        first += f" by the event '{source['event'].replace('_', ' ')}'" if source.get("event") else ""
    said = [f"{first}.", ended(f"It is about: {row['words']}")] if row.get("words") else [f"{first}."]
    said += [ended(f"It concerns: {row['subject']}")] if row.get("subject") else []
    # Whoever opened it is told at the beginning of the line.
    opener = {name for name, place in workflow.workflow.places.items() if place.origin == OPENER}
    named = {name: key for name, key in (row.get("places") or {}).items() if name not in opener}
    return (*said, *_people(named, workflow, people))


def _event(payload: Mapping[str, Any], workflow: ReadWorkflow, *, stays: bool) -> list[str]:
    event, to = str(payload.get("event", "")), str(payload.get("to", ""))
    known = workflow.events.get(event)
    title = known.written.title if known is not None else event.replace("_", " ").capitalize()
    at = next((stage.title for stage in workflow.workflow.stages if stage.id == to), to)
    said = [f"{title}." if stays or not to else f"{title}: now '{at}'."]
    if payload.get("reason"):
        listed = [one for reasons in workflow.workflow.reasons.values() for one in reasons]
        label = next((one.label for one in listed if one.id == payload["reason"]), payload["reason"])
        said.append(ended(f"Because: {label}"))
    return said


def _with_it(payload: Mapping[str, Any], workflow: ReadWorkflow, people: Mapping[str, str]) -> list[str]:
    records = workflow.workflow.records
    said = []
    for name, value in payload.get("said", {}).items():
        record = records.get(name)
        title = record.title if record is not None else name.replace("_", " ")
        day = record is not None and DAY in record.kinds
        told = day_in_words(date.fromisoformat(value)) if day else str(value)
        said.append(ended(f"{title}: {told}"))
    said += _people(payload.get("named", {}), workflow, people)
    opened = payload.get("opened", ())
    return said + ([f"It opened {' and '.join(opened)}."] if opened else [])


def _people(places: Mapping[str, str], workflow: ReadWorkflow, people: Mapping[str, str]) -> list[str]:
    """Who stands where from now on, in the order of the workflow."""
    known = [name for name in workflow.workflow.places if name in places]
    return [f"{name.replace('_', ' ').capitalize()}: {people.get(places[name], 'somebody')}." for name in known]
