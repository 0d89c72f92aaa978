"""Where everything stands in a workflow's drawing: stages in lanes by whom they wait for, events between them.

A drawing is a grid. Stages and events stand in cells, one in each; the lines run between and through empty cells
(`workflow_lines`), so that none can run through what is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audit_engine.engine.workflow_told import EventTold, WorkflowTold

STAGE, EVENT, NOTE = "stage", "event", "note"
THE_END = ""
"""The lane of final stages, which wait for nobody."""
NEW_ROW, ELSEWHERE, BACKWARDS, BEYOND = 2.5, 0.5, 1.5, 3.0
"""What makes a place for an event worse: its lane grows; it is not the lane it leaves; it stands behind its stage; it
stands beyond every stage it leads to, though all of them are ahead."""
MOST_COLUMNS, WIDER_THAN_TALL = 9, 2.2
"""With more columns than this, and so many for each row, events stand above and below their stages, not between."""

Key = tuple[str, str]
"""Kind and name of what stands in a cell."""
Cell = tuple[int, int]
"""Row and column."""


@dataclass(frozen=True, slots=True)
class Link:
    """One line to be drawn."""

    net: str
    """Lines of one net may run together: those that lead into one event."""
    start: Key
    stop: Key
    number: int = 0
    """Which of several ends; 0 where there is one."""


@dataclass(frozen=True)
class Placing:
    """A grid with everything in it."""

    told: WorkflowTold
    cells: dict[Key, Cell]
    lanes: tuple[tuple[str, int], ...]
    """Whom a lane waits for, in words, with how many rows it has; THE_END for final stages."""
    columns: int
    links: tuple[Link, ...]
    """Those of the usual way first."""

    @property
    def rows(self) -> int:
        """Rows of all lanes."""
        return sum(rows for _, rows in self.lanes)


def leading(event: EventTold) -> list[str]:
    """The stages an event leads to; where it leaves it where it is, there is nothing to draw."""
    return [end.stage for end in event.ends if not end.stays]


def placing(told: WorkflowTold) -> Placing:
    """A place for everything. The same workflow always gives the same."""
    wide = _Grid(told, apart=2).filled()
    if wide.columns <= MOST_COLUMNS or wide.columns < WIDER_THAN_TALL * wide.rows:
        return wide
    narrow = _Grid(told, apart=1).filled()
    return narrow if narrow.columns < wide.columns else wide


class _Grid:
    """Lanes of rows of cells, filled one after the other: the usual way first, so that it stays straight."""

    def __init__(self, told: WorkflowTold, apart: int) -> None:
        self._told = told
        self._everywhere = [event for event in told.events if event.everywhere and not event.stays]
        self._events = [event for event in told.events if not event.everywhere and not event.stays]
        self._lane_of = {stage.id: stage.waits_for or THE_END for stage in told.stages}
        open_lanes = dict.fromkeys(lane for lane in self._lane_of.values() if lane != THE_END)
        self._lanes: dict[str, list[dict[int, Key]]] = {lane: [{}] for lane in (*open_lanes, THE_END)}
        self._columns, self._usual_stages, self._usual_events = _columns(told, self._events, self._lane_of, apart)
        self._width = max(3, *(column + 1 for column in self._columns.values()))

    def filled(self) -> Placing:
        for usual in (True, False):
            for stage in self._told.stages:
                if (stage.id in self._usual_stages) == usual:
                    self._put_stage(stage.id)
            if not usual:
                for event in self._everywhere:
                    self._put_from_everywhere(event)
            for event in self._events:
                if (event.id in self._usual_events) == usual:
                    self._put_event(event)
        lanes = {lane: rows for lane, rows in self._lanes.items() if any(rows)}
        rows = [row for lane in lanes.values() for row in lane]
        cells = {key: (n, column) for n, row in enumerate(rows) for column, key in row.items()}
        links = sorted(self._links(), key=lambda link: not self._is_usual(link))
        return Placing(
            self._told, cells, tuple((lane, len(rows)) for lane, rows in lanes.items()), self._width, tuple(links)
        )

    def _put_stage(self, stage: str) -> None:
        self._put((STAGE, stage), self._lane_of[stage], self._columns[stage])

    def _put(self, key: Key, lane: str, column: int) -> None:
        rows = self._lanes[lane]
        row = next((row for row in rows if column not in row), None)
        if row is None:
            row = {}
            rows.append(row)
        row[column] = key

    def _put_event(self, event: EventTold) -> None:
        """In the free cell from which its lines are shortest."""
        names = (*event.leaves, *leading(event))
        # Stages off the usual way come later, and do not pull its events away.
        around = [cell for cell in (self._cell((STAGE, name)) for name in names) if cell is not None]
        home = self._lane_of[event.leaves[0]]
        lanes = list(dict.fromkeys([home, *(self._lane_of[name] for name in leading(event)), *self._theirs(event)]))

        lead = [cell[1] for cell in (self._cell((STAGE, name)) for name in leading(event)) if cell is not None]
        ahead = max(lead, default=self._width)
        ahead = ahead if ahead > self._columns[event.leaves[0]] else self._width

        def effort(place: tuple[int, int, int]) -> float:
            number, row, column = place
            at = self._row_number(lanes[number], row)
            worse = NEW_ROW * (row == len(self._lanes[lanes[number]])) + ELSEWHERE * (lanes[number] != home)
            far = sum(abs(at - there) + abs(column - beside) for there, beside in around)
            return far + worse + BACKWARDS * (column < around[0][1]) + BEYOND * (column > ahead)

        places = ((number, *cell) for number, lane in enumerate(lanes) for cell in self._free(lane))
        number, row, column = min(places, key=lambda place: (effort(place), place))
        self._put_at((EVENT, event.id), lanes[number], row, column)

    def _free(self, lane: str) -> Iterator[Cell]:
        """The free cells of a lane, and those of one row more."""
        for n, row in enumerate([*self._lanes[lane], {}]):
            yield from ((n, column) for column in range(self._width) if column not in row)

    def _put_from_everywhere(self, event: EventTold) -> None:
        """Beside the stage it leads to, with a note before it that stands for all the stages it leaves."""
        first = leading(event)[0]
        lane, wanted = self._lane_of[first], max(1, self._columns[first] - 1)
        free = set(self._free(lane))
        places = [(row, column) for row, column in free if (row, column - 1) in free]
        new = len(self._lanes[lane])
        n, column = min(places, key=lambda cell: (NEW_ROW * (cell[0] == new) + abs(cell[1] - wanted), cell))
        self._put_at((NOTE, event.id), lane, n, column - 1)
        self._put_at((EVENT, event.id), lane, n, column)

    def _put_at(self, key: Key, lane: str, row: int, column: int) -> None:
        if row == len(self._lanes[lane]):
            self._lanes[lane].append({})
        self._lanes[lane][row][column] = key

    def _theirs(self, event: EventTold) -> list[str]:
        """The lanes of those who do it, where they have one."""
        waiting = {person.who for person in self._told.people if person.name in event.by}
        return [lane for lane in self._lanes if lane in waiting]

    def _row_number(self, lane: str, row: int) -> int:
        lanes = list(self._lanes)
        return sum(len(self._lanes[before]) for before in lanes[: lanes.index(lane)]) + row

    def _cell(self, key: Key) -> Cell | None:
        for lane, rows in self._lanes.items():
            for n, row in enumerate(rows):
                for column, found in row.items():
                    if found == key:
                        return (self._row_number(lane, n), column)
        return None

    def _links(self) -> Iterator[Link]:
        for event in (one for one in self._told.events if not one.stays):
            this = (EVENT, event.id)
            sources = [(NOTE, event.id)] if event.everywhere else [(STAGE, name) for name in event.leaves]
            yield from (Link(f"into {event.id}", source, this) for source in sources)
            for n, end in enumerate(event.ends, start=1):
                if not end.stays:
                    yield Link(f"{n} from {event.id}", this, (STAGE, end.stage), n if len(event.ends) > 1 else 0)

    def _is_usual(self, link: Link) -> bool:
        names = {STAGE: self._usual_stages, EVENT: self._usual_events}
        return all(name in names.get(kind, ()) for kind, name in (link.start, link.stop))


def _columns(
    told: WorkflowTold, events: list[EventTold], lane_of: dict[str, str], apart: int
) -> tuple[dict[str, int], set[str], set[str]]:
    """The column of each stage, as far right as the longest way there; and the stages and events of that way.

    Ways go on in the file's order, which is the author's: one that leads to an earlier stage is a way back. Only the
    first stage an event leaves counts, or the exceptions would stretch the usual way.
    """
    order = {stage.id: n for n, stage in enumerate(told.stages)}
    ahead = [
        (source, event.id, to, place == 0)
        for event in events
        for place, source in enumerate(event.leaves)
        for to in leading(event)
        if order[to] > order[source]
    ]
    columns = dict.fromkeys(order, 0)
    before: dict[str, tuple[str, str]] = {}
    for stage in order:
        ways = [way for way in ahead if way[2] == stage]
        for source, event, _, _ in [way for way in ways if way[3]] or ways:
            # Stages of one lane leave a cell between them for the event, unless that makes the page too wide.
            column = columns[source] + (apart if lane_of[source] == lane_of[stage] else 1)
            if column > columns[stage]:
                columns[stage], before[stage] = column, (source, event)
    for to in (leading(one)[0] for one in told.events if one.everywhere and not one.stays):
        if to not in before:
            columns[to] = max(2, columns[to])
    stage = max((s for s in order if s in before), key=lambda s: (columns[s], -order[s]), default=next(iter(order)))
    stages, usual = {stage}, set()
    while stage in before:
        stage, event_id = before[stage]
        stages.add(stage)
        usual.add(event_id)
    return columns, stages, usual
