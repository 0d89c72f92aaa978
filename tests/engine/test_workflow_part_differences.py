"""What is kept beside the stage is compared as everything else: each change is told, there and back, in sentences."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import load_workflow
from audit_engine.definitions.workflow import Event, ReadWorkflow, Stage, Workflow
from audit_engine.definitions.workflow_parts import Link, Place, Record
from audit_engine.engine.workflow_differences import differences

HERE = Path(__file__).parent / "invented"

CHANGES = [
    (one["workflow"], one["old"], one["new"], one["there"], one["back"])
    for one in json.loads((HERE / "changes.json").read_text("utf-8"))
]


def changed(folder: Path, name: str, old: str, new: str) -> ReadWorkflow:
    text = (HERE / f"{name}.yaml").read_text("utf-8")
    assert text.count(old) == 1, old
    file = folder / f"{name}.yaml"
    file.write_text(text.replace(old, new), "utf-8")
    return load_workflow(file, proving=False, linking=False)


def written(name: str) -> ReadWorkflow:
    return load_workflow(HERE / f"{name}.yaml", proving=False)


@pytest.mark.parametrize(("name", "old", "new", "there", "back"), CHANGES)
def test_every_change_is_told_there_and_back(
    tmp_path: Path, name: str, old: str, new: str, there: list[str], back: list[str]
) -> None:
    before, after = written(name), changed(tmp_path, name, old, new)

    assert [one.says for one in differences(before, after)] == there
    assert [one.says for one in differences(after, before)] == back


@pytest.mark.parametrize("name", ["action", "challenge", "second_look"])
def test_nothing_differs_from_itself(name: str) -> None:
    assert differences(written(name), written(name)) == []


def test_no_key_that_is_kept_beside_the_stage_changes_untold(tmp_path: Path) -> None:
    """Each key of places, records and links, and each new one of stages and events, stands in a change above."""
    tried = {key for name, old, new, _, _ in CHANGES for key in keys(written(name), changed(tmp_path, name, old, new))}

    asked: set[tuple[type, str]] = {(model, key) for model in (Link, Place, Record) for key in model.model_fields}
    asked -= {(Record, "day")}  # as `text` and `audit`
    asked |= {(Stage, key) for key in ("due", "clock", "overdue", "held_by")}
    asked |= {(Event, key) for key in ("none_of", "breaks_hold", "asks", "sets", "names", "opens", "only_if", "ends")}
    asked |= {(Workflow, key) for key in ("references", "about", "places", "records", "links")}
    assert asked - tried == set()


def keys(before: ReadWorkflow, after: ReadWorkflow) -> Iterator[tuple[type, str]]:
    """The keys, each with what it is a key of, in which two workflows differ."""
    was, now = before.workflow, after.workflow
    pairs: list[tuple[object, object]] = [(was, now)]
    for one, other in ((was.places, now.places), (was.records, now.records), (was.links, now.links)):
        pairs += [(one[name], other[name]) for name in one if name in other]
    pairs += zip(was.stages, now.stages, strict=False)
    pairs += zip(was.events, now.events, strict=False)
    for left, right in pairs:
        for key in type(left).model_fields:  # type: ignore[attr-defined]
            if getattr(left, key) != getattr(right, key):
                yield type(left), key
