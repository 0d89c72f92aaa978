"""Workflows that break something: each beside the exact story of how. `python tests/definitions/proofs/test_broken.py`
writes the stories anew, to be read before they are kept."""

from functools import cache
from pathlib import Path

import pytest

from audit_engine.cli.workflow_proofs import page
from audit_engine.definitions.catalogue import Catalogue, load, load_workflow
from audit_engine.definitions.proofs import PROVED, prove
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.problems import Unusable

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))


@cache
def shipped() -> Catalogue:
    return load()


@cache
def around() -> dict[str, ReadWorkflow]:
    """What is shipped, and the broken ones by their names: they may wait for each other."""
    broken = [load_workflow(file, proving=False) for file in BROKEN]
    return {read.workflow.workflow: read for read in broken} | dict(shipped().workflows)


def told(file: Path) -> str:
    """What is said of a workflow: its first line, then everything that is not proved."""
    proof = prove(load_workflow(file, proving=False), around())
    heading, *lines = page(proof)
    shown = [
        line
        for line in lines
        if not line.startswith(
            ("    proved", "  How far", "    Taken", "    Not taken", "    Built in", "    What can")
        )
    ]
    return "\n".join([heading, *shown]) + "\n"


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: str(file.stem))
def test_the_story(file: Path) -> None:
    assert told(file) == file.with_suffix(".txt").read_text("utf-8")


def test_there_are_enough_of_them_and_each_breaks_something() -> None:
    assert len(BROKEN) >= 25
    for file in BROKEN:
        assert prove(load_workflow(file, proving=False), around()).state != PROVED


@pytest.mark.parametrize("name", ["returned_twice", "withdrawn_is_not_closed", "concern_never_closed"])
def test_a_file_that_breaks_its_own_promise_is_not_used(name: str) -> None:
    with pytest.raises(Unusable, match=r"broken/\w+\.yaml:\d+:5: D071 this property is broken, '.*': 1\. The .*-> "):
        load_workflow(HERE / "broken" / f"{name}.yaml")


if __name__ == "__main__":
    for one in BROKEN:
        one.with_suffix(".txt").write_text(told(one), encoding="utf-8")
