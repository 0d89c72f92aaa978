"""Another audit of the same case, opened by a link: it goes its own way, and counts in no figure."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from audit_engine.actions.new_matters import Hanging, Opened
from audit_engine.calendars import day_of
from audit_engine.definitions.catalogue import Pin
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.arriving import begun
from audit_engine.engine.facts import facts_on
from audit_engine.queries.allocating import staffing
from audit_engine.queries.at_hand import Row, rubric_of
from audit_engine.queries.counted_rows import RE_AUDIT
from audit_engine.records.ledger import Happening
from audit_engine.records.pins import pin
from audit_engine.records.tables import Audit


def add_audit(
    session: Session, opened: Opened, workflow: ReadWorkflow, kept: Pin, key: UUID, hanging: Hanging, *, at: datetime
) -> None:
    """Begin another audit of a case, under the same rubric, with people and facts as they are today.

    Args:
        kept: The text of its workflow.
        key: Of the audit whose case is looked at again.
    """
    table, day = SQLModel.metadata.tables["audits"], day_of(at)
    before: Row = dict(session.connection().execute(select(table).where(table.c.key == key)).mappings().one())
    cases = SQLModel.metadata.tables["cases"]
    case = session.connection().execute(select(cases).where(cases.c.key == before["case_key"])).mappings().one()
    codebook = rubric_of(session, before["rubric_digest"]).codebook
    row: dict[str, Any] = dict.fromkeys(one.name for one in table.columns if one.name not in {"key", "turn"}) | {
        "reference": _reference(session, before, opened), "case_key": before["case_key"], "stream": RE_AUDIT,
        "subject": before["subject"], "graded": True, "imported": False, **begun(workflow, day),
        "practitioner": case["practitioner"], "manager": _manager(session, dict(case), at), "area": case["area"],
        "team": case["team"], "facts": facts_on(codebook, case["facts"], case["opened"], case["closed"], day),
        "workflow_digest": pin(session, kept), "rubric_digest": before["rubric_digest"], "drawn_on": day,
        "locked": False, "returned_times": 0,
        "hangs_on": hanging.key, "link": hanging.link,
    }  # fmt: skip
    payload = {"row": row, "ratings": [], **hanging.told}
    opened.add(Audit, row, Happening(uuid4(), "audit", "opened", payload, row["workflow_digest"], row["rubric_digest"]))


def _reference(session: Session, before: Row, opened: Opened) -> str:
    """L-2324Q3-0001-R1, and -R2 for the one after, also when that looks again at the first look again."""
    root, again, number = before["reference"].rpartition("-R")
    beginning = f"{root}-R" if again and number.isdecimal() and before["hangs_on"] else f"{before['reference']}-R"
    taken = select(col(Audit.reference)).where(col(Audit.reference).startswith(beginning, autoescape=True))
    found = [*session.connection().execute(taken).scalars(), *opened.references]
    numbers = (one[len(beginning) :] for one in found if one.startswith(beginning))
    return f"{beginning}{max((int(one) for one in numbers if one.isascii() and one.isdecimal()), default=0) + 1}"


def _manager(session: Session, case: Row, at: datetime) -> UUID | None:
    """Who manages the practitioner today, as allocation has it: of their own team, else of the case's."""
    staff, practitioner = staffing(session, day_of(at)), case["practitioner"]
    teams = [*sorted(staff.works_in.get(practitioner, ())), case["team"]]
    listed = [person for team in teams for person in staff.managers.get(team, ())]
    return next((person for person in listed if person != practitioner), None)
