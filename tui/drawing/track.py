"""The place of an audit on its way, in a line or two: a pure function of the view and the width.

Where it is stands in brackets with the word HERE, so that nobody needs a colour for it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.cells import cell_len

from audit_engine.calendars import day_in_words
from audit_engine.safe_text import for_terminal
from audit_engine.views import HERE, TrackStage, TrackView
from tui.drawing.words import BAD, STRONG, Lines, fitted, words, wrapped

MOST = 2
"""Lines that the way itself takes."""
WAITING = 3
"""Things that wait which are told one by one."""
_ARROW, _MORE = " > ", ".."


def track_lines(view: TrackView, width: int) -> Lines:
    """The way in at most two lines, cut at both ends without room for all; then until when, and what waits on whom."""
    room = width - 2
    way = next(laid for parts in _shorter(view.stages, room) if _fits(laid := _laid(parts, room), room))
    lines: Lines = [words(f" {line}", STRONG) for line in way]
    due = []
    if view.stands_still:
        due.append(view.stands_still)
    elif view.due is not None:
        late = ", which is past" if view.late else ""
        due.append(f"Due {view.due:%A} {day_in_words(view.due)}{late}.")
    if view.waits:
        more = f"; and {len(view.waits) - WAITING} more" if len(view.waits) > WAITING else ""
        due.append(f"Waits on {'; '.join(view.waits[:WAITING])}{more}.")
    return lines + (wrapped(" ".join(due), width - 1, 1, BAD if view.late else "") if due else [])


def _shorter(stages: Sequence[TrackStage], width: int) -> Iterator[list[str]]:
    """The parts of the way, shorter and shorter: first without the days that were passed, then without what is
    farthest from here, the end last."""
    here = next(n for n, one in enumerate(stages) if one.state == HERE)
    on = stages[here].on
    year = on.year if on is not None else None
    yield [_part(one, year) for one in stages]
    plain = [_part(one, year, days=one.state == HERE) for one in stages]
    yield plain
    before, ahead = list(range(here)), list(range(here + 1, len(stages)))
    while before or len(ahead) > 1:
        if len(before) >= len(ahead) or len(ahead) <= 1:
            before = before[1:]
        else:
            ahead = [*ahead[:-2], ahead[-1]]
        yield _cut(plain, before, here, ahead)
    yield _cut(plain, [], here, [])
    yield [fitted(plain[here], width).rstrip()]


def _cut(parts: Sequence[str], before: Sequence[int], here: int, ahead: Sequence[int]) -> list[str]:
    left = [_MORE] if len(before) < here else []
    after = [parts[n] for n in ahead]
    if ahead and len(ahead) < len(parts) - here - 1:
        after.insert(-1, _MORE)
    return [*left, *(parts[n] for n in before), parts[here], *after]


def _part(one: TrackStage, year: int | None, *, days: bool = True) -> str:
    title = for_terminal(one.title)
    day = f" {_day(one.on, year)}" if one.on is not None and days else ""
    return f"[HERE: {title}{day}]" if one.state == HERE else f"{title}{day}"


def _day(on: date, year: int | None) -> str:
    return f"{on.day} {on:%b}" + (f" {on.year}" if year not in (None, on.year) else "")


def _fits(lines: Sequence[str], width: int) -> bool:
    return len(lines) <= MOST and all(cell_len(line) <= width for line in lines)


def _laid(parts: Sequence[str], width: int) -> list[str]:
    """The parts with arrows between, in lines of at most `width` cells where the parts allow it."""
    lines, line = list[str](), ""
    for part in parts:
        joined = f"{line}{_ARROW}{part}" if line else part
        if line and cell_len(joined) > width - len(_ARROW.rstrip()):
            lines.append(f"{line}{_ARROW.rstrip()}")
            line = part
        else:
            line = joined
    return [*lines, line]
