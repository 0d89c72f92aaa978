"""Who may do what. Deny by default: what no grant names is refused.

The same grants answer for one thing (`allowed`) and, as an SQL filter, for a list (`queries.visible`), so that a
list never shows what its lines would refuse.
"""

from dataclasses import dataclass
from uuid import UUID

from audit_engine.definitions import workflow_names
from audit_engine.problems import Reason, Refused

ROLES = workflow_names.ROLES

EVERYTHING, OWN_AREA, OWN_TEAM, OWN_AUDIT, OWN_WORK = "everything", "own_area", "own_team", "own_audit", "own_work"

GRANTS: dict[str, tuple[tuple[str, str], ...]] = {
    "bind": (("administrator", EVERYTHING),),
    "import": (("quality_lead", EVERYTHING), ("administrator", EVERYTHING)),
    "see_figures": (
        ("quality_lead", EVERYTHING), ("administrator", EVERYTHING), ("head_of_practice", EVERYTHING),
        ("manager", EVERYTHING), ("auditor", EVERYTHING),
    ),
    "see_audit": (
        ("quality_lead", EVERYTHING), ("head_of_practice", OWN_AREA), ("manager", OWN_TEAM), ("auditor", OWN_AUDIT),
        ("practitioner", OWN_WORK),
    ),
    "grade": (("auditor", OWN_AUDIT),),
    "moderate": (("head_of_practice", EVERYTHING),),
    "answer": (("practitioner", OWN_WORK),),
    "move": (
        ("quality_lead", EVERYTHING), ("head_of_practice", EVERYTHING), ("manager", OWN_TEAM), ("auditor", OWN_AUDIT),
        ("practitioner", OWN_WORK),
    ),
    "escalate": (
        ("quality_lead", EVERYTHING), ("head_of_practice", EVERYTHING), ("manager", OWN_TEAM), ("auditor", OWN_AUDIT),
        ("practitioner", OWN_WORK),
    ),
    "draw": (("quality_lead", EVERYTHING),),
    "allocate": (("quality_lead", EVERYTHING),),
    "migrate": (("quality_lead", EVERYTHING),),
    "verify": (("quality_lead", EVERYTHING), ("administrator", EVERYTHING)),
}  # fmt: skip
"""Action -> (role, how far it reaches)."""

REACH_IN_WORDS = {
    EVERYTHING: "any", OWN_AREA: "in their own area", OWN_TEAM: "in a team they manage",
    OWN_AUDIT: "that they made", OWN_WORK: "of their own work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: one person, with every role they hold today."""

    person: UUID
    reference: str
    roles: tuple[str, ...]
    areas: tuple[str, ...] = ()
    """Of their roles as head of practice."""
    teams: tuple[str, ...] = ()
    """That they manage."""
    identified: str = "os account"

    @property
    def role(self) -> str:
        """The role an entry names: the first of theirs in the order of responsibility."""
        return next((role for role in reversed(ROLES) if role in self.roles), "none")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is done to. Everything empty: the whole service."""

    area: str | None = None
    team: str | None = None
    auditor: UUID | None = None
    practitioner: UUID | None = None


WHOLE_SERVICE = Subject()


def reaches(actor: Actor, action: str) -> tuple[str, ...]:
    """How far the actor's roles reach for an action; empty when it is not theirs at all."""
    return tuple(reach for role, reach in GRANTS.get(action, ()) if role in actor.roles)


def is_within(actor: Actor, reach: str, subject: Subject) -> bool:
    """Whether a reach covers a subject."""
    if reach == EVERYTHING:
        return True
    if reach == OWN_AREA:
        return subject.area is not None and subject.area in actor.areas
    if reach == OWN_TEAM:
        return subject.team is not None and subject.team in actor.teams
    if reach == OWN_AUDIT:
        return subject.auditor == actor.person
    return reach == OWN_WORK and subject.practitioner == actor.person


def allowed(actor: Actor, action: str, subject: Subject = WHOLE_SERVICE) -> bool:
    """Whether the actor may do the action to the subject."""
    return any(is_within(actor, reach, subject) for reach in reaches(actor, action))


def require(actor: Actor, action: str, what: str, subject: Subject = WHOLE_SERVICE) -> None:
    """Go on only when allowed.

    Args:
        what: The deed in words, for the refusal: `import cases`.

    Raises:
        Refused: with who may, so that the reader knows whom to ask.
    """
    if not allowed(actor, action, subject):
        raise Refused(f"cannot {what}", [Reason(action, f"{actor.reference} may not do this. {who_may(action)}")])


def who_may(action: str) -> str:
    """Who may do an action, in a sentence."""
    who = "; ".join(_in_words(role, reach) for role, reach in GRANTS.get(action, ()))
    return f"Who may: {who or 'nobody'}."


def _in_words(role: str, reach: str) -> str:
    words = f"{'an' if role[0] == 'a' else 'a'} {role.replace('_', ' ')}"
    return words if reach == EVERYTHING else f"{words} ({REACH_IN_WORDS[reach]})"
