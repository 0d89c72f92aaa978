"""Drafts: what somebody is still writing, kept every second, so that a terminal that goes away takes no text along.

A draft is nobody's record. It has no command, no turn and no entry; the next one at its place replaces it, whoever
typed last wins, and only its own person ever reads it (`queries.drafts`).
"""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, not_, or_, update
from sqlmodel import Session, SQLModel

from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason, Refused
from audit_engine.queries.drafts import Writable, writable
from audit_engine.records import live_tables
from audit_engine.records.database import Database
from audit_engine.records.prepared import Prepared
from audit_engine.safe_text import MAX_TEXT, cleaned, quoted

assert live_tables is not None  # noqa: S101 - imported for what importing does: `drafts` is known by name

CONCERN = "concern"
"""Alone, or with a colon and more behind it: the words of an escalation, which are written on ended audits too."""
WORDS_OF_ESCALATION = "step:concern"
"""With a colon, the event and the escalation's number behind it: what somebody has to say when they bring one on."""
_PLACE = re.compile("[a-z0-9_.:]{1,120}", re.ASCII)

# Made once: building a statement costs more than running it, and whoever types runs these every second.
_DRAFTS = SQLModel.metadata.tables["drafts"]
_AT_PLACE = and_(
    _DRAFTS.c.person == bindparam("by_person"),
    _DRAFTS.c.audit == bindparam("of_audit"),
    _DRAFTS.c.place == bindparam("at_place"),
)
_OTHER_TEXT = Prepared(
    update(_DRAFTS).where(_AT_PLACE).values(text=bindparam("to_text"), kept_at=bindparam("to_kept_at"))
)
_NEW_DRAFT = Prepared(insert(_DRAFTS), "person", "audit", "place", "text", "kept_at")
_NO_DRAFT = Prepared(delete(_DRAFTS).where(_AT_PLACE))
_IS_CONCERN = or_(_DRAFTS.c.place == CONCERN, _DRAFTS.c.place.startswith(f"{CONCERN}:"))
_NO_MORE = Prepared(delete(_DRAFTS).where(_DRAFTS.c.audit == bindparam("of_audit"), not_(_IS_CONCERN)))


def keep_draft(db: Database, actor: Actor, reference: str, place: str, text: str, *, at: datetime) -> None:
    """Keep what the actor has written so far; it replaces what was kept at this place before.

    Args:
        place: What is being written, such as `note:heard.seen`, `answer` or `concern`; the words of a concern begin
            with `concern`, those of whoever brings an escalation on with `step:concern`.
        text: Whatever cannot be seen is left out. Longer than any text may be, it is cut, not refused. Blank drops
            the draft.

    Raises:
        Refused: there is no such live audit or it is not theirs, which is the same answer; it came to its end; or
            the place is none.
        Unusable: the database cannot be written; the draft kept before is still there.
    """
    what = "keep this draft"
    _check_place(place, what)
    kept = cleaned(text)[0][:MAX_TEXT]

    def act(session: Session) -> None:
        audit = writable(session, actor, reference, what)
        if not kept.strip():
            _drop(session, actor, audit.key, place)
            return
        _not_ended(audit, reference, place, what)
        connection = session.connection()
        here = {"by_person": actor.person, "of_audit": audit.key, "at_place": place}
        if not _OTHER_TEXT.write(connection, here | {"to_text": kept, "to_kept_at": at}):
            row = {"person": actor.person, "audit": audit.key, "place": place, "text": kept, "kept_at": at}
            _NEW_DRAFT.write(connection, row)

    db.transact(act)


def drop_draft(db: Database, actor: Actor, reference: str, place: str) -> None:
    """Let go of the actor's draft at this place; nothing happens when there is none.

    Raises as `keep_draft`, but never for an audit that came to its end.
    """
    what = "drop this draft"
    _check_place(place, what)
    db.transact(lambda session: _drop(session, actor, writable(session, actor, reference, what).key, place))


def drop_drafts_at_the_end(session: Session, audit: UUID) -> None:
    """Let go of everybody's drafts on an audit that comes to its end, concerns excepted; in that transaction."""
    _NO_MORE.write(session.connection(), {"of_audit": audit})


def drop_words_of_escalation(session: Session, audit: UUID, number: int, event: str, actor: Actor | None) -> None:
    """Let go of the words of an event of an escalation that is done; in that transaction.

    Args:
        number: Which of the audit's escalations, from 1.
        actor: Whose; None: everybody's words of every event, since the escalation is closed.
    """
    if actor is not None:
        _drop(session, actor, audit, f"{WORDS_OF_ESCALATION}:{event}:{number}")
        return
    place = _DRAFTS.c.place
    of_it = and_(place.startswith(f"{WORDS_OF_ESCALATION}:", autoescape=True), place.endswith(f":{number}"))
    session.connection().execute(delete(_DRAFTS).where(_DRAFTS.c.audit == audit, of_it))


def _drop(session: Session, actor: Actor, audit: UUID, place: str) -> None:
    _NO_DRAFT.write(session.connection(), {"by_person": actor.person, "of_audit": audit, "at_place": place})


def _check_place(place: str, what: str) -> None:
    if not _PLACE.fullmatch(place):
        text = (
            f"{quoted(place)} is no place a draft can be kept at. "
            "Name it with at most 120 small letters, digits, points, colons and underscores."
        )
        raise Refused(f"cannot {what}", [Reason("place", text)])


def _not_ended(audit: Writable, reference: str, place: str, what: str) -> None:
    about_a_child = place.partition(":")[0] == CONCERN or place.startswith(f"{WORDS_OF_ESCALATION}:")
    if audit.final and not about_a_child:
        text = f"{reference} has come to its end, and nothing more is written on it. Copy what you still need of it."
        raise Refused(f"cannot {what}", [Reason("stage", text)])
