"""What changed from one workflow to another, in sentences for those who make the rules, not for programmers.

What is compared is what the files say: comments, the version, and the order of what has none do not count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from audit_engine.definitions.workflow import Chosen, End, Event, ReadWorkflow, Stage, Workflow
from audit_engine.definitions.workflow_names import SAME_STAGE, THE_CLOCK
from audit_engine.definitions.workflow_timing import AFTER
from audit_engine.engine.condition_words import with_article
from audit_engine.engine.guards import what_it_asks
from audit_engine.engine.workflow_parts_differences import (
    demands_said,
    event_said,
    gone,
    kept,
    links_said,
    places_said,
    records_said,
    stage_said,
)
from audit_engine.engine.workflow_parts_words import asked, limit, or_, plain, sentence, stages_said, who
from audit_engine.engine.workflow_words import GOVERNED_IN_WORDS, condition_said

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    about: str
    """`workflow`, `people`, `place`, `record`, `link`, `reasons`, `stage`, `event` or `property`."""
    id: str
    """Name of the stage, event, person, place, record, link or list; of the workflow itself, the key; of a property,
    its sentence."""
    says: str


def differences(old: ReadWorkflow, new: ReadWorkflow) -> list[Difference]:
    """Everything that is not in `new` as it was in `old`; empty when they say the same."""
    return list(_Compared(old, new).all())


class _Compared:
    def __init__(self, old: ReadWorkflow, new: ReadWorkflow) -> None:
        self._old, self._new = old, new
        self._before, self._now = old.workflow, new.workflow

    def all(self) -> Iterator[Difference]:
        yield from self._itself()
        yield from self._people()
        for about, said in (("place", places_said), ("record", records_said), ("link", links_said)):
            yield from (Difference(about, name, says) for name, says in said(self._old, self._new))
        yield from self._reasons()
        yield from self._stages()
        yield from self._events()
        yield from self._properties()

    def _properties(self) -> Iterator[Difference]:
        """Each by its sentence: what it promises is a condition, for `audit workflow prove`."""
        before, now = ({one.says: one for one in side.properties} for side in (self._before, self._now))
        for says in gone(before, now):
            yield Difference("property", says, f"It no longer promises: {sentence(says)}")
        for says in gone(now, before):
            yield Difference("property", says, f"It now promises: {sentence(says)}")
        for says in kept(before, now):
            if before[says] != now[says]:
                yield Difference("property", says, f"What it promises is worked out anew: {sentence(says)}")

    # --- the workflow itself ------------------------------------------------------------------------------------

    def _itself(self) -> Iterator[Difference]:
        before, now = self._before, self._now
        says = {
            "workflow": (before.workflow, now.workflow, f"Its name is now {now.workflow} ({before.workflow} before)."),
            "title": (before.title, now.title, f"It is now called '{now.title}' ('{before.title}' before)."),
            "governs": (before.governs, now.governs,
                        f"It now governs {_governed(now)} ({_governed(before)} before)."),
            "scale": (before.scale, now.scale, _named("the grades of the scale", before.scale, now.scale)),
            "facts": (before.facts, now.facts, _named("the facts of the codebook", before.facts, now.facts)),
            "references": (before.references, now.references,
                           f"Its references now begin with {now.references} ({before.references} before)."),
            "about": (before.about, now.about, f"It is now about {_about(now)} ({_about(before)} before)."),
        }  # fmt: skip
        for key, (was, is_now, words) in says.items():
            if was != is_now:
                yield Difference("workflow", key, words)

    def _people(self) -> Iterator[Difference]:
        before = self._before.people.chosen if self._before.people else {}
        now = self._now.people.chosen if self._now.people else {}
        for name in gone(before, now):
            yield Difference("people", name, f"There is no {name} any more.")
        for name in gone(now, before):
            yield Difference("people", name, f"There is now a {name}, {_chosen(now[name])}.")
        for name in kept(before, now):
            if before[name].role != now[name].role:
                says = f"The {name} is now chosen among those who hold the role {plain(now[name].role)}"
                yield Difference("people", name, f"{says} ({plain(before[name].role)} before).")
            was, is_now = set(before[name].independent_of), set(now[name].independent_of)
            if was != is_now:
                others = or_(f"the {other}" for other in now[name].independent_of)
                yield Difference("people", name, f"The {name} must now be somebody else than {others}.")

    def _reasons(self) -> Iterator[Difference]:
        before, now = self._before.reasons, self._now.reasons
        for name in gone(before, now):
            yield Difference("reasons", name, f"The list of reasons '{plain(name)}' is gone.")
        for name in gone(now, before):
            labels = "; ".join(reason.label for reason in now[name])
            yield Difference("reasons", name, f"There is a new list of reasons, '{plain(name)}': {labels}.")
        for name in kept(before, now):
            was, is_now = ({one.id: one.label for one in reasons[name]} for reasons in (before, now))
            for one in gone(was, is_now):
                yield Difference("reasons", name, f"'{was[one]}' is no reason of '{plain(name)}' any more.")
            for one in gone(is_now, was):
                yield Difference("reasons", name, f"'{is_now[one]}' is now a reason of '{plain(name)}'.")
            for one in kept(was, is_now):
                if was[one] != is_now[one]:
                    yield Difference("reasons", name, f"The reason '{was[one]}' now reads '{is_now[one]}'.")
            if _order(was, is_now) != _order(is_now, was):
                yield Difference("reasons", name, f"The reasons of '{plain(name)}' stand in another order.")

    # --- stages -------------------------------------------------------------------------------------------------

    def _stages(self) -> Iterator[Difference]:
        before = {stage.id: stage for stage in self._before.stages}
        now = {stage.id: stage for stage in self._now.stages}
        for name in gone(before, now):
            yield Difference("stage", name, f"The stage '{before[name].title}' is gone.")
        for name in gone(now, before):
            yield Difference(
                "stage", name, f"There is a new stage, '{now[name].title}'{_waiting(self._new, now[name])}."
            )
        for name in kept(before, now):
            for says in self._stage(before[name], now[name]):
                yield Difference("stage", name, says)
        first, last = self._old.first, self._new.first
        if first.id != last.id:
            says = f"Everything now begins at '{last.title}' (at '{first.title}' before)."
            yield Difference("workflow", "stages", says)
        elif _order(before, now) != _order(now, before):
            yield Difference("workflow", "stages", "The stages stand in another order.")

    def _stage(self, was: Stage, now: Stage) -> Iterator[str]:
        at = f"'{now.title}'"
        if was.title != now.title:
            yield f"The stage '{was.title}' is now called {at}."
        if was.waits_for != now.waits_for and was.waits_for and now.waits_for:
            yield f"{at} now waits for {who(self._new, now.waits_for)} ({who(self._old, was.waits_for)} before)."
        if was.due != now.due and not now.final:
            yield self._due(at, was, now)
        marks = ((was.grades, now.grades, "grades are {}written at {}"),
                 (was.finalises, now.finalises, "grades {}become final at {}"),
                 (was.final, now.final, "{1} is {0}the end"))  # fmt: skip
        for before, after, words in marks:
            if before != after:
                yield sentence(words.format("now " if after else "no longer ", at))
        yield from stage_said(self._old, self._new, was, now)

    def _due(self, at: str, was: Stage, now: Stage) -> str:
        whom = who(self._new, now.waits_for or "")
        limited, before = limit(self._new, now.due), limit(self._old, was.due)
        if now.due is None:
            return f"At {at} {whom} has no time limit any more ({before} before)."
        if was.due is not None and was.due.kind == now.due.kind == AFTER:
            before = str(was.due.days)
        return sentence(f"{whom} now has {limited} at {at} ({before or 'no time limit'} before)")

    # --- events -------------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[Difference]:
        before = {event.id: event for event in self._before.events}
        now = {event.id: event for event in self._now.events}
        for name in gone(before, now):
            yield Difference("event", name, f"'{before[name].title}' is no longer possible.")
        for name in gone(now, before):
            yield Difference("event", name, self._new_event(now[name]))
        for name in kept(before, now):
            for says in self._event(before[name], now[name]):
                yield Difference("event", name, says)
        if _order(before, now) != _order(now, before):
            yield Difference("workflow", "events", "The events stand in another order.")

    def _new_event(self, event: Event) -> str:
        doers = or_(who(self._new, one) for one in event.by if one != THE_CLOCK)
        what = f"There is a new event: {doers} may '{event.title}'"
        if not doers:
            what = f"There is a new event that happens by itself: '{event.title}'"
        return f"{what}, from {stages_said(self._new, event.sources)} to {self._leading(self._new, event.id)}."

    def _event(self, was: Event, now: Event) -> Iterator[str]:
        title = f"'{now.title}'"
        if was.title != now.title:
            yield f"'{was.title}' is now called {title}."
        yield from self._left(title, was, now)
        yield from self._by(title, was, now)
        yield from self._demands(title, was, now)
        if (was.reason, was.reason_from) != (now.reason, now.reason_from):
            yield f"For {title} {_asked(now)} ({_asked(was)} before)."
        yield from event_said(self._old, self._new, was, now)
        if was.locks != now.locks:
            yield f"{title} {'now locks grades' if now.locks else 'no longer locks grades'}."
        if _ends(was.ends) != _ends(now.ends):
            leads, led = self._leading(self._new, now.id), self._leading(self._old, was.id)
            yield f"{title} now leads to {leads} (to {led} before)."

    def _left(self, title: str, was: Event, now: Event) -> Iterator[str]:
        if was.sources == now.sources or set(self._before.left_by(was)) == set(self._now.left_by(now)):
            return
        now_, before = stages_said(self._new, now.sources), stages_said(self._old, was.sources)
        yield f"{title} is now possible from {now_} (from {before} before)."

    def _by(self, title: str, was: Event, now: Event) -> Iterator[str]:
        # A name that means something else in each, a person here and a role there, is not the same.
        before, after = ([who(read, name) for name in event.by] for read, event in ((self._old, was), (self._new, now)))
        if set(before) != set(after):
            yield f"{title} may now be done by {or_(after)} ({or_(before)} before)."

    def _demands(self, title: str, was: Event, now: Event) -> Iterator[str]:
        guards, guards_now = ({d.guard for d in event.only_if if d.guard is not None} for event in (was, now))
        for guard in sorted(guards - guards_now):
            if guard in _asked_anyway(self._new, now.id):
                yield f"{title} no longer names this, which is built in and asked all the same: {what_it_asks(guard)}"
            else:
                yield f"{title} is no longer refused when this is not so: {what_it_asks(guard)}"
        for guard in sorted(guards_now - guards):
            yield f"{title} is now refused unless this is so: {what_it_asks(guard)}"
        yield from self._conditions(title, was, now)
        yield from demands_said(self._old, self._new, was, now)

    def _conditions(self, title: str, was: Event, now: Event) -> Iterator[str]:
        before, after = (_conditions_of(read, event) for read, event in ((self._old, was), (self._new, now)))
        words, words_before = _in_words(self._new, now), _in_words(self._old, was)
        lost, won = gone(before, after), gone(after, before)
        for when in list(lost):
            again = next((one for one in won if after[one] == before[when]), None)
            if again is not None:
                lost.remove(when)
                won.remove(again)
                changed = f"is now refused unless {words[again]} (unless {words_before[when]} before)"
                yield f"{title} {changed}, and still says: {after[again]}"
        for when in lost:
            yield f"{title} is no longer refused unless {words_before[when]}, which said: {before[when]}"
        for when in won:
            yield f"{title} is now refused unless {words[when]}, and says: {after[when]}"
        for when in kept(before, after):
            if before[when] != after[when]:
                yield f"Where {title} is refused, people now read: {after[when]} ({before[when]} before)"

    def _leading(self, read: ReadWorkflow, event: str) -> str:
        found = read.event(event)
        ends = ((end.to, condition_said(read, end, len(found.ends) > 1)) for end in found.ends)
        return "; ".join(f"{_at(read, to)}{f' {words}' if words else ''}" for to, words in ends)


def _about(workflow: Workflow) -> str:
    return with_article(workflow.about) if workflow.about else "nothing"


def _governed(workflow: Workflow) -> str:
    return GOVERNED_IN_WORDS[workflow.governs]


def _conditions_of(read: ReadWorkflow, event: Event) -> dict[str, str]:
    """The conditions of an event as they are written, with what they say."""
    return {condition.text: says for condition, says in read.event(event.id).conditions}


def _in_words(read: ReadWorkflow, event: Event) -> dict[str, str]:
    """The same conditions as people say them."""
    return {one.text: asked(read, one) for one, _ in read.event(event.id).conditions}


def _at(read: ReadWorkflow, to: str) -> str:
    return "the same stage" if to == SAME_STAGE else f"'{read.stage(to).title}'"


def _asked(event: Event) -> str:
    if event.reason_from is not None:
        return f"a reason of the list '{plain(event.reason_from)}' is asked for"
    return "a reason in one's own words is asked for" if event.reason == "required" else "no reason is asked for"


def _asked_anyway(read: ReadWorkflow, event: str) -> set[str]:
    """The guards that are built in on an event, whatever the file says."""
    found = read.event(event)
    return {*found.guards, *set.intersection(*(set(end.guards) for end in found.ends))}


def _ends(ends: tuple[End, ...]) -> list[tuple[str, str | None]]:
    return [(end.to, end.when) for end in ends]


def _waiting(read: ReadWorkflow, stage: Stage) -> str:
    if stage.waits_for is None:
        return ", which is an end"
    said = limit(read, stage.due)
    days = f" {'for ' if stage.due is not None and stage.due.kind == AFTER else ''}{said}" if said else ""
    return f", which waits for {who(read, stage.waits_for)}{days}"


def _chosen(chosen: Chosen) -> str:
    return f"chosen among those who hold the role {plain(chosen.role)}"


def _named(what: str, was: str | None, now: str | None) -> str:
    if now is None:
        return f"Its conditions can no longer speak of {what} '{was}'."
    return f"Its conditions can now speak of {what} '{now}' ({was or 'of none'} before)."


def _order(these: Mapping[str, T], others: Mapping[str, T]) -> list[str]:
    return [name for name in these if name in others]
