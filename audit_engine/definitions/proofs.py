"""Proves what a workflow promises, over every situation it can come to; or tells the shortest way to break it.

See `proofs_names` for how each name may move, and docs/adr/0014-proofs.md for why. Guards are questions to people,
taken as answered either way at any time, but for the one that asks whether an escalation is open. So what is never so
is never so whatever people answer, and what can still be reached can be as long as they do what guards ask.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from audit_engine.definitions.proofs_checks import (
    EVERYWHERE,
    SOMEWHERE,
    Break,
    CanEnd,
    DeadlinesLead,
    FourEyes,
    NothingEndsOverAConcern,
    OneEnd,
    PropertyAsked,
    Question,
    Reached,
    WaitedForCanGoOn,
)
from audit_engine.definitions.proofs_moderation import OneModeration, is_moderated
from audit_engine.definitions.proofs_names import NO_OPEN, Names, is_about_an_audit, names_of
from audit_engine.definitions.proofs_partners import BROKEN, NOT_PROVED, PROVED, Composed, Partners, not_taken_in
from audit_engine.definitions.proofs_people import HeldBySomebody, SomebodyMay
from audit_engine.definitions.proofs_story import story
from audit_engine.definitions.proofs_ways import Explorer
from audit_engine.definitions.sources import Source
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, MATTER, OWNER
from audit_engine.definitions.workflow_parts import Demand
from audit_engine.definitions.workflow_timing import in_working_days
from audit_engine.problems import Problem

MOST_SITUATIONS = 2_000_000
MOST_WHEN_READ = 20_000
"""Situations looked at each time a file is read. `audit workflow prove` looks at all of them."""
NOBODY: Mapping[str, ReadWorkflow] = MappingProxyType({})
__all__ = ["BROKEN", "NOT_PROVED", "PROVED", "Answer", "Proof", "broken_properties", "prove"]


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
    """Guards, windows and days taken as questions that may be answered either way."""
    composed: tuple[str, ...]
    """Which other workflows were taken in, as what, and what came of checking that."""
    left_out: tuple[str, ...]
    """What stands beside it and was not taken in, and why."""
    built_in: tuple[str, ...]
    """What holds whatever a file says, so that it is not asked of one."""

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
    partners: Mapping[str, ReadWorkflow] = NOBODY,
    *,
    most: int = MOST_SITUATIONS,
    go_on: Callable[[int], bool] = always_on,
) -> Proof:
    """Look at every situation a workflow can come to.

    Args:
        partners: Every workflow by name, against which it is checked how this one sees them.
        most: Situations to look at before giving up.
        go_on: Given how many there are so far, whether to look at more; asked every few hundred.
    """
    names, asked = names_of(read), questions(read)
    wanted = [question for question in asked if names.endless.isdisjoint(question.names)]
    # First, while there is time: nobody should read of other workflows what only was not looked at.
    around = Partners(partners, most, go_on).around(read, names)
    found = _explored(Explorer(read, names), wanted, most, go_on)
    answers = tuple(_answer(read, names, question, wanted, found, around) for question in asked)
    composed = tuple(one.told for one in around)
    return Proof(
        read, answers, found.situations, found.whole, _either_way(read), composed, not_taken_in(read, names),
        tuple(_built_in(read)),
    )  # fmt: skip


def questions(read: ReadWorkflow) -> list[Question]:
    """Everything that is asked of one workflow: its properties first."""
    asked: list[Question] = [PropertyAsked(one) for one in read.properties]
    asked += [Reached(), CanEnd(), WaitedForCanGoOn(), OneEnd(), SomebodyMay(read)]
    stages = read.workflow.stages
    if any(step.event is not None for stage in stages for step in stage.overdue):
        asked.append(DeadlinesLead())
    if any(stage.held_by is not None for stage in stages):
        asked.append(HeldBySomebody())
    if read.workflow.governs == AUDIT:
        asked += [FourEyes(read), NothingEndsOverAConcern()]
    if is_moderated(read):
        asked.append(OneModeration())
    return asked


def broken_properties(source: Source, read: ReadWorkflow) -> Iterator[Problem]:
    """The properties that a file breaks, as far as can be seen each time it is read."""
    if not read.properties:
        return
    names = names_of(read)
    if names.endless:
        return
    asked = [PropertyAsked(one) for one in read.properties]
    found = _explored(Explorer(read, names), asked, MOST_WHEN_READ, always_on)
    for n, text in sorted(found.texts.items()):
        steps = " ".join(text).rstrip(".")
        message = f"this property is broken, '{read.properties[n].says.rstrip('.')}': {steps}"
        hint = "Change what leads there, or the property; 'audit workflow prove' tells it line by line."
        yield source.problem(("properties", n), "D071", message, hint)


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
    stages = explorer.ahead_of(broken.path[-1][1].stage)
    events = (event for stage in stages for event in explorer.read.events_from(stage))
    return names.union(*(explorer.asked_by(event) for event in events))


def _going_on(before: int, go_on: Callable[[int], bool]) -> Callable[[int], bool]:
    return lambda count: go_on(before + count)


def _answer(
    read: ReadWorkflow, names: Names, question: Question, wanted: Sequence[Question], found: _Found,
    around: Sequence[Composed],
) -> Answer:  # fmt: skip
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
    elif unlike := [one for one in around if one.why and _rests_on(question, one, steps)]:
        why = "; ".join(one.why if not one.is_named else f"{one.seen.partition(',')[0]}: {one.why}" for one in unlike)
    if why:
        return Answer(question.says, NOT_PROVED, question.is_property, steps, why)
    return Answer(question.says, BROKEN if steps else PROVED, question.is_property, steps)


def _rests_on(question: Question, one: Composed, steps: Sequence[str]) -> bool:
    """Whether an answer rests on how another workflow is seen."""
    if question.scope == SOMEWHERE:
        return one.reaches_all
    return question.scope != EVERYWHERE or (one.leaves_out and not steps)


def _either_way(read: ReadWorkflow) -> tuple[str, ...]:
    found: list[str] = []
    for event in read.events.values():
        found += [*event.guards, *(guard for end in event.ends for guard in end.guards)]
        found += [words for demand in event.demands if (words := _window(read, event.leaves, demand))]
    return tuple(guard for guard in dict.fromkeys(found) if guard != NO_OPEN)


def _window(read: ReadWorkflow, leaves: Sequence[str], demand: Demand) -> str:
    """A demand on the day, in words; nothing for those on links, which are followed."""
    if demand.not_before is not None:
        return f"not before '{read.workflow.records[demand.not_before].title}'"
    since = " or ".join(f"'{read.stage(stage).title}'" for stage in ((demand.of,) if demand.of else leaves))
    if demand.within is not None:
        return f"within {in_working_days(demand.within)} of {since}"
    return f"more than {in_working_days(demand.after)} after {since}" if demand.after is not None else ""


def _built_in(read: ReadWorkflow) -> Iterator[str]:
    if is_about_an_audit(read):
        yield "A concern for a child can be raised from everywhere: no workflow is asked, and none can refuse it."
    if read.workflow.governs == MATTER and OWNER in read.workflow.places:
        yield "What is theirs is never ended by its owner."


def _and(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
