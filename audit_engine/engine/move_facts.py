"""What a move is decided on: gathered once by the action that asks for it, inside its transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.workflow_names import NOT_ENDED


@dataclass(frozen=True, slots=True)
class Linked:
    """How everything stands that hangs on it by one link."""

    open: int = 0
    """How many have not come to an end."""
    opened: int = 0
    """How many there ever were."""
    ended: str | None = None
    """The end of the one that ended last; None while none has."""


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """Everything guards and conditions look at.

    A value, person, overall grade or raiser that is not given is not known, and that refuses. The lists of what is
    missing and the number of open escalations are taken at their word: an action that leaves them out says "none".
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    """By the names of `definitions.workflow_names`, known ones only. `stage` is added by the machine."""
    unanswered: tuple[str, ...] = ()
    """Titles of expected criteria without an answer. In an audit without grades: without an applicability."""
    without_evidence: tuple[str, ...] = ()
    """Titles of criteria whose grade demands a pointer into the record that is missing."""
    without_note: tuple[str, ...] = ()
    """Titles of criteria whose grade demands a note that is missing."""
    overall: str | None = None
    """The overall grade that was chosen, by id; None while there is none."""
    permitted: tuple[str, ...] = ()
    """The overall grades the limiting rules leave, by id, worst first."""
    bound_by: tuple[str, ...] = ()
    """The sentences of the rules that take the chosen one away."""
    graded: bool = True
    overall_needs_reason: bool = False
    """It differs from the suggested one, and no reason was given."""
    unescalated: tuple[str, ...] = ()
    """Titles of safety-critical criteria graded inadequate of which no escalation on this audit tells."""
    feedback_explained: bool = False
    """It is said why nobody gave feedback."""
    open_escalations: int = 0
    people: Mapping[str, UUID | None] = field(default_factory=dict)
    """practitioner, manager, auditor, moderator. None: there is nobody. A name that is missing is not known."""
    names: Mapping[UUID, str] = field(default_factory=dict)
    """How people are called in sentences, by their references."""
    blind_missing: tuple[str, ...] = ()
    """Titles of criteria the moderator has not graded yet."""
    undecided: tuple[str, ...] = ()
    """Titles of disagreements without a decision."""
    raised_by: UUID | None = None
    actor: UUID | None = None
    """Who asks for the move; None when the clock does."""
    owner: UUID | None = None
    """Of a matter: whom it is for."""
    links: Mapping[str, Linked] = field(default_factory=dict)
    """By link; one that is left out has none."""
    recorded: Mapping[str, str] = field(default_factory=dict)
    """What was recorded, by record; days as ISO."""
    entered: Mapping[str, str] = field(default_factory=dict)
    """When each stage was last entered, ISO days."""
    today: date | None = None
    """None: not known, and no window is open."""


def kept_values(recorded: Mapping[str, str], links: Mapping[str, Linked], words: Mapping[str, object],
                ends: Mapping[str, object]) -> dict[str, Value]:  # fmt: skip
    """Records and links by the names conditions have for them, known ones only.

    Args:
        words: The records that are one of a list of words.
        ends: The links of the workflow.
    """
    values: dict[str, Value] = {f"record.{name}": recorded[name] for name in words if name in recorded}
    for name in ends:
        linked = links.get(name, Linked())
        values |= {f"{name}.open": linked.open > 0, f"{name}.opened": linked.opened > 0}
        values[f"{name}.ended"] = linked.ended or NOT_ENDED
    return values
