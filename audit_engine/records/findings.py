"""What verification can find, each with a code that stays (docs/reference/problems-records.md)."""

from dataclasses import dataclass
from uuid import UUID

CHANGED = "T001"
GONE = "T002"
OUT_OF_LINE = "T003"
PAYLOAD_CHANGED = "T004"
PAYLOAD_GONE = "T005"
PAYLOAD_ALONE = "T006"
STANDING_DIFFERS = "T007"
STANDING_UNTOLD = "T008"
STANDING_GONE = "T009"
TAIL_CUT = "T010"
HEAD_DIFFERS = "T011"
CHECKPOINT_CHANGED = "T012"
CHECKPOINT_GONE = "T013"
ROLLED_BACK = "T014"
ANCHOR_DIFFERS = "T015"
ANCHOR_FOREIGN = "T016"
LEDGER_EMPTY = "T017"
TRIGGERS_DIFFER = "T018"
DEFINITION_CHANGED = "T019"
DAMAGED = "T020"
TEAMS_DIFFER = "T021"
DEFINITION_NAMED = "T022"
COMMAND_ALONE = "T023"
PART_TURN = "T024"
SCHEMA_DIFFERS = "T025"

_WORDS = {"file": "imported file", "viewer": "what was looked at by"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was left."""

    code: str
    sentence: str
    chain: UUID | None = None
    about: str = ""
    reference: str = ""
    """Of the case, audit, person or observation, when it can still be found."""
    turn: int | None = None
    """The first entry concerned."""


def key_of(chain: str) -> UUID | None:
    """The key written as `chain`; None when it was made unreadable."""
    try:
        return UUID(hex=chain)
    except ValueError:
        return None


def subject(about: str, reference: str, chain: str) -> str:
    """How a sentence names a thing: `audit A-0012`, or its key when nothing better is left."""
    return f"{_WORDS.get(about, about) or 'thing'} {reference or chain}"
