"""A training workspace of the size of a whole service: 30,000 cases, 5,000 live audits, 1,300 of them one auditor's.

Used by benchmarks; run by itself it makes one in a folder: python benchmarks/big_workspace.py FOLDER
"""

import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, SQLModel

from audit_engine.actions import imports
from audit_engine.actions.command import Command
from audit_engine.actions.draws import draw
from audit_engine.calendars import quarter
from audit_engine.cli.start import DATABASE, begin
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.exchange.lines import CaseLine, FactValue, FileRead, PersonLine, RoleLine
from audit_engine.queries.people import actor_by_reference
from audit_engine.records.database import Database, open_database
from audit_engine.records.pins import pin

CASES, AUDITS, OF_ONE = 30_000, 5_000, 1_300
AREAS, TEAMS_EACH, PRACTITIONERS_EACH, AUDITORS = 10, 8, 12, 12
LEAD, ONE = "P-00001", "P-10000"
"""Who opened it, its quality lead; the auditor who has many."""
TODAY = date(2024, 1, 8)
STAGES = {
    "drawn": 150, "allocated": 700, "grading": 900, "submitted": 200, "moderation": 250, "returned": 100,
    "decided": 400, "shared": 400, "answered": 300, "closed": 1_500, "withdrawn": 100,
}  # fmt: skip
"""Audits at each stage."""
FACTS: dict[str, FactValue] = {
    "law_type": "private", "work_type": "wafh_s7", "allocated": True, "children": 1, "child_seen_required": True,
    "can_express_view": True, "da_disclosed": True, "sexual_harm_concern": False, "significant_harm_concern": False,
    "assessment_in_window": True, "filing_made": True, "recommendation_made": True, "safe_to_share": True,
    "situational_triggers": ["finding_of_fact"], "oversight_points": ["allocation"],
}  # fmt: skip
_BY_RULE = ("safe.sexual_harm", "safe.s16a", "rep.delay")
Row = dict[str, Any]


def make_big_workspace(folder: Path) -> tuple[Path, str]:
    """Make it in a folder that does not exist yet, as `audit init --training` does, and fill it.

    People, cases and the draw are made by the program's own actions. Where the audits stand after that (auditors,
    stages, grades, moderations, escalations) is written into the tables at once and stands in no ledger: the
    workspace opens and can be worked in, and `audit verify` finds that it differs from its ledger.

    Returns:
        The database, and the reference of the auditor who has 1,300 audits. Nobody is named in audit.toml: act as
        somebody with --as, or as whoever opened it (P-00001, a quality lead).
    """
    begin(folder, training=True, reference=LEAD, name="Gwen Oak")
    address, catalogue = folder / DATABASE, load(folder)
    with open_database(address) as db:
        _people(db)
        _cases(db)
        _draw(db, catalogue)
        db.transact(lambda session: _stand(session, catalogue))
    return address, ONE


def _teams() -> list[tuple[str, str]]:
    return [(f"Area {a:02d}", f"Area {a:02d} Team {t}") for a in range(AREAS) for t in range(TEAMS_EACH)]


def _role(name: str, area: str, team: str | None = None, *, manages: bool = False) -> RoleLine:
    return RoleLine(name, team, area, team if manages else None, date(2019, 1, 7), None)


def _listed() -> dict[str, RoleLine]:
    """Everybody but the quality lead, each with the one role they hold."""
    found = {}
    for place, (area, team) in enumerate(_teams()):
        found[f"P-3{place:04d}"] = _role("manager", area, team, manages=True)
        for number in range(PRACTITIONERS_EACH):
            found[f"P-2{place * PRACTITIONERS_EACH + number:04d}"] = _role("practitioner", area, team)
    found |= {f"P-{10_000 + number}": _role("auditor", "Area 00") for number in range(AUDITORS)}
    return found | {f"P-4{number:04d}": _role("head_of_practice", f"Area {number // 2:02d}") for number in range(20)}


def _people(db: Database) -> None:
    lines = [PersonLine(row, name, f"Person {name}", (held,)) for row, (name, held) in enumerate(_listed().items(), 2)]
    _import(db, "people", lines)


def _cases(db: Database) -> None:
    teams, opened = _teams(), date(2023, 6, 1)
    lines = []
    for number in range(CASES):
        place = number % len(teams)
        practitioner = f"P-2{place * PRACTITIONERS_EACH + number // len(teams) % PRACTITIONERS_EACH:04d}"
        area, team = teams[place]
        day = opened + timedelta(days=number % 180)
        lines.append(CaseLine(number + 2, f"C-{number:05d}", area, team, practitioner, day, None, FACTS))
    _import(db, "cases", lines)


def _import(db: Database, kind: str, lines: Sequence[Any]) -> None:
    read = FileRead(kind, f"{kind}.csv", uuid4().hex, len(lines))
    bring = {"people": imports.import_people, "cases": imports.import_cases}[kind]
    with db.read() as session:
        lead = actor_by_reference(session, LEAD, TODAY)
    bring(db, lead, read, lines, at=_at(9))


def _draw(db: Database, catalogue: Catalogue) -> None:
    with db.read() as session:
        lead = actor_by_reference(session, LEAD, TODAY)
    draw(
        db, lead, Command(), catalogue, "local_quality_and_impact", quarter("2023-24-Q4"),
        size=AUDITS, seed="big", today=TODAY, at=_at(10),
    )  # fmt: skip


def _at(hour: int) -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC)


def _stand(session: Session, catalogue: Catalogue) -> None:
    """Puts every audit where it stands."""
    tables, connection = SQLModel.metadata.tables, session.connection()
    people = {row.reference: row.key for row in connection.execute(select(tables["people"]))}
    managers = {held.team: people[name] for name, held in _listed().items() if held.role == "manager"}
    digests = {name: pin(session, catalogue.pins["workflow", name]) for name in ("moderation", "escalation")}
    audits = [dict(row) for row in connection.execute(select(tables["audits"]).order_by("reference")).mappings()]
    rng = random.Random(20240108)
    stages = [stage for stage, count in STAGES.items() for _ in range(count)]
    rng.shuffle(stages)
    allocated = [n for n, stage in enumerate(stages) if stage != "drawn"]
    of_one = set(rng.sample(allocated, OF_ONE))
    rows: dict[str, list[Row]] = {"ratings": [], "moderations": [], "blind_ratings": [], "escalations": []}
    criteria = [name for name in catalogue.rubric("quality_and_impact").criteria if name not in _BY_RULE]
    for number, (audit, stage) in enumerate(zip(audits, stages, strict=True)):
        auditor = ONE if number in of_one else f"P-{10_001 + number % (AUDITORS - 1)}"
        _place(audit, stage, people[auditor], managers[audit["team"]], rng)
        rows["ratings"] += _answers(audit["key"], stage, criteria, rng)
        if stage in ("moderation", "returned") or (stage in ("decided", "shared", "answered") and number % 10 == 0):
            # Heads of practice moderate in an area that is not their own.
            moderator = people[f"P-4{(int(audit['area'][-2:]) * 2 + 3) % 20:04d}"]
            rows["moderations"].append(made := _moderation(audit, stage, moderator, digests["moderation"]))
            rows["blind_ratings"] += _blind(made, criteria, rng)
        if number % 50 == 0 and stage not in ("closed", "withdrawn"):
            rows["escalations"].append(_escalation(audit, people[LEAD], digests["escalation"]))
    _write(session, audits, rows)


def _place(audit: Row, stage: str, auditor: UUID, manager: UUID, rng: random.Random) -> None:
    final = stage in ("closed", "decided", "shared", "answered")
    days, handed_in = rng.randrange(-20, 20), stage not in ("drawn", "allocated", "grading", "withdrawn")
    audited = TODAY + timedelta(days=-rng.randrange(1, 60)) if handed_in else None
    audit |= {
        "stage": stage, "auditor": None if stage == "drawn" else auditor,
        "manager": None if stage == "drawn" else manager,
        "due": None if stage in ("drawn", "answered", "closed", "withdrawn") else TODAY + timedelta(days=days),
        "locked": handed_in and stage != "returned", "returned_times": int(stage == "returned"), "audited_on": audited,
        "overall": "good" if handed_in else None, "final_overall": "good" if final else None,
        "counts_on": audited if final else None,
    }  # fmt: skip


def _answers(audit: UUID, stage: str, criteria: Sequence[str], rng: random.Random) -> list[Row]:
    begun = {"drawn": 0, "allocated": 0, "grading": rng.randrange(len(criteria)), "withdrawn": 3}
    return [{"audit": audit, **_answer(name)} for name in criteria[: begun.get(stage, len(criteria))]]


def _answer(criterion: str) -> Row:
    row: Row = {"criterion": criterion, "applicability": "expected", "grade": "good", "grade_order": 2, "turn": 1}
    ladder = criterion.startswith("ov.")
    return row | {"evidence": "found" if ladder else None, "impact": "yes" if ladder else None, "note": "Seen. " * 20}


def _moderation(audit: Row, stage: str, moderator: UUID, digest: str) -> Row:
    at = {"moderation": "blind", "returned": "returned"}.get(stage, "agreed")
    return {
        "key": uuid4(), "audit": audit["key"], "number": 1, "stage": at, "workflow_digest": digest,
        "moderator": moderator, "assigned_on": TODAY, "moderated_on": TODAY if at == "agreed" else None, "turn": 1,
    }  # fmt: skip


def _blind(moderation: Row, criteria: Sequence[str], rng: random.Random) -> list[Row]:
    given = rng.randrange(len(criteria)) if moderation["stage"] == "blind" else len(criteria)
    return [{"moderation": moderation["key"], **_answer(name)} for name in criteria[:given]]


def _escalation(audit: Row, lead: UUID, digest: str) -> Row:
    return {
        "key": uuid4(), "audit": audit["key"], "stage": "raised", "open": True, "workflow_digest": digest,
        "concern": "No safety plan since the move.", "raised_by": audit["auditor"] or lead, "raised_at": _at(11),
        "due": TODAY + timedelta(days=1), "turn": 1,
    }  # fmt: skip


def _write(session: Session, audits: Iterable[Row], rows: dict[str, list[Row]]) -> None:
    tables, connection = SQLModel.metadata.tables, session.connection()
    table = tables["audits"]
    set_here = ("stage", "auditor", "manager", "due", "locked", "returned_times", "audited_on", "overall",
                "final_overall", "counts_on")  # fmt: skip
    statement = update(table).where(table.c.key == bindparam("of")).values({n: bindparam(f"to_{n}") for n in set_here})
    connection.execute(statement, [{"of": audit["key"], **{f"to_{n}": audit[n] for n in set_here}} for audit in audits])
    for name, listed in rows.items():
        connection.execute(insert(tables[name]), listed)


if __name__ == "__main__":
    started = time.perf_counter()
    made_at, reference = make_big_workspace(Path(sys.argv[1]))
    print(json.dumps({"database": str(made_at), "auditor": reference, "seconds": time.perf_counter() - started}))
