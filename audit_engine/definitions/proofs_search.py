"""Looks for the shortest way that something can be said of as a whole, not only of the situation it ends in."""

from collections.abc import Callable

from audit_engine.definitions.proofs_ways import Situation, Way, Ways

Path = list[tuple[str, Situation]]
Marked = tuple[int, bool]
"""A situation's number, and whether what is looked out for has been on the way there."""


def shortest(
    ways: Ways, goes_on: Callable[[int, bool, Way], bool | None], is_there: Callable[[int, bool], bool]
) -> Path | None:
    """The shortest way to what is looked for, breadth first over situations with one mark; None when there is none.

    Args:
        goes_on: Given where it leaves, the mark there and the way: the mark where it leads, None for a way that is
            not to be gone.
        is_there: Given where it is and the mark there.
    """
    reached: dict[Marked, tuple[Marked, str] | None] = {(0, False): None}
    pending: list[Marked] = [(0, False)]
    for here in pending:
        if is_there(*here):
            return _traced(ways, reached, here)
        for way in ways.leading[here[0]] if here[0] < len(ways.leading) else ():
            mark = goes_on(*here, way)
            if mark is not None and (way.to, mark) not in reached:
                reached[way.to, mark] = (here, way.event)
                pending.append((way.to, mark))
    return None


def _traced(ways: Ways, reached: dict[Marked, tuple[Marked, str] | None], there: Marked) -> Path:
    path: Path = []
    while (came := reached[there]) is not None:
        path.append((came[1], ways.situations[there[0]]))
        there = came[0]
    return [("", ways.situations[0]), *reversed(path)]
