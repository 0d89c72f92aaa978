"""Intervals for proportions. Pure."""

from math import sqrt
from statistics import NormalDist


def wilson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Wilson score interval for a proportion, without continuity correction: (low, high), each from 0 to 1.

    Args:
        successes: 0 to `trials`.
        trials: 1 or more.
        confidence: Between 0 and 1, both excluded.

    Raises:
        ValueError: a number is out of its range.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a part of a whole: the part must be between 0 and the whole")
    if not 0 < confidence < 1:
        raise ValueError("the confidence must be between 0 and 1")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, square = successes / trials, z * z / trials
    centre = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high
