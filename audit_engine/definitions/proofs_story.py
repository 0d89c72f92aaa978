"""A way through a workflow told as a story: who did what, where it led, and only the values that matter."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from audit_engine.definitions.proofs_links import ENDED_PART, OPENED_PART, FollowedLink, LinkState
from audit_engine.definitions.proofs_names import OPEN, RECORD, Maybe
from audit_engine.definitions.proofs_ways import Explorer, Situation
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MATTER, MODERATION, THE_CLOCK, person_in_words

_BEGINS = {
    AUDIT: "The audit begins", MODERATION: "The moderation begins", ESCALATION: "The escalation is raised",
    MATTER: "It is opened",
}  # fmt: skip
Path = Sequence[tuple[str, Situation]]
"""Events with where they led; the first has no event."""


def story(explorer: Explorer, path: Path, names: Collection[str] = ()) -> tuple[str, ...]:
    """The numbered steps of a way.

    Args:
        names: Those that matter besides the ones the events on the way ask for.
    """
    events = {event for event, _ in path if event}
    matter = {*names, *(name for event in events for name in explorer.asked_by(explorer.read.event(event)))}
    return tuple(f"{n}. {line}" for n, line in enumerate(_Teller(explorer, matter, names).lines(path), start=1))


class _Teller:
    """Tells one way, and remembers what was told."""

    def __init__(self, explorer: Explorer, matter: Collection[str], own: Collection[str]) -> None:
        self._explorer, self._read, self._own = explorer, explorer.read, own
        parts = [f"{link.name}.{part}" for link in explorer.names.links for part in sorted(link.parts)]
        self._shown = [name for name in (*explorer.names.followed, *parts) if name in matter]
        self._words: dict[str, Maybe] = {}
        """The word that an event set: in a situation another may stand for it."""

    def lines(self, path: Path) -> Iterator[str]:
        names = self._explorer.names
        before = path[0][1]
        chosen = {
            name: self._explorer.value(before, name) for name in self._shown if len(names.at_first.get(name, ())) > 1
        }
        yield self._line(_BEGINS[self._read.workflow.governs], before, chosen)
        for n, (event, situation) in enumerate(path[1:], start=2):
            if event:
                yield from self._event(event, before, situation, is_last=n == len(path))
            else:
                yield self._step(before, situation)
            before = situation

    def _event(self, event: str, before: Situation, after: Situation, *, is_last: bool) -> Iterator[str]:
        was, now = self._values(before), self._values(after)
        if now.get(OPEN) != was.get(OPEN):
            yield "Somebody raises an escalation." if now[OPEN] else "Somebody closes the escalation."
        written = self._read.event(event).written
        self._words |= {f"{RECORD}{name}": word for name, word in written.sets.items()}
        self._words |= {name: now[name] for name in (f"{RECORD}{one}" for one in written.asks) if name in now}
        told = {
            name: self._words.get(name, value)
            for name, value in now.items()
            if self._is_told(name, after) and (value != was.get(name) or (is_last and name in self._own))
        }
        yield self._line(f"{_who(self._read, written.by[0])}: {written.title}", after, told)

    def _is_told(self, name: str, situation: Situation) -> bool:
        kept = self._explorer.is_kept(situation.stage, name) or not name.startswith(RECORD)
        return kept and name != OPEN and name not in self._explorer.names.constant

    def _values(self, situation: Situation) -> dict[str, Maybe]:
        return {name: self._explorer.value(situation, name) for name in self._shown}

    def _step(self, before: Situation, after: Situation) -> str:
        changed = zip(self._explorer.names.links, before.links, after.links, strict=True)
        return next(_step_of(self._read, link, was, now) for link, was, now in changed if was != now)

    def _line(self, what: str, situation: Situation, values: Mapping[str, Maybe]) -> str:
        said = "; ".join(f"{_called(self._read, name)}: {_said(value)}" for name, value in values.items())
        return f"{what} -> {self._read.stage(situation.stage).title}{f' ({said})' if said else ''}."


def _step_of(read: ReadWorkflow, link: FollowedLink, was: LinkState, now: LinkState) -> str:
    if now.open > was.open or (OPENED_PART in link.parts and now.opened > was.opened):
        return f"{_who(read, read.workflow.links[link.name].by[0])} opens '{link.title}'."
    how = f" ({_said(now.ended)})" if ENDED_PART in link.parts else ""
    left = "; another is still open" if now.open else ""
    return f"'{link.title}' comes to an end{how}{left}."


def _called(read: ReadWorkflow, name: str) -> str:
    """A record by its title, everything else as conditions have it."""
    return read.workflow.records[name.removeprefix(RECORD)].title if name.startswith(RECORD) else name


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
        told = person_in_words(name)
        return f"{told[:1].upper()}{told[1:]}"
    if name == THE_CLOCK:
        return "The clock"
    return f"{'An' if words[0] in 'aeiou' else 'A'} {words}"
