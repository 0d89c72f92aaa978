"""Who must keep out of one audit, beside the people it names: asked of the database whenever it matters.

An audit's row says who its practitioner and manager were when it was drawn and allocated. Cases change hands and
people change teams after that, and whoever graded an audit once may hold another role by the time it is moderated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from audit_engine.queries.allocating import named_by_history
from audit_engine.queries.asking import HOLDS_TODAY, managing_today
from audit_engine.queries.at_hand import AtHand, returned_to, workflow_of
from audit_engine.records.ledger_tables import Entry
from audit_engine.records.prepared import Prepared
from audit_engine.records.tables import Case, Moderation

HELD_BEFORE = "worked on this case before"
GRADED = "graded this audit"
COMPARED = "saw the auditor's grades in an earlier moderation of this audit"
_BLIND = "blind"

# Made once: building a statement costs more than running it, and every grade of a moderator runs these.
_HOLDER = Prepared(select(col(Case.practitioner)).where(col(Case.key) == bindparam("case")))
_GAVE = Prepared(
    select(col(Entry.actor))
    .where(col(Entry.chain) == bindparam("of"), or_(col(Entry.kind) == "rated", col(Entry.kind) == "undone"))
    .distinct()
)
_EARLIER = Prepared(
    select(col(Moderation.key), col(Moderation.moderator)).where(
        col(Moderation.audit) == bindparam("of"), col(Moderation.stage) != _BLIND
    )
)


@dataclass(frozen=True, slots=True)
class Barred:
    """People with why, in words that go on from their name, for `engine.independence.conflicts`."""

    everywhere: Mapping[UUID, str]
    """They may neither audit nor moderate it."""
    moderating: Mapping[UUID, str]
    """They may not moderate it."""


def barred(session: Session, hand: AtHand, day: date) -> Barred:
    """Who may not audit or moderate this audit on `day`. Reads no grade."""
    return Barred(_by_the_case(session, hand.audit, day), _by_the_grades(session, hand))


def _by_the_case(session: Session, audit: Mapping[str, Any], day: date) -> dict[UUID, str]:
    """Whoever the case's history names, whoever works on it today, whoever manages the practitioner today."""
    case = audit["case_key"]
    holder = _HOLDER.first(session.connection(), {"case": case})
    found = dict.fromkeys(named_by_history(session, case), HELD_BEFORE)
    found |= managing_today(session, audit, day)
    if holder is not None and holder[0] is not None:
        found[holder[0]] = HOLDS_TODAY
    found.pop(audit["practitioner"], None)  # the audit itself names them
    return found


def _not_returned(session: Session, hand: AtHand) -> UUID | None:
    """The newest moderation, unless the audit was returned from it and another may follow."""
    if hand.moderation is None:
        return None
    key: UUID = hand.moderation["key"]
    digest = hand.moderation["workflow_digest"]
    over = digest is not None and hand.moderation["stage"] in returned_to(workflow_of(session, digest))
    return None if over else key


def _by_the_grades(session: Session, hand: AtHand) -> dict[UUID, str]:
    """Whoever gave a grade of this audit as its auditor, or compared it in a moderation that was returned."""
    connection, of_it = session.connection(), {"of": hand.key}
    found = {person: GRADED for (person,) in _GAVE.rows(connection, of_it) if person is not None}
    newest = _not_returned(session, hand)
    found |= {who: COMPARED for key, who in _EARLIER.rows(connection, of_it) if key != newest}
    found.pop(hand.audit["auditor"], None)  # the audit itself names them
    return found
