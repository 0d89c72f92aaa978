"""A concern for a child can be raised at every stage of every workflow of audits that is shipped."""

import pytest
from sqlalchemy import update
from sqlmodel import Session, SQLModel

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.workflow_names import AUDIT
from audit_engine.records.pins import pin
from tests.actions.live.at_work import LEAD, Live

STAGES = [
    (name, stage)
    for name, read in sorted(load().workflows.items())
    if read.workflow.governs == AUDIT
    for stage in read.workflow.stage_ids
]


def test_there_are_stages_to_try() -> None:
    assert len({name for name, _ in STAGES}) >= 1
    assert len(STAGES) > 10


@pytest.mark.parametrize(("name", "stage"), STAGES, ids=str)
def test_it_can_be_raised(live: Live, name: str, stage: str) -> None:
    audit, held = live.audits[0], SQLModel.metadata.tables["audits"]
    auditor = live.auditor(audit)

    def put(session: Session) -> None:
        digest = pin(session, live.catalogue.pins["workflow", name])
        session.execute(update(held).where(held.c.reference == audit).values(stage=stage, workflow_digest=digest))

    live.db.transact(put)

    live.escalate(audit, auditor, "A child who may be at risk.")
    live.escalate(audit, LEAD, "Somebody else sees it too.")

    assert [row["open"] for row in live.escalations(audit)] == [True, True]
    assert live.audit(audit)["stage"] == stage
