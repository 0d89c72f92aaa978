"""Whether somebody is left for every event: four eyes, who keeps out of it, who holds it, and who never ends theirs.

Anybody of a role can be found for what is given to the role; so a place that is free is taken by somebody who may. It
is those who stand in it already of whom it is asked whether they may.
"""

from collections.abc import Callable, Iterator, Sequence

from audit_engine.definitions.proofs_checks import EVERYWHERE, Break, Question, guards
from audit_engine.definitions.proofs_search import shortest
from audit_engine.definitions.proofs_story import Path
from audit_engine.definitions.proofs_ways import Explorer, Way, Ways
from audit_engine.definitions.workflow import Event, ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, OWNER, PEOPLE, THE_CLOCK, person_in_words

_KEPT_AWAY = ("practitioner", "manager")
"""Whom four eyes keep from moving on what is theirs."""
_TAKES_PLACE = {"auditor": "allocate", "moderator": "take"}
"""The events of an audit that fill these places by themselves."""


class SomebodyMay(Question):
    """Somebody is left for every event: whoever's work it is does not move it on, and others keep out of it."""

    says = "Every event can be done by somebody, with four eyes."
    scope = EVERYWHERE

    def __init__(self, read: ReadWorkflow) -> None:
        self._doubtful = frozenset(_doubtful(read))

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        doubtful = set(self._doubtful)
        if not doubtful:
            return None
        found: list[Break] = []
        for number, leading in enumerate(ways.leading):
            for way in leading:
                key = (way.event, way.end, ways.situations[number].stage)
                if key in doubtful:
                    doubtful.discard(key)
                    found += [one] if (one := _nobody(explorer.read, ways, number, way)) is not None else []
        return min(found, key=lambda one: len(one.path), default=None)


def _doubtful(read: ReadWorkflow) -> Iterator[tuple[str, int, str]]:
    """The events, with end and stage, that are not simply for a role, and of which somebody is kept out."""
    for name, event in read.events.items():
        for end in range(len(event.ends)):
            way = Way(name, end, 0)
            is_anybodys = not _kept_out(read, event.written, way) and "four_eyes" not in guards(read, way)
            for stage in event.leaves:
                who = _who_could(read, event.written, stage)
                if who is not None and not (who and is_anybodys):
                    yield name, end, stage


def _nobody(read: ReadWorkflow, ways: Ways, number: int, way: Way) -> Break | None:
    """How an event comes to be for nobody; None when somebody may do it."""
    written, stage = read.event(way.event).written, ways.situations[number].stage
    who = _who_could(read, written, stage)
    if who is None:
        return None
    away = [name for name in who if "four_eyes" in guards(read, way) and name in _KEPT_AWAY]
    if len(away) == len(who):
        after = f"Nobody may '{written.title}': four eyes keep the {' and the '.join(away)} away."
        return Break(ways.path_to(number), after)
    kept_out = _kept_out(read, written, way)
    found: list[tuple[Path, str]] = []
    for name in (name for name in who if name not in away):
        against = _against(read, ways, name, kept_out, way)
        if against is None:
            return None
        found.append(against)
    path = max((path for path, _ in found), key=len, default=())
    after = f"Nobody may '{written.title}': {'; '.join(why for _, why in found)}."
    return Break(path or ways.path_to(number), after)


def _who_could(read: ReadWorkflow, written: Event, stage: str) -> Sequence[str] | None:
    """The people an event is for; None where it is for a role too, or for the clock: then there is somebody."""
    holder = read.stage(stage).held_by
    who = written.by
    if holder is not None and not written.breaks_hold and THE_CLOCK not in who:
        who = tuple(name for name in who if name == holder)
    return who if all(name in read.workflow.people_known for name in who) else None


def _kept_out(read: ReadWorkflow, written: Event, way: Way) -> dict[str, str]:
    """Those who keep out of an event, each with why."""
    found = dict.fromkeys(written.none_of, "who keeps out of this")
    if "ended_by_somebody_else" in guards(read, way) and OWNER in read.workflow.places:
        found.setdefault(OWNER, "who never ends what is theirs")
    return found


def _against(read: ReadWorkflow, ways: Ways, name: str, kept_out: dict[str, str], way: Way) -> tuple[Path, str] | None:
    """How somebody comes to be one of those who keep out, with a sentence; None when they never are."""
    if name in kept_out:
        return (), f"it is for {person_in_words(name)}, {kept_out[name]}"
    for other, why in kept_out.items():
        if _are_apart(read, name, other):
            continue
        said = f"{person_in_words(name)} may be {person_in_words(other)}, {why}"
        place = read.workflow.places.get(name)
        if place is None or place.origin is not None:
            return (), said
        path = _through(ways, _takes(read, name, other), lambda one: (one.event, one.end) == (way.event, way.end))
        if path is not None:
            return path, said
    return None


def _are_apart(read: ReadWorkflow, one: str, other: str) -> bool:
    """Whether two people can never be one person."""
    if one in PEOPLE and other in PEOPLE:
        return one != other
    places = read.workflow.places
    return any(b in places[a].independent_of for a, b in ((one, other), (other, one)) if a in places)


def _takes(read: ReadWorkflow, name: str, other: str) -> Callable[[Way], bool]:
    """Whether on a way somebody may take the place `name` who stands as `other`."""

    def takes(way: Way) -> bool:
        if not way.event:
            return False
        written = read.event(way.event).written
        return name in written.by and other not in _kept_out(read, written, way)

    return takes


def _through(ways: Ways, first: Callable[[Way], bool], then: Callable[[Way], bool]) -> Path | None:
    """The shortest way through one of some ways to where one of others leaves; None when there is none."""
    return shortest(
        ways,
        lambda _, passed, way: passed or first(way),
        lambda number, passed: passed and number < len(ways.leading) and any(map(then, ways.leading[number])),
    )


class HeldBySomebody(Question):
    """Where one of its people holds it, there is such a person: otherwise nothing would keep the others out."""

    says = "Where somebody holds it, there is somebody who does."
    scope = EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read = explorer.read
        for holder in dict.fromkeys(stage.held_by for stage in read.workflow.stages if stage.held_by is not None):
            if not _is_free_at_first(read, holder):
                continue
            held = {stage.id for stage in read.workflow.stages if stage.held_by == holder}
            path = _around(ways, _fills(read, holder), held)
            if path is not None:
                title = read.stage(path[-1][1].stage).title
                after = f"'{title}' is held by {person_in_words(holder)}, and on this way nobody has become that."
                return Break(path, after)
        return None


def _is_free_at_first(read: ReadWorkflow, name: str) -> bool:
    places = read.workflow.places
    if name in places:
        return places[name].origin is None
    return read.workflow.governs == AUDIT and name in _TAKES_PLACE


def _fills(read: ReadWorkflow, name: str) -> Callable[[Way], bool]:
    """Whether on a way somebody stands in a place for certain."""

    def fills(way: Way) -> bool:
        if not way.event:
            return False
        by = read.event(way.event).written.by
        return by == (name,) or (name not in read.workflow.places and way.event == _TAKES_PLACE.get(name))

    return fills


def _around(ways: Ways, fills: Callable[[Way], bool], stages: set[str]) -> Path | None:
    """The shortest way to one of some stages that goes by none of some ways; None when there is none."""
    return shortest(
        ways,
        lambda _, __, way: None if fills(way) else False,
        lambda number, _: ways.situations[number].stage in stages,
    )
