"""The tables of events_django.py. Importable only once Django is set up."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import models
from django_fsm import GET_STATE, FSMField, transition
from events_walk import ANSWERS, FIRST, Way, ways


def _asked(guard: str) -> Callable[[Any], bool]:
    def asked(_audit: Any) -> bool:
        return ANSWERS.holds(guard)

    return asked


def _chosen(ways_of_event: list[Way], stage: str) -> str:
    """The first end from this stage whose condition holds; the last has none."""
    here = (way for way in ways_of_event if way.source == stage)
    return next(way.target for way in here if way.choice is None or ANSWERS.holds(way.choice))


def _made(event: str) -> Callable[[Any], None]:
    """One method of the model, which is one event."""
    mine = [way for way in ways() if way.event == event]
    sources = list(dict.fromkeys(way.source for way in mine))
    targets = list(dict.fromkeys(way.target for way in mine))
    target: Any = targets[0]
    if len(targets) > 1:  # conditions choose among ends
        target = GET_STATE(lambda audit: _chosen(mine, audit.stage), states=targets)
    asked = [_asked(guard) for guard in mine[-1].guards]

    def method(self: Any) -> None:
        """Nothing more happens here."""

    method.__name__ = event
    decorate: Any = transition(field="stage", source=sources, target=target, conditions=asked)
    made: Callable[[Any], None] = decorate(method)
    return made


Moves: Any = type("Moves", (), {event: _made(event) for event in dict.fromkeys(way.event for way in ways())})


class Audit(Moves, models.Model):  # type: ignore[misc]
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.TextField(unique=True)
    stage = FSMField(default=FIRST, protected=True)
    auditor = models.UUIDField()
    locked = models.BooleanField(default=False)
    turn = models.IntegerField(default=0)

    class Meta:
        app_label = "events"


class Entry(models.Model):
    chain = models.UUIDField()
    turn = models.IntegerField()
    about = models.TextField()
    prev = models.BinaryField()
    kind = models.TextField()
    actor = models.UUIDField()
    role = models.TextField()
    identified = models.TextField()
    workflow_digest = models.TextField()
    rubric_digest = models.TextField()
    program = models.TextField()
    ts_utc = models.BigIntegerField()
    ts_flag = models.TextField()
    commitment = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        app_label = "events"
        db_table = "entries"
        unique_together = [("chain", "turn")]


class Payload(models.Model):
    chain = models.UUIDField()
    turn = models.IntegerField()
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        app_label = "events"
        db_table = "payloads"
        unique_together = [("chain", "turn")]


class CommandDone(models.Model):
    id = models.UUIDField(primary_key=True)
    chain = models.UUIDField()
    turn = models.IntegerField()

    class Meta:
        app_label = "events"
        db_table = "commands"
