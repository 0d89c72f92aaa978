"""A workflow as a picture: SVG for paper and pages, Mermaid for documents that draw it themselves.

Nothing is fetched, no letter is measured: widths are reckoned generously, so that any sans-serif letters fit. The
same workflow gives the same bytes.
"""

from collections.abc import Iterator

from audit_engine.engine.workflow_parts_words import EVERYWHERE
from audit_engine.engine.workflow_told import EventTold, WorkflowTold
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal, shortened
from audit_engine.summaries.rendering import page_of
from audit_engine.summaries.workflow_box_words import (
    KEY,
    anywhere,
    broken,
    by_of,
    doers,
    stage_words,
    tags_of,
    width_of,
)
from audit_engine.summaries.workflow_lines import DOWN, LEFT, RIGHT, UP, Lattice, Line, lines
from audit_engine.summaries.workflow_placing import EVENT, NOTE, STAGE, Key, Placing, placing
from audit_engine.summaries.workflow_shapes import TAGGED, Arrow, Box, Drawing, Frame, Lane, Text

MAX_DRAWN = 48
"""Stages, and events that lead on; more than that cannot be read on one page."""
A4 = (297, 210)
LEAST_WIDTH = 1_000
"""Units across the page: small workflows are not blown up."""
MARGIN, LANE_NAME, TOP, BOTTOM = 18, 88, 66, 58
PADDING, BESIDE, APART, TAG = 7, 13, 9, 5
"""Inside a box; between a box and the first line beside it; between lines; beside the words of a tag."""
NARROWEST, WIDEST, WIDTH_STEP = 102, 176, 4
MOST_SPARE = 40.0
"""The most that is added between two rows, where the page has room."""
TITLE, SMALL = 13.0, 11.5
LEADING = 1.25
SIGN = 32
KEY_ROWS = 2
KEY_WORDS = (
    ("first", "where it begins"),
    ("stage", "stage, with working days"),
    ("final", "the end"),
    ("event", "event, and who may do it"),
    ("note", "every open stage"),
    ("number", "where several ways part"),
    ("clock", "by itself, when it is late"),
    ("tag", "what it opens"),
    ("stays", "leaves it where it is"),
)
ACROSS, DOWNWARDS = 60.0, 30.0
"""How far the lines that leave one side of a box stand apart in all; every box is at least so large."""
SHOWN_CONDITION = 70
"""Characters of a condition inside a box; the description holds all of it."""


def svg(told: WorkflowTold) -> str:
    """The picture as SVG, A4 landscape.

    Raises:
        Unusable: it has too many stages and events to be read on one page.
    """
    return page_of("workflow.svg.j2", drawing=drawing(told))


def drawing(told: WorkflowTold) -> Drawing:
    """The picture as values. Raises Unusable as `svg` does."""
    routed = None
    if len(told.stages) + sum(not event.stays for event in told.events) <= MAX_DRAWN:
        placed = placing(told)
        routed = lines(placed)
    if routed is None:
        message = f"it has {len(told.stages)} stages and {len(told.events)} events, too many to draw on one page"
        raise unusable(told.name, "W062", message, "Write it to a file ending in .mmd, which other programs can draw.")
    return _Sheet(placed, *routed).drawn()


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
        notes = len(anywhere(self._told, LEAST_WIDTH - 2 * MARGIN))
        self._bottom = BOTTOM + KEY * LEADING * notes + (KEY_ROWS - 1) * KEY * 1.6
        around = TOP + self._bottom + sum(rows)
        widest = min(WIDEST, max(NARROWEST, int((LEAST_WIDTH - beside) / across)))
        self._wide = float(widest)
        self._texts: dict[Key, list[tuple[str, float, str]]] = {}
        least = max(NARROWEST, int(self._longest_word()) + 1)
        tried = [max(widest, least)] if widest > NARROWEST else range(least, max(WIDEST, least) + 1, WIDTH_STEP)
        # The wider the boxes the fewer their lines: as wide as lets everything on the page be largest.
        self._wide = float(min(tried, key=lambda wide: (self._needed(wide, beside, around), wide)))
        self._fill()
        filled, tall = beside + across * self._wide, around + sum(self._heights)
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

    def _longest_word(self) -> float:
        """How wide a box must be so that no word of a title is cut, as far as that can be."""
        titles = [*(stage.title for stage in self._told.stages), *(event.title for event in self._told.events)]
        words = (width_of(word, TITLE * 1.05) for title in titles for word in for_terminal(title).split())
        return min(float(WIDEST), max(words) + 2 * PADDING)

    def _fill(self) -> None:
        self._texts = {key: self._words(key) for key in self._placed.cells}
        self._heights = [self._row_height(n) for n in range(self._placed.rows)]

    def _needed(self, wide: int, beside: float, around: float) -> float:
        """How wide the page must be for boxes of a width."""
        self._wide = float(wide)
        self._fill()
        return max(beside + self._placed.columns * wide, (around + sum(self._heights)) * A4[0] / A4[1])

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
        inside = self._wide - 2 * PADDING
        if kind == NOTE:
            return [(line, SMALL, "small") for line in broken(f"From {EVERYWHERE}", inside, SMALL)]
        event = self._told.event(name) if kind == EVENT else None
        stage = self._told.stage(name) if kind == STAGE else None
        title = stage.title if stage is not None else event.title if event is not None else ""
        small = stage_words(self._told, stage) if stage is not None else self._event_words(name)
        kind_of_title = "title" if kind == STAGE else "event"
        found = [(line, TITLE, kind_of_title) for line in broken(title, inside, TITLE * 1.05)]
        found += [(line, SMALL, "small") for words in small for line in broken(words, inside, SMALL)]
        tags = tags_of(event) if event is not None else []
        for n, words in enumerate(tags):
            found += [(line, SMALL, f"{TAGGED}{n}") for line in broken(words, inside - 2 * TAG, SMALL)]
        return found

    def _event_words(self, name: str) -> list[str]:
        event = self._told.event(name)
        ends = [
            f"{n}: {'stays, ' if end.stays else ''}{shortened(end.condition, SHOWN_CONDITION)}"
            for n, end in enumerate(event.ends, start=1)
            if len(event.ends) > 1
        ]
        return [by_of(event), *ends]

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
            by_itself=key[0] == EVENT and bool(self._told.event(key[1]).by_itself),
            tags=tuple(_frames(texts)),
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
        by_itself = any(boxes[key].by_itself for key in (line.link.start, line.link.stop))
        rounded = tuple((round(x, 1), round(y, 1)) for x, y in kept)
        return Arrow(line.link.start[1], line.link.stop[1], rounded, number, by_itself)

    def _lane(self, name: str, first: int, rows: int) -> Lane:
        top, bottom = self._border(first), self._border(first + rows)
        words = broken(f"Waits for {name}" if name else "The end", LANE_NAME - 5, TITLE)
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
            notes=tuple(self._notes()),
        )

    def _notes(self) -> Iterator[Text]:
        at = self._tall - self._bottom + 12
        for n, words in enumerate(anywhere(self._told, self._width - 2 * MARGIN)):
            yield Text(MARGIN, round(at + n * KEY * LEADING, 1), words, KEY, "small")

    def _key(self) -> Iterator[Text]:
        at, row, shown = float(MARGIN), 0, self._signs()
        for sign, words in KEY_WORDS:
            if sign not in shown:
                continue
            wide = width_of(words, KEY) * 0.9
            if at + SIGN + wide > self._width - MARGIN:
                at, row = float(MARGIN), row + 1
            y = self._tall - BOTTOM / 2 + 4 - (KEY_ROWS - 1 - row) * KEY * 1.6 + 8
            yield Text(round(at + SIGN, 1), round(y, 1), words, KEY, sign)
            at += SIGN + wide + 14

    def _signs(self) -> set[str]:
        """The signs that stand in this drawing."""
        told, kinds = self._told, {kind for kind, _ in self._placed.cells}
        drawn = [event for event in told.events if not event.stays]
        found = {"first", "stage", "final", "event"} | ({NOTE} if NOTE in kinds else set())
        found |= {"number"} if any(line.link.number for line in self._routes) else set()
        found |= {"clock"} if any(event.by_itself for event in drawn) else set()
        found |= {"tag"} if any(event.opens for event in drawn) else set()
        return found | ({"stays"} if any(event.stays for event in told.events) else set())


def _described(event: EventTold) -> str:
    ends = "; ".join(
        " ".join(filter(None, ("where it is" if end.stays else f"'{end.title}'", end.condition))) for end in event.ends
    )
    opens = "".join(f", {tag}" for tag in tags_of(event))
    return for_terminal(f"{event.title}, by {doers(event)}: from {event.from_where} to {ends}{opens}.")


def _frames(texts: list[Text]) -> Iterator[Frame]:
    """One around each tag, however many lines it has."""
    for kind in dict.fromkeys(text.kind for text in texts if text.kind.startswith(TAGGED)):
        inside = [text for text in texts if text.kind == kind]
        wide = max(text.width for text in inside) * 0.92 + 2 * TAG
        top, tall = inside[0].y - inside[0].size, len(inside) * SMALL * LEADING
        yield Frame(round(inside[0].x - wide / 2, 1), round(top, 1), round(wide, 1), round(tall, 1))


def _edge(box: Box, side: int, beside: tuple[float, float]) -> tuple[float, float]:
    x, y = beside
    return {RIGHT: (box.x + box.width, y), LEFT: (box.x, y), DOWN: (x, box.y + box.height), UP: (x, box.y)}[side]


def _is_straight(three: list[tuple[float, float]]) -> bool:
    return any(len({round(point[n], 1) for point in three}) == 1 for n in (0, 1))
