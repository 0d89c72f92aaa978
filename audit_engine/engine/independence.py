"""Four eyes: who must not be whom in one audit. Built in; a workflow can add to it and never take away.

Asked when somebody is chosen, at every save, when grades are locked, and when they become final: people change
teams in between.
"""

from collections.abc import Mapping
from uuid import UUID

from audit_engine.definitions.workflow_names import INDEPENDENT_OF
from audit_engine.problems import Reason

_VERB = {"auditor": "audit", "moderator": "moderate"}
_IS = {
    "practitioner": "is the practitioner on this case",
    "manager": "manages the practitioner on this case",
    "auditor": "audited this case",
}


def conflicts(
    people: Mapping[str, UUID | None], also: Mapping[UUID, str] | None = None, names: Mapping[UUID, str] | None = None,
    moderating: Mapping[UUID, str] | None = None,
) -> list[Reason]:  # fmt: skip
    """Why these people may not stand where they stand; empty when they may.

    Args:
        people: practitioner, manager, auditor and moderator; None or left out where there is nobody (yet).
            Persons, not accounts: two accounts of one person are one.
        also: People who may neither audit nor moderate this case, with why, in words that go on from their name:
            'managed the practitioner until 3 March 2024'.
        names: How people are called in the sentences; without one, 'the auditor'.
        moderating: As `also`, of people who may not moderate it: 'graded this audit'.
    """
    found = [
        reason
        for name in INDEPENDENT_OF
        for reason in _conflicts_of(name, people, also or {}, {} if names is None else names)
    ]
    moderator = people.get("moderator")
    if moderator is not None and moderating and moderator in moderating:
        who = (names or {}).get(moderator, "the moderator")
        rest = "so may not moderate it. Choose another moderator, or ask the quality lead if there is none."
        found.append(Reason("moderator_has_a_conflict", _upper_first(f"{who} {moderating[moderator]}, {rest}")))
    return found


def _conflicts_of(
    name: str, people: Mapping[str, UUID | None], also: Mapping[UUID, str], names: Mapping[UUID, str]
) -> list[Reason]:
    person = people.get(name)
    if person is None:
        return []
    why = [(f"{name}_is_{other}", _IS[other]) for other in INDEPENDENT_OF[name] if people.get(other) == person]
    if person in also:
        why.append((f"{name}_has_a_conflict", also[person]))
    if not why:
        return []
    who = names.get(person, f"the {name}")
    rest = f", so may not {_VERB[name]} it. Choose another {name}."
    return [Reason(rule, _upper_first(f"{who} {words}{rest}")) for rule, words in why]


def _upper_first(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
