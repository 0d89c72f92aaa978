"""Frozen values of somebody's queue: its lines, and how long its parts are."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One audit in somebody's queue, or one escalation that they can bring on."""

    reference: str
    case: str
    """The reference of the child's case."""
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
    """`me`: it waits for the reader; `others`: their work that waits for somebody else; `done`: theirs, at an end."""
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


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How long the parts of somebody's queue are, in lines."""

    to_do: int
    """What waits for them, escalations included."""
    overdue: int
    """Of `to_do`: due before today."""
    returned: int
    """Of `to_do`: audits that were sent back to them."""
    escalations: int
    """Of `to_do`: escalations that they can bring on."""
    others: int
    done: int
