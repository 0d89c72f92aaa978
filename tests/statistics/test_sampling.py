"""Allocation to strata and choosing by rank: exact sums, fair chances, the same on every machine."""

from collections import Counter
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.statistics.sampling import allocation, chosen, rank, selected_for_moderation

SIZES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 400), min_size=1, max_size=12)


@st.composite
def asked(draw: st.DrawFn) -> tuple[dict[str, int], int, int]:
    """Sizes, a total and a minimum that can be had."""
    sizes = draw(SIZES)
    at_least = draw(st.integers(0, 20))
    needed = sum(min(at_least, size) for size in sizes.values())
    return sizes, draw(st.integers(needed, sum(sizes.values()))), at_least


@given(asked())
def test_the_sum_is_exact_and_no_stratum_gives_more_than_it_holds_or_less_than_its_minimum(
    given_: tuple[dict[str, int], int, int],
) -> None:
    sizes, total, at_least = given_

    numbers = allocation(sizes, total, at_least)

    assert list(numbers) == list(sizes)
    assert sum(numbers.values()) == total
    assert all(min(at_least, sizes[name]) <= number <= sizes[name] for name, number in numbers.items())


@given(asked())
def test_without_a_minimum_every_number_is_its_share_rounded_up_or_down(
    given_: tuple[dict[str, int], int, int],
) -> None:
    sizes, total, _ = given_
    whole = sum(sizes.values())

    for name, number in allocation(sizes, total).items():
        share = total * sizes[name]
        assert share // max(whole, 1) <= number <= -(-share // max(whole, 1))


@given(asked(), st.randoms())
def test_the_order_of_strata_does_not_matter(given_: tuple[dict[str, int], int, int], shuffle: object) -> None:
    sizes, total, at_least = given_
    items = list(sizes.items())
    shuffle.shuffle(items)  # type: ignore[attr-defined]  # hypothesis hands out random.Random
    other = dict(items)

    assert allocation(sizes, total, at_least) == allocation(other, total, at_least)


def test_a_worked_example() -> None:
    # 100 of 1,000: the shares are 60.5, 30.5, 8.8 and 0.2. The small one gets its minimum of 2; the other 98 are
    # shared among 998: 59.4, 29.9, 8.6. One more goes to c (0.64 left over), one to b (0.95).
    sizes = {"a": 605, "b": 305, "c": 88, "d": 2}

    assert allocation(sizes, 100, 2) == {"a": 59, "b": 30, "c": 9, "d": 2}


def test_ties_go_to_the_name_that_comes_first() -> None:
    assert allocation({"b": 5, "a": 5, "c": 5}, 4) == {"a": 2, "b": 1, "c": 1}


def test_minimums_may_differ() -> None:
    assert allocation({"a": 90, "b": 10}, 10, {"b": 5}) == {"a": 5, "b": 5}


@pytest.mark.parametrize(
    ("sizes", "total", "at_least"), [({"a": 3}, 4, 0), ({"a": 3, "b": 3}, 3, 2), ({"a": 3}, -1, 0), ({"a": -1}, 0, 0)]
)
def test_what_cannot_be_had_is_refused(sizes: dict[str, int], total: int, at_least: int) -> None:
    with pytest.raises(ValueError, match=r"cannot be negative|more than"):
        allocation(sizes, total, at_least)


def members(count: int, prefix: str) -> list[str]:
    return [f"{prefix}-{number:04d}" for number in range(count)]


STRATA = {"north": members(12, "N"), "south": members(30, "S")}
NUMBERS = {"north": 3, "south": 5}


@given(st.text(max_size=20), st.text(max_size=20), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_frame(seed: str, draw: str, mixed: object) -> None:
    shuffled = {name: list(listed) for name, listed in reversed(STRATA.items())}
    for listed in shuffled.values():
        mixed.shuffle(listed)  # type: ignore[attr-defined]  # hypothesis hands out random.Random

    drawn = chosen(STRATA, NUMBERS, seed, draw)

    assert drawn == chosen(shuffled, NUMBERS, seed, draw)
    assert Counter(one.stratum for one in drawn) == NUMBERS
    assert len({one.name for one in drawn}) == 8
    assert {(one.drawn, one.size) for one in drawn} == {(3, 12), (5, 30)}


def test_the_rank_is_the_same_on_every_machine() -> None:
    # Worked out with sha256sum: printf '\0\0\0\1s\0\0\0\1d\0\0\0\3C-1' | sha256sum
    assert rank("s", "d", "C-1").hex() == "1bc4de73be6de391ad2e6f094c0194da8466545ae4a9bba6bda09219c47e23af"


def test_a_larger_sample_holds_the_smaller_one() -> None:
    small = {one.name for one in chosen(STRATA, NUMBERS, "seed", "draw")}
    large = {one.name for one in chosen(STRATA, {"north": 4, "south": 9}, "seed", "draw")}

    assert small < large


def test_a_stratum_cannot_give_more_than_it_holds() -> None:
    with pytest.raises(ValueError, match="more than it holds"):
        chosen(STRATA, {"north": 13}, "seed", "draw")


def within_five_deviations(count: int, trials: int, chance: float) -> bool:
    """Five standard deviations: a fair draw fails one in 1.7 million. The seeds are fixed, so it never does by luck."""
    return abs(count - trials * chance) <= 5 * sqrt(trials * chance * (1 - chance))


def test_every_member_is_drawn_as_often_as_its_probability_says() -> None:
    seeds = 2_000
    counts = Counter(one.name for seed in range(seeds) for one in chosen(STRATA, NUMBERS, str(seed), "draw"))

    for stratum, listed in STRATA.items():
        chance = NUMBERS[stratum] / len(listed)
        assert all(within_five_deviations(counts[name], seeds, chance) for name in listed)


def test_two_members_are_drawn_together_as_often_as_they_should() -> None:
    seeds, (first, second) = 2_000, STRATA["north"][:2]
    drawn = [{one.name for one in chosen(STRATA, NUMBERS, str(seed), "draw")} for seed in range(seeds)]

    together = sum({first, second} <= names for names in drawn)

    assert within_five_deviations(together, seeds, 3 / 12 * 2 / 11)


@pytest.mark.parametrize("one_in", [1, 2, 10, 97])
def test_one_in_so_many_is_selected_for_moderation(one_in: int) -> None:
    audits = 20_000
    count = sum(selected_for_moderation("seed", f"L-2324Q3-{number:04d}", one_in) for number in range(audits))

    assert count == audits if one_in == 1 else within_five_deviations(count, audits, 1 / one_in)


def test_selection_depends_on_the_seed_and_never_on_the_moment() -> None:
    told = [[selected_for_moderation(seed, f"A-{n}", 3) for n in range(200)] for seed in ("a", "b", "a")]

    assert told[0] == told[2] != told[1]


def test_one_in_none_is_refused() -> None:
    with pytest.raises(ValueError, match="one in none"):
        selected_for_moderation("seed", "A-1", 0)
