"""Every situation a workflow can come to, and every way between them, for one choice of what never changes.

Situations are judged right after each event, as it left them. In between, people write grades and raise and close
escalations: what they may change until the next event is chosen anew when that event is tried.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from audit_engine.definitions.conditions import Condition, Value
from audit_engine.definitions.proofs_names import ANSWER, OPEN, RETURN, SUBMIT, WRITTEN, Maybe, Names
from audit_engine.definitions.workflow import ReadEnd, ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION

NO_OPEN = "no_open_escalation"
"""The one guard a proof can answer; every other is a question to people, answered either way at any time."""
BEFORE_ASKING = 500
"""Situations between two looks at whether to go on."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where something is right after an event, and what is then known."""

    stage: str
    locked: bool
    values: tuple[Maybe, ...]
    """By the order of `Names.followed`."""


@dataclass(frozen=True, slots=True)
class Way:
    """One event that happened."""

    event: str
    end: int
    """Which of the event's ends, from 0."""
    to: int
    """The number of the situation it led to."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The situations that can be reached from one start, nearest first, and every way between them."""

    situations: list[Situation]
    came: list[tuple[int, str]]
    """By situation: from which one it is reached first, and by which event. Of the start: itself and nothing."""
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

    def __init__(self, read: ReadWorkflow, names: Names) -> None:
        self.read, self.names = read, names
        self._at = {name: n for n, name in enumerate(names.followed)}
        self._stages = {stage.id: stage for stage in read.workflow.stages}
        self._from = {stage: read.events_from(stage) for stage in self._stages}
        self._held: dict[tuple[int, tuple[object, ...]], bool | None] = {}
        self._readers: dict[int, tuple[tuple[str, int], ...]] = {}
        self._kept: list[Condition] = []
        self._here = 0
        self.unclear: list[tuple[int, Condition]] = []
        """Conditions that cannot be worked out though every name in them is known, with the situation's number."""

    def starts(self) -> Iterator[Situation]:
        """Every situation in which it may begin."""
        first = self.read.first.id
        for values in product(*(self.names.at_first[name] for name in self.names.followed)):
            yield Situation(first, False, values)

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
            for event, end, arrived in tried[key]:
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
        return self._outcome(condition, situation.stage, situation.values)

    def value(self, situation: Situation, name: str) -> Maybe:
        """What a followed name is in a situation."""
        return situation.values[self._at[name]]

    # --- one event ----------------------------------------------------------------------------------------------

    def _tried(self, situation: Situation) -> Iterator[tuple[str, int, Situation]]:
        for event in self._from[situation.stage]:
            for values in product(*self._before(event, situation)):
                for number, end in self._leads(event, situation.stage, values):
                    if not self._is_refused(event, end, values):
                        yield from self._after(event, number, end, situation.locked, values)

    def _leads(self, event: ReadEvent, stage: str, values: tuple[Maybe, ...]) -> Iterator[tuple[int, ReadEnd]]:
        """The end an event leads to: one, or several where it rests on what has no end of values."""
        for condition, _ in event.conditions:
            if not self.is_open_question(condition) and not self._outcome(condition, stage, values):
                return
        for number, end in enumerate(event.ends):
            held = True if end.when is None else None
            if end.when is not None:
                if self.is_open_question(end.when):
                    yield number, end
                    continue
                held = self._outcome(end.when, stage, values)
            if held:
                yield number, end
            if held is not False:
                return

    def is_open_question(self, condition: Condition) -> bool:
        """Whether a condition asks for a name whose values have no end."""
        return not self.names.endless.isdisjoint(condition.names)

    def _is_refused(self, event: ReadEvent, end: ReadEnd, values: tuple[Maybe, ...]) -> bool:
        return NO_OPEN in (*event.guards, *end.guards) and values[self._at[OPEN]] is True

    # --- how values move: the table in `proofs_names` -------------------------------------------------------------

    def _without_what_may_change(self, situation: Situation) -> Situation:
        """What decides everything that comes next."""
        writing = self._is_writing(situation)
        values = [
            None if name == OPEN or (writing and name in WRITTEN) else value
            for name, value in zip(self.names.followed, situation.values, strict=True)
        ]
        return Situation(situation.stage, situation.locked, tuple(values))

    def _is_writing(self, situation: Situation) -> bool:
        return self._stages[situation.stage].grades and not situation.locked

    def _before(self, event: ReadEvent, situation: Situation) -> list[tuple[Maybe, ...]]:
        """The values each name may have when an event is tried."""
        writing = self._is_writing(situation)
        return [
            self._may_be(name, value, event.written.id, writing)
            for name, value in zip(self.names.followed, situation.values, strict=True)
        ]

    def _may_be(self, name: str, now: Maybe, event: str, writing: bool) -> tuple[Maybe, ...]:
        governs = self.read.workflow.governs
        if name == OPEN:
            return (True,) if governs == ESCALATION else (False, True)
        if name == "graded" and governs == ESCALATION:
            return (False, True)
        if governs == AUDIT:
            return self._in_an_audit(name, now, event, writing)
        return (now,)

    def _in_an_audit(self, name: str, now: Maybe, event: str, writing: bool) -> tuple[Maybe, ...]:
        if name == "graded" and writing and now is True:
            return (True, False)
        if name in WRITTEN and (writing or event == SUBMIT):
            return self.names.choices[name]
        if name == "selected_for_moderation" and event == SUBMIT and now is None:
            return (False, True)
        return ("accepted", "challenged") if name == event == ANSWER else (now,)

    def _after(
        self, event: ReadEvent, number: int, end: ReadEnd, locked: bool, values: tuple[Maybe, ...]
    ) -> Iterator[tuple[str, int, Situation]]:
        name = event.written.id
        locked = self.read.locked_after(name, end.to, locked)
        options: list[tuple[Maybe, ...]] = [(value,) for value in values]
        if name == RETURN and "returned_times" in self._at:
            times = values[self._at["returned_times"]]
            if isinstance(times, int):
                options[self._at["returned_times"]] = (min(times + 1, self.names.most_returned),)
        if self._stages[end.to].finalises and "suggested" in self.names.choices and "suggested" in self._at:
            options[self._at["suggested"]] = self.names.choices["suggested"]
        for left in product(*options):
            yield name, number, Situation(end.to, locked, left)

    # --- conditions, each asked once for the values it reads ------------------------------------------------------

    def _outcome(self, condition: Condition, stage: str, values: tuple[Maybe, ...]) -> bool | None:
        readers = self._readers.get(id(condition))
        if readers is None:
            readers = tuple((name, self._at.get(name, -1)) for name in condition.names)
            self._readers[id(condition)] = readers
            self._kept.append(condition)  # while it is kept, nothing else has its id
        asked = tuple([stage if at < 0 else values[at] for _, at in readers])
        key = (id(condition), asked)
        if key not in self._held:
            known: dict[str, Value] = {
                name: value for (name, _), value in zip(readers, asked, strict=True) if value is not None
            }
            self._held[key] = condition.outcome(known).held
            if self._held[key] is None and len(known) == len(readers):
                self.unclear.append((self._here, condition))
        return self._held[key]


def conditions_of(read: ReadWorkflow) -> Iterable[Condition]:
    """Every condition of a workflow's events and properties."""
    for event in read.events.values():
        yield from (condition for condition, _ in event.conditions)
        yield from (end.when for end in event.ends if end.when is not None)
    for one in read.properties:
        yield one.condition
        if one.then is not None:
            yield one.then
