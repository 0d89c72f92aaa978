"""The product in bench_events.py: each event through its public action, with everything on.

What an event needs before it (grades, a moderator's blind grades) is done by the product's actions too, outside the
time. Grades are outstanding throughout, which is always moderated and leaves nothing to decide.
"""

import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from audit_engine.actions import imports, moderating, moving
from audit_engine.actions.allocation import allocate
from audit_engine.actions.command import Command
from audit_engine.actions.draws import draw
from audit_engine.actions.moving import Submission
from audit_engine.actions.workspace import open_workspace
from audit_engine.calendars import quarter
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.exchange.lines import CaseLine, FileRead
from audit_engine.problems import Refused

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests know how to make an audit and bring it on
from tests.actions.live.conftest import (
    ADA,
    AT,
    CARA,
    EVE,
    FACTS,
    HERON,
    LEAD,
    OPENED,
    PROGRAMME,
    QUARTER,
    Live,
    opened,
)  # fmt: skip

GRADE = "outstanding"


def make_template(file: Path, catalogue: Catalogue, audits: int) -> tuple[str, ...]:
    """A workspace with so many allocated audits. Gives back their references."""
    db = open_workspace(file, mode="training", account="uid:1000", reference=LEAD, name="Gwen Oak", at=AT)
    with db:
        live = Live(db, file, catalogue)
        live.import_people()
        lines = [CaseLine(n + 1, f"C-{n}", "North", HERON, ADA, OPENED, None, FACTS) for n in range(1, audits + 1)]
        read = FileRead("cases", "cases.csv", "c", len(lines))
        imports.import_cases(db, live.who(LEAD), read, lines, at=live.at())
        today = live.now.date()
        draw(
            db, live.who(LEAD), Command(), catalogue, PROGRAMME, quarter(QUARTER), size=audits, seed="heron",
            today=today, at=live.at(),
        )  # fmt: skip
        done = allocate(db, live.who(LEAD), Command(), today=today, at=live.at())
        assert len(done) == audits
        return tuple(sorted(row["reference"] for row in live.rows("audits")))


class OursKept:
    """The product's own actions on a copy of the template."""

    table, one_each, refuses = "audits", (), (Refused,)

    def __init__(self, file: Path, template: Path, catalogue: Catalogue, audits: tuple[str, ...]) -> None:
        shutil.copyfile(template, file)
        file.chmod(0o600)
        self.file = file
        self._live, self._audits = opened(file, catalogue), audits
        self._live.now = AT + timedelta(hours=1)
        auditor = {row["key"]: row["reference"] for row in self._live.rows("people")}
        self._auditors = {row["reference"]: auditor[row["auditor"]] for row in self._live.rows("audits")}
        self._actors = {name: self._live.who(name) for name in (LEAD, ADA, CARA, EVE, *self._auditors.values())}

    def settings(self) -> tuple[str, int]:
        def asked(session: Session) -> tuple[str, int]:
            run = session.connection().exec_driver_sql
            return run("PRAGMA journal_mode").scalar_one(), run("PRAGMA synchronous").scalar_one()

        return self._live.db.transact(asked)

    def fire(self, number: int, event: str) -> float:
        """Do the event. Gives back the seconds of the action alone."""
        reference = self._audits[number]
        self._before(reference, event)
        act = self._act(reference, event)
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    def _before(self, reference: str, event: str) -> None:
        if event == "submit":
            self._live.grade_all(reference, self._auditors[reference], GRADE)
        if event == "finalise":
            self._live.grade_all(reference, EVE, GRADE, blind=True)
            self._live.blind_overall(reference, EVE, GRADE)
            self._live.lock(reference, EVE)

    def _act(self, reference: str, event: str) -> Callable[[], None]:
        db, at, command, catalogue = self._live.db, self._live.at(), Command(), self._live.catalogue
        when: dict[str, Any] = {"at": at, "definitions": lambda: catalogue}
        auditor = self._actors[self._auditors[reference]]
        if event == "submit":
            said = Submission(GRADE, collaborative=False, feedback_from=("child",))
            return lambda: moving.submit(db, auditor, command, reference, said, catalogue, at=at)
        if event == "take":
            return lambda: moderating.take(db, self._actors[EVE], command, reference, catalogue, at=at)
        if event == "finalise":
            return lambda: moderating.finalise(db, self._actors[EVE], command, reference, GRADE, **when)
        if event == "answer":
            return lambda: moving.answer(db, self._actors[ADA], command, reference, "accepted", **when)
        who = self._actors[CARA] if event == "close" else auditor
        return lambda: moving.move(db, who, command, reference, event, **when)
