"""An audit's story in words, as one reader may hear it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import names_of, rubric_of, workflow_of
from audit_engine.queries.audits import audit_view
from audit_engine.queries.rubric_migrating import KIND
from audit_engine.queries.story_words import PEOPLE, Terms, criteria_of, entry_words, escalation_words
from audit_engine.queries.why import why
from audit_engine.records.tables import Audit, Moderation
from audit_engine.views import AuditView, EntryView, StoryLine, StoryView


def story_view(session: Session, actor: Actor, reference: str, catalogue: Catalogue) -> StoryView:
    """What happened to an audit, without what is withheld from the actor.

    Raises:
        Refused: there is none of this reference, or it is not theirs to see.
    """
    view = audit_view(session, actor, reference, catalogue)
    lines = sorted(story_lines(session, view), key=lambda line: line.at)
    track = None if view.imported else why(session, actor, reference).track
    told = tuple(_told_once(lines))
    return StoryView(reference, view.programme, told, view.withheld or _entered(view.story), track)


def _entered(entries: Iterable[EntryView]) -> str | None:
    """Why what was entered is withheld, also where the grades that came of it are not."""
    found = (
        one.payload["withheld"] for one in entries if one.kind == "rated" and one.payload and "withheld" in one.payload
    )
    return next(found, None)


def _told_once(lines: Sequence[StoryLine]) -> Iterator[StoryLine]:
    """What both stories tell of one moment, once; of going on with a moderation again and again, the newest."""
    told = {line.at for line in lines if line.about == "moderation"}
    both = {(line.at, line.says[0]) for line in lines if line.about == "audit"}
    for line, following in zip_longest(lines, lines[1:]):
        again = following is not None and (line.who, line.says) == (following.who, following.says)
        repeats = line.kind == "moderated" and (again or line.at in told)
        if not repeats and (line.about == "audit" or (line.at, line.says[0]) not in both):
            yield line


def story_lines(session: Session, view: AuditView) -> list[StoryLine]:
    """The lines of an audit that was read: its own story and its escalations' by time, then its moderations'."""
    terms = _terms(session, view)
    # Both have a stage called decided: what the moderation's own workflow calls things comes first there.
    second = replace(terms, workflows=(*terms.workflows[1:], *terms.workflows[:1]))
    first = [*_lines(session, view.story, "audit", terms), *_of_escalations(session, view, terms)]
    return [*sorted(first, key=lambda line: line.at), *_lines(session, view.moderation_story, "moderation", second)]


def _of_escalations(session: Session, view: AuditView, terms: Terms) -> list[StoryLine]:
    """Those of its escalations of which the reader is told."""
    lines = []
    for one in view.escalations:
        about = frozenset({one.criterion} if one.criterion else ())
        for entry in one.entries:
            own = replace(terms, workflows=(workflow_of(session, entry.workflow_digest or one.workflow_digest),))
            event, role = (entry.payload or {}).get("event"), entry.role.replace("_", " ")
            says = escalation_words(one.number, entry, own)
            lines.append(StoryLine(entry.at, "escalation", None, entry.kind, event, entry.actor, role, says, about))
    return lines


def _lines(session: Session, entries: Iterable[EntryView], about: str, terms: Terms) -> list[StoryLine]:
    return [
        StoryLine(
            one.at, about, one.turn, one.kind, (one.payload or {}).get("event"), one.actor, one.role.replace("_", " "),
            entry_words(one, _at_the_time(session, one, terms)), criteria_of(one),
        )
        for one in entries
    ]  # fmt: skip


def _at_the_time(session: Session, entry: EntryView, terms: Terms) -> Terms:
    """What ids meant when it happened: an audit may have been moved to other texts since."""
    if entry.rubric_digest and entry.kind != KIND:  # what moved it away speaks of grades of the text it came to
        terms = replace(terms, rubric=rubric_of(session, entry.rubric_digest))
    digest = entry.workflow_digest
    return replace(terms, workflows=(workflow_of(session, digest), *terms.workflows)) if digest else terms


def _terms(session: Session, view: AuditView) -> Terms:
    """What ids mean, by the very texts the audit and its moderations are under."""
    connection = session.connection()
    asked = select(col(Audit.key), col(Audit.workflow_digest)).where(col(Audit.reference) == view.reference)
    key, digest = connection.execute(asked).one()
    moderations = select(col(Moderation.workflow_digest)).where(col(Moderation.audit) == key).distinct()
    digests = [one for one in (digest, *connection.execute(moderations).scalars()) if one is not None]
    return Terms(
        rubric=rubric_of(session, view.rubric_digest),
        workflows=tuple(workflow_of(session, one) for one in digests),
        people=_people(session, [*view.story, *view.moderation_story]),
    )


def _people(session: Session, entries: Sequence[EntryView]) -> dict[str, str]:
    changed = [(one.payload or {}).get("changed", {}) for one in entries]
    keys = {str(value) for pairs in changed for name in PEOPLE & pairs.keys() for value in pairs[name] if value}
    for pairs in changed:
        keys |= {str(person) for places in pairs.get("places", ()) for person in (places or {}).values()}
    return {key.hex: name for key, name in names_of(session, {UUID(one) for one in keys}).items()}
