"""A training workspace with a handful of people and drawn audits, and who does what in it in one call."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from audit_engine.actions import escalating, imports, learning, matters, migrating, moderating, moving, rating
from audit_engine.actions.command import Command
from audit_engine.actions.moving import Submission
from audit_engine.actions.rating import Answer
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.exchange.lines import CaseLine, FactValue, FileRead, PersonLine, RoleLine
from audit_engine.problems import Refused
from audit_engine.queries.people import actor_by_reference
from audit_engine.records.database import Database
from audit_engine.records.ledger import EntryLine, story
from audit_engine.records.verification import verify

AT = datetime(2024, 1, 8, 9, 30, tzinfo=UTC)
OPENED = date(2023, 12, 4)
PROGRAMME = "local_quality_and_impact"
QUARTER = "2023-24-Q4"
HERON = "North Heron"
LEAD, ADA, CARA, DEE, DAN, EVE, EDGAR, MAX = "P-1", "P-2", "P-4", "P-5", "P-6", "P-7", "P-8", "P-9"
"""Quality lead, practitioner, her manager, two auditors, two heads of practice, a manager of another team."""

FACTS: dict[str, FactValue] = {
    "law_type": "private", "work_type": "wafh_s7", "allocated": True, "children": 1, "child_seen_required": True,
    "can_express_view": True, "da_disclosed": True, "sexual_harm_concern": False, "significant_harm_concern": False,
    "assessment_in_window": True, "filing_made": True, "recommendation_made": True, "safe_to_share": True,
    "situational_triggers": ["finding_of_fact"], "oversight_points": ["allocation"],
}  # fmt: skip
"""Of every case: sexual harm, section 16A and delay are not expected by rule, the other fifteen are."""
BY_RULE = ("safe.sexual_harm", "safe.s16a", "rep.delay")
LADDERS = ("ov.mgmt_oversight", "ov.supervision")
AUDITS = 6


def role(name: str, team: str | None = None, manages: str | None = None, area: str = "North") -> RoleLine:
    return RoleLine(name, team, area, manages, date(2019, 1, 7), None)


def people() -> dict[str, PersonLine]:
    roles = {
        ADA: ("Ada Moss", role("practitioner", HERON)),
        "P-3": ("Ben Yarrow", role("practitioner", "North Wren")),
        CARA: ("Cara Marsh", role("manager", HERON, HERON)),
        DEE: ("Dee Flint", role("auditor")),
        DAN: ("Dan Reed", role("auditor")),
        EVE: ("Eve Ash", role("head_of_practice")),
        EDGAR: ("Edgar Lund", role("head_of_practice")),
        MAX: ("Max Fenn", role("manager", "North Wren", "North Wren")),
    }
    return {
        name: PersonLine(row, name, called, (held,))
        for row, (name, (called, held)) in enumerate(roles.items(), start=2)
    }


def cases(opened: date = OPENED) -> list[CaseLine]:
    return [CaseLine(n + 1, f"C-{n}", "North", HERON, ADA, opened, None, FACTS) for n in range(1, AUDITS + 1)]


@dataclass
class Live:
    """A workspace, a clock that goes on, and what its people do."""

    db: Database
    address: str | Path
    catalogue: Catalogue
    now: datetime = AT
    audits: tuple[str, ...] = ()
    next_command: Command | None = None
    seated: Actor | None = None
    """Somebody whose screen was opened before: whoever they are, they act with the roles they had then."""

    def at(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def who(self, name: str) -> Actor:
        """Somebody with the roles they hold today."""
        if self.seated is not None and self.seated.reference == name:
            return self.seated
        with self.db.read() as session:
            return actor_by_reference(session, name, self.now.date())

    def import_people(self, **changed: PersonLine | None) -> None:
        """Bring in the list of people, some of them changed: `P_5=None` leaves one as they are."""
        listed = people() | {name.replace("_", "-"): line for name, line in changed.items() if line is not None}
        read = FileRead("people", "people.csv", uuid4().hex, len(listed))
        imports.import_people(self.db, self.who(LEAD), read, list(listed.values()), at=self.at())

    def command(self) -> Command:
        """The one that was set to be next, once; else another."""
        found, self.next_command = self.next_command or Command(), None
        return found

    def rate(self, audit: str, who: str, criterion: str, *, command: Command | None = None, **said: Any) -> None:
        blind = said.pop("blind", False)
        rating.rate(
            self.db,
            self.who(who),
            command or self.command(),
            audit,
            criterion,
            Answer(**said),
            at=self.at(),
            blind=blind,
        )

    def undo(self, audit: str, who: str, command: Command | None = None) -> None:
        rating.undo(self.db, self.who(who), command or self.command(), audit, at=self.at())

    def in_force(self) -> Catalogue:
        """The definitions, for events that open something."""
        return self.catalogue

    def move(
        self, audit: str, who: str, event: str, reason: str | None = None, command: Command | None = None,
        named: dict[str, str] | None = None, **said: str,
    ) -> None:  # fmt: skip
        """`said`: what is said of the records the event asks for."""
        moving.move(
            self.db, self.who(who), command or self.command(), audit, event, at=self.at(), reason=reason, said=said,
            named=named or {}, definitions=self.in_force,
        )  # fmt: skip

    def reallocate(self, audit: str, who: str, to: str, reason: str = "Long leave.") -> None:
        moving.reallocate(
            self.db, self.who(who), self.command(), audit, to, reason, at=self.at(), definitions=self.in_force
        )

    def submit(self, audit: str, who: str, overall: str | None, command: Command | None = None, **said: Any) -> None:
        said = {"collaborative": False, "feedback_from": ("child",), **said}
        submission = Submission(overall, **said)
        moving.submit(
            self.db, self.who(who), command or self.command(), audit, submission, self.catalogue, at=self.at()
        )

    def take(self, audit: str, who: str, command: Command | None = None) -> None:
        moderating.take(self.db, self.who(who), command or self.command(), audit, self.catalogue, at=self.at())

    def blind_overall(self, audit: str, who: str, overall: str) -> None:
        moderating.choose_blind_overall(self.db, self.who(who), self.command(), audit, overall, at=self.at())

    def lock(self, audit: str, who: str) -> None:
        moderating.lock(self.db, self.who(who), self.command(), audit, at=self.at())

    def decide(
        self, audit: str, who: str, criterion: str, whose: str, *, grade: str | None = None, reason: str = "Seen.",
        command: Command | None = None,
    ) -> None:  # fmt: skip
        decision = moderating.Decision(whose, reason, grade)
        moderating.decide_disagreement(
            self.db, self.who(who), command or self.command(), audit, criterion, decision, at=self.at()
        )

    def finalise(
        self, audit: str, who: str, overall: str | None, reason: str | None = None, **overrides: dict[str, str]
    ) -> None:
        moderating.finalise(
            self.db, self.who(who), self.command(), audit, overall, reason, at=self.at(), definitions=self.in_force,
            **overrides,
        )  # fmt: skip

    def give_back(self, audit: str, who: str, reason: str = "Look at section two again.") -> None:
        moderating.return_to_auditor(
            self.db, self.who(who), self.command(), audit, reason, at=self.at(), definitions=self.in_force
        )

    def answer(self, audit: str, who: str, said: str, text: str = "", **records: str) -> None:
        moving.answer(
            self.db, self.who(who), self.command(), audit, said, text, at=self.at(), definitions=self.in_force,
            records=records,
        )  # fmt: skip

    def escalate(self, audit: str, who: str, concern: str = "The child is not safe.", **more: Any) -> None:
        command = more.pop("command", None) or self.command()
        escalating.raise_concern(self.db, self.who(who), command, audit, concern, self.catalogue, at=self.at(), **more)

    def concern(self, audit: str, who: str, event: str, words: str = "", command: Command | None = None) -> None:
        escalating.move_concern(
            self.db, self.who(who), command or self.command(), audit, event, at=self.at(), words=words
        )

    def migrate(self, catalogue: Catalogue, who: str = LEAD, name: str = "case_audit", **how: Any) -> int:
        """Move what is open to the text of this catalogue. Gives back how many were moved."""
        command = how.pop("command", None) or self.command()
        renamed = how.pop("renamed", {})
        return migrating.migrate(self.db, self.who(who), command, catalogue, name, renamed, at=self.at(), **how)

    # Longer ways, for stories that begin further on.

    def expected(self) -> list[str]:
        """The criteria that the facts of every case make expected, in the rubric's order."""
        return [name for name in self.catalogue.rubric("quality_and_impact").criteria if name not in BY_RULE]

    def grade_all(self, audit: str, who: str, grade: str = "good", *, blind: bool = False, **other: str) -> None:
        """Grade everything that is expected. `other`: criteria with `_` for the dot and their own grade."""
        for criterion in self.expected():
            given = other.get(criterion.replace(".", "_"), grade)
            said: dict[str, Any] = {"evidence": "found", "impact": "yes"} if criterion in LADDERS else {}
            said |= {} if given == "good" else {"note": f"Seen {given}.", "pointer": "Contact log, 3 January."}
            self.rate(audit, who, criterion, grade=given, blind=blind, **said)

    def begun(self, audit: str) -> str:
        """The audit is begun. Gives back its auditor."""
        auditor = self.auditor(audit)
        self.move(audit, auditor, "begin")
        return auditor

    def submitted(self, audit: str, overall: str = "good", grade: str = "good", **grades: Any) -> str:
        """The audit is graded and handed in. Gives back its auditor."""
        auditor = self.begun(audit)
        self.grade_all(audit, auditor, grade, **grades)
        if "inadequate" in grades.values():
            self.escalate(audit, auditor)
        self.submit(audit, auditor, overall)
        return auditor

    def in_moderation(self, audit: str, moderator: str = EVE) -> str:
        """The audit is submitted inadequate, which is always moderated, and taken on. Gives back its auditor."""
        auditor = self.submitted(audit, "inadequate", safe_da_assessed="inadequate")
        self.take(audit, moderator)
        return auditor

    def compared(self, audit: str, moderator: str = EVE, overall: str = "good", **blind: Any) -> str:
        """The blind grades are locked: all good unless told. Gives back the auditor."""
        auditor = self.in_moderation(audit, moderator)
        self.grade_all(audit, moderator, blind=True, **blind)
        self.blind_overall(audit, moderator, overall)
        self.lock(audit, moderator)
        return auditor

    def escalation_closed(self, audit: str) -> None:
        """The open escalation is worked off by other people than the auditor."""
        self.concern(audit, CARA, "acknowledge")
        self.concern(audit, CARA, "act", "The duty social worker went to see the child.")
        self.concern(audit, LEAD, "close", "The child was seen and is safe.")

    def bring_on(self, audit: str, link: str, who: str, event: str, reason: str | None = None, **said: str) -> None:
        """Move on the newest of what hangs on an audit by a link."""
        hanging = [row for row in self.rows("matters") if row["link"] == link]
        newest = [row for row in hanging if row["hangs_on"] == self.audit(audit)["key"]][-1]
        matters.move_matter(
            self.db, self.who(who), self.command(), newest["reference"], event, at=self.at(),
            definitions=self.in_force, reason=reason, said=said,
        )  # fmt: skip

    def challenge_ended(self, audit: str) -> None:
        """The auditor stands by what was found, and the practitioner leaves it at that."""
        self.bring_on(audit, "challenge", self.auditor(audit), "maintain", response="It is dated after the hearing.")
        self.bring_on(audit, "challenge", ADA, "leave_it")

    def followed_up(self, audit: str) -> None:
        """Inadequate work is put right, audited again without having improved, and reviewed."""
        link = "follow_up"
        self.bring_on(audit, link, LEAD, "notify")
        self.bring_on(audit, link, CARA, "record_first_steps", done_at_once="The child was seen.")
        self.bring_on(audit, link, CARA, "plan_better_work", plan="Supervision.", audit_again_on="2024-06-03")
        self.bring_on(audit, link, CARA, "ready")
        self.bring_on(audit, link, LEAD, "order_re_audit")
        self.bring_on(audit, link, LEAD, "find_not_improved", "It is found inadequate again.")
        self.bring_on(audit, link, EVE, "review", "The team has a new manager from May.")

    def ungraded(self, audit: str) -> None:
        """Its auditor makes it a learning audit."""
        who = self.auditor(audit)
        learning.make_learning_audit(self.db, self.who(who), self.command(), audit, self.catalogue, at=self.at())

    # What stands.

    def rows(self, table: str) -> list[dict[str, Any]]:
        with self.db.read() as session:
            found = session.connection().execute(select(SQLModel.metadata.tables[table])).mappings()
            return [dict(row) for row in found]

    def row(self, table: str, **where: Any) -> dict[str, Any]:
        """The one row of a table that has these values."""
        found = [row for row in self.rows(table) if all(row[name] == value for name, value in where.items())]
        assert len(found) == 1
        return found[0]

    def audit(self, reference: str) -> dict[str, Any]:
        return self.row("audits", reference=reference)

    def auditor(self, reference: str) -> str:
        return str(self.row("people", key=self.audit(reference)["auditor"])["reference"])

    def other_auditor(self, reference: str) -> str:
        return DAN if self.auditor(reference) == DEE else DEE

    def ratings(self, reference: str) -> dict[str, dict[str, Any]]:
        key = self.audit(reference)["key"]
        return {row["criterion"]: row for row in self.rows("ratings") if row["audit"] == key}

    def moderations(self, reference: str) -> list[dict[str, Any]]:
        key = self.audit(reference)["key"]
        return sorted((r for r in self.rows("moderations") if r["audit"] == key), key=lambda row: row["number"])

    def blind(self, moderation: UUID) -> dict[str, dict[str, Any]]:
        return {row["criterion"]: row for row in self.rows("blind_ratings") if row["moderation"] == moderation}

    def escalations(self, reference: str) -> list[dict[str, Any]]:
        key = self.audit(reference)["key"]
        return sorted((r for r in self.rows("escalations") if r["audit"] == key), key=lambda row: row["raised_at"])

    def story(self, chain: UUID) -> list[EntryLine]:
        with self.db.read() as session:
            return story(session, chain)

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table of the file."""
        return contents(Path(self.address))

    def is_sound(self) -> bool:
        """Whether `verify` finds nothing, having looked at something."""
        verified = verify(self.db)
        assert verified.entries > AUDITS
        assert not verified.findings
        return verified.sound

    def refused(self, act: Callable[[], object]) -> Refused:
        """What `act` is refused with, having changed nothing in any table."""
        before = self.contents()
        with pytest.raises(Refused) as refused:
            act()
        assert self.contents() == before
        return refused.value


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a SQLite file, as it holds them."""
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for (name,) in tables}
    finally:
        connection.close()
