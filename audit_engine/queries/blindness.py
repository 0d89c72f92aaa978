"""What of an audit is withheld from whom, and until when.

A head of practice may be asked to moderate any audit, so until its grades are final they see none of them; their own
moderation, once its blind grades are locked, shows them what they compare. The auditor learns of the moderator's
grades only with the decision, since an audit that is returned is graded again. The practitioner reads what stands,
from the day it is shared with them; a manager from the day it is decided. Whoever is several of these gets the least.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.workflow import Stage
from audit_engine.engine.permission import Actor
from audit_engine.queries.at_hand import is_past_the_lock, workflow_of
from audit_engine.records.ledger import story
from audit_engine.records.tables import Audit, Moderation
from audit_engine.views import EntryView

MODERATED = "withheld: it may be moderated, and whoever moderates it grades it blind first"
NOT_SHARED = "withheld: it is not shared with the practitioner yet"
NOT_DECIDED = "withheld: it is not decided yet"
BEING_MODERATED = "withheld: its moderation is not finished"
NOT_THEIRS = "withheld: how a grade came about is not part of what is shared"
LEADING = ("moved", "migrated")
"""Kinds of entries that say to which stage an audit was led."""
_TELLING = frozenset({"rated", "undone"})
"""Kinds of entries whose payload is a grade or a note, and whose number and moments tell something of it."""
_TELLING_NOTHING = frozenset({"stage", "due", "locked", "selected", "entered", "clock_left", "clock_stopped_at"})
"""The columns a move may change without telling a grade. What is not named here is withheld."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one reader may not see of one audit, each with why; None where they may."""

    grades: str | None = None
    """Ratings, notes, the overall and the suggested grade."""
    moderation: str | None = None
    """That there is a moderation with grades of its own, blind and decided."""
    entered: str | None = None
    """What was entered on the way, whose payloads hold grades."""

    def story(self, entries: Sequence[EntryView]) -> tuple[EntryView, ...]:
        """The audit's story as this reader may see it: withheld entries between two others become one.

        How many there are, and when each was made, tells which question got a grade that asks for a note. So what
        stands for them bears the moment of the entry before them, and from there on no entry bears its turn.
        """
        told: list[EntryView] = []
        counted = True
        for entry in entries:
            folded = self._folded(entry)
            if folded is None:
                told.append(replace(self._entry(entry), turn=entry.turn if counted else None))
            elif not told or not _same(told[-1], folded):
                told.append(replace(folded, turn=None, at=told[-1].at if told else folded.at))
                counted = False
        return tuple(told)

    def _folded(self, entry: EntryView) -> EntryView | None:
        """What stands for an entry of which only that it was made is told; None for others."""
        if entry.kind in _TELLING and self.entered is not None:
            return replace(entry, kind="rated", payload={"withheld": self.entered})
        goes_on = entry.kind == "moderated" and "event" not in (entry.payload or {})
        if goes_on and self.moderation is not None:
            return replace(entry, payload={"withheld": self.moderation})
        return None

    def _entry(self, entry: EntryView) -> EntryView:
        if self.entered is not None and entry.payload is not None and entry.kind == "rubric_changed":
            # Which grades are called otherwise then, and which ratings fall away, tells what was rated, and how.
            versions = {name: entry.payload[name] for name in ("from_version", "to_version")}
            return replace(entry, payload=versions | {"withheld": self.entered})
        if self.entered is None or entry.payload is None or entry.kind not in ("moved", "recorded"):
            return entry
        return replace(entry, payload=self._move(entry.payload))

    def _move(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A move without grades, and without words, which can tell them."""
        kept: dict[str, Any] = {name: payload[name] for name in ("event", "to", "changed") if name in payload}
        if "changed" in kept:
            kept["changed"] = {name: pair for name, pair in kept["changed"].items() if name in _TELLING_NOTHING}
        return kept if kept == payload else kept | {"withheld": self.entered}


def _same(one: EntryView, other: EntryView) -> bool:
    return (one.kind, one.actor, one.payload) == (other.kind, other.actor, other.payload)


def withheld(session: Session, actor: Actor, key: UUID) -> Withheld:
    """What the actor may not see of an audit that is theirs to see at all. Reads no grade."""
    columns = (Audit.imported, Audit.stage, Audit.auditor, Audit.practitioner, Audit.manager, Audit.workflow_digest)
    audit = session.connection().execute(select(*map(col, columns)).where(col(Audit.key) == key)).mappings().one()
    if audit["imported"]:
        return Withheld()
    workflow = workflow_of(session, audit["workflow_digest"])
    been = stages_been(session, key)
    if audit["practitioner"] == actor.person:
        shared = any(stage.waits_for == "practitioner" for stage in been)
        return Withheld(None if shared else NOT_SHARED, NOT_THEIRS, NOT_THEIRS if shared else NOT_SHARED)
    if any(stage.finalises for stage in been):
        return Withheld()
    if audit["auditor"] == actor.person:
        return Withheld(moderation=BEING_MODERATED)
    why = None if workflow.stage(audit["stage"]).final else _before_it_is_final(session, actor, key)
    if audit["manager"] == actor.person or not {"quality_lead", "head_of_practice"} & set(actor.roles):
        why = NOT_DECIDED
    return Withheld(why, why, why)


def _before_it_is_final(session: Session, actor: Actor, key: UUID) -> str | None:
    return MODERATED if "head_of_practice" in actor.roles and not _compares(session, actor, key) else None


def _compares(session: Session, actor: Actor, key: UUID) -> bool:
    """Whether the newest moderation is theirs and past its lock. After one that was returned, the next is blind."""
    newest = (
        select(col(Moderation.moderator), col(Moderation.stage), col(Moderation.workflow_digest))
        .where(col(Moderation.audit) == key)
        .order_by(col(Moderation.number).desc())
    )
    found = session.connection().execute(newest.limit(1)).mappings().first()
    return found is not None and found["moderator"] == actor.person and is_past_the_lock(session, dict(found))


def was_shared(session: Session, key: UUID) -> bool:
    """Whether a live audit ever came to wait for its practitioner: from then on it is theirs to read."""
    return any(stage.waits_for == "practitioner" for stage in stages_been(session, key))


def stages_been(session: Session, key: UUID) -> tuple[Stage, ...]:
    """The stages an audit was led to, in order, from its ledger: each as the text said under which it came there."""
    moves = [line for line in story(session, key) if line.kind in LEADING]
    return tuple(
        workflow_of(session, line.workflow_digest).stage(str(line.payload["to"]))
        for line in moves
        if line.payload is not None and "to" in line.payload
    )
