"""The check of notes: what the people here are called, and what in somebody's own notes may tell who somebody is."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.engine.anonymity import KINDS, TITLES, Finding, Watch
from audit_engine.records.tables import Person
from audit_engine.safe_text import quoted
from audit_engine.work_views import CriterionView, InNote, WorkView

_AT_MOST = 3
"""Findings of one kind that are quoted from one note."""
_WHERE = {"note": "the note", "pointer": "where the evidence is"}


def known_names(session: Session) -> tuple[str, ...]:
    """What the people of this workspace are called. Only to look for in notes: it is shown to nobody."""
    statement = select(col(Person.name)).order_by(col(Person.name))
    return tuple(session.connection().execute(statement).scalars())


def in_notes(view: WorkView, watch: Watch) -> tuple[InNote, ...]:
    """Everything in the reader's own notes that may tell who somebody is, in the rubric's order."""
    return tuple(found for criterion in view.criteria for found in _in_one(criterion, watch))


def _in_one(criterion: CriterionView, watch: Watch) -> Iterator[InNote]:
    answer = criterion.answer
    for where, text in (("note", answer.note), ("pointer", answer.pointer)) if answer is not None else ():
        found = watch.findings(text or "")
        for kind in KINDS:
            of_kind = [one for one in found if one.kind == kind]
            if of_kind:
                head, said = f"probable {TITLES[kind]} in {_WHERE[where]}", _said(text or "", of_kind)
                sentence = f"P{head[1:]} on '{criterion.title}': {said}."
                yield InNote(criterion, f"{head}: {said}", sentence)


def _said(text: str, found: list[Finding]) -> str:
    """What was found, each once."""
    said = list(dict.fromkeys(quoted(text[one.start : one.end]) for one in found))
    more = f" and {len(said) - _AT_MOST} more" if len(said) > _AT_MOST else ""
    return f"{', '.join(said[:_AT_MOST])}{more}"
