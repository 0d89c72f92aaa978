"""Observed sessions: practitioners watched at work, with their consent."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from audit_engine.training.days import LAST_DAY, working_day_from, working_days
from audit_engine.training.draws import chosen, pick
from audit_engine.training.facts import PRIVATE_WORK, PUBLIC_WORK
from audit_engine.training.people import Staff, Team
from audit_engine.training.size import Size


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of observations.csv."""

    observation: str
    practitioner: str
    team: Team
    observed_on: date
    work_type: str
    consented: bool
    feedback_given_on: date | None
    """None without consent, or when it had not been given by the last day."""


def observations_of(rng: Random, size: Size, staff: Staff) -> list[Observation]:
    """Observed sessions by day, spread over all practitioners."""
    sessions = sorted(rng.choice(working_days()) for _ in range(size.observations))
    places = list(range(size.observations))
    refused = chosen(rng, places, size.observations_without_consent)
    seats = [(team, one) for team in staff.teams for one in team.practitioners]
    observations = []
    for place, day in zip(places, sessions, strict=True):
        team, practitioner = rng.choice(seats)
        consented = place not in refused
        told = working_day_from(day + timedelta(days=rng.randrange(11))) if consented else None
        observations.append(
            Observation(
                f"O-{place + 1:05d}",
                practitioner.person,
                team,
                day,
                pick(rng, PRIVATE_WORK | PUBLIC_WORK),
                consented,
                told if told and told <= LAST_DAY else None,
            )
        )
    return observations
