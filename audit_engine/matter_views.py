"""Frozen values of matters: one as it stands with its story, and with what can happen to it."""

from dataclasses import dataclass
from datetime import date, datetime

from audit_engine.views import StoryLine
from audit_engine.work_views import MachineView


@dataclass(frozen=True, slots=True)
class MatterView:
    """One matter as it stands, and everything that happened to it."""

    reference: str
    workflow: str
    title: str
    """Of its workflow: what kind of matter it is."""
    stage: str
    stage_title: str
    open: bool
    words: str
    subject: str | None
    """What it is about, where that is no audit."""
    about: str
    """`audit`, `area`, `team`, ..."""
    audit: str | None
    """The audit it is about, or hangs on."""
    case: str | None
    hangs_on: str | None
    """What it was opened from."""
    opened_by: str
    opened_at: datetime
    ended_at: datetime | None
    due: date | None
    people: tuple[tuple[str, str], ...]
    """Who stands in it: the place in words, and the person."""
    recorded: tuple[tuple[str, str], ...]
    """What was recorded: the record's title, and what was said."""
    story: tuple[StoryLine, ...]
    """Oldest first."""
    turn: int


@dataclass(frozen=True, slots=True)
class MatterWhy:
    """What can happen to a matter now, and why not."""

    reference: str
    title: str
    words: str
    audit: str | None
    subject: str | None
    reader: str
    machines: tuple[MachineView, ...]
    """Its own, then those of the open matters that hang on it."""
    turn: int


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter on a page of its own: how it stands, and what can happen to it now."""

    stands: MatterView
    why: MatterWhy

    @property
    def machines(self) -> tuple[MachineView, ...]:
        """Its own, then those of the open matters that hang on it."""
        return self.why.machines

    @property
    def turn(self) -> int:
        """The matter's."""
        return self.why.turn
