"""Django with django-fsm in bench_events.py. Importing it fails where one of them is not installed."""

import time
import uuid
from pathlib import Path
from typing import Any

import django
import django_fsm
from django.conf import settings
from events_ledger import LEDGER, told_of, written
from events_walk import FIRST

PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"


def _set_up() -> Any:
    """Django, once; gives back the models."""
    if not settings.configured:
        database = {
            "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:",
            "OPTIONS": {"init_command": PRAGMAS, "transaction_mode": "IMMEDIATE"},
        }  # fmt: skip
        settings.configure(
            DATABASES={"default": database},
            INSTALLED_APPS=[],
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        )
        django.setup()
    import events_django_models  # noqa: PLC0415 - models can be made once Django is set up

    return events_django_models


class DjangoFsm:
    """A model that is never saved; starting again makes another, outside the time."""

    refuses, asks = (django_fsm.TransitionNotAllowed,), True

    def __init__(self) -> None:
        self._models = _set_up()
        self.restart()

    @property
    def stage(self) -> str:
        return str(self._audit.stage)

    def restart(self) -> None:
        self._audit = self._models.Audit(reference="A-1", stage=FIRST, auditor=uuid.uuid4())

    def fire(self, event: str) -> None:
        getattr(self._audit, event)()


class DjangoKept:
    """Models, transactions, and django-fsm's guarded methods."""

    table, one_each, refuses = "events_audit", LEDGER, (django_fsm.TransitionNotAllowed,)

    def __init__(self, file: Path, audits: int) -> None:
        self.file = file
        self._models = _set_up()
        from django.db import connections, transaction  # noqa: PLC0415 - needs the settings

        self._connection, self._atomic, self._workspace = connections["default"], transaction.atomic, uuid.uuid4().hex
        self._connection.close()
        self._connection.settings_dict["NAME"] = str(file)
        with self._connection.schema_editor() as editor:
            for name in ("Audit", "Entry", "Payload", "CommandDone"):
                editor.create_model(getattr(self._models, name))
        self._models.Audit.objects.bulk_create(
            self._models.Audit(reference=f"A-{number}", stage="allocated", auditor=uuid.uuid4())
            for number in range(audits)
        )

    def settings(self) -> tuple[str, int]:
        with self._connection.cursor() as cursor:
            mode, synchronous = (
                cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
            )
            return mode, synchronous

    def fire(self, number: int, event: str) -> float:
        began, models = time.perf_counter(), self._models
        with self._atomic():
            audit = models.Audit.objects.get(reference=f"A-{number}")
            source = audit.stage
            getattr(audit, event)()
            head = models.Entry.objects.filter(chain=audit.key).order_by("-turn").first()
            audit.turn += 1
            audit.save(update_fields=["stage", "turn"])
            entry, salt, text = written(
                self._workspace, audit.key.hex, audit.turn, bytes(head.hash) if head else None,
                told_of(event, source, audit.stage), actor=audit.auditor.hex,
            )  # fmt: skip
            models.Entry.objects.create(**entry | {"chain": audit.key, "actor": audit.auditor})
            models.Payload.objects.create(chain=audit.key, turn=audit.turn, salt=salt, text=text)
            models.CommandDone.objects.create(id=uuid.uuid4(), chain=audit.key, turn=audit.turn)
        return time.perf_counter() - began
