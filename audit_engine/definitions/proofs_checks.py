"""What is asked of the ways through a workflow: its own properties, and what every workflow must keep."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from audit_engine.definitions.proofs_names import OPEN
from audit_engine.definitions.proofs_story import Path
from audit_engine.definitions.proofs_ways import Explorer, Situation, Way, Ways
from audit_engine.definitions.properties import ReadProperty
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION
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
        if written.then is not None:
            return _after_once(explorer, ways, written)
        wrong = written.kind == "never"
        found = (n for n, one in enumerate(ways.situations) if explorer.held(written.condition, one) is wrong)
        return _to(ways, next(found, None))


def _after_once(explorer: Explorer, ways: Ways, written: ReadProperty) -> Break | None:
    """The shortest way to what must not be, through what must have been before; breadth first, twice over."""
    then = written.then
    if then is None:
        return None
    reached: dict[tuple[int, bool], tuple[tuple[int, bool], str] | None] = {(0, False): None}
    pending = [(0, False)]
    for here in pending:
        number, has_been = here
        if number >= len(ways.leading):
            continue
        since = has_been or explorer.held(written.condition, ways.situations[number]) is True
        for way in ways.leading[number]:
            there = (way.to, since)
            if there in reached:
                continue
            reached[there] = (here, way.event)
            if since and explorer.held(then, ways.situations[way.to]) is True:
                return Break(_traced(ways, reached, there))
            pending.append(there)
    return None


def _traced(
    ways: Ways, reached: dict[tuple[int, bool], tuple[tuple[int, bool], str] | None], there: tuple[int, bool]
) -> Path:
    path: list[tuple[str, Situation]] = []
    while (came := reached[there]) is not None:
        path.append((came[1], ways.situations[there[0]]))
        there = came[0]
    return [("", ways.situations[0]), *reversed(path)]


def _never_again(ways: Ways, is_so: Callable[[Situation], bool], after: str) -> Break | None:
    """The nearest situation from which none can be reached that is so. Not to be told while ways are missing."""
    if not ways.whole:
        return None
    coming: list[list[int]] = [[] for _ in ways.situations]
    for number, leading in enumerate(ways.leading):
        for way in leading:
            coming[way.to].append(number)
    pending = [n for n, one in enumerate(ways.situations) if is_so(one)]
    good = set(pending)
    while pending:
        for before in coming[pending.pop()]:
            if before not in good:
                good.add(before)
                pending.append(before)
    return _to(ways, next((n for n in range(len(ways.situations)) if n not in good), None), after)


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
                to = read.stage(event.ends[happened.index(False)].to).title
                return f"'{event.written.title}' never leads to '{to}' by its end number {happened.index(False) + 1}."
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
        for number, leading in enumerate(ways.leading):
            stage = read.stage(ways.situations[number].stage)
            if stage.waits_for is None:
                continue
            if not any(stage.waits_for in read.event(way.event).written.by for way in leading):
                whom = stage.waits_for.replace("_", " ")
                due = f", {_limit(stage.due)}" if stage.due else ""
                return _to(ways, number, f"'{stage.title}' waits for the {whom}{due}, who can do nothing here.")
        return None


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


class SomebodyMay(Question):
    """Four eyes leaves somebody for every event: whoever's work it is does not move it on."""

    says = "Every event can be done by somebody, with four eyes."
    scope = EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        for number, leading in enumerate(ways.leading):
            for way in leading:
                event = explorer.read.event(way.event)
                if "four_eyes" in _guards(explorer.read, way) and set(event.written.by) <= {"practitioner", "manager"}:
                    after = f"Nobody may '{event.written.title}': four eyes keep the {_or(event.written.by)} away."
                    return _to(ways, number, after)
        return None


class FourEyes(Question):
    """On every way to final grades four eyes are asked for."""

    says = "There is no way to final grades round four eyes."
    scope = EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read = explorer.read
        for number, leading in enumerate(ways.leading):
            for way in leading:
                into = read.stage(ways.situations[way.to].stage)
                if into.finalises and "four_eyes" not in _guards(read, way):
                    return _to(
                        ways, number, f"'{way.event}' leads on to '{into.title}', and nothing asks for four eyes."
                    )
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


def questions(read: ReadWorkflow) -> list[Question]:
    """Everything that is asked of one workflow: its properties first."""
    asked: list[Question] = [PropertyAsked(one) for one in read.properties]
    asked += [Reached(), CanEnd(), WaitedForCanGoOn(), OneEnd()]
    if read.workflow.governs == AUDIT:
        asked += [SomebodyMay(), FourEyes(), NothingEndsOverAConcern()]
    return asked


def reduction_problem(escalation: ReadWorkflow | None) -> str:
    """Why an escalation may not be seen as opened at any time and open until it ends; nothing when it may.

    That it can always end is asked of its own proof.
    """
    if escalation is None or escalation.workflow.governs != ESCALATION:
        return "there is no workflow of escalations to check it against"
    return "an escalation is closed as soon as it is raised" if escalation.first.final else ""


def _limit(due: Due) -> str:
    return f"within {due.limit}" if due.kind == AFTER else due.limit


def _guards(read: ReadWorkflow, way: Way) -> Iterator[str]:
    event = read.event(way.event)
    yield from event.guards
    yield from event.ends[way.end].guards


def _or(names: Collection[str]) -> str:
    return " and the ".join(names)
