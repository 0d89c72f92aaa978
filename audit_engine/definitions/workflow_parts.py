"""What a workflow keeps beside its stage: what was recorded, who else stands in it, what hangs on it; its demands."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from audit_engine.definitions.reading import Definition, Identifier, Label, Sentence, YesNo, as_one_of
from audit_engine.definitions.workflow_names import ROLES
from audit_engine.definitions.workflow_timing import WorkingDays

OPENER, NAMING = "opener", "naming"
"""Where somebody who stands in a matter comes from: they opened it, or whoever opened it named them."""
WORDS, TEXT, DAY, AN_AUDIT = "words", "text", "day", "audit"
"""What can be recorded: one of a list of words; a text; a day; another audit, by its reference."""
MAX_RECORDS, MAX_PLACES, MAX_LINKS = 20, 8, 12


def _left_stage(value: object) -> object:
    if value == "*":
        raise ValueError("'*' is not a stage", "Write [any_open_stage] for every stage that is not final.")
    return value


def _references(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2,6}", value, re.ASCII):
        raise ValueError("these are not the letters references begin with", "Write two to six capital letters: ACT.")
    return value


LeftStage = Annotated[Identifier, BeforeValidator(_left_stage)]
References = Annotated[str, BeforeValidator(_references)]


class Record(Definition):
    """Something that is said once, or again, while it goes on. Exactly one of one_of, text, day and audit."""

    title: Label
    one_of: Annotated[tuple[Identifier, ...], Field(min_length=2, max_length=12)] | None = None
    """Every word it can be. Only such records can be asked for in conditions."""
    at_first: Identifier | None = None
    """Of `one_of`: what it is before anybody said; left out, it is then not known."""
    text: YesNo = False
    day: YesNo = False
    audit: YesNo = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which kinds are written: one, in a sound file."""
        given = ((WORDS, self.one_of is not None), (TEXT, self.text), (DAY, self.day), (AN_AUDIT, self.audit))
        return tuple(kind for kind, written in given if written)


class Place(Definition):
    """Somebody who stands in it, beside the people of its audit.

    With `from: opener` whoever opens it; with `from: naming` whoever is named when it is opened, and by events that
    name anew; with a role alone, whoever of that role first does what is given to them.
    """

    origin: Annotated[str, as_one_of((OPENER, NAMING))] | None = Field(default=None, alias="from")
    role: Annotated[str, as_one_of(ROLES)] | None = None
    independent_of: Annotated[tuple[Identifier, ...], Field(max_length=8)] = ()
    """Other places and people of the audit that must be somebody else."""


class Opening(Definition):
    """What an event opens: something with a workflow of its own, that hangs on this."""

    link: Identifier
    when: str | None = None
    """Only when this holds, the event done."""


class Link(Definition):
    """Something with a workflow of its own that may hang on this."""

    workflow: Identifier
    title: Label | None = None
    by: Annotated[tuple[Identifier, ...], Field(max_length=20)] = ()
    """Who may open one by hand; empty: only events open it."""
    sources: Annotated[tuple[LeftStage, ...], Field(alias="from", max_length=200)] = ()
    """The stages at which one may be opened by hand."""
    ends: Annotated[tuple[Identifier, ...], Field(max_length=12)] = ()
    """The ends of its workflow that conditions here may ask for as `LINK.ended`. All of them, or none."""
    places: dict[Identifier, Identifier] = {}
    """Who is named in it, from the people of this: {owner: manager}."""
    words: Label | None = None
    """What one is about that an event opened; without it, the reason that was given."""


class Demand(Definition):
    """A condition of an event, in one of these forms; each says in a sentence why not.

    `guard`: built in, by its name. `when` with `otherwise`: an expression, and the sentence people read. `closed`: none
    of these links is open. `opened`: one of these links was opened. `within` and `after`: so many working days since
    the stage `of` was last entered, or this one. `not_before`: the recorded day has come.
    """

    guard: Identifier | None = None
    when: str | None = None
    closed: Identifier | None = None
    opened: Identifier | None = None
    within: WorkingDays | None = None
    after: WorkingDays | None = None
    of: Identifier | None = None
    not_before: Identifier | None = None
    otherwise: Sentence | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Which forms are written: one, in a sound file."""
        names = ("guard", "when", "closed", "opened", "within", "after", "not_before")
        return tuple(name for name in names if getattr(self, name) is not None)
