"""The lines of a workflow's drawing: each runs straight, turns at right angles, and keeps out of every cell in use.

The ways of least effort through a lattice: three lines through each cell, and some between any two. What a line has
used no other may run along; it may only be crossed.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from audit_engine.summaries.workflow_placing import Cell, Key, Link, Placing

Point = tuple[int, int]
"""Numbers of a vertical and of a horizontal line of the lattice."""
RIGHT, DOWN, LEFT, UP = range(4)
_STEPS = {RIGHT: (1, 0), DOWN: (0, 1), LEFT: (-1, 0), UP: (0, -1)}
_TURN, _CROSS, _OFF_CENTRE, _BESIDE_A_NUMBER = 40, 70, 20, 80
_LEAVE = {RIGHT: 0, DOWN: 14, UP: 14, LEFT: 60}
_ARRIVE = {RIGHT: 0, DOWN: 14, UP: 14, LEFT: 60}
"""By the direction in which the line runs: lines read from left to right."""
_BETWEEN, _THROUGH, _THROUGH_DOWN = 9, 30, 20
"""How far apart the lattice's lines are thought to be: between cells, through one, through one downwards."""
ROOM = ((4, 3), (8, 3), (12, 5), (20, 9))
"""Lines between two cells and through one: tried one after the other, until everything finds a way."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, from one cell's edge to another's."""

    link: Link
    side: int
    """The direction in which it leaves."""
    into: int
    """The direction in which it arrives."""
    points: tuple[Point, ...]
    """Its first point, its turns and its last, all outside the two cells."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Numbers of lines. Columns and rows count from 0; before, between and after them there are `between` lines."""

    columns: int
    rows: int
    between: int
    through: int

    @property
    def step(self) -> int:
        """Lines from one cell to the next."""
        return self.between + self.through

    def first_through(self, cell: int) -> int:
        """The first line through a column or row."""
        return self.between + cell * self.step

    def is_between(self, line: int) -> bool:
        """Whether a line runs between cells."""
        return line % self.step < self.between

    def count(self, cells: int) -> int:
        """All lines of so many columns or rows."""
        return cells * self.step + self.between


def lines(placing: Placing) -> tuple[Lattice, list[Line]] | None:
    """A way for every line; None when there is no room for all of them."""
    for between, through in ROOM:
        lattice = Lattice(placing.columns, placing.rows, between, through)
        found = _Router(lattice, placing.cells).all_of(placing.links)
        if found is not None:
            return lattice, found
    return None


class _Router:
    def __init__(self, lattice: Lattice, cells: dict[Key, Cell]) -> None:
        self._lattice, self._cells = lattice, cells
        self._taken = set(cells.values())
        self._segments: dict[tuple[Point, Point], str] = {}
        self._points: dict[Point, dict[str, set[int]]] = {}
        """Which nets pass a point, and whether across (0), down (1) or both."""
        self._stubs: dict[tuple[Point, int], str] = {}
        self._numbers: set[tuple[Point, int]] = set()

    def all_of(self, links: tuple[Link, ...]) -> list[Line] | None:
        """Short ones first: they have the least choice."""
        found = []
        for link in sorted(links, key=self._far):
            line = self._way(link)
            if line is None:
                return None
            self._keep(line)
            found.append(line)
        return found

    def _far(self, link: Link) -> int:
        (row, column), (other_row, other_column) = self._cells[link.start], self._cells[link.stop]
        return abs(row - other_row) + abs(column - other_column)

    def _way(self, link: Link) -> Line | None:
        goals = dict(self._doors(link, self._cells[link.stop], arriving=True))
        queue: list[tuple[int, Point, int, tuple[Point, int] | None]] = []
        for (point, side), effort in self._doors(link, self._cells[link.start], arriving=False):
            if self._may_pass(link.net, point, side, side) is not None:
                heapq.heappush(queue, (effort, point, side, None))
        came: dict[tuple[Point, int], tuple[Point, int] | None] = {}
        finish: tuple[int, tuple[Point, int], int] | None = None
        while queue:
            effort, point, way, before = heapq.heappop(queue)
            if finish is not None and effort >= finish[0]:
                break
            if (point, way) in came:
                continue
            came[point, way] = before
            for into in range(4):
                if (
                    (point, into) in goals
                    and (into - way) % 4 != 2
                    and self._may_pass(link.net, point, way, into) is not None
                ):
                    total = effort + goals[point, into] + _TURN * (into != way)
                    finish = min(finish or (total, (point, way), into), (total, (point, way), into))
            for further in self._further(link.net, point, way, effort):
                if further[1:3] not in came:
                    heapq.heappush(queue, (*further, (point, way)))
        return _traced(link, came, *finish[1:]) if finish is not None else None

    def _doors(self, link: Link, cell: Cell, *, arriving: bool) -> Iterator[tuple[tuple[Point, int], int]]:
        """The points just outside a cell, with the direction in which a line passes there, and the effort."""
        lattice, (row, column) = self._lattice, cell
        left, top, half = lattice.first_through(column), lattice.first_through(row), lattice.through // 2
        numbered = link.number > 0 and not arriving and lattice.through == 3
        for n in range(lattice.through):
            if numbered and n != half:
                continue  # the number needs the room beside the line
            beside = {RIGHT: (left + lattice.through, top + n), LEFT: (left - 1, top + n),
                      DOWN: (left + n, top + lattice.through), UP: (left + n, top - 1)}  # fmt: skip
            for side, point in beside.items():
                way = (side + 2) % 4 if arriving else side
                if self._stubs.get((point, side), link.net) == link.net:
                    effort = (_ARRIVE if arriving else _LEAVE)[way] + _OFF_CENTRE * abs(n - half)
                    yield (point, way), effort + _BESIDE_A_NUMBER * self._is_crowded(point, side, numbered=numbered)

    def _is_crowded(self, point: Point, side: int, *, numbered: bool) -> bool:
        """Whether the number of an end would stand beside another line's head."""
        along = _STEPS[(side + 1) % 4]
        beside = [((point[0] + n * along[0], point[1] + n * along[1]), side) for n in (-1, 1)]
        return any(stub in self._stubs if numbered else stub in self._numbers for stub in beside)

    def _further(self, net: str, point: Point, way: int, effort: int) -> Iterator[tuple[int, Point, int]]:
        for turned in (way, (way + 1) % 4, (way - 1) % 4):
            passing = self._may_pass(net, point, way, turned)
            step = _STEPS[turned]
            there = (point[0] + step[0], point[1] + step[1])
            if passing is None or not self._is_free(there):
                continue
            segment = (point, there) if point < there else (there, point)
            user = self._segments.get(segment)
            if user is None or user == net:
                far = self._length(point, there)
                yield effort + passing + (far if user is None else far * 3 // 4), there, turned

    def _may_pass(self, net: str, point: Point, way: int, turned: int) -> int | None:
        """The effort of passing a point; None where another line runs along, or turns."""
        others = [used for name, used in self._points.get(point, {}).items() if name != net]
        mine = {way % 2, turned % 2}
        if any(used & mine for used in others):
            return None
        return _TURN * (way != turned) + _CROSS * len(others)

    def _is_free(self, there: Point) -> bool:
        lattice = self._lattice
        if not (0 <= there[0] < lattice.count(lattice.columns) and 0 <= there[1] < lattice.count(lattice.rows)):
            return False
        inside = not lattice.is_between(there[0]) and not lattice.is_between(there[1])
        cell = ((there[1] - lattice.between) // lattice.step, (there[0] - lattice.between) // lattice.step)
        return not (inside and cell in self._taken)

    def _length(self, point: Point, there: Point) -> int:
        across = point[1] == there[1]
        lines = (point[0], there[0]) if across else (point[1], there[1])
        if any(map(self._lattice.is_between, lines)):
            return _BETWEEN
        return _THROUGH if across else _THROUGH_DOWN

    def _keep(self, line: Line) -> None:
        net = line.link.net
        self._stubs[line.points[0], line.side] = net
        if line.link.number:
            self._numbers.add((line.points[0], line.side))
        self._stubs[line.points[-1], (line.into + 2) % 4] = net
        way = line.side
        for here, after in zip(line.points, (*line.points[1:], None), strict=True):
            turned = line.into if after is None else _direction(here, after)
            self._points.setdefault(here, {}).setdefault(net, set()).update({way % 2, turned % 2})
            if after is None:
                return
            at = here
            while at != after:
                step = _STEPS[turned]
                there = (at[0] + step[0], at[1] + step[1])
                self._segments[(at, there) if at < there else (there, at)] = net
                if there != after:
                    self._points.setdefault(there, {}).setdefault(net, set()).add(turned % 2)
                at = there
            way = turned


def _direction(here: Point, after: Point) -> int:
    if here[0] != after[0]:
        return RIGHT if after[0] > here[0] else LEFT
    return DOWN if after[1] > here[1] else UP


def _traced(
    link: Link, came: dict[tuple[Point, int], tuple[Point, int] | None], last: tuple[Point, int], into: int
) -> Line:
    """From the last point back to the first, only turns kept."""
    states, state = [last], came[last]
    while state is not None:
        states.append(state)
        state = came[state]
    states.reverse()
    points = [states[0][0]]
    for (point, way), (_, after) in pairwise(states[1:]):
        if way != after:
            points.append(point)
    # A turn at the first point, or at the last, shows in the directions kept beside them.
    if states[-1][0] != points[-1]:
        points.append(states[-1][0])
    return Line(link, states[0][1], into, tuple(points))
