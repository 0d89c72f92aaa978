"""The tables of grade_in_django.py. Importable only once Django is set up."""

import uuid
from typing import Any

from django.db import models
from django_fsm import FSMField, transition


class Audit(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.TextField(unique=True)
    stage = FSMField(default="allocated", protected=True)
    locked = models.BooleanField(default=False)
    auditor = models.UUIDField()
    turn = models.IntegerField(default=0)

    class Meta:
        app_label = "bench"

    def open_to_grades(self) -> bool:
        return not self.locked

    def is_its_auditor(self, person: uuid.UUID) -> bool:
        return self.auditor == person

    @transition(field=stage, source=["grading", "returned"], target="grading", conditions=[open_to_grades])
    def grade(self, by: uuid.UUID) -> None:
        if not self.is_its_auditor(by):
            raise PermissionError


class Rating(models.Model):
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT)
    criterion = models.TextField()
    applicability = models.TextField()
    grade = models.TextField(null=True)
    grade_order = models.IntegerField(null=True)
    turn = models.IntegerField(default=0)

    class Meta:
        app_label = "bench"
        unique_together = [("audit", "criterion")]


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
        app_label = "bench"
        unique_together = [("chain", "turn")]


class Payload(models.Model):
    chain = models.UUIDField()
    turn = models.IntegerField()
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        app_label = "bench"
        unique_together = [("chain", "turn")]


class CommandDone(models.Model):
    id = models.UUIDField(primary_key=True)
    chain = models.UUIDField()
    turn = models.IntegerField()

    class Meta:
        app_label = "bench"


def make() -> tuple[Any, ...]:
    """Audit, rating, entry, payload, command."""
    return Audit, Rating, Entry, Payload, CommandDone
