"""The Django side of bench_grade.py: the same rows, kept the way a Django project would keep them.

Not a benchmark of its own (run bench_grade.py); importing it fails where Django or django-fsm is not installed.
"""

import secrets
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from audit_engine.calendars import now
from audit_engine.records.canonical import canonical
from audit_engine.records.ledger import PROGRAM, commitment, entry_hash, microseconds


def grade_in(
    file: Path, criteria: Sequence[str], grades: Sequence[str], payload_of: Callable[..., dict[str, Any]]
) -> Callable[[int], None]:
    """A function that saves one grade, in a new database at `file`."""
    pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
    database = {
        "ENGINE": "django.db.backends.sqlite3", "NAME": str(file),
        "OPTIONS": {"init_command": pragmas, "transaction_mode": "IMMEDIATE"},
    }  # fmt: skip
    if not settings.configured:
        settings.configure(
            DATABASES={"default": database},
            INSTALLED_APPS=[],
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        )
        django.setup()
    from django.db import connections, transaction  # noqa: PLC0415 - needs the settings
    from grade_django_models import make  # noqa: PLC0415 - models can be made once Django is set up

    connections["default"].close()
    connections["default"].settings_dict["NAME"] = str(file)
    models = make()
    with connections["default"].schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    audit_model, rating_model, entry_model, payload_model, command_model = models
    auditor, workspace = uuid.uuid4(), uuid.uuid4().hex
    audit_model.objects.create(key=uuid.uuid4(), reference="A-1", stage="grading", auditor=auditor)

    def grade(number: int) -> None:
        criterion, given = criteria[number % len(criteria)], grades[number % len(grades)]
        with transaction.atomic():
            audit = audit_model.objects.get(reference="A-1")
            audit.grade(by=auditor)
            head = entry_model.objects.filter(chain=audit.key).order_by("-turn").first()
            rating = rating_model.objects.filter(audit=audit, criterion=criterion).first()
            told = payload_of(criterion, given, None if rating is None else {"grade": rating.grade})
            text, salt = canonical(told), secrets.token_bytes(32)
            audit.turn += 1
            audit.save(update_fields=["turn", "stage"])
            rating = rating or rating_model(audit=audit, criterion=criterion, applicability="expected")
            rating.grade, rating.grade_order, rating.turn = given, told["ratings"][0]["grade_order"], audit.turn
            rating.save()
            said = {
                "chain": audit.key.hex, "about": "audit", "turn": audit.turn, "prev": head.hash if head else bytes(32),
                "kind": "rated", "actor": auditor.hex, "role": "auditor", "identified": "training",
                "workflow_digest": "w" * 64, "rubric_digest": "r" * 64, "program": PROGRAM,
                "ts_utc": microseconds(now()), "ts_flag": "ok", "commitment": commitment(salt, text),
            }  # fmt: skip
            hashed = entry_hash([workspace, *(bytes(v) if isinstance(v, memoryview) else v for v in said.values())])
            entry_model.objects.create(**said | {"chain": audit.key, "actor": auditor}, hash=hashed)
            payload_model.objects.create(chain=audit.key, turn=audit.turn, salt=salt, text=text)
            command_model.objects.create(id=uuid.uuid4(), chain=audit.key, turn=audit.turn)

    grade(0)
    grade(1)
    assert entry_model.objects.count() == payload_model.objects.count() == command_model.objects.count() == 2
    assert audit_model.objects.get().turn == 2
    with connections["default"].cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
    return grade
