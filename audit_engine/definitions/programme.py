"""Programmes: a round of audits of one stream: how it is drawn, what is moderated, what its audits are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from pydantic import Field

from audit_engine.definitions.conditions import (
    YES_NO,
    Condition,
    Kind,
    Value,
    Vocabulary,
    outside_subset,
    read_condition,
    shown_part,
)
from audit_engine.definitions.names import STREAMS
from audit_engine.definitions.outcomes import BOTH, possible, range_of
from audit_engine.definitions.reading import (
    Definition,
    Identifier,
    Label,
    Sentence,
    Version,
    WholeNumber,
    as_one_of,
)
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT
from audit_engine.problems import Problem

STRATA = ("area", "team", "law_type", "work_type")
"""What a frame may be divided by; the last two are facts."""
ALLOCATE = "allocate"
"""The event by which an audit gets its auditor; a workflow that a programme uses has it on its first stage."""
MOST = 100_000
"""The largest number a programme may ask for."""


class Sampling(Definition):
    """How the cases of one quarter are drawn."""

    frame: Annotated[str, as_one_of(("open_cases",))]
    """`open_cases`: open on the quarter's last day, or on the day of the draw if that is earlier."""
    where: str | None = None
    """Which of them, by their facts. A case of which it is not known is left out, and counted."""
    strata: Annotated[tuple[Annotated[str, as_one_of(STRATA)], ...], Field(max_length=len(STRATA))] = ()
    size: WholeNumber
    """Audits in a quarter, unless whoever draws says otherwise."""
    at_least: WholeNumber = 0
    """From every stratum that has so many cases."""
    not_again_within: WholeNumber = 0
    """Months since the case was last audited."""


class AlwaysModerated(Definition):
    """Audits that are moderated whatever the lot says."""

    when: str
    because: Sentence


class ModeratedShare(Definition):
    """Which audits are moderated."""

    one_in: WholeNumber
    """A random one in so many."""
    always: Annotated[tuple[AlwaysModerated, ...], Field(max_length=20)] = ()


class Programme(Definition):
    """Which audits are made, under which workflow and rubric, and what they are called."""

    programme: Identifier
    version: Version
    title: Label
    stream: Annotated[str, as_one_of(STREAMS)]
    audits_called: Label
    """In the plural, as a figure says it: `local Quality and Impact audits`."""
    subject: Annotated[str, as_one_of(("case",))]
    rubric: Identifier
    graded: Annotated[str, as_one_of(("always", "optional"))]
    """`optional`: a learning audit may be recorded without grades."""
    workflow: Identifier | None = None
    """None for a programme whose audits are only ever imported."""
    sampling: Sampling | None = None
    moderation: ModeratedShare | None = None


@dataclass(frozen=True)
class ReadProgramme:
    """A programme with its checked conditions."""

    programme: Programme
    where: Condition | None = None
    """Of its sampling."""
    always: tuple[tuple[AlwaysModerated, Condition], ...] = ()
    fact_kinds: Mapping[str, Kind] = field(default_factory=dict, repr=False)
    """`facts.<id>` -> kind, of the codebook its rubric names: what `where` and the strata are made of."""

    def always_moderated(self, values: Mapping[str, Value]) -> str | None:
        """Why an audit is moderated whatever the lot says; None when only the lot decides.

        What is not known does not spare an audit: it is moderated, and the sentence says so.

        Args:
            values: overall, suggested, collaborative and facts.*, known ones only. An audit without an overall grade
                has the word `none`.
        """
        for rule, condition in self.always:
            outcome = condition.outcome(values)
            if outcome.held:
                return rule.because
            if outcome.held is None:
                return f"{rule.because} (whether this is so is not known: {', '.join(outcome.unknown)})"
        return None


def read_programme(
    source: Source, written: Programme, rubrics: Mapping[str, ReadRubric], workflows: Mapping[str, ReadWorkflow],
    *, complete: bool,
) -> ReadProgramme | list[Problem]:  # fmt: skip
    """Join a programme with what it names and check every condition, or say everything that does not fit.

    Args:
        complete: Every rubric and workflow there is was read without a problem, so that one that is missing is
            missing for good; else it may have been left out for problems that are told already.
    """
    reader = _Reader(source, written, complete)
    rubric = reader.known("rubric", written.rubric, rubrics)
    workflow = reader.known("workflow", written.workflow, workflows) if written.workflow else None
    if workflow is not None:
        reader.check_workflow(workflow)
    reader.check_numbers()
    where, always = (reader.where(rubric), reader.always(rubric)) if rubric is not None else (None, ())
    kinds = dict(rubric.codebook.kinds) if rubric is not None else {}
    return reader.problems or ReadProgramme(written, where, always, kinds)


T = TypeVar("T")


class _Reader:
    """Collects problems while one programme is read."""

    def __init__(self, source: Source, written: Programme, complete: bool) -> None:
        self._source, self._written, self._complete = source, written, complete
        self.problems: list[Problem] = []

    def known(self, what: str, name: str, all_known: Mapping[str, T]) -> T | None:
        if name not in all_known and self._complete:
            self._say((what,), "D018", f"there is no {what} called '{name}'", offered(name, all_known))
        return all_known.get(name)

    def check_workflow(self, workflow: ReadWorkflow) -> None:
        """Audits begin at the first stage of the workflow and leave it with an auditor."""
        name = workflow.workflow.workflow
        if workflow.workflow.governs != AUDIT:
            message = f"the workflow '{name}' governs {workflow.workflow.governs}s, and a programme makes audits"
            self._say(("workflow",), "D081", message, "Name a workflow with 'governs: audit'.")
        elif ALLOCATE not in workflow.events or workflow.first.id not in workflow.event(ALLOCATE).leaves:
            message = f"no event '{ALLOCATE}' leaves the first stage of the workflow '{name}', so nobody could audit"
            hint = f"Add the event '{ALLOCATE}' from '{workflow.first.id}', or name another workflow."
            self._say(("workflow",), "D081", message, hint)

    def check_numbers(self) -> None:
        sampling, moderation = self._written.sampling, self._written.moderation
        if sampling is not None:
            if self._written.workflow is None:
                message = "a programme that draws cases needs the workflow its audits begin in"
                self._say(("sampling",), "D080", message, "Add a line 'workflow: case_audit'.", key=True)
            for key, least in (("size", 1), ("at_least", 0), ("not_again_within", 0)):
                self._within(("sampling", key), getattr(sampling, key), least)
            for n, stratum in enumerate(sampling.strata):
                if stratum in sampling.strata[:n]:
                    self._say(("sampling", "strata", n), "D016", f"'{stratum}' stands here twice", "Keep one of them.")
        if moderation is not None:
            self._within(("moderation", "one_in"), moderation.one_in, 1)

    def where(self, rubric: ReadRubric) -> Condition | None:
        sampling = self._written.sampling
        if sampling is None:
            return None
        for n, stratum in enumerate(sampling.strata):
            if stratum in STRATA[2:] and f"facts.{stratum}" not in rubric.codebook.kinds:
                message = f"the codebook '{rubric.codebook.codebook}' has no fact called '{stratum}'"
                self._say(("sampling", "strata", n), "D018", message, "Divide by area or team, or add the fact.")
        if sampling.where is None:
            return None
        route: Route = ("sampling", "where")
        vocabulary = Vocabulary(rubric.codebook.kinds)
        found = self._condition(route, vocabulary)
        names = found.names if found is not None else ()
        worked_out = [name for name in names if not rubric.codebook.is_listed(name.removeprefix("facts."))]
        for name in worked_out:
            message = f"{name} is worked out on the day of an audit, and is not known when cases are drawn"
            self._say(route, "D082", message, "Use facts of the case list only.", offset=_offset(found, name))
        if worked_out:
            return None
        if found is not None and (part := outside_subset(found.tree, vocabulary)) is not None:
            message = f"cases cannot be drawn by {shown_part(found.text, part)}"
            hint = "Compare, ask 'in' a written list, and join with &&, || and !."
            self._say(route, "D046", message, hint, offset=part.offset)
            return None
        return found

    def always(self, rubric: ReadRubric) -> tuple[tuple[AlwaysModerated, Condition], ...]:
        rules = self._written.moderation.always if self._written.moderation else ()
        vocabulary = moderation_vocabulary(rubric)
        read = [
            (rule, self._condition(("moderation", "always", n, "when"), vocabulary)) for n, rule in enumerate(rules)
        ]
        return tuple((rule, condition) for rule, condition in read if condition is not None)

    def _condition(self, route: Route, vocabulary: Vocabulary) -> Condition | None:
        found = read_condition(self._source, route, vocabulary)
        if isinstance(found, list):
            self.problems += found
            return None
        outcomes = possible(found, {name: range_of(kind) for name, kind in vocabulary.kinds.items()})
        if outcomes != BOTH:
            how = "always holds" if True in outcomes else "can never hold"
            self._say(route, "D047", f"this {how}, whatever is known", "Say when it should hold, or delete the line.")
        return found

    def _within(self, route: Route, number: int, least: int) -> None:
        if not least <= number <= MOST:
            message = f"{number} cannot stand here: this is a number from {least} to {MOST:,}"
            self._say(route, "D015", message, "Write digits only, as in 80.")

    def _say(self, route: Route, code: str, message: str, help_: str, *, key: bool = False, offset: int = 0) -> None:
        self.problems.append(self._source.problem(route, code, message, help_, key=key, offset=offset))


def _offset(condition: Condition | None, name: str) -> int:
    return max(0, condition.text.find(name)) if condition else 0


def moderation_vocabulary(rubric: ReadRubric) -> Vocabulary:
    """What the conditions of `moderation` may speak of."""
    grade = Kind("word", (*rubric.scale.ids, NO_GRADE))
    return Vocabulary(rubric.codebook.kinds | {"overall": grade, "suggested": grade, "collaborative": YES_NO})


def stream_problem(source: Source, written: Programme, programmes: Mapping[str, Programme]) -> list[Problem]:
    """A problem when another programme has its stream: a figure could not tell their audits apart."""
    taken = next((p for p in programmes.values() if p.stream == written.stream), None)
    if taken is None:
        return []
    message = f"the stream '{written.stream}' already belongs to the programme '{taken.programme}'"
    hint = "Give it a stream of its own, or replace the other programme."
    return [source.problem(("stream",), "D016", message, hint)]
