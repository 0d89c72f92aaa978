"""What is late by now is done when the screens open: one thing at a time on the lane, so that no key waits for it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit_engine.actions.ticking import Tick
from audit_engine.calendars import now

if TYPE_CHECKING:
    from tui.desk.seat import Seat

PATIENCE = 0.2
"""Seconds it waits for another program's lock: whatever is not done now is done the next time."""


@dataclass
class KeepingTime:
    """The clock, run once beside the screens. Whatever goes wrong ends it, and nothing else."""

    seat: "Seat"
    _run: Tick | None = field(default=None, repr=False)
    _over: bool = False

    def goes_on(self) -> bool:
        """Do the next thing. False when nothing is left, or nothing can be done now."""
        try:
            self._over = self._over or not self._next()
        except Exception:  # noqa: BLE001 - nobody asked for this: the screens go on, and the next run does the rest
            self._over = True
        return not self._over

    def _next(self) -> bool:
        if self._run is None:
            database = self.seat.clocks_database(PATIENCE)
            self._run = Tick(database, self.seat.actor, at=now(), definitions=self.seat.place.sound_catalogue)
        else:
            self._run.do_next()
        return bool(self._run.waiting)

    @property
    def did(self) -> int:
        """How many things were done: reminded, told, moved."""
        return self._run.done if self._run is not None else 0

    def words(self) -> str:
        """What a person must know of it: that something is not where it was. Empty when nothing moved."""
        moved = self._run.moved if self._run is not None else 0
        if not moved:
            return ""
        many = f"{moved} things moved on because they were late."
        return many if moved > 1 else "1 thing moved on because it was late."
