"""Proves what a workflow promises, over every situation it can come to; or tells the shortest way to break it.

See `proofs_names` for how each name may move, and docs/adr/0014-proofs.md for why. Guards are questions to people,
taken as answered either way at any time, but for the one that asks whether an escalation is open. So what is never so
is never so whatever people answer, and what can still be reached can be as long as they do what guards ask.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from audit_engine.definitions.proofs_checks import (
    EVERYWHERE,
    SOMEWHERE,
    Break,
    CanEnd,
    PropertyAsked,
    Question,
    questions,
    reduction_problem,
)
from audit_engine.definitions.proofs_names import OPEN, Names, names_of
from audit_engine.definitions.proofs_story import ahead_of, asked_by, story
from audit_engine.definitions.proofs_ways import NO_OPEN, Explorer, conditions_of
from audit_engine.definitions.sources import Source
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.problems import Problem

MOST_SITUATIONS = 2_000_000
MOST_WHEN_READ = 20_000
"""Situations looked at each time a file is read. `audit workflow prove` looks at all of them."""
PROVED, BROKEN, NOT_PROVED = "proved", "broken", "not proved"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question."""

    says: str
    state: str
    """PROVED, BROKEN or NOT_PROVED."""
    is_property: bool
    """Whether the file asks it; else it is always asked."""
    story: tuple[str, ...] = ()
    """Numbered steps that break it, and what is to be said after them."""
    why: str = ""
    """Why it is not proved."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found out about one workflow."""

    read: ReadWorkflow
    answers: tuple[Answer, ...]
    situations: int
    whole: bool
    """Whether all of them were looked at."""
    questions: tuple[str, ...]
    """Guards taken as questions that may be answered either way."""
    composed: str
    """Which other workflow was taken in, and how; nothing when none was."""

    @property
    def state(self) -> str:
        """The worst of its answers."""
        states = {answer.state for answer in self.answers}
        return next((state for state in (BROKEN, NOT_PROVED) if state in states), PROVED)


@dataclass
class _Found:
    """What was seen so far."""

    breaks: dict[int, Break] = field(default_factory=dict)
    """By the place of its question: the shortest."""
    texts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    situations: int = 0
    whole: bool = True


def always_on(_: int) -> bool:
    """Never stop before the limit."""
    return True


def prove(
    read: ReadWorkflow,
    escalation: ReadWorkflow | None = None,
    *,
    most: int = MOST_SITUATIONS,
    go_on: Callable[[int], bool] = always_on,
) -> Proof:
    """Look at every situation a workflow can come to.

    Args:
        escalation: The workflow of escalations, against which it is checked how this one sees them.
        most: Situations to look at before giving up.
        go_on: Given how many there are so far, whether to look at more; asked every few hundred.
    """
    names, asked = _names(read), questions(read)
    wanted = [question for question in asked if names.endless.isdisjoint(question.names)]
    # First, while there is time: nobody should read of escalations what only was not looked at.
    reduced = _reduced(read, escalation, names, most, go_on)
    found = _explored(Explorer(read, names), wanted, most, go_on)
    answers = tuple(_answer(read, names, question, wanted, found, reduced) for question in asked)
    composed = ""
    if OPEN in names.followed and read.workflow.governs != "escalation":
        known = escalation.workflow.workflow if escalation is not None else "none"
        composed = f"{known}, seen as open or not open: {reduced or 'checked against that workflow'}"
    return Proof(read, answers, found.situations, found.whole, _either_way(read), composed)


def broken_properties(source: Source, read: ReadWorkflow) -> Iterator[Problem]:
    """The properties that a file breaks, as far as can be seen each time it is read."""
    names = _names(read)
    if not read.properties or names.endless:
        return
    asked = [PropertyAsked(one) for one in read.properties]
    found = _explored(Explorer(read, names), asked, MOST_WHEN_READ, always_on)
    for n, text in sorted(found.texts.items()):
        steps = " ".join(text).rstrip(".")
        message = f"this property is broken, '{read.properties[n].says.rstrip('.')}': {steps}"
        hint = "Change what leads there, or the property; 'audit workflow prove' tells it line by line."
        yield source.problem(("properties", n), "D071", message, hint)


def _names(read: ReadWorkflow) -> Names:
    guards = [guard for event in read.events.values() for guard in event.guards]
    guards += [guard for event in read.events.values() for end in event.ends for guard in end.guards]
    guarded = NO_OPEN in guards
    return names_of(read.workflow.governs, conditions_of(read), read.kinds, guarded=guarded)


def _explored(explorer: Explorer, asked: Sequence[Question], most: int, go_on: Callable[[int], bool]) -> _Found:
    found = _Found()
    for start in explorer.starts():
        ways = explorer.ways(start, most - found.situations, _going_on(found.situations, go_on))
        found.situations += len(ways.situations)
        for n, question in enumerate(asked):
            broken = question.look(explorer, ways)
            if broken is not None and (n not in found.breaks or len(broken.path) < len(found.breaks[n].path)):
                found.breaks[n] = broken
        if not ways.whole:
            found.whole = False
            break
    for n, broken in found.breaks.items():
        after = (broken.after,) if broken.after else ()
        found.texts[n] = (*story(explorer, broken.path, _that_matter(explorer, asked[n], broken)), *after)
    return found


def _that_matter(explorer: Explorer, question: Question, broken: Break) -> frozenset[str]:
    """The names a story must speak of: where nothing leads on, all that might have led on."""
    names = question.names | broken.names
    if question.scope in (EVERYWHERE, SOMEWHERE):
        return names
    stages = ahead_of(explorer.read, broken.path[-1][1].stage)
    events = {event.written.id for stage in stages for event in explorer.read.events_from(stage)}
    return names | {name for event in events for name in asked_by(explorer.read, event)}


def _going_on(before: int, go_on: Callable[[int], bool]) -> Callable[[int], bool]:
    return lambda count: go_on(before + count)


def _reduced(
    read: ReadWorkflow, escalation: ReadWorkflow | None, names: Names, most: int, go_on: Callable[[int], bool]
) -> str:
    """Why escalations may not be seen as open or not open; nothing when they may."""
    if OPEN not in names.followed or read.workflow.governs == "escalation":
        return ""
    unusable = reduction_problem(escalation)
    if unusable or escalation is None:
        return unusable
    own = prove(escalation, most=most, go_on=go_on)
    state = next(answer.state for answer in own.answers if answer.says == CanEnd.says)
    return {
        PROVED: "", BROKEN: "not every escalation can be closed",
        NOT_PROVED: "it is not proved that every escalation can be closed",
    }[state]  # fmt: skip


def _answer(
    read: ReadWorkflow, names: Names, question: Question, wanted: Sequence[Question], found: _Found, reduced: str
) -> Answer:
    if question not in wanted:
        endless = _and(sorted(names.endless & question.names))
        why = f"the values of {endless} have no end, or too many"
        return Answer(question.says, NOT_PROVED, question.is_property, why=why)
    steps = found.texts.get(wanted.index(question), ())
    missing = question.finish(read) if found.whole else ""
    if missing:
        return Answer(question.says, BROKEN, question.is_property, (missing,))
    why = ""
    if names.endless and (
        question.scope not in (EVERYWHERE, SOMEWHERE) or bool(steps) == (question.scope == EVERYWHERE)
    ):
        why = f"conditions ask for {_and(sorted(names.endless))}, whose values have no end, or too many"
    elif not steps and not found.whole:
        why = f"explored {found.situations:,} situations, nothing broken so far"
    elif question.scope not in (EVERYWHERE, SOMEWHERE) and reduced:
        why = reduced
    if why:
        return Answer(question.says, NOT_PROVED, question.is_property, steps, why)
    return Answer(question.says, BROKEN if steps else PROVED, question.is_property, steps)


def _either_way(read: ReadWorkflow) -> tuple[str, ...]:
    found: list[str] = []
    for event in read.events.values():
        found += [*event.guards, *(guard for end in event.ends for guard in end.guards)]
    return tuple(guard for guard in dict.fromkeys(found) if guard != NO_OPEN)


def _and(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
