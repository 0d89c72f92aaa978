"""Facts under which a shipped audit can be submitted, to be spoilt one at a time."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.move_facts import MoveFacts

PRACTITIONER, MANAGER, AUDITOR, MODERATOR, OTHER = (UUID(int=n) for n in range(1, 6))
PEOPLE: dict[str, UUID | None] = {
    "practitioner": PRACTITIONER, "manager": MANAGER, "auditor": AUDITOR, "moderator": None,
}  # fmt: skip
NAMES = {PRACTITIONER: "P-1", MANAGER: "P-2", AUDITOR: "P-3", MODERATOR: "P-4", OTHER: "P-5"}
NOTHING_HANGS_ON_IT = {
    f"{link}.{asked}": False for link in ("follow_up", "challenge", "action") for asked in ("open", "opened")
}
READY = MoveFacts(
    values={
        "selected_for_moderation": False, "feedback": "given", "overall": "good", "adjusted": False,
        "follow_up.ended": "none", **NOTHING_HANGS_ON_IT,
    },
    entered={"shared": "2026-03-02"},
    today=date(2026, 3, 3),
    overall="good",
    permitted=("inadequate", "requires_improvement", "good"),
    people=PEOPLE,
    names=NAMES,
    actor=AUDITOR,
)  # fmt: skip
PAST_THE_WINDOW = date(2026, 4, 15)
"""The practitioner, with whom it was shared, can no longer answer by then."""


def with_facts(**changed: Any) -> MoveFacts:
    """READY, with something changed."""
    return replace(READY, **changed)


def with_values(**changed: Any) -> MoveFacts:
    """READY, with some of its values changed; None leaves one out."""
    values = {**READY.values, **changed}
    return replace(READY, values={name: value for name, value in values.items() if value is not None})


@cache
def workflow(name: str) -> ReadWorkflow:
    """A shipped workflow."""
    return load().workflow(name)
