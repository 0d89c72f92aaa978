"""What can be known of a case: declared facts, each with its type. Conditions may speak of nothing else."""

from functools import cached_property
from typing import Annotated

from pydantic import Field

from audit_engine.definitions.conditions import Kind
from audit_engine.definitions.reading import (
    Definition,
    Identifier,
    Label,
    Sentence,
    Version,
    WholeNumber,
    as_one_of,
    repeated,
)
from audit_engine.definitions.sources import Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

TYPES = ("word", "words", "yes_no", "number")


class Word(Definition):
    """One value a fact may have."""

    id: Identifier
    label: Label


class Fact(Definition):
    """One thing that can be known of a case."""

    id: Identifier
    title: Label
    means: Sentence
    type: Annotated[str, as_one_of(TYPES)]
    words: Annotated[tuple[Word, ...], Field(max_length=100)] = ()
    """The declared values, for `word` and `words` only."""
    derived: Sentence | None = None
    """How it is worked out, in words. Such a fact is never read from a case list."""
    table: dict[str, WholeNumber] = {}
    """For a number derived from the work type: the number by work type."""

    @property
    def kind(self) -> Kind:
        """The fact as conditions see it."""
        return Kind(self.type, tuple(word.id for word in self.words))


class Codebook(Definition):
    """All declared facts of one kind of subject."""

    codebook: Identifier
    version: Version
    title: Label
    facts: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=200)]

    def fact(self, name: str) -> Fact | None:
        """The fact called `name`, or None."""
        return next((fact for fact in self.facts if fact.id == name), None)

    @property
    def listed(self) -> tuple[Fact, ...]:
        """The facts a case list may hold: all that are not derived."""
        return tuple(fact for fact in self.facts if fact.derived is None)

    def is_listed(self, name: str) -> bool:
        """Whether a case list may hold the fact called `name`."""
        return any(fact.id == name for fact in self.listed)

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """`facts.<id>` -> kind, for conditions."""
        return {f"facts.{fact.id}": fact.kind for fact in self.facts}


def codebook_problems(source: Source, codebook: Codebook) -> list[Problem]:
    """What the shape cannot tell: repeated names, words where there can be none, tables for unknown work types."""
    problems = repeated(source, [(("facts", n, "id"), f.id) for n, f in enumerate(codebook.facts)], "D016", "fact")
    work_types = codebook.fact("work_type")
    for n, fact in enumerate(codebook.facts):
        route = ("facts", n)
        problems += repeated(
            source, [((*route, "words", m, "id"), w.id) for m, w in enumerate(fact.words)], "D016", "word"
        )
        if fact.type in ("word", "words") and not fact.words:
            problems.append(
                source.problem(
                    route,
                    "D017",
                    f"the fact '{fact.id}' is of type {fact.type} and declares no words",
                    "List them under 'words'.",
                )
            )
        if fact.type in ("yes_no", "number") and fact.words:
            problems.append(
                source.problem(
                    (*route, "words"),
                    "D017",
                    f"a fact of type {fact.type} has no words",
                    "Delete them, or write 'type: word'.",
                )
            )
        known = [word.id for word in work_types.words] if work_types else []
        problems += [
            source.problem(
                (*route, "table", name), "D018", f"there is no work type '{name}'", offered(name, known), key=True
            )
            for name in fact.table
            if name not in known
        ]
    return problems
