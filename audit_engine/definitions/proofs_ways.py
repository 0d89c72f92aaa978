"""Every situation a workflow can come to, and every way between them, for one choice of what never changes.

Situations are judged right after each event, as it left them. In between, people write grades and raise and close
escalations: what they may change until the next event is chosen anew when that event is tried. What hangs on it by a
link is opened and ends in steps of its own, each of which leaves a situation that is judged too. A record or a link
that nothing ahead asks for any more is forgotten, so that it multiplies nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from operator import itemgetter
from typing import NamedTuple, cast

from audit_engine.definitions.conditions import Condition, Value
from audit_engine.definitions.proofs_links import NEVER_OPENED, OPEN_PART, PARTS, LinkState
from audit_engine.definitions.proofs_names import (
    ADJUSTED,
    ANSWER,
    DECIDE,
    FINALISE,
    NO_OPEN,
    OPEN,
    OVERALL,
    RECORD,
    RETURN,
    SUBMIT,
    WRITTEN,
    Maybe,
    Names,
    demanded_by,
)
from audit_engine.definitions.workflow import ReadEnd, ReadEvent, ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MATTER, SAME_STAGE, THE_AUDIT, THE_CLOCK

BEFORE_ASKING = 500
"""Situations between two looks at whether to go on."""


class Situation(NamedTuple):
    """Where something is right after an event, and what is then known."""

    stage: str
    locked: bool
    values: tuple[Maybe, ...]
    """By the order of `Names.followed`."""
    links: tuple[LinkState, ...] = ()
    """By the order of `Names.links`."""


class Way(NamedTuple):
    """One event that happened, or one step of what hangs on it."""

    event: str
    """Nothing: something that hangs on it was opened by hand, or came to an end."""
    end: int
    """Which of the event's ends, from 0."""
    to: int
    """The number of the situation it led to."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The situations that can be reached from one start, nearest first, and every way between them."""

    situations: list[Situation]
    came: list[tuple[int, str]]
    """By situation: from which one it is reached first, and by which event, as in `Way`. Of the start: itself."""
    leading: list[list[Way]]
    """By situation; shorter than `situations` when the exploring was stopped."""

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self.leading) == len(self.situations)

    def path_to(self, number: int) -> list[tuple[str, Situation]]:
        """How a situation is reached first: events with where they led, the start with no event."""
        path = []
        while number:
            before, event = self.came[number]
            path.append((event, self.situations[number]))
            number = before
        return [("", self.situations[0]), *reversed(path)]


class Explorer:
    """Explores one workflow."""

    def __init__(self, read: ReadWorkflow, names: Names, *, ending: bool = True) -> None:
        """Args:
        ending: Whether what hangs on it may come to an end; not, to see what is reached without waiting for it.
        """
        self.read, self.names, self._ending = read, names, ending
        self._at = {name: n for n, name in enumerate(names.followed)}
        self._at_links = {link.name: n for n, link in enumerate(names.links)}
        self._stages = {stage.id: stage for stage in read.workflow.stages}
        self._from = {
            name: tuple(event for event in read.events_from(name) if not _is_late_elsewhere(event, stage))
            for name, stage in self._stages.items()
        }
        self._kept_at = {stage: self._asked_from(stage) for stage in self._stages}
        self._forgotten = {stage: self._forgotten_at(stage) for stage in self._stages}
        self._held: dict[tuple[int, tuple[object, ...]], bool | None] = {}
        self._readers: dict[int, Callable[[tuple[object, ...]], tuple[object, ...]]] = {}
        self._kept: list[Condition] = []
        self._here = 0
        self._keeps_open = read.workflow.governs == ESCALATION or (
            read.workflow.governs == MATTER and read.workflow.about != THE_AUDIT
        )
        """Whether an escalation is open cannot change."""
        self.unclear: list[tuple[int, Condition]] = []
        """Conditions that cannot be worked out though every name in them is known, with the situation's number."""

    def starts(self) -> Iterator[Situation]:
        """Every situation in which it may begin."""
        first = self.read.first.id
        for values in product(*(self.names.at_first[name] for name in self.names.followed)):
            yield self._remembered(Situation(first, False, values, (NEVER_OPENED,) * len(self.names.links)))

    def ways(self, start: Situation, most: int, go_on: Callable[[int], bool]) -> Ways:
        """Everything that can be reached from a start.

        Args:
            most: Situations from which it gives up.
            go_on: Given how many situations there are so far, whether to look for more.
        """
        numbers, found = {start: 0}, Ways([start], [(0, "")], [])
        tried: dict[Situation, list[tuple[str, int, Situation]]] = {}
        here = 0
        while here < len(found.situations):
            if len(found.situations) > most or (here % BEFORE_ASKING == 0 and not go_on(len(found.situations))):
                return found
            situation, self._here = found.situations[here], here
            key = self._without_what_may_change(situation)
            if key not in tried:
                tried[key] = list(dict.fromkeys(self._tried(situation)))
            leading = []
            for event, end, arrived in (*tried[key], *self._drifts(situation)) if self.names.links else tried[key]:
                if arrived not in numbers:
                    numbers[arrived] = len(found.situations)
                    found.situations.append(arrived)
                    found.came.append((here, event))
                leading.append(Way(event, end, numbers[arrived]))
            found.leading.append(leading)
            here += 1
        return found

    def held(self, condition: Condition, situation: Situation) -> bool | None:
        """Whether a condition holds in a situation; None when that is not known."""
        # Where it is, every value, every part of every link: as `_places` counts them.
        seen: tuple[object, ...] = (situation.stage, *situation.values)
        return self._outcome(condition, seen + tuple(chain(*situation.links)) if situation.links else seen)

    def value(self, situation: Situation, name: str) -> Maybe:
        """What a followed name is in a situation."""
        if name in self._at:
            return situation.values[self._at[name]]
        link, _, part = name.partition(".")
        number = self._at_links[link]
        return self.names.links[number].value(situation.links[number], part)

    def is_kept(self, stage: str, name: str) -> bool:
        """Whether anything ahead of a stage asks for a name, so that it is still known there."""
        return name in self._kept_at[stage]

    # --- one event, one step of what hangs on it --------------------------------------------------------------------

    def _tried(self, situation: Situation) -> Iterator[tuple[str, int, Situation]]:
        for event in self._from[situation.stage]:
            if self._is_against_demands(event, situation.links):
                continue
            for values in product(*self._before(event, situation)):
                tried = Situation(situation.stage, situation.locked, values, situation.links)
                for number, end in self._leads(event, tried):
                    if not self._is_refused(event, end, values):
                        yield from self._after(event, number, end, tried)

    def _drifts(self, situation: Situation) -> Iterator[tuple[str, int, Situation]]:
        for n, link in enumerate(self.names.links):
            if n in self._forgotten[situation.stage][1]:
                continue
            for state in link.steps(situation.links[n], situation.stage, ending=self._ending):
                if state != situation.links[n]:
                    links = (*situation.links[:n], state, *situation.links[n + 1 :])
                    yield "", 0, Situation(situation.stage, situation.locked, situation.values, links)

    def _leads(self, event: ReadEvent, tried: Situation) -> Iterator[tuple[int, ReadEnd]]:
        """The end an event leads to: one, or several where it rests on what has no end of values."""
        for condition, _ in event.conditions:
            if not self.is_open_question(condition) and not self.held(condition, tried):
                return
        for number, end in enumerate(event.ends):
            held = True if end.when is None else None
            if end.when is not None:
                if self.is_open_question(end.when):
                    yield number, end
                    continue
                held = self.held(end.when, tried)
            if held:
                yield number, end
            if held is not False:
                return

    def is_open_question(self, condition: Condition) -> bool:
        """Whether a condition asks for a name whose values have no end."""
        return not self.names.endless.isdisjoint(condition.names)

    def _is_refused(self, event: ReadEvent, end: ReadEnd, values: tuple[Maybe, ...]) -> bool:
        return NO_OPEN in (*event.guards, *end.guards) and values[self._at[OPEN]] is True

    def _is_against_demands(self, event: ReadEvent, links: tuple[LinkState, ...]) -> bool:
        for demand in event.demands:
            if demand.closed is not None and links[self._at_links[demand.closed]].open:
                return True
            if demand.opened is not None and not links[self._at_links[demand.opened]].opened:
                return True
        return False

    # --- how values move: the table in `proofs_names` -------------------------------------------------------------

    def _without_what_may_change(self, situation: Situation) -> Situation:
        """What decides everything that comes next."""
        writing = self._is_writing(situation)
        values = [
            None if (name == OPEN and not self._keeps_open) or (writing and name in WRITTEN) else value
            for name, value in zip(self.names.followed, situation.values, strict=True)
        ]
        return Situation(situation.stage, situation.locked, tuple(values), situation.links)

    def _is_writing(self, situation: Situation) -> bool:
        return self._stages[situation.stage].grades and not situation.locked

    def _before(self, event: ReadEvent, situation: Situation) -> list[tuple[Maybe, ...]]:
        """The values each name may have when an event is tried."""
        writing = self._is_writing(situation)
        said = self.names.said[event.written.id]
        return [
            said[name] if name in said else self._may_be(name, value, event.written.id, writing)
            for name, value in zip(self.names.followed, situation.values, strict=True)
        ]

    def _may_be(self, name: str, now: Maybe, event: str, writing: bool) -> tuple[Maybe, ...]:
        governs = self.read.workflow.governs
        if name == OPEN:
            return self.names.at_first[OPEN] if self._keeps_open else (False, True)
        if name == "graded" and governs == ESCALATION:
            return (False, True)
        if governs == AUDIT:
            return self._in_an_audit(name, now, event, writing)
        if name == ADJUSTED and event == DECIDE:
            return self.names.choices[name]
        return (now,)

    def _in_an_audit(self, name: str, now: Maybe, event: str, writing: bool) -> tuple[Maybe, ...]:
        if name == "graded" and writing and now is True:
            return (True, False)
        if name in WRITTEN and (writing or event == SUBMIT or (name == OVERALL and event == FINALISE)):
            return self.names.choices[name]
        if name == "selected_for_moderation" and event == SUBMIT and now is None:
            return (False, True)
        return ("accepted", "challenged") if name == event == ANSWER else (now,)

    def _after(
        self, event: ReadEvent, number: int, end: ReadEnd, tried: Situation
    ) -> Iterator[tuple[str, int, Situation]]:
        name, to = event.written.id, self.read.workflow.arrives(end, tried.stage)
        locked = self.read.locked_after(name, to, tried.locked)
        options: list[tuple[Maybe, ...]] = [(value,) for value in tried.values]
        if name == RETURN and "returned_times" in self._at:
            times = tried.values[self._at["returned_times"]]
            if isinstance(times, int):
                options[self._at["returned_times"]] = (min(times + 1, self.names.most_returned),)
        makes_final = self._stages[to].finalises and end.to != SAME_STAGE
        if makes_final and "suggested" in self.names.choices and "suggested" in self._at:
            options[self._at["suggested"]] = self.names.choices["suggested"]
        for left in product(*options):
            arrived = Situation(to, locked, left, tried.links)
            for opened in self._opened(event, arrived) if event.opens and tried.links else (arrived,):
                yield name, number, self._remembered(opened)

    def _opened(self, event: ReadEvent, arrived: Situation) -> Iterator[Situation]:
        """What an event opens, its conditions judged as it leaves everything; both, where one has no end of values."""
        options = [[state] for state in arrived.links]
        for name, when in event.opens:
            if name not in self._at_links:
                continue
            number = self._at_links[name]
            more = [self.names.links[number].with_one_more(state) for state in options[number]]
            if when is not None and self.is_open_question(when):
                options[number] = list(dict.fromkeys((*options[number], *more)))
            elif when is None or self.held(when, arrived):
                options[number] = more
        for links in product(*options):
            yield Situation(arrived.stage, arrived.locked, arrived.values, tuple(links))

    # --- what nothing ahead asks for any more -----------------------------------------------------------------------

    def _asked_from(self, stage: str) -> frozenset[str]:
        """The names that properties ask for, and events of a stage or of any that may follow it."""
        found = {name for one in self.read.properties for name in one.names}
        for here in self.ahead_of(stage):
            for event in self._from[here]:
                found |= self.asked_by(event)
        return frozenset(found)

    def _forgotten_at(self, stage: str) -> tuple[dict[int, Maybe], frozenset[int]]:
        """The records, with what they are set back to, and the links that are not followed at a stage."""
        kept = self._kept_at[stage]
        records = {
            n: self.names.at_first[name][0]
            for n, name in enumerate(self.names.followed)
            if name.startswith(RECORD) and name not in kept
        }
        links = (n for n, one in enumerate(self.names.links) if not {f"{one.name}.{part}" for part in one.parts} & kept)
        return records, frozenset(links)

    def _remembered(self, arrived: Situation) -> Situation:
        records, links = self._forgotten[arrived.stage]
        if not records and not links:
            return arrived
        values = tuple(records.get(n, value) for n, value in enumerate(arrived.values)) if records else arrived.values
        states = tuple(NEVER_OPENED if n in links else state for n, state in enumerate(arrived.links))
        return Situation(arrived.stage, arrived.locked, values, states)

    def ahead_of(self, stage: str) -> frozenset[str]:
        """A stage with all that events lead to from there, whatever their conditions."""
        found, pending = {stage}, [stage]
        while pending:
            here = pending.pop()
            more = {self.read.workflow.arrives(end, here) for event in self._from[here] for end in event.ends} - found
            found |= more
            pending += more
        return frozenset(found)

    @staticmethod
    def asked_by(event: ReadEvent) -> frozenset[str]:
        """Every name that decides whether an event happens, where it leads, and what it opens."""
        conditions = [condition for condition, _ in event.conditions]
        conditions += [end.when for end in event.ends if end.when is not None]
        conditions += [when for _, when in event.opens if when is not None]
        return frozenset((*demanded_by(event), *(name for condition in conditions for name in condition.names)))

    # --- conditions, each asked once for the values it reads ------------------------------------------------------

    def _outcome(self, condition: Condition, seen: tuple[object, ...]) -> bool | None:
        reads = self._readers.get(id(condition))
        if reads is None:
            reads = self._readers[id(condition)] = _reading([self._place(name) for name in condition.names])
            self._kept.append(condition)  # while it is kept, nothing else has its id
        asked = reads(seen)
        key = (id(condition), asked)
        if key not in self._held:
            known = dict(self._known(condition.names, asked))
            self._held[key] = condition.outcome(known).held
            if self._held[key] is None and len(known) == len(asked):
                self.unclear.append((self._here, condition))
        return self._held[key]

    def _place(self, name: str) -> int:
        """Where a name is read in what `held` puts together."""
        link, _, part = name.partition(".")
        if link in self._at_links:
            return 1 + len(self._at) + len(PARTS) * self._at_links[link] + PARTS.index(part)
        return 1 + self._at[name] if name in self._at else 0

    def _known(self, names: Sequence[str], asked: tuple[object, ...]) -> Iterator[tuple[str, Value]]:
        for name, value in zip(names, asked, strict=True):
            if value is not None:
                is_open = name not in self._at and name.endswith(f".{OPEN_PART}")
                yield name, bool(value) if is_open else cast(Value, value)


def _reading(places: list[int]) -> Callable[[tuple[object, ...]], tuple[object, ...]]:
    if len(places) == 1:
        (only,) = places
        return lambda seen: (seen[only],)
    return itemgetter(*places) if places else lambda _: ()


def _is_late_elsewhere(event: ReadEvent, stage: Stage) -> bool:
    """Whether only the clock does an event, and never at this stage."""
    return set(event.written.by) == {THE_CLOCK} and event.written.id not in {step.event for step in stage.overdue}
