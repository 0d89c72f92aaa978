"""Workflows that name other workflows in their links: judged once all of them are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import Source, read_source
from audit_engine.definitions.workflow import Workflow
from audit_engine.definitions.workflow_parts_checks import linked_problems
from audit_engine.problems import Problem, Unusable


class Linked:
    """Workflows as they are read, kept until their links can be judged."""

    def __init__(self) -> None:
        self._read: list[tuple[Source, Workflow]] = []

    def keep(self, source: Source, workflow: Workflow) -> None:
        """A workflow of the right shape, whatever else is wrong with it."""
        self._read.append((source, workflow))

    def problems(self, beside: Callable[[], Mapping[str, Workflow]] = dict) -> Iterator[Problem]:
        """Every link that does not fit what it names.

        Args:
            beside: Reads workflows that may be named too, by name, and are not judged themselves.
        """
        if not any(workflow.links for _, workflow in self._read):
            return
        known = {**beside(), **{workflow.workflow: workflow for _, workflow in self._read}}
        for source, workflow in self._read:
            yield from linked_problems(source, workflow, known)


def in_shape(files: Iterable[tuple[str, Path]]) -> dict[str, Workflow]:
    """The workflows among files that have the right shape, by name: enough to be named in a link."""
    found = {}
    for name, path in files:
        try:
            workflow = judged(read_source(path, name), Workflow)
        except Unusable:
            continue
        if isinstance(workflow, Workflow):
            found[workflow.workflow] = workflow
    return found
