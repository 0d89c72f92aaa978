"""The case list of 31 December 2023: whose cases, since when, and what is known of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from audit_engine.training.days import LAST_DAY, working_day_until, working_days
from audit_engine.training.facts import Facts, draw_the_rest, facts_of, law_and_work
from audit_engine.training.people import Practitioner, Staff, Team
from audit_engine.training.size import Size
from audit_engine.training.words import (
    ALLOCATION,
    CLOSING,
    EXTENSION,
    OVER_52_WEEKS,
    OVERSIGHT_POINTS,
    STANDARD_WEEKS,
    TRIGGERS,
)

_AGES: Final = {
    "wtfh": ((85.0, 1, 100), (15.0, 100, 200)),
    "wafh_s7": ((60.0, 10, 200), (25.0, 200, 364), (15.0, 364, 700)),
    "s7_addendum": ((58.0, 10, 160), (28.0, 160, 364), (14.0, 364, 650)),
    "r16_4": ((25.0, 20, 200), (35.0, 200, 420), (40.0, 420, 1000)),
    "s31": ((58.0, 2, 240), (25.0, 240, 364), (17.0, 364, 640)),
    "other_public": ((68.0, 5, 240), (22.0, 240, 364), (10.0, 364, 500)),
}
"""How long open cases have been open: (weight, from, to), in days. About one in six over 52 weeks."""
_LIVES: Final = {
    "wtfh": (42, 110),
    "wafh_s7": (90, 400),
    "s7_addendum": (60, 250),
    "r16_4": (200, 800),
    "s31": (150, 420),
    "other_public": (90, 360),
}
"""How long closed cases were open, in days. Never under six weeks, so that there is practice to audit."""
_CLOSED_WORK: Final = (("private", "wtfh", 50.0), ("private", "wafh_s7", 22.0), ("private", "s7_addendum", 5.0),
                       ("private", "r16_4", 3.0), ("public", "s31", 15.0), ("public", "other_public", 5.0))  # fmt: skip
"""Law, work, weight. Half of them close after the first letter, as they do in life."""
_A_YEAR: Final = timedelta(weeks=52)
_ALLOCATION_COUNTS: Final = timedelta(weeks=40)
"""After this long, how a case was allocated is no longer what an audit asks about."""
_CLOSING: Final = timedelta(weeks=4)
"""The decision to close is taken no earlier than this before closing."""
_STEP: Final = 1000
"""Cases between two reports of progress."""


@dataclass(slots=True)
class Case:
    """One line of cases.csv."""

    case: str
    team: Team
    practitioner: str
    opened: date
    closed: date | None
    """None while it is open on the last day."""
    facts: Facts
    as_at: date
    """The day the triggers and points stand for: that of the latest audit, else of the list or of closing.

    What is known of a case when it is audited is what decides whether supervision was expected.
    """

    def weeks_open(self, day: date) -> int:
        """Whole weeks from opening until `day`, or until closing if that was earlier."""
        return (min(day, self.closed or day) - self.opened).days // 7

    def is_over_52_weeks(self, day: date) -> bool:
        return min(day, self.closed or day) - self.opened > _A_YEAR

    def triggers_on(self, day: date) -> list[str]:
        """Why supervision is expected on `day`; nothing when it is not."""
        present = [*self.facts.triggers, OVER_52_WEEKS] if self.is_over_52_weeks(day) else self.facts.triggers
        return [trigger for trigger in TRIGGERS if trigger in present]

    def points_on(self, day: date) -> list[str]:
        """Why management oversight is expected on `day`; nothing when it is not."""
        stale = []
        if day - self.opened > _ALLOCATION_COUNTS:
            stale.append(ALLOCATION)
        if not self.is_delayed(day):
            stale.append(EXTENSION)
        if self.closed and day + _CLOSING < self.closed:
            stale.append(CLOSING)
        return [point for point in OVERSIGHT_POINTS if point in self.facts.points and point not in stale]

    def is_delayed(self, day: date) -> bool:
        """Open on `day` for longer than this kind of work should take."""
        return self.weeks_open(day) > STANDARD_WEEKS[self.facts.work_type]


def cases_of(rng: Random, size: Size, staff: Staff, progress: Callable[[str, int, int], None]) -> list[Case]:
    """All cases, by id. The ids are dealt at random: they say nothing about age or area."""
    total = size.open_cases + size.closed_cases
    numbers = list(range(1, total + 1))
    rng.shuffle(numbers)
    closing_days = working_days()
    places = [team for team in staff.teams for _ in team.practitioners]
    cases = []
    for place, number in enumerate(numbers):
        closed = rng.choice(closing_days) if place >= size.open_cases else None
        cases.append(_case(rng, f"C-{number:06d}", rng.choice(places), closed))
        if place % _STEP == 0:
            progress("cases", place, total)
    progress("cases", total, total)
    return sorted(cases, key=lambda case: case.case)


def _case(rng: Random, case: str, team: Team, closed: date | None) -> Case:
    """One case of the team; it is open while `closed` is None."""
    if closed is None:
        law_type, work_type = law_and_work(rng)
        opened = _opened_before(rng, work_type)
        until = LAST_DAY
    else:
        law_type, work_type, _ = rng.choices(_CLOSED_WORK, [weight for _, _, weight in _CLOSED_WORK])[0]
        shortest, longest = _LIVES[work_type]
        opened = working_day_until(closed - timedelta(days=rng.randrange(shortest, longest)))
        until = closed
    facts = facts_of(rng, law_type, work_type, (until - opened).days // 7, closed=closed is not None)
    draw_the_rest(Random(f"{case} {facts.known}"), facts)
    return Case(case, team, _practitioner(rng, team, opened).person, opened, closed, facts, until)


def _opened_before(rng: Random, work_type: str) -> date:
    """When a case that is still open was opened."""
    bands = _AGES[work_type]
    _, youngest, oldest = rng.choices(bands, [weight for weight, _, _ in bands])[0]
    return working_day_until(LAST_DAY - timedelta(days=rng.randrange(youngest, oldest)))


def _practitioner(rng: Random, team: Team, opened: date) -> Practitioner:
    """One of the team who was there when the case was opened."""
    while True:
        one = rng.choice(team.practitioners)
        if one.since <= opened:
            return one
