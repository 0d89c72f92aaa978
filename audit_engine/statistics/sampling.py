"""Drawing samples: how many from each stratum, and which. Pure, exact, and the same on every machine.

Sources: W. G. Cochran, Sampling Techniques, 3rd edition (1977), chapter 5 (proportional allocation); M. L. Balinski and
H. P. Young, Fair Representation (1982), for the method of largest remainders. Choosing by rank of a hash is
sequential simple random sampling with permanent random numbers (E. Ohlsson, Coordination of samples using permanent
random numbers, 1995): whoever holds seed and frame can draw it again, in any language, without our program.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

_LENGTH = struct.Struct(">I").pack


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen member. Its inclusion probability is `drawn / size`, exactly."""

    name: str
    stratum: str
    drawn: int
    """How many its stratum gave."""
    size: int
    """How many its stratum holds."""


def allocation(sizes: Mapping[str, int], total: int, at_least: Mapping[str, int] | int = 0) -> dict[str, int]:
    """How many to take from each stratum.

    A stratum of N_h members gets total x N_h / N, rounded by largest remainder; the stratum whose name comes first
    wins a tie. A stratum whose share would be below its minimum gets the minimum, and what is left is shared among
    the others in the same way. No stratum gives more than it holds, and the sum is `total` exactly.

    Args:
        sizes: By stratum: how many members it holds.
        at_least: For every stratum, or by stratum; one that holds fewer gives all it holds.

    Raises:
        ValueError: there are fewer members than `total`, the minimums alone are more, or a number is negative.
    """
    least = {
        name: min(size, at_least if isinstance(at_least, int) else at_least.get(name, 0))
        for name, size in sizes.items()
    }
    if min([total, *sizes.values(), *least.values()]) < 0:
        raise ValueError("a number of members cannot be negative")
    if not sum(least.values()) <= total <= sum(sizes.values()):
        raise ValueError("the minimums together are more than is drawn, or more is drawn than there is")
    held: dict[str, int] = {}
    while True:
        free = {name: size for name, size in sizes.items() if name not in held}
        share = _shares(free, total - sum(held.values()))
        short = {name: least[name] for name in free if share[name] < least[name]}
        if not short:
            numbers = held | _rounded(share)
            return {name: numbers[name] for name in sizes}
        held |= short


def _shares(sizes: Mapping[str, int], total: int) -> dict[str, Fraction]:
    whole = sum(sizes.values())
    return {name: Fraction(total * size, whole) if whole else Fraction(0) for name, size in sizes.items()}


def _rounded(share: Mapping[str, Fraction]) -> dict[str, int]:
    """Largest remainder. A share is never above its stratum's size, a whole number, so rounding up never is either."""
    numbers = {name: int(part) for name, part in share.items()}
    left = int(sum(share.values())) - sum(numbers.values())
    by_remainder = sorted(share, key=lambda name: (numbers[name] - share[name], name))
    return numbers | {name: numbers[name] + 1 for name in by_remainder[:left]}


def chosen(strata: Mapping[str, Iterable[str]], numbers: Mapping[str, int], seed: str, draw: str) -> list[Chosen]:
    """The members drawn, in the order of their ranks over all strata, which says nothing of stratum or name.

    Within a stratum those with the lowest ranks are taken; under an unknown seed each set of n_h members is as likely
    as any other, so a member's inclusion probability is n_h / N_h.

    Args:
        strata: By stratum: the names of its members, in any order, each once.
        numbers: By stratum: how many to take, at most as many as it holds.
        draw: What the draw is called, so that one seed ranks differently in every draw.
    """
    found: list[tuple[bytes, Chosen]] = []
    for stratum, names in strata.items():
        ranked = ranked_by_hash(names, seed, draw)
        drawn = numbers.get(stratum, 0)
        if drawn > len(ranked):
            raise ValueError("a stratum cannot give more than it holds")
        found += [(rank(seed, draw, name), Chosen(name, stratum, drawn, len(ranked))) for name in ranked[:drawn]]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].name))]


def ranked_by_hash(names: Iterable[str], seed: str, draw: str) -> list[str]:
    """The names in the order of their ranks."""
    return sorted(names, key=lambda name: (rank(seed, draw, name), name))


def rank(seed: str, draw: str, name: str) -> bytes:
    """SHA-256 over the three texts in UTF-8, each behind its length in four bytes, most significant first."""
    return _hash((seed, draw, name))


def selected_for_moderation(seed: str, audit: str, one_in: int) -> bool:
    """Whether an audit is among the random one in `one_in` that are moderated.

    The SHA-256 over seed, the word `moderation` and the audit's reference (as in `rank`), read as a number, is
    divided by `one_in`; it is selected when nothing remains. The probability is 1 / one_in to within 2 ** -200.

    Raises:
        ValueError: `one_in` is less than one.
    """
    if one_in < 1:
        raise ValueError("one in none cannot be selected")
    return int.from_bytes(_hash((seed, "moderation", audit)), "big") % one_in == 0


def _hash(texts: Sequence[str]) -> bytes:
    encoded = [text.encode() for text in texts]
    return hashlib.sha256(b"".join(part for text in encoded for part in (_LENGTH(len(text)), text))).digest()
