"""What is asked of the ways through a workflow: its own properties, and what every workflow must keep."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from audit_engine.definitions.proofs_names import OPEN
from audit_engine.definitions.proofs_search import shortest
from audit_engine.definitions.proofs_story import Path
from audit_engine.definitions.proofs_ways import Explorer, Situation, Way, Ways
from audit_engine.definitions.properties import UNTIL, ReadProperty
from audit_engine.definitions.workflow import ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import SAME_STAGE
from audit_engine.definitions.workflow_timing import AFTER, Due

EVERYWHERE, SOMEWHERE, FROM_EVERYWHERE = "everywhere", "somewhere", "from everywhere"
"""What has to be so: in every situation; in at least one; from every situation on. A proof that takes a condition as
answered either way sees too many ways: it can prove the first, break the second, and settle nothing of the third."""


@dataclass(frozen=True, slots=True)
class Break:
    """How something is broken."""

    path: Path
    after: str = ""
    """What cannot be told as a step: that nothing leads on."""
    names: frozenset[str] = frozenset()
    """Names that matter besides those the question speaks of."""


class Question(ABC):
    """Something that is asked of every way there is."""

    says: str
    scope: str
    names: frozenset[str] = frozenset()
    """The names it speaks of itself."""
    is_property = False

    @abstractmethod
    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        """The shortest break among the ways from one start."""

    def finish(self, read: ReadWorkflow) -> str:  # noqa: ARG002 - the others ask nothing of the whole
        """What is missing once everything was seen; nothing when all is well."""
        return ""


class PropertyAsked(Question):
    """A property of the file."""

    is_property = True

    def __init__(self, written: ReadProperty) -> None:
        self._written, self.says, self.names = written, written.says, written.names
        self.scope = FROM_EVERYWHERE if written.kind == "eventually" else EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        written = self._written
        if written.kind == "eventually":
            return _never_again(
                ways, lambda one: explorer.held(written.condition, one) is True, "From here it can never come to that."
            )
        if written.kind == UNTIL:
            return _before_it_held(explorer, ways, written)
        if written.then is not None:
            return _after_once(explorer, ways, written)
        wrong = written.kind == "never"
        found = (n for n, one in enumerate(ways.situations) if explorer.held(written.condition, one) is wrong)
        return _to(ways, next(found, None))


def _after_once(explorer: Explorer, ways: Ways, written: ReadProperty) -> Break | None:
    """The shortest way to what must not be, through what must have been before."""
    then = written.then
    if then is None:
        return None

    def goes_on(number: int, has_been: bool, _: Way) -> bool:
        return has_been or explorer.held(written.condition, ways.situations[number]) is True

    def is_there(number: int, has_been: bool) -> bool:
        return has_been and explorer.held(then, ways.situations[number]) is True

    path = shortest(ways, goes_on, is_there)
    return None if path is None else Break(path)


def _before_it_held(explorer: Explorer, ways: Ways, written: ReadProperty) -> Break | None:
    """The shortest way to what must not be before something else has been, round all situations in which that was."""
    then = written.then
    if then is None or explorer.held(then, ways.situations[0]) is True:
        return None

    def goes_on(_: int, __: bool, way: Way) -> bool | None:
        return None if explorer.held(then, ways.situations[way.to]) is True else False

    path = shortest(ways, goes_on, lambda n, _: explorer.held(written.condition, ways.situations[n]) is True)
    return None if path is None else Break(path)


def _never_again(ways: Ways, is_so: Callable[[Situation], bool], after: str) -> Break | None:
    """The nearest situation from which none can be reached that is so. Not to be told while ways are missing."""
    if not ways.whole:
        return None
    coming = _coming(ways, lambda _: True)
    pending = [n for n, one in enumerate(ways.situations) if is_so(one)]
    good = set(pending)
    while pending:
        for before in coming[pending.pop()]:
            if before not in good:
                good.add(before)
                pending.append(before)
    return _to(ways, next((n for n in range(len(ways.situations)) if n not in good), None), after)


def _coming(ways: Ways, counts: Callable[[Way], bool]) -> list[list[int]]:
    """By situation, those from which ways lead to it."""
    coming: list[list[int]] = [[] for _ in ways.situations]
    for number, leading in enumerate(ways.leading):
        for way in leading:
            if counts(way):
                coming[way.to].append(number)
    return coming


def _to(ways: Ways, number: int | None, after: str = "") -> Break | None:
    return None if number is None else Break(ways.path_to(number), after)


class Reached(Question):
    """Every stage is reached, every event happens and leads to each of its ends."""

    says = "Every stage is reached, and every event can happen and lead to each of its stages."
    scope = SOMEWHERE

    def __init__(self) -> None:
        self._stages: set[str] = set()
        self._ends: set[tuple[str, int]] = set()

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:  # noqa: ARG002 - asks no condition
        self._stages.update(one.stage for one in ways.situations)
        self._ends.update((way.event, way.end) for leading in ways.leading for way in leading)
        return None

    def finish(self, read: ReadWorkflow) -> str:
        for event in read.events.values():
            happened = [(event.written.id, n) in self._ends for n in range(len(event.ends))]
            if not any(happened):
                return f"'{event.written.title}' can never happen: what it asks for is so in no situation it leaves."
            if not all(happened):
                end = event.ends[happened.index(False)].to
                to = "stays where it is" if end == SAME_STAGE else f"leads to '{read.stage(end).title}'"
                return f"'{event.written.title}' never {to} by its end number {happened.index(False) + 1}."
        missing = next((stage.title for stage in read.workflow.stages if stage.id not in self._stages), None)
        return "" if missing is None else f"'{missing}' is never reached."


class CanEnd(Question):
    """From every situation a final stage can be reached."""

    says = "From every situation it can still come to an end."
    scope = FROM_EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read = explorer.read
        return _never_again(ways, lambda one: read.stage(one.stage).final, "From here it can never end.")


class WaitedForCanGoOn(Question):
    """Whoever a stage waits for can do something there: a deadline is nobody's when nobody can meet it."""

    says = "In every situation, whoever is waited for can do something."
    scope = FROM_EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read = explorer.read

        def is_theirs(number: int, way: Way) -> bool:
            return read.stage(ways.situations[number].stage).waits_for in read.event(way.event).written.by

        number = _first_without(explorer, ways, lambda stage: stage.waits_for is not None, is_theirs)
        if number is None:
            return None
        stage = read.stage(ways.situations[number].stage)
        whom = (stage.waits_for or "").replace("_", " ")
        due = f", {_limit(stage.due)}" if stage.due else ""
        return _to(ways, number, f"'{stage.title}' waits for the {whom}{due}, who can do nothing here.")


class DeadlinesLead(Question):
    """What happens by itself when something is late can happen, whatever was recorded and whatever hangs on it."""

    says = "Deadlines lead somewhere: what the clock does when something is late can be done."
    scope = FROM_EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read, found = explorer.read, list[Break]()
        for name in dict.fromkeys(one.event for stage in read.workflow.stages for one in stage.overdue if one.event):
            number = _first_without(explorer, ways, partial(_does_when_late, name), partial(_is_event, name))
            if number is not None:
                title = read.stage(ways.situations[number].stage).title
                after = f"When '{title}' is late, the clock cannot do '{read.event(name).written.title}' here."
                found.append(Break(ways.path_to(number), after))
        return min(found, key=lambda one: len(one.path), default=None)


def _does_when_late(event: str, stage: Stage) -> bool:
    return any(one.event == event for one in stage.overdue)


def _is_event(event: str, _: int, way: Way) -> bool:
    return way.event == event


def _first_without(
    explorer: Explorer, ways: Ways, is_asked: Callable[[Stage], bool], is_wanted: Callable[[int, Way], bool]
) -> int | None:
    """The nearest situation that must offer some event and does not, even once something that hangs on it was opened
    or came to an end. With links, not to be told while ways are missing."""
    read = explorer.read
    good = [any(way.event and is_wanted(n, way) for way in leading) for n, leading in enumerate(ways.leading)]
    if explorer.names.links and not all(good):
        if not ways.whole:
            return None
        good = _also_before(ways, good)
    asked = (n for n in range(len(ways.leading)) if is_asked(read.stage(ways.situations[n].stage)))
    return next((n for n in asked if not good[n]), None)


def _also_before(ways: Ways, good: list[bool]) -> list[bool]:
    """Also those from which steps of what hangs on it lead to good ones."""
    coming = _coming(ways, lambda way: not way.event)
    pending = [n for n, one in enumerate(good) if one]
    good = list(good)
    while pending:
        for before in coming[pending.pop()]:
            if not good[before]:
                good[before] = True
                pending.append(before)
    return good


class OneEnd(Question):
    """Of one event in one situation there is exactly one end, or what it asks for is not known, and it says so."""

    says = "In every situation an event leads to exactly one stage, or says what is not known."
    scope = EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        for number, condition in explorer.unclear:
            explorer.unclear.clear()
            after = f"Here '{condition.text}' cannot be worked out, though everything in it is known."
            return Break(ways.path_to(number), after, frozenset(condition.names))
        return None


class FourEyes(Question):
    """On every way to final grades four eyes are asked for."""

    says = "There is no way to final grades round four eyes."
    scope = EVERYWHERE

    def __init__(self, read: ReadWorkflow) -> None:
        self._doubtful = {
            (name, n)
            for name, event in read.events.items()
            for n, end in enumerate(event.ends)
            if end.to != SAME_STAGE
            and read.stage(end.to).finalises
            and "four_eyes" not in guards(read, Way(name, n, 0))
        }

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        for number, leading in enumerate(ways.leading) if self._doubtful else ():
            for way in leading:
                if (way.event, way.end) in self._doubtful:
                    into = explorer.read.stage(ways.situations[way.to].stage).title
                    return _to(ways, number, f"'{way.event}' leads on to '{into}', and nothing asks for four eyes.")
        return None


class NothingEndsOverAConcern(Question):
    """No final stage is entered while an escalation is open."""

    says = "Nothing ends over an open escalation."
    scope = EVERYWHERE
    names = frozenset({OPEN})

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read = explorer.read
        return _to(
            ways,
            next(
                (
                    number
                    for number, one in enumerate(ways.situations)
                    if read.stage(one.stage).final and explorer.value(one, OPEN) is not False
                ),
                None,
            ),
        )


def _limit(due: Due) -> str:
    return f"within {due.limit}" if due.kind == AFTER else due.limit


def guards(read: ReadWorkflow, way: Way) -> tuple[str, ...]:
    """The guards on a way, named or built in."""
    event = read.event(way.event)
    return (*event.guards, *event.ends[way.end].guards)
