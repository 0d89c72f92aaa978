"""Ledger entries in words: what happened, without the name of any column or key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from audit_engine.calendars import day_in_words
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.queries.answering import answer_view
from audit_engine.records.ledger import led_to
from audit_engine.views import EntryView

SAID_NOWHERE = frozenset({
    "stage", "locked", "counts_on", "practitioner", "selected_because", "workflow_digest", "rubric_digest", "entered",
    "clock_left", "clock_stopped_at",
})  # fmt: skip
"""Columns of which nothing is said: the stage and the text are told with what led there, the others tell nothing that
a line before or after does not."""
COLUMNS = {
    "overall": "The overall grade", "suggested": "The rubric suggested",
    "overall_reason": "Why another grade than the suggested one", "final_overall": "The overall grade that stands",
    "blind_overall": "The overall grade, blind", "decided_overall": "The overall grade that was decided",
    "direction": "Against the auditor's grade", "reason": "Because", "withdrawn_because": "Because",
    "graded": "Made with grades", "collaborative": "Made together with the practitioner", "feedback": "Feedback",
    "feedback_from": "Feedback came from", "feedback_reason": "Why nobody gave feedback", "answer": "The answer",
    "answer_text": "In their words", "answered_on": "Answered on", "selected": "Chosen for moderation",
    "auditor": "Its auditor", "manager": "The practitioner's manager", "returned_times": "Times it was returned",
    "overridden": "Looked past", "audited_on": "Counted as audited on", "moderated_on": "Moderated on", "due": "Due",
}  # fmt: skip
"""What is said of every column that an entry may change, in this order. Of any other: that something else changed."""
GRADES = frozenset({"overall", "final_overall", "suggested", "blind_overall", "decided_overall"})
DAYS = frozenset({"due", "audited_on", "answered_on", "moderated_on"})
PEOPLE = frozenset({"auditor", "manager"})
_BEGINNINGS = {
    "drawn": "It was drawn", "imported": "It was imported", "assigned": "It was taken on, to be moderated",
    "rated": "Something was answered", "undone": "An answer was taken back",
    "decided": "A difference was decided", "moderated": "Its moderation went on",
    "changed": "Something about it was changed", "moved": "It was moved on", "recorded": "Something was recorded",
    "opened": "It was opened, to look at the case again", "migrated": "It was moved to another text of its workflow",
    "rubric_changed": "It was moved to another text of its rubric",
}  # fmt: skip

_STANDING_FOR = {
    "rated": "It was graded. How, how often and when is",
    "moderated": "Its moderation went on. How, how often and when is",
}
"""How the line begins that stands for all of these between two others."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the ids of one audit's entries are called."""

    rubric: ReadRubric
    workflows: tuple[ReadWorkflow, ...] = ()
    """The audit's own, then those of its moderations."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Keys as entries write them -> references."""

    def event(self, name: str) -> str:
        """The title of an event."""
        found = [one.events[name].written.title for one in self.workflows if name in one.events]
        return found[0] if found else name.replace("_", " ").capitalize()

    def stage(self, name: str) -> str:
        """The title of a stage."""
        found = [stage.title for one in self.workflows for stage in one.workflow.stages if stage.id == name]
        return found[0] if found else name.replace("_", " ").capitalize()

    def record(self, name: str) -> str:
        """What people call a record."""
        found = [one.workflow.records[name].title for one in self.workflows if name in one.workflow.records]
        return found[0] if found else name.replace("_", " ").capitalize()

    def grade(self, name: str, criterion: str | None = None) -> str:
        """What people call a grade: of a criterion on its own scale, else the overall grade."""
        scale = self.rubric.scales.get(criterion or "", self.rubric.scale)
        return scale.label(name) if name in scale.ids else name

    def criterion(self, name: str) -> str:
        """What people call a criterion."""
        return self.rubric.criteria[name].title if name in self.rubric.criteria else name

    def reason(self, name: str) -> str:
        """The label of a listed reason; another text stays as it is."""
        lists = [listed for one in self.workflows for listed in one.workflow.reasons.values()]
        return next((one.label for listed in lists for one in listed if one.id == name), name)

    def answer(self, row: Mapping[str, Any]) -> str:
        """One answer in a line."""
        criterion = self.rubric.criteria.get(row["criterion"])
        view = answer_view(self.rubric, criterion, row) if criterion is not None else None
        return view.words if view is not None else "an answer"


def entry_words(entry: EntryView, terms: Terms) -> tuple[str, ...]:
    """What one entry says: what happened, then, in sentences of their own, what goes with it.

    Texts that people wrote are in here as they wrote them, but for a full stop.
    """
    payload = entry.payload
    beginning = _BEGINNINGS.get(entry.kind, entry.kind.replace("_", " ").capitalize())
    if payload is None:
        return (f"{beginning}.", "What it said was erased.")
    if entry.kind in _STANDING_FOR and payload.keys() == {"withheld"}:
        return (f"{_STANDING_FOR[entry.kind]} {payload['withheld']}.",)
    said = _SAYING.get(entry.kind, _changed)(beginning, payload, terms)
    return (*said, f"What it said is {payload['withheld']}.") if "withheld" in payload else said


def escalation_words(number: int, entry: EntryView, terms: Terms) -> tuple[str, ...]:
    """What one entry of an escalation says: what happened, then what is feared, was done, or shows the child safe.

    Args:
        number: Which of the audit's it is.
        terms: With the escalation's own workflow.
    """
    payload, what = entry.payload, f"Escalation {number}"
    if payload is None:
        return (f"{what} went on.", "What it said was erased.")
    if entry.kind == "raised":
        row = payload.get("row", {})
        at = f" at {terms.criterion(row['criterion'])}" if row.get("criterion") else ""
        said = [f"{what} was raised{at}."]
        said += [ended(f"What is feared: {row['concern']}")] if row.get("concern") else []
    elif entry.kind == "migrated":
        said = list(_migrated(what, payload, terms))
    else:
        changed = payload.get("changed", {})
        to = f": now '{terms.stage(changed['stage'][1])}'" if "stage" in changed else ""
        said = [f"{what}: {terms.event(payload.get('event', 'move'))}{to}."]
        said += [ended(f"{called}: {changed[name][1]}") for name, called in _OF_ESCALATION.items() if name in changed]
    return (*said, payload["withheld"]) if "withheld" in payload else tuple(said)


_OF_ESCALATION = {"action_taken": "What was done", "outcome": "How it is known that the child is safe"}


def criteria_of(entry: EntryView) -> frozenset[str]:
    """The criteria an entry is about."""
    payload = entry.payload or {}
    rows = [*payload.get("ratings", ()), *payload.get("blind_ratings", ())]
    named = {payload["criterion"]} if isinstance(payload.get("criterion"), str) else set()
    return frozenset(named | {row["criterion"] for row in rows})


def _moved(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    changed = payload.get("changed", {})
    to = led_to(payload)
    first = terms.event(payload["event"]) if "event" in payload else beginning
    first += f": now '{terms.stage(to)}'." if to else "."
    because = [ended(f"Because: {terms.reason(payload[name])}") for name in ("reason", "because") if payload.get(name)]
    told = {name: pair for name, pair in changed.items() if not (because and COLUMNS.get(name) == "Because")}
    decided = [f"{terms.criterion(row['criterion'])}: {terms.answer(row)}." for row in payload.get("ratings", ())]
    opened = [f"It opened {' and '.join(payload['opened'])}."] if payload.get("opened") else []
    return (first, *because, *_columns(told, terms), *decided, *opened)


def _opened(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    """Another audit of a case, as it was opened by what it hangs on."""
    del terms
    source = payload.get("opened_from") or {}
    return (f"{beginning}, from {source['reference']}." if source else f"{beginning}.",)


def _migrated(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    versions = f"version {payload['to_version']} (before: {payload['from_version']})"
    stands = f"{'now' if 'stage' in payload['changed'] else 'still'} '{terms.stage(payload['to'])}'"
    what = "It" if beginning == _BEGINNINGS["migrated"] else beginning
    return (f"{what} goes on under {versions} of its workflow: {stands}.", *_columns(payload["changed"], terms))


def _rubric_changed(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    """With what is called otherwise under the new text, and how many answers it does not ask for any more."""
    del beginning
    versions = f"version {payload['to_version']} (before: {payload['from_version']})"
    said = [f"It goes on under {versions} of its rubric."]
    said += [f"{terms.criterion(row['criterion'])} is now {terms.answer(row)}." for row in payload.get("ratings", ())]
    gone = payload.get("ratings_gone", ())
    if gone:
        one = len(gone) == 1
        what = "answer, to a criterion" if one else "answers, to criteria"
        stands = "It stands" if one else "They stand"
        said.append(f"{len(gone)} {what} that it does not have any more, fell away. {stands} above in this story.")
    return (*said, *_columns(payload.get("changed", {}), terms))


def _changed(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    first = "It was made a learning audit" if payload.get("event") == "without_grades" else beginning
    return (f"{first}.", *_columns(payload.get("changed", {}), terms))


def _rated(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    """The auditor's answer, or one given blind; the overall grade of a moderator stands among the columns."""
    said: list[str] = []
    for row in payload.get("ratings", ()):
        said += _row(row, terms, "")
    for row in payload.get("blind_ratings", ()):
        said += _row(row, terms, "Blind: ")
    if payload.get("before"):
        said.append(f"Before: {terms.answer(payload['before'])}.")
    said += _columns(payload.get("changed", {}), terms)
    return tuple(said) or (f"{beginning}.",)


def _row(row: Mapping[str, Any], terms: Terms, before: str) -> list[str]:
    said = [f"{before}{terms.criterion(row['criterion'])}: {terms.answer(row)}."]
    said += [ended(f"Note: {row['note']}")] if row.get("note") else []
    return said + ([ended(f"Evidence is at: {row['pointer']}")] if row.get("pointer") else [])


def ended(text: str) -> str:
    """A sentence ends like one, whoever wrote it."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _undone(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    if "criterion" not in payload:
        return (f"{beginning}.",)
    stands = [f"{terms.answer(row)}" for row in payload.get("ratings", ())]
    return (f"Taken back: {terms.criterion(payload['criterion'])} is now {stands[0] if stands else 'not answered'}.",)


def _decided(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    said: list[str] = []
    for row in payload.get("blind_ratings", ()):
        whose = {"auditor": "the auditor's answer stands", "moderator": "the moderator's answer stands"}
        grade = terms.grade(row["decided_grade"], row["criterion"]) if row.get("decided_grade") else "no grade"
        words = whose.get(row.get("decision") or "", "another grade stands")
        said.append(f"Decided: {terms.criterion(row['criterion'])}: {words}, {grade}.")
        said += [ended(f"Because: {row['decided_reason']}")] if row.get("decided_reason") else []
    return tuple(said) or (f"{beginning}.",)


def _moderated(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    return (f"{terms.event(payload['event']) if 'event' in payload else beginning}.",)


def _begun(beginning: str, payload: Mapping[str, Any], terms: Terms) -> tuple[str, ...]:
    del terms
    file = payload.get("file")
    return (f"{beginning}, from the file {file}." if isinstance(file, str) else f"{beginning}.",)


_SAYING = {
    "moved": _moved, "recorded": _moved, "opened": _opened, "changed": _changed, "rated": _rated, "undone": _undone,
    "decided": _decided, "moderated": _moderated, "migrated": _migrated,
    "rubric_changed": _rubric_changed, "drawn": _begun, "imported": _begun,
    "assigned": _begun,
}  # fmt: skip


def _columns(changed: Mapping[str, Any], terms: Terms) -> list[str]:
    told = [_column(name, changed[name], terms) for name in COLUMNS if name in changed]
    told += _records(changed["recorded"], terms) if "recorded" in changed else []
    told += _places(changed["places"], terms) if "places" in changed else []
    known = {*COLUMNS, *SAID_NOWHERE, "recorded", "places"}
    unknown = any(name not in known for name in changed)
    return told + (["Something else about it was changed, too."] if unknown else [])


def _records(pair: Sequence[Any], terms: Terms) -> list[str]:
    """What was said of each record that is not as before."""
    old, new = (dict(one or {}) for one in pair)
    said = []
    for name, value in new.items():
        if old.get(name) == value:
            continue
        before = f" (before: {_recorded(old[name])})" if old.get(name) else ""
        said.append(ended(f"{terms.record(name)}: {_recorded(value)}{before}"))
    return said


def _recorded(value: str) -> str:
    """A day as people say it; a word, a reference or a text as it is."""
    try:
        return day_in_words(date.fromisoformat(value)) if len(value) == len("2024-03-18") else value.replace("_", " ")
    except ValueError:
        return value


def _places(pair: Sequence[Any], terms: Terms) -> list[str]:
    """Who took which place."""
    old, new = (dict(one or {}) for one in pair)
    return [
        f"{name.replace('_', ' ').capitalize()}: {terms.people.get(str(person), 'somebody')}."
        for name, person in new.items()
        if old.get(name) != person
    ]


def _column(name: str, pair: Sequence[Any], terms: Terms) -> str:
    old, new = pair
    before = f" (before: {_value(name, old, terms)})" if old not in (None, "", []) and name != "returned_times" else ""
    return ended(f"{COLUMNS[name]}: {_value(name, new, terms)}{before}")


def _value(name: str, value: Any, terms: Terms) -> str:
    if value in (None, "", []):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in DAYS:
        return day_in_words(date.fromisoformat(str(value)))
    if name in PEOPLE:
        return terms.people.get(str(value), "somebody")
    if isinstance(value, list | dict):
        listed = value if isinstance(value, list) else [f"{rule}, {one['reason']}" for rule, one in value.items()]
        return ", ".join(str(one) for one in listed)
    return terms.grade(str(value)) if name in GRADES else terms.reason(str(value))
