"""Pinned definitions, each read once in this process."""

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.pinned import rubric_from
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_reading import read_pinned
from audit_engine.records.tables import Definition


def rubric_of(session: Session, digest: str) -> ReadRubric:
    """The rubric pinned under a digest, read once in this process."""
    known = _RUBRICS.get(digest)
    if known is None:
        known = _RUBRICS[digest] = rubric_from(_text(session, digest))
    return known


def workflow_of(session: Session, digest: str) -> ReadWorkflow:
    """The workflow pinned under a digest, read once in this process."""
    known = _WORKFLOWS.get(digest)
    if known is None:
        known = _WORKFLOWS[digest] = read_pinned(_text(session, digest))
    return known


# By digest, so that an entry can never be out of date: another text has another digest.
_RUBRICS: dict[str, ReadRubric] = {}
_WORKFLOWS: dict[str, ReadWorkflow] = {}


def _text(session: Session, digest: str) -> str:
    statement = select(col(Definition.text)).where(col(Definition.digest) == digest)
    return str(session.connection().execute(statement).scalar_one())
