"""Opens a matter by hand: from an audit or a matter that lets it hang there, or on its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.actions.changing import clean_text
from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.imports.writing import author_of
from audit_engine.actions.naming import against_people, named_people, taken_places, unnamed
from audit_engine.actions.new_matters import Hanging, Opened, Words, add_matter, pinned_text
from audit_engine.actions.opening_by_event import (
    OpenedFrom,
    default_places,
    from_audit,
    from_matter,
    people_of,
    subject_of,
)
from audit_engine.actions.re_auditing import add_audit
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, MATTER, THE_AUDIT
from audit_engine.definitions.workflow_parts import NAMING
from audit_engine.engine.permission import Actor
from audit_engine.engine.relations import may_begin, may_open
from audit_engine.problems import Reason, Refused
from audit_engine.queries.at_hand import at_hand, names_of
from audit_engine.queries.audits import audit_key
from audit_engine.queries.matters import found_matter, reference_of
from audit_engine.records.database import Database
from audit_engine.records.ledger import append
from audit_engine.records.tables import Audit
from audit_engine.safe_text import quoted

_OPEN = "open this"
MAX_SUBJECT = 200
"""Characters of what a matter is about, when that is no audit."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks to be opened."""

    name: str
    """Of a workflow; from an audit or a matter also of a link."""
    words: str
    audit: str | None = None
    """The audit it is about."""
    subject: str | None = None
    """What it is about, when that is no audit."""
    hangs_on: str | None = None
    """The audit or matter it is opened from."""
    link: str | None = None
    """By which of its links; found by the workflow when left out."""
    named: Mapping[str, str] = field(default_factory=dict)
    """References of people, by place."""


def open_matter(
    db: Database, actor: Actor, command: Command, workflow_name: str, catalogue: Catalogue, *, at: datetime, words: str,
    audit: str | None = None, subject: str | None = None, hangs_on: str | None = None, link: str | None = None,
    named: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Open a matter, or by a link another audit of the same case. Gives its reference.

    Opened from something, its link decides who may and when, and names people, for whom `named` may say others.
    Opened on its own, it is for those its workflow lets go on from its first stage, and for the quality lead.

    Args:
        workflow_name: The workflow's; with `hangs_on` also the link's.
        words: What it is about, in the actor's words.
        audit: The reference of the audit it is about, when it hangs on nothing.
        subject: What it is about, when that is no audit.
        hangs_on: The reference of the audit or matter it is opened from.
        link: By which of its links.
        named: References of people, by place.

    Raises:
        Refused: with every reason at once.
    """
    asked = Asked(workflow_name, words, audit, subject, hangs_on, link, named or {})

    def act(session: Session) -> str:
        if already_done(session, command):
            return reference_of(session, command.id)
        opened = _opened(session, actor, asked, catalogue, at)
        key = opened.happenings[0].chain
        turns = append(session, db.workspace, author_of(actor), opened.happenings, at, fresh={key})
        for row in opened.rows:
            row(session, turns)
        remember(session, command, key, turns[key])
        return opened.references[0]

    return db.transact(act)


def _opened(session: Session, actor: Actor, asked: Asked, catalogue: Catalogue, at: datetime) -> Opened:
    if asked.hangs_on is None:
        return _on_its_own(session, actor, asked, catalogue, at)
    stem, stage = _stem(session, actor, asked.hangs_on)
    link = _link_meant(stem, asked)
    name = stem.workflow.workflow.links[link].workflow
    partner = _workflow(catalogue, name)
    names = names_of(session, {person for person in stem.people.values() if person is not None})
    reasons = may_open(stem.workflow, link, actor, stem.people, names, stage)
    hanging, opened = Hanging(stem.key, stem.reference, link), Opened()
    if partner.workflow.governs == AUDIT:
        reasons += _needless(asked)
        if reasons or stem.audit is None:
            raise Refused(f"cannot {_OPEN}", reasons or [Reason("audit", _NO_AUDIT)])
        add_audit(session, opened, partner, pinned_text(catalogue, name), stem.audit, hanging, at=at)
        return opened
    words, subject, against = _said(session, asked, partner, stem, at)
    places, not_theirs = _places(session, actor, asked, partner, stem, link, at)
    reasons += [*against, *not_theirs]
    if reasons:
        raise Refused(f"cannot {_OPEN}", reasons)
    about = Words(words, subject, stem.audit)
    kept = pinned_text(catalogue, name)
    add_matter(session, opened, partner, kept, about, places, by=actor.person, at=at, hanging=hanging)
    return opened


def _on_its_own(session: Session, actor: Actor, asked: Asked, catalogue: Catalogue, at: datetime) -> Opened:
    partner = _workflow(catalogue, asked.name)
    if partner.workflow.governs != MATTER:
        text = f"'{asked.name}' is not opened by hand. `audit programme draw` draws audits; others the program begins."
        raise Refused(f"cannot {_OPEN}", [Reason("workflow", text)])
    stem = _audit_alone(session, actor, asked, partner)
    words, subject, reasons = _said(session, asked, partner, stem, at)
    people = stem.people if stem is not None else {}
    names = names_of(session, {person for person in people.values() if person is not None})
    places, not_theirs = _places(session, actor, asked, partner, stem, None, at)
    reasons = [*may_begin(partner, actor, people, names), *reasons, *not_theirs]
    if reasons:
        raise Refused(f"cannot {_OPEN}", reasons)
    opened, about = Opened(), Words(words, subject, stem.audit if stem is not None else None)
    add_matter(
        session, opened, partner, pinned_text(catalogue, asked.name), about, places, by=actor.person, at=at
    )  # fmt: skip
    return opened


def _workflow(catalogue: Catalogue, name: str) -> ReadWorkflow:
    if name not in catalogue.workflows:
        matters = [one for one, read in catalogue.workflows.items() if read.workflow.governs == MATTER]
        text = f"There is no workflow called {quoted(name)}. {offered(name, matters)}".strip()
        raise Refused(f"cannot {_OPEN}", [Reason("workflow", text)])
    return catalogue.workflows[name]


def _stem(session: Session, actor: Actor, reference: str) -> tuple[OpenedFrom, str]:
    """What it is opened from, and the stage that is at. Raises Refused when there is none that the actor may see."""
    matter = found_matter(session, actor, reference)
    if matter is not None:
        return from_matter(matter), matter.matter["stage"]
    key = _audit_key(session, actor, reference)
    digest = session.connection().execute(select(col(Audit.workflow_digest)).where(col(Audit.key) == key)).scalar()
    if digest is None:
        text = f"{reference} was imported: it came finished, and nothing hangs on it. Write --audit instead of --on."
        raise Refused(f"cannot {_OPEN}", [Reason("imported", text)])
    audit = at_hand(session, key, ratings=False)
    return from_audit(audit), audit.audit["stage"]


def _audit_key(session: Session, actor: Actor, reference: str) -> UUID:
    try:
        return audit_key(session, actor, reference)
    except Refused:
        text = f"Nothing of this reference is there that {actor.reference} may see. Check the reference."
        raise Refused(f"cannot {_OPEN}", [Reason("hangs_on", text)]) from None


def _audit_alone(session: Session, actor: Actor, asked: Asked, partner: ReadWorkflow) -> OpenedFrom | None:
    """The audit that a matter is about which hangs on nothing; None when it is about none."""
    if partner.workflow.about != THE_AUDIT:
        return None
    if asked.audit is None:
        text = "Say which audit it is about: --on AUDIT where it may be opened from that, else --audit AUDIT."
        raise Refused(f"cannot {_OPEN}", [Reason("audit", text)])
    key = _audit_key(session, actor, asked.audit)
    columns = (Audit.practitioner, Audit.manager, Audit.auditor)
    row = session.connection().execute(select(*map(col, columns)).where(col(Audit.key) == key)).mappings().one()
    return OpenedFrom(key, asked.audit, partner, dict(row), key)


def _link_meant(stem: OpenedFrom, asked: Asked) -> str:
    """The link of what it is opened from: by its name, or by the workflow that only one of them leads to."""
    links = stem.workflow.workflow.links
    name = asked.link if asked.link is not None else asked.name
    found = [name] if name in links else [one for one, link in links.items() if link.workflow == name]
    if len(found) != 1:
        known = offered(name, links) if links else "Nothing is ever opened from it."
        text = f"{quoted(name)} can be opened from {stem.reference} in several ways: {', '.join(found)}. Name one."
        if not found:
            text = f"Nothing called {quoted(name)} can be opened from {stem.reference}. {known}".strip()
        raise Refused(f"cannot {_OPEN}", [Reason("link", text)])
    return found[0]


def _needless(asked: Asked) -> list[Reason]:
    """Another audit takes everything from the one before."""
    if asked.named or asked.subject is not None:
        text = "Another audit of the case takes its people and its subject from there. Leave --name and --subject out."
        return [Reason("names", text)]
    return []


def _said(
    session: Session, asked: Asked, partner: ReadWorkflow, stem: OpenedFrom | None, at: datetime
) -> tuple[str, str | None, list[Reason]]:
    """Words and subject, and why they do not do."""
    reasons, words = [], clean_text(asked.words, _OPEN)
    if not words:
        reasons.append(Reason("words", "Say in a sentence what it is about, without names: --words TEXT."))
    subject = " ".join(clean_text(asked.subject or "", _OPEN).split()) or None
    about = partner.workflow.about or THE_AUDIT
    if about == THE_AUDIT:
        if subject is not None:
            text = "It is about an audit, so nothing else is its subject. Leave --subject out."
            reasons.append(Reason("subject", text))
        if stem is None or stem.audit is None:
            reasons.append(Reason("audit", _NO_AUDIT))
        return words, None, reasons
    if asked.audit is not None:
        reasons.append(Reason("audit", f"It is about a {about}, not about an audit. Leave --audit out."))
    subject = subject or (subject_of(session, stem, partner, at) if stem is not None else None)
    if subject is None:
        reasons.append(Reason("subject", f"Say which {about} it is about: --subject TEXT."))
    elif len(subject) > MAX_SUBJECT:
        over = f"This subject is {len(subject):,} characters long, and {MAX_SUBJECT} is the most. Shorten it."
        reasons.append(Reason("subject", over))
    return words, subject, reasons


_NO_AUDIT = "It is about an audit, and here there is none. Open it from an audit, or from what is about one."


def _places(
    session: Session, actor: Actor, asked: Asked, partner: ReadWorkflow, stem: OpenedFrom | None, link: str | None,
    at: datetime,
) -> tuple[dict[str, UUID], list[Reason]]:  # fmt: skip
    """Who stands in it, and why they may not: whoever was named goes before whom the link names."""
    naming = [name for name, place in partner.workflow.places.items() if place.origin == NAMING]
    said, reasons = named_people(session, asked.named, naming)
    named = ({} if stem is None or link is None else default_places(stem, link)[0]) | said
    reasons += unnamed(partner, {**named, **asked.named})
    places = taken_places(partner, actor.person, named)
    people = {**(people_of(stem, partner) if stem is not None else {}), **places}
    return places, [*reasons, *against_people(session, partner, people, places, day_of(at))]
