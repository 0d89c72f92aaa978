"""Frozen values of somebody's queue: its lines, how long its parts are; and what was done of what is late."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One audit in somebody's queue, one escalation that they can bring on, or one matter."""

    reference: str
    """Of the audit; of a matter its own."""
    case: str
    """The reference of the child's case; empty for a matter that is about no audit."""
    practitioner: str | None
    """Whose work it is."""
    number: int | None
    """Of an escalation: which of the audit's it is, from 1. None for an audit."""
    stage_title: str
    due: date | None
    done: int | None
    """Criteria that ask for nothing more; None where that is not the reader's to know."""
    total: int | None
    what: str
    """The command that goes on with it, or that shows it."""
    group: str
    """`me`: it waits for the reader; `told`: it is late and waits for somebody else, and the reader is told; `others`:
    their work that waits for somebody else; `done`: theirs, at an end."""
    work: str
    """Which work it is for the reader: `grade`, `moderate`, `answer`, or `steps` for something to move on."""
    state: str
    """How it stands for the reader, in words: 'to grade', 'returned to you', 'with the moderator', 'closed'."""
    programme: str
    """Its title in words."""
    returned: bool
    """It was sent back to the reader."""
    escalated: bool
    """An escalation on it is open, and the reader may know."""
    reminded: date | None = None
    """When the reader was last reminded that it is late and waits for them."""
    told: date | None = None
    """When the reader was told that it is late."""
    matter: bool = False
    """It is an action, a challenge, a summary, ...: neither an audit nor an escalation."""
    audit: str | None = None
    """Of a matter: the audit it is shown with, where it belongs to one that the reader may look at."""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How long the parts of somebody's queue are, in lines."""

    to_do: int
    """What waits for them, escalations and matters included."""
    overdue: int
    """Of `to_do`: due before today."""
    returned: int
    """Of `to_do`: audits that were sent back to them."""
    escalations: int
    """Of `to_do`: escalations that they can bring on."""
    others: int
    done: int
    told: int = 0
    """What is late and waits for somebody else, of which they are told. Not part of the others. What waits for them is
    not counted here too, though they may have been told of it."""

    @property
    def every(self) -> int:
        """All lines there are."""
        return self.to_do + self.told + self.others + self.done


@dataclass(frozen=True, slots=True)
class LateLine:
    """One thing that is past the day it was due, whomever it waits for."""

    reference: str
    about: str
    """`audit`, `moderation`, `escalation` or `matter`."""
    number: int | None
    """Of an escalation: which of the audit's it is, from 1."""
    case: str | None
    """The reference of the child's case; None for a matter that is about no audit."""
    title: str
    """Where it is, in words: 'Being graded', 'Escalation 1: Raised', 'Action, In progress'."""
    due: date
    days: int
    """Days since it was due."""
    waits_for: str | None
    """Whom it waits for, with the name where it is known."""
    what: str
    """The command that says what can happen to it."""


@dataclass(frozen=True, slots=True)
class TickLine:
    """One thing that was done, or could not be, because something is late."""

    reference: str
    about: str
    """`audit`, `moderation`, `escalation` or `matter`."""
    number: int | None
    """Of an escalation: which of the audit's it is, from 1."""
    stage_title: str
    """Where it was when it was late."""
    due: date
    did: str
    """`reminded`, `told`, `moved` or `refused`."""
    says: str
    """In words, to go on from the due day: 'the auditor is reminded'."""
    reasons: tuple[str, ...] = ()
    """Why it could not be done."""


@dataclass(frozen=True, slots=True)
class TickView:
    """What was done of everything that is late."""

    looked_at: int
    """Things that are late and whose workflow says what then happens."""
    reminded: int
    told: int
    moved: int
    refused: int
    """What should have happened by itself and could not. It is tried again each time."""
    lines: tuple[TickLine, ...]
    """Of the things that whoever asked may see; those of others are only counted."""
