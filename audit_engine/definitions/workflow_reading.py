"""From a judged workflow to one that can be run: conditions read, built-in guards added. Also from a pin."""

import hashlib
import json
from collections.abc import Mapping
from typing import TypeVar

from audit_engine.definitions.conditions import Condition, Vocabulary, read_condition
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.properties import UNTIL, Property, ReadProperty, property_problems
from audit_engine.definitions.reading import judged
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source, source_from
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import Event, ReadEnd, ReadEvent, ReadWorkflow, Workflow
from audit_engine.definitions.workflow_checks import workflow_problems
from audit_engine.definitions.workflow_names import (
    BUILT_IN_AT_FINAL,
    BUILT_IN_AT_FINALISING,
    BUILT_IN_AT_LOCK,
    needs,
    vocabulary,
)
from audit_engine.definitions.workflow_parts_checks import ends_of_links, words_of_records
from audit_engine.problems import Problem, Unusable

T = TypeVar("T")
Texts = Mapping[tuple[str, str], str]
"""Texts of definitions by kind and name: ('scale', 'four_grade')."""


def read_workflow(
    source: Source, workflow: Workflow, scales: Mapping[str, Scale], codebooks: Mapping[str, Codebook], texts: Texts
) -> ReadWorkflow | list[Problem]:
    """Join a workflow with what it speaks of, or say everything that does not fit."""
    problems = [
        *_unknown(source, "scale", workflow.scale, scales),
        *_unknown(source, "facts", workflow.facts, codebooks),
    ]
    is_named = not problems
    problems += workflow_problems(source, workflow)
    shapeless = list(property_problems(source, workflow.properties))
    problems += shapeless
    if is_named:
        scale = scales[workflow.scale] if workflow.scale else None
        codebook = codebooks[workflow.facts] if workflow.facts else None
        names = vocabulary(
            workflow.stage_ids, scale, codebook, governs=workflow.governs,
            records=words_of_records(workflow), links=ends_of_links(workflow),
        )  # fmt: skip
        reader = _Reader(source, workflow, names)
        if not shapeless:
            reader.read_properties()
        problems += reader.problems
    if problems:
        return problems
    used = {"workflow": source.text}
    if workflow.scale:
        used["scale"] = texts["scale", workflow.scale]
    if workflow.facts:
        used["facts"] = texts["codebook", workflow.facts]
    text = json.dumps(used, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ReadWorkflow(digest, text, workflow, reader.events, tuple(reader.properties), names.kinds)


def read_pinned(text: str) -> ReadWorkflow:
    """The workflow that something was opened under.

    Args:
        text: A pin's text, whose SHA-256 is the digest that was kept.

    Raises:
        Unusable: this version of the program cannot read it any more.
    """
    used: dict[str, str] = json.loads(text)
    source = source_from(used["workflow"].encode(), "the workflow it was opened under")
    workflow = _sound(judged(source, Workflow))
    scales, codebooks, texts = {}, {}, {}
    if "scale" in used:
        scale = _sound(judged(source_from(used["scale"].encode(), "its scale"), Scale))
        scales[scale.scale], texts["scale", scale.scale] = scale, used["scale"]
    if "facts" in used:
        codebook = _sound(judged(source_from(used["facts"].encode(), "its codebook"), Codebook))
        codebooks[codebook.codebook], texts["codebook", codebook.codebook] = codebook, used["facts"]
    return _sound(read_workflow(source, workflow, scales, codebooks, texts))


def _sound(found: T | list[Problem]) -> T:
    if isinstance(found, list):
        raise Unusable(found)
    return found


def _unknown(source: Source, key: str, name: str | None, known: Mapping[str, object]) -> list[Problem]:
    what = {"scale": "scale", "facts": "codebook"}[key]
    if name is None or name in known:
        return []
    return [source.problem((key,), "D018", f"there is no {what} called '{name}'", offered(name, known))]


class _Reader:
    """Reads every condition of one workflow, and keeps what is wrong with them."""

    def __init__(self, source: Source, workflow: Workflow, names: Vocabulary) -> None:
        self.problems: list[Problem] = []
        self._source, self._workflow, self._names = source, workflow, names
        self._stages = {stage.id: stage for stage in workflow.stages}
        self.properties: list[ReadProperty] = []
        self.events = {event.id: self._event(("events", n), event) for n, event in enumerate(workflow.events)}

    def _event(self, route: Route, event: Event) -> ReadEvent:
        conditions = []
        for n, demand in enumerate(event.only_if):
            if demand.when is not None and (condition := self._condition((*route, "only_if", n, "when"))):
                conditions.append((condition, demand.otherwise or ""))
        named = [demand.guard for demand in event.only_if if demand.guard is not None]
        built_in = BUILT_IN_AT_LOCK[self._workflow.governs] if event.locks else ()
        ends = tuple(self._end((*route, "ends", n), event, n) for n in range(len(event.ends)))
        opens = []
        for n, opening in enumerate(event.opens):
            when = self._condition((*route, "opens", n, "when")) if opening.when is not None else None
            opens.append((opening.link, when))
        return ReadEvent(
            event, self._workflow.left_by(event), tuple(dict.fromkeys((*named, *built_in))), tuple(conditions), ends,
            tuple(one for one in event.only_if if one.guard is None and one.when is None), tuple(opens),
        )  # fmt: skip

    def read_properties(self) -> None:
        """Read the conditions of every property, each of which promises exactly one thing."""
        for n, one in enumerate(self._workflow.properties):
            self._property(("properties", n), one)

    def _property(self, route: Route, one: Property) -> None:
        condition = self._condition((*route, one.kinds[0]))
        then = self._condition((*route, one.second)) if one.second is not None else None
        if condition is not None and (then is not None or one.second is None):
            kind = UNTIL if one.until is not None else one.kinds[0]
            self.properties.append(ReadProperty(one.says, kind, condition, then))

    def _end(self, route: Route, event: Event, number: int) -> ReadEnd:
        end = event.ends[number]
        when = self._condition((*route, "when")) if end.when is not None else None
        stage, governs = self._stages.get(end.to), self._workflow.governs
        finalising = BUILT_IN_AT_FINALISING[governs] if stage and stage.finalises else ()
        closing = BUILT_IN_AT_FINAL[governs] if stage and stage.final else ()
        return ReadEnd(end.to, when, (*finalising, *closing))

    def _condition(self, route: Route) -> Condition | None:
        found = read_condition(self._source, route, self._names)
        if isinstance(found, Condition):
            return found
        self.problems += [self._with_missing_key(problem) for problem in found]
        return None

    def _with_missing_key(self, problem: Problem) -> Problem:
        """A name that would be known had the workflow named its scale or facts: that is what to say."""
        if problem.code != "D042":
            return problem
        name = problem.message.split("'")[1]
        key = needs(name)
        if key is None or getattr(self._workflow, key) is not None:
            return problem
        what, example = {"scale": ("scale", "four_grade"), "facts": ("codebook", "case_facts")}[key]
        message = f"'{name}' is not known, because this workflow names no {what}"
        return Problem(problem.place, "D068", message, f"Add a line '{key}: ...' at the top, as in {key}: {example}.")
