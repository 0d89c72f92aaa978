"""What changed in what a workflow keeps beside its stage: places, records, links, clocks, holds, demands upon them.

Part of `workflow_differences`; each sentence comes with the name of what it is about.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from audit_engine.definitions.workflow import Event, ReadWorkflow, Stage
from audit_engine.definitions.workflow_parts import Demand, Link, Record
from audit_engine.definitions.workflow_timing import PAUSES, RUNS_ON, STARTS
from audit_engine.engine.condition_words import with_article
from audit_engine.engine.demands import title_of_link
from audit_engine.engine.workflow_parts_words import (
    and_,
    apart_from,
    asked,
    can_be,
    demand_said,
    link_told,
    or_,
    overdue_said,
    place_said,
    plain,
    record_told,
    sentence,
    stages_said,
    taken,
    who,
)

T = TypeVar("T")
Said = Iterator[tuple[str, str]]
"""The name of what it is about, and the sentence."""
_CLOCKS = {STARTS: "begins anew", RUNS_ON: "goes on counting", PAUSES: "stands still"}


def gone(before: Mapping[str, T], now: Mapping[str, T]) -> list[str]:
    """Names that are no more."""
    return [name for name in before if name not in now]


def kept(before: Mapping[str, T], now: Mapping[str, T]) -> list[str]:
    """Names that are still there."""
    return [name for name in now if name in before]


# --- places, records, links -------------------------------------------------------------------------------------


def places_said(old: ReadWorkflow, new: ReadWorkflow) -> Said:
    """Who else stands in it."""
    before, now = old.workflow.places, new.workflow.places
    for name in gone(before, now):
        yield name, f"Nobody stands in it any more as {who(old, name)}."
    for name in gone(now, before):
        yield name, f"There is a new place, {who(new, name)}: {_lower(place_said(new, name))}"
    for name in kept(before, now):
        if (before[name].origin, before[name].role) != (now[name].origin, now[name].role):
            yield name, sentence(f"{who(new, name)} is now {taken(now[name])} ({taken(before[name])} before)")
        yield from ((name, words) for words in _kept_apart(old, new, name))


def _kept_apart(old: ReadWorkflow, new: ReadWorkflow, name: str) -> Iterator[str]:
    was, now = (set(read.workflow.places[name].independent_of) for read in (old, new))
    if now - was:
        others = or_(who(new, other) for other in apart_from(new, name))
        yield sentence(f"{who(new, name)} must now be somebody else than {others}")
    if was - now:
        others = or_(who(old, other) for other in apart_from(old, name) if other in was - now)
        yield sentence(f"{who(new, name)} may now be the same person as {others}")


def records_said(old: ReadWorkflow, new: ReadWorkflow) -> Said:
    """What is recorded."""
    before, now = old.workflow.records, new.workflow.records
    for name in gone(before, now):
        yield name, f"'{before[name].title}' is not recorded any more."
    for name in gone(now, before):
        yield name, f"'{now[name].title}' is now recorded: {_lower(record_told(name, now[name]).says)}"
    for name in kept(before, now):
        yield from ((name, words) for words in _record(before[name], now[name]))


def _record(was: Record, now: Record) -> Iterator[str]:
    if was.title != now.title:
        yield f"What was recorded as '{was.title}' is now called '{now.title}'."
    if can_be(was) != can_be(now):
        yield f"'{now.title}' can now be {can_be(now)} ({can_be(was)} before)."
    if was.at_first != now.at_first:
        first, before = (plain(one.at_first) if one.at_first else "not known" for one in (now, was))
        yield f"'{now.title}' is now at first {first} ({before} before)."


def links_said(old: ReadWorkflow, new: ReadWorkflow) -> Said:
    """What may hang on it."""
    before, now = old.workflow.links, new.workflow.links
    for name in gone(before, now):
        yield name, f"No {title_of_link(old, name)} hangs on it any more."
    for name in gone(now, before):
        told = link_told(new, name)
        yield name, f"Something new may hang on it, {with_article(told.title)}. {' '.join(told.says)}"
    for name in kept(before, now):
        yield from ((name, words) for words in _link(old, new, name))


def _link(old: ReadWorkflow, new: ReadWorkflow, name: str) -> Iterator[str]:
    was, now = old.workflow.links[name], new.workflow.links[name]
    title, titled = title_of_link(new, name), title_of_link(old, name)
    one = sentence(with_article(title))[:-1]
    if title != titled:
        yield f"What hangs on it as '{titled}' is now called '{title}'."
    if was.workflow != now.workflow:
        yield f"{one} now goes the way of the workflow {now.workflow} ({was.workflow} before)."
    yield from _opened_by_hand(old, new, name)
    if set(was.ends) != set(now.ends):
        yield f"How {with_article(title)} ended is now {_ends(now)} ({_ends(was)} before)."
    if was.places != now.places:
        yield f"In {with_article(title)} {_named(new, now)} ({_named(old, was)} before)."
    if was.words != now.words:
        said, before = (f"'{link.words}'" if link.words else "the reason that was given" for link in (now, was))
        yield f"{one} that is opened by itself is now about {said} ({before} before)."


def _opened_by_hand(old: ReadWorkflow, new: ReadWorkflow, name: str) -> Iterator[str]:
    was, now = old.workflow.links[name], new.workflow.links[name]
    one = with_article(title_of_link(new, name))
    if was.by and not now.by:
        yield f"Nobody opens {one} by hand any more."
    elif now.by and not was.by:
        yield sentence(f"{_openers(new, now)} may now open {one} by hand, at {stages_said(new, now.sources)}")
    elif now.by and set(was.by) != set(now.by):
        yield sentence(f"{one} may now be opened by {_openers(new, now)} ({_openers(old, was)} before)")
    if now.by and was.by and set(was.sources) != set(now.sources):
        at, before = stages_said(new, now.sources), stages_said(old, was.sources)
        yield sentence(f"{one} may now be opened at {at} (at {before} before)")


def _openers(read: ReadWorkflow, link: Link) -> str:
    return or_(who(read, name) for name in link.by)


def _ends(link: Link) -> str:
    return f"told as {or_(map(plain, link.ends))}" if link.ends else "not told"


def _named(read: ReadWorkflow, link: Link) -> str:
    return (
        and_(f"the {plain(place)} is {who(read, person)}" for place, person in link.places.items()) or "nobody is named"
    )


# --- stages -----------------------------------------------------------------------------------------------------


def stage_said(old: ReadWorkflow, new: ReadWorkflow, was: Stage, now: Stage) -> Iterator[str]:
    """The clock, who holds it, and what happens when it is late."""
    at = f"'{now.title}'"
    if was.clock != now.clock:
        yield f"At {at} the clock now {_CLOCKS[now.clock]} ({_CLOCKS[was.clock]} before)."
    if was.held_by != now.held_by:
        holder, before = (
            who(read, stage.held_by) if stage.held_by else "nobody" for read, stage in ((new, now), (old, was))
        )
        yield sentence(f"at {at} {holder} now holds it ({before} before)")
    yield from (f"At {at} this no longer happens: {_lower(overdue_said(old, one))}"
                for one in was.overdue if one not in now.overdue)  # fmt: skip
    yield from (f"At {at} this is new: {_lower(overdue_said(new, one))}"
                for one in now.overdue if one not in was.overdue)  # fmt: skip


# --- events -----------------------------------------------------------------------------------------------------


def event_said(old: ReadWorkflow, new: ReadWorkflow, was: Event, now: Event) -> Iterator[str]:
    """Who is kept out, what is asked, recorded, named and opened."""
    title = f"'{now.title}'"
    if was.none_of and not now.none_of:
        out = or_(who(old, one) for one in was.none_of)
        yield f"{title} is now also for {out}, where they hold the role it is for."
    elif set(was.none_of) != set(now.none_of):
        out, before = (
            or_(who(read, one) for one in event.none_of) or "nobody" for read, event in ((new, now), (old, was))
        )
        yield f"From {title} {out} is now kept out, whatever role they hold ({before} before)."
    if was.breaks_hold != now.breaks_hold:
        can = "can now" if now.breaks_hold else "can no longer"
        yield f"{title} {can} be done while somebody else holds it."
    yield from _asked(old, new, was, now)
    yield from _opened(old, new, was, now)


def _asked(old: ReadWorkflow, new: ReadWorkflow, was: Event, now: Event) -> Iterator[str]:
    title = f"'{now.title}'"
    for names, before, read, words in ((was.asks, now.asks, old, "no longer"), (now.asks, was.asks, new, "now")):
        for name in names:
            if name not in before:
                yield f"{title} {words} asks for: {read.workflow.records[name].title}."
    for names, before, read, words in ((was.names, now.names, old, "no longer"), (now.names, was.names, new, "now")):
        for name in names:
            if name not in before:
                yield f"{title} {words} asks who {who(read, name)} is from then on."
    for name in gone(was.sets, now.sets):
        yield f"{title} no longer records '{old.workflow.records[name].title}' by itself."
    for name, word in now.sets.items():
        if was.sets.get(name) != word:
            before_ = f" (as {plain(was.sets[name])} before)" if name in was.sets else ""
            yield f"{title} now records '{new.workflow.records[name].title}' as {plain(word)}{before_}."


def _opened(old: ReadWorkflow, new: ReadWorkflow, was: Event, now: Event) -> Iterator[str]:
    title, before, after = f"'{now.title}'", _openings(old, was), _openings(new, now)
    for name in gone(before, after):
        yield f"{title} no longer opens {with_article(title_of_link(old, name))}."
    for name in after:
        if name not in before:
            yield f"{title} now opens {with_article(title_of_link(new, name))}{_when(after[name])}."
        elif before[name][0] != after[name][0]:
            yield (f"{title} now opens {with_article(title_of_link(new, name))}{_when(after[name])} "
                   f"({before[name][1] or 'always'} before).")  # fmt: skip


def _when(opening: tuple[str, str]) -> str:
    return f" {opening[1]}" if opening[1] else " always"


def _openings(read: ReadWorkflow, event: Event) -> dict[str, tuple[str, str]]:
    """By link, the condition as it is written, and in words."""
    found: dict[str, tuple[str, str]] = {}
    for name, when in read.event(event.id).opens:
        text, words = (when.text, f"if {asked(read, when)}") if when is not None else ("", "")
        if name in found:
            text, words = f"{found[name][0]}; {text}", f"{found[name][1]}, and {words}"
        found[name] = (text, words)
    return found


def demands_said(old: ReadWorkflow, new: ReadWorkflow, was: Event, now: Event) -> Iterator[str]:
    """What is asked of links, days and windows."""
    title, before, after = f"'{now.title}'", _demands(old, was), _demands(new, now)
    for key in gone(before, after):
        yield f"{title} is no longer refused unless {demand_said(old, before[key])}."
    for key, demand in after.items():
        earlier = before.get(key)
        says = f", and says: {demand.otherwise}" if demand.otherwise else "."
        if earlier is None:
            yield f"{title} is now refused unless {demand_said(new, demand)}{says}"
            continue
        if (earlier.within, earlier.after) != (demand.within, demand.after):
            so, before_so = demand_said(new, demand), demand_said(old, earlier)
            yield f"{title} is now refused unless {so} (unless {before_so} before)."
        if earlier.otherwise != demand.otherwise:
            told, told_before = (one.otherwise or "the program's own sentence" for one in (demand, earlier))
            yield f"Where {title} is refused, people now read: {told} ({told_before} before)"


def _demands(read: ReadWorkflow, event: Event) -> dict[str, Demand]:
    """By what they ask, but for how many days."""
    return {
        f"{one.forms[0]} {one.closed or one.opened or one.not_before or one.of}": one
        for one in read.event(event.id).demands
    }


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
