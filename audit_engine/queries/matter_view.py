"""One matter in full, for somebody who may see it: as it stands, what can happen to it, and its story in words."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from audit_engine.calendars import day_in_words, day_of, now
from audit_engine.definitions.workflow_parts import DAY
from audit_engine.engine.permission import Actor
from audit_engine.matter_views import MatterPage, MatterView, MatterWhy
from audit_engine.queries.at_hand import names_of
from audit_engine.queries.entries import entries
from audit_engine.queries.matter_at_hand import MatterAtHand
from audit_engine.queries.matters import hanging_on, seen_matter
from audit_engine.queries.steps import steps, waits_for
from audit_engine.queries.story_matters import matter_words, people_told
from audit_engine.queries.track import stands_still
from audit_engine.records.ledger import moment
from audit_engine.records.ledger_tables import Entry
from audit_engine.views import StoryLine
from audit_engine.work_views import MachineView, StepView

_MATTERS: Any = SQLModel.metadata.tables["matters"]
_AUDITS: Any = SQLModel.metadata.tables["audits"]


def matter_view(session: Session, actor: Actor, reference: str) -> MatterView:
    """One matter as it stands and everything that happened to it.

    Raises:
        Refused: there is none of this reference, or it is not theirs to see.
    """
    hand = seen_matter(session, actor, reference, "show this matter")
    matter, written = hand.matter, hand.workflow.workflow
    audit = hand.audit
    return MatterView(
        reference=reference, workflow=written.workflow, title=written.title, stage=matter["stage"],
        stage_title=hand.workflow.stage(matter["stage"]).title, open=matter["open"], words=matter["words"],
        subject=matter["subject"], about=written.about or "audit", audit=audit["reference"] if audit else None,
        case=audit["case"] if audit else None, hangs_on=_parent(session, matter["hangs_on"]),
        opened_by=hand.names[matter["opened_by"]], opened_at=matter["opened_at"], ended_at=matter["ended_at"],
        due=matter["due"], people=tuple((_words(name), hand.names[key]) for name, key in hand.places.items()),
        recorded=tuple(_recorded(hand)), story=_story(session, hand), turn=matter["turn"],
    )  # fmt: skip


def matter_why(session: Session, actor: Actor, reference: str) -> MatterWhy:
    """What can happen to a matter now, for whom, and every reason why not; and to the open ones that hang on it.

    Raises as `matter_view`.
    """
    hand = seen_matter(session, actor, reference, "say what can happen")
    today = day_of(now())
    below = [one for one in hanging_on(session, actor, hand.key) if one.matter["open"]]
    return MatterWhy(
        reference=reference, title=hand.workflow.workflow.title, words=hand.matter["words"],
        audit=hand.audit["reference"] if hand.audit else None, subject=hand.matter["subject"], reader=actor.reference,
        machines=tuple(machine_of(session, one, actor, today) for one in (hand, *below)), turn=hand.matter["turn"],
    )  # fmt: skip


def matter_page(session: Session, actor: Actor, reference: str) -> MatterPage:
    """How a matter stands, and what can happen to it now. Raises as `matter_view`."""
    return MatterPage(matter_view(session, actor, reference), matter_why(session, actor, reference))


def machine_of(session: Session, hand: MatterAtHand, actor: Actor, today: date) -> MachineView:
    """What can happen to a matter that the actor may see."""
    workflow, stage = hand.workflow, hand.matter["stage"]
    # That an owner does not end what is theirs keeps nobody else from it: asked of whoever may do it, and of nobody.
    mine, others = (
        steps(workflow, stage, hand.facts(who, today), actor, hand.names) for who in (actor.person, None)
    )  # fmt: skip
    made = [one if one.mine else other for one, other in zip(mine, others, strict=True)]
    about = "" if hand.matter["subject"] is None else f" about {hand.matter['subject']}"
    return MachineView(
        what=f"{hand.matter['reference']}, {workflow.workflow.title[:1].lower()}{workflow.workflow.title[1:]}{about}",
        stage=workflow.stage(stage).title, waits_for=waits_for(workflow, stage, hand.people, hand.names),
        since=_since(session, hand.key), due=hand.matter["due"], says=(hand.matter["words"],),
        steps=tuple(_asking(hand, one) for one in made), reference=hand.matter["reference"],
        stands_still=stands_still(hand.matter),
    )  # fmt: skip


def _asking(hand: MatterAtHand, step: StepView) -> StepView:
    """The step, with whom whoever does it must name."""
    named = [
        f"whoever is the {_words(name)} from then on [{name}]" for name in hand.workflow.event(step.event).written.names
    ]
    return replace(step, asks=(*step.asks, *named)) if named else step


def _parent(session: Session, key: UUID | None) -> str | None:
    if key is None:
        return None
    for table in (_MATTERS, _AUDITS):
        found = session.connection().execute(select(table.c.reference).where(table.c.key == key)).scalar()
        if found is not None:
            return str(found)
    return None


def _recorded(hand: MatterAtHand) -> Iterable[tuple[str, str]]:
    kept = hand.recorded
    for name, record in hand.workflow.workflow.records.items():
        if name in kept:
            said = kept[name]
            if DAY in record.kinds:
                said = day_in_words(date.fromisoformat(said))
            yield record.title, _words(said) if record.one_of else said


def _story(session: Session, hand: MatterAtHand) -> tuple[StoryLine, ...]:
    told = entries(session, hand.key)
    names = names_of(session, people_told(told))
    people = {key.hex: name for key, name in names.items()}
    return tuple(
        StoryLine(
            one.at, "matter", one.turn, one.kind, (one.payload or {}).get("event"), one.actor,
            one.role.replace("_", " "), matter_words(one, hand.workflow, people), frozenset(),
        )
        for one in told
    )  # fmt: skip


def _since(session: Session, chain: UUID) -> datetime | None:
    """When it came to the stage it is at: with its newest move, or when it was opened."""
    newest = select(func.max(col(Entry.ts_utc))).where(
        col(Entry.chain) == chain, col(Entry.kind).in_(("opened", "moved"))
    )
    found = session.connection().execute(newest).scalar_one_or_none()
    return None if found is None else moment(int(found))


def _words(name: str) -> str:
    return name.replace("_", " ")
