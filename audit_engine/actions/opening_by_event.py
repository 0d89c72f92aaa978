"""What an event opens beside moving something on: it is written in the transaction of the move, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.actions.changing import clean_text
from audit_engine.actions.naming import against_people, taken_places
from audit_engine.actions.new_matters import Hanging, Opened, Words, add_matter, pinned_text
from audit_engine.actions.re_auditing import add_audit
from audit_engine.calendars import day_of, quarter_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, MATTER, THE_AUDIT
from audit_engine.engine.demands import title_of_link
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import AtHand, rubric_of
from audit_engine.queries.matter_at_hand import MatterAtHand, keys_by_place
from audit_engine.records.tables import Person

RULE = "opens"


@dataclass(frozen=True)
class OpenedFrom:
    """What something is opened from: an audit or a matter, as it stands before it is moved on."""

    key: UUID
    reference: str
    workflow: ReadWorkflow
    people: Mapping[str, UUID | None]
    """Of its audit, and those of its places."""
    audit: UUID | None
    """The audit it is, or is about."""
    subject: str | None = None
    """Of a matter about something else."""

    @property
    def about(self) -> str:
        """What it is about: an audit is about itself."""
        return THE_AUDIT if self.workflow.workflow.governs == AUDIT else self.workflow.workflow.about or THE_AUDIT


def from_audit(hand: AtHand) -> OpenedFrom:
    """An audit as what something is opened from."""
    people = {**hand.people, **keys_by_place(hand.audit.get("places"))}
    return OpenedFrom(hand.key, hand.audit["reference"], hand.workflow, people, hand.key)


def from_matter(hand: MatterAtHand) -> OpenedFrom:
    """A matter as what something is opened from."""
    audit = None if hand.audit is None else hand.audit["key"]
    return OpenedFrom(
        hand.key, hand.matter["reference"], hand.workflow, hand.people, audit, hand.matter["subject"]
    )  # fmt: skip


def opened_by_event(
    session: Session, catalogue: Catalogue, stem: OpenedFrom, event: ReadEvent, values: Mapping[str, Value], *,
    by: UUID, actor: UUID | None, at: datetime, reason: str | None = None,
) -> Opened:  # fmt: skip
    """What an event opens: its happenings go into the ledger with those of the move, then its rows are written.

    Args:
        stem: With the people as the event leaves them.
        values: What its conditions speak of, as the event leaves it, `stage` among them. What is not known does not
            hold, so nothing is opened on it.
        by: Whoever does the event; whoever ran the clock, when that does.
        actor: The same person, or None when the clock does it: then nobody stands in it as its opener.
        reason: What was given as the event's reason.

    Raises:
        Refused: with every reason why something that must be opened cannot be.
    """
    opened, reasons = Opened(), list[Reason]()
    for link, condition in event.opens:
        if condition is not None and not condition.outcome(values).held:
            continue
        title, partner = title_of_link(stem.workflow, link), _partner(catalogue, stem.workflow, link)
        if isinstance(partner, Reason):
            reasons.append(partner)
            continue
        hanging = Hanging(stem.key, stem.reference, link, event.written.id)
        if partner.workflow.governs != MATTER:
            reasons += _another_audit(session, opened, catalogue, stem, partner, hanging, at)
            continue
        places, against = _places(session, stem, link, partner, actor, at)
        reasons += [Reason(RULE, f"This opens {title}. {one.text}") for one in against]
        if not against:
            about = Words(
                _words(stem, link, event, reason), subject_of(session, stem, partner, at) or stem.reference, stem.audit
            )
            about = about if partner.workflow.about != THE_AUDIT else Words(about.words, None, stem.audit)
            kept = pinned_text(catalogue, partner.workflow.workflow)
            add_matter(session, opened, partner, kept, about, places, by=by, at=at, hanging=hanging)
    if reasons:
        raise Refused(f"cannot {event.written.title[:1].lower()}{event.written.title[1:]}", reasons)
    return opened


def _partner(catalogue: Catalogue, workflow: ReadWorkflow, link: str) -> ReadWorkflow | Reason:
    name = workflow.workflow.links[link].workflow
    if name in catalogue.workflows:
        return catalogue.workflows[name]
    text = f"This opens {title_of_link(workflow, link)}, and there is no workflow '{name}' here any more."
    return Reason(RULE, f"{text} Ask whoever keeps the workflows to bring it back.")


def _another_audit(
    session: Session, opened: Opened, catalogue: Catalogue, stem: OpenedFrom, partner: ReadWorkflow, hanging: Hanging,
    at: datetime,
) -> list[Reason]:  # fmt: skip
    if stem.audit is None:
        return [Reason(RULE, NO_AUDIT)]
    kept = pinned_text(catalogue, partner.workflow.workflow)
    add_audit(session, opened, partner, kept, stem.audit, hanging, at=at)
    return []


NO_AUDIT = "This opens another audit of the same case, and this is about none. Open it from what is about an audit."


def _places(
    session: Session, stem: OpenedFrom, link: str, partner: ReadWorkflow, actor: UUID | None, at: datetime
) -> tuple[dict[str, UUID], list[Reason]]:
    """Who stands in what is opened, and why they may not."""
    named, missing = default_places(stem, link)
    reasons = [
        Reason(RULE, f"Its {place.replace('_', ' ')} is the {person.replace('_', ' ')}, who is not known yet.")
        for place, person in missing.items()
    ]
    places = taken_places(partner, actor, named)
    people = {**people_of(stem, partner), **places}
    return places, [*reasons, *against_people(session, partner, people, places, day_of(at))]


def default_places(stem: OpenedFrom, link: str) -> tuple[dict[str, UUID], dict[str, str]]:
    """Who is named by the link itself, by place; and the places for which it names somebody who is not there."""
    named, missing = dict[str, UUID](), dict[str, str]()
    for place, name in stem.workflow.workflow.links[link].places.items():
        person = stem.people.get(name)
        if person is None:
            missing[place] = name
        else:
            named[place] = person
    return named, missing


def people_of(stem: OpenedFrom, partner: ReadWorkflow) -> dict[str, UUID | None]:
    """The people of the audit, as what is opened knows them; its own places are not among them yet."""
    places = stem.workflow.workflow.places
    of_audit = {name: person for name, person in stem.people.items() if name not in places}
    return {name: person for name, person in of_audit.items() if name not in partner.workflow.places}


def _words(stem: OpenedFrom, link: str, event: ReadEvent, reason: str | None) -> str:
    """What it is about: the link's own words, else the reason that was given, else what was done."""
    written = stem.workflow.workflow
    if written.links[link].words is not None:
        return str(written.links[link].words)
    given = clean_text(reason or "", "open this")
    if event.written.reason_from is not None:
        given = next((one.label for one in written.reasons[event.written.reason_from] if one.id == given), given)
    return given or event.written.title


def subject_of(session: Session, stem: OpenedFrom, partner: ReadWorkflow, at: datetime) -> str | None:
    """What a matter is about that is not about an audit, as what it is opened from knows it; None when it does not."""
    about = partner.workflow.about
    if about == stem.about:
        return stem.subject
    if about == "period":
        return str(quarter_of(day_of(at)))
    if stem.audit is None:
        return None
    audits: Any = SQLModel.metadata.tables["audits"]
    columns: Any = (audits.c.area, audits.c.team, audits.c.rubric_digest, col(Person.reference).label("person"))
    joined = audits.outerjoin(Person, col(Person.key) == audits.c.practitioner)
    asked = select(*columns).select_from(joined).where(audits.c.key == stem.audit)
    found = session.connection().execute(asked).mappings().one()
    if about == "rubric":
        return rubric_of(session, found["rubric_digest"]).rubric.rubric
    value = found.get(about or "")
    return None if value is None else str(value)
