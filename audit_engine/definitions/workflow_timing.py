"""When something is due, and what happens when it is late: the words of a workflow, read."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from audit_engine.definitions.reading import Definition, Identifier

AFTER, IN_QUARTER, IN_NEXT_QUARTER, QUARTER_END, RECORDED = (
    "after", "in_quarter", "in_next_quarter", "quarter_end", "recorded",
)  # fmt: skip
"""What a due day is counted from: coming to the stage, the quarter, the next, its end; or a day that was said."""

STARTS, RUNS_ON, PAUSES = "starts", "runs_on", "pauses"
CLOCKS = (STARTS, RUNS_ON, PAUSES)
"""What the clock does when a stage is entered: begin anew; go on from the stage before; stand still until the stage it
came from is entered again."""

_FORMS = (
    (re.compile(r"([1-9]\d{0,2}) working days?", re.ASCII), AFTER),
    (re.compile(r"working day ([1-9]|[1-5]\d) of the quarter", re.ASCII), IN_QUARTER),
    (re.compile(r"working day ([1-9]|[1-5]\d) of the next quarter", re.ASCII), IN_NEXT_QUARTER),
    (re.compile(r"last working day of the quarter", re.ASCII), QUARTER_END),
    (re.compile(r"on the day of ([a-z][a-z0-9_]{0,39})", re.ASCII), RECORDED),
)
_HOW = (
    "Write it like 10 working days, working day 15 of the quarter, working day 15 of the next quarter, "
    "last working day of the quarter, or on the day of NAME, where NAME is a day that is recorded."
)


@dataclass(frozen=True, slots=True)
class Due:
    """Until when whoever a stage waits for should have gone on."""

    kind: str
    """One of AFTER, IN_QUARTER, IN_NEXT_QUARTER, QUARTER_END, RECORDED."""
    days: int = 0
    """Working days of England; of AFTER, IN_QUARTER and IN_NEXT_QUARTER."""
    record: str = ""
    """Which recorded day; of RECORDED."""

    @property
    def words(self) -> str:
        """As people say it, and as the file does."""
        return {
            AFTER: in_working_days(self.days),
            IN_QUARTER: f"working day {self.days} of the quarter",
            IN_NEXT_QUARTER: f"working day {self.days} of the next quarter",
            QUARTER_END: "last working day of the quarter",
            RECORDED: f"on the day of {self.record}",
        }[self.kind]

    @property
    def limit(self) -> str:
        """How long somebody has: `10 working days`, `until working day 15 of the quarter`."""
        if self.kind == AFTER:
            return self.words
        the = "the " if self.kind == QUARTER_END else ""
        return f"until {the}{self.words.removeprefix('on ')}"


def in_working_days(days: int) -> str:
    """`1 working day`, `10 working days`."""
    return f"{days} working {'day' if days == 1 else 'days'}"


def _due(value: object) -> object:
    if isinstance(value, str):
        for form, kind in _FORMS:
            if (written := form.fullmatch(value)) is not None:
                if kind == RECORDED:
                    return Due(kind, record=written[1])
                return Due(kind, int(written[1]) if form.groups else 0)
    raise ValueError("this does not say when something is due", _HOW)


def _working_days(value: object) -> object:
    written = re.fullmatch(r"(0|[1-9]\d{0,2}) working days?", value, re.ASCII) if isinstance(value, str) else None
    if written is None:
        raise ValueError("this is not a number of working days", "Write it like 10 working days.")
    return int(written[1])


WrittenDue = Annotated[Due, BeforeValidator(_due)]
WorkingDays = Annotated[int, BeforeValidator(_working_days)]


class Overdue(Definition):
    """What happens so many working days after something was due: exactly one of three things."""

    after: WorkingDays
    """0 is the first working day that is late."""
    remind: Identifier | None = None
    """A person of it or a role, who should have gone on."""
    tell: Identifier | None = None
    """A person of it or a role, who should know."""
    event: Identifier | None = None
    """The event that moves it on by itself; its `by` names `the_clock`."""

    @property
    def does(self) -> tuple[str, ...]:
        """Which of remind, tell and event are written: one, in a sound file."""
        return tuple(name for name in ("remind", "tell", "event") if getattr(self, name) is not None)


OverdueSteps = Annotated[tuple[Overdue, ...], Field(max_length=10)]
