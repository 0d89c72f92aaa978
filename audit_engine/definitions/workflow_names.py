"""What a workflow may speak of: roles, people, guards, and the names its conditions use. The reference lists them.

Who may never do what stands here and not in YAML, so that a workflow can tighten the separation of people and
never loosen it. The guards' functions are in `engine.guards`, which takes no name that is not listed here.
"""

from collections.abc import Mapping, Sequence

from audit_engine.definitions.conditions import NUMBER, YES_NO, Kind, Vocabulary
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.scales import NO_GRADE, Scale

AUDIT, MODERATION, ESCALATION, MATTER = "audit", "moderation", "escalation", "matter"
GOVERNED = (AUDIT, MODERATION, ESCALATION, MATTER)
"""What a workflow may govern. A matter is anything else that goes its own way: an action, a challenge, a summary."""
THE_AUDIT = "audit"
ABOUT = (THE_AUDIT, "area", "team", "person", "rubric", "period", "document")
"""What a matter may be about: one audit, or something of which the matter itself says what it is."""

ROLES = ("practitioner", "manager", "auditor", "head_of_practice", "quality_lead", "administrator")
"""What people are in the service, in the order of responsibility for an audit."""
PEOPLE = ("practitioner", "manager", "auditor", "moderator")
"""Who stands where in one audit. In `by` and `waits_for` these go before roles: `manager` is the manager of the
practitioner on this case, not anybody who manages."""
INDEPENDENT_OF = {"auditor": ("practitioner", "manager"), "moderator": ("practitioner", "manager", "auditor")}
"""Four eyes, built in: whom auditor and moderator must not be, whatever a workflow says."""
NEVER_CHOSEN = ("practitioner", "administrator")
"""Roles that are never enough to audit or moderate: administrators do not grade, and practitioners are audited."""

ANY_OPEN_STAGE = "any_open_stage"
"""In `from`: every stage that is not final."""
SAME_STAGE = "same_stage"
"""In `to`: it stays where it is."""
THE_CLOCK = "the_clock"
"""In `by`: nobody; it happens by itself when something is late."""
OWNER = "owner"
"""The place in a matter of whoever it is for: they never end it themselves."""

_NEAR_GRADES = (
    "every_expected_criterion_answered", "evidence_where_demanded", "notes_where_demanded",
    "overall_chosen_and_permitted", "safety_critical_inadequate_is_escalated", "four_eyes",
)  # fmt: skip
ASK_OF_GRADES = frozenset(_NEAR_GRADES) - {"four_eyes"}
"""Guards that ask what the auditor's grades come to, or what they lack."""
GUARDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_NEAR_GRADES, (AUDIT,)),
    "four_eyes": (AUDIT, MODERATION),
    "no_open_escalation": (AUDIT, MODERATION),
    "feedback_is_recorded": (AUDIT,),
    "somebody_took_it_on": (AUDIT, MODERATION),
    "blind_grades_complete": (MODERATION,),
    "every_disagreement_decided": (MODERATION,),
    "closed_by_somebody_else": (ESCALATION,),
    "ended_by_somebody_else": (MATTER,),
}
"""Guard -> the kinds of workflow it can be used in: elsewhere what it asks is not known."""

BUILT_IN_AT_LOCK = {AUDIT: _NEAR_GRADES, MODERATION: ("blind_grades_complete",), ESCALATION: (), MATTER: ()}
BUILT_IN_AT_FINALISING = {
    AUDIT: ("four_eyes",),
    MODERATION: ("every_disagreement_decided",),
    ESCALATION: (),
    MATTER: (),
}
BUILT_IN_AT_FINAL = {
    AUDIT: ("no_open_escalation",), MODERATION: (), ESCALATION: ("closed_by_somebody_else",),
    MATTER: ("ended_by_somebody_else",),
}  # fmt: skip
"""What holds whatever a workflow leaves out: on an event that locks grades, on a way into a stage that makes grades
final, on a way into a final stage."""

RESERVED = frozenset({"state", "states", "stage", "trigger", "machine", "model", "models", "initial", "events",
                      ANY_OPEN_STAGE, SAME_STAGE, THE_CLOCK, "record", "facts", "escalation"})  # fmt: skip
RESERVED_BEGINNINGS = ("may_", "to_", "is_", "on_", "before", "after")
"""Names the state machine makes its own from; a stage or event called so would hide one of them."""

FEEDBACK = ("given", "none", "unknown")
ANSWERS = ("accepted", "challenged", "none")

_ALWAYS = {
    "graded": (YES_NO, "whether the audit is graded"),
    "collaborative": (YES_NO, "whether it was made together with the practitioner"),
    "selected_for_moderation": (YES_NO, "whether it is selected for moderation"),
    "escalation.open": (YES_NO, "whether an escalation is open"),
    "feedback": (Kind("word", FEEDBACK), "whether the child and family gave feedback"),
    "answer": (Kind("word", ANSWERS), "what the practitioner answered"),
    "returned_times": (NUMBER, "how often it was returned"),
}
_OF_MODERATIONS = {"adjusted": (YES_NO, "whether something else stands than the auditor gave")}
"""Known while a moderation is decided, and after it."""
_GRADES = {"overall": "the overall grade", "suggested": "the suggested overall grade"}


def vocabulary(
    stages: Sequence[str], scale: Scale | None, codebook: Codebook | None, *, governs: str = AUDIT,
    records: Mapping[str, Sequence[str]] | None = None, links: Mapping[str, Sequence[str]] | None = None,
) -> Vocabulary:  # fmt: skip
    """The names the conditions of one workflow may use.

    Args:
        scale: Whose grades `overall` and `suggested` may be; without one these two names are not known.
        codebook: Whose facts are known; without one there are none.
        records: Its records that are one of a list of words, by name.
        links: Its links, each with the ends it may be asked for.
    """
    always = {"escalation.open": _ALWAYS["escalation.open"]} if governs == MATTER else _ALWAYS
    if governs == MODERATION:
        always = {**always, **_OF_MODERATIONS}
    kinds = {name: kind for name, (kind, _) in always.items()} | {"stage": Kind("word", tuple(stages))}
    if scale is not None:
        grades = ("overall",) if governs == MATTER else tuple(_GRADES)
        kinds |= dict.fromkeys(grades, Kind("word", (*scale.ids, NO_GRADE)))
    kinds |= {f"record.{name}": Kind("word", tuple(words)) for name, words in (records or {}).items()}
    for name, ends in (links or {}).items():
        kinds |= {f"{name}.open": YES_NO, f"{name}.opened": YES_NO}
        if ends:
            kinds[f"{name}.ended"] = Kind("word", (*ends, NOT_ENDED))
    return Vocabulary(kinds | (codebook.kinds if codebook else {}))


def in_words(name: str) -> str:
    """What a name of the vocabulary stands for, to go on from 'it is not known'."""
    if (known := {**_ALWAYS, **_OF_MODERATIONS}.get(name)) is not None:
        return known[1]
    first, _, rest = name.partition(".")
    plain = first.replace("_", " ")
    if first == "record":
        return f"what is recorded as {rest.replace('_', ' ')}"
    told = {"open": f"whether {plain} is open", "opened": f"whether {plain} was opened", "ended": f"how {plain} ended"}
    return _GRADES.get(name) or (told.get(rest, name) if first != "facts" else name)


def person_in_words(name: str) -> str:
    """Somebody who has a place, in words: `the owner`; of `raised_by`, `whoever raised it`."""
    words = name.replace("_", " ")
    return f"whoever {words.removesuffix(' by')} it" if words.endswith(" by") else f"the {words}"


def needs(name: str) -> str | None:
    """The key, `scale` or `facts`, without which a workflow cannot speak of `name`; None when it always can."""
    if name in _GRADES:
        return "scale"
    return "facts" if name.split(".", 1)[0] == "facts" else None


def is_reserved(name: str) -> bool:
    """Whether no stage or event may be called so."""
    return name in RESERVED or name.startswith(RESERVED_BEGINNINGS)


NOT_ENDED = "none"
"""`LINK.ended` while none has come to an end."""

RELIED_UPON: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    AUDIT: (("allocate", "begin", "submit"), ()),
    MODERATION: (("begin_blind", "lock", "compare", "decide", "return", "withdraw"), ("blind", "compared")),
    ESCALATION: (("acknowledge", "act", "close"), ()),
    MATTER: ((), ()),
}
"""By kind of workflow: the events, and the stages, that actions and commands ask for by name."""
RELIED_UPON_BY_MODERATORS = ("take", "finalise", "return")
"""Events of an audit's workflow, where it has a moderator."""
