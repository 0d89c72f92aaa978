"""Drawing lots that come out the same on every machine.

Only additions, multiplications and divisions of `Random.random()`: the C library's log, exp and cos
differ in the last bit between machines, and one bit can swap two places in a ranking.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def yes_or_no(rng: Random, chance: float) -> str:
    """`yes` with `chance` (0 to 1), else `no`."""
    return "yes" if rng.random() < chance else "no"


def pick(rng: Random, weights: dict[str, float]) -> str:
    """One key, as likely as its weight (any unit, none negative) says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def _alike(_: object) -> float:
    return 1.0


def chosen(rng: Random, members: Sequence[T], count: int, weight: Callable[[T], float] = _alike) -> list[T]:
    """Exactly `count` of the members, in their own order.

    Args:
        weight: A heavier member is chosen more readily; one of weight 0 never.

    Raises:
        ValueError: fewer than `count` members have any weight.
    """
    weighed = [(weight(member), place) for place, member in enumerate(members)]
    keys = sorted((rng.random() / heavy, place) for heavy, place in weighed if heavy > 0)
    if len(keys) < count:
        raise ValueError(f"{count} were wanted and only {len(keys)} can be chosen")
    return [members[place] for place in sorted(place for _, place in keys[:count])]


def shares(rng: Random, total: int, parts: int, least: int, most: int) -> list[int]:
    """`total` split at random over `parts`, each `least` to `most`. The caller sees to it that they can hold it."""
    split = [least] * parts
    for _ in range(total - least * parts):
        open_places = [place for place, size in enumerate(split) if size < most]
        split[rng.choice(open_places)] += 1
    return split


def noise(rng: Random) -> float:
    """About normal, around 0, standard deviation 0.5, never beyond 1.5 either way."""
    return rng.random() + rng.random() + rng.random() - 1.5
