"""The place of an audit on its way, drawn: never more lines than there is room for, and never without where it is."""

from dataclasses import replace
from datetime import date

import pytest
from rich.cells import cell_len

from audit_engine.views import AHEAD, HERE, PASSED, TrackStage, TrackView
from tui.drawing.track import track_lines
from tui.drawing.words import plain

TITLES = (
    "Drawn", "Allocated", "Being graded", "Submitted for moderation", "Being moderated", "Decided",
    "Shared with the practitioner", "Answered by the practitioner", "Closed",
)  # fmt: skip


def view(here: int, titles: tuple[str, ...] = TITLES, **other: object) -> TrackView:
    """Nine stages, the present one at a place."""
    stages = tuple(
        TrackStage(
            title, PASSED if n < here else HERE if n == here else AHEAD, date(2024, 1, n + 1) if n <= here else None
        )
        for n, title in enumerate(titles)
    )
    found = TrackView(
        stages, date(2024, 1, 22), late=False, stands_still="", waits=("the auditor of this audit (P-5)",)
    )
    return replace(found, **other)  # type: ignore[arg-type]


def test_all_of_it_where_there_is_room() -> None:
    assert plain(track_lines(view(1, TITLES[:4]), 120)) == (
        " Drawn 1 Jan > [HERE: Allocated 2 Jan] > Being graded > Submitted for moderation\n"
        " Due Monday 22 January 2024. Waits on the auditor of this audit (P-5)."
    )


def test_first_the_days_go_then_what_is_farthest_from_here() -> None:
    assert plain(track_lines(view(5), 80)).split("\n")[:2] == [
        " .. > Submitted for moderation > Being moderated > [HERE: Decided 6 Jan] >",
        " Shared with the practitioner > Answered by the practitioner > Closed",
    ]
    assert plain(track_lines(view(2), 80)).split("\n")[:2] == [
        " Drawn > Allocated > [HERE: Being graded 3 Jan] > Submitted for moderation >",
        " Being moderated > Decided > Shared with the practitioner > .. > Closed",
    ]


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
@pytest.mark.parametrize("here", range(len(TITLES)))
def test_it_keeps_within_its_lines_and_always_says_where_it_is(here: int, width: int) -> None:
    lines = [line.plain for line in track_lines(view(here, tuple(f"{title} \u5bb6" for title in TITLES)), width)]
    way = lines[: next(n for n, line in enumerate(lines) if line.startswith(" Due"))]

    assert 1 <= len(way) <= 2
    assert all(cell_len(line) <= width for line in lines)
    assert f"[HERE: {TITLES[here]}" in " ".join(way)


def test_a_title_longer_than_the_screen_is_cut() -> None:
    lines = track_lines(view(0, ("Very long " * 12,)), 40)

    assert plain(lines).startswith(" [HERE: Very long")
    assert all(cell_len(line.plain) <= 40 for line in lines)


def test_what_is_late_what_stands_still_and_what_more_waits() -> None:
    late = plain(track_lines(view(1, late=True), 120))
    assert "Due Monday 22 January 2024, which is past." in late
    still = plain(track_lines(view(1, stands_still="Its time stands still: 8 working days are left."), 120))
    assert "Its time stands still: 8 working days are left. Waits on" in still
    many = plain(track_lines(view(1, waits=tuple("abcde")), 120))
    assert "Waits on a; b; c; and 2 more." in many


def test_another_year_is_said_and_hostile_words_stay_words() -> None:
    stages = (
        TrackStage("Drawn\x1b[2J", PASSED, date(2023, 12, 29)), TrackStage("Allocated", HERE, date(2024, 1, 2)),
    )  # fmt: skip
    shown = plain(track_lines(view(0, stages=stages), 120))
    assert shown.startswith(" Drawn<U+001B>[2J 29 Dec 2023 > [HERE: Allocated 2 Jan]")
