"""What stands in the boxes of a workflow's drawing, and how wide letters may be."""

from audit_engine.definitions.workflow_names import THE_CLOCK, person_in_words
from audit_engine.definitions.workflow_timing import RECORDED
from audit_engine.engine.workflow_parts_words import EVERYWHERE, or_, plain
from audit_engine.engine.workflow_told import EventTold, StageTold, WorkflowTold
from audit_engine.engine.workflow_words import COUNTED, THE_END, WRITTEN
from audit_engine.safe_text import for_terminal

STAYS_SIGN = "\N{BULLET} "
BY_ITSELF = "by itself when late"
KEY = 11.0
"""The size of letters below the drawing."""
_SHORT = {WRITTEN: "Grades are written", COUNTED: "Grades are final", THE_END: "The end"}
_SHORT_CLOCK = {
    "The time of the stage before runs on": "Time runs on",
    "The clock stands still here": "Time stands still",
}


def doers(event: EventTold) -> str:
    """Who does an event, and whether it happens by itself: `a quality lead, or by itself when late`."""
    if not event.by_itself:
        return event.for_whom
    return BY_ITSELF if event.for_whom == "nobody" else f"{event.for_whom}, or {BY_ITSELF}"


def tags_of(event: EventTold) -> list[str]:
    """What an event opens, in a word or two."""
    return [f"{'may open' if opening.condition else 'opens'} {plain(opening.link)}" for opening in event.opens]


def staying(event: EventTold) -> str:
    """An event that leaves it where it is, as it stands in a stage."""
    return f"{STAYS_SIGN}{event.title} ({by_of(event)})" + "".join(f", {tag}" for tag in tags_of(event))


def stage_words(told: WorkflowTold, stage: StageTold) -> list[str]:
    """What stands in a stage below its title."""
    found = [_limit(stage)] if stage.limit and not stage.clock else []
    found += [_SHORT_CLOCK[stage.clock.partition(".")[0]]] if stage.clock else []
    found += [f"Held by {stage.held_by}"] if stage.held_by is not None else []
    found += [_SHORT[mark] for mark in stage.marks]
    by_hand = [plain(link.id) for link in told.links if stage.id in link.stages]
    found += [f"Can be opened: {', '.join(by_hand)}"] if by_hand else []
    return found + [staying(one) for one in told.events if one.stays and not one.everywhere and stage.id in one.leaves]


def _limit(stage: StageTold) -> str:
    """As short as it can be; the page in words has the whole."""
    return "until the recorded day" if stage.due is not None and stage.due.kind == RECORDED else stage.limit


def by_of(event: EventTold) -> str:
    """The same, as short as a box needs it."""
    names = [person_in_words(name).removeprefix("the ") for name in event.by if name != THE_CLOCK]
    return or_([*names, *([BY_ITSELF] if event.by_itself else [])])


def anywhere(told: WorkflowTold, width: float) -> list[str]:
    """What can be done at every open stage, in lines as wide as the page."""
    words = [staying(event).removeprefix(STAYS_SIGN) for event in told.events if event.everywhere and event.stays]
    if not words:
        return []
    return broken(f"{STAYS_SIGN}At {EVERYWHERE}: {'; '.join(words)}", width, KEY)


def width_of(words: str, size: float) -> float:
    """How wide a text may be, whatever sans-serif letters it is set in."""
    return size * sum(map(_letter, words))


def _letter(letter: str) -> float:
    if letter in "iljtfrI.,:;'|!()[] -":
        return 0.42
    if letter in "mwMW@" or ord(letter) > 0x2E7F:
        return 1.05
    return 0.76 if letter.isupper() else 0.63


def broken(words: str, width: float, size: float) -> list[str]:
    """A text in lines of a width; words that are longer are cut."""
    found = [""]
    for whole in for_terminal(words).split():
        word = whole
        while width_of(word, size) > width:
            fits = next(n for n in range(len(word), 0, -1) if n == 1 or width_of(word[:n], size) <= width)
            found += [word[:fits]] if found[-1] else []
            found[-1] = word[:fits]
            found.append("")
            word = word[fits:]
        longer = f"{found[-1]} {word}".strip()
        if width_of(longer, size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found
