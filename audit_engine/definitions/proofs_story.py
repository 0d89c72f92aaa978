"""A way through a workflow told as a story: who did what, where it led, and only the values that matter."""

from collections.abc import Collection, Iterator, Sequence

from audit_engine.definitions.proofs_names import OPEN, Maybe
from audit_engine.definitions.proofs_ways import NO_OPEN, Explorer, Situation
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MODERATION

_BEGINS = {AUDIT: "The audit begins", MODERATION: "The moderation begins", ESCALATION: "The escalation is raised"}
Path = Sequence[tuple[str, Situation]]
"""Events with where they led; the first has no event."""


def story(explorer: Explorer, path: Path, names: Collection[str] = ()) -> tuple[str, ...]:
    """The numbered steps of a way.

    Args:
        names: Those that matter besides the ones the events on the way ask for.
    """
    read = explorer.read
    matter = {*names, *(name for event, _ in path if event for name in asked_by(read, event))}
    shown = [name for name in explorer.names.followed if name in matter]
    return tuple(f"{n}. {line}" for n, line in enumerate(_lines(explorer, path, shown, names), start=1))


def _lines(explorer: Explorer, path: Path, shown: Sequence[str], own: Collection[str]) -> Iterator[str]:
    read, (_, start) = explorer.read, path[0]
    before = {name: explorer.value(start, name) for name in shown}
    chosen = {name: value for name, value in before.items() if len(explorer.names.at_first[name]) > 1}
    yield _line(read, _BEGINS[read.workflow.governs], start, chosen)
    for n, (event, situation) in enumerate(path[1:], start=2):
        now = {name: explorer.value(situation, name) for name in shown}
        if now.get(OPEN) != before.get(OPEN):
            yield "Somebody raises an escalation." if now[OPEN] else "Somebody closes the escalation."
        written = read.event(event).written
        told = {name: value for name, value in now.items() if value != before[name] or (n == len(path) and name in own)}
        told = {name: value for name, value in told.items() if name != OPEN and name not in explorer.names.constant}
        yield _line(read, f"{_who(read, written.by[0])}: {written.title}", situation, told)
        before = now


def _line(read: ReadWorkflow, what: str, situation: Situation, values: dict[str, Maybe]) -> str:
    told = f" ({'; '.join(f'{name}: {_said(value)}' for name, value in values.items())})" if values else ""
    return f"{what} -> {read.stage(situation.stage).title}{told}."


def asked_by(read: ReadWorkflow, event: str) -> Iterator[str]:
    """Every name that decides whether an event happens, and where it leads."""
    found = read.event(event)
    for condition, _ in found.conditions:
        yield from condition.names
    for end in found.ends:
        if end.when is not None:
            yield from end.when.names
    if NO_OPEN in (*found.guards, *(guard for end in found.ends for guard in end.guards)):
        yield OPEN


def ahead_of(read: ReadWorkflow, stage: str) -> frozenset[str]:
    """A stage with all that events lead to from there, whatever their conditions."""
    found, pending = {stage}, [stage]
    while pending:
        for event in read.events_from(pending.pop()):
            more = {end.to for end in event.ends} - found
            found |= more
            pending += more
    return frozenset(found)


def _said(value: Maybe) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return str(value).replace("_", " ")


def _who(read: ReadWorkflow, name: str) -> str:
    words = name.replace("_", " ")
    if name in read.workflow.people_known:
        return f"The {words}"
    return f"{'An' if words[0] in 'aeiou' else 'A'} {words}"
