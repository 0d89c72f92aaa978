"""An audit's story in lines, the newest first."""

from collections.abc import Sequence
from datetime import datetime

from audit_engine.calendars import day_in_words
from audit_engine.matter_views import MatterView
from audit_engine.views import StoryLine, StoryView
from tui.drawing.track import track_lines
from tui.drawing.words import QUIET, STRONG, Lines, hanging, rule, words, wrapped

_INDENT = 10


def history_lines(view: StoryView, width: int, criterion: str | None = None) -> Lines:
    """What happened, day by day; of one criterion only, when it is given."""
    told = view.about(criterion) if criterion else view.lines
    lines: Lines = track_lines(view.track, width) if view.track is not None and not criterion else []
    if view.withheld:
        lines += wrapped(f"Grades and notes are not in here for you. They are {view.withheld}.", width - 1, 1, STRONG)
    if not told:
        return [*lines, *wrapped(_nothing(view, criterion), width - 1, 1, QUIET)]
    return lines + _days(told, width)


def matter_story(view: MatterView, width: int) -> Lines:
    """What happened to a matter, day by day, under what it is for."""
    return [*wrapped(f"{view.title}: {view.stage_title}.", width - 1, 1, STRONG), *wrapped(view.words, width - 1, 1),
            *_days(view.story, width)]  # fmt: skip


def _days(told: Sequence[StoryLine], width: int) -> Lines:
    lines: Lines = []
    day = ""
    for line in reversed(told):
        at = line.at.astimezone()
        if day_in_words(at.date()) != day:
            day = day_in_words(at.date())
            lines.append(rule(f"{at:%A} {day}", width))
        lines += _entry(line, at, width)
    return lines


def _nothing(view: StoryView, criterion: str | None) -> str:
    if criterion and view.withheld:
        return "Whether anything was said of this question cannot be told here."
    return "Nothing was said of this question yet." if criterion else "Nothing happened yet."


def _entry(line: StoryLine, at: datetime, width: int) -> Lines:
    first, *more = line.says
    made = hanging(f" {at:%H:%M:%S}", first, width - 1, _INDENT, STRONG)
    made += [part for text in more for part in wrapped(text, width - 1, _INDENT)]
    where = ", in the moderation" if line.about == "moderation" else ""
    made.append(words(f"{' ' * _INDENT}{line.who} as {line.role}{where}", QUIET))
    return made
