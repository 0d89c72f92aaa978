"""Who is named for the places of a matter: there is such a person, they hold the role today, nobody is two of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts import NAMING, OPENER
from audit_engine.engine.relations import conflicts_at
from audit_engine.problems import Reason
from audit_engine.queries.at_hand import names_of
from audit_engine.queries.people import held_on
from audit_engine.records.tables import Person, RoleHeld
from audit_engine.safe_text import quoted

RULE = "names"


def named_people(
    session: Session, named: Mapping[str, str], places: Iterable[str]
) -> tuple[dict[str, UUID], list[Reason]]:
    """The people who were named, by place, and every reason why what was said does not do.

    Args:
        named: References of people, by place.
        places: The places somebody may be named for.
    """
    found, reasons, known = dict[str, UUID](), list[Reason](), tuple(places)
    for place, reference in named.items():
        if place not in known:
            hint = offered(place, known) if known else "Nobody is named for anything here."
            reasons.append(Reason(RULE, f"Nobody is named as {quoted(place)} here. {hint}"))
            continue
        asked = select(col(Person.key)).where(col(Person.reference) == reference)
        person = session.connection().execute(asked).scalar_one_or_none()
        if person is None:
            text = f"Nobody here has the reference {quoted(reference)}, so they cannot be the {_words(place)}."
            reasons.append(Reason(RULE, f"{text} Check it in people.csv."))
        else:
            found[place] = person
    return found, reasons


def taken_places(workflow: ReadWorkflow, opener: UUID | None, named: Mapping[str, UUID]) -> dict[str, UUID]:
    """Who stands in a matter when it is opened, by place: whoever opens it, and who was named.

    Args:
        opener: None when the clock opens it: then nobody stands there.
    """
    places = workflow.workflow.places
    # Whoever is named comes first: what is said of two who are one person is then said of the one that was named.
    standing = {name: named.get(name) for name, place in places.items() if place.origin == NAMING}
    standing |= {name: opener for name, place in places.items() if place.origin == OPENER}
    return {name: person for name, person in standing.items() if person is not None}


def unnamed(workflow: ReadWorkflow, named: Mapping[str, object]) -> list[Reason]:
    """The places somebody must be named for and nobody was."""
    missing = [name for name, place in workflow.workflow.places.items() if place.origin == NAMING and name not in named]
    return [
        Reason(RULE, f"Say who is its {_words(place)}, by the person's reference: --name {place}=PERSON.")
        for place in missing
    ]


def against_people(
    session: Session, workflow: ReadWorkflow, people: Mapping[str, UUID | None], chosen: Iterable[str], day: date
) -> list[Reason]:
    """Why those who stand in the places `chosen` may not: a role they do not hold today, somebody they must not be.

    Args:
        people: Of its audit and of its places, those that are chosen among them.
    """
    names = names_of(session, {person for person in people.values() if person is not None})
    reasons: dict[frozenset[str], Reason] = {}
    for name in chosen:
        person, role = people[name], workflow.workflow.places[name].role
        if person is None:
            continue
        if role is not None and not _holds(session, person, role, day):
            text = f"{names[person]} is no {_words(role)} today, and the {_words(name)} must be one."
            reasons[frozenset((name,))] = Reason(RULE, f"{text} Name somebody who is.")
        for reason in conflicts_at(workflow, name, person, people, names):
            other = reason.rule.removeprefix(f"{name}_is_")
            reasons.setdefault(frozenset((name, other)), reason)
    return list(reasons.values())


def _holds(session: Session, person: UUID, role: str, day: date) -> bool:
    asked = select(col(RoleHeld.person)).where(col(RoleHeld.person) == person, col(RoleHeld.role) == role, held_on(day))
    return session.connection().execute(asked.limit(1)).first() is not None


def _words(name: str) -> str:
    return name.replace("_", " ")
