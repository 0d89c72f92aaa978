"""Random edits of a workflow, as an administrator might make them: what comes out is a sound one, whatever it says."""

import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.sources import source_from
from audit_engine.problems import Unusable

from .other_texts import in_force, shipped_text

Content = dict[str, Any]
Edit = Callable[[random.Random, Content], dict[str, str]]
"""Changes a workflow in place; gives back the stages it called otherwise or put others in place of."""


def edited(choose: random.Random, catalogue: Catalogue) -> tuple[Catalogue, dict[str, str], list[str]]:
    """A catalogue with another case_audit in force, what its old stages became, and which edits that were."""
    content = source_from(shipped_text(catalogue).encode(), "case_audit").content
    while True:
        trial, renamed, made = deepcopy(content), dict[str, str](), list[str]()
        trial["version"] = f"2.{choose.randrange(1_000)}.0"
        for name in choose.choices(list(EDITS), _WEIGHTS, k=choose.randint(1, 4)):
            renamed |= EDITS[name](choose, trial)
            made.append(name)
        try:
            return in_force(catalogue, json.dumps(trial)), renamed, made
        except Unusable:
            continue


def _ids(content: Content) -> list[str]:
    return [stage["id"] for stage in content["stages"]]


def _some(choose: random.Random, content: Content) -> dict[str, Any]:
    stage: dict[str, Any] = choose.choice(content["stages"][1:-2])
    return stage


def _said_again(content: Content, old: str, new: str) -> None:
    """Names one stage in another's place wherever the workflow speaks of it."""
    for event in content["events"]:
        event["from"] = list(dict.fromkeys(new if name == old else name for name in event["from"]))
        for end in event["ends"]:
            end["to"] = new if end["to"] == old else end["to"]
    for promise in content.get("properties", ()):
        for key in promise.keys() - {"says"}:
            promise[key] = re.sub(rf"\b{old}\b", new, promise[key])


def another_time(choose: random.Random, content: Content) -> dict[str, str]:
    stage = _some(choose, content)
    stage["due"] = f"{choose.randint(2, 30)} working days"
    return {}


def no_time(choose: random.Random, content: Content) -> dict[str, str]:
    _some(choose, content).pop("due", None)
    return {}


def another_title(choose: random.Random, content: Content) -> dict[str, str]:
    _some(choose, content)["title"] = f"Stage {choose.randrange(100)}"
    return {}


def another_name(choose: random.Random, content: Content) -> dict[str, str]:
    stage, new = _some(choose, content), f"stage_{choose.randrange(1_000)}"
    old, stage["id"] = stage["id"], new
    _said_again(content, old, new)
    return {old: new}


def merged(choose: random.Random, content: Content) -> dict[str, str]:
    """A stage is gone, and another stands for it."""
    stage = _some(choose, content)
    other = choose.choice([name for name in _ids(content) if name != stage["id"]])
    content["stages"].remove(stage)
    _said_again(content, stage["id"], other)
    return {stage["id"]: other}


def another_mark(choose: random.Random, content: Content) -> dict[str, str]:
    stage, mark = choose.choice(content["stages"]), choose.choice(("grades", "finalises", "final"))
    if mark in stage:
        del stage[mark]
    else:
        stage[mark] = "yes"
        if mark == "final":
            stage.pop("waits_for", None)
            stage.pop("due", None)
    content.pop("properties", None)
    return {}


def other_locks(choose: random.Random, content: Content) -> dict[str, str]:
    event = choose.choice(content["events"])
    if event.pop("locks", None) is None:
        event["locks"] = "grades"
    content.pop("properties", None)
    return {}


def one_way_less(choose: random.Random, content: Content) -> dict[str, str]:
    content["events"].remove(choose.choice(content["events"]))
    content.pop("properties", None)
    return {}


def another_end(choose: random.Random, content: Content) -> dict[str, str]:
    choose.choice(choose.choice(content["events"])["ends"])["to"] = choose.choice(_ids(content))
    content.pop("properties", None)
    return {}


def one_stage_more(choose: random.Random, content: Content) -> dict[str, str]:
    """Between an event and where it led."""
    event, name = choose.choice(content["events"]), f"between_{choose.randrange(1_000)}"
    to = event["ends"][-1]["to"]
    content["stages"].insert(1, {"id": name, "title": "In between", "waits_for": "quality_lead"})
    event["ends"][-1]["to"] = name
    content["events"].append({"id": f"go_on_{name}", "title": "Go on", "from": [name], "by": ["quality_lead"],
                              "ends": [{"to": to}]})  # fmt: skip
    return {}


def another_promise(choose: random.Random, content: Content) -> dict[str, str]:
    stage, what = choose.choice(_ids(content)), choose.choice(("escalation.open", "graded", "returned_times > 0"))
    content["properties"] = [
        *content.get("properties", ()),
        {"says": "So be it.", "never": f"stage == '{stage}' && {what}"},
    ]
    return {}


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        another_time, no_time, another_title, another_name, merged, another_mark, other_locks, one_way_less,
        another_end, one_stage_more, another_promise,
    )
}  # fmt: skip
_WEIGHTS = [1 if name in ("another_time", "no_time", "another_title") else 5 for name in EDITS]
"""Most edits of the shape are no sound workflow, and are made again."""
