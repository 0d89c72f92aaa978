"""The workflows and rubrics that something here began under, which it keeps whatever became of their files."""

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.pinned import rubric_from
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_reading import read_pinned
from audit_engine.problems import unusable
from audit_engine.records.tables import Definition
from audit_engine.safe_text import quoted

DIGITS = 8
"""Of a digest, to name one text."""


def begun_under(session: Session, name: str, asked: str) -> ReadWorkflow:
    """The workflow called `name` that was kept when something began under it.

    Whoever may look into the workspace may read it: it speaks of no case and of no person.

    Args:
        asked: Its version, or how its digest begins.

    Raises:
        Unusable: nothing began under it, or under several texts of this version; with what there is.
    """
    return read_pinned(_text(session, "workflow", name, asked))


def rubric_begun_under(session: Session, name: str, asked: str) -> ReadRubric:
    """The rubric called `name` that was kept when an audit began under it, as `begun_under`."""
    return rubric_from(_text(session, "rubric", name, asked))


def _text(session: Session, kind: str, name: str, asked: str) -> str:
    columns = (col(Definition.version), col(Definition.digest), col(Definition.text))
    statement = select(*columns).where(col(Definition.kind) == kind, col(Definition.name) == name)
    kept = session.connection().execute(statement.order_by(col(Definition.version), col(Definition.digest))).all()
    found = [row for row in kept if row[0] == asked or (len(asked) >= DIGITS and row[1].startswith(asked))]
    if len(found) == 1:
        return str(found[0][2])
    if found:
        texts = " or ".join(f"{name}@{digest[:DIGITS]}" for _, digest, _ in found)
        message = f"there are {len(found)} texts of this version here: it was changed, and its version was not raised"
        raise unusable(f"{name}@{asked}", "W063", message, f"Name one of them: {texts}.")
    versions = ", ".join(dict.fromkeys(version for version, _, _ in kept))
    hint = f"There are: {versions}." if versions else "Leave out the @ to read the one in force."
    raise unusable(quoted(f"{name}@{asked}"), "W064", f"nothing here began under this {kind}", hint)
