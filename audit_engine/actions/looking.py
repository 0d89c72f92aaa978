"""Who looked at what. Kept on the viewer's own chain, so that nobody's looking refuses anybody's next grade."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from audit_engine.calendars import now
from audit_engine.engine.permission import Actor
from audit_engine.records.database import Database
from audit_engine.records.ledger import Author, Happening, append


def viewer_chain(workspace: UUID, person: UUID) -> UUID:
    """The key of the chain on which a person's looking is kept. Worked out, so that no table has to hold it."""
    return uuid5(workspace, person.hex)


def looked(
    db: Database,
    actor: Actor,
    what: Literal["viewed", "exported", "rendered"],
    about: str,
    chain: UUID | None,
    *,
    at: datetime | None = None,
) -> None:
    """Write down that the actor looked, in a transaction of its own.

    Args:
        about: Which kind of thing was looked at: `audit`, `case`, `summary`, ...
        chain: The key of that thing; None when it has none (a list, a summary).
        at: With time zone; now, unless told.
    """
    seen = {"about": about, "chain": chain}
    viewer = viewer_chain(db.workspace, actor.person)
    author = Author(actor.person, actor.role, actor.identified)
    moment = at or now()
    db.transact(
        lambda session: append(session, db.workspace, author, [Happening(viewer, "viewer", what, seen)], moment)
    )
