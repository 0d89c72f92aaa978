"""A workflow as a picture: SVG for paper and pages, Mermaid for documents that draw it themselves.

Nothing is fetched, no letter is measured: widths are reckoned generously, so that any sans-serif letters fit. The
same workflow gives the same bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit_engine.engine.workflow_parts_words import EVERYWHERE, or_
from audit_engine.engine.workflow_told import EventTold, StageTold, WorkflowTold
from audit_engine.engine.workflow_words import COUNTED, THE_END, WRITTEN
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal, shortened
from audit_engine.summaries.rendering import page_of
from audit_engine.summaries.workflow_lines import DOWN, LEFT, RIGHT, UP, Lattice, Line, lines
from audit_engine.summaries.workflow_placing import NOTE, STAGE, Key, Placing, placing

MAX_DRAWN = 40
"""Stages and events; more than that cannot be read on one page."""
A4 = (297, 210)
LEAST_WIDTH = 1_000
"""Units across the page: small workflows are not blown up."""
MARGIN, LANE_NAME, TOP, BOTTOM = 18, 88, 66, 58
PADDING, BESIDE, APART = 7, 13, 9
"""Inside a box; between a box and the first line beside it; between lines."""
NARROWEST, WIDEST = 102, 176
MOST_SPARE = 40.0
"""The most that is added between two rows, where the page has room."""
TITLE, SMALL, KEY = 13.0, 11.5, 11.0
LEADING = 1.25
SIGN = 32
KEY_WORDS = (
    ("first", "where it begins"),
    ("stage", "stage, with working days"),
    ("final", "the end"),
    ("event", "event, and who may do it"),
    ("note", "every open stage"),
    ("number", "where several ways part"),
)
ACROSS, DOWNWARDS = 60.0, 30.0
"""How far the lines that leave one side of a box stand apart in all; every box is at least so large."""
SHOWN_CONDITION = 70
"""Characters of a condition inside a box; the description holds all of it."""
_SHORT = {WRITTEN: "Grades are written", COUNTED: "Grades are final", THE_END: "The end"}
_NOT_MERMAID = re.compile(r"[^\w ,.'()\-]")


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; x and y are its middle and its base line."""

    x: float
    y: float
    words: str
    size: float
    kind: str
    """`title`, `small`, `lane`, `number`."""

    @property
    def width(self) -> float:
        """Reckoned, and rather too wide."""
        return width_of(self.words, self.size)


@dataclass(frozen=True, slots=True)
class Box:
    """A stage, an event or a note."""

    kind: str
    name: str
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]
    first: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line with its head; the points from edge to edge."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    number: Text | None
    """Which of several ends."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A band across the page, with whom it waits for."""

    y: float
    height: float
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything with its place."""

    title: str
    description: tuple[str, ...]
    width: float
    height: float
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    key: tuple[Text, ...]
    """What each sign means; its kind is the sign, which stands left of it."""


def svg(told: WorkflowTold) -> str:
    """The picture as SVG, A4 landscape.

    Raises:
        Unusable: it has too many stages and events to be read on one page.
    """
    return page_of("workflow.svg.j2", drawing=drawing(told))


def drawing(told: WorkflowTold) -> Drawing:
    """The picture as values. Raises Unusable as `svg` does."""
    routed = None
    if len(told.stages) + len(told.events) <= MAX_DRAWN:
        placed = placing(told)
        routed = lines(placed)
    if routed is None:
        message = f"it has {len(told.stages)} stages and {len(told.events)} events, too many to draw on one page"
        raise unusable(told.name, "W062", message, "Write it to a file ending in .mmd, which other programs can draw.")
    return _Sheet(placed, *routed).drawn()


def mermaid(told: WorkflowTold) -> str:
    """The picture as a Mermaid state diagram: every way from stage to stage, with its event."""
    told_lines = ["stateDiagram-v2", "    direction LR"]
    told_lines += [f'    state "{_plain(stage.title)}" as at_{stage.id}' for stage in told.stages]
    if any(event.everywhere for event in told.events):
        told_lines.append(f'    state "{EVERYWHERE[:1].upper()}{EVERYWHERE[1:]}" as anywhere')
    told_lines.append(f"    [*] --> at_{told.stages[0].id}")
    for event in told.events:
        sources = ["anywhere"] if event.everywhere else [f"at_{name}" for name in event.leaves]
        for end in event.ends:
            words = f"{event.title} ({event.for_whom}){f', {end.condition}' if end.condition else ''}"
            told_lines += [f"    {source} --> at_{end.stage}: {_plain(words)}" for source in sources]
    told_lines += [f"    at_{stage.id} --> [*]" for stage in told.stages if stage.waits_for is None]
    return "\n".join(told_lines) + "\n"


def _plain(words: str) -> str:
    """Words in which no sign means anything to Mermaid: every other one by its number."""
    return _NOT_MERMAID.sub(lambda found: f"#{ord(found[0])};", for_terminal(words))


def width_of(words: str, size: float) -> float:
    """How wide a text may be, whatever sans-serif letters it is set in."""
    return size * sum(map(_letter, words))


def _letter(letter: str) -> float:
    if letter in "iljtfrI.,:;'|!()[] -":
        return 0.42
    if letter in "mwMW@" or ord(letter) > 0x2E7F:
        return 1.05
    return 0.76 if letter.isupper() else 0.63


def _broken(words: str, width: float, size: float) -> list[str]:
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


class _Sheet:
    """Turns rows, columns and numbers of lines into units of the page."""

    def __init__(self, placed: Placing, lattice: Lattice, routes: list[Line]) -> None:
        self._placed, self._told, self._lattice, self._routes = placed, placed.told, lattice, routes
        used_x = {x for route in routes for x, _ in route.points}
        used_y = {y for route in routes for _, y in route.points}
        across, down = placed.columns, placed.rows
        gaps = [self._gap(n, used_x) for n in range(across + 1)]
        rows = [self._gap(n, used_y) for n in range(down + 1)]
        beside = 2 * MARGIN + LANE_NAME + sum(gaps)
        self._wide = min(WIDEST, max(NARROWEST, (LEAST_WIDTH - beside) / across))
        self._texts = {key: self._words(key) for key in placed.cells}
        self._heights = [self._row_height(n) for n in range(down)]
        filled = beside + across * self._wide
        tall = TOP + BOTTOM + sum(rows) + sum(self._heights)
        self._width = max(LEAST_WIDTH, filled, tall * A4[0] / A4[1])
        self._tall = self._width * A4[1] / A4[0]
        spare = self._tall - tall
        # What is left of the page goes between the rows, but never so much that it falls apart.
        more = min(spare / (down + 1), MOST_SPARE)
        self._rows = [gap + more for gap in rows]
        top = TOP + max(0.0, (spare - more * (down + 1)) / 3)
        left = MARGIN + LANE_NAME + (self._width - filled) / 2
        self._x, self._left = self._lines(left, gaps, [self._wide] * across, used_x, ACROSS)
        self._y, self._top = self._lines(top, self._rows, self._heights, used_y, DOWNWARDS)

    def _gap(self, number: int, used: set[int]) -> float:
        """The room between two columns or rows: as many lines as run there."""
        first = number * self._lattice.step
        running = used & set(range(first, first + self._lattice.between))
        return 2 * BESIDE + APART * max(0, len(running) - 1)

    def _lines(
        self, start: float, gaps: list[float], cells: list[float], used: set[int], spread: float
    ) -> tuple[dict[int, float], list[float]]:
        """Where each line of the lattice runs, and where each cell begins."""
        lattice, at = self._lattice, start
        places: dict[int, float] = {}
        begins: list[float] = []
        for n, gap in enumerate(gaps):
            first = n * lattice.step
            between = [line for line in range(first, first + lattice.between) if line in used]
            margin = (gap - APART * (len(between) - 1)) / 2
            places |= {line: at + margin + APART * place for place, line in enumerate(between)}
            at += gap
            if n < len(cells):
                begins.append(at)
                half = lattice.through // 2
                apart = spread / lattice.through
                for line in range(lattice.through):
                    places[lattice.first_through(n) + line] = at + cells[n] / 2 + (line - half) * apart
                at += cells[n]
        return places, begins

    # --- boxes ------------------------------------------------------------------------------------------------

    def _words(self, key: Key) -> list[tuple[str, float, str]]:
        kind, name = key
        if kind == STAGE:
            title, small = self._stage_words(self._told.stage(name))
        elif kind == NOTE:
            title, small = "", [f"From {EVERYWHERE}"]
        else:
            title, small = self._event_words(self._told.event(name))
        inside = self._wide - 2 * PADDING
        kind_of_title = "title" if kind == STAGE else "event"
        found = [(line, TITLE, kind_of_title) for line in _broken(title, inside, TITLE * 1.05)] if title else []
        return found + [(line, SMALL, "small") for words in small for line in _broken(words, inside, SMALL)]

    def _stage_words(self, stage: StageTold) -> tuple[str, list[str]]:
        return stage.title, [*([stage.limit] if stage.limit else []), *(_SHORT[mark] for mark in stage.marks)]

    def _event_words(self, event: EventTold) -> tuple[str, list[str]]:
        ends = [
            f"{n}: {shortened(end.condition, SHOWN_CONDITION)}"
            for n, end in enumerate(event.ends, start=1)
            if len(event.ends) > 1
        ]
        return event.title, [_by(event), *ends]

    def _row_height(self, number: int) -> float:
        inside = [key for key, (row, _) in self._placed.cells.items() if row == number]
        return max([DOWNWARDS, *map(self._height, inside)])

    def _height(self, key: Key) -> float:
        return 2 * PADDING + sum(size * LEADING for _, size, _ in self._texts[key])

    def _box(self, key: Key) -> Box:
        row, column = self._placed.cells[key]
        height = self._height(key)
        x, y = self._left[column], self._top[row] + (self._heights[row] - height) / 2
        texts, at = [], y + PADDING
        for words, size, kind in self._texts[key]:
            texts.append(Text(round(x + self._wide / 2, 1), round(at + size, 1), words, size, kind))
            at += size * LEADING
        stage = self._told.stage(key[1]) if key[0] == STAGE else None
        return Box(
            *key, round(x, 1), round(y, 1), round(self._wide, 1), round(height, 1), tuple(texts),
            first=stage is self._told.stages[0], final=stage is not None and stage.waits_for is None,
        )  # fmt: skip

    # --- lines and lanes --------------------------------------------------------------------------------------

    def _arrow(self, line: Line, boxes: dict[Key, Box]) -> Arrow:
        middle = [(self._x[x], self._y[y]) for x, y in line.points]
        start = _edge(boxes[line.link.start], line.side, middle[0])
        stop = _edge(boxes[line.link.stop], (line.into + 2) % 4, middle[-1])
        points = [start, *middle, stop]
        kept = [p for n, p in enumerate(points) if n in (0, len(points) - 1) or not _is_straight(points[n - 1 : n + 2])]
        number = None
        if line.link.number:
            step = {RIGHT: (6.5, 0.0), LEFT: (-6.5, 0.0), DOWN: (0.0, 6.5), UP: (0.0, -6.5)}[line.side]
            number = Text(
                round(start[0] + step[0], 1), round(start[1] + step[1] + 3.1, 1), str(line.link.number), 8.5, "number"
            )
        return Arrow(line.link.start[1], line.link.stop[1], tuple((round(x, 1), round(y, 1)) for x, y in kept), number)

    def _lane(self, name: str, first: int, rows: int) -> Lane:
        top, bottom = self._border(first), self._border(first + rows)
        words = _broken(f"Waits for {name}" if name else "The end", LANE_NAME - 5, TITLE)
        at = (top + bottom) / 2 - (len(words) - 1) * TITLE * LEADING / 2 + TITLE / 3
        middle = MARGIN + LANE_NAME / 2
        texts = (Text(middle, round(at + n * TITLE * LEADING, 1), line, TITLE, "lane") for n, line in enumerate(words))
        return Lane(round(top, 1), round(bottom - top, 1), tuple(texts))

    def _border(self, row: int) -> float:
        """Where one lane ends and the next begins, before a row: never where a line runs."""
        end = self._top[row] if row < len(self._top) else self._top[-1] + self._heights[-1] + self._rows[-1]
        start, first = end - self._rows[row], row * self._lattice.step
        running = [self._y[line] for line in range(first, first + self._lattice.between) if line in self._y]
        return (start + min(running, default=end)) / 2

    def drawn(self) -> Drawing:
        boxes = {key: self._box(key) for key in self._placed.cells}
        order = {link: n for n, link in enumerate(self._placed.links)}
        routes = sorted(self._routes, key=lambda line: order[line.link])
        bands, first = [], 0
        for name, rows in self._placed.lanes:
            bands.append(self._lane(name, first, rows))
            first += rows
        told = self._told
        return Drawing(
            title=for_terminal(f"{told.title}, version {told.version}"),
            description=tuple(map(_described, told.events)),
            width=round(self._width, 1),
            height=round(self._tall, 1),
            lanes=tuple(bands),
            boxes=tuple(boxes[key] for key in sorted(boxes)),
            arrows=tuple(self._arrow(line, boxes) for line in routes),
            key=tuple(self._key()),
        )

    def _key(self) -> Iterator[Text]:
        at = float(MARGIN)
        for sign, words in KEY_WORDS:
            if sign == NOTE and not any(kind == NOTE for kind, _ in self._placed.cells):
                continue
            if sign == "number" and not any(line.link.number for line in self._routes):
                continue
            wide = width_of(words, KEY) * 0.9
            yield Text(round(at + SIGN, 1), round(self._tall - BOTTOM / 2 + 4, 1), words, KEY, sign)
            at += SIGN + wide + 14


def _by(event: EventTold) -> str:
    return or_(name.replace("_", " ") for name in event.by)


def _described(event: EventTold) -> str:
    ends = "; ".join(f"'{end.title}'{f' {end.condition}' if end.condition else ''}" for end in event.ends)
    return for_terminal(f"{event.title}, by {event.for_whom}: from {event.from_where} to {ends}.")


def _edge(box: Box, side: int, beside: tuple[float, float]) -> tuple[float, float]:
    x, y = beside
    return {RIGHT: (box.x + box.width, y), LEFT: (box.x, y), DOWN: (x, box.y + box.height), UP: (x, box.y)}[side]


def _is_straight(three: list[tuple[float, float]]) -> bool:
    return any(len({round(point[n], 1) for point in three}) == 1 for n in (0, 1))
